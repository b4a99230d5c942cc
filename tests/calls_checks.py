"""Good and bad calls of what names mistakes, tunes checks, and examines a walk back."""

from functools import partial

import numpy as np

import rnnlib
from networks import random_case
from rnnlib.check_networks import CheckSetting, checked_network, measured_slopes
from rnnlib.check_tuning import errors_of, same_as_right
from rnnlib.form_misconceptions import OTHER_FORMS
from rnnlib.known_mistakes import mistakes_of, settled
from rnnlib.misconceptions import MISCONCEPTIONS
from rnnlib.mistaken_walks import (
    mistaken_walk,
    run_again,
    run_starting_anew,
    with_other_gradients,
)
from rnnlib.naming import explain, first_difference, name_mistake, named_values
from rnnlib.report import examine_backward

CASE = random_case(T=3, N=2, n_x=5, n_h=3, n_y=7)
TRACE = rnnlib.forward(*CASE)
BACK = rnnlib.backward(CASE.params, TRACE)
OTHER = random_case(T=3, N=2, n_x=5, n_h=2, n_y=7).params
RNG = np.random.default_rng(0)
NAMERS = (explain, first_difference, name_mistake)

GOOD = [
    *[partial(function, CASE.params, TRACE, BACK.gradient) for function in NAMERS],
    *[partial(function, CASE.params, TRACE, {"delta_a": BACK.delta_h}) for function in NAMERS],
    *[partial(mistake.wrong, CASE.params, TRACE) for mistake in (*MISCONCEPTIONS, *OTHER_FORMS)],
    partial(named_values, BACK),
    partial(settled, BACK.delta_h, TRACE.h, CASE.params.W_hh, TRACE.h_init, TRACE.x),
    partial(measured_slopes, CASE.params, TRACE),
    partial(errors_of, CheckSetting(T=1)),
    partial(same_as_right, CheckSetting(T=1)),
    partial(run_again, CASE.params, TRACE),
    partial(examine_backward, rnnlib.forward, rnnlib.backward, RNG),
]
BAD = [
    *[
        (partial(function, CASE.params, TRACE, answer), "answer", expected, got)
        for function in NAMERS
        for answer, expected, got in [
            (None, "arrays by name", "NoneType"),
            ({}, "arrays by name", "dict"),
            ({"delta_q": BACK.delta_a}, "names such as delta_a[0]", "'delta_q'"),
        ]
    ],
    *[
        (partial(function, OTHER, TRACE, *more), "trace.states", "shape (4, 2, 2)", "(4, 2, 3)")
        for function, *more in [
            (name_mistake, BACK.gradient),
            (mistaken_walk,),
            (run_again,),
            (run_starting_anew,),
            (with_other_gradients, dict),
        ]
    ],
    (partial(settled, BACK.delta_h[1:], TRACE.h), "own", "shape (3, 2, 3)", "(2, 2, 3)"),
    (partial(settled, BACK.delta_h, TRACE.h[0]), "h", "shape (T, N, n_h)", "(2, 3)"),
    (partial(mistakes_of, ("q",), settled, dict), "names", "known mistakes", "['q']"),
    (partial(checked_network, CheckSetting(T=0)), "T", "at least 1", "0"),
    (partial(errors_of, CheckSetting(n_h=1.5)), "n_h", "whole number", "1.5"),
    (partial(same_as_right, CheckSetting(N=0)), "N", "at least", "0"),
    (partial(examine_backward, 1, rnnlib.backward, RNG), "forward", "a function", "1"),
    (partial(examine_backward, rnnlib.forward, 1, RNG), "backward", "a function", "1"),
    (partial(examine_backward, rnnlib.forward, rnnlib.backward, 0), "rng", "Generator", "0"),
]
