"""Good and bad calls of the check of exercises, and of the weights of other libraries."""

from functools import partial

import numpy as np

from networks import random_case
from rnnlib import softmax
from rnnlib.conversions import from_keras, from_torch, to_keras, to_torch
from rnnlib.exercises import check
from rnnlib.forward_exercises import SOFTMAX
from rnnlib.recurrent import Recurrent

CASE = random_case(T=2)
LAYER = Recurrent(CASE.params.W_xh, CASE.params.W_hh, CASE.params.b_h)
RNG = np.random.default_rng(0)

GOOD = [
    partial(check, SOFTMAX, softmax, RNG),
    *[partial(function, LAYER) for function in (to_torch, to_keras)],
    partial(from_torch, to_torch(LAYER)),
    partial(from_keras, to_keras(LAYER)),
]
BAD = [
    (partial(check, softmax, softmax, RNG), "exercise", "an Exercise", "function"),
    (partial(check, SOFTMAX, softmax, 0), "rng", "numpy.random.Generator", "0"),
    *[
        (partial(function, tuple(LAYER)), "params", "one of Dense, Recurrent", "tuple")
        for function in (to_torch, to_keras)
    ],
    (partial(from_torch, {}), "state_dict", "the names ['weight_ih_l0'", "[]"),
    (partial(from_keras, {}), "weights", "the names ['kernel'", "[]"),
]
