"""An LSTM as a picture: the lane of the cell above, that of the state below, gates between."""

from collections.abc import Iterator

from .graph import LOW, WIDTH, Caption, Edge, Graph, Node, Spot, bent, curved, straight

GATES = {"f": "f", "iota": "ι", "g": "g", "omega": "ω"}  # from left to right
TALL, NARROW, SMALL = 60, 40, 34
MARGIN, BESIDE = 8, 24  # around the picture; between a lane and the gates
STEP = WIDTH + 2 * BESIDE + 4 * NARROW + 3 * 6  # from a state to the next
TOP = {"message_c": 28, "c": 92, "gate": 196, "h": 316, "message": 330, "x": 404, "upstream": 404}


def lstm_edges(T: int) -> list[tuple[str, str, str]]:
    """
    List the edges of an unrolled LSTM.

    Parameters
    ----------
    T : int
        Number of steps.

    Returns
    -------
    list of (str, str, str)
        Key of the source, key of the target, and what the edge is: ``"forward"`` or
        ``"recurrent"``; on the way back with ``" back"`` behind it.

    Examples
    --------
    >>> lstm_edges(1)[0]
    ('c[-1]', 'c[0]', 'recurrent')
    """
    edges = []
    for t in range(T):
        edges.append((f"c[{t - 1}]", f"c[{t}]", "recurrent"))
        edges += [(f"h[{t - 1}]", f"{gate}[{t}]", "recurrent") for gate in GATES]
        edges += [(f"x[{t}]", f"{gate}[{t}]", "forward") for gate in GATES]
        edges += [(f"{gate}[{t}]", f"c[{t}]", "forward") for gate in ("f", "iota", "g")]
        edges += [(f"{value}[{t}]", f"h[{t}]", "forward") for value in ("omega", "c")]
    for t in reversed(range(T)):
        edges.append((f"upstream[{t}]", f"delta_h[{t}]", "loss back"))
        edges += [(f"delta_h[{t}]", f"delta_{value}[{t}]", "forward back") for value in
                  ("omega", "c")]  # fmt: skip
        edges += [(f"delta_c[{t}]", f"delta_{gate}[{t}]", "forward back") for gate in
                  ("f", "iota", "g")]  # fmt: skip
        if t < T - 1:
            edges += [(f"message{lane}[{t}]", f"delta_{lane[1:] or 'h'}[{t}]", "recurrent back")
                      for lane in ("_c", "")]  # fmt: skip
        first = "delta_c_init", "delta_h_init"
        cell, state = (f"message_c[{t - 1}]", f"message[{t - 1}]") if t else first
        edges.append((f"delta_c[{t}]", cell, "recurrent back"))
        edges += [(f"delta_{gate}[{t}]", state, "recurrent back") for gate in GATES]
    return edges


def lstm_graph(T: int) -> Graph:
    """
    Lay out an unrolled LSTM.

    Parameters
    ----------
    T : int
        Number of steps.

    Returns
    -------
    Graph
        Time runs to the right. Between two states stand the gates of a step.

    Examples
    --------
    >>> len(lstm_graph(T=2).nodes)
    20
    """
    nodes = {node.key: node for node in _nodes(T)}

    def spot(key: str) -> Spot:
        return nodes[_stem(key)].spot

    def path(source: str, end: str, kind: str) -> str:
        (x0, y0), (x1, y1) = spot(source), spot(end)
        half0, half1 = (nodes[_stem(key)].size for key in (source, end))
        back = kind.endswith("back")
        if x0 == x1:
            side, down = (10 if back else -10), 1 if y1 > y0 else -1
            return straight(
                (x0 + side, y0 + down * half0[1] / 2), (x1 + side, y1 - down * (half1[1] / 2 + 2))
            )
        right = 1 if x1 > x0 else -1
        level = (x0 + right * half0[0] / 2, y0 + (7 if back else -7) * (half0[1] > LOW))
        arrived = (x1 - right * (half1[0] / 2 + 2), y1 + (7 if back else -7) * (half1[1] > LOW))
        if y0 == y1 or "message" in source:
            return curved(level, arrived)
        if source.startswith("x"):  # upright, each from a spot of its own
            top = (x0 + (x1 - x0) / 8, y0 - half0[1] / 2)
            return bent(top, (x1 - 7, y1 + half1[1] / 2 + 2), False, False)
        if _row(end) == "gate" and not back:  # from below into a gate
            return bent(level, (x1 - 7, y1 + half1[1] / 2 + 2), True, False)
        if _row(source) == "gate" or _row(end) == "gate":  # out of a gate, or back into it
            up = -1 if y1 < y0 else 1
            if _row(end) == "gate":
                return bent(level, (x1 + 7, y1 - up * (half1[1] / 2 + 2)), True, False)
            aside = 7 if back else -7 if up < 0 else 14  # below, other arrows arrive
            return bent((x0 + aside, y0 + up * half0[1] / 2), arrived, False, True)
        return curved(level, arrived)

    width = 2 * MARGIN + WIDTH + T * STEP
    middle = MARGIN + WIDTH / 2 + STEP / 2
    return Graph(
        width=width,
        height=TOP["x"] + 52,
        description=f"An LSTM unrolled over {T} steps: cells above, states below.",
        nodes=tuple(nodes.values()),
        edges=tuple(Edge(*edge, path(*edge)) for edge in lstm_edges(T)),
        captions=tuple(
            Caption((middle + t * STEP, TOP["x"] + 44), f"t = {t}", "time") for t in range(T)
        ),
    )


def _nodes(T: int) -> Iterator[Node]:
    """Place the values: states and cells between the steps, gates and inputs within them."""
    for t in range(-1, T):
        x = MARGIN + WIDTH / 2 + (t + 1) * STEP
        for lane in ("c", "h"):
            delta = f"delta_{lane}[{t}]" if t >= 0 else f"delta_{lane}_init"
            key, label = f"{lane}[{t}]", f"{lane}_{t}"
            yield Node(key, (x, TOP[lane]), label, lane, "strip", delta, (WIDTH, TALL))
        if t < 0:
            continue
        yield Node(f"upstream[{t}]", (x, TOP["upstream"]), f"s_{t}", "message")
        left = x - STEP / 2 - 1.5 * (NARROW + 6)
        for i, (gate, letter) in enumerate(GATES.items()):
            where, delta = (left + i * (NARROW + 6), TOP["gate"]), f"delta_{gate}[{t}]"
            yield Node(f"{gate}[{t}]", where, f"{letter}_{t}", "a", "strip", delta, (NARROW, TALL))
        yield Node(f"x[{t}]", (x - STEP / 2 + NARROW, TOP["x"]), f"x_{t}", "x")
        if t:
            for lane, letter in (("message_c", "mᶜ"), ("message", "m")):
                key, aside = f"{lane}[{t - 1}]", NARROW if lane == "message" else 0
                where = (x - STEP / 2 - aside, TOP[lane])
                label = f"{letter}_{t - 1}"
                yield Node(key, where, label, "message", "", key, (SMALL, LOW))


def _stem(key: str) -> str:
    """The node that a key stands in: a delta stands in the node of its value."""
    return key.removeprefix("delta_").replace("_init", "[-1]") if "delta" in key else key


def _row(key: str) -> str:
    return "gate" if _stem(key).partition("[")[0] in GATES else ""
