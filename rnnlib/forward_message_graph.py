"""The unrolled network with forward messages: beside each state, how the weights influence it."""

from .graph import LOW, WIDTH, Caption, Edge, Graph, Node, Spot, curved, straight
from .unrolled import LETTERS

ROWS = {  # from top to bottom
    "influence": "influence",
    "y": "target",
    "loss": "loss",
    "y_hat": "prediction",
    "z": "logits",
    "h": "state",
    "a": "pre-<tspan x='2' dy='13'>activation</tspan>",
    "x": "input",
}
TALL = {"z": 60, "a": 60}  # they hold a strip for their delta too
COLUMN, GAP, MARGIN, LEFT = 164, 20, 8, 20
# What stands between two states: to the left of its own, and in whose row.
BESIDE = {
    "influence": (82, "influence"),
    "immediate": (107, "y_hat"),
    "state_jacobian": (57, "y_hat"),
    "reach": (57, "z"),
}
SYMBOLS = {"influence": "P", "immediate": "∂⁺h", "state_jacobian": "J", "reach": "D"}
AT_THE_END = {"gradient_W_hh": "influence", "L": "loss", "difference": "y", "bptt_W_hh": "a"}


def message_edges_of(T: int) -> list[tuple[str, str, str]]:
    """
    List the edges of the unrolled network with forward messages.

    Parameters
    ----------
    T : int
        Number of steps.

    Returns
    -------
    list of (str, str, str)
        Key of the source, key of the target, and the CSS classes of the edge.

    Examples
    --------
    >>> ("influence[0]", "influence[1]", "recurrent") in message_edges_of(2)
    True
    """
    edges = []
    for t in range(T):
        edges += [
            (f"x[{t}]", f"a[{t}]", "forward"),
            (f"h[{t - 1}]", f"a[{t}]", "recurrent"),
            (f"a[{t}]", f"h[{t}]", "forward"),
            (f"h[{t}]", f"reach[{t}]", "forward"),
            (f"h[{t - 1}]", f"immediate[{t}]", "forward"),
            (f"reach[{t}]", f"immediate[{t}]", "forward"),
            (f"immediate[{t}]", f"influence[{t}]", "forward"),
            (f"h[{t}]", f"z[{t}]", "forward"),
            (f"z[{t}]", f"y_hat[{t}]", "forward"),
            (f"y_hat[{t}]", f"loss[{t}]", "loss"),
            (f"y[{t}]", f"loss[{t}]", "loss"),
            (f"loss[{t}]", "L", "loss"),
            (f"y_hat[{t}]", f"delta_z[{t}]", "loss back"),
            (f"delta_z[{t}]", f"delta_a[{t}]", "forward back"),
        ]
        if t:
            edges += [
                (f"reach[{t}]", f"state_jacobian[{t}]", "forward"),
                (f"state_jacobian[{t}]", f"influence[{t}]", "forward"),
                (f"influence[{t - 1}]", f"influence[{t}]", "recurrent"),
                (f"delta_a[{t}]", f"delta_a[{t - 1}]", "recurrent back"),
            ]
    return [*edges, *((name, "difference", "loss back") for name in ("gradient_W_hh", "bptt_W_hh"))]


def forward_message_graph(T: int, letters: bool = False) -> Graph:
    """
    Lay out the unrolled network with forward messages.

    Parameters
    ----------
    T : int
        Number of steps.
    letters : bool, optional
        Whether inputs are shown as characters.

    Returns
    -------
    Graph
        One column a step, with what belongs to the messages to the left of its state.

    Examples
    --------
    >>> [node.label for node in forward_message_graph(1).nodes if "∂" in node.label]
    ['∂⁺h_0']
    """
    tops, y = {}, float(MARGIN)
    for row in ROWS:
        tops[row] = y
        y += TALL.get(row, LOW) + GAP
    bottom = y + 6

    def place(t: int, row: str) -> Spot:
        return LEFT + WIDTH / 2 + (t + 1) * COLUMN, tops[row] + TALL.get(row, LOW) / 2

    nodes = [Node("h[-1]", place(-1, "h"), "h_-1", "h")]
    for t in range(T):
        for name, (left, row) in BESIDE.items():
            x, y = place(t, row)
            if t or name != "state_jacobian":
                nodes.append(
                    Node(
                        f"{name}[{t}]",
                        (x - left, y),
                        f"{SYMBOLS[name]}_{t}",
                        "influence",
                        "strip",
                        size=(90, LOW) if name == "influence" else (42, LOW),
                    )
                )
        for name in list(ROWS)[1:]:
            shows = {"loss": "number", "y": "name", "x": "name" if letters else "strip"}
            label = f"{LETTERS.get(name, name)}_{t}"
            delta = f"delta_{name}[{t}]" if name in TALL else ""
            box = place(t, name), label, name, shows.get(name, "strip"), delta
            nodes.append(Node(f"{name}[{t}]", *box, (WIDTH, TALL.get(name, LOW))))
    for name, row in AT_THE_END.items():
        x, y = place(T, row)
        shown = {"L": "number", "gradient_W_hh": "shares"}.get(name, "strip")
        label = {"gradient_W_hh": "dW_hh", "bptt_W_hh": "BPTT"}.get(name, name)
        kind = "gradient" if name.startswith("gradient") else name
        wide = WIDTH if name == "L" else 84
        nodes.append(Node(name, (x - 60, y), label, kind, shown, size=(wide, LOW)))

    boxes = {node.key: node for node in nodes}

    def path(source: str, end: str) -> str:
        start, stop = (boxes[key.removeprefix("delta_")] for key in (source, end))
        (x0, y0), (x1, y1) = start.spot, stop.spot
        # What goes back runs beside what came; what meets at the end, beside the loss.
        aside = 15 if end.startswith("delta") else 34 * (end == "difference")
        if abs(x0 - x1) < 40 and y0 != y1:  # from row to row; a node beside may lean over
            down = 1 if y1 > y0 else -1
            ends = y0 + down * start.size[1] / 2, y1 - down * (stop.size[1] / 2 + 2)
            x = (x1 if stop.size[0] < start.size[0] else x0) + aside
            return straight((x, ends[0]), (x, ends[1]))
        way = 1 if x1 > x0 else -1
        x0, x1 = x0 + way * start.size[0] / 2, x1 - way * (stop.size[0] / 2 + 2)
        level = y0 == y1
        return curved((x0, y0 + aside), (x1, y1 + aside * level))

    return Graph(
        width=place(T, "x")[0] - 60 + 42 + MARGIN,
        height=bottom,
        description=f"The network unrolled over {T} steps; beside each state its influence.",
        nodes=tuple(nodes),
        edges=tuple(Edge(*edge, path(*edge[:2])) for edge in message_edges_of(T)),
        captions=(
            *(
                Caption((2, place(-1, row)[1] + {"h": -26, "a": 18}.get(row, 4)), name, "row")
                for row, name in ROWS.items()
            ),
            *(Caption((place(t, "x")[0], bottom - 3), f"t = {t}", "time") for t in range(T)),
        ),
    )
