"""Good and bad calls of the forward pass, its parts, and the text as numbers."""

from functools import partial

import numpy as np

from networks import N_H, N_X, N_Y, N, random_case
from rnnlib import (
    cross_entropy,
    encode,
    forward,
    init_parameters,
    log_sum_exp,
    next_character_task,
    one_hot,
    softmax,
    symbols_of,
)
from rnnlib.derivatives import softmax_backward, softmax_derivative, softmax_jacobian
from rnnlib.forward_pass import check_trace
from rnnlib.losses import LOSSES, cross_entropy_delta, reduction_factor
from rnnlib.parameters import check_parameters

T = 7
CASE = random_case(T=T)._asdict()
RAGGED = [[1.0], [1.0, 2.0]]


def with_value(array, value):
    """Copy an array and put one value into it."""
    array = array.copy()
    array.flat[-1] = value
    return array


def run(**changes):
    """Name a call of `forward` in which some arguments are bad."""
    return partial(forward, **(CASE | changes))


def run_with(**changes):
    """Name a call of `forward` in which some parameters are bad."""
    return run(params=CASE["params"]._replace(**changes))


def initialise(**changes):
    """Name a call of `init_parameters` in which some arguments are bad."""
    good = {"rng": np.random.default_rng(0), "n_x": N_X, "n_h": N_H, "n_y": N_Y}
    return partial(init_parameters, **(good | changes))


params, x, y, h_init = CASE.values()
z = np.ones((T, N, N_Y))

GOOD = [
    run(),
    initialise(),
    partial(check_parameters, params),
    partial(check_trace, params, forward(**CASE)),
    *[partial(loss, z, y) for loss in (cross_entropy, cross_entropy_delta)],
    *[partial(function, z) for function in (softmax, log_sum_exp)],
    partial(symbols_of, "to be"),
    partial(encode, "to be", " beot"),
    partial(one_hot, y, N_Y),
    partial(next_character_task, ["abc"], "abc"),
    partial(reduction_factor, "mean", 8),
    *[
        partial(function, z, z + 1)
        for loss in (LOSSES["half_squared_error"], LOSSES["mean_squared_error"])
        for function in loss
    ],
    *[partial(function, softmax(z)) for function in (softmax_jacobian,)],
    partial(softmax_derivative, softmax(z), 0, 1),
    partial(softmax_backward, softmax(z), z),
]

