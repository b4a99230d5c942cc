"""The layout of the stacked walk: all steps at once in the corners, one step at a time between."""

from .graph import LOW, WIDTH, Edge, Graph, Node, Spot
from .picture import LINE, SHADE, TOP

COLUMN, GAP, MARGIN, LANE = 90, 26, 14, 9  # pixels


def stacked_edges(T: int) -> list[tuple[str, str, str]]:
    """
    List the edges: who waits for whom.

    Parameters
    ----------
    T : int
        Number of steps.

    Returns
    -------
    list of (str, str, str)
        Key of the source, key of the target, and what the edge is.

    Examples
    --------
    >>> stacked_edges(1)[:2]
    [('x_rows', 'a_x_rows', 'forward'), ('a_x_rows', 'h[0]', 'forward')]
    """
    edges = [("x_rows", "a_x_rows", "forward")]
    for t in range(T):
        edges += [
            ("a_x_rows", f"h[{t}]", "forward"),
            (f"h[{t - 1}]", f"h[{t}]", "recurrent"),
            (f"h[{t}]", "h_rows", "forward"),
            (f"h[{t - 1}]", "h_prev_rows", "forward back"),
        ]
    edges += [
        ("h_rows", "z_rows", "forward"),
        ("z_rows", "y_hat_rows", "forward"),
        ("y_hat_rows", "delta_z_rows", "loss back"),
        ("delta_z_rows", "own_rows", "forward back"),
    ]
    for t in reversed(range(T)):
        edges.append(("own_rows", f"delta_h[{t}]", "forward back"))
        if t < T - 1:
            edges.append((f"delta_a[{t + 1}]", f"message[{t}]", "recurrent back"))
        edges.append((f"delta_a[{t}]", "delta_a_rows", "forward back"))
    return [
        *edges,
        ("delta_a_rows", "gradient_W_xh", "forward back"),
        ("x_rows", "gradient_W_xh", "forward back"),
        ("delta_a_rows", "gradient_W_hh", "forward back"),
        ("h_prev_rows", "gradient_W_hh", "forward back"),
        ("delta_z_rows", "gradient_W_hy", "forward back"),
        ("h_rows", "gradient_W_hy", "forward back"),
    ]


