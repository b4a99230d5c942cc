"""What is examined: a forward and a backward pass, and the networks on which they are tried."""

from collections.abc import Callable, Sequence
from copy import deepcopy
from typing import Any, NamedTuple

import numpy as np

from .bptt import BackwardTrace
from .comparisons import relative_error
from .forward_pass import Trace
from .gradient_checks import central_differences
from .parameters import Parameters

N, N_X, N_H, N_Y = 2, 5, 3, 4  # of the networks that are drawn
GRADIENTS = Parameters._fields


class Case(NamedTuple):
    """
    A network with one batch: the arguments of a forward pass.

    Attributes
    ----------
    params : Parameters
        Weights and biases.
    x, y, h_init : ndarray, shapes (T, N, n_x), (T, N) of int, (N, n_h)
        Inputs, target classes, and the state before the first input.
    """

    params: Parameters
    x: np.ndarray
    y: np.ndarray
    h_init: np.ndarray


class End(NamedTuple):
    """
    Where a path through the decision tree ends.

    Attributes
    ----------
    verdict, next_step : str
        What is wrong, and what to do.
    names : tuple of str
        The known mistakes that give just this gradient.
    right : bool
        Whether nothing is wrong.
    """

    verdict: str
    next_step: str
    names: tuple[str, ...] = ()
    right: bool = False


class Examination:
    """
    What is known so far about a forward and a backward pass.

    Parameters
    ----------
    forward, backward : callable
        As `rnnlib.report.examine_backward` takes them.
    cases : sequence of Case
        Networks to try; the first is the one that all questions are about.
    tolerance : float
        Largest norm-wise relative error against measured slopes.

    Attributes
    ----------
    lines : list of str
        Questions with their answers.

    Examples
    --------
    >>> import rnnlib
    >>> cases = [random_case(np.random.default_rng(0), T=2)]
    >>> exam = Examination(rnnlib.forward, rnnlib.backward, cases, 1e-6)
    >>> exam.wrong_arrays(exam.gradient(2), exam.measure(2))
    []
    """

    def __init__(
        self,
        forward: Callable[..., Any],
        backward: Callable[..., Any],
        cases: Sequence[Case],
        tolerance: float,
    ) -> None:
        self.forward, self.backward = forward, backward
        self.cases = {len(case.x): case for case in cases}
        self.tolerance = tolerance
        self.lines: list[str] = []
        self.ratio = 1.0  # their loss, as a multiple of the sum
        self.answer: dict[str, Any] = {}
        self.slopes: Parameters

    def say(self, question: str, answer: str) -> None:
        """Write a line of the report."""
        self.lines.append(f"{question} {answer}")

    def loss(self, T: int, params: Parameters) -> float:
        """Run their forward."""
        return loss_and_kept(self.forward, self.cases[T]._replace(params=params))[0]

    def measure(self, T: int) -> Parameters:
        """Measure the slopes of their loss."""
        return central_differences(lambda params: self.loss(T, params), self.cases[T].params)

    def gradient(self, T: int) -> dict[str, Any]:
        """Run their backward."""
        case = deepcopy(self.cases[T])
        return by_name(self.backward(case.params, loss_and_kept(self.forward, case)[1]))

    def wrong_arrays(self, answer: dict[str, Any], slopes: Parameters) -> list[str]:
        """Name the gradients that are not the slopes."""
        pairs = slopes._asdict().items()
        return [k for k, v in pairs if not relative_error(answer[k], v) <= self.tolerance]


def random_case(rng: np.random.Generator, T: int) -> Case:
    """
    Draw a network in which nothing is zero, symmetric or single.

    Parameters
    ----------
    rng : numpy.random.Generator
        Where the numbers come from.
    T : int
        Number of steps.

    Returns
    -------
    Case
        The network, and a batch for it.

    Examples
    --------
    >>> random_case(np.random.default_rng(0), T=4).x.shape
    (4, 2, 5)
    """
    shapes = (N_X, N_H), (N_H, N_H), (N_H, N_Y), (N_H,), (N_Y,)
    params = Parameters(*(rng.standard_normal(shape) for shape in shapes))
    x, y = rng.standard_normal((T, N, N_X)), rng.integers(N_Y, size=(T, N))
    return Case(params, x, y, rng.uniform(-0.9, 0.9, (N, N_H)))


def loss_and_kept(forward: Callable[..., Any], case: Case) -> tuple[float, Any]:
    """
    Run a forward pass, and part what it returns.

    Parameters
    ----------
    forward : callable
        From the four parts of a case to a loss and what is kept, or to a `Trace`.
    case : Case
        The arguments.

    Returns
    -------
    loss : float
        In nats; losses of steps are added up.
    kept : object
        For the way back.

    Examples
    --------
    >>> loss_and_kept(lambda *case: (3, "all"), random_case(np.random.default_rng(0), T=1))
    (3.0, 'all')
    """
    result = forward(*case)
    loss, kept = (result.loss.sum(), result) if isinstance(result, Trace) else result
    return float(np.sum(loss)), kept


def by_name(back: Any) -> dict[str, Any]:
    """
    Take what a backward pass returns by names.

    Parameters
    ----------
    back : BackwardTrace, Parameters or mapping of str to ndarray
        What was returned.

    Returns
    -------
    dict of str to ndarray
        The gradients, and whatever else there is.

    Examples
    --------
    >>> by_name({"b_h": 1.0})
    {'b_h': 1.0}
    """
    if isinstance(back, BackwardTrace):
        return {**back._asdict(), **back.gradient._asdict()}
    return dict(back._asdict() if isinstance(back, Parameters) else back)
