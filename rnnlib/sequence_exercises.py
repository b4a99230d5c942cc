"""Exercises on what a step hears: from one loss far away, or from who has heard its word."""

from typing import NamedTuple

import numpy as np

from .activations import softmax
from .exercises import Exercise


class OneLoss(NamedTuple):
    """
    What the walk back of a network with one loss needs.

    Attributes
    ----------
    delta_z : ndarray, shape (N, n_y)
        Delta of the only logits, those of the last step.
    h : ndarray, shape (T, N, n_h)
        States.
    W_hy : ndarray, shape (n_h, n_y)
        From the state to the logits.
    W_hh : ndarray, shape (n_h, n_h)
        From the state to the next state.
    """

    delta_z: np.ndarray
    h: np.ndarray
    W_hy: np.ndarray
    W_hh: np.ndarray


class Heard(NamedTuple):
    """
    Words that were said and heard again.

    Attributes
    ----------
    y_hat : ndarray, shape (T, N, n_y)
        Predictions; each is the input of the step after it.
    y : ndarray of int, shape (T, N)
        Target classes.
    delta_x : ndarray, shape (T, N, n_y)
        Deltas of the words that were heard.
    """

    y_hat: np.ndarray
    y: np.ndarray
    delta_x: np.ndarray


def _draw_one_loss(rng: np.random.Generator) -> OneLoss:
    T, N, n_h, n_y = 5, 2, 3, 7
    return OneLoss(
        rng.standard_normal((N, n_y)),
        rng.uniform(-0.8, 0.8, (T, N, n_h)),
        rng.standard_normal((n_h, n_y)),
        rng.standard_normal((n_h, n_h)),
    )


def _draw_heard(rng: np.random.Generator) -> Heard:
    T, N, n_y = 5, 2, 7
    return Heard(
        softmax(rng.standard_normal((T, N, n_y))),
        rng.integers(0, n_y, (T, N)),
        rng.standard_normal((T, N, n_y)),
    )


def _walk(s: OneLoss, *, message: float = 1.0, every: float = 0.0, slope: int = 1) -> np.ndarray:
    """Walk back, with the message weighed, the loss at every step, or the slope elsewhere."""
    upstream = s.delta_z @ s.W_hy.T
    delta_h = [upstream]
    for t in reversed(range(1, len(s.h))):
        delta_a = delta_h[0] * (1 - s.h[t - 1 + slope] ** 2)
        delta_h.insert(0, message * delta_a @ s.W_hh.T + every * upstream)
    return np.stack(delta_h)


def _slopes(s: OneLoss) -> np.ndarray:
    return 1 - s.h**2


def _own(s: Heard) -> np.ndarray:
    return s.y_hat - np.eye(s.y_hat.shape[-1])[s.y]


def _later(delta_x: np.ndarray) -> np.ndarray:
    """Move each delta to the step that said the word; nobody hears the last one."""
    return np.concatenate([delta_x[1:], 0 * delta_x[:1]])


def _through_softmax(y_hat: np.ndarray, delta: np.ndarray) -> np.ndarray:
    return y_hat * (delta - (delta * y_hat).sum(axis=-1, keepdims=True))


ONE_LOSS = Exercise(
    name="One loss",
    settings=(_draw_one_loss,) * 3,
    solution=_walk,
    mistakes={
        "The loss is heard at every step; only the last state has one.": lambda s: _walk(
            s, every=1.0
        ),
        "No message was passed: the steps before the last hear nothing.": lambda s: _walk(
            s, message=0.0
        ),
        "Every step hears the loss, and none a message.": lambda s: _walk(
            s, message=0.0, every=1.0
        ),
        "The slope is that of the step that hears; the message passes tanh at t + 1.": lambda s: (
            _walk(s, slope=0)
        ),
        "tanh has no slope here: multiply by 1 - h**2.": lambda s: _walk(s._replace(h=0 * s.h)),
        "W_hh is not transposed: back through a product of rows goes @ W_hh.T.": lambda s: _walk(
            s._replace(W_hh=s.W_hh.T)
        ),
        "These are the deltas of the pre-activations: the last factor is one too many.": (
            lambda s: _walk(s) * _slopes(s)
        ),
        "Time runs the wrong way: entry 0 belongs to the first step.": lambda s: _walk(s)[::-1],
        "The loss is heard at the first step, where the walk ends; it is that of the last.": (
            lambda s: _walk(s, message=0.0)[::-1]
        ),
    },
)

HEARD = Exercise(
    name="A word that is heard",
    settings=(_draw_heard,) * 3,
    solution=lambda s: _own(s) + _through_softmax(s.y_hat, _later(s.delta_x)),
    mistakes={
        "These are the deltas under teacher forcing: nobody has heard the words.": _own,
        "The loss of the word itself is missing.": lambda s: _through_softmax(
            s.y_hat, _later(s.delta_x)
        ),
        "Softmax is missing: what was heard is the prediction, and not the logits.": lambda s: (
            _own(s) + _later(s.delta_x)
        ),
        "Only one case of softmax is here: each logit moves every probability.": lambda s: (
            _own(s) + s.y_hat * (1 - s.y_hat) * _later(s.delta_x)
        ),
        "The word is heard one step later: this is delta_x of the same step.": lambda s: (
            _own(s) + _through_softmax(s.y_hat, s.delta_x)
        ),
        "The last word comes back to the first step; nobody hears it.": lambda s: (
            _own(s) + _through_softmax(s.y_hat, np.roll(s.delta_x, -1, axis=0))
        ),
        "The second term is subtracted; two paths add up.": lambda s: (
            _own(s) - _through_softmax(s.y_hat, _later(s.delta_x))
        ),
    },
)

EXERCISES = (ONE_LOSS, HEARD)
