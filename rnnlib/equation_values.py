r"""
Evaluate an equation that has been read: both sides, in a world that gives each symbol its value.

Factors side by side contract the last axis of the left one with the first axis of the right one,
as ``@`` does with rows and matrices; a product of Jacobians has later steps further left.
"""

from collections.abc import Callable, Iterator
from itertools import product as combinations
from typing import Any

import numpy as np

from . import equation_tree as tree
from .worlds import Computed, World, as_index, contracted, pick

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
RELATED: dict[str, Callable[[Any, Any], Any]] = {
    "=": np.equal, "≠": np.not_equal, "≤": np.less_equal, "≥": np.greater_equal,
    "<": np.less, ">": np.greater,
}  # fmt: skip


def sides(chain: tree.Chain, world: World, where: dict[str, int]) -> list[Any]:
    r"""
    Evaluate each side of an equation.

    Parameters
    ----------
    chain : Chain
        The equation, as `rnnlib.equation_reading.read_equation` reads it.
    world : World
        What each symbol means.
    where : dict of str to int
        The values of the free indices.

    Returns
    -------
    list of ndarray or float
        One value for each side.

    Raises
    ------
    ValueError
        If a symbol has no value, an index is out of bounds, or shapes do not fit.

    Examples
    --------
    >>> from rnnlib.equation_reading import read_equation
    >>> from rnnlib.worlds import Indexed
    >>> loss = Indexed(np.array([2.0, 3.0]), whole=5.0)
    >>> world = World({"L": loss, "T": 2}, {})
    >>> [float(side) for side in sides(read_equation(r"L = \sum_{t=0}^{T-1} L_t"), world, {})]
    [5.0, 5.0]
    """
    return [_Evaluation(world, dict(where)).value(part) for part in chain.parts]


def holds(chain: tree.Chain, world: World, where: dict[str, int]) -> bool:
    r"""
    Say if the relations of a condition hold.

    Parameters
    ----------
    chain : Chain
        The condition.
    world : World
        What each symbol means.
    where : dict of str to int
        The values of the free indices.

    Returns
    -------
    bool
        If all of them do.

    Raises
    ------
    ValueError
        If a symbol has no value.

    Examples
    --------
    >>> from rnnlib.equation_reading import read_equation
    >>> holds(read_equation(r"s \le t < T"), World({"T": 2}, {}), {"s": 0, "t": 2})
    False
    """
    return bool(_Evaluation(world, where).value(chain))


