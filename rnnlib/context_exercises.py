"""Exercises on a decoder: what its context hears back, and what is carried forward."""

from typing import NamedTuple

import numpy as np

from .exercises import Exercise
from .heard_exercises import TWO_PATHS


class Uses(NamedTuple):
    """
    What a decoder has found out on its way back, and the matrices that read the context.

    Attributes
    ----------
    delta_a : ndarray, shape (T, N, n_h)
        Deltas of the pre-activations of the decoder.
    W_hh : ndarray, shape (n_h, n_h)
        From the state to the next state.
    W_ch : ndarray, shape (n_h, n_h)
        From the context to every state.
    """

    delta_a: np.ndarray
    W_hh: np.ndarray
    W_ch: np.ndarray


class EncoderBias(NamedTuple):
    """
    A decoder that hears its context at every step, for one sequence.

    Attributes
    ----------
    by_bias : ndarray, shape (n_h, n_h)
        Derivative of the context, unit j, by the bias of the encoder, unit k.
    h : ndarray, shape (T, n_h)
        States of the decoder.
    W_hh, W_ch : ndarray, shape (n_h, n_h)
        From the state to the next state, and from the context to every state.
    """

    by_bias: np.ndarray
    h: np.ndarray
    W_hh: np.ndarray
    W_ch: np.ndarray


def _draw_uses(rng: np.random.Generator) -> Uses:
    T, N, n_h = 5, 2, 3
    weights = rng.standard_normal((2, n_h, n_h))
    return Uses(rng.standard_normal((T, N, n_h)), *weights)


def _draw_encoder_bias(rng: np.random.Generator) -> EncoderBias:
    T, n_h = 5, 3
    by_bias, W_hh, W_ch = rng.standard_normal((3, n_h, n_h))
    return EncoderBias(by_bias, rng.uniform(-0.8, 0.8, (T, n_h)), W_hh, W_ch)


def _carry(
    s: EncoderBias, *, start: float = 0.0, own: float = 0.0, late: int = 0, once: bool = False
) -> np.ndarray:
    """Carry a bias on, from another start, with a part of its own, or with another slope."""
    influence, found = start * s.by_bias, []
    for t in range(len(s.h)):
        slope = np.diag(1 - s.h[max(t - late, 0)] ** 2)
        told = slope @ s.W_ch.T @ s.by_bias * (t == 0 or not once) + own * slope
        influence = told + slope @ s.W_hh.T @ influence
        found.append(influence)
    return np.stack(found)


CONTEXT = Exercise(
    name="Delta of the context",
    settings=(_draw_uses,) * 3,
    solution=lambda s: s.delta_a[0] @ s.W_hh.T + s.delta_a.sum(axis=0) @ s.W_ch.T,
    mistakes={
        "The first state is missing: it was a use of the context too.": lambda s: (
            s.delta_a.sum(axis=0) @ s.W_ch.T
        ),
        "The sum over the steps is missing: this is the first state alone.": lambda s: (
            s.delta_a[0] @ s.W_hh.T
        ),
        "Only the first step's use through W_ch is counted; every step has one.": lambda s: (
            s.delta_a[0] @ (s.W_hh + s.W_ch).T
        ),
        "Only the last step's use through W_ch is counted; every step has one.": lambda s: (
            s.delta_a[0] @ s.W_hh.T + s.delta_a[-1] @ s.W_ch.T
        ),
        "Every step is taken through W_hh as well; only step 0 has the context as its state.": (
            lambda s: s.delta_a.sum(axis=0) @ (s.W_hh + s.W_ch).T
        ),
        "The message is that of the last step; the context is the state before step 0.": lambda s: (
            s.delta_a[-1] @ s.W_hh.T + s.delta_a.sum(axis=0) @ s.W_ch.T
        ),
        "The transposes are missing.": lambda s: (
            s.delta_a[0] @ s.W_hh + s.delta_a.sum(axis=0) @ s.W_ch
        ),
        "The steps are averaged; the uses add up.": lambda s: (
            s.delta_a[0] @ s.W_hh.T + s.delta_a.mean(axis=0) @ s.W_ch.T
        ),
        "The samples were added up; each has a context of its own.": lambda s: (
            s.delta_a[0] @ s.W_hh.T + s.delta_a.sum(axis=0) @ s.W_ch.T
        ).sum(axis=0),
    },
)

BIAS = Exercise(
    name="The bias of the encoder",
    settings=(_draw_encoder_bias,) * 3,
    solution=_carry,
    mistakes={
        "The decoder does not use this bias itself: there is no immediate part.": lambda s: _carry(
            s, own=1.0
        ),
        "The first state of this decoder is zero: nothing has been carried before step 0.": (
            lambda s: _carry(s, start=1.0)
        ),
        "Nothing is carried on from the step before.": lambda s: _carry(
            s._replace(W_hh=0 * s.W_hh)
        ),
        "The context is told at every step, and not only at the first.": lambda s: _carry(
            s, once=True
        ),
        "Only a unit's own influence is carried on; the Jacobian has off-diagonal entries.": (
            lambda s: _carry(s._replace(W_hh=s.W_hh * np.eye(len(s.W_hh))))
        ),
        "W_hh is not transposed: row j of the Jacobian belongs to the later unit.": lambda s: (
            _carry(s._replace(W_hh=s.W_hh.T))
        ),
        "W_ch is not transposed: row j of the Jacobian belongs to the state.": lambda s: _carry(
            s._replace(W_ch=s.W_ch.T)
        ),
        "The slope is that of the step before; tanh is passed at t.": lambda s: _carry(s, late=1),
        "This is the last step; return all of them.": lambda s: _carry(s)[-1],
    },
)

EXERCISES = (CONTEXT, BIAS, TWO_PATHS)
