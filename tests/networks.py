"""Random networks and batches for tests, in sizes that no transpose can survive."""

from typing import NamedTuple

import numpy as np

from rnnlib import Parameters

# Pairwise different primes, so that no two axes can be confused.
N, N_X, N_H, N_Y = 3, 5, 11, 13
LENGTHS = (1, 2, 7)


class Case(NamedTuple):
    """One network with one batch: the arguments of `forward`, in their order."""

    params: Parameters
    x: np.ndarray
    y: np.ndarray
    h_init: np.ndarray


def random_case(seed=0, T=7, N=N, n_x=N_X, n_h=N_H, n_y=N_Y, dtype=np.float64):
    """Draw a case in which nothing is zero: neither the biases nor the state before the first."""
    rng = np.random.default_rng(seed)

    def draw(*shape):
        return rng.standard_normal(shape).astype(dtype)

    scale = dtype(1 / np.sqrt(n_h))
    params = Parameters(
        draw(n_x, n_h), draw(n_h, n_h) * scale, draw(n_h, n_y), draw(n_h), draw(n_y)
    )
    return Case(params, draw(T, N, n_x), rng.integers(n_y, size=(T, N)), draw(N, n_h))
