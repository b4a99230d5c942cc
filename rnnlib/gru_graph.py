"""A GRU as a picture: one lane above, and below it the gates and the candidate of each step."""

from collections.abc import Iterator

from .graph import LOW, WIDTH, Caption, Edge, Graph, Node, Spot, bent, curved, straight

TALL, NARROW, MARGIN = 60, 40, 8
STEP = 280  # from a state to the next
SPOTS = {  # of the nodes of a step, seen from the state before it, in pixels to the right and down
    "message": (64, -82), "message_u": (172, -82), "upstream": (STEP, -82), "h": (STEP, 0),
    "q": (82, 95), "g": (142, 95), "u": (202, 95), "r": (82, 190), "x": (142, 190),
}  # fmt: skip
LANE = MARGIN + LOW / 2 - SPOTS["message"][1]
PORTS = {  # where an arrow leaves and arrives, seen from the middles of its nodes
    "h q": (4, 30, -22, 0), "h r": (-6, 30, -22, -8), "h u": (26, 20, 6, -32),
    "x r": (-26, 0, 22, 0), "x g": (6, -20, 6, 32), "x u": (18, -20, 0, 32),
    "q g": (20, -7, -22, -7), "r g": (8, -30, -14, 32),
    "h h": (26, 8, -28, 8), "u h": (20, -7, -16, 32), "g h": (-4, -30, -28, 18),
    "upstream delta_h": (0, 20, 0, -32),
    "delta_h delta_g": (-26, 26, 6, -32), "delta_h delta_u": (-8, 30, 22, 7),
    "delta_g delta_r": (-6, 30, 16, -32), "delta_g delta_q": (-20, 7, 22, 7),
    "delta_h message_u": (-26, -10, 22, 0), "message_u message": (-20, 0, 22, 0),
    "delta_r message": (-20, 7, -12, 22), "delta_q message": (-6, -30, 0, 22),
    "delta_u message": (-6, -30, 12, 22), "message delta_h": (-20, 0, 28, -10),
    "message_u delta_h": (-20, 0, 28, -10), "delta_r delta_h": (-20, 7, 14, 32),
    "delta_q delta_h": (-6, -30, 28, 4), "delta_u delta_h": (-6, -30, 28, -3),
}  # fmt: skip


def gru_edges(T: int) -> list[tuple[str, str, str]]:
    """
    List the edges of an unrolled GRU.

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
    >>> gru_edges(1)[0]
    ('h[-1]', 'h[0]', 'recurrent')
    """
    edges = []
    for t in range(T):
        edges += [(f"h[{t - 1}]", f"{value}[{t}]", "recurrent") for value in "hruq"]
        edges += [(f"x[{t}]", f"{value}[{t}]", "forward") for value in "rug"]
        edges += [(f"{value}[{t}]", f"g[{t}]", "forward") for value in "rq"]
        edges += [(f"{value}[{t}]", f"h[{t}]", "forward") for value in "ug"]
    for t in reversed(range(T)):
        here = f"delta_h[{t}]"
        direct, whole = (f"message_u[{t - 1}]", f"message[{t - 1}]") if t else (
            "message_u_init", "delta_h_init")  # fmt: skip
        edges.append((f"upstream[{t}]", here, "loss back"))
        edges += [(here, f"delta_{value}[{t}]", "forward back") for value in "gu"]
        edges += [(f"delta_g[{t}]", f"delta_{value}[{t}]", "forward back") for value in "rq"]
        edges += [(here, direct, "recurrent back"), (direct, whole, "recurrent back")]
        edges += [(f"delta_{value}[{t}]", whole, "recurrent back") for value in "ruq"]
        if t:
            edges.append((whole, f"delta_h[{t - 1}]", "recurrent back"))
    return edges


def gru_graph(T: int) -> Graph:
    """
    Lay out an unrolled GRU.

    Parameters
    ----------
    T : int
        Number of steps.

    Returns
    -------
    Graph
        Time runs to the right. Above the lane of the states run the messages.

    Examples
    --------
    >>> len(gru_graph(T=2).nodes)
    18
    """
    nodes = {node.key: node for node in _nodes(T)}

    def path(source: str, end: str) -> str:
        stems = source.partition("[")[0], end.partition("[")[0]
        words = (stem.replace("_init", "") for stem in stems)
        x0, y0, x1, y1 = PORTS[" ".join(words)]
        start, last = nodes[_stem(source)], nodes[_stem(end)]
        leaves_level, arrives_level = 2 * abs(x0) >= start.size[0], 2 * abs(x1) >= last.size[0]
        ends = _moved(start.spot, x0, y0), _moved(last.spot, x1, y1)
        if ends[0][0] == ends[1][0] or ends[0][1] == ends[1][1]:
            return straight(*ends)
        if leaves_level and arrives_level:
            return curved(*ends)
        return bent(*ends, leaves_level, arrives_level)

    bottom = LANE + SPOTS["r"][1] + TALL / 2 + 22
    middle = MARGIN + WIDTH / 2 + SPOTS["g"][0]
    return Graph(
        width=2 * MARGIN + WIDTH + T * STEP,
        height=bottom + 8,
        description=f"A GRU unrolled over {T} steps: one lane of states, gates below it.",
        nodes=tuple(nodes.values()),
        edges=tuple(Edge(*edge, path(*edge[:2])) for edge in gru_edges(T)),
        captions=tuple(Caption((middle + t * STEP, bottom), f"t = {t}", "time") for t in range(T)),
    )


def _nodes(T: int) -> Iterator[Node]:
    """Place the values: the first state, then those of each step."""
    before: Spot = (MARGIN + WIDTH / 2, LANE)
    yield Node("h[-1]", before, "h_-1", "h", "strip", "delta_h_init", (WIDTH, TALL))
    for t in range(T):
        at = {name: _moved(before, *spot) for name, spot in SPOTS.items()}
        for gate in "ruqg":
            sizes = "strip", f"delta_{gate}[{t}]", (NARROW, TALL)
            yield Node(f"{gate}[{t}]", at[gate], f"{gate}_{t}", "a", *sizes)
        yield Node(f"x[{t}]", at["x"], f"x_{t}", "x")
        yield Node(f"h[{t}]", at["h"], f"h_{t}", "h", "strip", f"delta_h[{t}]", (WIDTH, TALL))
        yield Node(f"upstream[{t}]", at["upstream"], f"s_{t}", "message")
        direct = f"message_u[{t - 1}]" if t else "message_u_init"
        small = "message", "", direct, (NARROW, LOW)
        yield Node(direct, at["message_u"], f"mᵘ_{t - 1}", *small)
        if t:
            key = f"message[{t - 1}]"
            yield Node(key, at["message"], f"m_{t - 1}", "message", "", key, (NARROW, LOW))
        before = at["h"]


def _moved(spot: Spot, right: float, down: float) -> Spot:
    return spot[0] + right, spot[1] + down


def _stem(key: str) -> str:
    """The node that a key stands in: a delta stands in the node of its value."""
    return key.removeprefix("delta_").replace("_init", "[-1]") if "delta" in key else key
