"""The way back through three layers, drawn with the arrow that is easily forgotten.

It redraws the backward animation of document 000, whose file is lost, in the letters of the book.
"""

from itertools import pairwise

from .arrows import arrow
from .drawing import SMALL, box, chip, picture, rectangle, words


def rnn_way_back() -> str:
    """
    Draw how each delta arises: down through the layers, and back from step to step.

    Returns
    -------
    str
        A whole SVG file.

    Examples
    --------
    >>> rnn_way_back().startswith("<svg")
    True
    """
    columns, wide = (136, 352, 568), 96
    loss, out, state, before, front, foot = 44, 144, 292, 400, 548, 616
    parts = [rectangle(320, state, 636, 76, 12, "panel")]
    for t, x in enumerate(columns):
        parts += [
            arrow((x, loss + 26), (x, out - 29), kind="loss"),
            arrow((x, out + 26), (x, state - 29), kind="loss"),
            arrow((x, state + 26), (x, before - 29), kind="loss"),
            arrow((x, before + 26), (x, front - 29), kind="loss"),
            chip(x, (out + state) / 2, "$W_{hy}$", "loss"),
            chip(x, (before + front) / 2, "$W_{xh}$", "loss"),
            box(x, loss, f"$L_{t}$", "loss"),
            box(x, out, rf"$\delta^z_{t}$", "loss", width=wide),
            box(x, state, rf"$\delta^h_{t}$", "loss", width=wide),
            box(x, before, rf"$\delta^a_{t}$", "loss", width=wide),
            box(x, front, rf"$\delta^e_{t}$", "loss", width=wide),
            words(x, foot, f"$t$ = {t}", "muted", 22),
        ]
    for earlier, later in pairwise(columns):
        middle = (earlier + later) / 2
        parts += [
            arrow((later - 48, before), (middle, before), (middle, state), (earlier + 51, state),
                  kind="recurrent"),
            chip(middle, (state + before) / 2, "$W_{hh}$", "recurrent"),
        ]  # fmt: skip
    first = columns[0]
    parts += [
        arrow((first - 48, before), (34, before), (34, state + 29), kind="recurrent"),
        words(34, state, "to $h_{-1}$", "muted", SMALL),
        words(244, state - 82, "two arrows", "recurrent", SMALL),
        words(244, state - 58, "meet here", "recurrent", SMALL),
    ]
    return picture(
        640,
        640,
        "The way back through three layers and three steps",
        "Three columns, one for each step. In each, arrows go down from the loss through the delta "
        "of the logits, of the state and of the pre-activation to the delta of the front layer. "
        "Dashed arrows go back in time: from the delta of the pre-activation of each step, through "
        "W_hh, to the delta of the state one step earlier, where they meet the arrow from above. "
        "Into the last state no dashed arrow leads.",
        *parts,
    )
