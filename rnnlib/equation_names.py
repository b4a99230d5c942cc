"""What a symbol of an equation is called: which of its scripts are names, and which indices."""

from collections.abc import Callable, Iterator
from itertools import product as combinations
from typing import Any

import numpy as np

from . import equation_tree as tree
from .worlds import Computed, World, as_index, pick

FUNCTIONS: dict[str, Callable[..., Any]] = {
    "tanh": np.tanh,
    "exp": np.exp,
    "log": np.log,
    "max": np.max,
    "min": np.min,
    "cosh": np.cosh,
    "sinh": np.sinh,
    "sqrt": np.sqrt,
    "sign": np.sign,
    "tr": np.trace,
    "vec": np.ravel,
    "diag": lambda value: np.diag(np.ravel(value)),
    "softmax": lambda z: np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True),
}


class Names:
    """
    Find the values of symbols and derivatives in a world.

    Parameters
    ----------
    world : World
        What each symbol means.
    where : dict of str to int
        The values of the indices so far.

    Examples
    --------
    >>> symbol = tree.Symbol("", "W", (("hh", tree.Symbol("", "h")),))
    >>> [name for name, *_ in Names(World({}, {}), {}).readings(symbol)]
    ['W_hh', 'W']
    """

    def __init__(self, world: World, where: dict[str, int]) -> None:
        self.world, self.where = world, where

    def value(self, node: tree.Tree) -> Any:
        """Evaluate a tree: whoever knows all kinds of trees says how."""
        raise NotImplementedError

    def raised(self, base: Any, exponent: Any) -> Any:
        """Raise a value, or a function, to a power; the power -1 of a matrix is its inverse."""
        if callable(base):
            return lambda value: base(value) ** exponent
        if exponent == -1 and np.ndim(base) == 2:
            return np.linalg.inv(base)
        return base**exponent

    def _symbol(self, node: tree.Symbol) -> Any:
        """Take the value of the first reading that the world knows."""
        for name, indices, exponent in self.readings(node):
            if not indices and name in self.where:
                found: Any = self.where[name]
            elif (found := self.known(node.kind + name)) is None:
                continue
            found = pick(node.base, found, self.integers(indices))
            return found if exponent is None else self.raised(found, self.value(exponent))
        raise ValueError(f"{node.kind}{node.base}: expected a value, got none for {node!r}")

    def _derivative(self, node: tree.Derivative) -> Any:
        """Take the value of a fraction of differentials, which is one name."""
        for (of, above, _), (by, below, _) in combinations(
            list(self.readings(node.of)), list(self.readings(node.by))
        ):
            name = f"{node.of.kind}{of}{'[]' if above else ''}/{node.by.kind[:1]}{by}"
            if (found := self.known(name)) is None:
                continue
            left, right = self.integers(above), self.integers(below)
            first, second = 0, 0
            if isinstance(found, Computed):  # times come first, then components
                first = min(len(left), 1)
                second = found.times - first
            order = (*left[:first], *right[:second], *left[first:], *right[second:])
            return pick(name, found, order)
        name = f"{node.of.kind}{node.of.base}/{node.by.kind}{node.by.base}"
        raise ValueError(f"{name}: expected a value, got none")

    def known(self, name: str) -> Any:
        """Look a name up; None if there is no such value."""
        try:
            return self.world.values[name]
        except KeyError:
            return FUNCTIONS.get(name)

    def readings(self, node: tree.Symbol) -> Iterator[tuple[str, tree.Trees, Any]]:
        """Say which scripts may belong to the name: as many as possible first."""
        label, exponent = node.label, node.exponent
        copies = "()" if node.copies else ""
        subscripts = node.subscripts
        for above in [label, ""] if label else [""]:
            start = f"{node.base}_{above}" if above else node.base
            rest = None if above else exponent
            if subscripts:
                indices = node.copies + tuple(part for _, part in subscripts[1:])
                yield f"{start}_{subscripts[0][0]}{copies}", indices, rest
            indices = node.copies + tuple(part for _, part in subscripts)
            yield start + copies, indices, rest

    def integers(self, indices: tree.Trees) -> tuple[int, ...]:
        """Evaluate indices."""
        found: list[int] = []
        for index in indices:
            # Letters side by side, as in W_{hh,ij}, are one index each.
            parts = index.factors if isinstance(index, tree.Product) else (index,)
            found += [as_index(self.value(part)) for part in parts]
        return tuple(found)
