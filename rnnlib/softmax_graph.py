"""The softmax step as a picture: the way there goes up, the way back goes to the right."""

from .graph import LOW, Edge, Graph, Node, curved, straight

EDGES = (  # source, end, kind
    ("z", "powers", "forward"),
    ("powers", "total", "forward"),
    ("powers", "y_hat", "forward"),
    ("total", "y_hat", "forward"),
    ("y_hat", "loss", "loss"),
    ("y", "loss", "loss"),
    ("y", "delta_y_hat", "loss back"),
    ("y_hat", "delta_y_hat", "loss back"),
    ("y_hat", "same", "forward back"),
    ("y_hat", "other", "forward back"),
    ("same", "jacobian", "forward back"),
    ("other", "jacobian", "forward back"),
    ("delta_y_hat", "delta_z", "forward back"),
    ("jacobian", "delta_z", "forward back"),
    ("y_hat", "delta_z_directly", "forward back"),
    ("delta_z", "difference", "forward back"),
    ("delta_z_directly", "difference", "forward back"),
)
NODES = {  # column, row, symbol
    "y": (0, 0, "y"),
    "loss": (0, 1, "L"),
    "y_hat": (0, 2, "ŷ"),
    "total": (0, 3, "total"),
    "powers": (0, 4, "powers"),
    "z": (0, 5, "z"),
    "delta_y_hat": (1, 0, "dL/dŷ"),
    "same": (1, 1, "i = k"),
    "other": (1, 2, "i ≠ k"),
    "jacobian": (2, 1.5, "∂ŷ/∂z"),
    "delta_z": (3, 0.75, "dL/dz"),
    "delta_z_directly": (1, 3.5, "ŷ − y"),
    "difference": (3, 2.5, "difference"),
}
COLUMN, ROW, MARGIN, WIDTH, NARROW = 112, 62, 8, 84, 52


def softmax_graph() -> Graph:
    """
    Lay out the softmax step.

    Returns
    -------
    Graph
        A node for each value. An edge is a use; the plainest ones are left out.

    Examples
    --------
    >>> len(softmax_graph().nodes)
    13
    """
    shows = {"y": "name", "loss": "number", "total": "number"}
    nodes = {
        key: Node(
            key,
            (MARGIN + WIDTH / 2 + column * COLUMN, MARGIN + LOW / 2 + row * ROW),
            label,
            "back" if column else key,
            shows.get(key, "strip"),
            # The powers go past their total on their way to the prediction.
            size=(NARROW if key in shows else WIDTH, LOW),
        )
        for key, (column, row, label) in NODES.items()
    }

    def path(source: str, end: str) -> str:
        (x0, y0), (x1, y1) = nodes[source].spot, nodes[end].spot
        if x0 == x1:
            down = 1 if y1 > y0 else -1
            past = 34 if (source, end) == ("powers", "y_hat") else 0
            start, stop = y0 + down * LOW / 2, y1 - down * (LOW / 2 + 2)
            return straight((x0 + past, start), (x1 + past, stop))
        return curved((x0 + nodes[source].size[0] / 2, y0), (x1 - nodes[end].size[0] / 2 - 2, y1))

    return Graph(
        width=2 * MARGIN + WIDTH + 3 * COLUMN,
        height=2 * MARGIN + LOW + 5 * ROW,
        description="Softmax and its loss on the way up, their derivatives to the right.",
        nodes=tuple(nodes.values()),
        edges=tuple(Edge(*edge, path(*edge[:2])) for edge in EDGES),
    )
