"""
Worlds in which the claims of document 002 are tried.

It writes chains of derivatives with the axes by which one differentiates first, and never says
how the axes of a batch are multiplied. Laid out as one row, each array has a single axis, and
each derivative is a matrix: the chains can be read as they stand.
"""

from typing import Any

import numpy as np

from .claim_worlds import ALIKE, SIZES, STEPS, Draw
from .network_worlds import PARAMETERS, NetworkValues
from .worlds import Computed, Indexed, World, within, world_of


class _InARow(NetworkValues):
    """The derivatives of a network with one axis below the line, and one above it."""

    def derivative(self, of: str, by: str, at: int | None, step: int | None) -> Any:
        """Lay out both values in a row, and put the axis by which one differentiates first."""
        slope = super().derivative(of, by, at, step)
        moved = self.given[by] if by in PARAMETERS else self.plain[by][0]
        return slope.ravel() if of == "L" else slope.reshape(-1, moved.size).T

    def __getitem__(self, name: str) -> Any:
        if name == "dW_hh/dW_hh":
            return np.eye(self.given["W_hh"].size)
        return super().__getitem__(name)


def network_in_a_row(rng: np.random.Generator) -> World:
    """
    Draw a network that reads a batch, with every derivative a matrix.

    Parameters
    ----------
    rng : numpy.random.Generator
        Draws it.

    Returns
    -------
    World
        Its derivatives have one axis for what is above the line, after one for what is below.

    Examples
    --------
    >>> values = network_in_a_row(np.random.default_rng(0)).values
    >>> values["dW_hh/dW_hh"].shape == (values["n_h"] ** 2, values["n_h"] ** 2)
    True
    """
    return world_of(_InARow(rng, steps=STEPS[0], sizes=SIZES))


class _Samples(NetworkValues):
    """A network in which the samples are told apart: by their losses, and by a column of ones."""

    def loss(self, *place: int) -> Any:
        """Sum all losses or those of a step, or find the surprise at the target of a sample."""
        for index, length in zip(place, self.target.shape, strict=False):
            within("L", index, length)
        if len(place) < 2:
            return self.plain["L"][place].sum()
        return -np.log(self.plain["y_hat"][place][self.target[place] == 1]).item()

    def __getitem__(self, name: str) -> Any:
        if name == "ones":
            return np.ones((self.N, 1))  # a column, so that its transpose counts
        if name == "c":  # the class whose probability moves the loss
            heard = [self.slopes("y_hat", t)["L"][t] for t in range(self.T)]
            return Indexed(np.argmax(np.abs(heard), axis=-1))
        return Computed(self.loss, times=2) if name == "L" else super().__getitem__(name)


def samples(rng: np.random.Generator) -> World:
    """
    Draw a network that reads a batch, and tell its samples apart.

    Parameters
    ----------
    rng : numpy.random.Generator
        Draws it.

    Returns
    -------
    World
        L with a step and a sample is the surprise at one target; the ones stand in a column.

    Examples
    --------
    >>> loss = samples(np.random.default_rng(0)).values["L"].function
    >>> bool(loss(0, 0) < loss(0) < loss())
    True
    """
    return world_of(_Samples(rng, steps=STEPS[0], sizes=SIZES))


def two_layers(
    rng: np.random.Generator,
    in_a_row: bool = False,
    extra: int = 1,
    sizes: tuple[int, ...] = SIZES,
) -> World:
    """
    Draw a network without time: one step, with nothing in the state before it.

    Parameters
    ----------
    rng : numpy.random.Generator
        Draws it.
    in_a_row : bool
        If every array of a derivative is laid out in a row.
    extra : int
        By how much the width of the second layer differs from the number of classes.
    sizes : tuple of int
        Four sizes, which are dealt out.

    Returns
    -------
    World
        The letters without their times.

    Examples
    --------
    >>> two_layers(np.random.default_rng(0)).values["delta_a"].ndim
    2
    """
    ours = (_InARow if in_a_row else NetworkValues)(rng, steps=1, sizes=sizes)
    ours.given["h_init"] *= 0
    plain = {name: array[-1] for name, array in ours.plain.items()}
    weights = {name: ours.given[name] for name in ("W_xh", "b_h", "W_hy", "b_y")}
    slopes = {
        f"{sign}{of}/{sign}{by}": ours.derivative(of, by, 0, 0)
        for sign, of, by in (
            ("d", "L", "W_xh"), ("d", "L", "a"), ("d", "a", "W_xh"),
            ("∂", "z", "a"), ("∂", "y_hat", "z"), ("∂", "L", "y_hat"),
        )
    }  # fmt: skip
    tensor = slopes["da/dW_xh"]
    if not in_a_row:
        slopes |= {"∂a[]/∂W_xh": tensor, "da/dW_xh": np.transpose(tensor, (2, 3, 0, 1))}
    deltas = {f"delta_{name}": ours.derivative("L", name, None, 0) for name in ("a", "z")}
    others = {"y": ours.target[0], "D_2": ours.sizes["n_y"] + extra}
    return world_of({**ours.sizes, **weights, **plain, **slopes, **deltas, **others})


WORLDS: dict[str, Draw] = {
    "network_in_a_row": network_in_a_row,
    "samples": samples,
    "two_layers": two_layers,
    "two_layers_in_a_row": lambda rng: two_layers(rng, in_a_row=True),
    "one_width": lambda rng: two_layers(rng, extra=0),
    "square_layers": lambda rng: two_layers(rng, sizes=ALIKE),
}
