"""Exercises on the output: softmax, and the loss of a sequence."""

from typing import NamedTuple

import numpy as np

from .activations import softmax
from .exercises import Exercise
from .losses import cross_entropy


class Row(NamedTuple):
    """
    The argument of softmax.

    Attributes
    ----------
    z : ndarray, shape (..., n_y)
        Logits.
    """

    z: np.ndarray


class Outcome(NamedTuple):
    """
    The arguments of a loss.

    Attributes
    ----------
    z : ndarray, shape (T, N, n_y)
        Logits.
    y : ndarray of int, shape (T, N)
        Target classes.
    """

    z: np.ndarray
    y: np.ndarray


def _draw_logits(rng: np.random.Generator, shape: tuple[int, ...] = (3, 5)) -> Row:
    """Draw multiples of 1/1024: float32 still holds them exactly after a shift by 1024."""
    return Row(rng.integers(-2048, 2049, shape) / 1024)


def _draw_huge_logits(rng: np.random.Generator) -> Row:
    """Draw one row that would overflow and one that would underflow."""
    return Row(_draw_logits(rng).z + np.array([[0.0], [1024.0], [-1024.0]]))


def _draw_outcome(rng: np.random.Generator) -> Outcome:
    T, N, n_y = 5, 3, 7
    return Outcome(_draw_logits(rng, (T, N, n_y)).z, rng.integers(0, n_y, (T, N)))


def _draw_surprise(rng: np.random.Generator) -> Outcome:
    """Draw one target whose probability is rounded to 0."""
    z, y = _draw_outcome(rng)
    z[1, 2, y[1, 2]] -= 1024.0
    return Outcome(z, y)


def _losses(s: Outcome) -> np.ndarray:
    return cross_entropy(s.z, s.y)


def _normalised(e: np.ndarray, axis: int | None = -1) -> np.ndarray:
    return e / e.sum(axis=axis, keepdims=True)


def _at_targets(values: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.take_along_axis(values, y[..., np.newaxis], axis=-1)[..., 0]


SOFTMAX = Exercise(
    name="Softmax",
    settings=(_draw_logits, _draw_logits, _draw_huge_logits),
    solution=lambda s: softmax(s.z),
    mistakes={
        "The exponentials are not divided by their sum.": lambda s: np.exp(s.z),
        "The exponential is missing: the logits themselves are divided by their sum.": lambda s: (
            _normalised(s.z)
        ),
        "The sum runs over the batch, axis 0; each row must sum to 1.": lambda s: _normalised(
            np.exp(s.z - s.z.max()), axis=0
        ),
        "One sum for the whole array: each row needs its own.": lambda s: _normalised(
            np.exp(s.z - s.z.max()), axis=None
        ),
        "Each class is shifted by its own maximum; shift whole rows.": lambda s: _normalised(
            np.exp(s.z - s.z.max(axis=0))
        ),
        "This is the logarithm of softmax.": lambda s: np.log(softmax(s.z)),
        "The base is 2 where e is meant.": lambda s: softmax(s.z * np.log(2)),
        "It overflows: subtract the largest logit of each row before the exponential.": lambda s: (
            _normalised(np.exp(s.z))
        ),
        "One maximum for the whole batch: a row far below it is rounded to 0, and 0/0 is left.": (
            lambda s: _normalised(np.exp(s.z - s.z.max()))
        ),
    },
)


LOSS = Exercise(
    name="Loss of a sequence",
    settings=(_draw_outcome, _draw_outcome, _draw_surprise),
    solution=lambda s: _losses(s).sum(),
    mistakes={
        "A probability was rounded to 0, and its logarithm is infinite: "
        "work with log_sum_exp of the logits.": lambda s: (
            -np.log(_at_targets(softmax(s.z), s.y)).sum()
        ),
        "This is the mean over steps and batch; the loss is the sum.": lambda s: _losses(s).mean(),
        "The steps are averaged; the loss is their sum.": lambda s: _losses(s).sum(axis=1).mean(),
        "The batch is averaged; the loss is its sum.": lambda s: _losses(s).mean(axis=1).sum(),
        "One number for each step and sample: add them up.": _losses,
        "One number for each step: add them up.": lambda s: _losses(s).sum(axis=1),
        "One number for each sample: add them up.": lambda s: _losses(s).sum(axis=0),
        "The minus sign is missing.": lambda s: -_losses(s).sum(),
        "The logarithm has base 2, so these are bits: nats need the natural logarithm.": lambda s: (
            _losses(s).sum() / np.log(2)
        ),
        "The logarithm has base 10: nats need the natural logarithm.": lambda s: (
            _losses(s).sum() / np.log(10)
        ),
        "These are the probabilities of the targets: take minus their logarithms.": lambda s: (
            _at_targets(softmax(s.z), s.y).sum()
        ),
        "This is 1 minus each probability: take minus the logarithm of each.": lambda s: (
            1 - _at_targets(softmax(s.z), s.y)
        ).sum(),
        "Softmax is missing: these are minus the logits of the targets.": lambda s: (
            -_at_targets(s.z, s.y).sum()
        ),
        "Every class counts here, not only the target.": lambda s: -np.log(softmax(s.z)).sum(),
        "This is the entropy of the prediction: the target y does not enter.": lambda s: (
            -(softmax(s.z) * np.log(softmax(s.z))).sum()
        ),
        "Softmax runs over the batch, axis 1; it belongs to the last axis.": lambda s: (
            -np.log(_at_targets(_normalised(np.exp(s.z), axis=1), s.y)).sum()
        ),
    },
)
