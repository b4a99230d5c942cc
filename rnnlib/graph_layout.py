"""Where the nodes of the unrolled network stand, and the paths of its edges."""

from typing import NamedTuple

ROWS = {  # from bottom to top
    "x": "input",
    "a": "pre-<tspan x='2' dy='13'>activation</tspan>",
    "h": "state",
    "z": "logits",
    "y_hat": "prediction",
    "loss": "loss",
    "y": "target",
}
WIDTH, LOW, GAP, MARGIN = 52, 40, 22, 8


class Geometry(NamedTuple):
    """
    Distances in pixels: with a way back, some nodes hold two strips, and messages need room.

    Attributes
    ----------
    column : int
        From the middle of one step to that of the next.
    tall : int
        The height of a node that may hold two strips.
    aside : int
        How far an edge of the way back runs beside the edge of the way there.
    """

    column: int
    tall: int
    aside: int

    def height(self, row: str) -> int:
        """The height of the nodes of a row."""
        return self.tall if row in ("x", "a", "h", "z") else LOW

    def place(self, t: int, row: str) -> tuple[float, float]:
        """The centre of a node."""
        rows = list(ROWS)[::-1]
        above = rows[: rows.index(row)]
        y = MARGIN + sum(self.height(name) + GAP for name in above) + self.height(row) / 2
        return MARGIN + WIDTH / 2 + (t + 1) * self.column, y


THERE = Geometry(column=76, tall=LOW, aside=0)
BACK = Geometry(column=104, tall=60, aside=15)


def edges_of(T: int, way_back: bool = False) -> list[tuple[str, str, str]]:
    """
    List the edges of the unrolled network.

    Parameters
    ----------
    T : int
        Number of steps.
    way_back : bool, optional
        Whether to list those of the way back too.

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
    for t in reversed(range(T if way_back else 0)):
        edges += [
            (f"y_hat[{t}]", f"delta_z[{t}]", "loss back"),
            (f"delta_z[{t}]", f"delta_h[{t}]", "forward back"),
            (f"delta_h[{t}]", f"delta_a[{t}]", "forward back"),
            (f"delta_a[{t}]", f"delta_x[{t}]", "forward back"),
            *([(f"message[{t}]", f"delta_h[{t}]", "recurrent back")] if t < T - 1 else []),
            (f"delta_a[{t}]", f"message[{t - 1}]" if t else "delta_h_init", "recurrent back"),
        ]
    return edges


def route(g: Geometry, source: str, end: str, spots: dict[str, tuple[float, float]]) -> str:
    """
    Draw an edge of the way there: straight up or down, or curved into the next step.

    Parameters
    ----------
    g : Geometry
        The distances.
    source, end : str
        Keys of the values at its ends.
    spots : dict of str to (float, float)
        The centre of each value.

    Returns
    -------
    str
        What goes into the attribute ``d`` of an SVG path, with an arrowhead.

    Examples
    --------
    >>> route(THERE, "x[0]", "a[0]", {"x[0]": (0, 100), "a[0]": (0, 38)})
    'M0 80V60m-4 5l4 -5l4 5'
    """
    (x0, y0), (x1, y1) = spots[source], spots[end]
    if x0 == x1:
        up = -1 if y1 < y0 else 1
        x0 -= g.aside / 2
        y0 += up * g.height(source.partition("[")[0]) / 2
        y1 -= up * (g.height(end.partition("[")[0]) / 2 + 2)
        return f"M{x0:g} {y0:g}V{y1:g}m-4 {-up * 5}l4 {up * 5}l4 {-up * 5}"
    x0, x1 = x0 + WIDTH / 2, x1 - WIDTH / 2 - 2
    if y0 == y1:
        return f"M{x0:g} {y0:g}H{x1:g}m-5 -4l5 4l-5 4"
    return _curve(x0, y0 - g.aside, x1, y1 - g.aside, 1)


def route_back(g: Geometry, source: str, end: str, spots: dict[str, tuple[float, float]]) -> str:
    """
    Draw an edge of the way back: down, or to the left by way of a message.

    Parameters
    ----------
    g : Geometry
        The distances.
    source, end : str
        Keys of the values at its ends.
    spots : dict of str to (float, float)
        The centre of each value.

    Returns
    -------
    str
        What goes into the attribute ``d`` of an SVG path, with an arrowhead.

    Examples
    --------
    >>> route_back(BACK, "delta_h[0]", "delta_a[0]", {"delta_h[0]": (0, 0), "delta_a[0]": (0, 82)})
    'M7.5 30V50m-4 -5l4 5l4 -5'
    """
    (x0, y0), (x1, y1) = spots[source], spots[end]
    if x0 == x1:
        x = x0 + g.aside / 2
        y0 += (LOW if source.startswith("y_hat") else g.tall) / 2
        return f"M{x:g} {y0:g}V{y1 - g.tall / 2 - 2:g}m-4 -5l4 5l4 -5"
    half = {True: 17, False: WIDTH / 2}
    x0 -= half[source.startswith("message")]
    x1 += half[end.startswith("message")] + 2
    return _curve(x0, y0 + g.aside * (source[0] == "d"), x1, y1 + g.aside * (end[0] == "d"), -1)


def _curve(x0: float, y0: float, x1: float, y1: float, way: int) -> str:
    head = f"m{-5 * way} -4l{5 * way} 4l{-5 * way} 4"
    if y0 == y1:
        return f"M{x0:g} {y0:g}H{x1:g}{head}"
    bend = (x1 - x0) * 0.7
    return f"M{x0:g} {y0:g}C{x0 + bend:g} {y0:g} {x1 - bend:g} {y1:g} {x1:g} {y1:g}{head}"
