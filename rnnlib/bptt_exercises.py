"""Exercises on the walk back: its lines, and all of them."""

from typing import NamedTuple

import numpy as np

from .exercises import Exercise


class Squash(NamedTuple):
    """
    What the line through tanh needs.

    Attributes
    ----------
    delta_h : ndarray, shape (N, n_h)
        Derivative of the loss by the state, through all paths.
    h_t : ndarray, shape (N, n_h)
        State.
    """

    delta_h: np.ndarray
    h_t: np.ndarray


class Handed(NamedTuple):
    """
    What the line of the message needs.

    Attributes
    ----------
    delta_a : ndarray, shape (N, n_h)
        Derivative of the loss by the pre-activation.
    h_prev : ndarray, shape (N, n_h)
        State of the step before.
    W_hh : ndarray, shape (n_h, n_h)
        From the state to the next state.
    """

    delta_a: np.ndarray
    h_prev: np.ndarray
    W_hh: np.ndarray


class Walk(NamedTuple):
    """
    What the walk back needs.

    Attributes
    ----------
    delta_z : ndarray, shape (T, N, n_y)
        Derivative of the loss by the logits.
    h : ndarray, shape (T, N, n_h)
        States.
    W_hh : ndarray, shape (n_h, n_h)
        From the state to the next state.
    W_hy : ndarray, shape (n_h, n_y)
        From the state to the logits.
    """

    delta_z: np.ndarray
    h: np.ndarray
    W_hh: np.ndarray
    W_hy: np.ndarray


T, N, N_H, N_Y = 5, 2, 3, 7


def _deltas(rng: np.random.Generator, size: int) -> np.ndarray:
    return rng.standard_normal((T, N, size))


def _states(rng: np.random.Generator) -> np.ndarray:
    """Draw states so far from 0 that no slope is near 1."""
    return rng.choice([-1, 1], (T, N, N_H)) * rng.uniform(0.3, 0.9, (T, N, N_H))


def _draw_squash(rng: np.random.Generator) -> Squash:
    return Squash(_deltas(rng, N_H)[0], _states(rng)[0])


def _draw_handed(rng: np.random.Generator) -> Handed:
    return Handed(_deltas(rng, N_H)[0], _states(rng)[0], rng.standard_normal((N_H, N_H)))


def _draw_walk(rng: np.random.Generator) -> Walk:
    weights = rng.standard_normal((N_H, N_H)), rng.standard_normal((N_H, N_Y))
    return Walk(_deltas(rng, N_Y), _states(rng), *weights)


def _walk(s: Walk, heard: float = 1.0, own: float = 1.0, through_tanh: bool = True) -> np.ndarray:
    """Walk back; `heard` and `own` say how much of each of the two terms is kept."""
    message = np.zeros_like(s.h[0])
    rows: list[np.ndarray] = []
    for delta_z, h in zip(s.delta_z[::-1], s.h[::-1], strict=True):
        last = not rows
        delta_h = (1.0 if last else own) * (delta_z @ s.W_hy.T) + heard * message
        rows.append(delta_h * (1 - h * h))
        message = (rows[-1] if through_tanh else delta_h) @ s.W_hh.T
    return np.stack(rows[::-1])


DELTA_A = Exercise(
    name="Back through tanh",
    settings=(_draw_squash,) * 3,
    solution=lambda s: s.delta_h * (1 - s.h_t**2),
    mistakes={
        "1 − h² is missing: this is δ of the state.": lambda s: s.delta_h,
        "This squares the delta, as document 002 prints it; square the state.": lambda s: (
            1 - s.delta_h**2
        ),
        "This is the slope alone; the delta that arrives has to be multiplied by it.": lambda s: (
            1 - s.h_t**2
        ),
        "h is the value of tanh already; here tanh is taken once more.": lambda s: (
            s.delta_h * (1 - np.tanh(s.h_t) ** 2)
        ),
        "This is the slope of the logistic function; that of tanh is 1 − h².": lambda s: (
            s.delta_h * s.h_t * (1 - s.h_t)
        ),
        "The square is missing: the slope is 1 − h².": lambda s: s.delta_h * (1 - s.h_t),
        "The sign is wrong: tanh rises everywhere.": lambda s: s.delta_h * (s.h_t**2 - 1),
        "This divides by the slope; going back multiplies by it.": lambda s: (
            s.delta_h / (1 - s.h_t**2)
        ),
    },
)

MESSAGE = Exercise(
    name="The message",
    settings=(_draw_handed,) * 3,
    solution=lambda s: s.delta_a @ s.W_hh.T,
    mistakes={
        "The transpose is missing: going back, δ meets the columns of W_hh.": lambda s: (
            s.delta_a @ s.W_hh
        ),
        "This is δᵃ (hᵗ⁻¹)ᵀ, as document 002 prints it; the matrix on the arrow is W_hh.": (
            lambda s: s.delta_a @ s.h_prev.T
        ),
        "W_hh is missing: the message is handed on as it is.": lambda s: s.delta_a,
        "This goes on through tanh of the step before; the own loss joins before that.": (
            lambda s: s.delta_a @ s.W_hh.T * (1 - s.h_prev**2)
        ),
        "W_hh is multiplied entry by entry with the sum of δ; use a matrix product.": lambda s: (
            s.delta_a.sum(axis=0) * s.W_hh
        ),
        "The sign is turned around.": lambda s: -s.delta_a @ s.W_hh.T,
    },
)

WALK = Exercise(
    name="The walk back",
    settings=(_draw_walk,) * 3,
    solution=_walk,
    mistakes={
        "The message is dropped: no step hears of later losses.": lambda s: _walk(s, heard=0.0),
        "The message replaces what the own loss says; add the two.": lambda s: _walk(s, own=0.0),
        "The message leaves before tanh: it is δᵃ W_hhᵀ, not δʰ W_hhᵀ.": lambda s: _walk(
            s, through_tanh=False
        ),
        "W_hh is not transposed.": lambda s: _walk(s._replace(W_hh=s.W_hh.T)),
        "1 − h² is missing, here and in every message.": lambda s: _walk(s._replace(h=0.0 * s.h)),
        "The message has the wrong sign.": lambda s: _walk(s, heard=-1.0),
        "The walk goes forwards in time: begin with the last step.": lambda s: _walk(
            s._replace(delta_z=s.delta_z[::-1], h=s.h[::-1])
        )[::-1],
        "The rows are in the order of the walk; turn them around at the end.": lambda s: _walk(s)[
            ::-1
        ],
        "This is the δ of the first step alone; return all of them.": lambda s: _walk(s)[0],
        "The slope is that of the step before: h is shifted by one.": lambda s: _walk(
            s._replace(h=np.concatenate([0.0 * s.h[:1], s.h[:-1]]))
        ),
    },
)

EXERCISES = (DELTA_A, MESSAGE, WALK)
