"""The equations of the chapter on forward messages, and how each is tried."""

import numpy as np

from rnnlib.equation_checks import Check
from rnnlib.network_worlds import NetworkValues, row_world, world_of
from rnnlib.worlds import World

UNITS = {"i": "n_h", "j": "n_h", "k": "n_h", "m": "n_h"}


def diagonal_world(rng):
    """Draw a network whose units feed only themselves."""
    values = NetworkValues(rng, one_sample=True, steps=4)
    values.given["W_hh"] = np.diag(np.diag(values.given["W_hh"]))
    return world_of(values)


def counted(rng):
    """Count products and numbers, entry by entry of every array."""
    T, N, n_x, n_h, n_y = (int(size) for size in rng.permutation([2, 3, 4, 5, 6]))
    entries = [(i, k) for n in (n_x, n_h, 1) for i in range(n) for k in range(n_h)]
    influences = [(j, entry) for j in range(n_h) for entry in entries]
    products = sum(1 for _ in range(T * N) for _ in influences for _ in range(n_h))
    # Of the walk back: each matrix is used by a delta that passes it, and by its own gradient.
    weights = [
        (i, k) for n, m in ((n_x, n_h), (n_h, n_h), (n_h, n_y)) for i in range(n) for k in range(m)
    ]
    back = sum(2 for _ in range(T * N) for _ in weights)
    sizes = {"T": T, "N": N, "n_x": n_x, "n_h": n_h, "n_y": n_y}
    return World({**sizes, "carrying": products, "carried": len(influences), "back": back}, {})


EACH = "every component, at every step"
CHECKS = {
    "eq:influence-pre-activation": Check(EACH, row_world, "t j i k", UNITS),
    "eq:influence-tanh": Check(EACH, row_world, "t j i k", UNITS),
    "eq:influence-own": Check(EACH, row_world, "t j i k", UNITS),
    "eq:influence-jacobian": Check(EACH, row_world, "t j m", UNITS),
    "eq:influence-index": Check(EACH, row_world, "t j i k", UNITS),
    "eq:influence-own-input": Check(EACH, row_world, "t j i k", {**UNITS, "i": "n_x"}),
    "eq:influence-own-bias": Check(EACH, row_world, "t j k", UNITS),
    "eq:influence": Check("both sides and all shapes, at every step", row_world, "t"),
    "eq:influence-first": Check("both sides", row_world),
    "eq:influence-loss": Check("every class, at every step", row_world, "t k", {"k": "n_y"}),
    "eq:influence-own-loss": Check("both sides and all shapes, at every step", row_world, "t"),
    "eq:influence-read": Check("every weight, at every step", row_world, "t i k", UNITS),
    "eq:influence-total": Check("both sides", row_world),
    "eq:influence-output": Check(
        "all three sides for every weight, at every step",
        row_world,
        "t j k",
        {"j": "n_h", "k": "n_y", "m": "n_y"},
    ),
    "eq:influence-diagonal": Check(
        "every weight, at every step, for a diagonal matrix", diagonal_world, "t i j", UNITS
    ),
    "eq:influence-paths": Check("both sides, at every step", row_world, "t"),
    "eq:influence-work": Check("against a count, one by one", counted, equals="carrying"),
    "eq:influence-work-back": Check("against a count, one by one", counted, equals="back"),
    "eq:influence-carried": Check("against a count, one by one", counted, equals="carried"),
}
