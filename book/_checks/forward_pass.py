"""The equations of chapter 1, and how each is tried."""

from collections import ChainMap

import numpy as np

from rnnlib.equation_checks import Check
from rnnlib.network_worlds import network_world, row_world
from rnnlib.worlds import World


def with_front_layer(rng):
    """Add a dense layer in front: its own sizes, weights and output."""
    N, n_x, n_e = 2, 3, 4
    x, W_xe, b_e = (rng.normal(size=shape) for shape in ((2, N, n_x), (n_x, n_e), n_e))
    e = np.empty((2, N, n_e))
    for t, n, j in np.ndindex(e.shape):
        e[t, n, j] = np.tanh(sum(x[t, n, i] * W_xe[i, j] for i in range(n_x)) + b_e[j])
    sizes = {"N": N, "n_x": n_x, "n_e": n_e}
    values = {**sizes, "x": x, "W_xe": W_xe, "b_e": b_e, "e": e}
    return World(values, {"t": range(2)})


def two_numbers(rng):
    """Draw a pre-activation of moderate size."""
    return World({"a": rng.normal()}, {})


def shifted_logits(rng):
    """Draw one row of logits, and something to add to each of them."""
    z = rng.normal(size=4)
    y_hat = np.array([1 / np.exp(z - z_k).sum() for z_k in z])
    return World({"z": z, "c": rng.normal(), "y_hat": y_hat, "n_y": 4}, {})


def batch_and_number(rng):
    """Take any number m off the logits."""
    world = network_world(rng)
    return World(ChainMap({"m": rng.normal()}, world.values), world.ranges)


def counted(rng):
    """Count the multiplications of three matrix products, entry by entry."""
    T, N, n_x, n_h, n_y = (int(size) for size in rng.permutation([2, 3, 4, 5, 6]))
    pairs = [(n_x, n_h), (n_h, n_h), (n_h, n_y)]
    products = sum(1 for _ in range(T * N) for n, m in pairs for _ in range(n * m))
    values = {"T": T, "N": N, "n_x": n_x, "n_h": n_h, "n_y": n_y, "multiplications": products}
    return World(values, {})


CHECKS = {
    "eq:pre-activation": Check("both sides and all shapes, at every step", network_world, "t"),
    "eq:state": Check("both sides and both shapes, at every step", network_world, "t"),
    "eq:logits": Check("both sides and all shapes, at every step", network_world, "t"),
    "eq:prediction": Check("both sides and both shapes, at every step", network_world, "t"),
    "eq:step-loss": Check("both sides, at every step", network_world, "t"),
    "eq:total-loss": Check("both sides", network_world),
    "eq:pre-activation-index": Check(
        "every component, at every step", row_world, "t j", {"i": "n_x", "k": "n_h", "j": "n_h"}
    ),
    "eq:tanh": Check("all three sides", two_numbers),
    "eq:softmax": Check("every component", shifted_logits, "k", {"k": "n_y", "j": "n_y"}),
    "eq:shift": Check("every component", shifted_logits, "k", {"k": "n_y", "j": "n_y"}),
    "eq:loss-from-logits": Check("every sample and step", network_world, "t n", {"k": "n_y"}),
    "eq:log-sum-exp": Check("every sample and step", batch_and_number, "t n", {"k": "n_y"}),
    "eq:front-layer": Check("both sides and all shapes", with_front_layer, "t"),
    "eq:multiplications": Check("against a count, one by one", counted, equals="multiplications"),
}
