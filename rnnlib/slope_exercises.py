"""Exercises on slopes: of the logistic function, of softmax, and of a loss by the logits."""

from typing import NamedTuple

import numpy as np

from .activations import sigmoid, softmax
from .derivatives import softmax_backward
from .exercises import Exercise
from .losses import cross_entropy_delta


class Value(NamedTuple):
    """
    The argument of a slope that is written with the value of its function.

    Attributes
    ----------
    h : ndarray, shape (N, n_h)
        Values of the function.
    """

    h: np.ndarray


class Scored(NamedTuple):
    """
    The arguments of a delta.

    Attributes
    ----------
    z : ndarray, shape (T, N, n_y)
        Logits.
    y : ndarray of int, shape (T, N)
        Target classes.
    """

    z: np.ndarray
    y: np.ndarray


class Weighed(NamedTuple):
    """
    The arguments of a delta whose targets are rows.

    Attributes
    ----------
    z : ndarray, shape (N, n_y)
        Logits.
    y : ndarray, shape (N, n_y)
        A weight for each class, not negative. No row need sum to 1.
    """

    z: np.ndarray
    y: np.ndarray


class Pulled(NamedTuple):
    """
    The arguments of a way back through softmax.

    Attributes
    ----------
    y_hat : ndarray, shape (N, n_y)
        Values of softmax.
    delta_y_hat : ndarray, shape (N, n_y)
        Derivative of some loss by them.
    """

    y_hat: np.ndarray
    delta_y_hat: np.ndarray


def _draw_value(rng: np.random.Generator) -> Value:
    return Value(sigmoid(rng.standard_normal((3, 5))))


def _draw_scored(rng: np.random.Generator) -> Scored:
    """Draw multiples of 1/1024, which float32 holds exactly even after a shift by 1024."""
    z = rng.integers(-2048, 2049, (5, 3, 7)) / 1024
    return Scored(z, rng.integers(0, 7, (5, 3)))


def _draw_loud(rng: np.random.Generator) -> Scored:
    """Draw one row whose powers overflow, and one target whose probability is rounded to 0."""
    z, y = _draw_scored(rng)
    z[0, 0] += 1024.0
    z[1, 2, y[1, 2]] -= 1024.0
    return Scored(z, y)


def _draw_weighed(rng: np.random.Generator) -> Weighed:
    """Draw one row that sums to 1, one of zeros, and others that do neither."""
    weights = rng.uniform(0.2, 1.0, (5, 7))
    weights[0] /= weights[0].sum()
    weights[1] = 0.0
    return Weighed(rng.standard_normal((5, 7)), weights)


def _draw_pulled(rng: np.random.Generator) -> Pulled:
    return Pulled(softmax(rng.standard_normal((3, 5))), rng.standard_normal((3, 5)))


def _one_hot(s: Scored) -> np.ndarray:
    return np.eye(s.z.shape[-1])[s.y]


def _unsafe_softmax(z: np.ndarray) -> np.ndarray:
    e = np.exp(z)
    return e / e.sum(axis=-1, keepdims=True)


def _in_two_steps(s: Scored) -> np.ndarray:
    """Divide by the probability, then multiply by it: 0/0 where it is rounded to 0."""
    y_hat = softmax(s.z)
    upstream = -_one_hot(s) / y_hat
    return y_hat * (upstream - (upstream * y_hat).sum(axis=-1, keepdims=True))


SLOPE = Exercise(
    name="Slope of the logistic function",
    settings=(_draw_value,) * 3,
    solution=lambda s: s.h * (1 - s.h),
    mistakes={
        "This is the slope of tanh, 1 − h². The logistic function has another one.": lambda s: (
            1 - s.h * s.h
        ),
        "h is the value already: the logistic function is applied once more here.": lambda s: (
            sigmoid(s.h) * (1 - sigmoid(s.h))
        ),
        "The factor h is missing.": lambda s: 1 - s.h,
        "The factor 1 − h is missing.": lambda s: s.h,
        "The sign is wrong: the logistic function rises everywhere.": lambda s: -s.h * (1 - s.h),
        "The exponent of the second factor is 1, not 2.": lambda s: s.h * (1 - s.h) ** 2,
    },
)


