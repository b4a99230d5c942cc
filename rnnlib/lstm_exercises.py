"""Exercises on an LSTM: one step, and the walk back."""

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


class Walk(NamedTuple):
    """
    The arguments of a walk back through an LSTM, one sequence.

    Attributes
    ----------
    upstream : ndarray, shape (T, n_h)
        What the layers above say about each state.
    iota, f, g, omega : ndarray, shape (T, n_h)
        The four blocks after their activations.
    cells : ndarray, shape (T + 1, n_h)
        The cell before the first step, then after each step.
    W_hh : ndarray, shape (n_h, 4 n_h)
        From the state to the blocks, in the order of these arguments.
    """

    upstream: np.ndarray
    iota: np.ndarray
    f: np.ndarray
    g: np.ndarray
    omega: np.ndarray
    cells: np.ndarray
    W_hh: np.ndarray


N, N_X, N_H, T = 2, 5, 3, 4


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


def _draw_walk(rng: np.random.Generator) -> Walk:
    gates = rng.uniform(0.1, 0.9, (3, T, N_H))
    upstream, g = rng.standard_normal((2, T, N_H))
    cells = rng.choice([-1, 1], (T + 1, N_H)) * rng.uniform(0.4, 1.5, (T + 1, N_H))
    W_hh = rng.standard_normal((N_H, 4 * N_H))
    return Walk(upstream, gates[0], gates[1], np.tanh(g), gates[2], cells, W_hh)


def _walk(
    s: Walk, to_state: bool = True, to_cell: bool = True, carry: bool = True, slopes: bool = True,
    now: bool = False, squashed: bool = True, late: bool = False, both: bool = False,
    swapped: bool = False, bent: bool = True, opened: bool = True, met: bool = False,
) -> np.ndarray:  # fmt: skip
    message = cell_message = np.zeros(N_H)
    rows = []
    for t in reversed(range(T)):
        delta_h = s.upstream[t] + message
        shown = np.tanh(s.cells[t + 1])
        into_cell = (s.omega[t] if opened else 1) * (1 - shown**2 if bent else 1)
        delta_c = delta_h * into_cell + cell_message * (into_cell if met else 1)
        i, f, g, o = s.iota[t], s.f[t], s.g[t], s.omega[t]
        slope_i, slope_f, slope_o = (x * (1 - x) if slopes else 1 for x in (i, f, o))
        parts = [
            delta_c * g * slope_i,
            delta_c * s.cells[t + now] * slope_f,
            delta_c * i * (1 - g**2),
            (delta_c if both else delta_h) * (shown if squashed else s.cells[t + 1]) * slope_o,
        ]
        if swapped:
            parts[:2] = parts[1], parts[0]
        rows.append(np.concatenate(parts))
        message = rows[-1] @ s.W_hh.T * to_state
        # f of the step itself: late is that of the step before, where the message arrives.
        kept = s.f[max(t - 1, 0)] if late else f
        cell_message = delta_c * (kept if carry else 1) * to_cell
    return np.stack(rows[::-1])


WALK = Exercise(
    name="The walk back through an LSTM",
    settings=(_draw_walk,) * 3,
    solution=_walk,
    mistakes={
        "The message to the cell is dropped: each cell hears its own state only.": lambda s: _walk(
            s, to_cell=False
        ),
        "The message to the state is dropped: the blocks of the next step read the state too.": (
            lambda s: _walk(s, to_state=False)
        ),
        "The carry f is dropped: on its way to the cell before, the message is multiplied by f.": (
            lambda s: _walk(s, carry=False)
        ),
        "The message is multiplied by the forget gate of the step where it arrives; it takes "
        "that of the step which it leaves.": lambda s: _walk(s, late=True),
        "The message to the cell went through ω and tanh as well; it comes along the lane.": (
            lambda s: _walk(s, met=True)
        ),
        "The slope of tanh, 1 − tanh² c, is forgotten between the state and its cell.": lambda s: (
            _walk(s, bent=False)
        ),
        "The output gate is forgotten between the state and its cell.": lambda s: _walk(
            s, opened=False
        ),
        "The slopes of the gates, x (1 − x), are forgotten.": lambda s: _walk(s, slopes=False),
        "c_t stands for c_{t-1}: the forget gate multiplied the old cell.": lambda s: _walk(
            s, now=True
        ),
        "c stands for tanh c at the output gate.": lambda s: _walk(s, squashed=False),
        "The output gate takes delta_h; here it got delta_c.": lambda s: _walk(s, both=True),
        "The deltas of input gate and forget gate have changed places.": lambda s: _walk(
            s, swapped=True
        ),
        "The steps stand in the order of the walk; return them in the order of time.": lambda s: (
            _walk(s)[::-1]
        ),
    },
)

EXERCISES = (LSTM_STEP, WALK)
