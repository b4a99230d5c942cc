"""Exercises on gates: the walk back through an LSTM, and the message of a GRU."""

from typing import NamedTuple

import numpy as np

from .exercises import Exercise


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


class AtGRU(NamedTuple):
    """
    What the message of a GRU needs.

    Attributes
    ----------
    delta_h : ndarray, shape (N, n_h)
        Total derivative of the loss by the state of the step.
    r, u, g, q : ndarray, shape (N, n_h)
        Reset gate, update gate, candidate, and what is recalled.
    h_prev : ndarray, shape (N, n_h)
        The state before the step.
    W_hh : ndarray, shape (n_h, 3 n_h)
        From the state to reset gate, update gate and what is recalled.
    """

    delta_h: np.ndarray
    r: np.ndarray
    u: np.ndarray
    g: np.ndarray
    q: np.ndarray
    h_prev: np.ndarray
    W_hh: np.ndarray


N, N_H, T = 2, 3, 4


def _draw_walk(rng: np.random.Generator) -> Walk:
    gates = rng.uniform(0.1, 0.9, (3, T, N_H))
    upstream, g = rng.standard_normal((2, T, N_H))
    cells = rng.choice([-1, 1], (T + 1, N_H)) * rng.uniform(0.4, 1.5, (T + 1, N_H))
    W_hh = rng.standard_normal((N_H, 4 * N_H))
    return Walk(upstream, gates[0], gates[1], np.tanh(g), gates[2], cells, W_hh)


def _walk(
    s: Walk, to_state: bool = True, to_cell: bool = True, carry: bool = True, slopes: bool = True,
    now: bool = False, squashed: bool = True, late: bool = False, both: bool = False,
    swapped: bool = False,
) -> np.ndarray:  # fmt: skip
    message = cell_message = np.zeros(N_H)
    rows = []
    for t in reversed(range(T)):
        delta_h = s.upstream[t] + message
        shown = np.tanh(s.cells[t + 1])
        delta_c = delta_h * s.omega[t] * (1 - shown**2) + cell_message
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


def _draw_at_gru(rng: np.random.Generator) -> AtGRU:
    r, u = rng.uniform(0.1, 0.9, (2, N, N_H))
    delta_h, g, q = rng.standard_normal((3, N, N_H))
    h_prev = rng.uniform(-0.9, 0.9, (N, N_H))
    return AtGRU(delta_h, r, u, np.tanh(g), q, h_prev, rng.standard_normal((N_H, 3 * N_H)))


def _at_gru(
    s: AtGRU, direct: bool = True, slopes: bool = True, reset: bool = True, turned: bool = False,
    difference: bool = True, recalled: bool = True,
) -> np.ndarray:  # fmt: skip
    kept, new = (1 - s.u, s.u) if turned else (s.u, 1 - s.u)
    at_candidate = s.delta_h * new * (1 - s.g**2)
    slope_r, slope_u = (x * (1 - x) if slopes else 1 for x in (s.r, s.u))
    sign = -1 if turned else 1
    parts = [
        at_candidate * (s.q if recalled else s.h_prev) * slope_r,
        sign * s.delta_h * (s.h_prev - (s.g if difference else 0)) * slope_u,
        at_candidate * (s.r if reset else 1),
    ]
    through_gates = np.concatenate(parts, axis=1) @ s.W_hh.T
    return np.asarray((s.delta_h * kept if direct else 0) + through_gates)


GRU_MESSAGE = Exercise(
    name="The message of a GRU",
    settings=(_draw_at_gru,) * 3,
    solution=_at_gru,
    mistakes={
        "The direct way is dropped: the share u of the old state is the new state.": lambda s: (
            _at_gru(s, direct=False)
        ),
        "Only the direct way is there: the old state fed three blocks as well.": lambda s: (
            s.delta_h * s.u
        ),
        "The slopes of the gates, x (1 − x), are forgotten.": lambda s: _at_gru(s, slopes=False),
        "The reset gate is forgotten between the candidate and the product.": lambda s: _at_gru(
            s, reset=False
        ),
        "u and 1 − u have changed places, as in another convention.": lambda s: _at_gru(
            s, turned=True
        ),
        "The update gate moves two things: h_prev comes in, and g goes out.": lambda s: _at_gru(
            s, difference=False
        ),
        "The reset gate multiplied q, not h_prev.": lambda s: _at_gru(s, recalled=False),
    },
)

EXERCISES = (WALK, GRU_MESSAGE)
