"""Exercises on the way back without time: both layers, the biases, the input."""

from typing import NamedTuple

import numpy as np

from .activations import softmax
from .exercises import Exercise


class Outputs(NamedTuple):
    """
    The arguments of the gradient of the second layer.

    Attributes
    ----------
    h : ndarray, shape (N, n_h)
        Output of the first layer.
    y_hat : ndarray, shape (N, n_y)
        Prediction.
    y : ndarray of int, shape (N,)
        Target classes.
    """

    h: np.ndarray
    y_hat: np.ndarray
    y: np.ndarray


class Above(NamedTuple):
    """
    What the layer above says, and what it says it with.

    Attributes
    ----------
    delta_z : ndarray, shape (N, n_y)
        Derivative of the loss by the logits.
    W_hy : ndarray, shape (n_h, n_y)
        Weights of the second layer.
    h : ndarray, shape (N, n_h)
        Output of the first layer.
    """

    delta_z: np.ndarray
    W_hy: np.ndarray
    h: np.ndarray


class Below(NamedTuple):
    """
    The arguments of the derivative by the input.

    Attributes
    ----------
    delta_h : ndarray, shape (N, n_h)
        Derivative of the loss by the output of the first layer.
    h : ndarray, shape (N, n_h)
        Output of the first layer.
    W_xh : ndarray, shape (n_x, n_h)
        Weights of the first layer.
    """

    delta_h: np.ndarray
    h: np.ndarray
    W_xh: np.ndarray


class Batch(NamedTuple):
    """
    All that the network is given.

    Attributes
    ----------
    x : ndarray, shape (N, n_x)
        Inputs.
    y : ndarray of int, shape (N,)
        Target classes.
    W_xh, b_h : ndarray, shapes (n_x, n_h) and (n_h,)
        First layer.
    W_hy, b_y : ndarray, shapes (n_h, n_y) and (n_y,)
        Second layer.
    """

    x: np.ndarray
    y: np.ndarray
    W_xh: np.ndarray
    b_h: np.ndarray
    W_hy: np.ndarray
    b_y: np.ndarray


N, N_X, N_H, N_Y = 5, 2, 3, 7


def _draw_batch(rng: np.random.Generator) -> Batch:
    """Draw weights of order one, so that no term is too small to be missed."""
    return Batch(
        x=rng.standard_normal((N, N_X)),
        y=rng.integers(0, N_Y, N),
        W_xh=rng.standard_normal((N_X, N_H)),
        b_h=rng.standard_normal(N_H),
        W_hy=rng.standard_normal((N_H, N_Y)),
        b_y=rng.standard_normal(N_Y),
    )


def _draw_outputs(rng: np.random.Generator) -> Outputs:
    s = _draw_batch(rng)
    h = _state(s)
    return Outputs(h, softmax(h @ s.W_hy + s.b_y), s.y)


def _draw_above(rng: np.random.Generator) -> Above:
    s = _draw_batch(rng)
    return Above(_delta_z(s), s.W_hy, _state(s))


def _draw_below(rng: np.random.Generator) -> Below:
    s = _draw_batch(rng)
    return Below(_delta_z(s) @ s.W_hy.T, _state(s), s.W_xh)


def _rows(y: np.ndarray) -> np.ndarray:
    return np.eye(N_Y)[y]


def _state(s: Batch) -> np.ndarray:
    return np.tanh(s.x @ s.W_xh + s.b_h)


def _delta_z(s: Batch) -> np.ndarray:
    return softmax(_state(s) @ s.W_hy + s.b_y) - _rows(s.y)


def _first_layer(s: Batch) -> np.ndarray:
    return s.x.T @ _through_tanh(_delta_z(s) @ s.W_hy.T, _state(s))


def _second_layer(h: np.ndarray, delta_z: np.ndarray) -> np.ndarray:
    return np.vstack([h.T @ delta_z, delta_z.sum(axis=0)])


def _delta_h(s: Above) -> np.ndarray:
    return s.delta_z @ s.W_hy.T


def _through_tanh(delta_h: np.ndarray, h: np.ndarray) -> np.ndarray:
    return delta_h * (1 - h * h)


def _delta_a(s: Above) -> np.ndarray:
    return _through_tanh(_delta_h(s), s.h)


