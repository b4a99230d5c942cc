"""An exercise on words that are heard again: the two paths from a state to the next one."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from .activations import softmax
from .derivatives import softmax_jacobian
from .exercises import Exercise


class Fed(NamedTuple):
    """
    A decoder that hears its own words, for one sequence.

    Attributes
    ----------
    y_hat : ndarray, shape (T, n_y)
        Predictions; each is the input of the step after it.
    h : ndarray, shape (T, n_h)
        States of the decoder.
    W_xh : ndarray, shape (n_y, n_h)
        From the word that is heard to the state.
    W_hh : ndarray, shape (n_h, n_h)
        From the state to the next state.
    W_hy : ndarray, shape (n_h, n_y)
        From the state to the logits.
    """

    y_hat: np.ndarray
    h: np.ndarray
    W_xh: np.ndarray
    W_hh: np.ndarray
    W_hy: np.ndarray


def _draw_fed(rng: np.random.Generator) -> Fed:
    """Draw states so far from 0 that no slope is near 1, and words that are not all alike."""
    T, n_h, n_y = 5, 3, 4
    h = rng.choice([-1, 1], (T, n_h)) * rng.uniform(0.3, 0.8, (T, n_h))
    weights = (rng.standard_normal(shape) for shape in ((n_y, n_h), (n_h, n_h), (n_h, n_y)))
    return Fed(softmax(2 * rng.standard_normal((T, n_y))), h, *weights)


Matrix = Callable[[np.ndarray], np.ndarray]


def _slope(h: np.ndarray) -> np.ndarray:
    return np.diag(1 - h * h)


def _unit(row: np.ndarray) -> np.ndarray:
    return np.eye(len(row))


def _carriers(
    s: Fed,
    said: Matrix = softmax_jacobian,
    slope: Matrix = _slope,
    of_word: Matrix = _slope,
    *,
    first: int = 1,
    late: int = 1,
    state: bool = True,
) -> list[np.ndarray]:
    """Add both paths into each step: through the state, and from `first` on through a word."""
    found = []
    for t, h in enumerate(s.h):
        through_word = s.W_xh.T @ said(s.y_hat[t - late]) @ s.W_hy.T * (t >= first)
        through_state = s.W_hh.T * (state or t == 0)
        found.append(slope(h) @ through_state + of_word(h) @ through_word)
    return found


def _products(carriers: list[np.ndarray], newest_first: bool = True) -> np.ndarray:
    """Multiply step by step; the newest factor stands on the left, or on the right."""
    found = [np.eye(len(carriers[0]))]
    for each in carriers:
        found.append(each @ found[-1] if newest_first else found[-1] @ each)
    return np.stack(found[1:])


def _influence(s: Fed, *others: Matrix, **more: Any) -> np.ndarray:
    return _products(_carriers(s, *others, **more))


TWO_PATHS = Exercise(
    name="Two paths",
    settings=(_draw_fed,) * 3,
    solution=_influence,
    mistakes={
        "The path through the word is forgotten: a state is heard in the word that it says.": (
            lambda s: _influence(s, first=len(s.h))
        ),
        "The path through W_hh is forgotten: from step 1 on only words carry here.": (
            lambda s: _influence(s, state=False)
        ),
        "Softmax is missing on the path through the word: it stands between W_hy and W_xh.": (
            lambda s: _influence(s, _unit)
        ),
        "Only one case of softmax is here: each logit moves every probability.": lambda s: (
            _influence(s, lambda y_hat: np.diag(y_hat * (1 - y_hat)))
        ),
        "The word is one step too late: at step t the word of step t − 1 is heard.": lambda s: (
            _influence(s, late=0)
        ),
        "The start word is given: at step 0 nothing is heard of y_hat[-1], the last word.": (
            lambda s: _influence(s, first=0)
        ),
        "The slope of tanh is missing on both paths.": lambda s: _influence(
            s, softmax_jacobian, _unit, _unit
        ),
        "The slope of tanh is missing on the path through the word.": lambda s: _influence(
            s, softmax_jacobian, _slope, _unit
        ),
        "The slope of tanh is missing on the path through the state.": lambda s: _influence(
            s, softmax_jacobian, _unit
        ),
        "W_hh is not transposed: row j of the matrix belongs to the later unit.": lambda s: (
            _influence(s._replace(W_hh=s.W_hh.T))
        ),
        "The path through the word is transposed: h meets W_hy first, so W_hy.T stands right.": (
            lambda s: _influence(s._replace(W_xh=s.W_hy.T, W_hy=s.W_xh.T))
        ),
        "The factors are in the wrong order: the newest step stands on the left.": lambda s: (
            _products(_carriers(s), newest_first=False)
        ),
        "These are the matrices that carry; the influence is their product so far.": lambda s: (
            np.stack(_carriers(s))
        ),
        "This is the last step; return all of them.": lambda s: _influence(s)[-1],
    },
)
