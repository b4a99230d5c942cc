"""The exercises on speed, in the order of the chapter; here, stacks, axes and subscripts."""

from typing import Any, NamedTuple

import numpy as np

from .exercises import Exercise
from .in_order_exercises import EXERCISES as IN_ORDER


class Stacks(NamedTuple):
    """
    The arguments of a gradient that is one product.

    Attributes
    ----------
    x : ndarray, shape (T, N, n_x)
        What came in.
    delta_a : ndarray, shape (T, N, n_h)
        What the loss says about each pre-activation.
    """

    x: np.ndarray
    delta_a: np.ndarray


class Deltas(NamedTuple):
    """
    The argument of the gradient of a bias.

    Attributes
    ----------
    delta_a : ndarray, shape (T, N, n_h)
        What the loss says about each pre-activation.
    """

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


def _rows(stack: np.ndarray, order: Any = (0, 1, 2)) -> np.ndarray:
    """The rows of all steps below each other."""
    return np.ascontiguousarray(stack.transpose(order)).reshape(-1, stack.shape[-1])


ONE_PRODUCT = Exercise(
    name="One product",
    settings=(_draw_stacks,) * 3,
    solution=lambda s: _rows(s.x).T @ _rows(s.delta_a),
    mistakes={
        "It is transposed: what came in stands first, since weights are stored (in, out).": (
            lambda s: _rows(s.delta_a).T @ _rows(s.x)
        ),
        "A reshape is not a transpose: reshape(n_x, -1) cuts the rows up. Stack, then .T.": (
            lambda s: s.x.reshape(N_X, -1) @ _rows(s.delta_a)
        ),
        "The two stacks are in different order: one by steps, one by samples. Rows must meet.": (
            lambda s: _rows(s.x, (1, 0, 2)).T @ _rows(s.delta_a)
        ),
        "Steps are mixed: sums over time are multiplied, where products are to be summed.": (
            lambda s: s.x.sum(axis=0).T @ s.delta_a.sum(axis=0)
        ),
        "Samples are mixed: sums over the batch are multiplied, where products are to be summed.": (
            lambda s: s.x.sum(axis=1).T @ s.delta_a.sum(axis=1)
        ),
        "These are the shares of the steps: a product for each, not one for all.": (
            lambda s: s.x.swapaxes(1, 2) @ s.delta_a
        ),
        "This is the share of the last step only.": lambda s: s.x[-1].T @ s.delta_a[-1],
        "This is a mean over all rows; the loss is a sum, and so is its gradient.": (
            lambda s: _rows(s.x).T @ _rows(s.delta_a) / (T * N)
        ),
    },
)


BIAS = Exercise(
    name="Gradient of the bias",
    settings=(lambda rng: Deltas(rng.standard_normal((T, N, N_H))),) * 3,
    solution=lambda s: s.delta_a.sum(axis=(0, 1)),
    mistakes={
        "This sums over the steps alone: each sample still has a row. The bias has none.": (
            lambda s: s.delta_a.sum(axis=0)
        ),
        "This sums over the batch alone: each step still has a row. The bias has none.": (
            lambda s: s.delta_a.sum(axis=1)
        ),
        "This sums over the units, the one axis that must stay.": lambda s: s.delta_a.sum(axis=2),
        "This sums over everything: one number, where each unit has a bias of its own.": (
            lambda s: s.delta_a.sum()
        ),
        "This is a mean over steps and batch; the loss is a sum, and so is its gradient.": (
            lambda s: s.delta_a.mean(axis=(0, 1))
        ),
        "This is a mean over the batch; the loss is a sum, and so is its gradient.": (
            lambda s: s.delta_a.mean(axis=1).sum(axis=0)
        ),
        "The right numbers with two axes too many: keepdims leaves them there.": (
            lambda s: s.delta_a.sum(axis=(0, 1), keepdims=True)
        ),
    },
)


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
    gradient, rows, classes = np.zeros((s.n_x, N_H)), _rows(s.delta_a), s.classes.ravel()
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


EXERCISES = (ONE_PRODUCT, BIAS, SUBSCRIPTS, REPEATS, *IN_ORDER)
