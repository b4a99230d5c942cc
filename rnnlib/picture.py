"""A film as a picture: its graph, with the numbers of each node as shades.

The picture is drawn once; which nodes are computed and which are active is left to CSS
classes, so a page can light them up in step.
"""

from html import escape
from pathlib import Path
from urllib.parse import quote

import numpy as np

from .film import Film, node_of
from .graph import Node
from .palette import DARK, LIGHT, css_variables
from .printing import NOT_YET, format_number, visible

HERE = Path(__file__).parent
TOP, LINE = 17, 18  # from the upper edge of a node to its letter; from a strip to the next


def draw_graph(film: Film, position: int | None = None) -> str:
    """
    Draw the graph of a film as SVG.

    Parameters
    ----------
    film : Film
        Where the values come from.
    position : int, optional
        Draw the state of this frame. By default everything is "not yet", for a view
        that sets the classes itself.

    Returns
    -------
    str
        An ``<svg>`` element. Nodes and strips are groups with ``data-key``, edges are paths
        with ``data-from`` and ``data-to``; computed ones have class ``done``, those of the
        frame class ``now``.

    Examples
    --------
    >>> from rnnlib import forward, init_parameters, next_character_task
    >>> from rnnlib.frames import forward_frames
    >>> params = init_parameters(np.random.default_rng(0), 2, 3, 2)
    >>> film = forward_frames(params, forward(params, *next_character_task(["aba"], "ab")))
    >>> draw_graph(film, position=3).count('class="node h done')
    2
    """
    done, now, target = set(), set(), ""
    if position is not None:
        frame = film.frames[position]
        done = {node_of(key) for key in film.computed(position)}
        now, target = {node_of(key) for key in (*frame.operands, frame.result)}, frame.result

    def lit(*keys: str) -> str:
        return (" done" if done.issuperset(keys) else "") + (" now" if now & {*keys} else "")

    graph = film.graph
    size = f'width="{graph.width:g}" height="{graph.height:g}"'
    parts = [
        f'<svg class="rnn-graph" xmlns="http://www.w3.org/2000/svg" role="img" '
        f'viewBox="0 0 {graph.width:g} {graph.height:g}" {size} '
        f'aria-label="{escape(graph.description)} Every number is in the table below the '
        'controls.">'
    ]
    for edge in graph.edges:
        both = " done" if {node_of(edge.source), node_of(edge.end)} <= done else ""
        parts.append(
            f'<path class="edge {edge.kind}{both}{" now" if edge.end == target else ""}" '
            f'data-from="{edge.source}" data-to="{edge.end}" d="{edge.path}"/>'
        )
    for node in graph.nodes:
        (x, y), (width, height) = node.spot, node.size
        box = f'x="{-width / 2:g}" y="{-height / 2:g}" width="{width:g}" height="{height:g}"'
        below = ""
        if node.delta:
            lower = TOP + 8 + (LINE if node.shows else 0) - height / 2
            strip = _strip(film, node.delta, lower, width)
            below = f'<g class="strip delta{lit(node.delta)}" data-key="{node.delta}">{strip}</g>'
        parts.append(
            f'<g class="node {node.kind}{lit(node.key)}" data-key="{node.key}" '
            f'transform="translate({x:g} {y:g})"><rect class="box" {box} rx="7"/>'
            f"{_label(node.label, TOP - height / 2)}{_content(film, node)}{below}</g>"
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
    graph_rules = (HERE / "graph.css").read_text()
    svg = draw_graph(film, position=len(film.frames) - 1)
    start = svg.index(">") + 1
    inside = f'<style>{style}{graph_rules}</style><rect class="page" width="100%" height="100%"/>'
    whole = (svg[:start] + inside + svg[start:]).replace('"', "'")  # a third shorter, as a URI
    return "data:image/svg+xml," + quote(whole, safe=" =:;/,(){}'.-+<>")


def _label(label: str, y: float) -> str:
    """A symbol: an italic letter with its step, or the ends of its arrow, below the line."""
    letter, _, step = label.partition("_")
    below = f'<tspan class="step" dy="3">{step.replace("-", "−")}</tspan>' if step else ""
    return f'<text class="letter" y="{y:g}"><tspan class="italic">{letter}</tspan>{below}</text>'


def _content(film: Film, node: Node) -> str:
    """What a computed node shows, and what stands there before."""
    y = TOP - node.size[1] / 2
    not_yet = f'<text class="not-yet" y="{y + 16:g}">{NOT_YET}</text>'
    if node.shows == "strip":
        strip = _strip(film, node.key, y + 8, node.size[0])
        return f'<g class="strip" data-key="{node.key}">{strip}</g>{not_yet}'
    if not node.shows:
        return not_yet
    if node.shows == "shares":
        text = f"{film.T} of {film.T}"
    elif node.shows == "number":
        text = format_number(float(film.values[node.key].array))
    else:
        row = film.values[node.key].array[0]
        k = int(row if np.issubdtype(row.dtype, np.integer) and row.ndim == 0 else row.argmax())
        text = f"‘{visible(film.symbols[k])}’" if film.symbols else str(k)
    kind = "number shares" if node.shows == "shares" else "number"
    return f'<text class="{kind}" y="{y + 16:g}">{escape(text)}</text>{not_yet}'


def _strip(film: Film, key: str, y: float, width: float) -> str:
    """The numbers of the first row as shades; how high a shade is says the style sheet."""
    scale, row = film.scale(key) or 1.0, np.atleast_2d(film.values[key].array)[0]
    cell = min(9, (width - 6) / len(row))
    left = -cell * len(row) / 2
    return "".join(
        f'<rect class="{"positive" if number >= 0 else "negative"}" x="{left + i * cell:.1f}" '
        f'y="{y:g}" width="{cell - 1:.1f}" fill-opacity="{np.sqrt(abs(number) / scale):.2f}"/>'
        for i, number in enumerate(row)
    )
