"""Plots: lines and bars by matplotlib, in the colours of the page.

How to use it in a chapter. Print or assert the numbers in one cell, and plot them in the next::

    from rnnlib.plots import Line, bars, lines

    steps = [3, 6, 12, 24]
    kept = [52480, 104320, 208000, 415360]
    lines(
        Line("kept for the way back", steps, kept, "forward"),
        x_label="steps T", y_label="numbers kept",
        alt="The numbers kept grow in a straight line with the number of steps.",
    )

    bars({"forward": 220800, "backward": 441600}, kinds=["forward", "backward"],
         x_label="multiply-adds", alt="The way back takes twice the multiply-adds.")

The colour of a line is its meaning, one of `FORMS`; what goes from step to step is dashed. `alt`
is required: it says what there is to see. The drawing depends on the version of matplotlib, so it
is shown but never stored: the cell of a plot ends in the plot, prints nothing, and carries the tag
``nbval-ignore-output``; ``tests/store_outputs.py`` keeps its words alone.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullLocator

from .arguments import check_size
from .palette import LIGHT
from .plot_page import FONT, Plot, plotted

FORMS = {  # of each meaning: colour is never the only difference
    "forward": ("-", "o"),
    "backward": ("-", "s"),
    "recurrent": ("--", "D"),
    "loss": ("-", "^"),
    "ink": ("-", "v"),
    "muted": (":", ""),
}


class Line(NamedTuple):
    """
    One line of a plot.

    Attributes
    ----------
    label : str
        What it is, in the legend.
    x, y : sequence of float
        Its points.
    kind : str
        What it means, one of `FORMS`: this gives colour, dashes and marks.
    """

    label: str
    x: Sequence[float]
    y: Sequence[float]
    kind: str = "forward"


def lines(
    *drawn: Line,
    x_label: str,
    y_label: str,
    alt: str,
    log_x: bool = False,
    log_y: bool = False,
    x_ticks: Sequence[float] | None = None,
    columns: int = 1,
) -> Plot:
    r"""
    Plot lines over one axis.

    Parameters
    ----------
    \*drawn : Line
        The lines, the first at the bottom.
    x_label, y_label : str
        Lower case, with units.
    alt : str
        What a reader sees, in a sentence.
    log_x, log_y : bool, optional
        Whether equal steps on the axis are equal factors. A linear y axis includes 0.
    x_ticks : sequence of float, optional
        Where to write numbers on the x axis.
    columns : int, default 1
        How many labels of lines stand side by side: short ones need less room then.

    Returns
    -------
    Plot
        Shown when it is the last line of a cell.

    Raises
    ------
    ValueError
        If there is no line, a kind is unknown, the numbers of a line do not pair up, are not
        finite, or not positive on a logarithmic axis, `columns` is no whole number of at least
        one, or `alt` is no sentence.

    Examples
    --------
    >>> line = Line("kept", [3, 6], [52480, 104320], "forward")
    >>> lines(line, x_label="steps", y_label="numbers", alt="Twice the steps, twice the numbers.")
    Plot('Twice the steps, twice the numbers.')
    """
    if not drawn:
        raise ValueError("drawn: expected at least one Line, got none")
    rows = -(-len(drawn) // check_size("columns", columns))
    for line in drawn:
        _check_kind(line.kind)
        x, y = _numbers(f"x of {line.label!r}", line.x), _numbers(f"y of {line.label!r}", line.y)
        if len(x) != len(y):
            raise ValueError(f"{line.label!r}: expected as many y as x, got {len(y)} and {len(x)}")
        for log, name, values in ((log_x, "x", x), (log_y, "y", y)):
            if log and values.min() <= 0:
                raise ValueError(f"{name} of {line.label!r}: expected positive numbers")

    def draw(axes: Axes) -> None:
        for line in drawn:
            dashes, mark = FORMS[line.kind]
            mark = mark if len(line.x) <= 20 else ""
            look: Any = {"color": LIGHT[line.kind], "marker": mark, "label": line.label}
            axes.plot(line.x, line.y, dashes, clip_on=False, **look)
        axes.set_xlabel(x_label)
        axes.set_title(y_label, loc="left", fontsize=FONT, pad=10)
        axes.grid(axis="y")
        for name, log in (("x", log_x), ("y", log_y)):
            _scale(axes, name, log)
        if not log_y:
            axes.set_ylim(
                min(0, *(1.05 * min(line.y) for line in drawn)),
                max(0, *(1.05 * max(line.y) for line in drawn)),
            )
        if x_ticks is not None:
            axes.set_xticks(list(x_ticks))
        axes.figure.legend(
            loc="outside upper left", borderaxespad=0, labelspacing=0.25, ncols=columns
        )

    return plotted(draw, 340 + 26 * rows, alt)


def bars(
    lengths: Mapping[str, float],
    *,
    x_label: str,
    alt: str,
    kinds: Sequence[str] | None = None,
    digits: int = 4,
) -> Plot:
    """
    Plot one bar a line, each with its number at the end.

    Parameters
    ----------
    lengths : mapping of str to float
        What each bar is, and how long: from above downwards.
    x_label : str
        What the numbers are, with units.
    alt : str
        What a reader sees, in a sentence.
    kinds : sequence of str, optional
        What each bar means, from `FORMS`; "forward" if not given.
    digits : int, optional
        How many digits of a number are written; whole numbers are written in full.

    Returns
    -------
    Plot
        Shown when it is the last line of a cell.

    Raises
    ------
    ValueError
        If there is no bar, a length is negative or not finite, a kind is unknown, there are
        not as many kinds as bars, or `alt` is no sentence.

    Examples
    --------
    >>> bars({"one": 1, "two": 2}, x_label="numbers", alt="Two is twice as long.")
    Plot('Two is twice as long.')
    """
    values = _numbers("lengths", list(lengths.values()))
    if values.min() < 0:
        raise ValueError("lengths: expected no negative number")
    kinds = ["forward"] * len(values) if kinds is None else list(kinds)
    if len(kinds) != len(values):
        raise ValueError(f"kinds: expected {len(values)}, one for each bar, got {len(kinds)}")
    for kind in kinds:
        _check_kind(kind)

    def draw(axes: Axes) -> None:
        places = range(len(values))
        axes.barh(places, values, 0.32, color=[LIGHT[kind] for kind in kinds])
        for place, (name, value) in zip(places, lengths.items(), strict=True):
            written = f"{value:,.0f}" if float(value).is_integer() else f"{value:,.{digits}g}"
            # The name stands above its bar, so that a long one takes no width from it.
            axes.text(0, place - 0.28, name, va="bottom", color=LIGHT["ink"])
            axes.text(value, place, f"\N{EN SPACE}{written}", va="center", color=LIGHT["ink"])
        axes.set_xlim(0, 1.28 * values.max() or 1)
        axes.set_ylim(len(values) - 0.6, -0.8)
        axes.set_title(x_label, loc="left", fontsize=FONT, pad=8, color=LIGHT["muted"])
        axes.spines["bottom"].set_visible(False)
        axes.xaxis.set_major_locator(NullLocator())
        axes.yaxis.set_major_locator(NullLocator())

    return plotted(draw, 50 + 62 * len(values), alt)


def _check_kind(kind: str) -> None:
    if kind not in FORMS:
        raise ValueError(f"kind: expected one of {', '.join(FORMS)}, got {kind!r}")


def _numbers(name: str, values: Sequence[float]) -> np.ndarray:
    array = np.asarray(values, dtype=float)
    if array.ndim != 1 or not array.size or not np.isfinite(array).all():
        raise ValueError(f"{name}: expected a list of finite numbers, got {values!r}")
    return array


def _scale(axes: Axes, name: str, log: bool) -> None:
    """Write numbers in full, and powers of ten as such only where they are needed."""
    axis = axes.xaxis if name == "x" else axes.yaxis
    if log:
        (axes.set_xscale if name == "x" else axes.set_yscale)("log")
        axis.set_major_locator(LogLocator(numticks=7))
        axis.set_minor_locator(NullLocator())
    else:
        axis.set_major_locator(MaxNLocator(6, steps=[1, 2, 2.5, 5, 10]))
    axis.set_major_formatter(FuncFormatter(lambda value, _: _written(value, axis if log else None)))


def _written(value: float, axis: Axis | None = None) -> str:
    # Where an end of a logarithmic axis has to be a power of ten, all but 1 and 10 are.
    ends = axis.get_view_interval() if axis and value not in (1, 10) else ()
    if any(each and not 1e-4 < abs(each) < 1e7 for each in (value, *ends)):
        digits, exponent = f"{value:.3e}".split("e")
        power = "10" + str(int(exponent)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
        factor = f"{float(digits):g}"
        return power if factor == "1" else f"{factor} · {power}"
    return f"{value:,.10g}".replace("-", "−")
