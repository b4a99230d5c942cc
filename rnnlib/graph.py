"""The unrolled network as a picture: one node for each value, one edge for each use.

Time runs to the right and data runs upwards. The picture is drawn once; which nodes are
computed and which are active is left to CSS classes, so a page can light them up in step.
"""

from html import escape

import numpy as np

from .film import Film, Value
from .printing import NOT_YET, format_number, visible

ROWS = {  # from bottom to top
    "x": "input",
    "a": "pre-<tspan x='2' dy='13'>activation</tspan>",
    "h": "state",
    "z": "logits",
    "y_hat": "prediction",
    "loss": "loss",
    "y": "target",
}
LETTERS = {"y_hat": "ŷ", "loss": "L"}
COLUMN, ROW, WIDTH, HEIGHT, MARGIN = 76, 62, 52, 40, 8
Point = tuple[float, float]


def edges_of(T: int) -> list[tuple[str, str, str]]:
    """
    List the edges of the unrolled network.

    Parameters
    ----------
    T : int
        Number of steps.

    Returns
    -------
    list of (str, str, str)
        Key of the source, key of the target, and what the edge is: ``"forward"``,
        ``"recurrent"`` or ``"loss"``.

    Examples
    --------
    >>> edges_of(1)[1]
    ('h[-1]', 'a[0]', 'recurrent')
    """
    edges = []
    for t in range(T):
        edges += [
            (f"x[{t}]", f"a[{t}]", "forward"),
            (f"h[{t - 1}]", f"a[{t}]", "recurrent"),
            (f"a[{t}]", f"h[{t}]", "forward"),
            (f"h[{t}]", f"z[{t}]", "forward"),
            (f"z[{t}]", f"y_hat[{t}]", "forward"),
            (f"y_hat[{t}]", f"loss[{t}]", "loss"),
            (f"y[{t}]", f"loss[{t}]", "loss"),
            (f"loss[{t}]", "L", "loss"),
        ]
    return edges


def draw_graph(film: Film, position: int | None = None) -> str:
    """
    Draw the unrolled network of a film as SVG.

    Parameters
    ----------
    film : Film
        Where the values come from; each node carries a strip with its numbers as shades.
    position : int, optional
        Draw the state of this frame. By default everything is "not yet", for a view
        that sets the classes itself.

    Returns
    -------
    str
        An ``<svg>`` element. Nodes are groups with ``data-key``, edges are paths with
        ``data-from`` and ``data-to``; computed ones have class ``done``, those of the
        frame class ``now``.

    Examples
    --------
    >>> from rnnlib import forward, init_parameters, next_character_task
    >>> from rnnlib.frames import forward_frames
    >>> params = init_parameters(np.random.default_rng(0), 2, 3, 2)
    >>> trace = forward(params, *next_character_task(["aba"], "ab"))
    >>> draw_graph(forward_frames(params, trace), position=3).count("node h done now")
    1
    """
    done, now = set(), set()
    if position is not None:
        frame = film.frames[position]
        done, now = film.computed(position), {*frame.operands, frame.result}
    places = {"h[-1]": _place(-1, "h"), "L": _place(film.T, "loss")}
    places |= {f"{row}[{t}]": _place(t, row) for t in range(film.T) for row in ROWS}
    scale = film.scale()

    width, height = _place(film.T, "x")[0] + WIDTH / 2 + MARGIN, len(ROWS) * ROW + 14
    parts = [
        f'<svg class="rnn-graph" xmlns="http://www.w3.org/2000/svg" role="img" '
        f'viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}" '
        f'aria-label="The network unrolled over {film.T} steps. Every number is in the table '
        'below the controls.">'
    ]
    for source, target, kind in edges_of(film.T):
        lit = (" done" if {source, target} <= done else "") + (
            " now" if position is not None and film.frames[position].result == target else ""
        )
        parts.append(
            f'<path class="edge {kind}{lit}" data-from="{source}" data-to="{target}" '
            f'd="{_route(places[source], places[target])}"/>'
        )
    for key, (x, y) in places.items():
        value = film.values[key]
        lit = (" done" if key in done else "") + (" now" if key in now else "")
        parts.append(
            f'<g class="node {key.partition("[")[0]}{lit}" data-key="{key}" '
            f'transform="translate({x:g} {y:g})">'
            f'<rect class="box" x="{-WIDTH / 2:g}" y="{-HEIGHT / 2:g}" width="{WIDTH}" '
            f'height="{HEIGHT}" rx="7"/>{_label(key)}{_content(key, value, scale, film.symbols)}'
            f'<text class="not-yet" y="13">{NOT_YET}</text></g>'
        )
    for row, name in ROWS.items():
        # Clear of what stands in the first column: the initial state, and its arrow.
        y = _place(-1, row)[1] + {"h": -HEIGHT / 2 - 6, "a": 14}.get(row, 4)
        parts.append(f'<text class="row" x="2" y="{y:g}">{name}</text>')
    for t in range(film.T):
        x, _ = _place(t, "x")
        parts.append(f'<text class="time" x="{x:g}" y="{height - 3:g}">t = {t}</text>')
    return "".join(parts) + "</svg>"


