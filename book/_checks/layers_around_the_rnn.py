"""The equations of chapter 7, and how each is tried."""

import numpy as np

from rnnlib.equation_checks import Check
from rnnlib.layer_worlds import Kind, LayerValues
from rnnlib.worlds import World, world_of


def drawn(rng, one_row=False, **kind):
    """Draw a network of three layers, with its sizes pairwise different."""
    *sizes, N = (int(size) for size in rng.permutation([2, 3, 4, 5, 6]))
    return LayerValues(rng, Kind((*sizes, 1 if one_row else N), int(rng.integers(1, 5)), **kind))


def squared(rng):
    """Draw a network with half the squared error, and three different activations or slopes."""
    return world_of(drawn(rng))


def averaged(rng):
    """Draw a network whose loss is the mean over steps and samples."""
    return world_of(drawn(rng, output="identity", mean=True))


def one_row_of_classes(rng):
    """Draw a network with softmax and cross-entropy that reads one sequence."""
    return world_of(drawn(rng, one_row=True, output="softmax", loss="cross-entropy"))


def kept(rng):
    """Count what three layers hold: every number of every array, one by one."""
    T, N, n_x, n_e, n_h, n_y = (int(size) for size in rng.permutation([2, 3, 4, 5, 6, 7]))
    sizes = {"T": T, "N": N, "n_x": n_x, "n_e": n_e, "n_h": n_h, "n_y": n_y}
    first, every = np.zeros((N, n_h)), range(T)
    arrays = [first, *(np.zeros((N, size)) for _ in every for size in (n_x, n_e, n_h, n_y))]
    return World({**sizes, "held": sum(a.size for a in arrays)}, {})


def segments(rng):
    """Draw a number of steps, and a length that divides it."""
    k, count = (int(number) for number in rng.integers(1, 30, 2))
    return World({"T": k * count, "k": k}, {})


STEPS = "both sides and all shapes, at every step"
GRADIENT = "both sides and all shapes, against complex steps"

CHECKS = {
    "eq:layers-front": Check(STEPS, squared, "t"),
    "eq:layers-state": Check("all three sides and all shapes, at every step", squared, "t"),
    "eq:layers-output": Check("all three sides and all shapes, at every step", squared, "t"),
    "eq:layers-delta-loss": Check("all three sides and the shape, at every step", squared, "t"),
    "eq:layers-delta-z": Check(STEPS, squared, "t"),
    "eq:layers-delta-z-softmax": Check(
        "all three sides, every component", one_row_of_classes, "t k", {"k": "n_y", "j": "n_y"}
    ),
    "eq:layers-weights-output": Check(GRADIENT, squared),
    "eq:layers-bias-output": Check(GRADIENT, squared),
    "eq:layers-delta-h": Check(STEPS, squared, "t"),
    "eq:layers-message": Check(
        "both sides and all shapes, at every step but the last", squared, "t", when="t < T - 1"
    ),
    "eq:layers-delta-a": Check(STEPS, squared, "t"),
    "eq:layers-weights-input": Check(GRADIENT, squared),
    "eq:layers-weights-recurrent": Check(GRADIENT, squared),
    "eq:layers-bias-state": Check(GRADIENT, squared),
    "eq:layers-delta-e": Check(STEPS, squared, "t"),
    "eq:layers-delta-front": Check(STEPS, squared, "t"),
    "eq:layers-weights-front": Check(GRADIENT, squared),
    "eq:layers-bias-front": Check(GRADIENT, squared),
    "eq:layers-delta-x": Check(STEPS, squared, "t"),
    "eq:layers-state-before": Check(
        "both sides, at every step but the first", squared, "t", when="t > 0"
    ),
    "eq:layers-copies": Check("all three sides, against complex steps of each copy", squared),
    "eq:layers-mean": Check("both sides, at every step, for a mean", averaged, "t"),
    "eq:layers-memory": Check("against a count of every array", kept, equals="held"),
    "eq:layers-checkpoints": Check("both sides, for lengths that divide T", segments),
}
