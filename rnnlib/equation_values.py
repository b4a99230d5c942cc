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
from .equation_names import Names
from .equation_parts import base_of, names_in, shifted
from .worlds import World, as_index, contracted, pick

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
    values = [_Evaluation(world, dict(where)).value(part) for part in chain.parts]
    if any(callable(value) for value in values):
        raise ValueError("chain: expected numbers on all sides, got a function without argument")
    return values


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


class _Evaluation(Names):
    """Compute the value of each kind of tree, one method for each."""

    def value(self, node: tree.Tree) -> Any:
        return getattr(self, f"_{type(node).__name__.lower()}")(node)

    def _number(self, node: tree.Number) -> float:
        return node.value

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
        same = [j for j in range(i) if base_of(factors[j]) == base_of(factors[i + 1])]
        start, stop = self.time_of(factors[same[0]]), self.time_of(factors[i + 1])
        down = self.time_of(factors[same[1]]) - start if len(same) > 1 else -1
        written = [shifted(factors[same[0]], k - start) for k in range(start, stop + down, down)]
        return [*factors[: same[0]], *written, *self.written_out(factors[i + 2 :])]

    def time_of(self, node: tree.Tree) -> int:
        symbol = node.of if isinstance(node, tree.Derivative) else node
        if not isinstance(symbol, tree.Symbol) or not symbol.subscripts:
            raise ValueError(f"expected a factor with a time beside the dots, got {node!r}")
        return as_index(self.value(symbol.subscripts[-1][1]))

    def applied(self, functions: list[Callable[[Any], Any]], argument: tree.Tree) -> Any:
        """Apply functions to what stands in brackets after them, or to the next factor."""
        picked: tuple[int, ...] = ()
        if isinstance(argument, tree.Bracket) and argument.kind in "([":
            picked = self.components(argument)
            argument = argument._replace(subscripts=())
        value = self.value(argument)
        if callable(value):
            return value
        for function in reversed(functions):
            value = function(value)
        return pick("component", value, picked)

    def components(self, node: tree.Bracket) -> tuple[int, ...]:
        return self.integers(tuple(part for _, part in node.subscripts))

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
        conditions = node.below
        match conditions:
            case (tree.Chain((tree.Symbol(base=name), start)),) if node.above is not None:
                first, last = as_index(self.value(start)), as_index(self.value(node.above))
                for step in range(first, last + 1):
                    yield {**self.where, name: step}
                return
        names = list(names_in(conditions))
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
        if node.kind == r"\lVert":
            # With a 2 below it, the norm of a matrix is its largest stretch; bare, its length.
            return np.linalg.norm(value, ord=2 if node.subscripts else None)
        if node.kind == r"\lvert":
            return np.abs(value)
        return pick("component", value, self.components(node))

    def _power(self, node: tree.Power) -> Any:
        return self.raised(self.value(node.base), self.value(node.exponent))

    def _transpose(self, node: tree.Transpose) -> Any:
        return np.transpose(self.value(node.base))

    def _shaped(self, node: tree.Shaped) -> Any:
        value = self.value(node.inside)
        shape = tuple(as_index(self.value(size)) for size in node.shape)
        if np.shape(value) != shape:
            raise ValueError(f"expected the printed shape {shape}, got {np.shape(value)}")
        return value

    def _chain(self, node: tree.Chain) -> float:
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
