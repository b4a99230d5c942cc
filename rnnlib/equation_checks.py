r"""
Checks of displayed equations: what is printed is read, evaluated on both sides, and compared.

Each chapter has a list of its equations in ``book/_checks``: the label, what is tried, and the
world in which it is tried. An equation that says too much for the reader of formulas is bound to
a measurement instead, and to its own letters, so that neither can change alone.
"""

import runpy
from collections.abc import Callable, Mapping
from itertools import product as combinations
from pathlib import Path
from typing import NamedTuple

import numpy as np

from .equation_errors import disagreement
from .equation_reading import read_equation
from .equation_tokens import plain
from .equation_values import holds, sides
from .worlds import World

TRIES = 6
TOLERANCE = 1e-9


class Check(NamedTuple):
    """
    How an equation is tried.

    Attributes
    ----------
    says : str
        What is tried, in a sentence for the reader.
    world : callable
        Draws a world, given a random generator.
    every : str
        The free indices, such as "t k": each of their values is tried.
    over : Mapping of str to str
        What an index runs over, as the name of a size: ``{"k": "n_y"}``.
    when : str
        A condition on the free indices in LaTeX, such as ``t < T - 1``; all are tried if empty.
    equals : str
        For a bare formula: the name of the value that it must have.
    within : float
        The largest relative error that passes for an approximation.
    """

    says: str
    world: Callable[[np.random.Generator], World]
    every: str = ""
    over: Mapping[str, str] = {}
    when: str = ""
    equals: str = ""
    within: float = TOLERANCE


class Statement(NamedTuple):
    """
    How an equation is tried that cannot be evaluated letter by letter.

    Attributes
    ----------
    says : str
        What is tried, in a sentence for the reader.
    tex : str
        The equation that the measurement was written for. It is compared with what is printed.
    measure : callable
        Given a random generator, returns the relative error.
    within : float
        The largest error that passes.
    """

    says: str
    tex: str
    measure: Callable[[np.random.Generator], float]
    within: float = TOLERANCE


class Finding(NamedTuple):
    """
    What came out.

    Attributes
    ----------
    says : str
        What was tried.
    error : float
        The largest relative error; infinity if a relation does not hold.
    cases : int
        Number of evaluations.
    holds : bool
        If the equation has passed.
    """

    says: str
    error: float
    cases: int
    holds: bool


def examine(tex: str, check: Check | Statement, tries: int = TRIES) -> Finding:
    r"""
    Try an equation at random sizes and values.

    Parameters
    ----------
    tex : str
        The equation as it is printed.
    check : Check or Statement
        How it is tried.
    tries : int
        Number of random worlds.

    Returns
    -------
    Finding
        The largest error, and if it passes.

    Raises
    ------
    ValueError
        If the equation cannot be read, a symbol has no value, an index is out of bounds, the
        shapes differ from the printed ones, or nothing but zeros was compared.

    Examples
    --------
    >>> from rnnlib.network_worlds import network_world
    >>> check = Check("both sides, at every step", network_world, every="t")
    >>> examine(r"h_t = \tanh a_t", check).holds
    True
    >>> examine(r"h_t = a_t", check).holds
    False
    """
    if isinstance(check, Statement):
        if plain(tex) != plain(check.tex):
            raise ValueError(f"tex: expected {plain(check.tex)!r}, got {plain(tex)!r}")
        errors = [check.measure(np.random.default_rng(seed)) for seed in range(tries)]
        worst = float(np.max(errors))
        return Finding(check.says, worst, tries, worst <= check.within)
    errors, sizes = [], [0.0]
    for seed in range(tries):
        found = compared(tex, check, check.world(np.random.default_rng(seed)))
        errors += [error for error, _ in found]
        sizes += [size for _, size in found]
    if not max(sizes) > 0:
        raise ValueError(f"tex: expected something to compare, got only zeros in {plain(tex)!r}")
    worst = float(np.max(errors))
    return Finding(check.says, worst, len(errors), worst <= check.within)


def compared(tex: str, check: Check, drawn: World) -> list[tuple[float, float]]:
    r"""
    Evaluate an equation in one world, for each value of its free indices.

    Parameters
    ----------
    tex : str
        The equation.
    check : Check
        Its free indices, and what they run over.
    drawn : World
        What each symbol means.

    Returns
    -------
    list of (float, float)
        For each relation: how far the two sides are from it, and the largest number on the left.

    Raises
    ------
    ValueError
        If the equation cannot be read or evaluated.

    Examples
    --------
    >>> from rnnlib.network_worlds import network_world
    >>> drawn = network_world(np.random.default_rng(0))
    >>> len(compared(r"h_t = \tanh a_t", Check("", network_world, every="t"), drawn))
    2
    """
    found = []
    chain = read_equation(tex)
    condition = read_equation(check.when) if check.when else None
    ranges = {name: range(drawn.values[size]) for name, size in check.over.items()}
    world = World(drawn.values, {**drawn.ranges, **ranges})
    names = check.every.split()
    for steps in combinations(*(world.ranges[name] for name in names)):
        where = dict(zip(names, steps, strict=True))
        if condition and not holds(condition, world, where):
            continue
        values, relations = sides(chain, world, where), chain.relations
        if check.equals:
            values, relations = [*values, world.values[check.equals]], ("=",)
        for left, relation, right in zip(values, relations, values[1:], strict=False):
            size = float(np.max(np.abs(left), initial=0))
            found.append((disagreement(left, relation, right), size))
    return found


def load_checks(folder: Path) -> dict[str, Check | Statement]:
    """
    Load the checks of all chapters.

    Parameters
    ----------
    folder : Path
        Where the lists lie, a file for each chapter.

    Returns
    -------
    dict of str to Check or Statement
        By the label of the equation.

    Raises
    ------
    ValueError
        If two files claim the same label.

    Examples
    --------
    >>> load_checks(Path("no such folder"))
    {}
    """
    checks: dict[str, Check | Statement] = {}
    for path in sorted(folder.glob("*.py")):
        found = runpy.run_path(str(path))["CHECKS"]
        if both := set(found) & set(checks):
            raise ValueError(f"{path.name}: expected labels of its own, got {sorted(both)}")
        checks |= found
    return checks
