"""Good and bad calls of the gradient checks, of comparisons, and of the oracles."""

from functools import partial
from itertools import count
from typing import NamedTuple

import numpy as np

from networks import random_case
from rnnlib.comparisons import compare, relative_error
from rnnlib.gradient_checks import central_differences, complex_step, directional_check
from rnnlib.nudges import complex_step_derivatives, nudged_run
from rnnlib.oracles import tape_derivatives
from rnnlib.records import arrays_like, arrays_of, as_numbers, rebuild


class Pair(NamedTuple):
    """Somebody's own parameters."""

    weights: np.ndarray
    bias: np.ndarray


PAIR = Pair(np.arange(6.0).reshape(2, 3), np.ones(3))
CASE = random_case(T=2, N=3, n_x=5, n_h=2, n_y=7)
CALLS = count()


def loss(pair):
    """Take any two arrays to a number."""
    return (pair.weights**2 * pair.bias).sum()


GRADIENT = Pair(2 * PAIR.weights * PAIR.bias, (PAIR.weights**2).sum(axis=0))


def loss_of_each_row(pair):
    """Forget to add up."""
    return (pair.weights**2).sum(axis=1)


def loss_without_return(pair):
    """Forget to return."""
    loss(pair)


def loss_with_dice(pair):
    """Do something else at every call, as dropout does."""
    return loss(pair) * (1 + next(CALLS))


def loss_that_writes(pair):
    """Update in place what was passed."""
    pair.weights[0, 0] += 1.0
    return loss(pair)


def loss_outside(pair):
    """Leave the numbers that have a logarithm."""
    with np.errstate(all="ignore"):
        return np.log(loss(pair) * 0.0)


def loss_of_lengths(pair):
    """Take lengths, which are real."""
    return np.abs(pair.weights).sum()


def loss_in_a_real_array(pair):
    """Store what may be complex in an array of real numbers."""
    stored = np.empty(pair.weights.shape)
    stored[:] = pair.weights
    return stored.sum()


def complex_loss(pair):
    """Be complex for real numbers."""
    return loss(pair) + 0j


def directional(loss, params, gradient=GRADIENT, **named):
    """Check along directions from a new generator."""
    return directional_check(loss, params, gradient, np.random.default_rng(0), **named)


