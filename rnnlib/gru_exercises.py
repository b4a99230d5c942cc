"""Exercises on a GRU: one step, the message, and the gradient by its recurrent weights."""

from typing import Any, NamedTuple

import numpy as np

from .activations import sigmoid
from .exercises import Exercise


class Step(NamedTuple):
    """
    The arguments of one step of a GRU.

    Attributes
    ----------
    x_t : ndarray, shape (N, n_x)
        Input.
    h_prev : ndarray, shape (N, n_h)
        The state before the step.
    W_xh : ndarray, shape (n_x, 3 n_h)
        From the input to the blocks: reset gate, update gate, candidate.
    W_hh : ndarray, shape (n_h, 3 n_h)
        From the state to the two gates and to what is recalled.
    b_h : ndarray, shape (3 n_h,)
        Bias of the blocks.
    b_q : ndarray, shape (n_h,)
        Bias of what is recalled.
    """

    x_t: np.ndarray
    h_prev: np.ndarray
    W_xh: np.ndarray
    W_hh: np.ndarray
    b_h: np.ndarray
    b_q: np.ndarray


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


class Deltas(NamedTuple):
    """
    What the gradient by the recurrent weights of a GRU needs.

    Attributes
    ----------
    delta_a : ndarray, shape (T, N, 3 n_h)
        Total derivative of the loss by the pre-activations of the three blocks.
    r : ndarray, shape (T, N, n_h)
        Reset gate.
    states : ndarray, shape (T + 1, N, n_h)
        The state before the first step, then after each step.
    """

    delta_a: np.ndarray
    r: np.ndarray
    states: np.ndarray


N, N_X, N_H, T = 2, 5, 3, 4


def _draw_step(rng: np.random.Generator) -> Step:
    shapes = ((N, N_X), (N, N_H), (N_X, 3 * N_H), (N_H, 3 * N_H), (3 * N_H,), (N_H,))
    return Step(*(rng.standard_normal(shape) for shape in shapes))


def _step(
    s: Step, order: str = "rug", kept: bool = True, turned: bool = False, reset: str = "after",
    bias: str = "behind", gate: Any = sigmoid, candidate: Any = np.tanh,
) -> np.ndarray:  # fmt: skip
    x, W = (dict(zip(order, np.split(wide, 3, axis=-1), strict=True))
            for wide in (s.x_t @ s.W_xh + s.b_h, s.W_hh))  # fmt: skip
    r, u = (gate(x[block] + s.h_prev @ W[block]) for block in "ru")
    share = {"after": r, "before": r, "none": 1}[reset]
    behind, outside = (s.b_q * (bias == place) for place in ("behind", "outside"))
    if reset == "before":
        recalled = (share * s.h_prev) @ W["g"] + behind
    else:
        recalled = share * (s.h_prev @ W["g"] + behind)
    g = candidate(x["g"] + recalled + outside)
    old, new = (1 - u, u) if turned else (u, 1 - u)
    return np.asarray(new * g + (old * s.h_prev if kept else 0))


GRU_STEP = Exercise(
    name="One step of a GRU",
    settings=(_draw_step,) * 3,
    solution=_step,
    mistakes={
        "u and 1 − u have changed places: here u is the share of the old state.": lambda s: _step(
            s, turned=True
        ),
        "The reset gate was applied to the state, before the product: that is the other GRU. "
        "Here it multiplies q.": lambda s: _step(s, reset="before"),
        "The reset gate is forgotten.": lambda s: _step(s, reset="none"),
        "The bias b_q stands outside; it belongs to q, behind the reset gate.": lambda s: _step(
            s, bias="outside"
        ),
        "The bias b_q is missing.": lambda s: _step(s, bias="nowhere"),
        "The bias b_h is missing.": lambda s: _step(s._replace(b_h=0.0 * s.b_h)),
        "Reset gate and update gate have changed places.": lambda s: _step(s, order="urg"),
        "The update gate and the candidate have changed places.": lambda s: _step(s, order="rgu"),
        "The candidate has the logistic function; it is tanh, so that it can take away.": (
            lambda s: _step(s, candidate=sigmoid)
        ),
        "The gates have tanh; the logistic function gives a share between 0 and 1.": lambda s: (
            _step(s, gate=np.tanh)
        ),
        "The old state is missing: the update gate keeps its share of it.": lambda s: _step(
            s, kept=False
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


def _draw_deltas(rng: np.random.Generator) -> Deltas:
    states = rng.choice([-1, 1], (T + 1, N, N_H)) * rng.uniform(0.2, 0.9, (T + 1, N, N_H))
    r = rng.uniform(0.1, 0.9, (T, N, N_H))
    return Deltas(rng.standard_normal((T, N, 3 * N_H)), r, states)


def _shares(
    s: Deltas, now: bool = False, blocks: str = "g", before: bool = False, at_state: bool = False
) -> np.ndarray:
    """Find what each step contributes; the reset gate stands in some of the blocks."""
    h = s.states[1:] if now else s.states[:-1]
    r = np.concatenate([s.r[:1], s.r[:-1]]) if before else s.r
    parts = dict(zip("rug", np.split(s.delta_a, 3, axis=-1), strict=True))
    left = {block: h * r if at_state and block == "g" else h for block in "rug"}
    right = {block: part * r if block in blocks else part for block, part in parts.items()}
    each = [left[block].swapaxes(1, 2) @ right[block] for block in "rug"]
    return np.concatenate(each, axis=-1)


def _gradient(s: Deltas) -> np.ndarray:
    return np.asarray(_shares(s).sum(axis=0))


GRU_GRADIENT = Exercise(
    name="The recurrent weights of a GRU",
    settings=(_draw_deltas,) * 3,
    solution=_gradient,
    mistakes={
        "The reset gate is forgotten: W_hh of the candidate fed q, and takes δ of q.": lambda s: (
            _shares(s, blocks="").sum(axis=0)
        ),
        "The reset gate stands in all three blocks; the two gates have none before them.": (
            lambda s: _shares(s, blocks="rug").sum(axis=0)
        ),
        "The reset gate stands in the first block; the candidate is the third.": lambda s: _shares(
            s, blocks="r"
        ).sum(axis=0),
        "The reset gate multiplies the state: that is the gradient of the other GRU.": lambda s: (
            _shares(s, blocks="", at_state=True).sum(axis=0)
        ),
        "The reset gate is that of the step before; take that of the step itself.": lambda s: (
            _shares(s, before=True).sum(axis=0)
        ),
        "h_t stands for h_{t-1}: the weights met the state before the step.": lambda s: _shares(
            s, now=True
        ).sum(axis=0),
        "This is the mean over the steps; the shares of all steps add up.": lambda s: _shares(
            s
        ).mean(axis=0),
        "This is the mean over the samples; their shares add up.": lambda s: _gradient(s) / N,
        "Only the last step counts here; the weights were used at every step.": lambda s: _shares(
            s
        )[-1],
        "The first step is missing: it met the state before it, states[0].": lambda s: _shares(s)[
            1:
        ].sum(axis=0),
        "The steps are not added up: this is the share of each.": _shares,
    },
)

EXERCISES = (GRU_STEP, GRU_MESSAGE, GRU_GRADIENT)
