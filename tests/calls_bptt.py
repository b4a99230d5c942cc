"""Good and bad calls of backpropagation through time."""

from functools import partial

from networks import random_case
from rnnlib import forward
from rnnlib.bptt import backward, per_step, state_jacobian

CASE = random_case(T=2)
OTHER = random_case(T=7)
TRACE, LONGER = forward(*CASE), forward(*OTHER)
BACK = backward(CASE.params, TRACE)

GOOD = [
    partial(backward, CASE.params, TRACE),
    partial(per_step, TRACE, BACK),
    partial(state_jacobian, CASE.params, TRACE),
]
BAD = [
    *[
        bad
        for function in (backward, state_jacobian)
        for bad in (
            (partial(function, tuple(CASE.params), TRACE), "params", "Parameters", "tuple"),
            (partial(function, CASE.params, CASE.x), "trace", "a Trace", "ndarray"),
            (
                partial(function, random_case(n_x=2).params, TRACE),
                "trace.x",
                "shape (T, N, 2)",
                "(2, 3, 5)",
            ),
            (
                partial(function, random_case(n_h=2).params, TRACE),
                "trace.states",
                "shape (3, 3, 2)",
                "(3, 3, 11)",
            ),
            (
                partial(function, random_case(n_y=2).params, TRACE),
                "trace.z",
                "shape (2, 3, 2)",
                "(2, 3, 13)",
            ),
        )
    ],
    (partial(per_step, LONGER, BACK), "delta_a", "shape (7, 3, 11)", "(2, 3, 11)"),
    (
        partial(per_step, TRACE, BACK._replace(delta_z=BACK.delta_a)),
        "delta_z",
        "shape (2, 3, 13)",
        "(2, 3, 11)",
    ),
]
