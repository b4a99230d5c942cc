"""Good and bad calls of the symbolic oracle."""

from functools import partial

import numpy as np

from networks import random_case
from rnnlib.symbolic_bptt import symbolic_gradient

PARAMS, X, Y, H_INIT = random_case(T=2, N=3, n_x=2, n_h=3, n_y=5)

GOOD = [partial(symbolic_gradient, PARAMS, X, Y, H_INIT, "sigmoid")]
BAD = [
    (partial(symbolic_gradient, tuple(PARAMS), X, Y, H_INIT), "params", "Parameters", "tuple"),
    (partial(symbolic_gradient, PARAMS, X[0], Y, H_INIT), "x", "shape (T, N, 2)", "(3, 2)"),
    (partial(symbolic_gradient, PARAMS, X, Y.T, H_INIT), "y", "shape (2, 3)", "(3, 2)"),
    (partial(symbolic_gradient, PARAMS, X, Y + 5, H_INIT), "y", "from 0 to 4", ""),
    (partial(symbolic_gradient, PARAMS, X, Y, H_INIT[0]), "h_init", "shape (3, 3)", "(3,)"),
    (partial(symbolic_gradient, PARAMS, X, Y, H_INIT * np.nan), "h_init", "finite", "NaN"),
    (partial(symbolic_gradient, PARAMS, X, Y, H_INIT, "elu"), "activation", "tanh", "elu"),
]
