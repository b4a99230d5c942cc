"""Exercises on a character model: the temperature, and a text in streams."""

from typing import NamedTuple

import numpy as np

from .exercises import Exercise
from .tasks import streams


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


def _draw_warmth(rng: np.random.Generator) -> Warmth:
    return Warmth(rng.normal(0, 2, (2, 5)), float(rng.choice([0.4, 0.6, 1.7, 2.5])))


def _draw_cold(rng: np.random.Generator) -> Warmth:
    """Draw logits so far from 0 that a softmax without a shift overflows."""
    z = 1800 + rng.integers(-16, 17, (2, 5)) / 8  # float32 holds these numbers exactly
    return Warmth(z, float(rng.choice([0.5, 2.0])))


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

EXERCISES = (TEMPERATURE, STREAMS)
