"""Exercises on what must happen in order: memory that is used twice, and two steps in one."""

from typing import NamedTuple

import numpy as np

from .exercises import Exercise


class Buffers(NamedTuple):
    """
    The arguments of a walk back in place.

    Attributes
    ----------
    states : ndarray, shape (T + 1, N, n_h)
        All states, from the one before the first input on.
    own : ndarray, shape (T, N, n_h)
        What each loss says about its own state.
    W_hh : ndarray, shape (n_h, n_h)
        Recurrent weights.
    """

    states: np.ndarray
    own: np.ndarray
    W_hh: np.ndarray


class TwoSteps(NamedTuple):
    """
    The arguments of a composition: two steps of a linear recurrence.

    Attributes
    ----------
    first_matrix, first_row : ndarray, shapes (n_h, n_h) and (n_h,)
        The earlier step takes h to ``h @ first_matrix + first_row``.
    next_matrix, next_row : ndarray, shapes (n_h, n_h) and (n_h,)
        The later step.
    """

    first_matrix: np.ndarray
    first_row: np.ndarray
    next_matrix: np.ndarray
    next_row: np.ndarray


T, N, N_H = 5, 3, 2


def _draw_buffers(rng: np.random.Generator) -> Buffers:
    states = rng.uniform(-0.9, 0.9, (T + 1, N, N_H))
    W_hh = rng.choice([-1, 1], (N_H, N_H)) * rng.uniform(0.4, 0.9, (N_H, N_H))
    return Buffers(states, rng.standard_normal((T, N, N_H)), W_hh)


def _walk_back(s: Buffers, how: str = "") -> np.ndarray:
    """Walk back; then multiply with the states before each step."""
    states, own = s.states.copy(), s.own.copy()
    if how == "slope over states":
        slope = states[1:]
        slope[:] = 1 - slope**2
    elif how == "slope of slope":
        slope = 1 - (1 - states[1:] ** 2) ** 2
    else:
        slope = 1 - states[1:] ** 2
    message, delta_a = np.zeros_like(own[0]), np.empty_like(own)
    for t in reversed(range(len(own))):
        delta_a[t] = own[t] + message
        if how == "message before slope":
            message = delta_a[t] @ s.W_hh.T
            delta_a[t] *= slope[t]
            continue
        delta_a[t] *= slope[t]
        if how == "message is added to":
            message = message + delta_a[t] @ s.W_hh.T
        elif how == "no transpose":
            message = delta_a[t] @ s.W_hh
        elif how != "no message":
            message = delta_a[t] @ s.W_hh.T
    if how == "one buffer":
        delta_a[:] = delta_a[0]
    before = states[1:] if how == "states after" else states[:-1]
    gradient: np.ndarray = before.reshape(-1, N_H).T @ delta_a.reshape(-1, N_H)
    return gradient


IN_PLACE = Exercise(
    name="Walk back in place",
    settings=(_draw_buffers,) * 3,
    solution=_walk_back,
    mistakes={
        "The slopes were written over the states, which the product at the end still needs.": (
            lambda s: _walk_back(s, "slope over states")
        ),
        "The slope was taken twice: 1 − h² of what was 1 − h² already.": (
            lambda s: _walk_back(s, "slope of slope")
        ),
        "All steps share one buffer: at the end it holds the delta of step 0, T times.": (
            lambda s: _walk_back(s, "one buffer")
        ),
        "The message left before the slope was applied: it is made of δᵃ, not of δʰ.": (
            lambda s: _walk_back(s, "message before slope")
        ),
        "The message was added to, and not overwritten: old messages arrive again.": (
            lambda s: _walk_back(s, "message is added to")
        ),
        "No message arrives: each step hears its own loss only.": (
            lambda s: _walk_back(s, "no message")
        ),
        "W_hh is not transposed: it has the right shape by accident.": (
            lambda s: _walk_back(s, "no transpose")
        ),
        "Each delta meets its own state; W_hh was fed with the state before: states[:-1].": (
            lambda s: _walk_back(s, "states after")
        ),
    },
)


def _draw_steps(rng: np.random.Generator) -> TwoSteps:
    def matrix() -> np.ndarray:
        return rng.choice([-1, 1], (3, 3)) * rng.uniform(0.3, 1.2, (3, 3))

    return TwoSteps(matrix(), rng.uniform(0.5, 2, 3), matrix(), rng.uniform(0.5, 2, 3))


def _pair(F: np.ndarray, p: np.ndarray) -> np.ndarray:
    """Lay a matrix over a row: one array for one step."""
    return np.concatenate([F, p[np.newaxis]])


COMPOSE = Exercise(
    name="Two steps in one",
    settings=(_draw_steps,) * 3,
    solution=lambda s: _pair(
        s.first_matrix @ s.next_matrix, s.first_row @ s.next_matrix + s.next_row
    ),
    mistakes={
        "Both are in the wrong order: a row meets the earlier matrix first, so it stands left.": (
            lambda s: _pair(
                s.next_matrix @ s.first_matrix, s.next_row @ s.first_matrix + s.first_row
            )
        ),
        "The matrices are in the wrong order: a row meets the earlier one first.": (
            lambda s: _pair(
                s.next_matrix @ s.first_matrix, s.first_row @ s.next_matrix + s.next_row
            )
        ),
        "The first row is added as it is, but it goes through the second step too.": (
            lambda s: _pair(s.first_matrix @ s.next_matrix, s.first_row + s.next_row)
        ),
        "The wrong row goes through a matrix: the earlier one passes the later step.": (
            lambda s: _pair(
                s.first_matrix @ s.next_matrix, s.next_row @ s.first_matrix + s.first_row
            )
        ),
        "The second row is lost: the later step adds it at the end.": (
            lambda s: _pair(s.first_matrix @ s.next_matrix, s.first_row @ s.next_matrix)
        ),
        "The matrices are multiplied number by number; it should be a matrix product.": (
            lambda s: _pair(
                s.first_matrix * s.next_matrix, s.first_row @ s.next_matrix + s.next_row
            )
        ),
        "Columns here: a row meets its matrix from the left.": lambda s: _pair(
            s.next_matrix @ s.first_matrix, s.next_matrix @ s.first_row + s.next_row
        ),
    },
)

EXERCISES = (IN_PLACE, COMPOSE)
