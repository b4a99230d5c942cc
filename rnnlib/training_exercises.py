"""The exercises on training, in the order of the chapter; here, two rules of updating."""

from typing import Any, NamedTuple

import numpy as np

from .character_exercises import EXERCISES as CHARACTERS
from .exercises import Exercise


class AdamStep(NamedTuple):
    """
    The arguments of one step of Adam.

    Attributes
    ----------
    theta : ndarray, any shape
        Parameters before the step.
    gradient : ndarray, same shape
        The gradient there.
    mean, square : ndarray, same shape
        Both fading means before the step.
    k : int
        The number of this step, counted from 1.
    """

    theta: np.ndarray
    gradient: np.ndarray
    mean: np.ndarray
    square: np.ndarray
    k: int


class Slopes(NamedTuple):
    """
    The arguments of some steps of AdaGrad.

    Attributes
    ----------
    theta : ndarray, any shape
        Parameters before the first step.
    gradients : ndarray, shape (steps, ...)
        The gradient of each step.
    """

    theta: np.ndarray
    gradients: np.ndarray


RATE, BETA_MEAN, BETA_SQUARE, SMALL = 0.1, 0.9, 0.999, 1e-8


def _draw_adam(rng: np.random.Generator) -> AdamStep:
    shape = (3, 2)
    gradient = rng.choice([-1, 1], shape) * rng.uniform(0.5, 2, shape)
    mean = rng.choice([-1, 1], shape) * rng.uniform(0.05, 0.3, shape)
    square = rng.uniform(0.002, 0.01, shape)
    return AdamStep(rng.normal(size=shape), gradient, mean, square, int(rng.integers(2, 7)))


def _adam(s: AdamStep, **other: Any) -> np.ndarray:
    """Take the step, with what is told otherwise."""
    mean = BETA_MEAN * s.mean + (1 - BETA_MEAN) * s.gradient
    square = BETA_SQUARE * s.square + (1 - BETA_SQUARE) * s.gradient**2
    mean, square = other.get("mean", mean), other.get("square", square)
    k = other.get("k", s.k)
    of_mean = other.get("of_mean", 1 - BETA_MEAN**k)
    of_square = other.get("of_square", 1 - BETA_SQUARE**k)
    root = other.get("root", np.sqrt)(square / of_square)
    return s.theta - other.get("rate", RATE) * (mean / of_mean) / (root + SMALL)


ADAM_STEP = Exercise(
    name="A step of Adam",
    settings=(_draw_adam,) * 3,
    solution=_adam,
    mistakes={
        "The step goes uphill: it is subtracted.": lambda s: _adam(s, rate=-RATE),
        "Neither mean is divided by what its weights add up to.": lambda s: _adam(
            s, of_mean=1, of_square=1
        ),
        "The mean of the squares is not divided by what its weights add up to.": lambda s: _adam(
            s, of_square=1
        ),
        "The mean of the gradients is not divided by what its weights add up to.": lambda s: _adam(
            s, of_mean=1
        ),
        "Steps are counted from 1, and k is this one: not the one before.": lambda s: _adam(
            s, k=s.k - 1
        ),
        "The root is missing: a mean of squares has the wrong unit.": lambda s: _adam(
            s, root=lambda square: square
        ),
        "The gradient of this step has not entered the two means yet.": lambda s: _adam(
            s, mean=s.mean, square=s.square
        ),
        "The gradient itself is taken, where its fading mean belongs.": lambda s: _adam(
            s, mean=s.gradient, of_mean=1
        ),
        "The second mean is that of the gradients; it should be that of their squares.": (
            lambda s: _adam(
                s, square=np.abs(BETA_SQUARE * s.square + (1 - BETA_SQUARE) * s.gradient)
            )
        ),
        "The two decays are exchanged.": lambda s: _adam(
            s,
            mean=BETA_SQUARE * s.mean + (1 - BETA_SQUARE) * s.gradient,
            square=BETA_MEAN * s.square + (1 - BETA_MEAN) * s.gradient**2,
            of_mean=1 - BETA_SQUARE**s.k,
            of_square=1 - BETA_MEAN**s.k,
        ),
        "The shares of old and new are exchanged: most of a mean is what it was.": lambda s: _adam(
            s,
            mean=(1 - BETA_MEAN) * s.mean + BETA_MEAN * s.gradient,
            square=(1 - BETA_SQUARE) * s.square + BETA_SQUARE * s.gradient**2,
        ),
    },
)


def _draw_slopes(rng: np.random.Generator) -> Slopes:
    gradients = rng.choice([-1, 1], (4, 3)) * rng.uniform(0.5, 2, (4, 3))
    return Slopes(rng.normal(size=3), gradients)


def _adagrad(s: Slopes, sign: int = -1, power: float = 0.5, late: bool = False) -> np.ndarray:
    theta, squares = s.theta, np.zeros_like(s.theta)
    for gradient in s.gradients:
        before, squares = squares, squares + gradient**2
        used = np.where(before > 0, before, 1.0) if late else squares
        theta = theta + sign * RATE * gradient / (used**power + SMALL)
    return theta


def _without_memory(s: Slopes) -> np.ndarray:
    return s.theta - RATE * np.sign(s.gradients).sum(axis=0)


def _of_sums(s: Slopes) -> np.ndarray:
    sums = np.abs(np.cumsum(s.gradients, axis=0))
    return s.theta - RATE * (s.gradients / (sums + SMALL)).sum(axis=0)


def _of_means(s: Slopes) -> np.ndarray:
    means = np.cumsum(s.gradients**2, axis=0) / np.arange(1, 5)[:, np.newaxis]
    return s.theta - RATE * (s.gradients / (np.sqrt(means) + SMALL)).sum(axis=0)


def _of_all(s: Slopes) -> np.ndarray:
    total = np.sqrt((s.gradients**2).sum(axis=0))
    return s.theta - RATE * (s.gradients / (total + SMALL)).sum(axis=0)


def _one_rate(s: Slopes) -> np.ndarray:
    norms = np.sqrt(np.cumsum((s.gradients**2).sum(axis=1)))[:, np.newaxis]
    return s.theta - RATE * (s.gradients / norms).sum(axis=0)


ADAGRAD_STEPS = Exercise(
    name="Steps of AdaGrad",
    settings=(_draw_slopes,) * 3,
    solution=_adagrad,
    mistakes={
        "The steps go uphill: they are subtracted.": lambda s: _adagrad(s, sign=1),
        "The root is missing: a sum of squares has the wrong unit.": lambda s: _adagrad(s, power=1),
        "The gradient of a step belongs into the sum before the sum is used.": lambda s: _adagrad(
            s, late=True
        ),
        "The sum forgets: only the square of this very step is in it.": _without_memory,
        "The gradients are added up; it should be their squares.": _of_sums,
        "That is a mean of the squares, not their sum.": _of_means,
        "The sum is that of all steps, and the first step cannot know the last.": _of_all,
        "All numbers share one rate; each should have its own.": _one_rate,
        "This is plain gradient descent: nothing is divided.": lambda s: (
            s.theta - RATE * s.gradients.sum(axis=0)
        ),
    },
)


EXERCISES = (ADAM_STEP, ADAGRAD_STEPS, *CHARACTERS)
