"""Exercises on truncation: the walk through a window, and messages cut by lot."""

from typing import NamedTuple

import numpy as np

from .exercises import Exercise


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


T, N, N_H, REACH = 7, 2, 3, 3


def _draw_rows(rng: np.random.Generator) -> Rows:
    h = rng.choice([-1, 1], (T, N_H)) * rng.uniform(0.3, 0.8, (T, N_H))
    return Rows(rng.standard_normal((T, N_H)), h, rng.standard_normal((N_H, N_H)), REACH)


def _draw_lot(rng: np.random.Generator, kept: bool = True) -> Lot:
    rows = rng.standard_normal((N, N_H)), rng.standard_normal((N, N_H))
    return Lot(*rows, rng.standard_normal((N_H, N_H)), kept, float(rng.uniform(0.6, 0.8)))


def _draw_cut(rng: np.random.Generator) -> Lot:
    return _draw_lot(rng, kept=False)


def _walk(s: Rows, heard: np.ndarray) -> np.ndarray:
    """Let each loss speak to the steps that a table of loss by step names."""
    delta_a = np.zeros_like(s.h)
    for t, row in enumerate(s.own):
        delta_h = row
        for k in reversed(range(t + 1)):
            share = delta_h * (1 - s.h[k] ** 2)
            delta_a[k] += heard[t, k] * share
            delta_h = share @ s.W_hh.T
    return delta_a


LOSS, STEP = np.indices((T, T))


def _within(reach: int) -> np.ndarray:
    return (LOSS - reach < STEP) & (STEP <= LOSS)


WINDOW = Exercise(
    name="The walk through a window",
    settings=(_draw_rows,) * 3,
    solution=lambda s: _walk(s, _within(s.reach)),
    mistakes={
        "Nothing is cut: this is the whole walk back.": lambda s: _walk(s, _within(T)),
        "No message is handed on: this is a reach of one.": lambda s: _walk(s, _within(1)),
        "The reach counts the own step: each loss walks one step too far.": lambda s: _walk(
            s, _within(s.reach + 1)
        ),
        "Each loss stops one step too early: its own step is the first of the reach.": (
            lambda s: _walk(s, _within(s.reach - 1))
        ),
        "Each loss stops at the beginning of its block; in a window all walk equally far.": (
            lambda s: _walk(s, s.reach * (LOSS // s.reach) <= STEP)
        ),
        "One walk from the end, cut off: the steps before it hear not even their own loss.": (
            lambda s: _walk(s, T - s.reach <= STEP)
        ),
        "W_hh is not transposed.": lambda s: _walk(s._replace(W_hh=s.W_hh.T), _within(s.reach)),
        "The slope 1 − h² is missing, here and on the way.": lambda s: _walk(
            s._replace(h=0.0 * s.h), _within(s.reach)
        ),
    },
)


def _heard(s: Lot, through: float, cut: float = 0.0, own: float = 1.0) -> np.ndarray:
    """Add what is said: `through` and `cut` are the weights of a message that is or is not kept."""
    weight = through if s.kept else cut
    return np.asarray(own * s.own + weight * (s.next_delta_a @ s.W_hh.T))


BY_LOT = Exercise(
    name="A message by lot",
    settings=(_draw_lot, _draw_lot, _draw_cut),
    solution=lambda s: _heard(s, 1 / s.keep),
    mistakes={
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
        "The own loss is missing: add it to the message.": lambda s: _heard(s, 1 / s.keep, own=0.0),
        "W_hh is not transposed.": lambda s: _heard(s._replace(W_hh=s.W_hh.T), 1 / s.keep),
    },
)

EXERCISES = (WINDOW, BY_LOT)
