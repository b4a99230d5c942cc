"""What an equation is made of, once it has been read."""

from typing import NamedTuple, TypeAlias


class Number(NamedTuple):
    """A number as it is printed."""

    value: float


class Symbol(NamedTuple):
    """
    A letter or a word with its scripts: which of them belong to the name, a world decides.

    Attributes
    ----------
    kind : {"", "d", "∂", "∂+"}
        If it is a value, or a total, plain or immediate differential of it.
    base : str
        The letter with its accent, such as "y_hat" or "delta".
    subscripts : tuple of (str, tree)
        The parts between commas, each as letters and as a tree.
    copies : tuple of tree
        What stands in brackets in the superscript: the step at which a copy is used.
    superscript : tuple of (str, tree)
        A label or an exponent; empty if there is none.
    """

    kind: str
    base: str
    subscripts: tuple = ()
    copies: tuple = ()
    superscript: tuple = ()


class Derivative(NamedTuple):
    """One differential by another: a single name."""

    of: Symbol
    by: Symbol


class Sum(NamedTuple):
    """Terms, each with its sign."""

    terms: tuple


class Product(NamedTuple):
    """Factors side by side."""

    factors: tuple


class Between(NamedTuple):
    """Two trees with a sign of multiplication or division between them."""

    sign: str
    left: "Tree"
    right: "Tree"


class Big(NamedTuple):
    """A sum, a product or a maximum over indices, with what stands below and above its sign."""

    kind: str
    below: "Tree"
    above: "Tree | None"
    body: "Tree"


class Bracket(NamedTuple):
    """What stands in brackets, and the components that are picked from it."""

    kind: str
    inside: "Tree"
    subscripts: tuple = ()


class Power(NamedTuple):
    """A tree with an exponent."""

    base: "Tree"
    exponent: "Tree"


class Transpose(NamedTuple):
    """A tree with rows and columns exchanged."""

    base: "Tree"


class Shaped(NamedTuple):
    """A factor with its shape printed below."""

    shape: tuple
    inside: "Tree"


class Chain(NamedTuple):
    """Trees with relations between them."""

    parts: tuple
    relations: tuple


class Table(NamedTuple):
    """Rows of cells: the cases of a definition, or the entries of a matrix."""

    kind: str
    rows: tuple


class Dots(NamedTuple):
    """The factors that nobody writes down."""


Tree: TypeAlias = (
    Number | Symbol | Derivative | Sum | Product | Between | Big | Bracket | Power | Transpose
    | Shaped | Chain | Table | Dots
)  # fmt: skip
