"""Exercises on forward messages: one step of each."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from .exercises import Exercise


class BiasStep(NamedTuple):
    """
    What one step of the message for the bias needs, for one sample.

    Attributes
    ----------
    influence : ndarray, shape (n_h, n_h)
        Entry j, k: derivative of the old state, unit j, by the bias of unit k.
    h_t : ndarray, shape (n_h,)
        The new state.
    W_hh : ndarray, shape (n_h, n_h)
        From the state to the next state.
    """

    influence: np.ndarray
    h_t: np.ndarray
    W_hh: np.ndarray


class MatrixStep(NamedTuple):
    """
    What one step of the message for the recurrent weights needs, for one sample.

    Attributes
    ----------
    influence : ndarray, shape (n_h, n_h, n_h)
        Entry j, i, k: derivative of the old state, unit j, by the weight from unit i to k. For
        the own-unit message shape (n_h, n_h), entry i, j.
    h_prev : ndarray, shape (n_h,)
        The old state.
    h_t : ndarray, shape (n_h,)
        The new state.
    W_hh : ndarray, shape (n_h, n_h)
        From the state to the next state.
    """

    influence: np.ndarray
    h_prev: np.ndarray
    h_t: np.ndarray
    W_hh: np.ndarray


def _draw_bias(rng: np.random.Generator) -> BiasStep:
    n_h = 3
    return BiasStep(
        rng.standard_normal((n_h, n_h)),
        rng.uniform(-0.9, 0.9, n_h),
        rng.standard_normal((n_h, n_h)),
    )


def _draw_matrix(rng: np.random.Generator) -> MatrixStep:
    _, h_t, W_hh = _draw_bias(rng)
    n_h = len(h_t)
    return MatrixStep(rng.standard_normal((n_h, n_h, n_h)), rng.uniform(-0.9, 0.9, n_h), h_t, W_hh)


def _draw_own(rng: np.random.Generator) -> MatrixStep:
    drawn = _draw_matrix(rng)
    return drawn._replace(influence=drawn.influence[0])


def _slope(h_t: np.ndarray) -> np.ndarray:
    """For each unit of the new state, as a column."""
    found: np.ndarray = (1 - h_t * h_t)[:, np.newaxis]
    return found


def _bias(s: BiasStep) -> np.ndarray:
    found: np.ndarray = _slope(s.h_t) * (np.eye(len(s.h_t)) + s.W_hh.T @ s.influence)
    return found


def _entering(row: np.ndarray) -> np.ndarray:
    """The pre-activation's own derivative: entry j, i, k is row i where j = k."""
    found: np.ndarray = np.einsum("jk,i->jik", np.eye(len(row)), row)
    return found


def _matrix(s: MatrixStep) -> np.ndarray:
    carried = np.tensordot(s.W_hh.T, s.influence, axes=1)
    found: np.ndarray = _slope(s.h_t)[:, np.newaxis] * (_entering(s.h_prev) + carried)
    return found


def _own_unit(s: MatrixStep) -> np.ndarray:
    found: np.ndarray = (1 - s.h_t * s.h_t) * (
        s.h_prev[:, np.newaxis] + np.diag(s.W_hh) * s.influence
    )
    return found


BIAS_MESSAGE = Exercise(
    name="Message of the bias",
    settings=(_draw_bias,) * 3,
    solution=_bias,
    mistakes={
        "Only what the bias does in this step is here; the old message is not carried on.": (
            lambda s: _bias(s._replace(influence=0.0 * s.influence))
        ),
        "The old message is carried on, but what the bias does in this step is missing.": (
            lambda s: _bias(s) - np.diag(1 - s.h_t**2)
        ),
        "The slope of tanh is missing: this is the derivative of the pre-activation.": (
            lambda s: _bias(s._replace(h_t=0.0 * s.h_t))
        ),
        "W_hh is the wrong way round: what reaches unit j stands in column j, so W_hh.T @ ….": (
            lambda s: _bias(s._replace(W_hh=s.W_hh.T))
        ),
        "The slope belongs to unit j of the new state, the rows; you have it along the columns.": (
            lambda s: (1 - s.h_t**2) * (np.eye(len(s.h_t)) + s.W_hh.T @ s.influence)
        ),
        "Each unit hears its own past only; sum over all units of the old state.": lambda s: _bias(
            s._replace(W_hh=np.diag(np.diag(s.W_hh)))
        ),
        "The slope reaches the new term only; what is carried passes through tanh too.": (
            lambda s: np.diag(1 - s.h_t**2) + s.W_hh.T @ s.influence
        ),
        "Every entry got a 1; only the bias of unit j itself enters unit j: the unit matrix.": (
            lambda s: _slope(s.h_t) * (1 + s.W_hh.T @ s.influence)
        ),
    },
)


def _of_any_message(form: Callable[[Any], np.ndarray]) -> dict[str, Callable[[Any], np.ndarray]]:
    """List the mistakes that the messages of the recurrent weights have in common."""
    return {
        "Only what the weights do in this step is here; the old message is not carried on.": (
            lambda s: form(s._replace(influence=0.0 * s.influence))
        ),
        "The old message is carried on, but what the weights do in this step is missing.": (
            lambda s: form(s._replace(h_prev=0.0 * s.h_prev))
        ),
        "The slope of tanh is missing: this is the derivative of the pre-activation.": (
            lambda s: form(s._replace(h_t=0.0 * s.h_t))
        ),
        "The new state stands where the old one is meant: the weight from i carries h_prev[i].": (
            lambda s: form(s._replace(h_prev=s.h_t))
        ),
    }


RECURRENT_MESSAGE = Exercise(
    name="Message of W_hh",
    settings=(_draw_matrix,) * 3,
    solution=_matrix,
    mistakes=_of_any_message(_matrix)
    | {
        "W_hh is the wrong way round: what reaches unit j stands in column j, so W_hh.T.": (
            lambda s: _matrix(s._replace(W_hh=s.W_hh.T))
        ),
        "Each unit hears its own past only; sum over all units of the old state.": (
            lambda s: _matrix(s._replace(W_hh=np.diag(np.diag(s.W_hh))))
        ),
        "The new term sits at j = i; a weight from i to k enters unit k: j = k.": lambda s: (
            _matrix(s)
            + _slope(s.h_t)[:, np.newaxis]
            * (_entering(s.h_prev).swapaxes(1, 2) - _entering(s.h_prev))
        ),
        "The slope belongs to unit j of the new state, the first axis; yours is on another.": (
            lambda s: (1 - s.h_t**2) * _matrix(s._replace(h_t=0.0 * s.h_t))
        ),
    },
)

OWN_UNIT = Exercise(
    name="Own-unit message",
    settings=(_draw_own,) * 3,
    solution=_own_unit,
    mistakes=_of_any_message(_own_unit)
    | {
        "The slope and the weight belong to unit j, the columns; you have them along the rows.": (
            lambda s: (
                _slope(s.h_t)
                * (s.h_prev[:, np.newaxis] + np.diag(s.W_hh)[:, np.newaxis] * s.influence)
            )
        ),
        "All units are heard; the printed form takes unit j alone, the diagonal of W_hh.": (
            lambda s: (1 - s.h_t**2) * (s.h_prev[:, np.newaxis] + s.influence @ s.W_hh)
        ),
        "W_hh is multiplied entry by entry; unit j hears itself through W_hh[j, j] alone.": (
            lambda s: (1 - s.h_t**2) * (s.h_prev[:, np.newaxis] + s.W_hh * s.influence)
        ),
    },
)

EXERCISES = (BIAS_MESSAGE, RECURRENT_MESSAGE, OWN_UNIT)
