"""One path from a use of the recurrent weights to a loss, drawn like the other diagrams."""

from itertools import pairwise

from .arrows import arrow
from .drawing import SMALL, box, chip, picture, rectangle, words


def rnn_one_path() -> str:
    """
    Draw how use 0 of W_hh reaches the loss of step 2: one cell of the triangle.

    Returns
    -------
    str
        A whole SVG file.

    Examples
    --------
    >>> rnn_one_path().startswith("<svg")
    True
    """
    top, y, low = 48, 172, 302
    columns = (200, 388, 576)
    parts = [
        rectangle(328, low, 600, 52, 12, "panel"),
        words(328, low + 50, "one array, used at every step", "muted", SMALL),
        box(60, y, "$h_{-1}$", "muted"),
        arrow((96, y), (columns[0] - 39, y), kind="muted"),
        words(60, y + 50, "stands still", "muted", SMALL),
    ]
    for t, x in enumerate(columns):
        used, heard = ("forward" if t == 0 else "muted"), ("loss" if t == 2 else "muted")
        parts += [
            arrow((x, low - 18), (x, y + 29), kind=used),
            arrow((x, y - 26), (x, top + 29), kind=heard),
            chip(x, low, "$W_{hh}$", used),
            box(x, top, f"$L_{t}$", heard),
            box(x, y, f"$h_{t}$", "recurrent"),
        ]
    for t, (earlier, later) in enumerate(pairwise(columns), start=1):
        parts += [
            arrow((earlier + 36, y), (later - 39, y), kind="recurrent"),
            words((earlier + later) / 2, y - 24, f"$J_{t}$", "recurrent"),
        ]
    parts += [
        words(columns[0] + 14, (y + low) / 2 + 6, "1. immediate: ∂⁺$h_0$", "forward", SMALL,
              "start"),
        words((columns[0] + columns[1]) / 2, y + 36, "2. handed on", "recurrent", SMALL),
        words(columns[2] - 16, (y + top) / 2, "3. own loss", "loss", SMALL, "end"),
    ]  # fmt: skip
    return picture(
        640,
        372,
        "One path from a use of the weights to a loss",
        "The states before step 0, of step 0, step 1 and step 2 stand in a row; above each step "
        "its loss, below it a use of W_hh. One path is drawn strong, all else is pale: from the "
        "use at step 0 up to the state of step 0, from there by the Jacobians of step 1 and step 2 "
        "to the state of step 2, and up to the loss of step 2.",
        *parts,
    )
