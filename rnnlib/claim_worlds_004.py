"""A world for the claims of document 004: a network whose steps have a copy of the weights each."""

from collections import ChainMap
from collections.abc import Callable
from typing import Any

import numpy as np

from .claim_worlds import claim_values
from .worlds import Computed, World, world_of


def copies(rng: np.random.Generator) -> World:
    """
    Draw a network in which the recurrent weights of a single step can be named.

    Parameters
    ----------
    rng : numpy.random.Generator
        Draws it.

    Returns
    -------
    World
        All copies are equal, and there is none before the first step.

    Examples
    --------
    >>> world = copies(np.random.default_rng(0))
    >>> bool(np.all(world.values["W_hh()"].function(0) == world.values["W_hh"]))
    True
    """
    values = claim_values(rng)

    def copy(t: int) -> Any:
        values.step(t, first=0)
        return values["W_hh"]

    return world_of(ChainMap({"W_hh()": Computed(copy)}, values))  # type: ignore[arg-type]


WORLDS: dict[str, Callable[[np.random.Generator], World]] = {"copies": copies}
