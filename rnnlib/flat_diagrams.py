"""Pictures of the network without time: its layers, and the zeros of its formal derivative.

The first redraws figure 1 of document 003, whose image file is lost. Run
``python -m rnnlib.flat_diagrams`` to write it to book/figures.
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
    x, right = 122, 396
    parts = []
    for symbol, shape, y, kind in (  # upwards
        ("$x$", "(N, n_x)", 500, "muted"),
        ("$a$", "(N, n_h)", 408, "forward"),
        ("$h$", "(N, n_h)", 316, "forward"),
        ("$z$", "(N, n_y)", 224, "forward"),
        (r"$\hat y$", "(N, n_y)", 132, "forward"),
        ("$L$", "scalar", 40, "loss"),
    ):
        parts += [box(x, y, symbol, kind, shape, 190, 44)]
        parts += [arrow((x, y + 70), (x, y + 25), kind=kind)] if kind != "muted" else []
    for y, name, kind, about in (  # on the arrows
        (454, "$W_{xh}$, $b_h$", "forward", "first layer: n_h units"),
        (362, "tanh", "forward", ""),
        (270, "$W_{hy}$, $b_y$", "forward", "second layer: n_y units"),
        (178, "softmax", "forward", ""),
        (86, "cross-entropy", "loss", ""),
    ):
        parts += [chip(x, y, name, kind, 176 if kind == "loss" else 132)]
        parts += [words(right, y, about, "muted", SMALL)] if about else []
    return picture(
        510,
        536,
        "The network without time",
        "Upwards: the input x, times W_xh plus b_h, gives a; tanh makes it h; times W_hy plus "
        "b_y gives the logits z; softmax makes the prediction; with the target y, from the "
        "right, cross-entropy makes it the loss. Nothing leads back into an earlier box.",
        *parts,
        box(right, 40, "$y$", "muted", "(N,)", 150, 44),
        arrow((right - 75, 40), (x + 98, 40), kind="loss"),
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
    inside = f"fill:var(--rnn-{name},{LIGHT[name]});fill-opacity:{0.25 + 0.75 * abs(number):.2f}"
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


if __name__ == "__main__":
    (FIGURES / "two_layer_network.svg").write_text(two_layer_network(), encoding="utf-8")