DELTA = Exercise(
    name="From logits to their delta",
    settings=(_draw_scored, _draw_scored, _draw_loud),
    solution=lambda s: cross_entropy_delta(s.z, s.y),
    mistakes={
        "The sign is turned around: it is the prediction minus the target.": lambda s: (
            -cross_entropy_delta(s.z, s.y)
        ),
        "This is the element-wise recipe: only the target moves, and the other classes "
        "have to move too.": lambda s: -_one_hot(s) * (1 - softmax(s.z)),
        "Both factors of the element-wise recipe are here, with ŷ − y for the first.": lambda s: (
            cross_entropy_delta(s.z, s.y) * softmax(s.z) * (1 - softmax(s.z))
        ),
        "Softmax is missing: these are the logits minus the target.": lambda s: s.z - _one_hot(s),
        "The target is missing: this is the prediction.": lambda s: softmax(s.z),
        "The class number is subtracted, not the row with a single 1.": lambda s: (
            softmax(s.z) - s.y[..., np.newaxis]
        ),
        "The sum over the classes stops at the class itself, as document 001 prints it.": (
            lambda s: np.cumsum(_one_hot(s), axis=-1) * softmax(s.z) - _one_hot(s)
        ),
        "This is divided by the number of rows: the loss is a sum, and so is its slope.": (
            lambda s: cross_entropy_delta(s.z, s.y) / s.y.size
        ),
        "This is divided by the size of the batch: the loss is a sum, and so is its slope.": (
            lambda s: cross_entropy_delta(s.z, s.y) / s.y.shape[1]
        ),
        "The batch is added up: each row has a delta of its own.": lambda s: cross_entropy_delta(
            s.z, s.y
        ).sum(axis=1),
        "It overflows: shift each row by its largest logit, as in chapter 1.": lambda s: (
            _unsafe_softmax(s.z) - _one_hot(s)
        ),
        "It divides by a probability that was rounded to 0. On paper the two cancel, so let them "
        "cancel on paper.": _in_two_steps,
    },
)


WEIGHED = Exercise(
    name="Targets that do not sum to one",
    settings=(_draw_weighed,) * 3,
    solution=lambda s: s.y.sum(axis=-1, keepdims=True) * softmax(s.z) - s.y,
    mistakes={
        "This is ŷ − y, which needs a target that sums to 1. What stands in front of ŷ in "
        "the class sum?": lambda s: softmax(s.z) - s.y,
        "The sum runs over the batch, axis 0; it has to run over the classes.": lambda s: (
            s.y.sum(axis=0) * softmax(s.z) - s.y
        ),
        "The whole is multiplied by the sum, but the sum stands in front of ŷ only.": lambda s: (
            s.y.sum(axis=-1, keepdims=True) * (softmax(s.z) - s.y)
        ),
        "The sign is turned around: it is the prediction minus the target.": lambda s: (
            s.y - s.y.sum(axis=-1, keepdims=True) * softmax(s.z)
        ),
        "The target is divided by its sum first; that is another loss.": lambda s: (
            softmax(s.z) - s.y / np.maximum(s.y.sum(axis=-1, keepdims=True), 1e-30)
        ),
        "Only the target moves here: this is the element-wise recipe.": lambda s: (
            -s.y * (1 - softmax(s.z))
        ),
    },
)


PULL = Exercise(
    name="Back through softmax, for any loss",
    settings=(_draw_pulled,) * 3,
    solution=lambda s: softmax_backward(s.y_hat, s.delta_y_hat),
    mistakes={
        "This is the element-wise recipe: what the other classes lose is missing.": lambda s: (
            s.delta_y_hat * s.y_hat * (1 - s.y_hat)
        ),
        "The sum over the classes is missing.": lambda s: s.delta_y_hat * s.y_hat,
        "The sum lacks its weights: each δ counts with its ŷ.": lambda s: (
            s.y_hat * (s.delta_y_hat - s.delta_y_hat.sum(axis=-1, keepdims=True))
        ),
        "This is the mean over the classes; ŷ has to weigh them.": lambda s: (
            s.y_hat * (s.delta_y_hat - s.delta_y_hat.mean(axis=-1, keepdims=True))
        ),
        "The sum runs over the batch, axis 0; it has to run over the classes.": lambda s: (
            s.y_hat * (s.delta_y_hat - (s.delta_y_hat * s.y_hat).sum(axis=0))
        ),
        "One sum for the whole array: each row needs its own.": lambda s: (
            s.y_hat * (s.delta_y_hat - (s.delta_y_hat * s.y_hat).sum())
        ),
        "The sign of the sum is wrong: what one class wins, the others lose.": lambda s: (
            s.y_hat * (s.delta_y_hat + (s.delta_y_hat * s.y_hat).sum(axis=-1, keepdims=True))
        ),
        "The factor ŷ in front is missing.": lambda s: (
            s.delta_y_hat - (s.delta_y_hat * s.y_hat).sum(axis=-1, keepdims=True)
        ),
    },
)

EXERCISES = (SLOPE, DELTA, WEIGHED, PULL)
