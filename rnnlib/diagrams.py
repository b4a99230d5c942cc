"""The diagrams of the book: data flows upwards, time flows to the right.

They redraw those of documents 000 and 001, whose image files are lost, in the letters of
the book. Run ``python -m rnnlib.diagrams`` to write them to book/figures.
"""

from pathlib import Path

from .arrows import arrow
from .dependence_diagrams import rnn_two_ways
from .drawing import SMALL, box, chip, picture, rectangle, words
from .layer_diagrams import rnn_way_back
from .message_diagrams import rnn_messages
from .path_diagrams import rnn_one_path

FIGURES = Path(__file__).parents[1] / "book" / "figures"


def rnn_rolled() -> str:
    """
    Draw the network with its loop.

    Returns
    -------
    str
        A whole SVG file.

    Examples
    --------
    >>> rnn_rolled().startswith("<svg")
    True
    """
    x, h, loop = 116, 304, 254
    return picture(
        406,
        512,
        "The recurrent network, rolled up",
        "Input x feeds the state h, the state feeds the prediction, the prediction the loss. "
        "A dashed arrow leads from the state back into the state, through W_hh.",
        arrow((x, 440), (x, h + 51)),
        arrow((x, h - 48), (x, 169)),
        arrow((x, 114), (x, 75), kind="loss"),
        arrow((x + 48, h - 34), (loop, h - 34), (loop, h + 34), (x + 51, h + 34), kind="recurrent"),
        chip(x, 398, "$W_{xh}$"),
        chip(x, 214, "$W_{hy}$"),
        chip(loop, h, "$W_{hh}$", "recurrent"),
        words(loop + 44, h - 12, "into the", "muted", SMALL, "start"),
        words(loop + 44, h + 12, "next step", "muted", SMALL, "start"),
        box(x, 466, "$x_t$", "muted"),
        box(x, h, "$h_t$", width=96, height=96),
        box(x, 140, r"$\hat y_t$"),
        box(x, 46, "$L_t$", "loss"),
    )


def rnn_unrolled() -> str:
    """
    Draw the same network over three steps, one column a step.

    Returns
    -------
    str
        A whole SVG file.

    Examples
    --------
    >>> rnn_unrolled().startswith("<svg")
    True
    """
    first, middle, last = 240, 416, 592
    parts = [
        arrow((first, 108), (first, 42), (middle - 121, 42), kind="loss"),
        arrow((middle, 108), (middle, 71), kind="loss"),
        arrow((last, 108), (last, 42), (middle + 121, 42), kind="loss"),
        box(middle, 42, "$L$ = $L_0$ + $L_1$ + $L_2$", "loss", width=236),
        box(64, 460, "$h_{-1}$", "muted"),
    ]
    for y in (392, 534):
        parts += [rectangle(320, y, 620, 48, 12, "panel")]
        parts += [words(98, y, "same at all steps", "muted", SMALL)]
    for t, x in enumerate((first, middle, last)):
        parts += [
            arrow((x, 576), (x, 489)),
            arrow((x - 140, 460), (x - 39, 460), kind="recurrent"),
            arrow((x, 434), (x, 347)),
            arrow((x, 292), (x, 255)),
            arrow((x, 200), (x, 163), kind="loss"),
            arrow((x - 68, 134), (x - 39, 134), kind="loss"),
            chip(x, 534, "$W_{xh}$"),
            chip(x - 91, 460, "$W_{hh}$", "recurrent"),
            chip(x, 392, "$W_{hy}$"),
            box(x, 602, f"$x_{t}$", "muted"),
            box(x, 460, f"$h_{t}$"),
            box(x, 318, f"$z_{t}$"),
            box(x, 226, rf"$\hat y_{t}$"),
            box(x, 134, f"$L_{t}$", "loss"),
            words(x - 88, 134, f"$y_{t}$"),
            words(x, 656, f"$t$ = {t}", "muted", 22),
        ]
    return picture(
        640,
        680,
        "The recurrent network, unrolled over three steps",
        "Three columns, one for each step, each with input, state, logits, prediction and loss. "
        "Dashed arrows lead from the state before the first input to the state of each step in "
        "turn. W_xh, W_hh and W_hy are the same at every step. The three losses add up to L.",
        *parts,
    )


