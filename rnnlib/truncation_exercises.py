"""Exercises on truncation: the walk through a window, and messages cut by lot."""

from typing import NamedTuple

import numpy as np

from .bptt import BackwardTrace, backward
from .exercises import Exercise
from .forward_pass import Trace
from .known_mistakes import mistakes_of, settled
from .parameters import Parameters


class Rows(NamedTuple):
    """
    What a walk through a window needs.

    Attributes
    ----------
    own : ndarray, shape (T, n_h)
        What each loss says to its own state.
    h : ndarray, shape (T, n_h)
        States of one sequence.
    W_hh : ndarray, shape (n_h, n_h)
        From the state to the next state.
    reach : int
        How many steps each loss speaks to, its own among them.
    """

    own: np.ndarray
    h: np.ndarray
    W_hh: np.ndarray
    reach: int


class Lot(NamedTuple):
    """
    What one step needs whose message is cut by lot.

    Attributes
    ----------
    own : ndarray, shape (N, n_h)
        What the loss of this step says to its state.
    next_delta_a : ndarray, shape (N, n_h)
        Derivative of the loss by the next pre-activation.
    W_hh : ndarray, shape (n_h, n_h)
        From the state to the next state.
    kept : bool
        What the lot said: whether the message gets through.
    keep : float
        The probability that it does.
    """

    own: np.ndarray
    next_delta_a: np.ndarray
    W_hh: np.ndarray
    kept: bool
    keep: float


T, N, N_H, REACH = 7, 2, 3, 4


def _draw_rows(rng: np.random.Generator) -> Rows:
    h = rng.choice([-1, 1], (T, N_H)) * rng.uniform(0.3, 0.8, (T, N_H))
    return Rows(rng.standard_normal((T, N_H)), h, rng.standard_normal((N_H, N_H)), REACH)


def _draw_lot(rng: np.random.Generator, kept: bool = True) -> Lot:
    rows = rng.standard_normal((N, N_H)), rng.standard_normal((N, N_H))
    return Lot(*rows, rng.standard_normal((N_H, N_H)), kept, float(rng.uniform(0.6, 0.8)))


def _draw_cut(rng: np.random.Generator) -> Lot:
    return _draw_lot(rng, kept=False)


def _windows(s: Rows) -> tuple[Parameters, Trace]:
    """Settle a batch of short walks: sample t is the window of loss t, zeros before the start."""
    T, reach = len(s.h), s.reach
    h = np.concatenate([np.zeros_like(s.h[:1])] * reach + [s.h])
    states = np.stack([h[r : r + T] for r in range(reach + 1)])
    own = np.concatenate([np.zeros((reach - 1, *s.own.shape), s.own.dtype), s.own[np.newaxis]])
    return settled(own, states[1:], s.W_hh, states[0])


def _added_up(back: BackwardTrace) -> np.ndarray:
    """Add up what the windows say about the same step."""
    reach, T, n_h = back.delta_a.shape
    delta_a = np.zeros((reach - 1 + T, n_h), back.delta_a.dtype)
    for r, rows in enumerate(back.delta_a):
        delta_a[r : r + T] += rows
    return delta_a[reach - 1 :]


def _reaching(s: Rows, reach: int) -> np.ndarray:
    return _added_up(backward(*_windows(s._replace(reach=reach))))


def _in_blocks(s: Rows) -> np.ndarray:
    cuts = range(0, len(s.h), s.reach)
    blocks = [Rows(s.own[b:][: s.reach], s.h[b:][: s.reach], s.W_hh, s.reach) for b in cuts]
    return np.concatenate([_reaching(block, s.reach) for block in blocks])


def _cut_off(s: Rows) -> np.ndarray:
    delta_a = _reaching(s, T)
    delta_a[: -s.reach] = 0
    return delta_a


WINDOW = Exercise(
    name="The walk through a window",
    settings=(_draw_rows,) * 3,
    solution=lambda s: _reaching(s, s.reach),
    mistakes=mistakes_of(
        (
            "message dropped",
            "sign of the message",
            "message of one step",
            "message before tanh",
            "message by W_hh",
            "1 − h² missing",
            "1 − h for 1 − h²",
            "slope of the step before",
        ),
        _windows,
        _added_up,
    )
    | {
        "Nothing is cut: this is the whole walk back.": lambda s: _reaching(s, T),
        "The reach counts the own step: each loss walks one step too far.": lambda s: _reaching(
            s, s.reach + 1
        ),
        "Each loss stops one step too early: its own step is the first of the reach.": (
            lambda s: _reaching(s, s.reach - 1)
        ),
        "Each loss stops at the beginning of its block; in a window all walk equally far.": (
            _in_blocks
        ),
        "One walk from the end, cut off: the steps before it hear not even their own loss.": (
            _cut_off
        ),
    },
)


def _two_steps(s: Lot) -> tuple[Parameters, Trace]:
    """Settle this step and the next one, without slopes: the lot is in the weights."""
    own = np.stack([s.own, s.next_delta_a])
    return settled(own, np.zeros_like(own), s.W_hh * (s.kept / s.keep))


def _heard(s: Lot, through: float, cut: float = 0.0, own: float = 1.0) -> np.ndarray:
    """Add what is said: `through` and `cut` are the weights of a message that is or is not kept."""
    weight = through if s.kept else cut
    return np.asarray(own * s.own + weight * (s.next_delta_a @ s.W_hh.T))


BY_LOT = Exercise(
    name="A message by lot",
    settings=(_draw_lot, _draw_lot, _draw_cut),
    solution=lambda s: _heard(s, 1 / s.keep),
    mistakes=mistakes_of(
        ("own loss dropped", "sign of the message", "message by W_hh"),
        _two_steps,
        lambda back: back.delta_h[0],
    )
    | {
        "A message that gets through counts 1: nothing makes up for those that were cut.": (
            lambda s: _heard(s, 1.0)
        ),
        "This multiplies by the probability of being kept; divide by it.": lambda s: _heard(
            s, s.keep
        ),
        "This divides by the probability of a cut; divide by that of being kept.": lambda s: _heard(
            s, 1 / (1 - s.keep)
        ),
        "The own loss is not drawn: it counts 1, whatever the lot says.": lambda s: _heard(
            s, 1 / s.keep, own=1 / s.keep if s.kept else 0.0
        ),
        "The lot is not heeded: a message that was cut must not arrive.": lambda s: _heard(
            s, 1 / s.keep, cut=1 / s.keep
        ),
    },
)

EXERCISES = (WINDOW, BY_LOT)