def stacked_graph(T: int) -> Graph:
    """
    Lay out the walk: the way there above, to the right; the way back below, to the left.

    Parameters
    ----------
    T : int
        Number of steps: a stack shows a row of shades for each.

    Returns
    -------
    Graph
        Stacks stand at both sides, states and deltas between them.

    Examples
    --------
    >>> len(stacked_graph(T=3).nodes)
    19
    """
    tall = TOP + 8 + SHADE * T + 6
    last = T + 2  # the column of the outputs

    def spot(column: float, row: float) -> Spot:
        x = MARGIN + WIDTH / 2 + column * COLUMN
        return x, MARGIN + GAP / 2 + tall / 2 + row * (tall + GAP)

    places = {
        "a_x_rows": (0, 0, "A"),
        "x_rows": (0, 1, "X"),
        "gradient_W_xh": (0, 4, "dL/dW_xh"),
        "h_prev_rows": (2, 2, "S̄"),
        "gradient_W_hh": (1, 2, "dL/dW_hh"),
        "delta_a_rows": (1, 4, "D"),
        "h_rows": (last, 0, "S"),
        "z_rows": (last, 1, "Z"),
        "y_hat_rows": (last, 2, "Ŷ"),
        "delta_z_rows": (last, 3, "δᶻ"),
        "gradient_W_hy": (last - 1, 3, "dL/dW_hy"),
        "own_rows": (last, 4, "own"),
    }
    size = (WIDTH + 14, tall)
    wide = (WIDTH + 24, tall)  # for a longer name
    spots = {key: spot(column, row) for key, (column, row, _) in places.items()}
    nodes = [
        Node(key, spots[key], label, "sum", "matrix", "", wide)
        if "gradient" in key
        else Node(key, spots[key], label, "stack", "matrix", "", size)
        for key, (*_, label) in places.items()
    ]
    for t in range(-1, T):
        spots[f"h[{t}]"] = spot(t + 2, 0)
        nodes.append(Node(f"h[{t}]", spots[f"h[{t}]"], f"h_{t}", "h"))
    for t in range(T):
        for name in ("message", "delta_h", "delta_a"):
            spots[f"{name}[{t}]"] = spot(t + 2, 4)
        key, delta, high = f"delta_h[{t}]", f"delta_a[{t}]", (WIDTH, LOW + LINE)
        nodes.append(Node(key, spots[key], f"δ_{t}", "h", "strip", delta, high))
    halves = {node.key: (node.size[0] / 2, node.size[1] / 2) for node in nodes}
    for t in range(T):
        halves[f"message[{t}]"] = halves[f"delta_a[{t}]"] = halves[f"delta_h[{t}]"]

    def path(source: str, end: str) -> str:
        (x0, y0), (x1, y1) = spots[source], spots[end]
        (w0, h0), (w1, h1) = halves[source], halves[end]
        beside = abs(x0 - x1) < COLUMN + 1 and y0 == y1
        if beside:
            way = 1 if x1 > x0 else -1
            return _straight((x0 + way * w0, y0), (x1 - way * (w1 + 2), y1))
        if x0 == x1:
            way = 1 if y1 > y0 else -1
            return _straight((x0, y0 + way * h0), (x1, y1 - way * (h1 + 2)))
        if end in ("h_prev_rows", "gradient_W_hy"):  # down, along the lane under the states, down
            lane = MARGIN + GAP / 2 + tall + 2 * LANE
            return _stepped((x0 - 12, y0 + h0), lane, (x1 + 4, y1 - h1 - 2))
        if end == "h_rows":
            lane = MARGIN + GAP / 2 + tall + LANE
            return _stepped((x0 + 12, y0 + h0), lane, (x1 - 20, y1 + h1 + 2))
        if end == "delta_a_rows":
            lane = y1 - tall / 2 - LANE
            return _stepped((x0, y0 - h0), lane, (x1 + 20, y1 - h1 - 2))
        over = -1 if source == "a_x_rows" else 1
        lane = y0 + over * (tall / 2 + LANE)
        return _stepped((x0, y0 + over * h0), lane, (x1, y1 + over * (h1 + 2)))

    right, bottom = spots["own_rows"][0] + size[0] / 2, spots["own_rows"][1] + tall / 2
    return Graph(
        width=right + MARGIN,
        height=bottom + MARGIN + LANE,
        description=(
            f"Above, from left to right: a stack of {T} rows, the states one after the other, a "
            "stack of outputs. Below, from right to left: a stack, the deltas one after the "
            "other, a stack, and the gradients."
        ),
        nodes=tuple(nodes),
        edges=tuple(Edge(*edge, path(*edge[:2])) for edge in stacked_edges(T)),
    )


def _straight(start: Spot, end: Spot) -> str:
    """Draw an arrow along one axis."""
    (x0, y0), (x1, y1) = start, end
    line = f"H{x1:g}" if y0 == y1 else f"V{y1:g}"
    return f"M{x0:g} {y0:g}{line}{_head(start, end)}"


def _stepped(start: Spot, lane: float, end: Spot) -> str:
    """Draw an arrow that goes upright to a lane, along it, and upright again."""
    (x0, y0), (x1, y1) = start, end
    return f"M{x0:g} {y0:g}V{lane:g}H{x1:g}V{y1:g}{_head((x1, lane), end)}"


def _head(before: Spot, end: Spot) -> str:
    """Draw the head of an arrow that comes along one axis."""
    if before[0] == end[0]:
        way = 1 if end[1] > before[1] else -1
        return f"m-4 {-5 * way}l4 {5 * way}l4 {-5 * way}"
    way = 1 if end[0] > before[0] else -1
    return f"m{-5 * way} -4l{5 * way} 4l{-5 * way} 4"
