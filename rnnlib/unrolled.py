"""The unrolled network: time runs to the right, data upwards; what comes back runs beside it."""

from collections.abc import Iterator, Mapping
from itertools import pairwise

from .graph import LOW, WIDTH, Caption, Edge, Graph, Node, Spot, curved, straight

ROWS = {  # from top to bottom
    "y": "target",
    "loss": "loss",
    "y_hat": "prediction",
    "z": "logits",
    "h": "state",
    "a": "pre-<tspan x='2' dy='13'>activation</tspan>",
    "x": "input",
}
WITH_FRONT = {  # the same with a dense layer in front; of its pre-activation there is a δ only
    **{row: name for row, name in ROWS.items() if row != "x"},
    "e": "front <tspan x='2' dy='13'>layer</tspan>",
    "front": "its pre-<tspan x='2' dy='13'>activation</tspan>",
    "x": "input",
}
LETTERS = {"y_hat": "ŷ", "loss": "L"}
GRADIENTS = ("b_y", "W_hy", "W_hh", "W_xh", "b_h", "W_xe", "b_e")  # from top to bottom
TALL = ("z", "h", "a", "e", "x")  # these have room for their delta
GAP, MARGIN = 22, 8
WIDE = 80  # a node that counts shares
LABELS = {  # which weights an arrow stands for, written at the first arrow of its kind
    ("h", "z"): "hy",
    ("x", "a"): "xh",
    ("e", "a"): "xh",
    ("x", "front"): "xe",
}


def edges_of(
    T: int, way_back: bool = False, rows: Mapping[str, str] = ROWS
) -> list[tuple[str, str, str]]:
    """
    List the edges of the unrolled network.

    Parameters
    ----------
    T : int
        Number of steps.
    way_back : bool, optional
        Whether to list those of the way back too.
    rows : mapping of str to str, optional
        The rows of the picture, from top to bottom.

    Returns
    -------
    list of (str, str, str)
        Key of the source, key of the target, and what the edge is: ``"forward"``,
        ``"recurrent"`` or ``"loss"``; on the way back with ``" back"`` behind it.

    Examples
    --------
    >>> edges_of(1)[1]
    ('h[-1]', 'a[0]', 'recurrent')
    >>> edges_of(1, way_back=True)[-1]
    ('delta_a[0]', 'delta_h_init', 'recurrent back')
    """
    below = list(rows)[list(rows).index("a") :]  # from the pre-activation down to the input
    up = [row for row in reversed(below) if row != "front"]
    edges = []
    for t in range(T):
        edges += [
            *((f"{low}[{t}]", f"{high}[{t}]", "forward") for low, high in pairwise(up)),
            (f"h[{t - 1}]", f"a[{t}]", "recurrent"),
            (f"a[{t}]", f"h[{t}]", "forward"),
            (f"h[{t}]", f"z[{t}]", "forward"),
            (f"z[{t}]", f"y_hat[{t}]", "forward"),
            (f"y_hat[{t}]", f"loss[{t}]", "loss"),
            (f"y[{t}]", f"loss[{t}]", "loss"),
            (f"loss[{t}]", "L", "loss"),
        ]
    for t in reversed(range(T if way_back else 0)):
        edges += [
            (f"y_hat[{t}]", f"delta_z[{t}]", "loss back"),
            (f"delta_z[{t}]", f"delta_h[{t}]", "forward back"),
            (f"delta_h[{t}]", f"delta_a[{t}]", "forward back"),
            *(
                (f"delta_{high}[{t}]", f"delta_{low}[{t}]", "forward back")
                for high, low in pairwise(below)
            ),
            *([(f"message[{t}]", f"delta_h[{t}]", "recurrent back")] if t < T - 1 else []),
            (f"delta_a[{t}]", f"message[{t - 1}]" if t else "delta_h_init", "recurrent back"),
        ]
    return edges


