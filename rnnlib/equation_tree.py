"""What an equation is made of, once it has been read."""

from typing import NamedTuple, TypeAlias

Trees: TypeAlias = "tuple[Tree, ...]"
Scripts: TypeAlias = "tuple[tuple[str, Tree], ...]"


class Number(NamedTuple):
    """
    A number as it is printed.

    Attributes
    ----------
    value : float
        Its value.
    """

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
    subscripts : tuple of (str, Tree)
        The parts between commas, each as letters and as a tree.
    copies : tuple of Tree
        What stands in brackets in the superscript: the step at which a copy is used.
    label : str
        The superscript as letters; empty if there is none.
    exponent : Tree, optional
        The superscript as a tree.
    """

    kind: str
    base: str
    subscripts: Scripts = ()
    copies: Trees = ()
    label: str = ""
    exponent: "Tree | None" = None


class Derivative(NamedTuple):
    """
    One differential by another: a single name.

    Attributes
    ----------
    of, by : Symbol
        Above and below the line.
    """

    of: Symbol
    by: Symbol


class Sum(NamedTuple):
    """
    Terms with signs.

    Attributes
    ----------
    terms : tuple of (int, Tree)
        Each with 1 or -1.
    """

    terms: "tuple[tuple[int, Tree], ...]"


class Product(NamedTuple):
    """
    Factors side by side.

    Attributes
    ----------
    factors : tuple of Tree
        From left to right.
    """

    factors: Trees


class Between(NamedTuple):
    """
    Two trees with a sign of multiplication or division between them.

    Attributes
    ----------
    sign : str
        The sign.
    left, right : Tree
        What stands on either side.
    """

    sign: str
    left: "Tree"
    right: "Tree"


class Big(NamedTuple):
    """
    A sum, a product or a maximum over indices.

    Attributes
    ----------
    kind : {"sum", "product", "max"}
        The sign.
    below : tuple of Tree
        What stands below it: indices, a start, or conditions.
    above : Tree or None
        The last value of the index.
    body : Tree
        What is added, multiplied or compared.
    """

    kind: str
    below: Trees
    above: "Tree | None"
    body: "Tree"


class Bracket(NamedTuple):
    """
    What stands in brackets.

    Attributes
    ----------
    kind : str
        The opening bracket.
    inside : Tree
        What it holds.
    subscripts : tuple of (str, Tree)
        The components that are picked from it.
    """

    kind: str
    inside: "Tree"
    subscripts: Scripts = ()


class Power(NamedTuple):
    """
    A tree with an exponent.

    Attributes
    ----------
    base, exponent : Tree
        The two.
    """

    base: "Tree"
    exponent: "Tree"


class Transpose(NamedTuple):
    """
    A tree with rows and columns exchanged.

    Attributes
    ----------
    base : Tree
        What is transposed.
    """

    base: "Tree"


class Shaped(NamedTuple):
    """
    A factor with its shape printed below.

    Attributes
    ----------
    shape : tuple of Tree
        The sizes; none for a number.
    inside : Tree
        The factor.
    """

    shape: Trees
    inside: "Tree"


class Chain(NamedTuple):
    """
    Trees with relations between them.

    Attributes
    ----------
    parts : tuple of Tree
        One more than there are relations.
    relations : tuple of str
        Such as "=".
    """

    parts: Trees
    relations: tuple[str, ...]


class Table(NamedTuple):
    """
    Rows of cells: the cases of a definition, or the entries of a matrix.

    Attributes
    ----------
    kind : str
        The environment of LaTeX.
    rows : tuple of tuple of Tree
        The cells.
    """

    kind: str
    rows: tuple[Trees, ...]


class Dots(NamedTuple):
    """The factors that nobody writes down."""


Tree: TypeAlias = (
    Number | Symbol | Derivative | Sum | Product | Between | Big | Bracket | Power | Transpose
    | Shaped | Chain | Table | Dots
)  # fmt: skip
