"""Random gated layers and batches for tests, in sizes that no transpose can survive."""

from typing import NamedTuple

import numpy as np

from networks import N_X, N
from rnnlib.gated_parameters import GRUParameters, LSTMParameters

N_H = 7


class LSTMCase(NamedTuple):
    """The arguments of `lstm_forward`, in their order."""

    params: LSTMParameters
    x: np.ndarray
    h_init: np.ndarray
    cell_init: np.ndarray


class GRUCase(NamedTuple):
    """The arguments of `gru_forward`, in their order."""

    params: GRUParameters
    x: np.ndarray
    h_init: np.ndarray


def random_lstm(seed=0, T=7, N=N, n_x=N_X, n_h=N_H, dtype=np.float64):
    """Draw a case in which nothing is zero."""
    draw = drawer(seed, dtype)
    weights = draw(n_x, 4 * n_h), draw(n_h, 4 * n_h) * dtype(1 / np.sqrt(n_h))
    params = LSTMParameters(*weights, b_h=draw(4 * n_h))
    return LSTMCase(params, draw(T, N, n_x), draw(N, n_h), draw(N, n_h))


def random_gru(seed=0, T=7, N=N, n_x=N_X, n_h=N_H, dtype=np.float64):
    """Draw a case in which nothing is zero."""
    draw = drawer(seed, dtype)
    weights = draw(n_x, 3 * n_h), draw(n_h, 3 * n_h) * dtype(1 / np.sqrt(n_h))
    params = GRUParameters(*weights, b_h=draw(3 * n_h), b_q=draw(n_h))
    return GRUCase(params, draw(T, N, n_x), draw(N, n_h))


def drawer(seed, dtype=np.float64):
    """Make a function that draws standard normal arrays of any shape."""
    rng = np.random.default_rng(seed)
    return lambda *shape: rng.standard_normal(shape).astype(dtype)


def upstream_for(case, seed=1):
    """Draw what the layers above might say about each state, and about what is left at the end."""
    T, N, _ = case.x.shape
    draw = drawer(seed, case.x.dtype.type)
    n_h = len(case.params.W_hh)
    return draw(T, N, n_h), draw(N, n_h), draw(N, n_h)


def nudger(nudges):
    """Make a function that adds to a named value what is meant for it at this step."""
    steps = {name: iter(value) for name, value in nudges.items()}
    return lambda name, value: value + next(steps[name]) if name in steps else value


def slopes(loss, name, shape, step=1e-30):
    """Differentiate a loss that takes nudges by every number of a value, by complex steps."""
    found = np.empty(shape)
    for index in np.ndindex(shape):
        nudge = np.zeros(shape, complex)
        nudge[index] = 1j * step
        found[index] = loss({name: nudge}).imag / step
    return found


def assert_close(got, wanted, name, tolerance):
    """Compare two arrays, relative to the largest number wanted."""
    assert got.shape == wanted.shape, name
    error = np.abs(got - wanted).max() / max(np.abs(wanted).max(), 1e-300)
    assert error <= tolerance, f"{name}: relative error {error:.1e}"
