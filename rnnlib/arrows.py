"""Arrows between the boxes of a diagram: upright and level, with round corners."""

Point = tuple[float, float]


def arrow(*points: Point, kind: str = "forward") -> str:
    r"""
    Draw upright and level lines through points, with round corners and a head at the end.

    Parameters
    ----------
    \*points : (float, float)
        At least two; each lies straight above, below or beside the one before it.
    kind : str, optional
        The kind of edge: one of `rnnlib.drawing.KINDS`.

    Returns
    -------
    str
        Two SVG ``<path>`` elements, one a line.

    Examples
    --------
    >>> arrow((0, 0), (0, 50)).splitlines()[0]
    '<path class="edge forward" d="M0 0L0 40"/>'
    """
    end, back = points[-1], _towards(points[-1], points[-2])
    path = f"M{_beside(points[0], back)}"
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        path += f"L{_beside(corner, _towards(corner, before), 14)}"
        path += f"Q{_beside(corner, back)} {_beside(corner, _towards(corner, after), 14)}"
    path += f"L{_beside(end, back, 10)}"
    foot = end[0] + 13 * back[0], end[1] + 13 * back[1]
    sides = f"L{_beside(foot, back[::-1], 6.5)}L{_beside(foot, back[::-1], -6.5)}"
    return (
        f'<path class="edge {kind}" d="{path}"/>\n'
        f'<path class="head {kind}" d="M{_beside(end, back)}{sides}Z"/>'
    )


def _towards(p: Point, q: Point) -> Point:
    """The direction from p to q, along one axis."""
    return (q[0] > p[0]) - (q[0] < p[0]), (q[1] > p[1]) - (q[1] < p[1])


def _beside(p: Point, direction: Point, distance: float = 0) -> str:
    """The point at a distance from p, as SVG writes it."""
    return f"{p[0] + distance * direction[0]:g} {p[1] + distance * direction[1]:g}"