# A call, the argument that its message must name, what was expected, what came.
BAD = [
    # forward: x
    (run(x=x[0]), "x", f"shape (T, N, {N_X})", f"({N}, {N_X})"),
    (run(x=x.transpose(0, 2, 1)), "x", f"shape (T, N, {N_X})", f"({T}, {N_X}, {N})"),
    (run(x=x.transpose(1, 0, 2)), "y", f"shape ({N}, {T})", f"({T}, {N})"),
    (run(x=x[:0]), "x", f"shape (T, N, {N_X})", f"(0, {N}, {N_X})"),
    (run(x=x[:, :0]), "x", f"shape (T, N, {N_X})", f"({T}, 0, {N_X})"),
    (run(x=with_value(x, np.nan)), "x", "finite", "NaN or infinity"),
    (run(x=with_value(x, np.inf)), "x", "finite", "NaN or infinity"),
    (run(x=x.astype(int)), "x", "floating-point", "int64"),
    (run(x=x > 0), "x", "floating-point", "bool"),
    (run(x=RAGGED), "x", "an array", "rows of different lengths"),
    (run(x="to be"), "x", f"shape (T, N, {N_X})", "()"),
    (run(x=None), "x", f"shape (T, N, {N_X})", "()"),
    # forward: y
    (run(y=y[0]), "y", f"shape ({T}, {N})", f"({N},)"),
    (run(y=y.T), "y", f"shape ({T}, {N})", f"({N}, {T})"),
    (run(y=y[:-1]), "y", f"shape ({T}, {N})", f"({T - 1}, {N})"),
    (run(y=y[:, :-1]), "y", f"shape ({T}, {N})", f"({T}, {N - 1})"),
    (run(y=with_value(y, N_Y)), "y", f"class numbers from 0 to {N_Y - 1}", f"{N_Y}"),
    (run(y=with_value(y, -1)), "y", f"class numbers from 0 to {N_Y - 1}", "-1"),
    (run(y=y.astype(float)), "y", "integer", "float64"),
    (run(y=one_hot(y, N_Y)), "y", f"shape ({T}, {N})", f"({T}, {N}, {N_Y})"),
    (run(y=RAGGED), "y", "an array", "rows of different lengths"),
    # forward: h_init
    (run(h_init=h_init[0]), "h_init", f"shape ({N}, {N_H})", f"({N_H},)"),
    (run(h_init=h_init.T), "h_init", f"shape ({N}, {N_H})", f"({N_H}, {N})"),
    (run(h_init=h_init[:-1]), "h_init", f"shape ({N}, {N_H})", f"({N - 1}, {N_H})"),
    (run(h_init=with_value(h_init, np.nan)), "h_init", "finite", "NaN or infinity"),
    (run(h_init=h_init.astype(int)), "h_init", "floating-point", "int64"),
    # forward: activation
    (run(activation="Tanh"), "activation", "one of ['tanh', ", "'Tanh'"),
    (run(activation=[np.tanh]), "activation", "one of ['tanh', ", "ufunc 'tanh'"),
    # forward: params
    (run(params=tuple(params)), "params", "Parameters", "tuple"),
    (run_with(W_xh=params.W_xh.T), "W_hh", f"shape ({N_X}, {N_X})", f"({N_H}, {N_H})"),
    (run_with(W_hh=params.W_hh[:-1]), "W_hh", f"shape ({N_H}, {N_H})", f"({N_H - 1}, {N_H})"),
    (run_with(W_hy=params.W_hy.T), "W_hy", f"shape ({N_H}, n_y)", f"({N_Y}, {N_H})"),
    (run_with(b_h=params.b_h[np.newaxis]), "b_h", f"shape ({N_H},)", f"(1, {N_H})"),
    (run_with(b_y=params.b_h), "b_y", f"shape ({N_Y},)", f"({N_H},)"),
    (run_with(b_y=params.b_y.astype(int)), "b_y", "floating-point", "int64"),
    (run_with(W_hh=with_value(params.W_hh, np.nan)), "W_hh", "finite", "NaN or infinity"),
    (run_with(W_xh=None), "W_xh", "shape (n_x, n_h)", "()"),
    # init_parameters
    (initialise(rng=0), "rng", "numpy.random.Generator", "0"),
    (initialise(n_x=0), "n_x", "whole number of at least 1", "0"),
    (initialise(n_h=-3), "n_h", "whole number of at least 1", "-3"),
    (initialise(n_y=2.0), "n_y", "whole number of at least 1", "2.0"),
    (initialise(n_y=True), "n_y", "whole number of at least 1", "True"),
    (initialise(n_x="5"), "n_x", "whole number of at least 1", "'5'"),
    (initialise(dtype=int), "dtype", "floating-point", "int64"),
    # cross_entropy
    (partial(cross_entropy, np.float64(0), 0), "z", "shape (..., n_y)", "()"),
    (partial(cross_entropy, z[..., :0], y), "z", "shape (..., n_y)", f"({T}, {N}, 0)"),
    (partial(cross_entropy, with_value(z, np.nan), y), "z", "finite", "NaN or infinity"),
    (partial(cross_entropy, z.astype(int), y), "z", "floating-point", "int64"),
    (partial(cross_entropy, z, y.T), "y", f"shape ({T}, {N})", f"({N}, {T})"),
    (partial(cross_entropy, z, y + N_Y), "y", f"class numbers from 0 to {N_Y - 1}", ""),
    (partial(cross_entropy, z, one_hot(y, N_Y)), "y", f"shape ({T}, {N})", f"({T}, {N}, {N_Y})"),
    (partial(cross_entropy, RAGGED, y), "z", "an array", "rows of different lengths"),
    # softmax and log_sum_exp
    *[
        bad
        for function in (softmax, log_sum_exp)
        for bad in (
            (partial(function, np.float64(0)), "z", "shape (..., n_y)", "()"),
            (partial(function, z[..., :0]), "z", "shape (..., n_y)", f"({T}, {N}, 0)"),
            (partial(function, with_value(z, np.nan)), "z", "finite", "NaN or infinity"),
            (partial(function, z.astype(int)), "z", "floating-point", "int64"),
            (partial(function, "logits"), "z", "shape (..., n_y)", "()"),
            (partial(function, RAGGED), "z", "an array", "rows of different lengths"),
        )
    ],
    # text
    (partial(symbols_of), "texts", "at least one character", "none"),
    (partial(symbols_of, "abc", 7), "texts", "a string", "7"),
    (partial(encode, "abz", "abc"), "text", "characters of 'abc'", "'z'"),
    (partial(encode, 7, "abc"), "text", "a string", "7"),
    (partial(encode, "ab", ["a", "b"]), "symbols", "a string", "['a', 'b']"),
    (partial(encode, "ab", "aba"), "symbols", "each character once", "'aba'"),
    (partial(one_hot, y, N_Y - 1), "classes", "class numbers from 0 to", f"{N_Y - 1}"),
    (partial(one_hot, -y - 1, N_Y), "classes", "class numbers from 0 to", "-"),
    (partial(one_hot, y.astype(float), N_Y), "classes", "integer", "float64"),
    (partial(one_hot, y, 0), "n_classes", "whole number of at least 1", "0"),
    (partial(one_hot, [[1], [1, 2]], 3), "classes", "an array", "rows of different lengths"),
    (partial(next_character_task, [], "abc"), "texts", "one common length", "[]"),
    (partial(next_character_task, ["ab", "abc"], "abc"), "texts", "one common length", "[2, 3]"),
    (partial(next_character_task, ["a", "b"], "abc"), "texts", "of at least 2", "[1, 1]"),
    (partial(next_character_task, [3], "abc"), "texts", "a string", "3"),
    (partial(next_character_task, ["az"], "abc"), "text", "characters of 'abc'", "'z'"),
    # check_parameters and check_trace
    (partial(check_parameters, tuple(params)), "params", "Parameters", "tuple"),
    (partial(check_trace, params, None), "trace", "a Trace", "NoneType"),
    # derivatives
    (partial(softmax_jacobian, np.float64(1)), "y_hat", "shape (..., n_y)", "()"),
    (partial(softmax_derivative, z, N_Y, 0), "i", f"class numbers from 0 to {N_Y - 1}", f"{N_Y}"),
    (partial(softmax_derivative, z, 0, -1), "k", f"class numbers from 0 to {N_Y - 1}", "-1"),
    (partial(softmax_derivative, z, 0, 0.5), "k", "integer", "float64"),
    (partial(softmax_derivative, z > 0, 0, 0), "y_hat", "floating-point", "bool"),
    (partial(softmax_backward, z, z[0]), "upstream", f"shape ({T}, {N}, {N_Y})", f"({N}, {N_Y})"),
    (partial(softmax_backward, "z", z), "y_hat", "shape (..., n_y)", "()"),
    # losses
    (partial(cross_entropy_delta, z, y.T), "y", f"shape ({T}, {N})", f"({N}, {T})"),
    (partial(cross_entropy_delta, with_value(z, np.nan), y), "z", "finite", "NaN or infinity"),
    *[
        bad
        for loss in (LOSSES["half_squared_error"], LOSSES["mean_squared_error"])
        for function in loss
        for bad in (
            (partial(function, z, z[0]), "y", f"shape ({T}, {N}, {N_Y})", f"({N}, {N_Y})"),
            (partial(function, z, y), "y", f"shape ({T}, {N}, {N_Y})", f"({T}, {N})"),
            (partial(function, z.astype(int), z), "z", "floating-point", "int64"),
        )
    ],
    (partial(reduction_factor, "median", 8), "reduction", "one of ['sum', 'mean']", "'median'"),
    (partial(reduction_factor, "sum", 0), "rows", "whole number of at least 1", "0"),
]
