"""The exercises on training: two rules, the temperature, and streams of a text."""

from typing import Any, NamedTuple

import numpy as np

from .exercises import Exercise
from .tasks import streams


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


class Warmth(NamedTuple):
    """
    The arguments of a prediction with a temperature.

    Attributes
    ----------
    z : ndarray, shape (N, n_y)
        Logits.
    temperature : float
        What they are divided by.
    """

    z: np.ndarray
    temperature: float


class Book(NamedTuple):
    """
    The arguments of a cut into streams.

    Attributes
    ----------
    classes : ndarray of int, shape (length,)
        The text.
    N, T : int
        Number of streams, and of steps in a piece.
    """

    classes: np.ndarray
    N: int
    T: int


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


def _draw_warmth(rng: np.random.Generator) -> Warmth:
    return Warmth(rng.normal(0, 2, (2, 5)), float(rng.choice([0.4, 0.6, 1.7, 2.5])))


def _draw_cold(rng: np.random.Generator) -> Warmth:
    """Draw logits so far from 0 that a softmax without a shift overflows."""
    return Warmth(rng.normal(0, 2, (2, 5)) + 900, float(rng.choice([0.5, 2.0])))


def _softmax(z: np.ndarray) -> np.ndarray:
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def _unshifted(s: Warmth) -> np.ndarray:
    e = np.exp(s.z / s.temperature)
    return e / e.sum(axis=1, keepdims=True)


TEMPERATURE = Exercise(
    name="Temperature",
    settings=(_draw_warmth, _draw_warmth, _draw_cold),
    solution=lambda s: _softmax(s.z / s.temperature),
    mistakes={
        "The logits are multiplied by the temperature: it should cool, and heats.": lambda s: (
            _softmax(s.z * s.temperature)
        ),
        "The probabilities are divided, and no longer add up to 1; divide the logits.": lambda s: (
            _softmax(s.z) / s.temperature
        ),
        "The temperature is not used.": lambda s: _softmax(s.z),
        "The probabilities are the input of a second softmax; its input should be the logits.": (
            lambda s: _softmax(_softmax(s.z) / s.temperature)
        ),
        "The powers of the probabilities are not divided by their sum.": lambda s: (
            _softmax(s.z) ** (1 / s.temperature)
        ),
        "The sum runs over the samples; it should run over the classes.": lambda s: (
            _softmax((s.z / s.temperature).T).T
        ),
        "Right until the logits are large; then it overflows. Take the largest off first.": (
            _unshifted
        ),
    },
)


def _draw_book(rng: np.random.Generator) -> Book:
    N, T = (int(size) for size in rng.permutation([2, 3, 4, 5])[:2])
    length = N * T * int(rng.integers(2, 5)) + int(rng.integers(1, N * T))
    return Book(rng.permutation(length), N, T)


def _pieces(s: Book, shift: int = 0) -> np.ndarray:
    x, y = (np.array(part) for part in zip(*streams(s.classes, s.N, s.T), strict=True))
    return y if shift else x


def _side_by_side(s: Book) -> np.ndarray:
    """Cut the text into lines of T, and put neighbours beside each other."""
    count = (len(s.classes) - 1) // (s.N * s.T)
    return s.classes[: count * s.N * s.T].reshape(count, s.N, s.T).swapaxes(1, 2)


def _column_by_column(s: Book) -> np.ndarray:
    count = (len(s.classes) - 1) // (s.N * s.T)
    return s.classes[: count * s.N * s.T].reshape(count, s.T, s.N)


STREAMS = Exercise(
    name="Streams",
    settings=(_draw_book,) * 3,
    solution=_pieces,
    mistakes={
        "Neighbours in the text became neighbours in the batch: no stream goes on.": _side_by_side,
        "Neighbours in the text became samples of one step: there each reads another.": (
            _column_by_column
        ),
        "These are the targets: one character later than the inputs.": lambda s: _pieces(s, 1),
        "The axes are (pieces, N, T); time should come before the batch.": lambda s: _pieces(
            s
        ).swapaxes(1, 2),
        "The axes are (T, pieces, N), as a long run of steps; cut it into pieces first.": (
            lambda s: _pieces(s).swapaxes(0, 1)
        ),
        "The pieces come in the order of the last to the first.": lambda s: _pieces(s)[::-1],
    },
)

EXERCISES = (ADAM_STEP, ADAGRAD_STEPS, TEMPERATURE, STREAMS)
