"""Exercises on gates: a step of an LSTM, and what comes back to its cell."""

from typing import Any, NamedTuple

import numpy as np

from .activations import sigmoid
from .exercises import Exercise


class Step(NamedTuple):
    """
    The arguments of one step of an LSTM.

    Attributes
    ----------
    x_t : ndarray, shape (N, n_x)
        Input.
    h_prev, c_prev : ndarray, shape (N, n_h)
        The state and the cell before the step.
    W_xh : ndarray, shape (n_x, 4 n_h)
        From the input to the blocks: input gate, forget gate, candidate, output gate.
    W_hh : ndarray, shape (n_h, 4 n_h)
        From the state to the blocks.
    b_h : ndarray, shape (4 n_h,)
        Bias of the blocks.
    """

    x_t: np.ndarray
    h_prev: np.ndarray
    c_prev: np.ndarray
    W_xh: np.ndarray
    W_hh: np.ndarray
    b_h: np.ndarray


class AtCell(NamedTuple):
    """
    What arrives at a cell.

    Attributes
    ----------
    delta_h : ndarray, shape (N, n_h)
        Total derivative of the loss by the state of the same step.
    cell_message : ndarray, shape (N, n_h)
        What the next cell reports.
    omega, c : ndarray, shape (N, n_h)
        Output gate and cell of the step.
    """

    delta_h: np.ndarray
    cell_message: np.ndarray
    omega: np.ndarray
    c: np.ndarray


N, N_X, N_H = 2, 5, 3


def _draw_step(rng: np.random.Generator) -> Step:
    shapes = ((N, N_X), (N, N_H), (N, N_H), (N_X, 4 * N_H), (N_H, 4 * N_H), (4 * N_H,))
    return Step(*(rng.standard_normal(shape) for shape in shapes))


def _step(
    s: Step, order: str = "ifgo", carry: bool = True, squash: Any = np.tanh, gate: Any = sigmoid,
    candidate: Any = np.tanh, shown: bool = True,
) -> np.ndarray:  # fmt: skip
    blocks = np.split(s.x_t @ s.W_xh + s.h_prev @ s.W_hh + s.b_h, 4, axis=1)
    a = dict(zip(order, blocks, strict=True))
    c = gate(a["i"]) * candidate(a["g"]) + (gate(a["f"]) * s.c_prev if carry else 0)
    return np.stack([c, squash(c) * (gate(a["o"]) if shown else 1)])


LSTM_STEP = Exercise(
    name="One step of an LSTM",
    settings=(_draw_step,) * 3,
    solution=_step,
    mistakes={
        "The old cell is missing: the forget gate keeps its share of it.": lambda s: _step(
            s, carry=False
        ),
        "Input gate and forget gate have changed places.": lambda s: _step(s, order="figo"),
        "The candidate and the output gate have changed places.": lambda s: _step(s, order="ifog"),
        "The candidate has the logistic function; it is tanh, so that it can take away.": (
            lambda s: _step(s, candidate=sigmoid)
        ),
        "The gates have tanh; the logistic function gives a share between 0 and 1.": lambda s: (
            _step(s, gate=np.tanh)
        ),
        "The state is ω times c; the cell is squashed by tanh before it is shown.": lambda s: _step(
            s, squash=np.positive
        ),
        "The output gate is missing.": lambda s: _step(s, shown=False),
        "The old state does not enter the blocks: h_prev @ W_hh is missing.": lambda s: _step(
            s._replace(W_hh=0.0 * s.W_hh)
        ),
        "The bias b_h is missing.": lambda s: _step(s._replace(b_h=0.0 * s.b_h)),
        "These are state and cell in turn; return the cell first.": lambda s: _step(s)[::-1],
    },
)


def _draw_at_cell(rng: np.random.Generator) -> AtCell:
    delta_h, message, c = rng.standard_normal((3, N, N_H))
    return AtCell(delta_h, message, rng.uniform(0.1, 0.9, (N, N_H)), 1.5 * c)


def _at_cell(s: AtCell) -> np.ndarray:
    return np.asarray(s.delta_h * s.omega * (1 - np.tanh(s.c) ** 2) + s.cell_message)


AT_CELL = Exercise(
    name="Two arrows at the cell",
    settings=(_draw_at_cell,) * 3,
    solution=_at_cell,
    mistakes={
        "The message of the next cell is dropped.": lambda s: _at_cell(s) - s.cell_message,
        "Only the message is left: the own state looked at the cell too.": lambda s: s.cell_message,
        "The slope is that of tanh at c, 1 − tanh² c; here c itself is squared.": lambda s: (
            s.delta_h * s.omega * (1 - s.c**2) + s.cell_message
        ),
        "The slope of tanh is missing.": lambda s: s.delta_h * s.omega + s.cell_message,
        "The output gate is missing.": lambda s: _at_cell(s._replace(omega=np.ones_like(s.c))),
        "tanh c stands in place of its slope.": lambda s: (
            s.delta_h * s.omega * np.tanh(s.c) + s.cell_message
        ),
        "The message went through ω and tanh as well; it comes along the lane of the cell.": (
            lambda s: (s.delta_h + s.cell_message) * s.omega * (1 - np.tanh(s.c) ** 2)
        ),
        "The two are multiplied; two arrows leave the cell, so two terms are added.": lambda s: (
            (_at_cell(s) - s.cell_message) * s.cell_message
        ),
    },
)


EXERCISES = (LSTM_STEP, AT_CELL)