GOOD = [
    partial(central_differences, loss, PAIR),
    partial(complex_step, loss, PAIR),
    partial(directional_check, loss, PAIR, GRADIENT, np.random.default_rng(0)),
    partial(directional, loss, PAIR, directions=1, method="central"),
    partial(relative_error, PAIR.bias, PAIR.bias),
    partial(compare, PAIR, {"bias": PAIR.bias, "weights": PAIR.weights}),
    partial(arrays_of, "pair", PAIR),
    partial(arrays_like, "pair", PAIR, {"weights": PAIR.weights, "bias": PAIR.bias}),
    partial(as_numbers, "bias", PAIR.bias),
    partial(rebuild, PAIR, np.arange(9.0)),
    partial(tape_derivatives, *CASE),
    partial(complex_step_derivatives, *CASE),
    partial(nudged_run, *CASE, "relu", {"x": 1j * np.ones((1, 2, 3, 5))}, [1]),
]
WRONG_LOSS = [
    (3.0, "a function", "3.0"),
    (loss_of_each_row, "a single number", "shape (2,)"),
    (loss_without_return, "a single number", "None"),
    (loss_with_dice, "again for the same arrays", ""),
    (loss_that_writes, "again for the same arrays", ""),
    (loss_outside, "a finite number", "-inf"),
    (complex_loss, "a real number", "j"),
]
WRONG_PARAMS = [
    (None, "params", "numbers", "None"),
    ({}, "params", "at least one array", "none"),
    ([[1.0], [2.0, 3.0]], "params", "an array", "rows of different lengths"),
    (Pair(PAIR.weights, None), "params.bias", "numbers", "None"),
    (Pair(PAIR.weights, np.empty(0)), "params.bias", "at least one number", "shape (0,)"),
    (Pair(PAIR.weights, np.array([1.0, np.nan])), "params.bias", "finite numbers", "NaN"),
    ({"net": PAIR._replace(bias=1j * PAIR.bias)}, "params.net.bias", "real numbers", "complex128"),
    (np.array(["a"]), "params", "numbers", "dtype <U1"),
]
BAD = [
    *[
        (partial(check, wrong, PAIR), "loss", expected, got)
        for check in (central_differences, complex_step, directional)
        for wrong, expected, got in WRONG_LOSS
    ],
    *[
        (partial(check, loss, params), *row)
        for check in (central_differences, complex_step)
        for params, *row in WRONG_PARAMS
    ],
    *[
        (partial(check, wrong, PAIR), "loss", expected, got)
        for check in (complex_step, directional)
        for wrong, expected, got in [
            (loss_of_lengths, "a complex number for complex parameters", "15.0"),
            (loss_in_a_real_array, "complex numbers kept", "a cast to real"),
        ]
    ],
    *[
        (partial(check, loss, PAIR, eps=eps), "eps", "a positive number", repr(eps))
        for check in (central_differences, complex_step)
        for eps in (0.0, -1e-5, np.inf, np.nan, "small", True)
    ],
    *[
        (partial(directional, loss, PAIR, wrong), *row)
        for wrong, *row in [
            (None, "gradient", "numbers", "None"),
            (GRADIENT.weights, "gradient", "weights, bias", "one array"),
            ({"weights": GRADIENT.weights}, "gradient", "weights, bias", "weights"),
            (GRADIENT._replace(bias=np.ones((3, 1))), "gradient.bias", "shape (3,)", "(3, 1)"),
            (GRADIENT._replace(weights=1.0), "gradient.weights", "shape (2, 3)", "()"),
        ]
    ],
    (partial(directional_check, loss, PAIR, GRADIENT, 0), "rng", "Generator", "0"),
    (partial(directional, loss, PAIR, directions=0), "directions", "at least 1", "0"),
    (partial(directional, loss, PAIR, method="forward"), "method", "central", "'forward'"),
    *[
        (partial(relative_error, *pair), *row)
        for pair, *row in [
            ((np.ones(3), np.ones((3, 1))), "got", "shape (3, 1)", "(3,)"),
            ((1.0, np.ones(3)), "got", "shape (3,)", "()"),
            ((np.empty(0), np.empty(0)), "got", "at least one number", "shape (0,)"),
            ((np.ones(1), ["a"]), "wanted", "numbers", "dtype <U1"),
        ]
    ],
    (partial(compare, PAIR, {}), "wanted", "at least one array", "none"),
    (partial(compare, PAIR, PAIR.bias), "got", "one array", "weights, bias"),
    (partial(compare, PAIR.bias, PAIR.weights), "got", "shape (2, 3)", "(3,)"),
    (partial(compare, {"a": PAIR}, {"a": PAIR.weights}), "got", "a", "a.weights, a.bias"),
    (partial(arrays_of, "mine", {"a": [None]}), "mine.a", "numbers", "dtype object"),
    (partial(arrays_like, "mine", PAIR, {"": PAIR.bias}), "mine", "one array", "weights, bias"),
    (partial(as_numbers, "b", [True]), "b", "numbers", "dtype bool"),
    (partial(rebuild, PAIR, np.ones(8)), "numbers", "shape (9,)", "(8,)"),
    *[
        (partial(oracle, *CASE, *extra), *row)
        for oracle in (tape_derivatives, complex_step_derivatives)
        for extra, *row in [
            (["softmax"], "activation", "one of", "'softmax'"),
            (["tanh", np.ones(3)], "loss_weight", "shape (2,)", "(3,)"),
        ]
    ],
    (partial(tape_derivatives, *CASE._replace(x=CASE.x[0])), "x", "(T, N, 5)", "(3, 5)"),
    (partial(nudged_run, *CASE, "tanh", {"b": CASE.x}), "nudges", "one of", "'b'"),
    (
        partial(nudged_run, *CASE, "tanh", {"z": np.ones((1, 1, 3, 7))}),
        "nudges['z']",
        "shape (tries, 2, 3, 7)",
        "(1, 1, 3, 7)",
    ),
]
