"""Exercises on memory: what three layers keep, and what checkpoints leave of it."""

import math
from typing import NamedTuple

import numpy as np

from .exercises import Exercise


class Kept(NamedTuple):
    """
    The arguments of a count.

    Attributes
    ----------
    T, N : int
        Steps and batch size.
    n_x, n_e, n_h, n_y : int
        Sizes of input, front layer, state and output.
    """

    T: int
    N: int
    n_x: int
    n_e: int
    n_h: int
    n_y: int


class Cut(NamedTuple):
    """
    A sequence that is cut into segments.

    Attributes
    ----------
    T : int
        Steps.
    stride : int
        Length of a segment.
    """

    T: int
    stride: int


def _draw_kept(rng: np.random.Generator) -> Kept:
    """Draw six different primes."""
    return Kept(*map(int, rng.choice([5, 7, 11, 13, 17, 19, 23, 29], 6, replace=False)))


def _draw_even(rng: np.random.Generator) -> Cut:
    """Draw a length that is cut into equal segments."""
    stride, count = (int(number) for number in rng.integers(4, 12, 2))
    return Cut(count * stride, stride)


def _draw_uneven(rng: np.random.Generator) -> Cut:
    """Draw a length that leaves a shorter segment at the end."""
    T, stride = _draw_even(rng)
    return Cut(T + int(rng.integers(1, stride)), stride)


def _online(s: Kept) -> int:
    return s.T * s.N * (s.n_x + s.n_e + 2 * s.n_h) + s.N * s.n_h


ONLINE = Exercise(
    name="Numbers kept",
    settings=(_draw_kept,) * 3,
    solution=_online,
    mistakes={
        "The predictions are still there: this is what three layers hold without the trick.": (
            lambda s: _online(s) + s.T * s.N * (s.n_y - s.n_h)
        ),
        "Predictions and what is handed down are both counted; only the latter is kept.": (
            lambda s: _online(s) + s.T * s.N * s.n_y
        ),
        "What the output layer hands down has to wait for the way back: n_h numbers a row.": (
            lambda s: _online(s) - s.T * s.N * s.n_h
        ),
        "The state before the first input is missing.": lambda s: _online(s) - s.N * s.n_h,
        "The state before the first input is counted at every step.": lambda s: (
            _online(s) + (s.T - 1) * s.N * s.n_h
        ),
        "This is one sequence: there are N of them side by side.": lambda s: _online(s) // s.N,
        "This is one step: there are T of them.": lambda s: _online(s._replace(T=1)),
        "The inputs are missing: the front layer needs them.": lambda s: _online(s._replace(n_x=0)),
        "The outputs of the front layer are missing: the recurrent layer needs them.": lambda s: (
            _online(s._replace(n_e=0))
        ),
    },
)


SEGMENTS = Exercise(
    name="States held",
    settings=(_draw_even, _draw_uneven, _draw_uneven),
    solution=lambda s: math.ceil(s.T / s.stride) + s.stride + 1,
    mistakes={
        "Without checkpoints all T + 1 states are held; here only some are.": lambda s: s.T + 1,
        "The last segment is shorter, and it needs its checkpoint too: round up.": lambda s: (
            s.T // s.stride + s.stride + 1
        ),
        "A segment of k steps has k + 1 states: one before it, and one after each step.": (
            lambda s: math.ceil(s.T / s.stride) + s.stride
        ),
        "These are the checkpoints alone; one segment at a time is computed again.": lambda s: (
            math.ceil(s.T / s.stride)
        ),
        "This is one segment alone; the checkpoints of the others have to be held as well.": (
            lambda s: s.stride + 1
        ),
    },
)
