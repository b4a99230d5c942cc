"""Good and bad calls of truncation by lot."""

from functools import partial

import numpy as np

from networks import random_case
from rnnlib import forward
from rnnlib.random_truncation import message_weights, weighted_backward

CASE = random_case(T=2)
TRACE = forward(*CASE)
NARROW = random_case(n_x=2).params


def weights(rng=None, T=7, keep=0.5):
    """Ask for weights with one argument changed."""
    return partial(message_weights, np.random.default_rng(0) if rng is None else rng, T, keep)


walk = partial(weighted_backward, CASE.params, TRACE)

GOOD = [weights(), weights(keep=1), weights(T=1), partial(walk, np.ones(1))]
BAD = [
    (weights(rng=7), "rng", "a numpy.random.Generator", "7"),
    (weights(T=0), "T", "at least 1", "0"),
    (weights(keep=0), "keep", "above 0", "0"),
    (weights(keep=1.5), "keep", "at most 1", "1.5"),
    (weights(keep=True), "keep", "a number", "True"),
    (partial(walk, np.ones(2)), "weights", "shape (1,)", "(2,)"),
    (partial(walk, np.array([np.nan])), "weights", "finite numbers", "NaN"),
    (
        partial(weighted_backward, NARROW, TRACE, np.ones(1)),
        "trace.x",
        "shape (T, N, 2)",
        "(2, 3, 5)",
    ),
]
