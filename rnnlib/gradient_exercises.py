"""Exercises on gradients through time: what each parameter collects on the walk back."""

from typing import NamedTuple

import numpy as np

from .exercises import Exercise
from .forward_pass import Trace
from .known_mistakes import KNOWN, mistakes_of, settled
from .parameters import Parameters


class Recurrent(NamedTuple):
    """
    What the gradient of the recurrent weights needs.

    Attributes
    ----------
    delta_a : ndarray, shape (T, N, n_h)
        Derivative of the loss by the pre-activations.
    h : ndarray, shape (T, N, n_h)
        States.
    h_init : ndarray, shape (N, n_h)
        The state before the first input.
    """

    delta_a: np.ndarray
    h: np.ndarray
    h_init: np.ndarray


class Entering(NamedTuple):
    """
    What the gradient of the input weights needs.

    Attributes
    ----------
    delta_a : ndarray, shape (T, N, n_h)
        Derivative of the loss by the pre-activations.
    x : ndarray, shape (T, N, n_x)
        Inputs.
    """

    delta_a: np.ndarray
    x: np.ndarray


class Biases(NamedTuple):
    """
    What the gradients of the biases need.

    Attributes
    ----------
    delta_a : ndarray, shape (T, N, n_h)
        Derivative of the loss by the pre-activations.
    delta_z : ndarray, shape (T, N, n_y)
        Derivative of the loss by the logits.
    """

    delta_a: np.ndarray
    delta_z: np.ndarray


class Output(NamedTuple):
    """
    What the share of each step in the output layer needs.

    Attributes
    ----------
    delta_z : ndarray, shape (T, N, n_y)
        Derivative of the loss by the logits.
    h : ndarray, shape (T, N, n_h)
        States.
    """

    delta_z: np.ndarray
    h: np.ndarray


T, N, N_X, N_H, N_Y = 5, 2, 11, 3, 7
OF_ANY_MEAN = ("mean over the batch", "mean over the steps", "mean over steps and batch")
OF_ANY_BIAS = ("first step only", "last step only", *OF_ANY_MEAN)
OF_ANY_SUM = ("rows in another order", "sums multiplied", *OF_ANY_BIAS)
OF_STATES = ("h_t for h_{t−1}", "first step lost", "last state before the first")


def _deltas(rng: np.random.Generator, size: int) -> np.ndarray:
    return rng.standard_normal((T, N, size))


def _states(rng: np.random.Generator) -> np.ndarray:
    """Draw states so far from 0 that no slope is near 1."""
    return rng.choice([-1, 1], (T, N, N_H)) * rng.uniform(0.3, 0.9, (T, N, N_H))


def _draw_recurrent(rng: np.random.Generator) -> Recurrent:
    return Recurrent(_deltas(rng, N_H), _states(rng), _states(rng)[0])


def _draw_entering(rng: np.random.Generator) -> Entering:
    return Entering(_deltas(rng, N_H), _deltas(rng, N_X))


def _draw_biases(rng: np.random.Generator) -> Biases:
    return Biases(_deltas(rng, N_H), _deltas(rng, N_Y))


def _draw_output(rng: np.random.Generator) -> Output:
    return Output(_deltas(rng, N_Y), _states(rng))