SECOND = Exercise(
    name="Second layer",
    settings=(_draw_outputs,) * 3,
    solution=lambda s: _second_layer(s.h, s.y_hat - _rows(s.y)),
    mistakes={
        "Class numbers are subtracted from probabilities: y has to be one-hot rows first.": (
            lambda s: _second_layer(s.h, s.y_hat - s.y[:, np.newaxis])
        ),
        "The sign is turned: delta_z is prediction minus target.": lambda s: _second_layer(
            s.h, _rows(s.y) - s.y_hat
        ),
        "This is the mean over the batch; the loss is the sum.": lambda s: (
            _second_layer(s.h, s.y_hat - _rows(s.y)) / N
        ),
        "The weights are right; the row of the bias is averaged, and should be a sum.": lambda s: (
            np.vstack([s.h.T @ (s.y_hat - _rows(s.y)), (s.y_hat - _rows(s.y)).mean(axis=0)])
        ),
        "The weights are right; the row of the bias is missing.": lambda s: (
            s.h.T @ (s.y_hat - _rows(s.y))
        ),
    },
)


FIRST_BIAS = Exercise(
    name="First bias",
    settings=(_draw_above,) * 3,
    solution=lambda s: _delta_a(s).sum(axis=0),
    mistakes={
        "The slope of tanh is missing: this is the sum of delta_h.": lambda s: _delta_h(s).sum(
            axis=0
        ),
        "These are the rows of delta_a: add them up over the batch.": _delta_a,
        "The sum runs over the units; it should run over the batch, axis 0.": lambda s: _delta_a(
            s
        ).sum(axis=1),
        "This is the mean over the batch; the loss is the sum.": lambda s: _delta_a(s).mean(axis=0),
        "Each factor was summed first; multiply sample by sample, and sum then.": lambda s: (
            _delta_h(s).sum(axis=0) * (1 - s.h * s.h).sum(axis=0)
        ),
        "The delta is squared where the state is meant, and the factor delta_h is missing.": (
            lambda s: (1 - _delta_h(s) ** 2).sum(axis=0)
        ),
        "The delta is squared where the state is meant: the slope is 1 − h².": lambda s: (
            _through_tanh(_delta_h(s), _delta_h(s)).sum(axis=0)
        ),
        "tanh is taken twice: h is its value already, and the slope is 1 − h².": lambda s: (
            _through_tanh(_delta_h(s), np.tanh(s.h)).sum(axis=0)
        ),
        "This is the other bias, that of the logits.": lambda s: s.delta_z.sum(axis=0),
    },
)


INPUT = Exercise(
    name="Input",
    settings=(_draw_below,) * 3,
    solution=lambda s: _through_tanh(s.delta_h, s.h) @ s.W_xh.T,
    mistakes={
        "The slope of tanh is missing: delta_h went through the weights as it is.": lambda s: (
            s.delta_h @ s.W_xh.T
        ),
        "This is summed over the batch; each sample has an input of its own.": lambda s: (
            _through_tanh(s.delta_h, s.h) @ s.W_xh.T
        ).sum(axis=0),
        "It is transposed: rows are samples, as in x.": lambda s: (
            s.W_xh @ _through_tanh(s.delta_h, s.h).T
        ),
        "The delta is squared where the state is meant: the slope is 1 − h².": lambda s: (
            _through_tanh(s.delta_h, s.delta_h) @ s.W_xh.T
        ),
    },
)


FIRST = Exercise(
    name="First layer",
    settings=(_draw_batch,) * 3,
    solution=_first_layer,
    mistakes={
        "The wrong layer: this is x.T @ delta_z, and the shape is not that of W_xh.": lambda s: (
            s.x.T @ _delta_z(s)
        ),
        "The slope of tanh is missing: this is x.T @ delta_h.": lambda s: (
            s.x.T @ (_delta_z(s) @ s.W_hy.T)
        ),
        "It is transposed: a gradient has the shape of its parameter.": lambda s: _first_layer(s).T,
        "The sign is turned: delta_z is prediction minus target.": lambda s: -_first_layer(s),
        "This is the mean over the batch; the loss is the sum.": lambda s: _first_layer(s) / N,
        "The bias b_h is missing on the way there.": lambda s: _first_layer(
            s._replace(b_h=0.0 * s.b_h)
        ),
    },
)

EXERCISES = (SECOND, FIRST_BIAS, INPUT, FIRST)
