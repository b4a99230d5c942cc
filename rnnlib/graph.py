"""The unrolled network as a picture: one node for each value, one edge for each use.

Time runs to the right and data runs upwards; what comes back runs beside it, downwards and to
the left. The picture is drawn once; which nodes are computed and which are active is left to
CSS classes, so a page can light them up in step.
"""

from html import escape

import numpy as np

from .film import Film, Value, node_of
from .graph_layout import (
    BACK,
    LOW,
    MARGIN,
    ROWS,
    THERE,
    WIDTH,
    Geometry,
    edges_of,
    route,
    route_back,
)
from .printing import NOT_YET, format_number, visible

GRADIENTS = {"b_h": "x", "W_xh": "a", "W_hh": "h", "W_hy": "z", "b_y": "y_hat"}  # their rows
LETTERS = {"y_hat": "ŷ", "loss": "L", "message": "m"}


def draw_graph(film: Film, position: int | None = None) -> str:
    """
    Draw the unrolled network of a film as SVG.

    Parameters
    ----------
    film : Film
        Where the values come from; each node carries a strip with its numbers as shades,
        and below it, if the film walks back, a strip with its delta.
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
    way_back = "delta_h_init" in film.values
    g = BACK if way_back else THERE
    done, now, target = set(), set(), ""
    if position is not None:
        frame = film.frames[position]
        done = {node_of(key) for key in film.computed(position)}
        now, target = {node_of(key) for key in (*frame.operands, frame.result)}, frame.result

    def lit(key: str) -> str:
        return (" done" if key in done else "") + (" now" if key in now else "")

    places = {"h[-1]": g.place(-1, "h"), "L": g.place(film.T, "loss")}
    places |= {f"{row}[{t}]": g.place(t, row) for t in range(film.T) for row in ROWS}
    spots = dict(places)
    if way_back:
        spots |= {f"delta_{key}": place for key, place in places.items() if key[0] in "zhax"}
        spots["delta_h_init"] = places["h[-1]"]
        for t in range(film.T - 1):
            (x, _), (_, y) = places[f"h[{t}]"], places[f"a[{t}]"]
            spots[f"message[{t}]"] = (x + g.column / 2, y + g.aside)

    width = places["L"][0] + WIDTH / 2 + MARGIN
    height = g.place(0, "x")[1] + g.tall / 2 + 20
    parts = [
        f'<svg class="rnn-graph" xmlns="http://www.w3.org/2000/svg" role="img" '
        f'viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}" '
        f'aria-label="The network unrolled over {film.T} steps. Every number is in the table '
        'below the controls.">'
    ]
    for source, end, kind in edges_of(film.T, way_back):
        both = " done" if {source, end} <= done else ""
        path = route_back if kind.endswith("back") else route
        parts.append(
            f'<path class="edge {kind}{both}{" now" if end == target else ""}" '
            f'data-from="{source}" data-to="{end}" d="{path(g, source, end, spots)}"/>'
        )
    for key, (x, y) in places.items():
        tall = g.height(key.partition("[")[0])
        box = (
            f'<rect class="box" x="{-WIDTH / 2:g}" y="{-tall / 2:g}" width="{WIDTH}" '
            f'height="{tall}" rx="7"/>'
        )
        delta = "delta_h_init" if key == "h[-1]" else f"delta_{key}"
        below = ""
        if delta in film.values:
            strip = _strip(film, delta, film.values[delta], 13)
            below = f'<g class="strip delta{lit(delta)}" data-key="{delta}">{strip}</g>'
        up = (LOW - tall) // 2
        parts.append(
            f'<g class="node {key.partition("[")[0]}{lit(key)}" data-key="{key}" '
            f'transform="translate({x:g} {y:g})">{box}{_label(key, up - 3)}'
            f"{_content(film, key, film.values[key], up)}"
            f'<text class="not-yet" y="{13 + up}">{NOT_YET}</text>{below}</g>'
        )
    for t in range(film.T - 1 if way_back else 0):
        key, (x, y) = f"message[{t}]", spots[f"message[{t}]"]
        parts.append(
            f'<g class="node message{lit(key)}" data-key="{key}" '
            f'transform="translate({x:g} {y:g})"><rect class="box" x="-17" y="-15" width="34" '
            f'height="30" rx="9"/>{_label(key, -2)}'
            f'<g class="strip delta{lit(key)}" data-key="{key}">'
            f"{_strip(film, key, film.values[key], 3, 30)}</g></g>"
        )
    for name, row in (GRADIENTS if way_back else {}).items():
        x, y = g.place(film.T, row)
        parts.append(
            f'<g class="node gradient{lit(f"gradient_{name}")}" data-key="gradient_{name}" '
            f'transform="translate({x:g} {y:g})"><rect class="box" x="{-WIDTH / 2:g}" y="-20" '
            f'width="{WIDTH}" height="40" rx="7"/>{_label(f"d{name}", -3)}'
            f'<text class="number shares" y="13">{film.T} of {film.T}</text>'
            f'<text class="not-yet" y="13">{NOT_YET}</text></g>'
        )
    return "".join([*parts, *_names(g, film.T, height)]) + "</svg>"


def _names(g: Geometry, T: int, height: float) -> list[str]:
    """Name the rows on the left and the steps below."""
    # Clear of what stands in the first column: the initial state, and its arrow.
    shift = {"h": -g.tall / 2 - 6, "a": 14 + g.aside}
    rows = [
        f'<text class="row" x="2" y="{g.place(-1, row)[1] + shift.get(row, 4):g}">{name}</text>'
        for row, name in ROWS.items()
    ]
    return rows + [
        f'<text class="time" x="{g.place(t, "x")[0]:g}" y="{height - 3:g}">t = {t}</text>'
        for t in range(T)
    ]


def _label(key: str, y: float) -> str:
    """The symbol of a node: an italic letter with its step or its arrow's ends."""
    name, _, step = key.rstrip("]").partition("[")
    letter = LETTERS.get(name, name)
    if not step and "_" in letter:
        letter, _, step = letter.partition("_")
    below = f'<tspan class="step" dy="3">{step.replace("-", "−")}</tspan>' if step else ""
    return f'<text class="letter" y="{y:g}"><tspan class="italic">{letter}</tspan>{below}</text>'


def _content(film: Film, key: str, value: Value, up: float) -> str:
    """What a computed node shows: a number, a character, or a strip of shades."""
    name = key.partition("[")[0]
    if name in ("loss", "L"):
        return f'<text class="number" y="{13 + up:g}">{format_number(float(value.array))}</text>'
    if name == "y" or (name == "x" and film.symbols):
        k = int(value.array[0] if name == "y" else value.array[0].argmax())
        text = f"‘{visible(film.symbols[k])}’" if film.symbols else str(k)
        return f'<text class="number" y="{13 + up:g}">{escape(text)}</text>'
    return f'<g class="strip" data-key="{key}">{_strip(film, key, value, 5 + up)}</g>'


def _strip(film: Film, key: str, value: Value, y: float, room: float = WIDTH - 6) -> str:
    """The numbers of the first row as shades; how high a shade is says the style sheet."""
    scale, row = film.scale(key) or 1.0, value.array[0]
    cell = min(9, room / len(row))
    left = -cell * len(row) / 2
    return "".join(
        f'<rect class="{"positive" if number >= 0 else "negative"}" x="{left + i * cell:.1f}" '
        f'y="{y:g}" width="{cell - 1:.1f}" fill-opacity="{np.sqrt(abs(number) / scale):.2f}"/>'
        for i, number in enumerate(row)
    )
