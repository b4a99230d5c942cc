"""A report on somebody's own forward and backward: what is wrong, by name, or where to look."""

from collections.abc import Callable
from textwrap import fill
from typing import Any, NamedTuple

import numpy as np

from .examination import Examination, random_case
from .examination_questions import QUESTIONS


class Report(NamedTuple):
    """
    What was found; ``print`` shows one page.

    Attributes
    ----------
    right : bool
        Whether the gradient is that of the loss, and nothing else was found.
    lines : tuple of str
        The questions that were asked, with their answers: a path through the decision tree.
    verdict : str
        What is wrong, in a sentence.
    next_step : str
        What to do now.
    names : tuple of str
        The known mistakes that give just this gradient.
    """

    right: bool
    lines: tuple[str, ...]
    verdict: str
    next_step: str
    names: tuple[str, ...] = ()

    def __str__(self) -> str:
        ends = (f"Verdict: {self.verdict}", f"Next: {self.next_step}")
        return "\n".join(
            [*self.lines, "", *(fill(end, 76, break_on_hyphens=False) for end in ends)]
        )


def examine_backward(
    forward: Callable[..., Any],
    backward: Callable[..., Any],
    rng: np.random.Generator,
    tolerance: float = 1e-6,
) -> Report:
    """
    Try somebody's own forward and backward, and say what is wrong.

    Parameters
    ----------
    forward : callable
        ``forward(params, x, y, h_init)`` returns the loss, one number, and whatever it keeps
        for the way back; or a `Trace`. The arguments are those of `rnnlib.forward`.
    backward : callable
        ``backward(params, kept)`` returns the gradient: `Parameters`, or a dict with the five
        names. More entries, such as "delta_a" of shape (T, N, n_h) or "message[1]", help to
        find where it first goes wrong. A `BackwardTrace` will do, too.
    rng : numpy.random.Generator
        Where the networks come from: nothing in them is zero, symmetric or single.
    tolerance : float, default 1e-6
        Largest norm-wise relative error against central differences, array by array.

    Returns
    -------
    Report
        The path through the decision tree, the verdict, and what to do next.

    Raises
    ------
    ValueError
        If `rng` is no generator, or `forward` or `backward` no function.

    See Also
    --------
    rnnlib.naming.explain : if only the gradient is at hand.
    rnnlib.check_tuning : why the networks are as they are.

    Examples
    --------
    >>> import rnnlib
    >>> report = examine_backward(rnnlib.forward, rnnlib.backward, np.random.default_rng(0))
    >>> report.right
    True
    """
    for name, function in (("forward", forward), ("backward", backward)):
        if not callable(function):
            raise ValueError(f"{name}: expected a function, got {function!r}")
    if not isinstance(rng, np.random.Generator):
        raise ValueError(f"rng: expected a numpy.random.Generator, got {rng!r}")
    exam = Examination(forward, backward, [random_case(rng, T) for T in (5, 1, 7)], tolerance)
    for question in QUESTIONS:
        if end := question(exam):
            return Report(end.right, tuple(exam.lines), end.verdict, end.next_step, end.names)
    raise AssertionError("the last question always ends the examination")
