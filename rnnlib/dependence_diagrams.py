"""The two ways from a shared weight to a state, drawn in the style of the other diagrams."""

from .arrows import arrow
from .drawing import SMALL, box, chip, picture, rectangle, words


def rnn_two_ways() -> str:
    """
    Draw how W_hh reaches the state of step 2: by its own step, and through the state before.

    Returns
    -------
    str
        A whole SVG file.

    Examples
    --------
    >>> rnn_two_ways().startswith("<svg")
    True
    """
    last, y, low = 576, 112, 262
    parts = [
        rectangle(215, y, 406, 116, 12, "panel"),
        words(215, 28, "d$h_1$: all that $W_{hh}$ did before", "muted", SMALL),
        rectangle(320, low, 616, 52, 12, "panel"),
        words(320, 312, "one array, used at every step", "muted", SMALL),
        box(60, y, "$h_{-1}$", "muted"),
        words((372 + last) / 2, y - 30, "implicit", "recurrent", SMALL),
        words((372 + last) / 2, y + 30, "$J_2$ d$h_1$", "recurrent", SMALL),
        words(last - 16, 194, "explicit ∂⁺$h_2$", "forward", SMALL, "end"),
    ]
    for t, x in enumerate((216, 372, last)):
        before = (60, 216, 372)[t]
        parts += [
            arrow((before + 36, y), (x - 39, y), kind="recurrent"),
            arrow((x, low - 18), (x, y + 29)),
            chip(x, low, "$W_{hh}$"),
            box(x, y, f"$h_{t}$"),
        ]
    return picture(
        640,
        332,
        "The two ways from the recurrent weights to a state",
        "The states before step 0, of step 0, step 1 and step 2 stand in a row, with a dashed "
        "arrow from each to the next. Below them, W_hh has an arrow up to each of the three "
        "steps. The arrow to the state of step 2 is the explicit way; the dashed arrow from the "
        "state of step 1 is the implicit way, and brings along all that W_hh did before.",
        *parts,
    )
