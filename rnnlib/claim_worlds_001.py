"""
Worlds in which the claims of document 001 are tried.

Its network has no biases. Where a hat is missing, the letter means the target by itself.
"""

from collections import ChainMap
from typing import Any

import numpy as np

from .claim_worlds import ALIKE, SIZES, Draw, claim_values
from .network_worlds import NetworkValues
from .prediction_worlds import one_row, slopes
from .worlds import Computed, Indexed, World, world_of

WEIGHTS = ("W_xh", "W_hh", "W_hy")
RATE = 1e-3


def without_biases(
    rng: np.random.Generator, one_sample: bool = False, sizes: tuple[int, ...] = SIZES
) -> NetworkValues:
    """
    Draw a network whose biases are zero, and in which nothing moves but its three matrices.

    Parameters
    ----------
    rng : numpy.random.Generator
        Draws it.
    one_sample : bool
        If the batch has a single row.
    sizes : tuple of int
        Four sizes, which are dealt out.

    Returns
    -------
    NetworkValues
        Its values by name.

    Examples
    --------
    >>> bool(without_biases(np.random.default_rng(0))["b_h"].any())
    False
    """
    values = claim_values(rng, one_sample, sizes)
    values.given |= {name: np.zeros_like(values.given[name]) for name in ("b_h", "b_y")}
    values.direction |= {k: 0 * v for k, v in values.direction.items() if k not in WEIGHTS}
    return values


def unbiased(rng: np.random.Generator) -> World:
    """
    Draw a network without biases that reads a batch.

    Parameters
    ----------
    rng : numpy.random.Generator
        Draws it.

    Returns
    -------
    World
        With every symbol of the notation table and their derivatives.

    Examples
    --------
    >>> unbiased(np.random.default_rng(0)).values["N"] > 1
    True
    """
    return world_of(without_biases(rng))


def unbiased_row(rng: np.random.Generator) -> World:
    """
    Draw a network without biases that reads one sequence.

    Parameters
    ----------
    rng : numpy.random.Generator
        Draws it.

    Returns
    -------
    World
        In which Jacobians are matrices.

    Examples
    --------
    >>> unbiased_row(np.random.default_rng(0)).values["N"]
    1
    """
    return world_of(without_biases(rng, one_sample=True))


def zero_start(rng: np.random.Generator) -> World:
    """
    Draw the same network, with nothing in its memory before the first input.

    Parameters
    ----------
    rng : numpy.random.Generator
        Draws it.

    Returns
    -------
    World
        As `unbiased_row`.

    Examples
    --------
    >>> bool(zero_start(np.random.default_rng(0)).values["h"].values[0].any())
    False
    """
    values = without_biases(rng, one_sample=True)
    values.given["h_init"] = np.zeros_like(values.given["h_init"])
    return world_of(values)


def target_too(rng: np.random.Generator) -> World:
    """
    Draw the same network, and differentiate by the target and the target itself.

    Parameters
    ----------
    rng : numpy.random.Generator
        Draws it.

    Returns
    -------
    World
        As `unbiased_row`; the target moves the loss, and nothing moves the target.

    Examples
    --------
    >>> bool(target_too(np.random.default_rng(0)).values["∂y[]/∂z"].function(0, 0).any())
    False
    """
    values: Any = without_biases(rng, one_sample=True)

    def by_target(t: int, s: int) -> np.ndarray:
        y_hat = values.plain["y_hat"][t]
        return slopes(lambda y: -(y * np.log(y_hat)).sum(), values.target[s])[0] * (t == s)

    still = {
        f"∂y[]/∂{by}": Computed(lambda t, s, n=values[size]: np.zeros((values["n_y"], n)), times=2)
        for by, size in (("z", "n_y"), ("h", "n_h"))
    }
    return world_of(ChainMap({"∂L[]/∂y": Computed(by_target, times=2), **still}, values))


def prediction(rng: np.random.Generator) -> World:
    """
    Draw one prediction and a target that is not quite sure, and a row s of no meaning.

    Parameters
    ----------
    rng : numpy.random.Generator
        Draws them.

    Returns
    -------
    World
        In which the logits do not move the target.

    Examples
    --------
    >>> values = prediction(np.random.default_rng(0)).values
    >>> values["s"].shape == values["z"].shape
    True
    """
    drawn = one_row(rng)
    n_y = drawn.values["n_y"]
    unread = {"s": rng.normal(size=n_y), "∂y[]/∂z": np.zeros((n_y, n_y))}
    return World({**drawn.values, **unread}, drawn.ranges)


def right_class(rng: np.random.Generator) -> World:
    """
    Draw one prediction and a target with a single 1, with i at its class.

    Parameters
    ----------
    rng : numpy.random.Generator
        Draws them.

    Returns
    -------
    World
        In which k runs over all classes, and i over one.

    Examples
    --------
    >>> len(right_class(np.random.default_rng(0)).ranges["i"])
    1
    """
    drawn = one_row(rng, soft=False)
    came = int(drawn.values["y"].argmax())
    return World(drawn.values, {**drawn.ranges, "i": range(came, came + 1)})


def all_weights(rng: np.random.Generator) -> World:
    """
    Draw a network, and lay out its three matrices in a row of numbers.

    Parameters
    ----------
    rng : numpy.random.Generator
        Draws it.

    Returns
    -------
    World
        With the loss as a function of them, their gradient and a small learning rate.

    Examples
    --------
    >>> values = all_weights(np.random.default_rng(0)).values
    >>> values["theta"].shape == values["dL/dtheta"].shape
    True
    """
    values = without_biases(rng)
    theta = np.concatenate([values.given[name].ravel() for name in WEIGHTS])
    ends = np.cumsum([values.given[name].size for name in WEIGHTS])[:-1]

    def loss(moved: np.ndarray) -> np.ndarray:
        parts = zip(WEIGHTS, np.split(moved - theta, ends), strict=True)
        nudges: dict[tuple[str, int | None], Any] = {
            (name, None): part.reshape(values.given[name].shape) for name, part in parts
        }
        total: np.ndarray = values.run(nudges)["L"].sum()
        return total

    return World({"theta": theta, "dL/dtheta": slopes(loss, theta), "L": loss, "eta": RATE}, {})


def _counted(rng: np.random.Generator) -> World:
    """Draw one prediction, with its classes counted from 1."""
    drawn = one_row(rng)
    ones = {name: Indexed(drawn.values[name], first=1) for name in ("y", "y_hat", "∂L/∂z")}
    classes = range(1, drawn.values["n_y"] + 1)
    return World({**drawn.values, **ones}, dict.fromkeys(drawn.ranges, classes))


NAMED = (unbiased, unbiased_row, zero_start, target_too, prediction, right_class, all_weights)
WORLDS: dict[str, Draw] = {
    "counted_from_one": _counted,
    "square_row": lambda rng: world_of(without_biases(rng, one_sample=True, sizes=ALIKE)),
    **{world.__name__: world for world in NAMED},
}
