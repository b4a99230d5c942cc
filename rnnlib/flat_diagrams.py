"""Pictures of the network without time: its layers, and the zeros of its formal derivative.

The first redraws figure 1 of document 003, whose image file is lost; the second adds the way
back. Run ``python -m rnnlib.flat_diagrams`` to write them to book/figures.
"""

from typing import NamedTuple

import numpy as np

from .arguments import check_array
from .arrows import arrow
from .diagrams import FIGURES
from .drawing import SMALL, box, chip, picture, words
from .palette import LIGHT

WIDTH, CELL, GAP, MARGIN = 640, 30, 18, 34


def two_layer_network() -> str:
    """
    Draw the network without time: two layers, and the loss.

    Returns
    -------
    str
        A whole SVG file.

    Examples
    --------
    >>> two_layer_network().startswith("<svg")
    True
    """
    x, right, step = 122, 400, 86
    parts = []
    for i, (symbol, shape, kind) in enumerate(
        (
            ("$L$", "scalar", "loss"),
            (r"$\hat y$", "(N, n_y)", "forward"),
            ("$z$", "(N, n_y)", "forward"),
            ("$h$", "(N, n_h)", "forward"),
            ("$a$", "(N, n_h)", "forward"),
            ("$x$", "(N, n_x)", "muted"),
        )
    ):
        y = 40 + i * step
        parts += [box(x, y, symbol, kind, shape, 190, 44)]
        parts += [arrow((x, y + step - 22), (x, y + 25), kind=kind)] if kind != "muted" else []
    for i, (name, kind, width, about) in enumerate(
        (
            ("cross-entropy", "loss", 172, ""),
            ("softmax", "forward", 120, ""),
            ("$W_{hy}$, $b_y$", "forward", 120, "second layer: n_y units"),
            ("tanh", "forward", 120, ""),
            ("$W_{xh}$, $b_h$", "forward", 120, "first layer: n_h units"),
        )
    ):
        between = 40 + (i + 0.5) * step
        parts += [chip(x + 18 + width / 2, between, name, kind, width)]
        parts += [words(right, between, about, "muted", SMALL)] if about else []
    return picture(
        520,
        40 + 5 * step + 36,
        "The network without time",
        "Upwards: the input x, times W_xh plus b_h, gives a; tanh makes it h; times W_hy plus "
        "b_y gives the logits z; softmax makes the prediction; with the target y, from the "
        "right, cross-entropy makes it the loss. Nothing leads back into an earlier box.",
        *parts,
        box(right, 40, "$y$", "muted", "(N,)", 150, 44),
        arrow((right - 75, 40), (x + 98, 40), kind="loss"),
    )


def two_layer_way_back() -> str:
    """
    Draw the way there and the way back side by side, and the gradients between them.

    Returns
    -------
    str
        A whole SVG file.

    Examples
    --------
    >>> two_layer_way_back().startswith("<svg")
    True
    """
    left, middle, right, top, step = 92, 314, 536, 122, 116
    rows = [top + i * step for i in range(4)]
    parts = [
        arrow((left, top - 25), (left, 40), (middle - 35, 40)),
        arrow((middle + 36, 40), (right, 40), (right, top - 28), kind="loss"),
        box(middle, 40, "$L$", "loss", width=70),
    ]
    for y, there, back in zip(rows, (r"\hat y", "h", "a", "x"), "zhax", strict=True):
        parts += [box(left, y, f"${there}$", "muted" if there == "x" else "forward", width=76)]
        parts += [box(right, y, rf"$\delta^{back}$", "loss", width=76)]
    for y, there, back in (
        (rows[0], "$W_{hy}$", "$W^⊤_{hy}$"),
        (rows[1], "tanh", "1 − h²"),
        (rows[2], "$W_{xh}$", "$W^⊤_{xh}$"),
    ):
        parts += [arrow((left, y + step - 26), (left, y + 29))]
        parts += [arrow((right, y + 26), (right, y + step - 29), kind="loss")]
        parts += [chip(left, y + step / 2, there, width=76)]
        parts += [chip(right, y + step / 2, back, "loss", 92)]
    for y, fed, told, names in (
        (rows[0], "h", "z", "for $W_{hy}$"),
        (rows[2], "x", "a", "for $W_{xh}$"),
    ):
        parts += [
            arrow((left + 38, y + step), (middle - 50, y + step), (middle - 50, y + 81)),
            arrow((right - 38, y), (middle + 50, y), (middle + 50, y + 31), kind="loss"),
            box(middle, y + step / 2, "", "ink", width=150),
            words(middle - 24, y + step / 2, f"${fed}^⊤$"),
            words(middle + 26, y + step / 2, rf"$\delta^{told}$"),
            words(middle + 32, y + step - 12, names, "muted", SMALL),
        ]
    return picture(
        628,
        rows[3] + 40,
        "The way there, the way back, and the gradients between them",
        "On the left, upwards: x, a, h and the prediction, then the loss at the top. On the right, "
        "downwards: delta z, then through W_hy transposed delta h, through one minus h squared "
        "delta a, through W_xh transposed delta x. Between them two products: h transposed times "
        "delta z is the gradient of W_hy, x transposed times delta a that of W_xh.",
        *parts,
    )


