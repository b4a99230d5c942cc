"""Good and bad calls of forward mode and of the sequence shapes."""

from functools import partial

import numpy as np

from networks import random_case
from rnnlib import forward
from rnnlib.influence import carried, immediate, paired
from rnnlib.recurrent import Recurrent, recurrent_forward
from rnnlib.rtrl import influences, rtrl

CASE = random_case(T=2)
TRACE = forward(*CASE)
LAYER = Recurrent(CASE.params.W_xh, CASE.params.W_hh, CASE.params.b_h)
LAYER_TRACE = recurrent_forward(LAYER, CASE.x, CASE.h_init)
DELTA_Z = np.ones((1, 3, 13))

GOOD = [
    partial(immediate, np.ones((3, 11, 11)), np.ones((3, 5))),
    partial(carried, np.ones((3, 11, 7)), np.ones((3, 7, 5, 2))),
    partial(paired, np.ones((3, 11)), np.ones((3, 11, 5))),
    partial(influences, CASE.params, TRACE),
    partial(influences, LAYER, LAYER_TRACE),
    partial(rtrl, CASE.params, TRACE),
    partial(rtrl, CASE.params, TRACE, "diagonal"),
    partial(rtrl, CASE.params, LAYER_TRACE, delta_z=DELTA_Z),
]
BAD = [
    (partial(immediate, np.ones((3, 11)), np.ones((3, 5))), "reach", "n_out", "(3, 11)"),
    (partial(immediate, np.ones((3, 2, 2)), np.ones((2, 5))), "row", "(3, n_in)", "(2, 5)"),
    (partial(carried, np.ones((3, 11)), np.ones((3, 11))), "jacobian", "n_out", "(3, 11)"),
    (
        partial(carried, np.ones((3, 11, 7)), np.ones((3, 11, 5))),
        "influence",
        "shape (3, 7, 5)",
        "(3, 11, 5)",
    ),
    (partial(paired, np.ones(11), np.ones((3, 11))), "delta_h", "(N, n_h)", "(11,)"),
    (
        partial(paired, np.ones((3, 11)), np.ones((2, 11, 5))),
        "influence",
        "shape (3, 11, 5)",
        "(2, 11, 5)",
    ),
    (
        partial(influences, tuple(CASE.params), TRACE),
        "params",
        "Parameters or Recurrent",
        "tuple",
    ),
    (partial(influences, CASE.params, CASE.x), "trace", "a RecurrentTrace", "ndarray"),
    (
        partial(influences, random_case(n_x=2).params, TRACE),
        "trace.x",
        "shape (T, N, 2)",
        "(2, 3, 5)",
    ),
    (
        partial(influences, random_case(n_h=2).params, TRACE),
        "trace.states",
        "shape (3, 3, 2)",
        "(3, 3, 11)",
    ),
    (partial(influences, CASE.params, TRACE, "own"), "jacobian", "'diagonal'", "'own'"),
    (partial(rtrl, LAYER, TRACE), "params", "Parameters", "Recurrent"),
    (partial(rtrl, CASE.params, CASE.x), "trace", "a RecurrentTrace", "ndarray"),
    (partial(rtrl, CASE.params, LAYER_TRACE), "trace", "a Trace", "RecurrentTrace"),
    (
        partial(rtrl, random_case(n_y=2).params, TRACE),
        "trace.z",
        "shape (2, 3, 2)",
        "(2, 3, 13)",
    ),
    (partial(rtrl, CASE.params, TRACE, "own"), "jacobian", "'full'", "'own'"),
    (
        partial(rtrl, CASE.params, TRACE, delta_z=np.ones((2, 3, 5))),
        "delta_z",
        "(losses, 3, 13)",
        "(2, 3, 5)",
    ),
    (
        partial(rtrl, CASE.params, TRACE, delta_z=np.ones((7, 3, 13))),
        "delta_z",
        "at most 2 losses",
        "7",
    ),
]
