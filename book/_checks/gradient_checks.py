"""The equations of chapter 10, and how each is tried."""

from collections import ChainMap

import numpy as np

from rnnlib.equation_checks import Check
from rnnlib.network_worlds import NetworkValues
from rnnlib.worlds import World

NUDGE = 1e-30


def one_weight(rng, step=1e-3):
    """Draw a loss as a function of one weight, with its derivatives: a sum of waves."""
    heights, rates, shifts = rng.uniform(0.5, 1.5, (3, 3))

    def wave(order):
        # Each derivative of sin(r a + s) brings a factor r, and a quarter of a turn.
        def value(a):
            turned = rates * a + shifts + order * np.pi / 2
            return 7.0 * (order == 0) + (heights * rates**order * np.sin(turned)).sum()

        return value

    functions = {"f" + "'" * order: wave(order) for order in range(4)}
    a = rng.uniform(0, 0.5)
    numbers = {"a": a, "varepsilon": step, "i": 1j, "Im": np.imag}
    return World({**functions, **numbers}, {})


def wide_step(rng):
    """Draw the same with a step that is wider: what is left out is its fourth power."""
    return one_weight(rng, step=1e-2)


def rounded(rng):
    """Round both losses as badly as can be, and see by how much the slope is off."""
    world = one_weight(rng, step=1e-3)
    f, slope, third, a, eps = (world.values[k] for k in ("f", "f'", "f'''", "a", "varepsilon"))
    xi = 1e-9
    away = np.sign(third(a))
    above, below = (f(a + side * eps) * (1 + side * away * xi) for side in (1, -1))
    error = abs((above - below) / (2 * eps) - slope(a))
    return World(ChainMap({"xi": xi, "error": error}, world.values), {})


def best_step(rng, power=2, share=6.0, runs=1.0, derivative="f'''"):
    """Find the step at which the two errors together are least, by trying ever finer ones."""
    world = one_weight(rng)
    f, bend, a = world.values["f"](world.values["a"]), world.values[derivative], world.values["a"]
    xi, bend = 2.0**-53, abs(bend(a))

    def error(step):
        return step**power * bend / share + runs * xi * abs(f) / step

    low, high = np.log(1e-12), np.log(1.0)
    for _ in range(200):  # of two points between, the worse one is a new end
        left, right = low + (high - low) / 3, high - (high - low) / 3
        if error(np.exp(left)) < error(np.exp(right)):
            high = right
        else:
            low = left
    step = float(np.exp((low + high) / 2))
    values = {"xi": xi, "varepsilon": step, "error": error(step)}
    return World(ChainMap(values, world.values), {})


def best_step_to_one_side(rng):
    """Do the same for one side, where two losses are rounded and divided by one step."""
    return best_step(rng, power=1, share=2.0, runs=2.0, derivative="f''")


def direction(rng):
    """Draw a network and a direction, and move all its parameters along it at once."""
    values = NetworkValues(rng)
    names = ("W_xh", "W_hh", "W_hy", "b_h", "b_y")
    moves = {name: rng.normal(size=values.given[name].shape) for name in names}
    nudged = values.run({(name, None): 1j * NUDGE * move for name, move in moves.items()})
    slopes = np.concatenate([np.ravel(values[f"dL/d{name}"]) for name in names])
    flat = np.concatenate([move.ravel() for move in moves.values()])
    world = {"dL/dvarepsilon": nudged["L"].sum().imag / NUDGE, "dL/dtheta": slopes, "v": flat}
    return World(world, {"i": range(len(flat))})


CHECKS = {
    "eq:check-one-sided": Check("both sides, for a small step", one_weight, within=2e-6),
    "eq:check-central": Check("both sides, for a wider step", wide_step, within=1e-8),
    "eq:check-both-errors": Check(
        "against two losses that are rounded as badly as can be", rounded, equals="error",
        within=1e-3,
    ),
    "eq:check-best-step": Check("against a search for the best step", best_step, within=1e-6),
    "eq:check-best-error": Check(
        "against the error at the step that a search has found", best_step, equals="error",
    ),
    "eq:check-one-sided-best": Check(
        "against a search for the best step", best_step_to_one_side, within=1e-6
    ),
    "eq:check-complex": Check("both sides, for a wider step", wide_step, within=1e-8),
    "eq:check-direction": Check("both sides, all parameters moved at once", direction),
}  # fmt: skip
