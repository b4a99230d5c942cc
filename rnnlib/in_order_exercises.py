"""Exercises on what must happen in order: memory that is used twice, and two steps in one."""

from typing import NamedTuple

import numpy as np

from .bptt import backward
from .exercises import Exercise
from .forward_pass import Trace
from .known_mistakes import mistakes_of, settled
from .mistaken_walks import mistaken_walk
from .parameters import Parameters
from .products import sum_of_products


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
    The arguments of a composition: two linear steps, with matrices for each sample.

    Attributes
    ----------
    first_matrix, first_row : ndarray, shapes (N, n_h, n_h) and (N, n_h)
        The earlier step takes row n of the state to ``h[n] @ first_matrix[n] + first_row[n]``.
    next_matrix, next_row : ndarray, shapes (N, n_h, n_h) and (N, n_h)
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


def _whole(s: Buffers) -> tuple[Parameters, Trace]:
    return settled(s.own, s.states[1:], s.W_hh, s.states[0])


def _slopes_over_states(s: Buffers) -> np.ndarray:
    """Multiply with what stands where the states were."""
    before = np.concatenate([s.states[:1], 1 - s.states[1:-1] ** 2])
    return sum_of_products(before, backward(*_whole(s)).delta_a)


def _slope_of_slope(s: Buffers) -> np.ndarray:
    params, trace = _whole(s)
    return mistaken_walk(params, trace, slope=1 - (1 - trace.h**2) ** 2).gradient.W_hh


def _one_buffer(s: Buffers) -> np.ndarray:
    delta_a = backward(*_whole(s)).delta_a
    return sum_of_products(s.states[:-1], np.broadcast_to(delta_a[0], delta_a.shape))


def _message_added_to(s: Buffers) -> np.ndarray:
    """Let all messages that have left arrive once more."""
    slope, message, delta_a = 1 - s.states[1:] ** 2, np.zeros_like(s.own[0]), np.empty_like(s.own)
    for t in reversed(range(len(s.own))):
        delta_a[t] = (s.own[t] + message) * slope[t]
        message = message + delta_a[t] @ s.W_hh.T
    return sum_of_products(s.states[:-1], delta_a)


IN_PLACE = Exercise(
    name="Walk back in place",
    settings=(_draw_buffers,) * 3,
    solution=lambda s: backward(*_whole(s)).gradient.W_hh,
    mistakes=mistakes_of(
        (
            "message dropped",
            "own loss dropped",
            "message before tanh",
            "message by W_hh",
            "walk from the first step",
            "1 − h² missing",
            "h_t for h_{t−1}",
            "first step lost",
            "first step only",
        ),
        _whole,
        lambda back: back.gradient.W_hh,
    )
    | {
        "The slopes were written over the states, which the product at the end still needs.": (
            _slopes_over_states
        ),
        "The slope was taken twice: 1 − h² of what was 1 − h² already.": _slope_of_slope,
        "All steps share one buffer: at the end it holds the delta of step 0, T times.": (
            _one_buffer
        ),
        "The message was added to, and not overwritten: old messages arrive again.": (
            _message_added_to
        ),
    },
)


SAMPLES, UNITS = 4, 3  # a batch of small matrices


def _draw_steps(rng: np.random.Generator) -> TwoSteps:
    def matrix() -> np.ndarray:
        shape = SAMPLES, UNITS, UNITS
        return rng.choice([-1, 1], shape) * rng.uniform(0.3, 1.2, shape)

    def row() -> np.ndarray:
        return rng.uniform(0.5, 2, (SAMPLES, UNITS))

    return TwoSteps(matrix(), row(), matrix(), row())


def _times(row: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """Multiply the row of each sample with the matrix of that sample."""
    found: np.ndarray = np.einsum("ni,nij->nj", row, matrix)
    return found


def _pair(F: np.ndarray, p: np.ndarray) -> np.ndarray:
    """Lay the matrix of each sample over its row: one array for one step."""
    return np.concatenate([F, p[:, np.newaxis]], axis=1)


COMPOSE = Exercise(
    name="Two steps in one",
    settings=(_draw_steps,) * 3,
    solution=lambda s: _pair(
        s.first_matrix @ s.next_matrix, _times(s.first_row, s.next_matrix) + s.next_row
    ),
    mistakes={
        "Both are in the wrong order: a row meets the earlier matrix first, so it stands left.": (
            lambda s: _pair(
                s.next_matrix @ s.first_matrix, _times(s.next_row, s.first_matrix) + s.first_row
            )
        ),
        "The matrices are in the wrong order: a row meets the earlier one first.": (
            lambda s: _pair(
                s.next_matrix @ s.first_matrix, _times(s.first_row, s.next_matrix) + s.next_row
            )
        ),
        "The first row is added as it is, but it goes through the second step too.": (
            lambda s: _pair(s.first_matrix @ s.next_matrix, s.first_row + s.next_row)
        ),
        "The wrong row goes through a matrix: the earlier one passes the later step.": (
            lambda s: _pair(
                s.first_matrix @ s.next_matrix, _times(s.next_row, s.first_matrix) + s.first_row
            )
        ),
        "The second row is lost: the later step adds it at the end.": (
            lambda s: _pair(s.first_matrix @ s.next_matrix, _times(s.first_row, s.next_matrix))
        ),
        "The matrices are multiplied number by number; it should be a matrix product.": (
            lambda s: _pair(
                s.first_matrix * s.next_matrix, _times(s.first_row, s.next_matrix) + s.next_row
            )
        ),
        "Columns here: a row meets its matrix from the left.": lambda s: _pair(
            s.next_matrix @ s.first_matrix,
            _times(s.first_row, s.next_matrix.swapaxes(1, 2)) + s.next_row,
        ),
        "Every row has met the matrix of the first sample: each has one of its own.": (
            lambda s: _pair(
                s.first_matrix @ s.next_matrix, s.first_row @ s.next_matrix[0] + s.next_row
            )
        ),
        "Each matrix has met the rows of all samples, and they were added up: a row meets the "
        "matrix of its own sample.": lambda s: _pair(
            s.first_matrix @ s.next_matrix,
            (s.first_row @ s.next_matrix).sum(axis=1) + s.next_row,
        ),
    },
)

EXERCISES = (IN_PLACE, COMPOSE)