def unrolled_graph(
    T: int, way_back: bool = False, letters: bool = False, rows: Mapping[str, str] = ROWS
) -> Graph:
    """
    Lay out the unrolled network.

    Parameters
    ----------
    T : int
        Number of steps.
    way_back : bool, optional
        Whether nodes hold a strip for their delta too, with messages and gradients beside.
    letters : bool, optional
        Whether inputs are shown as characters.
    rows : mapping of str to str, optional
        What stands at a step, from top to bottom, and what it is called: `ROWS`, or
        `WITH_FRONT` for a dense layer in front.

    Returns
    -------
    Graph
        One column a step, one row a quantity.

    Examples
    --------
    >>> len(unrolled_graph(T=3).nodes)
    23
    """
    column, tall, aside = (108, 60, 15) if way_back else (76, LOW, 0)
    heights = {row: tall if row in TALL else LOW for row in rows}

    def place(t: int, row: str) -> Spot:
        above = list(rows)[: list(rows).index(row)]
        y = MARGIN + sum(heights[name] + GAP for name in above) + heights[row] / 2
        return MARGIN + WIDTH / 2 + (t + 1) * column, y

    spots = {"h[-1]": place(-1, "h"), "L": place(T, "loss")}
    spots |= {f"{row}[{t}]": place(t, row) for t in range(T) for row in rows}
    nodes = []
    for key, spot in spots.items():
        name = key.partition("[")[0]
        if name == "front":  # it has a delta only
            continue
        shows = {"loss": "number", "L": "number", "y": "name"}.get(name, "strip")
        delta = f"delta_{key}" if name in TALL and way_back else ""
        nodes.append(
            Node(
                key,
                spot,
                key.replace(name, LETTERS.get(name, name)).replace("[", "_").rstrip("]"),
                name,
                "name" if name == "x" and letters else shows,
                "delta_h_init" if key == "h[-1]" and way_back else delta,
                (WIDTH, heights.get(name, LOW)),
            )
        )
    if way_back:
        for t in range(T - 1):
            spots[f"message[{t}]"] = spots[f"h[{t}]"][0] + 47, spots["a[0]"][1] + aside
            key = f"message[{t}]"
            nodes.append(Node(key, spots[key], f"m_{t}", "message", "", key, (34, LOW)))
        for t in range(T if "front" in rows else 0):
            key, (x, y) = f"delta_front[{t}]", spots[f"front[{t}]"]
            nodes.append(Node(key, (x + aside, y), f"δ_{t}", "message", "", key, (34, LOW)))
        # Beside the rows, from the prediction down to the input.
        for name, row in zip(GRADIENTS, list(rows)[2:], strict=False):
            key = f"gradient_{name}"
            label = f"G_{name.replace('_', '')}"
            nodes.append(Node(key, place(T, row), label, "gradient", "shares", "", (WIDE, LOW)))

    def path(source: str, end: str, kind: str) -> str:
        back = kind.endswith("back")
        (x0, y0), (x1, y1) = (spots[_stem(key)] for key in (source, end))
        side = aside if back else -aside
        if end == "L":  # over the boxes between: no loss is computed from another
            return f"M{x0 + 14:g} {y0 - LOW / 2:g}V{y0 - LOW / 2 - 13:g}H{x1:g}v11m-4 -5l4 5l4 -5"
        if kind == "loss back":  # the way back begins at the loss
            y0 = spots[source.replace("y_hat", "loss")][1]
        if source.startswith("message"):
            x, y = x1 + WIDTH / 2 + 2, y1 + side
            bend = f"{x0:g} {y + 20:g} {x + 22:g} {y:g} {x:g} {y:g}"
            return f"M{x0:g} {y0 - LOW / 2:g}C{bend}m5 -4l-5 4l5 4"
        if x0 == x1:
            down = 1 if y1 > y0 else -1
            y0 += down * heights["loss" if kind == "loss back" else _row(source)] / 2
            y1 -= down * (heights[_row(end)] / 2 + 2)
            return straight((x0 + side / 2, y0), (x1 + side / 2, y1))
        way = 1 if x1 > x0 else -1
        x0 += way * WIDTH / 2
        x1 -= way * ((17 if end.startswith("message") else WIDTH / 2) + 2)
        # A message stands aside already.
        y0 += side * (y0 != y1)
        y1 += side * (not end.startswith("message") and y0 != y1)
        return curved((x0, y0), (x1, y1))

    bottom = place(0, "x")[1] + tall / 2 + 20
    shift = {"h": -tall / 2 - 6, "a": 14 + aside}  # clear of the initial state and its arrow
    return Graph(
        width=spots["L"][0] + (WIDE if way_back else WIDTH) / 2 + MARGIN,
        height=bottom,
        description=f"The network unrolled over {T} steps.",
        nodes=tuple(nodes),
        edges=tuple(Edge(*edge, path(*edge)) for edge in edges_of(T, way_back, rows)),
        captions=(
            *(
                Caption((2, place(-1, row)[1] + shift.get(row, 4)), name, "row")
                for row, name in rows.items()
            ),
            *(Caption((place(t, "x")[0], bottom - 3), f"t = {t}", "time") for t in range(T)),
            *(_names(T, rows, spots, aside) if way_back else ()),
        ),
    )


def _names(
    T: int, rows: Mapping[str, str], spots: Mapping[str, Spot], aside: float
) -> Iterator[Caption]:
    """Name the weights at the first arrow of their kind, on either way; and the last column."""
    for low, high in ((low, high) for low, high in LABELS if low in rows and high in rows):
        if low == "x" and high == "a" and "e" in rows:
            continue
        x, y = spots[f"{low}[0]"]
        middle = y - 30 - GAP / 2 + 4  # half a tall node, half a gap
        yield Caption((x - aside / 2 - 16, middle), _weight(LABELS[low, high]), "weight")
        x, _ = spots[f"{low}[{T - 1}]"]
        back = _weight(LABELS[low, high], "⊤")
        yield Caption((x + aside / 2 + 20, middle), back, "weight back")
    x, y = spots["h[-1]"]
    yield Caption((x + WIDTH / 2 + 28, y - aside - 6), _weight("hh"), "weight")
    x, y = spots[f"message[{T - 2}]"] if T > 1 else (x + WIDTH / 2 - 3, spots["a[0]"][1] - 31)
    yield Caption((x + 17, y + LOW / 2 + 14), _weight("hh", "⊤"), "weight back")
    x, y = spots["L"]
    yield Caption((x, y + LOW / 2 + 16), "gradient sums", "time back")


def _weight(ends: str, above: str = "") -> str:
    """Write the symbol of a matrix as SVG."""
    power = f"<tspan dy='-8'>{above}</tspan>" if above else ""
    return f"W<tspan dy='3'>{ends}</tspan>{power}"


def _stem(key: str) -> str:
    """The node that a key stands in: a delta stands in the node of its value."""
    return "h[-1]" if key == "delta_h_init" else key.removeprefix("delta_")


def _row(key: str) -> str:
    return _stem(key).partition("[")[0].replace("L", "loss")