class _Evaluation:
    def __init__(self, world: World, where: dict[str, int]) -> None:
        self.world, self.where = world, where

    def value(self, node: tree.Tree) -> Any:
        return getattr(self, f"_{type(node).__name__.lower()}")(node)

    def _number(self, node: tree.Number) -> float:
        return node.value

    def _symbol(self, node: tree.Symbol) -> Any:
        for name, indices, exponent in self.readings(node):
            if not indices and name in self.where:
                found: Any = self.where[name]
            elif (found := self.known(node.kind + name)) is None:
                continue
            found = pick(node.base, found, self.integers(indices))
            return found if exponent is None else self.raised(found, self.value(exponent))
        raise ValueError(f"{node.kind}{node.base}: expected a value, got none for {node!r}")

    def _derivative(self, node: tree.Derivative) -> Any:
        for (of, above, _), (by, below, _) in combinations(
            list(self.readings(node.of)), list(self.readings(node.by))
        ):
            name = f"{node.of.kind}{of}{'[]' if above else ''}/{node.by.kind[:1]}{by}"
            if (found := self.known(name)) is None:
                continue
            above, below = self.integers(above), self.integers(below)
            first, second = 0, 0
            if isinstance(found, Computed):  # times come first, then components
                first = min(len(above), 1)
                second = found.times - first
            order = (*above[:first], *below[:second], *above[first:], *below[second:])
            return pick(name, found, order)
        name = f"{node.of.kind}{node.of.base}/{node.by.kind}{node.by.base}"
        raise ValueError(f"{name}: expected a value, got none")

    def known(self, name: str) -> Any:
        try:
            return self.world.values[name]
        except KeyError:
            return FUNCTIONS.get(name)

    def readings(self, node: tree.Symbol) -> Iterator[tuple[str, tuple, Any]]:
        """Say which scripts may belong to the name: as many as possible first."""
        label, exponent = node.superscript or ("", None)
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

    def integers(self, indices: tuple) -> tuple[int, ...]:
        found = []
        for index in indices:
            # Letters side by side, as in W_{hh,ij}, are one index each.
            parts = index.factors if isinstance(index, tree.Product) else (index,)
            found += [as_index(self.value(part)) for part in parts]
        return tuple(found)

    def _sum(self, node: tree.Sum) -> Any:
        (sign, first), *rest = node.terms
        total = sign * np.asarray(self.value(first))
        for sign, term in rest:
            total = total + sign * np.asarray(self.value(term))
        return total

    def _product(self, node: tree.Product) -> Any:
        result: Any = 1.0
        functions: list[Callable[[Any], Any]] = []
        for factor in self.written_out(list(node.factors)):
            value = self.applied(functions, factor) if functions else self.value(factor)
            if callable(value):
                functions.append(value)
            else:
                functions = []
                result = contracted(result, value)
        if functions:
            raise ValueError(f"expected an argument after the last function of {node!r}")
        return result

    def written_out(self, factors: list[tree.Tree]) -> list[tree.Tree]:
        """Put factors in the place of dots: from the one before them to the one after."""
        if tree.Dots() not in factors:
            return factors
        i = factors.index(tree.Dots())
        same = [j for j in range(i) if _base_of(factors[j]) == _base_of(factors[i + 1])]
        start, stop = self.time_of(factors[same[0]]), self.time_of(factors[i + 1])
        down = self.time_of(factors[same[1]]) - start if len(same) > 1 else -1
        written = [_shifted(factors[same[0]], k - start) for k in range(start, stop + down, down)]
        return [*factors[: same[0]], *written, *self.written_out(factors[i + 2 :])]

    def time_of(self, node: tree.Tree) -> int:
        symbol = node.of if isinstance(node, tree.Derivative) else node
        if not isinstance(symbol, tree.Symbol) or not symbol.subscripts:
            raise ValueError(f"expected a factor with a time beside the dots, got {node!r}")
        return as_index(self.value(symbol.subscripts[-1][1]))

    def applied(self, functions: list[Callable[[Any], Any]], argument: tree.Tree) -> Any:
        """Apply functions to what stands in brackets after them, or to the next factor."""
        plain = argument
        if isinstance(argument, tree.Bracket) and argument.kind in "([":
            plain = argument._replace(subscripts=())
        value = self.value(plain)
        if callable(value):
            return value
        for function in reversed(functions):
            value = function(value)
        if plain is not argument:
            value = pick("component", value, self.components(argument, value))
        return value

    def components(self, node: tree.Bracket, value: Any) -> tuple[int, ...]:
        indices = self.integers(tuple(part for _, part in node.subscripts))
        # A component of a row with one sample is counted within the row.
        missing = np.ndim(value) - len(indices)
        return ((0,) if indices and missing == 1 and len(value) == 1 else ()) + indices

    def _between(self, node: tree.Between) -> Any:
        left, right = self.value(node.left), self.value(node.right)
        if node.sign == "/":
            return left / right
        if node.sign == "⊗":
            return np.multiply.outer(left, right)
        if node.sign == "⊙":
            return np.multiply(left, right)
        return contracted(left, right)

    def _big(self, node: tree.Big) -> Any:
        values = [_Evaluation(self.world, at).value(node.body) for at in self.places(node)]
        if node.kind == "max":
            return max(values)
        if node.kind == "sum":
            return sum(values[1:], values[0]) if values else 0.0
        result: Any = 1.0
        for value in values:
            result = contracted(value, result)  # later steps stand further left
        return result

    def places(self, node: tree.Big) -> Iterator[dict[str, int]]:
        """List what the indices of a sum take, from below its sign."""
        conditions = node.below.factors if isinstance(node.below, tree.Product) else (node.below,)
        if node.above is not None:
            (chain,) = conditions
            name, start = chain.parts[0].base, as_index(self.value(chain.parts[1]))
            for step in range(start, as_index(self.value(node.above)) + 1):
                yield {**self.where, name: step}
            return
        names = [name for part in conditions for name in _names_in(part)]
        names = [n for n in dict.fromkeys(names) if n not in self.where and n in self.world.ranges]
        if not names:
            raise ValueError(f"expected an index with a range below the sign, got {node.below!r}")
        for steps in combinations(*(self.world.ranges[name] for name in names)):
            at = {**self.where, **dict(zip(names, steps, strict=True))}
            chains = [part for part in conditions if isinstance(part, tree.Chain)]
            if all(_Evaluation(self.world, at).value(chain) for chain in chains):
                yield at

    def _bracket(self, node: tree.Bracket) -> Any:
        value = self.value(node.inside)
        if node.kind in (r"\lVert", r"\lvert"):
            return np.linalg.norm(value) if node.kind == r"\lVert" else np.abs(value)
        return pick("component", value, self.components(node, value))

    def _power(self, node: tree.Power) -> Any:
        return self.raised(self.value(node.base), self.value(node.exponent))

    def raised(self, base: Any, exponent: Any) -> Any:
        if callable(base):
            return lambda value: base(value) ** exponent
        if exponent == -1 and np.ndim(base) == 2:
            return np.linalg.inv(base)
        return base**exponent

    def _transpose(self, node: tree.Transpose) -> Any:
        return np.transpose(self.value(node.base))

    def _shaped(self, node: tree.Shaped) -> Any:
        value = self.value(node.inside)
        shape = tuple(as_index(self.value(size)) for size in node.shape)
        if np.shape(value) != shape:
            raise ValueError(f"expected the printed shape {shape}, got {np.shape(value)}")
        return value

    def _chain(self, node: tree.Chain) -> bool | float:
        values = [self.value(part) for part in node.parts]
        pairs = zip(values, node.relations, values[1:], strict=False)
        return float(all(np.all(RELATED[sign](left, right)) for left, sign, right in pairs))

    def _table(self, node: tree.Table) -> Any:
        if node.kind != "cases":
            return np.array([[self.value(entry) for entry in row] for row in node.rows])
        for value, *conditions in node.rows:
            if all(self.value(condition) for condition in conditions):
                return self.value(value)
        raise ValueError(f"expected one of the cases to hold at {self.where}")


def _names_in(node: Any) -> Iterator[str]:
    """Find every symbol in a tree."""
    if isinstance(node, tree.Symbol):
        yield node.base
    elif isinstance(node, tuple):
        for part in node:
            yield from _names_in(part)


def _base_of(node: Any) -> Any:
    """Say what a factor is at any time."""
    if isinstance(node, tree.Derivative):
        return node.of.base, node.by.base
    return node.base if isinstance(node, tree.Symbol) else node


def _shifted(node: Any, steps: int) -> Any:
    """Write a factor for another time."""
    if isinstance(node, tree.Derivative):
        return tree.Derivative(_shifted(node.of, steps), _shifted(node.by, steps))
    *others, (label, time) = node.subscripts
    later = (label, tree.Sum(((1, time), (1, tree.Number(steps)))))
    return node._replace(subscripts=(*others, later))
