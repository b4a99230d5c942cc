"""The equations of chapter 11, and how each is tried."""

from collections import ChainMap

import numpy as np

from rnnlib.equation_checks import Check
from rnnlib.network_worlds import NUDGE, NetworkValues, row_world, world_of
from rnnlib.worlds import Computed, World

STEP = {"k": "T"}


def tight_world(rng):
    """Draw a network; every other one turns and scales tiny states, so that no bound is loose."""
    values = NetworkValues(rng, one_sample=True, steps=4)
    if rng.random() < 0.7:
        n_h = values.sizes["n_h"]
        turning = np.linalg.qr(rng.normal(size=(n_h, n_h)))[0]
        values.given["W_hh"] = rng.choice([0.5, 3.0]) * turning
        for name in ("x", "b_h", "h_init"):
            values.given[name] = values.given[name] * 1e-4
    return world_of(values)


def silent(rng):
    """Draw two units of which one hands to the other, the same at every step."""
    radius, corner = rng.uniform(0.3, 1.5), rng.uniform(1, 5)
    W_hh = np.array([[radius, corner], [0, radius]])
    values = {"J": Computed(lambda t: W_hh.T), "rho": radius, "W_hh": W_hh, "T": 5, "N": 1}
    return world_of(values)


def clipped(rng):
    """Draw a gradient and a limit; the shortened one is found by trying lengths."""
    gradient = rng.normal(size=7)
    limit = rng.uniform(0.2, 1.8) * np.linalg.norm(gradient)
    low, high = 0.0, 1.0
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (
            (middle, high) if (middle * gradient) @ gradient * middle < limit**2 else (low, middle)
        )
    return World({"dL/dtheta": gradient, "c": limit, "clipped": high * gradient}, {})


def windowed(rng):
    """Nudge the weights for each loss within its window alone, and read that loss."""
    values = NetworkValues(rng)
    tau = int(rng.integers(1, 4))
    n_h = values.sizes["n_h"]
    truncated = np.zeros((n_h, n_h))
    for at in np.ndindex(n_h, n_h):
        one = np.zeros((n_h, n_h), complex)
        one[at] = 1j * NUDGE
        for t in range(values.T):
            window = range(max(t - tau + 1, 0), t + 1)
            run = values.run({("W_hh", k): one for k in window})
            truncated[at] += run["L"][t].imag / NUDGE
    return world_of(ChainMap({"tau": tau, "truncated": truncated}, values))


def by_lot(rng):
    """Draw a network and the probability with which a message is kept."""
    return world_of(ChainMap({"p": rng.uniform(0.2, 0.9)}, NetworkValues(rng)))


def survived(rng):
    """Draw a probability, and steps between which lots are drawn."""
    return world_of({"p": rng.uniform(0.2, 0.9), "T": 5, "N": 1})


PAIRS = "for every pair of steps, in tight and in loose cases"
CHECKS = {
    "eq:fade-row": Check(
        "both sides and the shapes, for every pair of steps",
        row_world,
        "t k",
        STEP,
        when="k < t",
    ),
    "eq:fade-stretch": Check(PAIRS, tight_world, "t k", STEP, when="k < t"),
    "eq:fade-step": Check("at every step, in tight and in loose cases", tight_world, "t"),
    "eq:fade-products": Check(PAIRS, tight_world, "t k", STEP, when="k < t"),
    "eq:fade-bound": Check(PAIRS, tight_world, "t k", STEP, when=r"k \le t"),
    "eq:fade-shear": Check(
        "every entry, for every pair of steps", silent, "t k", STEP, when="k < t"
    ),
    "eq:fade-clip": Check(
        "against a length found by halving, long and short gradients", clipped, equals="clipped"
    ),
    "eq:fade-window": Check(
        "against runs whose weights move within the window alone",
        windowed,
        over=STEP,
        equals="truncated",
    ),
    "eq:fade-average": Check("both sides, at every step", by_lot, "t"),
    "eq:fade-spread": Check(
        "both sides, for every pair of steps", survived, "t k", STEP, when=r"k \le t"
    ),
}
