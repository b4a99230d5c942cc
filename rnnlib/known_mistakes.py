"""Misconceptions as the mistakes of exercises: what each of them makes of a setting.

An exercise that asks for a part of the walk back takes from here the mistakes that the walk knows.
Mistakes of its own it keeps where it asks for something else: the way there, a message sent
forward, softmax, gates, a count.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from .arguments import check_array
from .bptt import BackwardTrace
from .form_misconceptions import OTHER_FORMS
from .forward_pass import Trace
from .misconceptions import MISCONCEPTIONS, Misconception
from .naming import first_difference
from .parameters import Parameters

KNOWN = {mistake.name: mistake for mistake in (*MISCONCEPTIONS, *OTHER_FORMS)}

Settle = Callable[[Any], tuple[Parameters, Trace]]
Part = Callable[[BackwardTrace], np.ndarray]


def settled(
    own: np.ndarray,
    h: np.ndarray,
    W_hh: np.ndarray | None = None,
    h_init: np.ndarray | None = None,
    x: np.ndarray | None = None,
) -> tuple[Parameters, Trace]:
    r"""
    Build a network and a trace of which the walk back has just these numbers.

    Parameters
    ----------
    own : ndarray, shape (T, N, n_h)
        What the loss of each step says about its own state.
    h : ndarray, shape (T, N, n_h)
        States.
    W_hh : ndarray, shape (n_h, n_h), optional
        From the state to the next state; zeros, and so no messages, if not given.
    h_init : ndarray, shape (N, n_h), optional
        The state before the first input; zeros if not given.
    x : ndarray, shape (T, N, n_x), optional
        Inputs; one zero if not given.

    Returns
    -------
    params : Parameters
        Their output layer is made so that :math:`\delta^z W_{hy}^\top` is `own`.
    trace : Trace
        Their logits are zero, and every target is a class of its own.

    Raises
    ------
    ValueError
        If `own` and `h` have not the same shape, or other numbers than those of a float.

    Notes
    -----
    With K classes of the same probability, row :math:`k` of :math:`\delta^z` is :math:`1/K` less
    one at class :math:`k`. If the columns of :math:`W_{hy}` add up to zero, all that is left of
    :math:`\delta^z_k W_{hy}^\top` is column :math:`k`, with its sign turned.

    Examples
    --------
    >>> from rnnlib import backward
    >>> own, h = np.arange(6.0).reshape(3, 1, 2), np.zeros((3, 1, 2))
    >>> backward(*settled(own, h)).delta_h.round(12).tolist()
    [[[0.0, 1.0]], [[2.0, 3.0]], [[4.0, 5.0]]]
    """
    T, N, n_h = check_array("h", h, ("T", "N", "n_h")).shape
    rows = check_array("own", own, h.shape).reshape(-1, n_h)
    columns = np.concatenate([-rows, rows.sum(axis=0, keepdims=True)])
    x = np.zeros((T, N, 1), h.dtype) if x is None else x
    n_y = len(columns)
    params = Parameters(
        W_xh=np.zeros((x.shape[-1], n_h), h.dtype),
        W_hh=np.zeros((n_h, n_h), h.dtype) if W_hh is None else W_hh,
        W_hy=columns.T,
        b_h=np.zeros(n_h, h.dtype),
        b_y=np.zeros(n_y, h.dtype),
    )
    first = np.zeros_like(h[0]) if h_init is None else h_init
    z = np.zeros((T, N, n_y), h.dtype)
    trace = Trace(
        x=x,
        y=np.arange(T * N).reshape(T, N),
        states=np.concatenate([first[np.newaxis], h]),
        a=np.arctanh(h),
        z=z,
        y_hat=z + h.dtype.type(1 / n_y),
        loss=np.full(T, N * np.log(n_y), h.dtype),
        activation="tanh",
    )
    return params, trace


def mistakes_of(
    names: tuple[str, ...], settle: Settle, part: Part, lead_to: bool = True
) -> dict[str, Callable[[Any], np.ndarray]]:
    """
    Turn misconceptions into the mistakes of an exercise.

    Parameters
    ----------
    names : tuple of str
        Which misconceptions.
    settle : callable
        From a setting of the exercise to the parameters and the trace that it belongs to.
    part : callable
        From a walk back to what the exercise asks for.
    lead_to : bool, default True
        Whether the sentences say where the equation stands. An exercise before chapter 6, in
        which most of them stand, does not lead to what its reader has not met.

    Returns
    -------
    dict of str to callable
        The sentences, and what the mistakes make of a setting.

    Raises
    ------
    ValueError
        If a name is that of no misconception.

    Examples
    --------
    >>> walk = lambda setting: settled(*setting)
    >>> list(mistakes_of(("message by W_hh",), walk, lambda back: back.delta_h))[0][:31]
    'The message went through W_hh; '
    """
    if unknown := set(names) - set(KNOWN):
        raise ValueError(f"names: expected known mistakes, got {sorted(unknown)}")
    known = [KNOWN[name] for name in names]
    return {
        str(mistake) if lead_to else mistake.sentence: partial(_wrong_part, mistake, settle, part)
        for mistake in known
    }


def _wrong_part(mistake: Misconception, settle: Settle, part: Part, setting: Any) -> np.ndarray:
    return part(mistake.wrong(*settle(setting)))


def lead_along(settle: Settle, name: str) -> Callable[[Any, np.ndarray], str]:
    """
    Lead from an unknown mistake to the step where the walk back first goes wrong.

    Parameters
    ----------
    settle : callable
        As `mistakes_of` takes it.
    name : str
        What the exercise asks for at all steps: "delta_a".

    Returns
    -------
    callable
        From a setting and an answer to a sentence.

    Examples
    --------
    >>> lead = lead_along(lambda setting: settled(*setting), "delta_h")
    >>> own, h = np.ones((3, 1, 2)), np.zeros((3, 1, 2))
    >>> lead((own, h), np.array([[[0, 0]], [[2, 1]], [[1, 1]]])).partition(". ")[2]
    'First wrong: delta_h[1] at [0, 0]: got 2, expected 1.'
    """

    def lead(setting: Any, answer: np.ndarray) -> str:
        params, trace = settle(setting)
        difference = first_difference(params, trace, {name: answer})
        if difference is None:
            return ""
        t = int(difference.name.partition("[")[2].rstrip("]"))
        if t == len(trace.x) - 1:
            so_far = "The walk begins with the last step, and goes wrong there"
        else:
            so_far = f"From the last step down to t = {t + 1} all is right"
        return f"{so_far}. First wrong: {difference}."

    return lead