def rnn_cell() -> str:
    """
    Draw one step, with every operation and every shape.

    Returns
    -------
    str
        A whole SVG file.

    Examples
    --------
    >>> rnn_cell().startswith("<svg")
    True
    """
    left, x, right = 104, 368, 561
    parts = []
    for y, height, top, name in (
        (50, 72, 50, "loss"),
        (236, 196, 174, "prediction"),
        (484, 196, 422, "state"),
    ):
        parts += [rectangle(328, y, 640, height, 12, "panel")]
        parts += [words(28, top, name, "muted", SMALL, "start")]
    for symbol, shape, y, kind in (  # upwards
        ("$x_t$", "(N, n_x)", 670, "muted"),
        ("$a_t$", "(N, n_h)", 546, "forward"),
        ("$h_t$", "(N, n_h)", 422, "forward"),
        ("$z_t$", "(N, n_y)", 298, "forward"),
        (r"$\hat y_t$", "(N, n_y)", 174, "forward"),
        ("$L_t$", "scalar", 50, "loss"),
    ):
        parts += [box(x, y, symbol, kind, shape, 168, 48)]
        parts += [arrow((x, y + 100), (x, y + 27), kind=kind)] if kind != "muted" else []
    for symbol, shape, y, kind in (  # from the right
        ("$b_h$", "(n_h,)", 546, "forward"),
        ("$b_y$", "(n_y,)", 298, "forward"),
        ("$y_t$", "(N,)", 50, "loss"),
    ):
        parts += [box(right, y, symbol, "muted", shape, 150, 48)]
        parts += [arrow((right - 75, y), (x + 87, y), kind=kind)]
    return picture(
        656,
        712,
        "One step of the recurrent network",
        "Input times W_xh, the state before times W_hh and the bias b_h add up to the "
        "pre-activation a; tanh makes it the state h, which goes on to the next step and, times "
        "W_hy plus b_y, becomes the logits z; softmax makes them the prediction; with the target "
        "it gives the loss. The shape of every value stands beside it.",
        *parts,
        box(left, 546, "$h_{t-1}$", "muted", "(N, n_h)", 168, 48),
        arrow((left + 84, 546), (x - 87, 546), kind="recurrent"),
        arrow((x + 84, 422), (636, 422), kind="recurrent"),
        words(541, 400, "to step $t$ + 1", "muted", SMALL),
        chip(x, 608, "$W_{xh}$"),
        chip(233, 546, "$W_{hh}$", "recurrent"),
        chip(x, 484, "tanh", width=84),
        chip(x, 360, "$W_{hy}$"),
        chip(x, 236, "softmax", width=118),
        chip(x, 112, "cross-entropy", "loss", width=176),
        words(x + 42, 608, "(n_x, n_h)", "muted code", SMALL, "start"),
        words(233, 503, "(n_h, n_h)", "muted code", SMALL),
        words(x + 42, 360, "(n_h, n_y)", "muted code", SMALL, "start"),
    )


def rnn_layers() -> str:
    """
    Draw a dense layer in front of the recurrent layer, and one after it.

    Returns
    -------
    str
        A whole SVG file.

    Examples
    --------
    >>> rnn_layers().startswith("<svg")
    True
    """
    x, loop = 160, 380
    parts = [arrow((x, 552), (x, 499)), words(x + 34, 526, "$x_t$")]
    parts += [words(x + 58, 526, "(N, n_x)", "muted code", SMALL, "start")]
    for y, name, size, symbol in (
        (448, "dense layer in front", "n_e", "$e_t$"),
        (294, "recurrent layer", "n_h", "$h_t$"),
        (140, "dense layer after", "n_y", r"$\hat y_t$"),
    ):
        parts += [
            rectangle(x, y, 280, 96, 10, "box forward"),
            words(x, y - 16, name, size=24),
            words(x, y + 18, f"${size}$ units", "muted", 22),
            arrow((x, y - 48), (x, y - 103)),
            words(x + 34, y - 74, symbol),
            words(x + 58, y - 74, f"(N, {size})", "muted code", SMALL, "start"),
        ]
    return picture(
        436,
        564,
        "A recurrent layer between two dense layers",
        "The input x goes into a dense layer in front, its output e into the recurrent layer, "
        "the state h into a dense layer after, which gives the prediction. Only the recurrent "
        "layer has an arrow back into itself.",
        *parts,
        arrow((x + 140, 260), (loop, 260), (loop, 328), (x + 143, 328), kind="recurrent"),
        chip(loop, 294, "$W_{hh}$", "recurrent"),
        words(loop, 356, "into the", "muted", SMALL),
        words(loop, 380, "next step", "muted", SMALL),
    )


DRAWINGS = (
    rnn_rolled, rnn_unrolled, rnn_cell, rnn_layers, rnn_two_ways, rnn_messages, rnn_way_back,
    rnn_one_path,
)  # fmt: skip

if __name__ == "__main__":
    for draw in DRAWINGS:
        (FIGURES / f"{draw.__name__}.svg").write_text(draw(), encoding="utf-8")
