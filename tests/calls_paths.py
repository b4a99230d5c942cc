"""Good and bad calls of the other views of the gradient: paths, truncated, checkpointed."""

from functools import partial

from calls_forward_pass import BAD as FORWARD_BAD
from networks import random_case
from rnnlib import forward
from rnnlib.checkpoint import checkpointed_gradient
from rnnlib.paths import jacobian_product, sum_over_paths, triangle
from rnnlib.truncation import kept_cells, truncated_backward

CASE = random_case(T=2)
TRACE = forward(*CASE)
NARROW, FEW = random_case(n_x=2).params, random_case(n_h=2).params

ON_A_TRACE = [
    partial(jacobian_product, t=1, k=0),
    sum_over_paths,
    triangle,
    partial(truncated_backward, every=2, reach=3),
]
TRUNCATIONS = [partial(kept_cells, 7), partial(truncated_backward, CASE.params, TRACE)]


def step_of(t, k):
    """Ask for dh_t/dh_k."""
    return partial(jacobian_product, CASE.params, TRACE, t, k)


GOOD = [
    *[partial(function, CASE.params, TRACE) for function in ON_A_TRACE],
    partial(kept_cells, 7, 2, 3),
    partial(checkpointed_gradient, *CASE),
]
BAD = [
    *[
        bad
        for function in ON_A_TRACE
        for bad in (
            (partial(function, tuple(CASE.params), TRACE), "params", "Parameters", "tuple"),
            (partial(function, CASE.params, CASE.x), "trace", "a Trace", "ndarray"),
            (partial(function, NARROW, TRACE), "trace.x", "shape (T, N, 2)", "(2, 3, 5)"),
            (partial(function, FEW, TRACE), "trace.states", "shape (3, 3, 2)", "(3, 3, 11)"),
        )
    ],
    *[
        bad
        for function in TRUNCATIONS
        for bad in (
            (partial(function, 0, 1), "every", "at least 1", "0"),
            (partial(function, 1, 0), "reach", "at least 1", "0"),
            (partial(function, 2.0, 3), "every", "a whole number", "2.0"),
            (partial(function, 3, 2), "reach", "at least every = 3", "2"),
        )
    ],
    # What forward turns away, the checkpointed pass turns away in the same words.
    *[
        (partial(checkpointed_gradient, **call.keywords), *rest)
        for call, *rest in FORWARD_BAD
        if call.func is forward
    ],
    (partial(checkpointed_gradient, *CASE, stride=0), "stride", "at least 1", "0"),
    (partial(checkpointed_gradient, *CASE, stride=2.5), "stride", "a whole number", "2.5"),
    (partial(kept_cells, 0, 1, 1), "T", "at least 1", "0"),
    (step_of(2, 0), "t", "a step from 0 to 1", "2"),
    (step_of(-1, -1), "t", "a step from 0 to 1", "-1"),
    (step_of(1.0, 0), "t", "a step from 0 to 1", "1.0"),
    (step_of(True, 0), "t", "a step from 0 to 1", "True"),
    (step_of(0, 1), "k", "a step from -1 to 0", "1"),
    (step_of(1, -2), "k", "a step from -1 to 1", "-2"),
]