def _products(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    return np.einsum("tni,tnj->ij", left, right)


def _recurrent(s: Recurrent) -> tuple[Parameters, Trace]:
    """Settle a walk without messages that has these deltas."""
    return settled(s.delta_a / (1 - s.h**2), s.h, h_init=s.h_init)


def _entering(s: Entering) -> tuple[Parameters, Trace]:
    return settled(s.delta_a, np.zeros_like(s.delta_a), x=s.x)


def _both_biases(s: Biases) -> tuple[Parameters, Trace]:
    """Settle a walk of which one bias has the deltas of both."""
    deltas = np.concatenate([s.delta_a, s.delta_z], axis=2)
    return settled(deltas, np.zeros_like(deltas))


def _before(s: Recurrent) -> np.ndarray:
    return np.concatenate([s.h_init[np.newaxis], s.h[:-1]])


def _both(s: Biases) -> np.ndarray:
    return np.concatenate([s.delta_a.sum(axis=(0, 1)), s.delta_z.sum(axis=(0, 1))])


def _with_bias(s: Output) -> np.ndarray:
    """Set the share of the bias below that of the weights."""
    bias = s.delta_z.sum(axis=1, keepdims=True)
    return np.concatenate([s.h.swapaxes(1, 2) @ s.delta_z, bias], axis=1)


RECURRENT = Exercise(
    name="Gradient of W_hh",
    settings=(_draw_recurrent,) * 3,
    solution=lambda s: _products(_before(s), s.delta_a),
    mistakes=mistakes_of(
        (*OF_STATES, "gradient of W_hh transposed", *OF_ANY_SUM),
        _recurrent,
        lambda back: back.gradient.W_hh,
    )
    | {
        "There is one share for each step; their sum over t is missing.": lambda s: np.einsum(
            "tni,tnj->tij", _before(s), s.delta_a
        ),
        "1 − h² is in there twice: δ of the pre-activation has it already.": lambda s: _products(
            _before(s), s.delta_a * (1 - s.h**2)
        ),
    },
)

INPUT = Exercise(
    name="Gradient of W_xh",
    settings=(_draw_entering,) * 3,
    solution=lambda s: _products(s.x, s.delta_a),
    mistakes=mistakes_of(
        ("first input lost", "x_{t−1} for x_t", *OF_ANY_SUM),
        _entering,
        lambda back: back.gradient.W_xh,
    )
    | {
        "The result is transposed: rows are where the weight comes from.": lambda s: _products(
            s.delta_a, s.x
        ),
        "There is one share for each step; their sum over t is missing.": lambda s: np.einsum(
            "tni,tnj->tij", s.x, s.delta_a
        ),
        "This multiplies the sums; sum the products instead.": lambda s: np.outer(
            s.x.sum(axis=(0, 1)), s.delta_a.sum(axis=(0, 1))
        ),
    },
)

BIASES = Exercise(
    name="Gradients of the biases",
    settings=(_draw_biases,) * 3,
    solution=_both,
    mistakes=mistakes_of(OF_ANY_BIAS, _both_biases, lambda back: back.gradient.b_h)
    | {
        "The two are in the wrong order: b_h comes first.": lambda s: np.roll(_both(s), N_Y),
        "The sum over the batch is missing: this is the first sample.": lambda s: _both(
            Biases(s.delta_a[:, :1], s.delta_z[:, :1])
        ),
        "There is one row for each step: add up over t as well.": lambda s: np.concatenate(
            [s.delta_a.sum(axis=1), s.delta_z.sum(axis=1)], axis=1
        ),
        "There is one row for each sample: add up over the batch as well.": lambda s: (
            np.concatenate([s.delta_a.sum(axis=0), s.delta_z.sum(axis=0)], axis=1)
        ),
    },
)

OUTPUT = Exercise(
    name="Shares of the output layer",
    settings=(_draw_output,) * 3,
    solution=_with_bias,
    mistakes={
        "The shares are added up over the steps; one for each step was asked for.": lambda s: (
            _with_bias(s).sum(axis=0)
        ),
        str(KNOWN["h_{t−1} for h_t in the output"]): lambda s: _with_bias(
            s._replace(h=np.concatenate([0.0 * s.h[:1], s.h[:-1]]))
        ),
        "Each share holds what later steps have added: these are sums from the end.": lambda s: (
            np.cumsum(_with_bias(s)[::-1], axis=0)[::-1]
        ),
        "Each share holds what earlier steps have added: these are sums from the start.": (
            lambda s: np.cumsum(_with_bias(s), axis=0)
        ),
        "The share of the bias is missing: it is one more row below.": lambda s: _with_bias(s)[
            :, :-1
        ],
        "The share of the bias stands on top; set it below.": lambda s: np.roll(
            _with_bias(s), 1, axis=1
        ),
        "The share of the bias is a mean over the batch; the loss is a sum.": lambda s: (
            np.concatenate([_with_bias(s)[:, :-1], s.delta_z.mean(axis=1, keepdims=True)], axis=1)
        ),
    },
)

EXERCISES = (RECURRENT, INPUT, BIASES, OUTPUT)
