"""What can be asked of a part of an equation: its letters, and how it reads at another time."""

from collections.abc import Iterator
from typing import Any

from .equation_tree import Derivative, Number, Sum, Symbol


def names_in(node: Any) -> Iterator[str]:
    """
    Find every symbol in a tree.

    Parameters
    ----------
    node : Tree
        Where to look.

    Yields
    ------
    str
        The letters, from left to right.

    Examples
    --------
    >>> from rnnlib.equation_tree import Power, Product
    >>> list(names_in(Product((Symbol("", "a"), Power(Symbol("", "b"), Number(2))))))
    ['a', 'b']
    """
    if isinstance(node, Symbol):
        yield node.base
    elif isinstance(node, tuple):
        for part in node:
            yield from names_in(part)


def base_of(node: Any) -> Any:
    """
    Say what a factor is at any time.

    Parameters
    ----------
    node : Tree
        The factor.

    Returns
    -------
    object
        Equal for factors that differ in their scripts only.

    Examples
    --------
    >>> base_of(Symbol("", "J"))
    'J'
    """
    if isinstance(node, Derivative):
        return node.of.base, node.by.base
    return node.base if isinstance(node, Symbol) else node


def shifted(node: Any, steps: int) -> Any:
    """
    Write a factor for another time.

    Parameters
    ----------
    node : Symbol or Derivative
        A factor whose last subscript is a time.
    steps : int
        How much later.

    Returns
    -------
    Symbol or Derivative
        The same with other times.

    Examples
    --------
    >>> shifted(Symbol("", "J", (("t", Symbol("", "t")),)), 1).subscripts[0][1].terms[1]
    (1, Number(value=1))
    """
    if isinstance(node, Derivative):
        return Derivative(shifted(node.of, steps), shifted(node.by, steps))
    *others, (label, time) = node.subscripts
    later = (label, Sum(((1, time), (1, Number(steps)))))
    return node._replace(subscripts=(*others, later))
