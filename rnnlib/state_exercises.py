"""Exercises on the state: one step, and all of them."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from .activations import sigmoid
from .exercises import Exercise


class Sequence(NamedTuple):
    """
    The arguments of an unrolling.

    Attributes
    ----------
    x : ndarray, shape (T, N, n_x)
        Inputs.
    h_init : ndarray, shape (N, n_h)
        The state before the first input.
    W_xh : ndarray, shape (n_x, n_h)
        From the input to the state.
    W_hh : ndarray, shape (n_h, n_h)
        From the state to the next state.
    b_h : ndarray, shape (n_h,)
        Bias of the state.
    """

    x: np.ndarray
    h_init: np.ndarray
    W_xh: np.ndarray
    W_hh: np.ndarray
    b_h: np.ndarray


class Step(NamedTuple):
    """
    The arguments of one step.

    Attributes
    ----------
    x_t : ndarray, shape (N, n_x)
        Input of the step.
    h_prev : ndarray, shape (N, n_h)
        The state before it.
    W_xh : ndarray, shape (n_x, n_h)
        From the input to the state.
    W_hh : ndarray, shape (n_h, n_h)
        From the state to the next state.
    b_h : ndarray, shape (n_h,)
        Bias of the state.
    """

    x_t: np.ndarray
    h_prev: np.ndarray
    W_xh: np.ndarray
    W_hh: np.ndarray
    b_h: np.ndarray


def _draw_sequence(rng: np.random.Generator) -> Sequence:
    """Draw weights of order one, so that no term is too small to be missed."""
    T, N, n_x, n_h = 5, 2, 7, 3
    return Sequence(
        x=rng.standard_normal((T, N, n_x)),
        h_init=rng.uniform(-0.9, 0.9, (N, n_h)),
        W_xh=rng.standard_normal((n_x, n_h)) / np.sqrt(n_x),
        W_hh=rng.standard_normal((n_h, n_h)),
        b_h=rng.standard_normal(n_h),
    )


def _draw_step(rng: np.random.Generator) -> Step:
    x, *others = _draw_sequence(rng)
    return Step(x[0], *others)


def _step(s: Step) -> np.ndarray:
    return np.tanh(s.x_t @ s.W_xh + s.h_prev @ s.W_hh + s.b_h)


def _unroll(s: Sequence, squash: Callable[[np.ndarray], np.ndarray] = np.tanh) -> np.ndarray:
    h, states = s.h_init, []
    for x_t in s.x:
        h = squash(x_t @ s.W_xh + h @ s.W_hh + s.b_h)
        states.append(h)
    return np.stack(states)


STEP = Exercise(
    name="One step",
    settings=(_draw_step,) * 3,
    solution=_step,
    mistakes={
        "The bias b_h is missing.": lambda s: _step(s._replace(b_h=0.0)),
        "The bias is added after tanh; it belongs inside.": lambda s: (
            _step(s._replace(b_h=0.0)) + s.b_h
        ),
        "tanh is missing: this is the pre-activation.": lambda s: (
            s.x_t @ s.W_xh + s.h_prev @ s.W_hh + s.b_h
        ),
        "Each product has a tanh of its own; tanh goes around the whole sum.": lambda s: (
            np.tanh(s.x_t @ s.W_xh) + np.tanh(s.h_prev @ s.W_hh + s.b_h)
        ),
        "The logistic function stands where tanh is meant.": lambda s: sigmoid(
            s.x_t @ s.W_xh + s.h_prev @ s.W_hh + s.b_h
        ),
        "W_hh is transposed: rows times stored weights is h_prev @ W_hh.": lambda s: _step(
            s._replace(W_hh=s.W_hh.T)
        ),
        "W_hh is missing: the old state is added as it is.": lambda s: _step(
            s._replace(W_hh=np.eye(len(s.b_h)))
        ),
        "The old state does not enter: h_prev @ W_hh is missing.": lambda s: _step(
            s._replace(W_hh=0.0 * s.W_hh)
        ),
        "The input does not enter: x_t @ W_xh is missing.": lambda s: _step(
            s._replace(W_xh=0.0 * s.W_xh)
        ),
    },
)


UNROLL = Exercise(
    name="Unrolling",
    settings=(_draw_sequence,) * 3,
    solution=_unroll,
    mistakes={
        "The bias b_h is missing.": lambda s: _unroll(s._replace(b_h=0.0)),
        "tanh is missing: these are pre-activations.": lambda s: _unroll(s, squash=np.positive),
        "W_hh is transposed: rows times stored weights is h_prev @ W_hh.": lambda s: _unroll(
            s._replace(W_hh=s.W_hh.T)
        ),
        "The first step starts from zeros; h_init must enter at t = 0 "
        "(if you wrote h[t - 1]: at t = 0 that is h[-1], the last row).": lambda s: _unroll(
            s._replace(h_init=0.0 * s.h_init)
        ),
        "Every step starts from zeros: h[t] was read before it was written. Read h[t - 1].": (
            lambda s: _unroll(s._replace(h_init=0.0 * s.h_init, W_hh=0.0 * s.W_hh))
        ),
        "Only the first step has a state before it; hand each state on to the next step.": (
            lambda s: np.concatenate(
                [_unroll(s)[:1], np.tanh(s.x[1:] @ s.W_xh + s.b_h)]  # h_t read before it exists
            )
        ),
        "Every step starts from h_init; hand each state on to the next step.": lambda s: np.tanh(
            s.x @ s.W_xh + s.h_init @ s.W_hh + s.b_h
        ),
        "These are the states before each step; return the states after it.": lambda s: np.stack(
            [s.h_init, *_unroll(s)[:-1]]
        ),
        "h_init is among the states; return the T states after it.": lambda s: np.stack(
            [s.h_init, *_unroll(s)]
        ),
        "This is the last state; return all of them.": lambda s: _unroll(s)[-1],
        "Time runs backwards; begin with x[0].": lambda s: _unroll(s._replace(x=s.x[::-1])),
    },
)
