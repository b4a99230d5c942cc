"""What the five documents leave to their readers, with the answers in the letters of the book."""

import numpy as np

from .equation_checks import Check
from .network_worlds import NUDGE, NetworkValues, network_world, row_world
from .open_questions import OpenQuestion
from .worlds import World, world_of

WITHOUT_TIME = ("T", "N", "n_y", "ones", "dL/dW_hy", "dL/db_h", "dL/db_y")


def without_time(rng: np.random.Generator) -> World:
    """
    Draw a network of two layers that is asked once: its values have no step.

    Parameters
    ----------
    rng : numpy.random.Generator
        Draws sizes and values.

    Returns
    -------
    World
        The state, and what the loss says to state and logits.

    Examples
    --------
    >>> world = without_time(np.random.default_rng(0))
    >>> world.values["delta_z"].shape == (world.values["N"], world.values["n_y"])
    True
    """
    network = NetworkValues(rng, steps=1)
    deltas = {f"delta_{name}": network.derivative("L", name, None, 0) for name in "az"}
    values = {name: network[name] for name in WITHOUT_TIME}
    return world_of({**values, **deltas, "h": network.plain["h"][1]})


def half_squared(rng: np.random.Generator) -> World:
    """
    Draw a prediction, a target, and the slope of half their squared distance.

    Parameters
    ----------
    rng : numpy.random.Generator
        Draws sizes and values.

    Returns
    -------
    World
        The slope is measured: each part of the prediction is nudged.

    Examples
    --------
    >>> half_squared(np.random.default_rng(0)).values["∂L/∂y_hat"].shape
    (5,)
    """
    y_hat, y = rng.normal(size=(2, 5))
    nudged = (y_hat + 1j * NUDGE * np.eye(5) - y) ** 2 / 2
    slope = nudged.sum(axis=1).imag / NUDGE
    return World({"n_y": 5, "y_hat": y_hat, "y": y, "∂L/∂y_hat": slope}, {})


TOTAL = Check("both sides", network_world)
EACH_STEP = Check("both sides, at every step", network_world, "t")
ONE_STEP = Check("both sides", without_time)
THROUGH_PATHS = Check("both sides, for each loss", row_world, "t")

