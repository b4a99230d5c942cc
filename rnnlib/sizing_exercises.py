"""Exercises on sizes: which shape a product has, which one is right, and what it all costs."""

from typing import NamedTuple

import numpy as np

from .exercises import Exercise
from .forward_pass import Trace
from .known_mistakes import mistakes_of, settled
from .parameters import Parameters


class Layers(NamedTuple):
    """
    The arguments of a table of sizes.

    Attributes
    ----------
    N : int
        Batch size.
    n_x, n_e, n_h, n_y : int
        Sizes of input, front layer, state and output.
    """

    N: int
    n_x: int
    n_e: int
    n_h: int
    n_y: int


class Widths(NamedTuple):
    """
    The arguments of a count of parameters.

    Attributes
    ----------
    n_x, n_e, n_h, n_y : int
        Sizes of input, front layer, state and output.
    """

    n_x: int
    n_e: int
    n_h: int
    n_y: int


class Interval(NamedTuple):
    """
    The arguments of a count of what is held.

    Attributes
    ----------
    T, N : int
        Steps and batch size.
    n_x, n_e, n_h, n_y : int
        Sizes of input, front layer, state and output.
    """

    T: int
    N: int
    n_x: int
    n_e: int
    n_h: int
    n_y: int


class States(NamedTuple):
    """
    The arguments of a gradient.

    Attributes
    ----------
    h_prev : ndarray, shape (T, N, n_h)
        The states before each step.
    delta_a : ndarray, shape (T, N, n_h)
        What the loss says about each pre-activation.
    """

    h_prev: np.ndarray
    delta_a: np.ndarray


def _primes(rng: np.random.Generator, count: int) -> list[int]:
    """Draw different primes, so that no two sizes can be exchanged."""
    return [int(size) for size in rng.choice([5, 7, 11, 13, 17, 19, 23, 29], count, replace=False)]


def _ten(
    s: Layers, turned: bool = False, column: bool = False, summed: bool = True
) -> list[tuple[int, int]]:
    """The sizes of the ten products, in the order of the document."""

    def matrix(out: int, into: int) -> tuple[int, int]:
        return (into, out) if turned else (out, into)

    def bias(width: int) -> tuple[int, int]:
        return (width, 1) if column else (1 if summed else s.N, width)

    last = [matrix(s.n_y, s.n_h), bias(s.n_y)]
    recurrent = [matrix(s.n_h, s.n_e), matrix(s.n_h, s.n_h), bias(s.n_h)]
    front = [matrix(s.n_e, s.n_x), bias(s.n_e)]
    return [*last, *recurrent, *front, (s.N, s.n_y), (s.N, s.n_h), (s.N, s.n_e)]


TEN_SIZES = Exercise(
    name="Ten sizes",
    settings=(lambda rng: Layers(*_primes(rng, 5)),) * 3,
    solution=_ten,
    mistakes={
        "These are the desired sizes: [..].T times what came in is the other way round.": (
            lambda s: _ten(s, turned=True)
        ),
        "A sum over the batch leaves one row, not one column.": lambda s: _ten(s, column=True),
        "The biases are not summed over the batch yet.": lambda s: _ten(s, summed=False),
        "A delta has the shape of the layer it goes to; these are one layer too far down.": (
            lambda s: [*_ten(s)[:7], (s.N, s.n_h), (s.N, s.n_e), (s.N, s.n_x)]
        ),
        "The recurrent weights multiply a state, not the front layer.": (
            lambda s: [*_ten(s)[:3], (s.n_h, s.n_e), *_ten(s)[4:]]
        ),
    },
)


def _draw_states(rng: np.random.Generator) -> States:
    return States(rng.uniform(-0.9, 0.9, (5, 2, 3)), rng.standard_normal((5, 2, 3)))


def _shares(s: States) -> np.ndarray:
    """The share of each step: shape (T, n_h, n_h)."""
    return np.einsum("tni,tnj->tij", s.h_prev, s.delta_a)


