"""
Worlds in which the claims of the documents are tried.

All sizes differ pairwise, but in `square`; there are several samples and at least four steps, and
the state before the first input is not zero, so that no slip can hide.
"""

import importlib
import runpy
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from .network_worlds import NetworkValues
from .worlds import World, world_of

SIZES = (3, 5, 6, 8)
ALIKE = (5, 5, 5, 5)
STEPS = (4, 7)

Draw = Callable[[np.random.Generator], World]


def claim_values(
    rng: np.random.Generator, one_sample: bool = False, sizes: tuple[int, ...] = SIZES
) -> NetworkValues:
    """
    Draw a network large enough that a slip shows.

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
        Its values by name, to which a world may add others.

    Examples
    --------
    >>> claim_values(np.random.default_rng(0))["T"]
    7
    """
    steps = int(rng.choice(STEPS))
    return NetworkValues(rng, one_sample=one_sample, steps=steps, sizes=sizes)


def batch(rng: np.random.Generator) -> World:
    """
    Draw a network that reads a batch.

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
    >>> batch(np.random.default_rng(0)).values["N"] > 1
    True
    """
    return world_of(claim_values(rng))


def row(rng: np.random.Generator) -> World:
    """
    Draw a network that reads one sequence, in which Jacobians are matrices.

    Parameters
    ----------
    rng : numpy.random.Generator
        Draws it.

    Returns
    -------
    World
        As `batch`, with a batch of one.

    Examples
    --------
    >>> row(np.random.default_rng(0)).values["N"]
    1
    """
    return world_of(claim_values(rng, one_sample=True))


def square(rng: np.random.Generator) -> World:
    """
    Draw a network whose sizes are all alike, so that shapes fit which otherwise do not.

    Parameters
    ----------
    rng : numpy.random.Generator
        Draws it.

    Returns
    -------
    World
        As `batch`.

    Examples
    --------
    >>> values = square(np.random.default_rng(0)).values
    >>> values["n_x"] == values["n_h"] == values["n_y"] == values["N"]
    True
    """
    return world_of(claim_values(rng, sizes=ALIKE))


WORLDS: dict[str, Draw] = {"network": batch, "row": row, "square": square}


@cache
def own_of(document: str) -> dict[str, Any]:
    """
    Collect the worlds and measures that a document has to itself.

    Parameters
    ----------
    document : str
        Which document: "000" to "004".

    Returns
    -------
    dict of str to callable
        By name.

    Examples
    --------
    >>> own_of("no such document")
    {}
    """
    found: dict[str, Any] = {}
    for kind in ("worlds", "measures"):
        if find_spec(name := f"rnnlib.claim_{kind}_{document}"):
            module = importlib.import_module(name)
            found |= getattr(module, "WORLDS", {}) | getattr(module, "MEASURES", {})
    return found


@cache
def of_chapter(path: Path) -> dict[str, Any]:
    """
    Collect what a chapter tries its own equations with.

    Parameters
    ----------
    path : Path
        Its list of checks.

    Returns
    -------
    dict of str to callable
        By name.

    Examples
    --------
    >>> of_chapter(Path("no such file"))
    {}
    """
    return runpy.run_path(str(path)) if path.is_file() else {}


def find(name: str, document: str, folder: Path) -> Callable[..., Any]:
    """
    Find a world or a measure by its name.

    Parameters
    ----------
    name : str
        Of a world that all documents share, of a document's own, or "chapter.world" for a world
        in the list of checks of a chapter.
    document : str
        Which document: "000" to "004".
    folder : Path
        Where the chapters lie, with their checks in ``_checks``.

    Returns
    -------
    callable
        It takes a random generator.

    Raises
    ------
    ValueError
        If there is none of that name.

    Examples
    --------
    >>> find("row", "000", Path()).__name__
    'row'
    """
    chapter, _, inner = name.rpartition(".")
    known = WORLDS | own_of(document)
    if chapter:
        known, name = of_chapter(folder / "_checks" / f"{chapter}.py"), inner
    if name not in known:
        raise ValueError(f"name: expected a world or a measure, got {name!r}")
    found: Callable[..., Any] = known[name]
    return found


@cache
def drawn(draw: Draw, seed: int) -> World:
    """
    Draw a world, once for all claims that are tried in it.

    Parameters
    ----------
    draw : callable
        Draws it.
    seed : int
        Of the random generator.

    Returns
    -------
    World
        The same each time.

    Examples
    --------
    >>> drawn(row, 0) is drawn(row, 0)
    True
    """
    return draw(np.random.default_rng(seed))
