"""The exercises on speed, in the order of the chapter; here, subscripts and class numbers."""

from typing import NamedTuple

import numpy as np

from .exercises import Exercise
from .in_order_exercises import EXERCISES as IN_ORDER


class Stacks(NamedTuple):
    """
    The arguments of a gradient for each sequence.

    Attributes
    ----------
    x : ndarray, shape (T, N, n_x)
        What came in.
    delta_a : ndarray, shape (T, N, n_h)
        What the loss says about each pre-activation.
    """

    x: np.ndarray
    delta_a: np.ndarray


class Classes(NamedTuple):
    """
    The arguments of a gradient by class numbers.

    Attributes
    ----------
    classes : ndarray, shape (T, N), int
        The class number of each input.
    delta_a : ndarray, shape (T, N, n_h)
        What the loss says about each pre-activation.
    n_x : int
        Number of classes.
    """

    classes: np.ndarray
    delta_a: np.ndarray
    n_x: int


T, N, N_X, N_H = 5, 3, 4, 2  # pairwise different, so that most exchanges break a shape


def _draw_stacks(rng: np.random.Generator) -> Stacks:
    return Stacks(rng.standard_normal((T, N, N_X)), rng.standard_normal((T, N, N_H)))


SUBSCRIPTS = Exercise(
    name="A gradient for each sequence",
    settings=(_draw_stacks,) * 3,
    solution=lambda s: np.einsum("tni,tnj->nij", s.x, s.delta_a),
    mistakes={
        "n is missing behind the arrow: the sequences are summed too.": lambda s: np.einsum(
            "tni,tnj->ij", s.x, s.delta_a
        ),
        "t stands behind the arrow: the steps are not summed.": lambda s: np.einsum(
            "tni,tnj->tnij", s.x, s.delta_a
        ),
        "Behind the arrow stands t where n should: these are the shares of the steps.": (
            lambda s: np.einsum("tni,tnj->tij", s.x, s.delta_a)
        ),
        "i and j are exchanged behind the arrow: weights are stored (in, out).": (
            lambda s: np.einsum("tni,tnj->nji", s.x, s.delta_a)
        ),
        "The steps have two letters, so every input meets every delta: use t in both.": (
            lambda s: np.einsum("tni,snj->nij", s.x, s.delta_a)
        ),
        "The samples have two letters: the first n meets the deltas of all sequences.": (
            lambda s: np.einsum("tni,tmj->nij", s.x, s.delta_a)
        ),
        "The samples have two letters: the second n meets the inputs of all sequences.": (
            lambda s: np.einsum("tmi,tnj->nij", s.x, s.delta_a)
        ),
    },
)


def _draw_classes(rng: np.random.Generator) -> Classes:
    # Fifteen inputs, four classes: some class comes again.
    return Classes(rng.integers(N_X, size=(T, N)), rng.standard_normal((T, N, N_H)), N_X)


def _counted(s: Classes, how: str = "") -> np.ndarray:
    """Add the row of each delta to the row of its class, or not quite."""
    gradient, rows, classes = np.zeros((s.n_x, N_H)), s.delta_a.reshape(-1, N_H), s.classes.ravel()
    if how == "last wins":
        gradient[classes] = rows
    elif how == "first wins":
        gradient[classes[::-1]] = rows[::-1]
    elif how == "by sample":
        np.add.at(gradient, s.classes.T.ravel(), rows)
    else:
        np.add.at(gradient, classes, rows)
    if how == "mean":
        gradient /= np.maximum(np.bincount(classes, minlength=s.n_x), 1)[:, np.newaxis]
    return gradient


REPEATS = Exercise(
    name="Gradient by class numbers",
    settings=(_draw_classes,) * 3,
    solution=_counted,
    mistakes={
        "A class that comes again counts once: gradient[classes] += rows adds only one row for "
        "each class. Use a product with one-hot rows, or np.add.at.": (
            lambda s: _counted(s, "last wins")
        ),
        "Of a class that comes again, only the first counts.": lambda s: _counted(s, "first wins"),
        "Class numbers are in another order than the deltas: rows must meet.": (
            lambda s: _counted(s, "by sample")
        ),
        "It is transposed: a row for each class, since weights are stored (in, out).": (
            lambda s: _counted(s).T
        ),
        "This is the mean for each class; the loss is a sum, and so is its gradient.": (
            lambda s: _counted(s, "mean")
        ),
    },
)


EXERCISES = (SUBSCRIPTS, REPEATS, *IN_ORDER)
