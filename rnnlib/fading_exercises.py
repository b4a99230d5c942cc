"""Exercises on what becomes of a message over many steps: how far it gets, and clipping."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from .exercises import Exercise
from .forward_pass import Trace
from .known_mistakes import mistakes_of, settled
from .parameters import Parameters


class Run(NamedTuple):
    """
    What the stretch from the first state to the last needs.

    Attributes
    ----------
    h : ndarray, shape (T, n_h)
        States of one sequence.
    W_hh : ndarray, shape (n_h, n_h)
        From the state to the next state.
    """

    h: np.ndarray
    W_hh: np.ndarray


class Long(NamedTuple):
    """
    What clipping needs.

    Attributes
    ----------
    weights : ndarray, shape (n_h, n_h)
        Derivative of the loss by some weights.
    bias : ndarray, shape (n_h,)
        Derivative of the loss by a bias.
    limit : float
        The greatest length that is let through.
    """

    weights: np.ndarray
    bias: np.ndarray
    limit: float


T, N_H = 5, 4


def _draw_run(rng: np.random.Generator) -> Run:
    h = rng.choice([-1, 1], (T, N_H)) * rng.uniform(0.3, 0.8, (T, N_H))
    return Run(h, 1.5 * rng.standard_normal((N_H, N_H)))


def _draw_long(rng: np.random.Generator, limit: float = 1.0) -> Long:
    return Long(rng.normal(0, 2, (N_H, N_H)), rng.normal(0, 2, N_H), limit)


def _draw_short(rng: np.random.Generator) -> Long:
    return _draw_long(rng, limit=60.0)


def _jacobians(s: Run, first: int = 1) -> Iterator[np.ndarray]:
    """List the Jacobians of the steps, oldest first."""
    return (np.diag(1 - h * h) @ s.W_hh.T for h in s.h[first:])


def _product(factors: Iterator[np.ndarray] | list[np.ndarray]) -> np.ndarray:
    """Multiply, each new factor on the left."""
    result = np.eye(N_H)
    for factor in factors:
        result = factor @ result
    return result


def _stretch(matrix: np.ndarray) -> float:
    return float(np.linalg.norm(matrix, 2))


def _one_loss_each(s: Run) -> tuple[Parameters, Trace]:
    """Settle a walk back from each unit of the last state: what arrives is a row of the product."""
    h = np.repeat(s.h[:, np.newaxis], N_H, axis=1)
    own = np.zeros_like(h)
    own[-1] = np.eye(N_H)
    return settled(own, h, s.W_hh)


STRETCH = Exercise(
    name="The longest stretch",
    settings=(_draw_run,) * 3,
    solution=lambda s: _stretch(_product(_jacobians(s))),
    mistakes=mistakes_of(
        (
            "message by W_hh",
            "own past only",
            "1 − h² missing",
            "1 − h for 1 − h²",
            "slope of the step before",
        ),
        _one_loss_each,
        lambda back: np.asarray(_stretch(back.delta_h[0])),
    )
    | {
        "These are the norms of the steps, multiplied: a bound, and the product is shorter.": (
            lambda s: float(np.prod([_stretch(J) for J in _jacobians(s)]))
        ),
        "This is the root of the sum of squares of all entries: np.linalg.norm needs a 2.": (
            lambda s: float(np.linalg.norm(_product(_jacobians(s))))
        ),
        "This is the largest size of an eigenvalue; a stretch is a singular value.": lambda s: (
            float(np.abs(np.linalg.eigvals(_product(_jacobians(s)))).max())
        ),
        "This is the shortest stretch: the smallest singular value.": lambda s: float(
            np.linalg.norm(_product(_jacobians(s)), -2)
        ),
        "The product stands the wrong way round: the newest step is the leftmost.": lambda s: (
            _stretch(_product(list(_jacobians(s))[::-1]))
        ),
        "The slopes scale the columns; the rows of J belong to the new state.": lambda s: _stretch(
            _product([s.W_hh.T * (1 - h * h) for h in s.h[1:]])
        ),
        "This is a step too many: J of the first step leads to it, not away from it.": (
            lambda s: _stretch(_product(_jacobians(s, first=0)))
        ),
    },
)


def _joined(s: Long) -> np.ndarray:
    return np.concatenate([s.weights.ravel(), s.bias])


def _shortened(s: Long, length: float) -> np.ndarray:
    return min(1.0, s.limit / length) * _joined(s)


def _each_by_itself(s: Long) -> np.ndarray:
    parts = (array.ravel() for array in (s.weights, s.bias))
    return np.concatenate([min(1.0, s.limit / np.linalg.norm(part)) * part for part in parts])


CLIP = Exercise(
    name="Clipping by norm",
    settings=(_draw_long, _draw_long, _draw_short),
    solution=lambda s: _shortened(s, float(np.linalg.norm(_joined(s)))),
    mistakes={
        "Each array is clipped by itself, which turns the gradient: take one norm for both.": (
            _each_by_itself
        ),
        "This clips every number by itself: clipping by value, which turns the gradient.": (
            lambda s: np.clip(_joined(s), -s.limit, s.limit)
        ),
        "A gradient that is short already is made longer: leave it as it is.": lambda s: (
            s.limit * _joined(s) / np.linalg.norm(_joined(s))
        ),
        "This divides by the square of the norm; the root is missing.": lambda s: _shortened(
            s, float((_joined(s) ** 2).sum())
        ),
        "This divides by the largest number, not by the norm.": lambda s: _shortened(
            s, float(np.abs(_joined(s)).max())
        ),
        "The norms of the two arrays are added; their squares have to be.": lambda s: _shortened(
            s, float(np.linalg.norm(s.weights) + np.linalg.norm(s.bias))
        ),
        "Nothing is clipped: a gradient that is too long has to be shortened.": _joined,
    },
)

EXERCISES = (STRETCH, CLIP)
