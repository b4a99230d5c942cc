"""The records of a film: every value once, and frames that point to the values.

Since a frame only points, the equation, the edges of the graph, the line of code and the
matrices can never show different things.
"""

import re
from typing import NamedTuple

import numpy as np

from .graph import Graph
from .printing import shape_of
from .walk import Line

UNSHADED = ("y", "loss", "L")  # class numbers have no size, and a loss is read as a number
KINDS = {  # by the first word of the name; all others are values
    "delta": "delta",
    "message": "delta",
    "path": "delta",
    "cell": "gradient",
    "per": "gradient",
    "gradient": "gradient",
    "bptt": "gradient",
    "difference": "gradient",
    "count": "",
}


def kind_of(key: str) -> str:
    """
    Say with which others a value shares its shades.

    Parameters
    ----------
    key : str
        The key of a value: ``"delta_h[0]"``.

    Returns
    -------
    str
        ``"value"``, ``"delta"`` or ``"gradient"``; nothing for what has no shade.

    Examples
    --------
    >>> kind_of("delta_h[0]"), kind_of("W_hh.T"), kind_of("loss[0]")
    ('delta', 'value', '')
    """
    name = key.partition("[")[0]
    if name in UNSHADED:
        return ""
    first = name.partition("_")[0]
    return KINDS.get(first, "value")


def node_of(key: str) -> str:
    """
    Name the node of the graph that shows a value.

    Parameters
    ----------
    key : str
        A key as an equation uses it: transposed, squared, as a sign, as a one-hot row.

    Returns
    -------
    str
        The key of the node: the value itself; for a gradient, whatever the step, one node.

    Examples
    --------
    >>> node_of("h[0].T"), node_of("onehot[1]"), node_of("gradient_W_hh[2]")
    ('h[0]', 'y[1]', 'gradient_W_hh')
    """
    key = re.sub(r"\.T$|\*\*[02]$|>0$", "", key).replace("onehot", "y")
    return key.partition("[")[0] if key.startswith("gradient") else key


class Value(NamedTuple):
    """
    A named array, as the reader sees it.

    Attributes
    ----------
    tex : str
        The symbol in LaTeX, with its step: ``h_{0}``.
    array : ndarray, any shape
        The numbers, as the library computed them.
    rows, columns : tuple of str
        A label for each row or column, or empty.
    """

    tex: str
    array: np.ndarray
    rows: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()


class Frame(NamedTuple):
    """
    One picture of the stepper.

    Attributes
    ----------
    phase : str
        ``"forward"`` or ``"backward"``.
    t : int or None
        The step; None before the first and after the last.
    quantity : str
        Python name of what is computed: ``"a"``.
    equation : tuple of str
        Keys of values, and LaTeX for what stands between them.
    code : str
        The line that computes it. Run on the values it names, it gives the result.
    operands : tuple of str
        Keys of the values that are read.
    result : str
        Key of the value that is computed.
    sentence : str
        What happened, in plain words.
    line : Line
        The same for any step, for a view in which numbers and steps change.
    marks : dict of str to tuple of (int, int)
        Cells (row, column) of an operand that are picked out of it.
    """

    phase: str
    t: int | None
    quantity: str
    equation: tuple[str, ...]
    code: str
    operands: tuple[str, ...]
    result: str
    sentence: str
    line: Line
    marks: dict[str, tuple[tuple[int, int], ...]]


class Film(NamedTuple):
    """
    All the frames of a walk, and the values they show.

    Attributes
    ----------
    title : str
        What is walked through.
    T, N : int
        Number of steps; batch size.
    symbols : str
        The character of each class, or empty.
    values : dict of str to Value
        Each value once; a frame refers to it by its key, such as ``"h[0]"``.
    frames : tuple of Frame
        In the order in which they are walked.
    graph : Graph
        Where the values stand in a picture.
    switches : dict of str to str
        Which values of a step a reader may switch off, and what a tick then says.
    """

    title: str
    T: int
    N: int
    symbols: str
    values: dict[str, Value]
    frames: tuple[Frame, ...]
    graph: Graph
    switches: dict[str, str]

    def computed(self, position: int) -> set[str]:
        """Keys of all values that are there once the frame at `position` has been shown."""
        shown = self.frames[: position + 1]
        given = {key for key in self.values if "[" not in key and is_given(self, key)}
        return given.union(*((*each.operands, each.result) for each in shown))

    def latex(self, position: int) -> str:
        """The equation of a frame in LaTeX, with the shape under every symbol."""
        return " ".join(
            rf"\underset{{\text{{{shape_of(self.values[part].array)}}}}}{{{self.values[part].tex}}}"
            if part in self.values
            else part
            for part in self.frames[position].equation
        )

    def scale(self, key: str) -> float:
        """The number that gets the full shade: the largest among the values of its kind."""
        sizes = [
            float(np.abs(value.array).max())
            for other, value in self.values.items()
            if kind_of(other) == kind_of(key)
        ]
        return max(sizes) if kind_of(key) else 0.0

    def address(self, position: int) -> str:
        """The name of a frame in a link: ``"t=1/h"``; on the way back ``"t=1/back/delta_h"``."""
        frame = self.frames[position]
        back = "back/" if frame.phase == "backward" else ""
        return frame.quantity if frame.t is None else f"t={frame.t}/{back}{frame.quantity}"


def is_given(film: Film, key: str) -> bool:
    """
    Say whether a value is an argument of the walk, and not computed by it.

    Parameters
    ----------
    film : Film
        The film.
    key : str
        The key of a value.

    Returns
    -------
    bool
        True for parameters, inputs, targets and the state before the first.

    Examples
    --------
    >>> import numpy as np
    >>> from rnnlib import forward, init_parameters, next_character_task
    >>> from rnnlib.frames import forward_frames
    >>> params = init_parameters(np.random.default_rng(0), 2, 3, 2)
    >>> film = forward_frames(params, forward(params, *next_character_task(["aba"], "ab")))
    >>> is_given(film, "x[0]"), is_given(film, "a[0]")
    (True, False)
    """
    computed = {frame.result for frame in film.frames if len(frame.equation) > 1}
    return key == node_of(key) and key not in computed and not key.startswith("message")
