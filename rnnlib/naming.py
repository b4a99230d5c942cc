"""Naming: which known mistake made an answer, or else where it first goes wrong."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from .bptt import BackwardTrace, backward
from .comparisons import relative_error
from .exercises import TOLERANCE, Feedback
from .form_misconceptions import OTHER_FORMS
from .forward_pass import Trace, check_trace
from .misconceptions import MISCONCEPTIONS, Misconception
from .parameters import Parameters


class Difference(NamedTuple):
    """
    Where an answer is not what it should be.

    Attributes
    ----------
    name : str
        Which value: "delta_h[2]", "W_hh".
    error : float
        Norm-wise relative error of the whole array.
    entry : tuple of int
        Where in the array the two differ most.
    got, wanted : float
        The two numbers there.
    """

    name: str
    error: float
    entry: tuple[int, ...]
    got: float
    wanted: float

    def __str__(self) -> str:
        if not np.isfinite(self.wanted):
            return f"{self.name}: another shape, or no numbers"
        where = f" at {list(self.entry)}" if self.entry else ""
        return f"{self.name}{where}: got {self.got:.6g}, expected {self.wanted:.6g}"


def named_values(back: BackwardTrace) -> dict[str, np.ndarray]:
    """
    Name everything that a walk back computes, in the order of the walk.

    Parameters
    ----------
    back : BackwardTrace
        What was computed.

    Returns
    -------
    dict of str to ndarray
        First ``"delta_z[3]"`` and so on down to step 0, then the five gradients, and the arrays
        of all steps.

    Examples
    --------
    >>> from rnnlib import backward, forward, init_parameters
    >>> params = init_parameters(np.random.default_rng(0), n_x=5, n_h=3, n_y=7)
    >>> trace = forward(params, x=np.ones((4, 2, 5)), y=np.zeros((4, 2), int))
    >>> list(named_values(backward(params, trace)))[:4]
    ['delta_z[3]', 'message[3]', 'delta_h[3]', 'delta_a[3]']
    """
    names = ("delta_z", "message", "delta_h", "delta_a", "delta_x")
    whole = {name: getattr(back, name) for name in names}
    steps = reversed(range(len(back.delta_z)))
    each = {f"{name}[{t}]": array[t] for t in steps for name, array in whole.items()}
    first = {"delta_h_init": back.delta_h_init}
    return {**each, **first, **back.gradient._asdict(), **whole}


def name_mistake(
    params: Parameters, trace: Trace, answer: object, tolerance: float = TOLERANCE
) -> tuple[Misconception, ...]:
    """
    Find the known mistakes that give just this answer.

    Parameters
    ----------
    params : Parameters
        The parameters.
    trace : Trace
        What the forward pass stored.
    answer : BackwardTrace, Parameters or mapping of str to ndarray
        A whole walk, a gradient, or any part of these by the names of `named_values`.
    tolerance : float, default 1e-4
        Largest norm-wise relative error of an array that counts as agreement: more than
        rounding in float32 makes.

    Returns
    -------
    tuple of Misconception
        One, for the gradient of a network in which nothing is zero, symmetric or single; none
        if the answer is right, or wrong in an unknown way; several where they look the same.

    Raises
    ------
    ValueError
        If `params` and `trace` do not fit together, or the answer has an unknown name.

    Examples
    --------
    >>> from rnnlib import backward, forward, init_parameters
    >>> rng = np.random.default_rng(0)
    >>> params = init_parameters(rng, n_x=5, n_h=3, n_y=7)
    >>> trace = forward(params, rng.standard_normal((4, 2, 5)), np.zeros((4, 2), int))
    >>> wrong = {"delta_h[2]": backward(params, trace).message[2]}
    >>> [mistake.name for mistake in name_mistake(params, trace, wrong)]
    ['last loss only', 'own loss dropped']
    """
    check_trace(params, trace)
    parts = _parts(answer, right := named_values(backward(params, trace)))
    if _agree(parts, right, tolerance):
        return ()
    return tuple(
        mistake
        for mistake in (*MISCONCEPTIONS, *OTHER_FORMS)
        if _agree(parts, named_values(mistake.wrong(params, trace)), tolerance)
    )


def first_difference(
    params: Parameters, trace: Trace, answer: object, tolerance: float = TOLERANCE
) -> Difference | None:
    """
    Follow the walk back, and stop at the first value that is wrong.

    Parameters
    ----------
    params : Parameters
        The parameters.
    trace : Trace
        What the forward pass stored.
    answer : BackwardTrace, Parameters or mapping of str to ndarray
        What is tried, as in `name_mistake`.
    tolerance : float, default 1e-4
        Largest norm-wise relative error that passes.

    Returns
    -------
    Difference or None
        The first difference in the order of the walk, if there is any.

    Raises
    ------
    ValueError
        As in `name_mistake`.

    Examples
    --------
    >>> from rnnlib import backward, forward, init_parameters
    >>> params = init_parameters(np.random.default_rng(0), n_x=5, n_h=3, n_y=7)
    >>> trace = forward(params, x=np.ones((4, 2, 5)), y=np.zeros((4, 2), int))
    >>> back = backward(params, trace)
    >>> first_difference(params, trace, {"delta_a": 0.5 * back.delta_a}).name
    'delta_a[3]'
    """
    check_trace(params, trace)
    right = named_values(backward(params, trace))
    parts = _parts(answer, right)
    for name in [name for name in parts if f"{name}[0]" in right]:
        whole = parts.pop(name)
        if np.shape(whole) != right[name].shape:  # it cannot be taken apart
            return Difference(name, float("inf"), (), float("nan"), float("nan"))
        parts.update({f"{name}[{t}]": row for t, row in enumerate(whole)})
    for name, wanted in right.items():
        if name in parts and not _close(parts[name], wanted, tolerance):
            return _difference(name, np.asarray(parts[name]), wanted)
    return None


def explain(params: Parameters, trace: Trace, answer: object) -> Feedback:
    """
    Say in one sentence what an answer is: right, a known mistake, or wrong from where on.

    Parameters
    ----------
    params : Parameters
        The parameters.
    trace : Trace
        What the forward pass stored.
    answer : BackwardTrace, Parameters or mapping of str to ndarray
        What is tried, as in `name_mistake`.

    Returns
    -------
    Feedback
        Whether it is right, and the sentence.

    Raises
    ------
    ValueError
        As in `name_mistake`.

    Examples
    --------
    >>> from rnnlib import backward, forward, init_parameters
    >>> params = init_parameters(np.random.default_rng(0), n_x=5, n_h=3, n_y=7)
    >>> trace = forward(params, x=np.ones((4, 2, 5)), y=np.zeros((4, 2), int))
    >>> print(explain(params, trace, backward(params, trace).gradient))
    Right.
    """
    difference = first_difference(params, trace, answer)
    if difference is None:
        return Feedback(True, "Right.")
    known = name_mistake(params, trace, answer)
    if known:
        return Feedback(False, " Or: ".join(map(str, known)))
    return Feedback(False, f"No known mistake. The first difference is in {difference}.")


def _parts(answer: object, right: Mapping[str, np.ndarray]) -> dict[str, Any]:
    """Take an answer apart, by the names that a walk back gives to its values."""
    if isinstance(answer, BackwardTrace):
        return {k: v for k, v in named_values(answer).items() if f"{k}[0]" not in right}
    parts = answer._asdict() if isinstance(answer, Parameters) else answer
    if not isinstance(parts, Mapping) or not parts:
        raise ValueError(f"answer: expected arrays by name, got {type(answer).__name__}")
    for name in parts:
        if name not in right:
            raise ValueError(f"answer: expected names such as delta_a[0] or W_hh, got {name!r}")
    return dict(parts)


def _agree(parts: Mapping[str, Any], other: Mapping[str, np.ndarray], tolerance: float) -> bool:
    return all(_close(part, other[name], tolerance) for name, part in parts.items())


def _close(got: object, wanted: np.ndarray, tolerance: float) -> bool:
    """Say whether two arrays agree; another shape, None and NaN do not."""
    try:
        return relative_error(np.asarray(got), wanted) <= tolerance
    except ValueError:
        return False


def _difference(name: str, got: np.ndarray, wanted: np.ndarray) -> Difference:
    if got.shape != wanted.shape or not np.issubdtype(got.dtype, np.number):
        return Difference(name, float("inf"), (), float("nan"), float("nan"))
    with np.errstate(all="ignore"):
        at = np.unravel_index(np.argmax(np.abs(got - wanted)), wanted.shape)
    entry = tuple(map(int, at))
    error = relative_error(got, wanted)
    return Difference(name, error, entry, float(got[entry]), float(wanted[entry]))
