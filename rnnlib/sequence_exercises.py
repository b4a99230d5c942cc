"""Exercises on what a step hears: from one loss far away, or from who has heard its word."""

from typing import NamedTuple

import numpy as np

from .activations import softmax
from .bptt import backward
from .exercises import Exercise
from .forward_pass import Trace
from .known_mistakes import lead_along, mistakes_of, settled
from .parameters import Parameters


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


def _whole(s: OneLoss) -> tuple[Parameters, Trace]:
    own = np.zeros_like(s.h)
    own[-1] = s.delta_z @ s.W_hy.T
    return settled(own, s.h, s.W_hh)


def _walk(s: OneLoss) -> np.ndarray:
    return backward(*_whole(s)).delta_h


def _heard_everywhere(s: OneLoss, message: bool) -> np.ndarray:
    """Let every step hear the loss of the last one."""
    own = np.broadcast_to(s.delta_z @ s.W_hy.T, s.h.shape)
    W_hh = s.W_hh if message else 0 * s.W_hh
    return backward(*settled(own, s.h, W_hh)).delta_h


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
    mistakes=mistakes_of(
        (
            "message dropped",
            "sign of the message",
            "message by W_hh",
            "own past only",
            "1 − h² missing",
            "1 − h for 1 − h²",
            "slope of the step before",
        ),
        _whole,
        lambda back: back.delta_h,
    )
    | {
        "The loss is heard at every step; only the last state has one.": lambda s: (
            _heard_everywhere(s, message=True)
        ),
        "Every step hears the loss, and none a message.": lambda s: _heard_everywhere(
            s, message=False
        ),
        "These are the deltas of the pre-activations: the last factor is one too many.": (
            lambda s: _walk(s) * _slopes(s)
        ),
        "Time runs the wrong way: entry 0 belongs to the first step.": lambda s: _walk(s)[::-1],
        "The loss is heard at the first step, where the walk ends; it is that of the last.": (
            lambda s: _walk(s._replace(W_hh=0 * s.W_hh))[::-1]
        ),
    },
    lead=lead_along(_whole, "delta_h"),
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