class TensorPicture(NamedTuple):
    """
    A picture that a page and a notebook can show.

    Attributes
    ----------
    svg : str
        The drawing.
    summary : str
        What it shows, for a terminal.
    """

    svg: str
    summary: str

    def _repr_html_(self) -> str:
        return self.svg

    def __repr__(self) -> str:
        return self.summary


def tensor_picture(tensor: np.ndarray, weight: str = "W") -> TensorPicture:
    r"""
    Show where the formal derivative of a dense layer is not zero: one block for each weight.

    Parameters
    ----------
    tensor : ndarray, shape (n_in, n_out, N, n_out), float
        Entry :math:`i, k, n, j` is :math:`\partial a_{nj} / \partial W_{ik}`.
    weight : str, optional
        Name of the matrix, for the labels.

    Returns
    -------
    TensorPicture
        Blocks as the weights stand in their matrix; in each, a row for each sample and a
        column for each unit. A filled cell has the sign of its number; an empty one is 0.

    Raises
    ------
    ValueError
        If `tensor` has not four axes, or is too wide to be drawn.

    Examples
    --------
    >>> tensor_picture(np.ones((1, 2, 3, 2)))
    2 blocks of 3 × 2 cells, 12 of 12 not zero
    """
    tensor = check_array("tensor", tensor, ("n_in", "n_out", "N", "n_out"))
    n_in, n_out, N, _ = tensor.shape
    block = n_out * CELL, N * CELL
    width = MARGIN + n_out * (block[0] + GAP)
    if width > WIDTH:
        raise ValueError(f"tensor: expected at most {WIDTH} px of blocks, got {width}")
    largest = float(np.abs(tensor).max()) or 1.0
    parts = []
    for i, k in np.ndindex(n_in, n_out):
        left, top = MARGIN + k * (block[0] + GAP), 40 + i * (block[1] + 52)
        parts += [words(left + block[0] / 2, top - 17, f"{weight}[{i}, {k}]", "ink code", SMALL)]
        for n, j in np.ndindex(N, n_out):
            number = float(tensor[i, k, n, j])
            parts += [_cell(left + j * CELL, top + n * CELL, number / largest)]
        if k == 0:
            parts += [
                words(MARGIN / 2, top + (n + 0.5) * CELL, str(n), "muted", SMALL) for n in range(N)
            ]
    filled, cells = np.count_nonzero(tensor), tensor.size
    summary = f"{n_in * n_out} blocks of {N} × {n_out} cells, {filled} of {cells} not zero"
    drawing = picture(
        width,
        n_in * (block[1] + 52) + 6,
        "Where the formal derivative is not zero",
        f"{summary}. In the block of a weight only one column is filled, that of the unit that "
        "the weight leads to.",
        *parts,
    )
    return TensorPicture(drawing, summary)


def _cell(x: float, y: float, number: float) -> str:
    """Draw one cell: colour and sign say the same, and the depth says how much."""
    name = "positive" if number > 0 else "negative"
    inside = f"fill:var(--rnn-{name},{LIGHT[name]});fill-opacity:{0.2 + 0.6 * abs(number):.2f}"
    if number == 0:
        inside = "fill:none"
    cell = (
        f'<rect x="{x:g}" y="{y:g}" width="{CELL}" height="{CELL}" '
        f'style="{inside};stroke:var(--rnn-line,{LIGHT["line"]})"/>'
    )
    if number == 0:
        return cell
    sign = "+" if number > 0 else "−"
    return cell + words(x + CELL / 2, y + CELL / 2, sign, "ink", SMALL)


DRAWINGS = (two_layer_network, two_layer_way_back)

if __name__ == "__main__":
    for draw in DRAWINGS:
        (FIGURES / f"{draw.__name__}.svg").write_text(draw(), encoding="utf-8")
