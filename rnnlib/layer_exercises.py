"""Exercises on the layers around the recurrent one: both deltas, a mean, and what to keep."""

from typing import NamedTuple

import numpy as np

from .bptt import backward
from .exercises import Exercise
from .forward_pass import Trace
from .keeping_exercises import ONLINE
from .known_mistakes import lead_along, mistakes_of, settled
from .parameters import Parameters


class Heard(NamedTuple):
    """
    What the recurrent layer hears, and what it needs to answer.

    Attributes
    ----------
    delta_z : ndarray, shape (T, N, n_y)
        Derivative of the loss by the logits.
    h : ndarray, shape (T, N, n_h)
        States.
    W_hy : ndarray, shape (n_h, n_y)
        From the state to the logits.
    W_hh : ndarray, shape (n_h, n_h)
        From the state to the next state.
    """

    delta_z: np.ndarray
    h: np.ndarray
    W_hy: np.ndarray
    W_hh: np.ndarray


class InFront(NamedTuple):
    """
    What the front layer kept, and what comes back to it.

    Attributes
    ----------
    x : ndarray, shape (T, N, n_x)
        Inputs.
    e : ndarray, shape (T, N, n_e)
        Outputs of the front layer.
    delta_a : ndarray, shape (T, N, n_h)
        Derivative of the loss by the pre-activation of the state.
    W_xh : ndarray, shape (n_e, n_h)
        From the front layer to the state.
    """

    x: np.ndarray
    e: np.ndarray
    delta_a: np.ndarray
    W_xh: np.ndarray


class Compared(NamedTuple):
    """
    A prediction and its target.

    Attributes
    ----------
    y_hat, y : ndarray, shape (T, N, n_y)
        Numbers, not classes.
    """

    y_hat: np.ndarray
    y: np.ndarray


T, N, N_X, N_E, N_H, N_Y = 5, 3, 2, 4, 3, 7


def _draw_heard(rng: np.random.Generator) -> Heard:
    return Heard(
        delta_z=rng.standard_normal((T, N, N_Y)),
        h=np.tanh(rng.standard_normal((T, N, N_H))),
        W_hy=rng.standard_normal((N_H, N_Y)),
        W_hh=rng.standard_normal((N_H, N_H)),
    )


def _draw_in_front(rng: np.random.Generator) -> InFront:
    return InFront(
        x=rng.standard_normal((T, N, N_X)),
        e=np.tanh(rng.standard_normal((T, N, N_E))),
        delta_a=rng.standard_normal((T, N, N_H)),
        W_xh=rng.standard_normal((N_E, N_H)),
    )


def _draw_compared(rng: np.random.Generator) -> Compared:
    return Compared(*rng.standard_normal((2, T, N, N_Y)))


def _whole(s: Heard) -> tuple[Parameters, Trace]:
    return settled(s.delta_z @ s.W_hy.T, s.h, s.W_hh)


def _slope_on_own_loss_only(s: Heard) -> np.ndarray:
    """Add the message behind the activation."""
    delta_a: np.ndarray = s.delta_z @ s.W_hy.T * (1 - s.h * s.h)
    for t in reversed(range(len(delta_a) - 1)):
        delta_a[t] += delta_a[t + 1] @ s.W_hh.T
    return delta_a


STATE_DELTA = Exercise(
    name="Delta of the state",
    settings=(_draw_heard,) * 3,
    solution=lambda s: backward(*_whole(s)).delta_a,
    mistakes=mistakes_of(
        (
            "message dropped",
            "own loss dropped",
            "sign of the message",
            "message of one step",
            "message before tanh",
            "message by W_hh",
            "own past only",
            "walk from the first step",
            "1 − h² missing",
            "1 − h for 1 − h²",
            "slope of the step before",
        ),
        _whole,
        lambda back: back.delta_a,
    )
    | {
        "The message is added after the slope; both arrows meet in h, before it.": (
            _slope_on_own_loss_only
        ),
    },
    lead=lead_along(_whole, "delta_a"),
)


def _in_front(s: InFront) -> tuple[Parameters, Trace]:
    """Settle a walk without messages: to the layer in front, its outputs are states."""
    return settled(s.delta_a @ s.W_xh.T, s.e, x=s.x)


def _front(s: InFront) -> np.ndarray:
    """Stack the gradients of weights and bias."""
    return _stacked(s, s.delta_a @ s.W_xh.T * (1 - s.e * s.e))


def _stacked(s: InFront, delta: np.ndarray) -> np.ndarray:
    return np.vstack([np.einsum("tni,tnj->ij", s.x, delta), delta.sum(axis=(0, 1))])


FRONT = Exercise(
    name="Front layer",
    settings=(_draw_in_front,) * 3,
    solution=_front,
    mistakes=mistakes_of(
        (
            "1 − h² missing",
            "1 − h for 1 − h²",
            "tanh taken twice",
            "δ squared",
            "first step only",
            "last step only",
            "mean over the batch",
            "mean over the steps",
            "mean over steps and batch",
        ),
        _in_front,
        lambda back: np.vstack([back.gradient.W_xh, back.gradient.b_h]),
    )
    | {
        "The weights are right; the row of the bias is missing.": lambda s: _front(s)[:-1],
        "The bias comes first; it was to be the last row.": lambda s: np.roll(_front(s), 1, axis=0),
        "The slope is 1 − e², not e.": lambda s: _stacked(s, s.delta_a @ s.W_xh.T * s.e),
    },
)

MEAN = Exercise(
    name="Mean squared error",
    settings=(_draw_compared,) * 3,
    solution=lambda s: 2 * (s.y_hat - s.y) / s.y.size,
    mistakes={
        "The factor 2 of the square is missing: it goes only where a ½ stood before.": lambda s: (
            (s.y_hat - s.y) / s.y.size
        ),
        "The sign is turned: prediction minus target.": lambda s: 2 * (s.y - s.y_hat) / s.y.size,
        "This belongs to half the squared error, summed: no ½ here, and a mean.": lambda s: (
            s.y_hat - s.y
        ),
        "This is the slope of a sum: divide by the number of entries.": lambda s: (
            2 * (s.y_hat - s.y)
        ),
        "This is a mean over the outputs of a row; average over steps and samples too.": (
            lambda s: 2 * (s.y_hat - s.y) / N_Y
        ),
        "This is a mean over the rows; average over the n_y outputs of each row too.": lambda s: (
            2 * (s.y_hat - s.y) / (T * N)
        ),
        "This is a mean over the batch only; average over steps and outputs too.": lambda s: (
            2 * (s.y_hat - s.y) / N
        ),
        "This is the loss, one number; its slope has one entry for each prediction.": lambda s: (
            (s.y_hat - s.y) ** 2
        ).mean(),
    },
)

EXERCISES = (STATE_DELTA, FRONT, MEAN, ONLINE)
