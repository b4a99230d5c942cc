"""The equations of chapter 2, and how each is tried."""

import numpy as np

from rnnlib.equation_checks import Check
from rnnlib.layer_worlds import Kind, LayerValues
from rnnlib.worlds import World, world_of


def three_layers(rng):
    """Draw dense, recurrent, dense; each derivative is found by a nudge, none by a chain rule."""
    T, sizes = int(rng.integers(1, 4)), tuple(map(int, rng.permutation([2, 3, 4, 5, 6])))
    return world_of(LayerValues(rng, Kind(sizes, T)))


def counted(rng):
    """Count what three layers learn, multiply and hold: one by one."""
    T, N, n_x, n_e, n_h, n_y = (int(size) for size in rng.permutation([2, 3, 4, 5, 6, 7]))
    pairs = [(n_x, n_e), (n_e, n_h), (n_h, n_h), (n_h, n_y)]
    weights, biases = sum(np.ones(pair).size for pair in pairs), n_e + n_h + n_y
    products = sum(1 for _ in range(T * N) for n, m in pairs for _ in range(n * m))
    rows = [np.zeros((N, n_h))] + [np.zeros((N, n)) for _ in range(T) for n in (n_x, n_e, n_h, n_y)]
    sizes = {"T": T, "N": N, "n_x": n_x, "n_e": n_e, "n_h": n_h, "n_y": n_y}
    held = sum(row.size for row in rows)
    return World(
        {**sizes, "parameters": weights + biases, "multiply-adds": products, "held": held}, {}
    )


UNITS = {"i": "n_e", "j": "n_h"}
CHECKS = {
    "eq:sizes-state": Check("both sides and all shapes, at every step", three_layers, "t"),
    "eq:sizes-handed-down": Check("both sides and all shapes, at every step", three_layers, "t"),
    "eq:sizes-weights": Check("both sides and all shapes", three_layers),
    "eq:sizes-bias": Check("both sides and all shapes", three_layers),
    "eq:sizes-turned": Check("both sides and all shapes, at every step", three_layers, "t"),
    "eq:sizes-entry": Check("every entry", three_layers, "i j", UNITS),
    "eq:sizes-recurrent": Check("both sides and all shapes", three_layers),
    "eq:sizes-trap": Check("one shape, two arrays, at every step", three_layers, "t"),
    "eq:sizes-parameters": Check("against a count, array by array", counted, equals="parameters"),
    "eq:sizes-operations": Check("against a count, one by one", counted, equals="multiply-adds"),
    "eq:sizes-held": Check("against a count, array by array", counted, equals="held"),
}
