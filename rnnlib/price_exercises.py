"""Exercises on forward messages: the gradient that is read from them, and their price."""

from typing import NamedTuple

import numpy as np

from .exercises import Exercise


class Read(NamedTuple):
    """
    What the losses say, and the messages that they read, for one sequence.

    Attributes
    ----------
    delta_z : ndarray, shape (T, n_y)
        Derivative of each loss by its logits.
    W_hy : ndarray, shape (n_h, n_y)
        From the state to the logits.
    influence : ndarray, shape (T, n_h, n_h, n_h)
        The message of each step: entry t, j, i, k.
    """

    delta_z: np.ndarray
    W_hy: np.ndarray
    influence: np.ndarray


class LayerSizes(NamedTuple):
    """
    The sizes of a recurrent layer.

    Attributes
    ----------
    n_x, n_h : int
        Sizes of input and state.
    """

    n_x: int
    n_h: int


def _draw_read(rng: np.random.Generator) -> Read:
    T, n_h, n_y = 5, 3, 7
    return Read(
        rng.standard_normal((T, n_y)),
        rng.standard_normal((n_h, n_y)),
        rng.standard_normal((T, n_h, n_h, n_h)),
    )


def _draw_layer(rng: np.random.Generator) -> LayerSizes:
    return LayerSizes(*map(int, rng.choice([5, 7, 11, 13, 17, 19, 23, 29], 2, replace=False)))


def _paired(s: Read) -> np.ndarray:
    found: np.ndarray = np.einsum("tk,jk,tjim->im", s.delta_z, s.W_hy, s.influence)
    return found


def _carry_count(s: LayerSizes) -> int:
    return s.n_h * s.n_h * (s.n_x * s.n_h + s.n_h * s.n_h + s.n_h)


MESSAGE_GRADIENT = Exercise(
    name="Gradient from messages",
    settings=(_draw_read,) * 3,
    solution=_paired,
    mistakes={
        "This is the gradient of the last loss; add those of all losses.": lambda s: _paired(
            s._replace(delta_z=s.delta_z[-1:], influence=s.influence[-1:])
        ),
        "This is the mean over the steps; the loss is a sum.": lambda s: (
            _paired(s) / len(s.delta_z)
        ),
        "Each weight hears of its own unit only, as document 003 prints it; sum over all units.": (
            lambda s: np.einsum("tk,jk,tjij->ij", s.delta_z, s.W_hy, s.influence)
        ),
        "One gradient for each loss is right; now add them up.": lambda s: np.einsum(
            "tk,jk,tjim->tim", s.delta_z, s.W_hy, s.influence
        ),
        "The result is transposed: rows are where the weight comes from.": lambda s: _paired(s).T,
        "The sum runs over the wrong axis: the unit of the state is the first of a message.": (
            lambda s: np.einsum("tk,jk,tijm->im", s.delta_z, s.W_hy, s.influence)
        ),
        "The messages are only added up; weigh each with what its loss says of the state.": (
            lambda s: s.influence.sum(axis=(0, 1))
        ),
    },
)

CARRY_COUNT = Exercise(
    name="Price of a step",
    settings=(_draw_layer,) * 3,
    solution=_carry_count,
    mistakes={
        "These are the numbers that are carried; each of them costs n_h multiplications.": (
            lambda s: _carry_count(s) // s.n_h
        ),
        "These are the parameters; each has n_h influences, and each of those costs n_h.": (
            lambda s: _carry_count(s) // s.n_h**2
        ),
        "The message of W_xh is missing.": lambda s: _carry_count(s._replace(n_x=0)),
        "The message of W_hh is missing.": lambda s: _carry_count(s) - s.n_h**4,
        "The message of b_h is missing.": lambda s: _carry_count(s) - s.n_h**3,
        "The additions are counted too.": lambda s: 2 * _carry_count(s),
    },
)

EXERCISES = (MESSAGE_GRADIENT, CARRY_COUNT)
