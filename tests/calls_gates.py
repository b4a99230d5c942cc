"""Good and bad calls of LSTM and GRU."""

from functools import partial

import numpy as np

from gated_networks import random_gru, random_lstm, upstream_for
from rnnlib.gated_parameters import (
    check_gru_parameters,
    check_lstm_parameters,
    init_gru,
    init_lstm,
)
from rnnlib.gru import gru_forward
from rnnlib.gru_backward import gru_backward
from rnnlib.lstm import lstm_forward
from rnnlib.lstm_backward import lstm_backward

LSTM, GRU = random_lstm(T=2), random_gru(T=2)
LSTM_TRACE, GRU_TRACE = lstm_forward(*LSTM), gru_forward(*GRU)
UPSTREAM, *LAST = upstream_for(LSTM)
RNG = np.random.default_rng(0)

GOOD = [
    partial(init_lstm, RNG, 5, 7),
    partial(init_gru, RNG, 5, 7),
    partial(check_lstm_parameters, LSTM.params),
    partial(check_gru_parameters, GRU.params),
    partial(lstm_forward, *LSTM),
    partial(lstm_backward, LSTM.params, LSTM_TRACE, UPSTREAM, *LAST),
    partial(gru_forward, *GRU),
    partial(gru_backward, GRU.params, GRU_TRACE, UPSTREAM, LAST[0]),
]


def bad_inits(init):
    """List bad calls of a function that draws parameters."""
    return [
        (partial(init, 0, 5, 7), "rng", "Generator", "0"),
        (partial(init, RNG, 0, 7), "n_x", "at least 1", "0"),
        (partial(init, RNG, 5, 0), "n_h", "at least 1", "0"),
        (partial(init, RNG, 5, 7, int), "dtype", "floating-point", "int64"),
    ]


def bad_parameters(function, params, *rest):
    """List bad calls of a function that takes parameters first."""
    kind, (n_h, width) = type(params).__name__, params.W_hh.shape
    blocks = width // n_h
    turned = np.ones((width, n_h))
    return [
        (partial(function, tuple(params), *rest), "params", kind, "tuple"),
        (
            partial(function, params._replace(W_hh=turned), *rest),
            "W_hh",
            f"shape ({width}, {blocks * width})",
            str(turned.shape),
        ),
        (
            partial(function, params._replace(W_hh=params.b_h), *rest),
            "W_hh",
            f"shape (n_h, {blocks} n_h)",
            f"({width},)",
        ),
        (
            partial(function, params._replace(W_xh=params.W_xh.T), *rest),
            "W_xh",
            f"shape (n_x, {width})",
            f"({width}, 5)",
        ),
        (
            partial(function, params._replace(b_h=params.b_h[:n_h]), *rest),
            "b_h",
            f"shape ({width},)",
            f"({n_h},)",
        ),
    ]


def bad_inputs(forward, case, names):
    """List bad calls of a forward pass: the input, then what stands before it."""
    params, x, *init = case
    bad = [
        (partial(forward, params, x[0], *init), "x", "shape (T, N, 5)", "(3, 5)"),
        (partial(forward, params, x * np.nan, *init), "x", "finite numbers", "NaN"),
        (partial(forward, params, x.astype(int), *init), "x", "floating-point", "int64"),
    ]
    return bad + [
        (partial(forward, params, x, **{name: value.T}), name, "shape (3, 7)", "(7, 3)")
        for name, value in zip(names, init, strict=True)
    ]


def bad_traces(backward, params, trace, longer, names):
    """List bad calls of a backward pass: the trace, then what arrives from outside."""
    bad = [
        (partial(backward, params, trace.x, UPSTREAM), "trace", type(trace).__name__, "ndarray"),
        (
            partial(backward, params, trace._replace(x=longer.x), UPSTREAM),
            "trace.states",
            "shape (8, 3, 7)",
            "(3, 3, 7)",
        ),
        (
            partial(backward, params, trace._replace(x=trace.x[..., :2]), UPSTREAM),
            "trace.x",
            "shape (T, N, 5)",
            "(2, 3, 2)",
        ),
        (
            partial(backward, params, trace, UPSTREAM[0]),
            "upstream",
            "shape (2, 3, 7)",
            "(3, 7)",
        ),
    ]
    return bad + [
        (partial(backward, params, trace, UPSTREAM, **{name: LAST[0].T}), name, "(3, 7)", "(7, 3)")
        for name in names
    ]


BAD = [
    *bad_inits(init_lstm),
    *bad_inits(init_gru),
    *bad_parameters(check_lstm_parameters, LSTM.params),
    *bad_parameters(lstm_forward, *LSTM),
    *bad_parameters(lstm_backward, LSTM.params, LSTM_TRACE, UPSTREAM),
    *bad_parameters(check_gru_parameters, GRU.params),
    *bad_parameters(gru_forward, *GRU),
    *bad_parameters(gru_backward, GRU.params, GRU_TRACE, UPSTREAM),
    (
        partial(check_gru_parameters, GRU.params._replace(b_q=GRU.params.b_h)),
        "b_q",
        "shape (7,)",
        "(21,)",
    ),
    *bad_inputs(lstm_forward, LSTM, ["h_init", "cell_init"]),
    *bad_inputs(gru_forward, GRU, ["h_init"]),
    *bad_traces(
        lstm_backward,
        LSTM.params,
        LSTM_TRACE,
        lstm_forward(*random_lstm()),
        ["message_last", "cell_message_last"],
    ),
    *bad_traces(gru_backward, GRU.params, GRU_TRACE, gru_forward(*random_gru()), ["message_last"]),
]
