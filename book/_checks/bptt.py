"""The equations of chapter 6, and how each is tried."""

from collections import ChainMap

import numpy as np

from rnnlib.equation_checks import Check, Statement
from rnnlib.network_worlds import NetworkValues, network_world, row_world, world_of
from rnnlib.optimisers import sgd
from rnnlib.worlds import Computed, Indexed, World

STEP = {"k": "T"}
NUDGE = 1e-30


def three_steps(rng):
    """Draw a network that reads one sequence of three steps."""
    return world_of(NetworkValues(rng, one_sample=True, steps=3))


def counted(rng):
    """Count the cells of a triangle, one by one."""
    T = int(rng.integers(1, 9))
    return World({"T": T, "cells": sum(1 for t in range(T) for _ in range(t + 1))}, {})


def in_columns(rng):
    """Write a network in the letters of document 001, whose T is the last step."""
    ours = NetworkValues(rng, one_sample=True)
    states = {t - 1: row[0] for t, row in enumerate(ours.plain["h"])}
    W = ours.given["W_hh"].T

    def slope(t):
        return np.diag(1 - states[ours.step(int(t), first=0)] ** 2)

    letters = {
        "T": ours.T - 1,
        "D": Computed(slope),
        "M": Computed(lambda t: W.T @ slope(t)),
        "V": ours.given["W_hy"].T,
        "h": Indexed(np.array([*states.values()]), first=-1),
        "y": Indexed(ours.target[:, 0]),
        "y_hat": Indexed(ours.plain["y_hat"][:, 0]),
        "dL/dW": ours["dL/dW_hh"].T,
    }
    return World(letters, {})


def fed_back(rng):
    """Draw a network that hears its own predictions, and nudge every logit and input of it."""
    T, n_h, n_y = 3, 4, 3
    x_0, h_init = rng.normal(size=(1, n_y)), rng.normal(size=(1, n_h))
    W_xh, W_hh, W_hy = (rng.normal(size=s) for s in ((n_y, n_h), (n_h, n_h), (n_h, n_y)))
    target = np.eye(n_y)[rng.integers(n_y, size=(T, 1))]

    def run(nudges):
        x, h, total, seen = x_0, h_init, 0.0, []
        for t in range(T):
            h = np.tanh((x + nudges.get(("x", t), 0)) @ W_xh + h @ W_hh)
            e = np.exp(h @ W_hy + nudges.get(("z", t), 0))
            x = e / e.sum()
            total = total - np.log((x * target[t]).sum())
            seen.append(x)
        return total, seen

    def slope(name, t):
        nudged = [run({(name, t): 1j * NUDGE * one})[0] for one in np.eye(n_y)]
        return np.imag([nudged]) / NUDGE

    values = {
        "T": T,
        "N": 1,
        "n_y": n_y,
        "y": Indexed(target),
        "y_hat": Indexed(np.array(run({})[1])),
        "delta_z": Computed(lambda t: slope("z", t)),
        "delta_x": Computed(lambda t: slope("x", t)),
    }
    return world_of(values)


def with_ones_as_column(rng):
    """Draw a network in which the column of ones has two axes, so that its transpose counts."""
    values = NetworkValues(rng)
    return world_of(ChainMap({"ones": np.ones((values.N, 1))}, values))


def update(rng):
    """Take one small step: the loss falls by the rate times the squared length of the gradient."""
    values = NetworkValues(rng)
    theta, gradient, rate = values.given["W_hh"], values["dL/dW_hh"], 1e-6
    step = sgd(theta, gradient, rate) - theta
    fell = values.plain["L"].sum() - values.run({("W_hh", None): step})["L"].sum()
    promised = rate * (gradient**2).sum()
    return float(abs(fell - promised) / promised)


BATCH = "both sides and all shapes, at every step"
CHECKS = {
    "eq:bptt-losses": Check("both sides and both shapes", network_world),
    "eq:bptt-copies": Check("both sides, each copy nudged by itself", network_world),
    "eq:bptt-cells": Check("both sides, every loss and every copy", network_world),
    "eq:bptt-formal-chain": Check("both sides, for each loss", row_world, "t"),
    "eq:bptt-own-loss": Check(BATCH, network_world, "t"),
    "eq:bptt-immediate": Check(
        "every component, at every step",
        row_world,
        "k j i",
        STEP | {"i": "n_h", "j": "n_h"},
    ),
    "eq:bptt-two-steps": Check("all three sides", three_steps),
    "eq:bptt-paths": Check("both sides and the shapes", row_world),
    "eq:bptt-jacobian": Check("all three sides and the shapes", row_world, "t"),
    "eq:bptt-chain": Check(
        "all three sides, for every pair of steps", row_world, "t k", STEP, when="k < t"
    ),
    "eq:bptt-delta-sum": Check("both sides and the shapes, at every step", row_world, "k", STEP),
    "eq:bptt-columns": Check("both sides and the shapes", row_world),
    "eq:bptt-horner": Check("all three sides", three_steps),
    "eq:bptt-recursion": Check("both sides, between the steps", row_world, "t", when="t < T - 1"),
    "eq:bptt-arrows": Check(
        "every component, between the steps",
        row_world,
        "t i",
        {"i": "n_h", "j": "n_h", "k": "n_y"},
        when="t < T - 1",
    ),
    "eq:bptt-delta-z": Check(BATCH, network_world, "t"),
    "eq:bptt-delta-h": Check(BATCH, network_world, "t"),
    "eq:bptt-delta-a": Check(BATCH, network_world, "t"),
    "eq:bptt-message": Check(BATCH, network_world, "t"),
    "eq:bptt-weight-index": Check(
        "every component", network_world, "i j", {"i": "n_h", "j": "n_h"}
    ),
    "eq:bptt-weight": Check("both sides and all shapes", network_world),
    "eq:bptt-count": Check("against a count, one by one", counted, equals="cells"),
    "eq:bptt-input-weight": Check("both sides and all shapes", network_world),
    "eq:bptt-bias": Check("both sides and all shapes", with_ones_as_column),
    "eq:bptt-output-weight": Check("both sides and all shapes", network_world),
    "eq:bptt-output-bias": Check("both sides and all shapes", with_ones_as_column),
    "eq:bptt-input": Check(BATCH, network_world, "t"),
    "eq:bptt-first-state": Check("both sides and all shapes", network_world),
    "eq:bptt-input-paths": Check("both sides, for each loss", row_world, "t"),
    "eq:bptt-update": Statement(
        "one small step: the loss falls by the rate times the squared length of the gradient",
        r"\theta \leftarrow \theta - \eta\,\frac{\mathrm dL}{\mathrm d\theta}",
        update,
        within=1e-3,
    ),
    "eq:bptt-fed-back": Check(
        "both sides and the shapes, between the steps", fed_back, "t", when="t < T - 1"
    ),
    "eq:bptt-001": Check("both sides, in the letters of the document", in_columns),
}
