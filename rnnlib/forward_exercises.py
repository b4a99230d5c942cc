"""The exercises on the forward pass, in the order of the chapter; here, what it costs."""

from typing import NamedTuple

import numpy as np

from .exercises import Exercise
from .output_exercises import LOSS, SOFTMAX
from .state_exercises import STEP, UNROLL


class Sizes(NamedTuple):
    """
    The arguments of a count.

    Attributes
    ----------
    T, N : int
        Steps and batch size.
    n_x, n_h, n_y : int
        Sizes of input, state and output.
    """

    T: int
    N: int
    n_x: int
    n_h: int
    n_y: int


def _draw_sizes(rng: np.random.Generator) -> Sizes:
    """Draw five different primes."""
    return Sizes(*map(int, rng.choice([5, 7, 11, 13, 17, 19, 23, 29], 5, replace=False)))


def _count(s: Sizes) -> int:
    return s.T * s.N * (s.n_x * s.n_h + s.n_h * s.n_h + s.n_h * s.n_y)


COUNT = Exercise(
    name="Multiplications",
    settings=(_draw_sizes,) * 3,
    solution=_count,
    mistakes={
        "This is one step: there are T of them.": lambda s: _count(s._replace(T=1)),
        "This is one sequence: there are N of them side by side.": lambda s: _count(
            s._replace(N=1)
        ),
        "These are the weights, each once; T steps and N samples use each of them again.": (
            lambda s: _count(s._replace(T=1, N=1))
        ),
        "The product with W_xh is missing.": lambda s: _count(s._replace(n_x=0)),
        "The product with W_hh is missing.": lambda s: _count(s) - s.T * s.N * s.n_h**2,
        "The product with W_hy is missing.": lambda s: _count(s._replace(n_y=0)),
        "The additions are counted too.": lambda s: 2 * _count(s),
        "The biases are counted too, but they are added, not multiplied.": lambda s: (
            _count(s) + s.T * s.N * (s.n_h + s.n_y)
        ),
    },
)

EXERCISES = (STEP, SOFTMAX, LOSS, UNROLL, COUNT)