def _place(t: int, row: str) -> Point:
    """The centre of a node, in pixels."""
    return (
        MARGIN + WIDTH / 2 + (t + 1) * COLUMN,
        HEIGHT / 2 + MARGIN + (len(ROWS) - 1 - list(ROWS).index(row)) * ROW,
    )


def _route(source: Point, target: Point) -> str:
    """The path of an edge: straight up or down, or curved into the next step."""
    (x0, y0), (x1, y1) = source, target
    if x0 == x1:
        up = -1 if y1 < y0 else 1
        head = f"m-4 {-up * 5}l4 {up * 5}l4 {-up * 5}"
        return f"M{x0:g} {y0 + up * HEIGHT / 2:g}V{y1 - up * (HEIGHT / 2 + 2):g}{head}"
    x0, x1 = x0 + WIDTH / 2, x1 - WIDTH / 2 - 2
    if y0 == y1:
        return f"M{x0:g} {y0:g}H{x1:g}m-5 -4l5 4l-5 4"
    bend = (x1 - x0) * 0.7
    curve = f"C{x0 + bend:g} {y0:g} {x1 - bend:g} {y1:g} {x1:g} {y1:g}"
    return f"M{x0:g} {y0:g}{curve}m-5 -4l5 4l-5 4"


def _label(key: str) -> str:
    """The symbol of a node: an italic letter with its step."""
    name, _, step = key.rstrip("]").partition("[")
    letter = LETTERS.get(name, name)
    below = f'<tspan class="step" dy="3">{step.replace("-", "−")}</tspan>' if step else ""
    return f'<text class="letter" y="-3"><tspan class="italic">{letter}</tspan>{below}</text>'


def _content(key: str, value: Value, scale: float, symbols: str) -> str:
    """What a computed node shows: a number, a character, or a strip of shades."""
    name = key.partition("[")[0]
    if name in ("loss", "L"):
        return f'<text class="number" y="13">{format_number(float(value.array))}</text>'
    if name == "y" or (name == "x" and symbols):
        k = int(value.array[0] if name == "y" else value.array[0].argmax())
        text = f"‘{visible(symbols[k])}’" if symbols else str(k)
        return f'<text class="number" y="13">{escape(text)}</text>'
    row = value.array[0]
    cell = min(9, (WIDTH - 6) / len(row))
    left = -cell * len(row) / 2
    return "".join(
        f'<rect class="shade {"positive" if number >= 0 else "negative"}" '
        f'x="{left + i * cell:.1f}" y="5" width="{cell - 1:.1f}" height="10" '
        f'fill-opacity="{np.sqrt(abs(number) / scale):.2f}"/>'
        for i, number in enumerate(row)
    )
