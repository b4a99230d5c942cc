"""Exercises on total and immediate derivatives: what moves, what is held still, what adds up."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from .exercises import Exercise


class Factors(NamedTuple):
    """
    The arguments of a derivative by a factor, at several places x.

    Attributes
    ----------
    f, g : ndarray, shape (places,)
        Values of the two factors.
    f_slope, g_slope : ndarray, shape (places,)
        Their derivatives by x.
    """

    f: np.ndarray
    g: np.ndarray
    f_slope: np.ndarray
    g_slope: np.ndarray


class Walk(NamedTuple):
    """
    The arguments of a walk in one direction.

    Attributes
    ----------
    h_prev, h : ndarray, shape (T, N, n_h)
        The state before each step, and after it.
    W_hh : ndarray, shape (n_h, n_h)
        From the state to the next state.
    direction : ndarray, shape (n_h, n_h)
        Which way the recurrent weights are moved.
    """

    h_prev: np.ndarray
    h: np.ndarray
    W_hh: np.ndarray
    direction: np.ndarray


class Longer(NamedTuple):
    """
    The arguments of a walk in one direction, where each state reads the two before it.

    Attributes
    ----------
    h : ndarray, shape (T, N, n_h)
        The state after each step; before the first, all states are zero.
    W_hh : ndarray, shape (n_h, n_h)
        From both earlier states to the next one.
    direction : ndarray, shape (n_h, n_h)
        Which way these weights are moved.
    """

    h: np.ndarray
    W_hh: np.ndarray
    direction: np.ndarray


class Rows(NamedTuple):
    """
    The arguments of an influence.

    Attributes
    ----------
    rows : ndarray, shape (T, N, n_in)
        What the parameter multiplies at each step.
    h : ndarray, shape (T, N, n_h)
        The state after each step.
    W_hh : ndarray, shape (n_h, n_h)
        From the state to the next state.
    """

    rows: np.ndarray
    h: np.ndarray
    W_hh: np.ndarray


def _draw_factors(rng: np.random.Generator) -> Factors:
    """Draw numbers of all signs, none near 0 and no two alike in size."""
    return Factors(*(rng.choice([-1.0, 1.0], (4, 5)) * rng.uniform(0.5, 2.0, (4, 5))))


def _draw_walk(rng: np.random.Generator) -> Walk:
    """Draw weights of order one, and the states that they make."""
    T, N, n_h = 5, 2, 3
    W_hh, direction = rng.standard_normal((2, n_h, n_h))
    states = [rng.uniform(-0.9, 0.9, (N, n_h))]
    for a in rng.uniform(-0.7, 0.7, (T, N, n_h)):
        states.append(np.tanh(a + states[-1] @ W_hh))
    return Walk(np.stack(states[:-1]), np.stack(states[1:]), W_hh, direction)


def _draw_longer(rng: np.random.Generator) -> Longer:
    return Longer(*_draw_walk(rng)[1:])


def _draw_rows(rng: np.random.Generator) -> Rows:
    walk = _draw_walk(rng)
    return Rows(rng.standard_normal((5, 2, 4)), walk.h, walk.W_hh)


Slope = Callable[[np.ndarray], np.ndarray]


def _slope(h: np.ndarray) -> np.ndarray:
    return 1 - h * h


def _flat(h: np.ndarray) -> np.ndarray:
    return np.ones_like(h)


def _walk(s: Walk, slope: Slope = _slope, old: Slope = _slope, reach: int = 1) -> np.ndarray:
    """Hand each total on to the next `reach` steps; `slope` and `old` may leave tanh out."""
    total = [np.zeros_like(s.h[0])] * reach
    for h_prev, h in zip(s.h_prev, s.h, strict=True):
        # ∂⁺h_t + J_t dh_{t-1}, in rows
        carried = sum(total[-reach:]) @ s.W_hh if reach else 0.0
        total.append(h_prev @ s.direction * slope(h) + carried * old(h))
    return np.stack(total[reach:])


def _two_back(s: Longer, reach: int = 2, reads: int = 2) -> np.ndarray:
    """The same where h_{t-1} + h_{t-2} stands for h_{t-1}."""
    padded = np.concatenate([np.zeros_like(s.h[:2]), s.h])
    read = padded[1:-1] + padded[:-2] * (reads == 2)
    return _walk(Walk(read, *s), reach=reach)


def _influence(
    s: Rows, slope: Slope = _slope, old: Slope = _slope, carry: bool = True
) -> np.ndarray:
    N, n_h = s.h[0].shape
    unit, influences = np.eye(n_h), []
    now = np.zeros((N, n_h, s.rows.shape[2], n_h))
    for row, h in zip(s.rows, s.h, strict=True):
        # ∂⁺h_{t,j}/∂W_{ik} = (1 - h_{t,j}^2) [j = k] row_i, and J_t times what was there
        immediate = np.einsum("nj,jk,ni->njik", slope(h), unit, row)
        jacobian = old(h)[:, :, np.newaxis] * s.W_hh.T
        now = immediate + carry * np.einsum("njm,nmik->njik", jacobian, now)
        influences.append(now)
    return np.stack(influences)


RATIO = Exercise(
    name="By a factor",
    settings=(_draw_factors,) * 3,
    solution=lambda s: s.f + s.g * s.f_slope / s.g_slope,
    mistakes={
        "This is ∂F/∂g: the other factor was held still.": lambda s: s.f,
        "This is dF/dx: divide by the slope of g.": lambda s: s.f * s.g_slope + s.g * s.f_slope,
        "The slope of f has to be divided by the slope of g.": lambda s: s.f + s.g * s.f_slope,
        "The ratio of the slopes is upside down.": lambda s: s.f + s.g * s.g_slope / s.f_slope,
        "The factors have changed places: this is dF/df.": lambda s: (
            s.g + s.f * s.g_slope / s.f_slope
        ),
        "The change of f is multiplied by f; it belongs to g.": lambda s: (
            s.f + s.f * s.f_slope / s.g_slope
        ),
        "The first term is missing: g moves too.": lambda s: s.g * s.f_slope / s.g_slope,
    },
)

DIRECTION = Exercise(
    name="In one direction",
    settings=(_draw_walk,) * 3,
    solution=_walk,
    mistakes={
        "These are the immediate parts: nothing is handed on.": lambda s: _walk(s, reach=0),
        "The slope of tanh is missing in both terms.": lambda s: _walk(s, _flat, _flat),
        "The slope of tanh is missing in the immediate part.": lambda s: _walk(s, _flat, _slope),
        "The slope of tanh is missing in what is handed on.": lambda s: _walk(s, _slope, _flat),
        "W_hh is transposed: in rows, the old change is multiplied by W_hh as it is.": lambda s: (
            _walk_with(s, s.W_hh.T)
        ),
        "W_hh is missing: the old change is added as it is.": lambda s: _walk_with(
            s, np.eye(len(s.W_hh))
        ),
        "The direction stands where W_hh belongs.": lambda s: _walk_with(s, s.direction),
        "The immediate part has h[t]; W_hh meets the state before, h_prev[t].": lambda s: _walk(
            s._replace(h_prev=s.h)
        ),
        "The immediate part is missing: so nothing ever moves.": lambda s: 0.0 * s.h,
        "This is the last state; return the changes of all.": lambda s: _walk(s)[-1],
    },
)


def _walk_with(s: Walk, matrix: np.ndarray) -> np.ndarray:
    """Take another matrix to hand the old change on."""
    return _walk(s._replace(W_hh=matrix))


INFLUENCE = Exercise(
    name="Influence",
    settings=(_draw_rows,) * 3,
    solution=_influence,
    mistakes={
        "These are the immediate derivatives: nothing is handed on.": lambda s: _influence(
            s, carry=False
        ),
        "The slope of tanh is missing in the immediate part.": lambda s: _influence(s, _flat),
        "The slope of tanh is missing in what is handed on.": lambda s: _influence(s, old=_flat),
        "This Jacobian has W_hh where its transpose belongs: row j is about unit j of h_t.": (
            lambda s: _influence(s._replace(W_hh=s.W_hh.T))
        ),
        "Each unit hears its own past only: J_t has entries beside its diagonal.": lambda s: (
            _influence(s._replace(W_hh=np.diag(np.diag(s.W_hh))))
        ),
        "The last two axes have changed places: first the row of W, then its column.": lambda s: (
            _influence(s).swapaxes(3, 4)
        ),
    },
)

TWO_BACK = Exercise(
    name="Two steps back",
    settings=(_draw_longer,) * 3,
    solution=_two_back,
    mistakes={
        "Only the state one step back hands its change on; there are two arrows.": lambda s: (
            _two_back(s, reach=1)
        ),
        "These are the immediate parts: nothing is handed on.": lambda s: _two_back(s, reach=0),
        "W_hh meets the sum of two states: one is missing in the immediate part.": lambda s: (
            _two_back(s, reads=1)
        ),
        "This is the recursion for one step back.": lambda s: _two_back(s, reach=1, reads=1),
    },
)

EXERCISES = (RATIO, DIRECTION, INFLUENCE, TWO_BACK)
