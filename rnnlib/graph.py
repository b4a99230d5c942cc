"""A graph of values as data: where its nodes stand, and the paths of its edges."""

from typing import NamedTuple

WIDTH, LOW = 52, 40  # the usual size of a node, in pixels
Spot = tuple[float, float]


class Node(NamedTuple):
    """
    One box of the graph.

    Attributes
    ----------
    key : str
        Key of the value it shows; for a gradient without its step.
    spot : (float, float)
        Its centre, in pixels.
    label : str
        Its symbol, with an underscore before what is set below the line.
    kind : str
        Its CSS class.
    shows : str
        ``"strip"`` for the numbers of the first row as shades, ``"matrix"`` for those of all
        rows, ``"number"``, ``"name"`` for the name of a class, ``"shares"`` for how many
        steps have contributed, or nothing.
    delta : str
        Key of a value whose strip stands below, or nothing.
    size : (float, float)
        Width and height.
    """

    key: str
    spot: Spot
    label: str
    kind: str
    shows: str = "strip"
    delta: str = ""
    size: tuple[float, float] = (WIDTH, LOW)


class Edge(NamedTuple):
    """
    One arrow of the graph: a use of a value.

    Attributes
    ----------
    source, end : str
        Keys of the values at its ends.
    kind : str
        Its CSS classes: ``"forward"``, ``"recurrent"`` or ``"loss"``; with ``" back"``
        behind it on the way back.
    path : str
        What goes into the attribute ``d`` of an SVG path.
    """

    source: str
    end: str
    kind: str
    path: str


class Caption(NamedTuple):
    """
    Words beside the nodes.

    Attributes
    ----------
    spot : (float, float)
        Where they stand.
    words : str
        SVG text.
    kind : str
        Their CSS class: ``"row"`` or ``"time"``.
    """

    spot: Spot
    words: str
    kind: str


class Graph(NamedTuple):
    """
    All that is drawn of a film but its numbers.

    Attributes
    ----------
    width, height : float
        Size of the picture in pixels.
    description : str
        What it shows, for who does not see it.
    nodes, edges, captions : tuple
        Its parts.
    """

    width: float
    height: float
    description: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    captions: tuple[Caption, ...] = ()


def straight(start: Spot, end: Spot) -> str:
    """
    Draw an arrow along one axis.

    Parameters
    ----------
    start, end : (float, float)
        Its ends; they share one coordinate.

    Returns
    -------
    str
        What goes into the attribute ``d`` of an SVG path, with an arrowhead.

    Examples
    --------
    >>> straight((0, 80), (0, 60))
    'M0 80V60m-4 5l4 -5l4 5'
    """
    (x0, y0), (x1, y1) = start, end
    line = f"V{y1:g}" if x0 == x1 else f"H{x1:g}"
    return f"M{x0:g} {y0:g}{line}{_head(start, end, level=x0 != x1)}"


def curved(start: Spot, end: Spot) -> str:
    """
    Draw an arrow that leaves and arrives level.

    Parameters
    ----------
    start, end : (float, float)
        Its ends.

    Returns
    -------
    str
        What goes into the attribute ``d`` of an SVG path, with an arrowhead.

    Examples
    --------
    >>> curved((0, 0), (10, 20))
    'M0 0C7 0 3 20 10 20m-5 -4l5 4l-5 4'
    """
    (x0, y0), (x1, y1) = start, end
    if y0 == y1:
        return straight(start, end)
    bend = (x1 - x0) * 0.7
    curve = f"C{x0 + bend:g} {y0:g} {x1 - bend:g} {y1:g} {x1:g} {y1:g}"
    return f"M{x0:g} {y0:g}{curve}{_head(start, end, level=True)}"


def bent(start: Spot, end: Spot, leaves_level: bool, arrives_level: bool) -> str:
    """
    Draw an arrow that leaves or arrives upright, or both.

    Parameters
    ----------
    start, end : (float, float)
        Its ends.
    leaves_level, arrives_level : bool
        How it stands at each of them.

    Returns
    -------
    str
        What goes into the attribute ``d`` of an SVG path, with an arrowhead.

    Examples
    --------
    >>> bent((0, 0), (10, 20), leaves_level=True, arrives_level=False)
    'M0 0C5 0 10 10 10 20m-4 -5l4 5l4 -5'
    """
    (x0, y0), (x1, y1) = start, end
    x, y = (x0 + x1) / 2, (y0 + y1) / 2
    first = f"{x:g} {y0:g}" if leaves_level else f"{x0:g} {y:g}"
    last = f"{x:g} {y1:g}" if arrives_level else f"{x1:g} {y:g}"
    return f"M{x0:g} {y0:g}C{first} {last} {x1:g} {y1:g}{_head(start, end, arrives_level)}"


def _head(start: Spot, end: Spot, level: bool) -> str:
    """Draw the head of an arrow that arrives level or upright."""
    if level:
        way = 1 if end[0] > start[0] else -1
        return f"m{-5 * way} -4l{5 * way} 4l{-5 * way} 4"
    down = -1 if end[1] < start[1] else 1
    return f"m-4 {-5 * down}l4 {5 * down}l4 {-5 * down}"
