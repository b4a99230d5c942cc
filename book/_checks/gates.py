"""The equations of chapter 13, and how each is tried."""

import numpy as np

from rnnlib.equation_checks import Check
from rnnlib.gated_steps import sigma
from rnnlib.gated_worlds import GatedValues
from rnnlib.worlds import World, world_of

NUDGE = 1e-30


def lstm_world(rng):
    """Draw a network with an LSTM that reads a batch."""
    return world_of(GatedValues(rng, "LSTM"))


def lstm_row(rng):
    """Draw a network with an LSTM that reads one sequence."""
    return world_of(GatedValues(rng, "LSTM", one_sample=True))


def gru_world(rng):
    """Draw a network with a GRU that reads a batch."""
    return world_of(GatedValues(rng, "GRU"))


def gru_before(rng):
    """Draw a network with a GRU whose reset gate is applied to the state, before the product."""
    return world_of(GatedValues(rng, "GRU", before=True))


def one_gate(rng):
    """Draw a pre-activation, and nudge the logistic function there."""
    slope = {"sigma'": lambda a: np.imag(sigma(a + 1j * NUDGE)) / NUDGE}
    return World({"a": rng.normal(), "sigma": sigma, **slope}, {})


BATCH = "both sides and all shapes, at every step"
DELTAS = "both sides and the shape, at every step, every number nudged"
CHECKS = {
    "eq:gate-blocks": Check(BATCH, lstm_world, "t"),
    "eq:gate-input": Check(BATCH, lstm_world, "t"),
    "eq:gate-forget": Check(BATCH, lstm_world, "t"),
    "eq:gate-candidate": Check(BATCH, lstm_world, "t"),
    "eq:gate-output": Check(BATCH, lstm_world, "t"),
    "eq:gate-cell": Check(BATCH, lstm_world, "t"),
    "eq:gate-state": Check(BATCH, lstm_world, "t"),
    "eq:gate-dc": Check("both sides and the shape, everything moving", lstm_world, "t"),
    "eq:gate-dh": Check("both sides and the shape, everything moving", lstm_world, "t"),
    "eq:gate-da": Check("both sides and the shape, everything moving", lstm_world, "t"),
    "eq:gate-carry": Check("both sides and the shape, the state before held still", lstm_row, "t"),
    "eq:gate-two-ways": Check("both sides, with the state before following", lstm_row, "t"),
    "eq:gate-second-path": Check(
        "both sides and the shape, only the state moving", lstm_row, "t"
    ),
    "eq:gate-delta-h": Check(DELTAS, lstm_world, "t"),
    "eq:gate-delta-c": Check(DELTAS, lstm_world, "t"),
    "eq:gate-slope": Check("both sides", one_gate),
    "eq:gate-delta-f": Check(DELTAS, lstm_world, "t"),
    "eq:gate-delta-input": Check(DELTAS, lstm_world, "t"),
    "eq:gate-delta-g": Check(DELTAS, lstm_world, "t"),
    "eq:gate-delta-output": Check(DELTAS, lstm_world, "t"),
    "eq:gate-message": Check(BATCH, lstm_world, "t", when=r"0 < t"),
    "eq:gate-cell-message": Check(BATCH, lstm_world, "t", when=r"0 < t"),
    "eq:gate-weight": Check("both sides and all shapes", lstm_world),
    "eq:gate-input-weight": Check("both sides and all shapes", lstm_world),
    "eq:gate-lane": Check("both sides, for every last step", lstm_row, "t"),
    "eq:gru-reset": Check(BATCH, gru_world, "t"),
    "eq:gru-update": Check(BATCH, gru_world, "t"),
    "eq:gru-recalled": Check(BATCH, gru_world, "t"),
    "eq:gru-candidate": Check(BATCH, gru_world, "t"),
    "eq:gru-state": Check(BATCH, gru_world, "t"),
    "eq:gru-dh": Check("both sides and the shape, everything moving", gru_world, "t"),
    "eq:gru-delta-g": Check(DELTAS, gru_world, "t"),
    "eq:gru-delta-u": Check(DELTAS, gru_world, "t"),
    "eq:gru-delta-r": Check(DELTAS, gru_world, "t"),
    "eq:gru-delta-q": Check(DELTAS, gru_world, "t"),
    "eq:gru-message": Check(BATCH, gru_world, "t", when=r"0 < t"),
    "eq:gru-input-weight": Check("both sides and the shape", gru_world),
    "eq:gru-weight": Check("both sides and the shape", gru_world),
    "eq:gru-before": Check("both sides and the shape, at every step", gru_before, "t"),
    "eq:gru-before-message": Check(BATCH, gru_before, "t", when=r"0 < t"),
    "eq:gru-before-delta-r": Check(DELTAS, gru_before, "t"),
}  # fmt: skip
