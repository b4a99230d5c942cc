"""The layout of the triangle: a row for each loss, a column for each use of the weight."""

from .graph import LOW, WIDTH, Caption, Edge, Graph, Node, Spot, straight
from .picture import LINE, SHADE, TOP

COLUMN, GAP, MARGIN = 94, 14, 8  # pixels


def triangle_edges(T: int) -> list[tuple[str, str, str]]:
    """
    List the edges of the triangle.

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
    >>> triangle_edges(2)[-1]
    ('path_1[1]', 'path_0[1]', 'recurrent back')
    """
    edges = []
    for t in range(T):
        edges += [
            (f"h[{t - 1}]", f"h[{t}]", "recurrent"),
            (f"h[{t}]", f"y_hat[{t}]", "forward"),
            (f"delta_z[{t}]", f"path_{t}[{t}]", "loss back"),
            *((f"path_{s + 1}[{t}]", f"path_{s}[{t}]", "recurrent back") for s in range(t)),
        ]
    return edges


def triangle_graph(T: int, n_h: int) -> Graph:
    """
    Lay out the triangle: states above, sums at the right and below, both totals in the corner.

    Parameters
    ----------
    T : int
        Number of steps.
    n_h : int
        Number of units: each cell shows a matrix of that many rows.

    Returns
    -------
    Graph
        A cell for each loss and each step it looks back on: none above the diagonal.

    Examples
    --------
    >>> len([node for node in triangle_graph(T=3, n_h=2).nodes if node.kind == "cell"])
    6
    """
    short = TOP + 8 + SHADE * n_h + 6  # a matrix
    tall = short + LINE - 4  # a matrix, and the row that arrives
    first = MARGIN + LOW + GAP  # where the row of the first prediction begins

    def place(t: int, s: int) -> Spot:
        """Where loss t meets step s; the row before the first loss, the column after the last."""
        return MARGIN + WIDTH / 2 + (s + 1) * COLUMN, first + (t + 1) * (tall + GAP) + tall / 2

    def matrix(key: str, spot: Spot, label: str) -> Node:
        return Node(key, spot, label, "sum", "matrix", "", (WIDTH, short))

    top = MARGIN + LOW / 2
    right = place(0, T)[0]
    sums = place(T, 0)[1]
    total = sums + short + 2 * GAP
    spots = {f"h[{t}]": (place(0, t)[0], top) for t in range(-1, T)}
    nodes = [Node(f"h[{t}]", spots[f"h[{t}]"], f"h_{t}", "h") for t in range(-1, T)]
    for t in range(T):
        # A prediction stands below its state, above the cell where the way back begins.
        spots[f"y_hat[{t}]"] = spots[f"delta_z[{t}]"] = x, y = place(t - 1, t)
        key, delta, size = f"y_hat[{t}]", f"delta_z[{t}]", (WIDTH, LOW + LINE)
        nodes.append(Node(key, (x, y), f"ŷ_{t}", "y_hat", "strip", delta, size))
        if t:
            # Between two states, above the arrows that it carries back.
            key, size = f"state_jacobian[{t}]", (min(SHADE * n_h + 8, 48), short)
            spot = x - COLUMN / 2 + 10, first + short / 2
            nodes.append(Node(key, spot, f"J_{t}", "jacobian", "matrix", "", size))
        for s in range(t + 1):
            spots[f"path_{s}[{t}]"] = place(t, s)
            key, delta, size = f"cell_{s}[{t}]", f"path_{s}[{t}]", (WIDTH, tall)
            nodes.append(Node(key, place(t, s), f"L_{t}→{s}", "cell", "matrix", delta, size))
        nodes.append(matrix(f"per_loss[{t}]", (right, place(t, 0)[1]), f"dL_{t}"))
        nodes.append(matrix(f"per_step[{t}]", (x, sums), f"dW_({t})"))
    nodes.append(matrix("gradient_by_loss", (right, sums), "ΣdL_t"))
    nodes.append(matrix("gradient_W_hh", (right, total), "dL"))

    def path(source: str, end: str) -> str:
        (x0, y0), (x1, y1) = spots[source], spots[end]
        if x0 == x1:  # down
            half = LOW / 2 if source.startswith("h") else (LOW + LINE) / 2
            arrives = (LOW + LINE) / 2 if end.startswith("y") else tall / 2
            return straight((x0, y0 + half), (x1, y1 - arrives - 2))
        way = 1 if x1 > x0 else -1
        return straight((x0 + way * WIDTH / 2, y0), (x1 - way * (WIDTH / 2 + 2), y1))

    names = [(place(t, 0)[1], f"loss {t}") for t in range(T)]
    names += [(sums, "column sums"), (total, "total again")]
    return Graph(
        width=right + WIDTH / 2 + MARGIN,
        height=total + short / 2 + MARGIN,
        description=(
            f"A triangle of {T * (T + 1) // 2} cells: a row for each loss, a column for each use "
            "of the recurrent weights, sums at the right and below."
        ),
        nodes=tuple(nodes),
        edges=tuple(Edge(*edge, path(*edge[:2])) for edge in triangle_edges(T)),
        captions=(
            *(Caption((2, y + 4), words, "row") for y, words in names),
            *(
                Caption((place(T, t)[0], sums + short / 2 + GAP + 2), f"use {t}", "time")
                for t in range(T)
            ),
            Caption((right, place(0, 0)[1] - tall / 2 - 6), "row sums", "time"),
        ),
    )
