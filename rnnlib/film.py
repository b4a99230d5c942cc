"""The records of a film: every value once, and frames that point to the values.

Since a frame only points, the equation, the edges of the graph, the line of code and the
matrices can never show different things.
"""

from typing import NamedTuple

import numpy as np

from .parameters import Parameters
from .printing import shape_of

UNSHADED = ("y", "loss", "L")  # class numbers have no size, and a loss is read as a number


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
        ``"forward"``.
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
    """

    title: str
    T: int
    N: int
    symbols: str
    values: dict[str, Value]
    frames: tuple[Frame, ...]

    def computed(self, position: int) -> set[str]:
        """Keys of all values that are there once the frame at `position` has been shown."""
        shown = self.frames[: position + 1]
        return set(Parameters._fields).union(*((*each.operands, each.result) for each in shown))

    def latex(self, position: int) -> str:
        """The equation of a frame in LaTeX, with the shape under every symbol."""
        return " ".join(
            rf"\underset{{\text{{{shape_of(self.values[part].array)}}}}}{{{self.values[part].tex}}}"
            if part in self.values
            else part
            for part in self.frames[position].equation
        )

    def scale(self) -> float:
        """The largest size of all that is shaded: the number that gets the full shade."""
        return max(
            float(np.abs(value.array).max())
            for key, value in self.values.items()
            if key.partition("[")[0] not in UNSHADED
        )

    def address(self, position: int) -> str:
        """The name of a frame in a link: ``"t=1/h"``."""
        frame = self.frames[position]
        return frame.quantity if frame.t is None else f"t={frame.t}/{frame.quantity}"