PATHS = (
    r"\frac{\mathrm dL_t}{\mathrm dW_{xh}} = \sum_{k=0}^{t} \frac{\mathrm dL_t}{\mathrm dh_t}\,"
    r"J_t J_{t-1} \cdots J_{k+1}\,\frac{\partial^{+} h_k}{\partial W_{xh}}"
)
QUESTIONS = (
    OpenQuestion(
        "000",
        "Which size has a weight gradient as it is printed? The transposed one; turned, it fits.",
        r"\bigl((\delta^z_t)^\top h_t\bigr)^\top = h_t^\top\,\delta^z_t",
        EACH_STEP,
        ("exercise-ten-sizes", "eq:sizes-turned"),
    ),
    OpenQuestion(
        "000",
        "Does the size confirm the recurrent row, 5 × 5? No: both orders have it, one is right.",
        r"h_{t-1}^\top\,\delta^a_t \ne (\delta^a_t)^\top h_{t-1}",
        EACH_STEP,
        ("exercise-recurrent-gradient", "eq:sizes-trap"),
    ),
    OpenQuestion(
        "001",
        "The input weights, “in the same manner” as the recurrent ones",
        PATHS,
        THROUGH_PATHS,
        ("exercise-input-weights", "eq:bptt-input-paths"),
    ),
    OpenQuestion(
        "002",
        "The input weights",
        r"\frac{\mathrm dL}{\mathrm dW_{xh}} = \sum_{t=0}^{T-1} x_t^\top\,\delta^a_t",
        TOTAL,
        ("exercise-input-weights", "eq:bptt-input-weight"),
    ),
    OpenQuestion(
        "001, 002, 003, 004",
        "The bias of the state",
        r"\frac{\mathrm dL}{\mathrm db_h} = \sum_{t=0}^{T-1} \mathbf 1^\top \delta^a_t",
        TOTAL,
        ("exercise-biases", "eq:bptt-bias"),
    ),
    OpenQuestion(
        "002",
        "First blank of the procedure: what step t adds to the input weights",
        r"\frac{\mathrm dL}{\mathrm dW_{xh}^{(t)}} = x_t^\top\,\delta^a_t",
        EACH_STEP,
        ("exercise-input-weights", "eq:bptt-input-weight"),
    ),
    OpenQuestion(
        "002",
        "Second blank: what the input of step t is told",
        r"\frac{\mathrm dL}{\mathrm dx_t} = \delta^a_t\,W_{xh}^\top",
        EACH_STEP,
        ("exercise-input-delta", "eq:bptt-input"),
    ),
    OpenQuestion(
        "002",
        "Third blank: what step t adds to the bias",
        r"\frac{\mathrm dL}{\mathrm db_h^{(t)}} = \mathbf 1^\top \delta^a_t",
        EACH_STEP,
        ("exercise-biases", "eq:bptt-bias"),
    ),
    OpenQuestion(
        "002",
        "The weights of the output layer",
        r"\frac{\mathrm dL}{\mathrm dW_{hy}} = \sum_{t=0}^{T-1} h_t^\top\,\delta^z_t",
        TOTAL,
        ("exercise-output-shares", "eq:bptt-output-weight"),
    ),
    OpenQuestion(
        "001, 002, 003, 004",
        "The bias of the output layer",
        r"\frac{\mathrm dL}{\mathrm db_y} = \sum_{t=0}^{T-1} \mathbf 1^\top \delta^z_t",
        TOTAL,
        ("exercise-biases", "eq:bptt-output-bias"),
    ),
    OpenQuestion(
        "002",
        "Without time: the weights of the second layer",
        r"\frac{\mathrm dL}{\mathrm dW_{hy}} = h^\top \delta^z",
        ONE_STEP,
        ("exercise-second-layer", "eq:flat-output-weights"),
    ),
    OpenQuestion(
        "002",
        "Without time: the bias of the second layer",
        r"\frac{\mathrm dL}{\mathrm db_y} = \mathbf 1^\top \delta^z",
        ONE_STEP,
        ("exercise-second-layer", "eq:flat-output-bias"),
    ),
    OpenQuestion(
        "002",
        "Without time: the bias of the first layer",
        r"\frac{\mathrm dL}{\mathrm db_h} = \mathbf 1^\top \delta^a",
        ONE_STEP,
        ("exercise-first-bias", "eq:bias-compact"),
    ),
    OpenQuestion(
        "003",
        "The slope of the loss by the prediction, for the cross-entropy",
        r"\frac{\partial L_t}{\partial \hat y_{t,k}} = -\frac{y_{t,k}}{\hat y_{t,k}}",
        Check("every class, at every step", row_world, "t k", {"k": "n_y"}),
        ("eq:prediction-slope", "eq:influence-loss"),
    ),
    OpenQuestion(
        "003",
        "The same for half the squared error",
        r"\frac{\partial L}{\partial \hat y_k} = \hat y_k - y_k",
        Check("every output", half_squared, "k", {"k": "n_y"}),
        ("eq:half-squared-slope",),
    ),
    OpenQuestion(
        "003",
        "The gradient of the total loss from those of the steps",
        r"\frac{\mathrm dL}{\mathrm dW_{hh}} "
        r"= \sum_{t=0}^{T-1} \frac{\partial L_t}{\partial h_t}\,P_t",
        Check("both sides", row_world),
        ("exercise-fm-gradient", "eq:influence-total"),
    ),
    OpenQuestion(
        "004",
        "The input weights, for which it says only that BPTT is needed",
        PATHS,
        THROUGH_PATHS,
        ("exercise-input-weights", "eq:bptt-input-paths"),
    ),
)
