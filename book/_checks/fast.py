"""The equations of the chapter on speed, and how each is tried."""

from collections import ChainMap

import numpy as np

from rnnlib.equation_checks import Check
from rnnlib.network_worlds import NetworkValues, row_world, world_of
from rnnlib.worlds import Indexed, World


def one_by_one(x, W, b):
    """Multiply and add without a matrix product: each number of each row by itself."""
    found = np.empty((*x.shape[:2], len(b)))
    for t, n, j in np.ndindex(found.shape):
        found[t, n, j] = b[j] + sum(x[t, n, i] * W[i, j] for i in range(x.shape[2]))
    return found


def below_each_other(steps):
    """Lay the rows of all steps below each other, row by row."""
    return np.array([row for step in steps for row in step])


def beside(left, right):
    """Lay the rows of two matrices side by side."""
    return np.array([[*a, *b] for a, b in zip(left, right, strict=True)])


def stacked_world(rng, classes=False):
    """Draw a network that reads a batch, and stack its values; or let it read class numbers."""
    values = NetworkValues(rng)
    x, W_xh, W_hh = (values.given[name] for name in ("x", "W_xh", "W_hh"))
    numbers = rng.integers(x.shape[2], size=x.shape[:2])
    if classes:
        values.given["x"] = x = np.eye(x.shape[2])[numbers]
    before = [values.given["h_init"], *values.plain["h"][1:-1]]
    ready = one_by_one(x, W_xh, values.given["b_h"])
    delta = [values.derivative("L", "a", None, t) for t in range(values.T)]
    stacks = {
        "kappa": Indexed(numbers),
        "X": below_each_other(x),
        "a_x": Indexed(ready),
        "A": below_each_other(ready),
        "S_bar": below_each_other(before),
        "D": below_each_other(delta),
        "v": Indexed(np.array([beside(*pair) for pair in zip(x, before, strict=True)])),
        "W_vh": np.array([*W_xh, *W_hh]),
        "rows": values.T * values.N,
    }
    return world_of(ChainMap(stacks, values))


def class_world(rng):
    """Draw a network whose inputs are one-hot."""
    return stacked_world(rng, classes=True)


def counted(rng):
    """Count multiplications, calls and numbers one by one, for arrays of different sizes."""
    T, N, n_x, n_h, n_y = (int(size) for size in rng.permutation([2, 3, 4, 5, 6]))
    ways = {"xh": (n_x, n_h), "hh": (n_h, n_h), "hy": (n_h, n_y)}
    there, gradients = ["xh", "hh", "hy"], ["xh", "hh", "hy"]
    back = ["hh", "hy"]  # the message, and what a loss says about its state
    done = [way for _ in range(T * N) for way in there + back + gradients]
    work = sum(1 for way in done for _ in np.ndindex(ways[way]))
    waiting = sum(1 for _ in range(T * N) for _ in "hb" for _ in np.ndindex(ways["hh"]))
    calls = ["inputs", *(["state"] * T), "logits", "own", *(["message"] * T), *gradients]
    room = [(T + 1, N, n_h), (T * N, n_h), (T, N, n_h), (N, n_h), (T * N, n_y)]
    sizes = {"T": T, "N": N, "n_x": n_x, "n_h": n_h, "n_y": n_y}
    held = sum(1 for shape in room for _ in np.ndindex(shape))
    found = {"work": work, "share": waiting / work, "calls": len(calls), "held": held}
    return World({**sizes, **found}, {})


def linear_world(rng):
    """Run a recurrence without tanh, with another matrix at each step."""
    T, n_h = 4, 3
    F, ready = rng.normal(size=(T, n_h, n_h)), rng.normal(size=(T, 1, n_h))
    states = [rng.normal(size=(1, n_h))]
    for t in range(T):
        rows = [sum(states[t][0, i] * F[t, i, j] for i in range(n_h)) for j in range(n_h)]
        states.append(np.array([rows]) + ready[t])
    values = {"F": Indexed(F), "a_x": Indexed(ready), "T": T, "N": 1, "n_h": n_h}
    return world_of({**values, "h": Indexed(np.array(states), first=-1)})


CLASSES = {"i": "n_x", "j": "n_h"}
BATCH = "both sides and all shapes, at every step"
CHECKS = {
    "eq:fast-work": Check("against a count, one by one", counted, equals="work"),
    "eq:fast-ready": Check(BATCH, stacked_world, "t"),
    "eq:fast-wait": Check(BATCH, stacked_world, "t"),
    "eq:fast-concat": Check(BATCH, stacked_world, "t"),
    "eq:fast-stack": Check(
        "every component, at every step", stacked_world, "t n i", {"n": "N", "i": "n_x"}
    ),
    "eq:fast-stack-product": Check("both sides and all shapes", stacked_world),
    "eq:fast-gradient": Check("all three sides and all shapes", stacked_world),
    "eq:fast-gradient-index": Check(
        "every component, all three sides",
        stacked_world,
        "i j",
        {**CLASSES, "n": "N", "k": "rows"},
    ),
    "eq:fast-gradient-state": Check("all three sides and all shapes", stacked_world),
    "eq:fast-calls": Check("against a count, one by one", counted, equals="calls"),
    "eq:fast-share": Check("against a count, one by one", counted, equals="share"),
    "eq:fast-held": Check("against a count, one by one", counted, equals="held"),
    "eq:fast-classes": Check("every component", class_world, "i j", {**CLASSES, "n": "N"}),
    "eq:fast-linear": Check("both sides and all shapes, at every step", linear_world, "t"),
    "eq:fast-two-steps": Check(
        "both sides, between the steps", linear_world, "t", when="t < T - 1"
    ),
    "eq:fast-back-linear": Check(
        "both sides and all shapes, between the steps", row_world, "t", when="t < T - 1"
    ),
}
