"""Exercises on the walk back: its lines, and all of them."""

from typing import NamedTuple

import numpy as np

from .bptt import backward
from .exercises import Exercise
from .forward_pass import Trace
from .known_mistakes import lead_along, mistakes_of, settled
from .parameters import Parameters


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


def _at_tanh(s: Squash) -> tuple[Parameters, Trace]:
    return settled(s.delta_h[np.newaxis], s.h_t[np.newaxis])


def _before_message(s: Handed) -> tuple[Parameters, Trace]:
    """Settle a walk of one step, without a slope."""
    return settled(s.delta_a[np.newaxis], 0 * s.h_prev[np.newaxis], s.W_hh)


def _whole(s: Walk) -> tuple[Parameters, Trace]:
    return settled(s.delta_z @ s.W_hy.T, s.h, s.W_hh)


def _walk(s: Walk) -> np.ndarray:
    return backward(*_whole(s)).delta_a


DELTA_A = Exercise(
    name="Back through tanh",
    settings=(_draw_squash,) * 3,
    solution=lambda s: s.delta_h * (1 - s.h_t**2),
    mistakes=mistakes_of(
        ("1 − h² missing", "δ squared", "tanh taken twice", "1 − h for 1 − h²"),
        _at_tanh,
        lambda back: back.delta_a[0],
    )
    | {
        "This is the slope alone; the delta that arrives has to be multiplied by it.": lambda s: (
            1 - s.h_t**2
        ),
        "This is the slope of the logistic function; that of tanh is 1 − h².": lambda s: (
            s.delta_h * s.h_t * (1 - s.h_t)
        ),
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
    mistakes=mistakes_of(
        ("message by W_hh", "own past only"), _before_message, lambda back: back.delta_h_init
    )
    | {
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
            "tanh taken twice",
            "δ squared",
        ),
        _whole,
        lambda back: back.delta_a,
    )
    | {
        "The rows are in the order of the walk; turn them around at the end.": lambda s: _walk(s)[
            ::-1
        ],
        "This is the δ of the first step alone; return all of them.": lambda s: _walk(s)[0],
    },
    lead=lead_along(_whole, "delta_a"),
)

EXERCISES = (DELTA_A, MESSAGE, WALK)
