"""Exercises on gradient checks: measure a slope, choose a step, try a direction."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from .exercises import Exercise


class Nudge(NamedTuple):
    """
    What central differences need.

    Attributes
    ----------
    function : callable
        From an array like `point` to one number.
    point : ndarray, shape (n,)
        Where to measure.
    eps : float
        How far each number is moved.
    """

    function: Callable[[np.ndarray], float]
    point: np.ndarray
    eps: float


class Sizes(NamedTuple):
    """
    What the best step to one side depends on.

    Attributes
    ----------
    loss : float
        Size of the loss.
    second : float
        Size of its second derivative.
    rounding : float
        Relative rounding error of a number.
    """

    loss: float
    second: float
    rounding: float


class Direction(NamedTuple):
    """
    What the promise of a gradient along a direction needs.

    Attributes
    ----------
    gradient : ndarray, shape (n, n)
        The claimed gradient of a square matrix.
    direction : ndarray, shape (n, n)
        Where the matrix moves to, of any length.
    """

    gradient: np.ndarray
    direction: np.ndarray


def _draw_nudge(rng: np.random.Generator) -> Nudge:
    weights = rng.uniform(1, 2, 4)

    def function(point: np.ndarray) -> float:
        return float((weights * point**3).sum() + np.prod(point) + 2 * np.sum(point))

    return Nudge(function, rng.uniform(0.5, 1.5, 4), 0.25)


def _draw_sizes(rng: np.random.Generator) -> Sizes:
    return Sizes(rng.uniform(2, 20), rng.uniform(0.05, 0.5), 2.0 ** -rng.integers(20, 54))


def _draw_direction(rng: np.random.Generator) -> Direction:
    return Direction(rng.standard_normal((3, 3)), 3 * rng.standard_normal((3, 3)))


def _one_by_one(s: Nudge, above: float, below: float, divide: float) -> np.ndarray:
    moves = s.eps * np.eye(s.point.size)
    rises = [
        s.function(s.point + above * move) - s.function(s.point - below * move) for move in moves
    ]
    return np.array(rises) / divide


def _left_behind(s: Nudge) -> np.ndarray:
    """Move a number up and down, and never put it back."""
    point, slopes = s.point.astype(float), []
    for i in range(point.size):
        point[i] += s.eps
        above = s.function(point)
        point[i] -= 2 * s.eps
        slopes.append((above - s.function(point)) / (2 * s.eps))
    return np.array(slopes)


SLOPES = Exercise(
    name="Central differences",
    settings=(_draw_nudge,) * 3,
    solution=lambda s: _one_by_one(s, 1, 1, 2 * s.eps),
    mistakes={
        "This is one-sided: go as far down as up.": lambda s: _one_by_one(s, 1, 0, s.eps),
        "This is one-sided, to the side below: go as far up as down.": lambda s: _one_by_one(
            s, 0, 1, s.eps
        ),
        "The two runs are 2 eps apart; this divides by eps.": lambda s: _one_by_one(s, 1, 1, s.eps),
        "The difference is not divided by anything.": lambda s: _one_by_one(s, 1, 1, 1.0),
        "A number is moved and never put back: the next one is measured elsewhere.": _left_behind,
        "All numbers are moved at once: this is one slope, along a diagonal.": lambda s: np.full(
            s.point.size, (s.function(s.point + s.eps) - s.function(s.point - s.eps)) / (2 * s.eps)
        ),
        "The sign is turned around: above minus below.": lambda s: -_one_by_one(s, 1, 1, 2 * s.eps),
    },
)

BEST_STEP = Exercise(
    name="The best step",
    settings=(_draw_sizes,) * 3,
    solution=lambda s: 2 * (s.rounding * s.loss / s.second) ** 0.5,
    mistakes={
        "This is a third root, as for central differences; one side needs the square root.": (
            lambda s: (3 * s.rounding * s.loss / s.second) ** (1 / 3)
        ),
        "The factor 2 is missing: two losses are rounded, and ε f''/2 brings another 2.": (
            lambda s: (s.rounding * s.loss / s.second) ** 0.5
        ),
        "A factor 2 is lost under the root: two losses are rounded, not one.": lambda s: (
            (2 * s.rounding * s.loss / s.second) ** 0.5
        ),
        "The fraction is upside down: the more a loss bends, the smaller the step.": lambda s: (
            2 * (s.rounding * s.second / s.loss) ** 0.5
        ),
        "The root is missing: this is ε².": lambda s: 4 * s.rounding * s.loss / s.second,
        "This is the error at the best step, not the step.": lambda s: (
            2 * (s.rounding * s.loss * s.second) ** 0.5
        ),
    },
)

DIRECTION = Exercise(
    name="The promised slope",
    settings=(_draw_direction,) * 3,
    solution=lambda s: np.sum(s.gradient * s.direction) / np.linalg.norm(s.direction),
    mistakes={
        "The direction has to have length 1: divide by its length.": lambda s: np.sum(
            s.gradient * s.direction
        ),
        "This divides by the square of the length.": lambda s: (
            np.sum(s.gradient * s.direction) / np.sum(s.direction**2)
        ),
        "One of the two is transposed: multiply entry by entry, then add up.": lambda s: (
            np.trace(s.gradient @ s.direction) / np.linalg.norm(s.direction)
        ),
        "The entries are not added up; the slope along a direction is one number.": lambda s: (
            s.gradient * s.direction / np.linalg.norm(s.direction)
        ),
        "This is the length of the gradient; how much of it lies along the direction?": lambda s: (
            np.linalg.norm(s.gradient)
        ),
    },
)

EXERCISES = (SLOPES, BEST_STEP, DIRECTION)
