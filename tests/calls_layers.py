"""Good and bad calls of the layers, and of the network built from them."""

from functools import partial

import numpy as np

from networks import N_H, N_X, N, random_case
from rnnlib.products import sum_of_products
from rnnlib.recurrent import Recurrent, recurrent_backward, recurrent_forward

T = 2
CASE = random_case(T=T)
RECURRENT = Recurrent(CASE.params.W_xh, CASE.params.W_hh, CASE.params.b_h)
TRACE = recurrent_forward(RECURRENT, CASE.x, CASE.h_init)
UPSTREAM = np.ones((T, N, N_H))


def nan_in(array):
    """Copy an array and spoil its last number."""
    array = array.copy()
    array.flat[-1] = np.nan
    return array


go = partial(recurrent_forward, RECURRENT)
back = partial(recurrent_backward, RECURRENT)

GOOD = [
    partial(sum_of_products, CASE.x, UPSTREAM),
    partial(go, CASE.x, CASE.h_init),
    partial(back, TRACE, UPSTREAM, UPSTREAM[0]),
]
BAD = [
    (partial(sum_of_products, CASE.x, UPSTREAM[0]), "right", f"({T}, {N})", f"({N},)"),
    # the recurrent layer forward
    (partial(go, CASE.x[0]), "x", f"shape (T, N, {N_X})", f"({N}, {N_X})"),
    (partial(go, nan_in(CASE.x)), "x", "finite", "NaN"),
    (partial(go, CASE.x, CASE.h_init.T), "h_init", f"shape ({N}, {N_H})", f"({N_H}, {N})"),
    (partial(go, CASE.x, activation="softmax"), "activation", "one of ['tanh', ", "'softmax'"),
    (partial(recurrent_forward, CASE.params, CASE.x), "params", "Recurrent", "Parameters"),
    *[
        (
            partial(recurrent_forward, RECURRENT._replace(**{name: np.ones(2)}), CASE.x),
            name,
            f"shape {shape}",
            "(2,)",
        )
        for name, shape in (
            ("W_xh", "(n_x, n_h)"),
            ("W_hh", f"({N_H}, {N_H})"),
            ("b_h", f"({N_H},)"),
        )
    ],
    # and backward
    (partial(back, CASE.x, UPSTREAM), "trace", "a RecurrentTrace", "ndarray"),
    (
        partial(back, TRACE, UPSTREAM[:1]),
        "upstream",
        f"shape ({T}, {N}, {N_H})",
        f"(1, {N}, {N_H})",
    ),
    (partial(back, TRACE, nan_in(UPSTREAM)), "upstream", "finite", "NaN"),
    (
        partial(back, TRACE, UPSTREAM, UPSTREAM),
        "message_last",
        f"shape ({N}, {N_H})",
        f"({T}, {N}, {N_H})",
    ),
    (
        partial(back, TRACE._replace(x=CASE.x[..., 1:]), UPSTREAM),
        "trace.x",
        f"shape (T, N, {N_X})",
        f"({T}, {N}, {N_X - 1})",
    ),
    (
        partial(back, TRACE._replace(states=TRACE.h), UPSTREAM),
        "trace.states",
        f"shape ({T + 1}, {N}, {N_H})",
        f"({T}, {N}, {N_H})",
    ),
    (partial(recurrent_backward, CASE.params, TRACE, UPSTREAM), "params", "Recurrent", "Param"),
]
