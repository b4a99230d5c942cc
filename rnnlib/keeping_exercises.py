"""An exercise on memory: what three layers keep if the output layer goes first."""

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


def _draw_kept(rng: np.random.Generator) -> Kept:
    """Draw six different primes."""
    return Kept(*map(int, rng.choice([5, 7, 11, 13, 17, 19, 23, 29], 6, replace=False)))


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