def _collected(s: States) -> tuple[Parameters, Trace]:
    """Settle a walk that collects these; its last state, which nobody is given, is zero."""
    h = np.concatenate([s.h_prev[1:], 0 * s.h_prev[:1]])
    return settled(s.delta_a / (1 - h**2), h, h_init=s.h_prev[0])


RECURRENT = Exercise(
    name="Recurrent gradient",
    settings=(_draw_states,) * 3,
    solution=lambda s: _shares(s).sum(axis=0),
    mistakes=mistakes_of(
        (
            "gradient of W_hh transposed",
            "h_t for h_{t−1}",
            "first step only",
            "last step only",
            "first step lost",
            "rows in another order",
            "sums multiplied",
            "mean over the steps",
            "mean over the batch",
            "mean over steps and batch",
        ),
        _collected,
        lambda back: back.gradient.W_hh,
        lead_to=False,
    )
    | {
        "These are the shares of the steps; add them up.": _shares,
        "Each delta meets a state two steps back: h_prev is already one step earlier.": (
            lambda s: _shares(States(s.h_prev[:-1], s.delta_a[1:])).sum(axis=0)
        ),
    },
)


def _parameters(s: Widths) -> int:
    return (s.n_x + 1) * s.n_e + (s.n_e + s.n_h + 1) * s.n_h + (s.n_h + 1) * s.n_y


PARAMETERS = Exercise(
    name="Parameters",
    settings=(lambda rng: Widths(*_primes(rng, 4)),) * 3,
    solution=_parameters,
    mistakes={
        "The biases are missing.": lambda s: _parameters(s) - s.n_e - s.n_h - s.n_y,
        "W_hh is missing.": lambda s: _parameters(s) - s.n_h**2,
        "The front layer is missing, but W_xh reads it.": (
            lambda s: _parameters(s) - (s.n_x + 1) * s.n_e
        ),
        "There is no front layer here: the state reads the input itself.": (
            lambda s: (s.n_x + s.n_h + 1) * s.n_h + (s.n_h + 1) * s.n_y
        ),
        "W_xh reads the front layer, so it has n_e rows, not n_x.": (
            lambda s: _parameters(s) + (s.n_x - s.n_e) * s.n_h
        ),
        "The recurrent layer has one bias here; PyTorch has two, of which only the sum counts.": (
            lambda s: _parameters(s) + s.n_h
        ),
        "The state is counted too, but it is computed, not learnt.": (
            lambda s: _parameters(s) + 2 * s.n_h
        ),
    },
)


def _held(s: Interval) -> int:
    return s.T * s.N * (s.n_x + s.n_e + s.n_h + s.n_y) + s.N * s.n_h


HELD = Exercise(
    name="Numbers held",
    settings=(lambda rng: Interval(*_primes(rng, 6)),) * 3,
    solution=_held,
    mistakes={
        "The state before the first input is held too.": lambda s: _held(s) - s.N * s.n_h,
        "h_{t-1} is h_t of the step before: the states are counted twice.": (
            lambda s: _held(s) + (s.T - 1) * s.N * s.n_h
        ),
        "This is one step: T of them are held at once.": lambda s: _held(s._replace(T=1)),
        "This is one sequence: there are N of them side by side.": (
            lambda s: _held(s._replace(N=1))
        ),
        "The inputs are needed for the gradient of W_xe: hold them too.": (
            lambda s: _held(s._replace(n_x=0))
        ),
        "The front layer is needed for the gradient of W_xh: hold it too.": (
            lambda s: _held(s._replace(n_e=0))
        ),
        "The predictions are needed for the delta at the loss: hold them too.": (
            lambda s: _held(s._replace(n_y=0))
        ),
        "One step too many: of all layers but the state there are only T.": (
            lambda s: (s.T + 1) * s.N * (s.n_x + s.n_e + s.n_h + s.n_y)
        ),
        "The parameters are counted too: they are there once, whatever is held.": (
            lambda s: _held(s) + _parameters(Widths(*s[2:]))
        ),
    },
)

EXERCISES = (TEN_SIZES, RECURRENT, PARAMETERS, HELD)
