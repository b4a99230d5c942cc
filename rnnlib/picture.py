"""A film as a picture: its graph, with the numbers of each node as shades.

The picture is drawn once; which nodes are computed and which are active is left to the CSS
classes that a view sets.
"""

from html import escape
from pathlib import Path
from urllib.parse import quote

import numpy as np

from .film import Film
from .graph import LOW, WIDTH, Node
from .palette import DARK, LIGHT, css_variables
from .printing import format_number, visible

HERE = Path(__file__).parent
TOP, LINE = 17, 18  # from the upper edge of a node to its letter; from a strip to the next
SHADE = 10  # the height of a row of shades, as in the style sheet
NEGATIVE = ' class="negative"'


def draw_graph(film: Film) -> str:
    """
    Draw the graph of a film as SVG.

    Parameters
    ----------
    film : Film
        Where the values come from.

    Returns
    -------
    str
        An ``<svg>`` element. Nodes and strips are groups with ``data-key``, edges are paths
        with ``data-from`` and ``data-to``: a view gives class ``done`` to what is computed,
        and ``now`` to what belongs to a frame.

    Examples
    --------
    >>> from rnnlib import forward, init_parameters, next_character_task
    >>> from rnnlib.frames import forward_frames
    >>> params = init_parameters(np.random.default_rng(0), 2, 3, 2)
    >>> film = forward_frames(params, forward(params, *next_character_task(["aba"], "ab")))
    >>> draw_graph(film).count('class="node h"')
    3
    """
    graph = film.graph
    parts = [
        f'<svg class="rnn-graph" xmlns="http://www.w3.org/2000/svg" role="img" '
        f'viewBox="0 0 {graph.width:g} {graph.height:g}" '
        f'width="{graph.width:g}" height="{graph.height:g}" '
        f'aria-label="{escape(graph.description)} Every number is in the table below the '
        'controls.">'
    ]
    parts += [
        f'<path class="edge {edge.kind}" data-from="{edge.source}" data-to="{edge.end}" '
        f'd="{edge.path}"/>'
        for edge in graph.edges
    ]
    for node in graph.nodes:
        (x, y), (width, height) = node.spot, node.size
        top, below = TOP - height / 2, ""
        if node.delta:
            rows = len(np.atleast_2d(film.values[node.key].array)) if node.shows == "matrix" else 1
            lower = top + 8 + (LINE + SHADE * (rows - 1) if node.shows else 0)
            below = _strip(film, node.delta, lower, width, "strip delta")
        parts.append(
            f'<g class="node {node.kind}" data-key="{node.key}" transform="translate({x:g} {y:g})">'
            f'<rect class="box"{_sides(width, height)}/>{_label(node.label, top)}'
            f"{_content(film, node, top)}{below}</g>"
        )
    parts += [
        f'<text class="{caption.kind}" x="{caption.spot[0]:g}" y="{caption.spot[1]:g}">'
        f"{caption.words}</text>"
        for caption in graph.captions
    ]
    return "".join(parts) + "</svg>"


def picture(film: Film) -> str:
    """
    Draw the whole walk as one picture that stands alone.

    Parameters
    ----------
    film : Film
        The film; its last frame is drawn.

    Returns
    -------
    str
        A data URI for ``<img src>``.

    Examples
    --------
    >>> from rnnlib import forward, init_parameters, next_character_task
    >>> from rnnlib.frames import forward_frames
    >>> params = init_parameters(np.random.default_rng(0), 2, 3, 2)
    >>> trace = forward(params, *next_character_task(["aba"], "ab"))
    >>> picture(forward_frames(params, trace)).startswith("data:image/svg+xml,")
    True
    """
    light, dark = css_variables(LIGHT), css_variables(DARK)
    style = f":root{{{light}}}@media(prefers-color-scheme:dark){{:root{{{dark}}}}}"
    # Alone, the picture shows the end of the walk, where everything is computed.
    style += (HERE / "graph.css").read_text().partition("/* Step by step */")[0]
    svg = draw_graph(film)  # with its keys: on a static page the view takes it from here
    start = svg.index(">") + 1
    inside = f'<style>{style}</style><rect class="page" width="100%" height="100%"/>'
    whole = (svg[:start] + inside + svg[start:]).replace('"', "'")  # a third shorter, as a URI
    return "data:image/svg+xml," + quote(whole, safe=" =:;/,(){}[]'.-+<>")


def _sides(width: float, height: float) -> str:
    """What the style sheet does not know of a box: it knows the usual size."""
    across = "" if width == WIDTH else f' x="{-width / 2:g}" width="{width:g}"'
    return across + ("" if height == LOW else f' y="{-height / 2:g}" height="{height:g}"')


def _label(label: str, y: float) -> str:
    """A symbol: an italic letter with its step, or the ends of its arrow, below the line."""
    letter, _, step = label.partition("_")
    below = f'<tspan dy="3">{step.replace("-", "−")}</tspan>' if step else ""
    return f'<text class="letter" y="{y:g}">{letter}{below}</text>'


def _content(film: Film, node: Node, top: float) -> str:
    """What a computed node shows below its letter."""
    if node.shows in ("strip", "matrix"):
        rows = None if node.shows == "matrix" else 1
        return _strip(film, node.key, top + 8, node.size[0], "strip", rows)
    if not node.shows:
        return ""
    if node.shows == "shares":
        text = f"{film.T} of {film.T} step{'s' * (film.T > 1)}"
    elif node.shows == "number":
        text = format_number(float(film.values[node.key].array))
    else:
        row = film.values[node.key].array[0]
        k = int(row.argmax()) if row.ndim else int(row)
        text = f"‘{visible(film.symbols[k])}’" if film.symbols else str(k)
    return f'<text class="number" y="{top + 16:g}">{escape(text)}</text>'


def _strip(film: Film, key: str, y: float, width: float, kind: str, rows: int | None = 1) -> str:
    """The numbers of the first rows as shades; their height stands in the style sheet."""
    scale, table = film.scale(key) or 1.0, np.atleast_2d(film.values[key].array)[:rows]
    cell = min(9, (width - 6) / table.shape[1])
    left = -cell * table.shape[1] / 2
    shades = (
        f'<rect{"" if table[i, j] >= 0 else NEGATIVE} x="{round(left + j * cell, 1):g}" '
        + (f'y="{i * SHADE}" ' if i else "")
        + f'fill-opacity="{round(np.sqrt(abs(table[i, j]) / scale), 2):g}"/>'.replace('"0.', '".')
        for i, j in np.ndindex(table.shape)
    )
    return (
        f'<g class="{kind}" data-key="{key}" transform="translate(0 {y:g})" '
        f'style="--cell:{cell - 1:.1f}px">{"".join(shades)}</g>'
    )
