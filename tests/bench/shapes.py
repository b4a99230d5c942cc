"""What is measured: twelve shapes, chosen before anything was timed, and what is aimed at."""

from typing import NamedTuple

import numpy as np

from rnnlib import Parameters
from rnnlib.dense import Dense
from rnnlib.network_parameters import Network
from rnnlib.recurrent import Recurrent


class Shape(NamedTuple):
    """Sizes of a network and its batch; without a front layer the inputs are one-hot."""

    T: int
    N: int
    n_x: int
    n_e: int | None
    n_h: int
    n_y: int

    def __str__(self):
        sizes = [self.n_x, self.n_e, self.n_h, self.n_y]
        return f"N={self.N} {'-'.join(str(n) for n in sizes if n)} T={self.T}"

    @property
    def n_in(self):
        """What goes into the recurrent layer."""
        return self.n_x if self.n_e is None else self.n_e


class Problem(NamedTuple):
    """One shape in one type, with numbers. `x` holds class numbers where inputs are one-hot."""

    shape: Shape
    dtype: np.dtype
    params: Parameters | Network
    x: np.ndarray
    y: np.ndarray

    @property
    def arrays(self):
        """The parameters in one order for all: front, input to state, state, output."""
        if self.shape.n_e is None:
            W_xh, W_hh, W_hy, b_h, b_y = self.params
            return [W_xh, W_hh, b_h, W_hy, b_y]
        return [array for layer in self.params for array in layer]


# The network of the documents, and a character model of 65 symbols.
SHAPES = [
    *[Shape(T, 128, 10, 20, 5, 100) for T in (3, 30, 300)],
    *[Shape(T, 1, 65, None, n_h, 65) for n_h, T in ((64, 25), (64, 200), (100, 25))],
    *[Shape(T, 1, 65, None, n_h, 65) for n_h, T in ((256, 100), (512, 50))],
    *[Shape(T, 32, 65, None, 128, 65) for T in (50, 200)],
    *[Shape(T, 64, 65, None, n_h, 65) for n_h, T in ((256, 100), (512, 25))],
]
DTYPES = [np.dtype(np.float64), np.dtype(np.float32)]

FASTER = 1.0
LEVEL = 1.05  # with JAX: within the noise of a quiet machine
LEVEL_ON = 20  # of the 24
IMPORT = 1.5
CHECKPOINTS = 1.7


def target_for_floor(shape, dtype):
    """Give the aim for the ratio of our time to the floor."""
    double = dtype == np.float64
    if shape.N == 1:
        return 2.2 if double else 2.6
    if shape.T == 3:
        return 1.5 if double else 2.0
    return 1.35 if double else 1.6


def draw(shape, dtype):
    """Draw a problem: weights of variance 1 / rows, small biases, random inputs and targets."""
    rng = np.random.default_rng(0)

    def weights(n_in, n_out):
        return (rng.standard_normal((n_in, n_out)) / np.sqrt(n_in)).astype(dtype)

    def bias(n_out):
        return (0.1 * rng.standard_normal(n_out)).astype(dtype)

    T, N, n_x, n_e, n_h, n_y = shape
    recurrent = Recurrent(weights(shape.n_in, n_h), weights(n_h, n_h), bias(n_h))
    back = Dense(weights(n_h, n_y), bias(n_y))
    y = rng.integers(n_y, size=(T, N))
    if n_e is None:
        params = Parameters(recurrent.W_xh, recurrent.W_hh, back.weights, recurrent.b_h, back.bias)
        return Problem(shape, dtype, params, rng.integers(n_x, size=(T, N)), y)
    params = Network(Dense(weights(n_x, n_e), bias(n_e)), recurrent, back)
    return Problem(shape, dtype, params, rng.standard_normal((T, N, n_x)).astype(dtype), y)
