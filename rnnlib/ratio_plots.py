"""A plot of times as multiples of one of them: the median of the rounds, and their spread."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

from .palette import LIGHT
from .plot_page import FONT, Plot, plotted

ROW = 33  # pixels for each name


def ratios(times: Mapping[str, Sequence[float]], base: str, *, title: str, alt: str) -> Plot:
    """
    Plot how many times as long as the base each contender takes, round by round.

    Parameters
    ----------
    times : mapping of str to sequence of float
        The times of each contender, one for each round, from above downwards.
    base : str
        The contender that the others are divided by, round by round. It becomes a line at 1.
    title : str
        What the numbers are.
    alt : str
        What a reader sees, in a sentence.

    Returns
    -------
    Plot
        A dot at the median ratio with its number, and a line from the smallest ratio to the
        largest; equal distances are equal factors.

    Raises
    ------
    ValueError
        If `base` is not among `times` or alone, a time is not positive, the contenders have not
        equally many times, or `alt` is no sentence.

    Examples
    --------
    >>> rounds = {"floor": [1.0, 1.1], "loop": [3.0, 3.1]}
    >>> ratios(rounds, "floor", title="times the floor", alt="The loop takes three times as long.")
    Plot('The loop takes three times as long.')
    """
    if base not in times or len(times) < 2:
        raise ValueError(f"base: expected one of the names and others, got {base!r}")
    counts = {len(each) for each in times.values()}
    if len(counts) > 1 or 0 in counts:
        raise ValueError(f"times: expected equally many, at least one, got {sorted(counts)}")
    rounds = {name: np.asarray(each, dtype=float) for name, each in times.items()}
    for name, each in rounds.items():
        if not (np.isfinite(each).all() and each.min() > 0):
            raise ValueError(f"times of {name!r}: expected positive numbers")
    found = {name: each / rounds[base] for name, each in rounds.items() if name != base}

    def draw(axes: Axes) -> None:
        for place, each in enumerate(found.values()):
            middle, largest = float(np.median(each)), each.max()
            axes.plot([each.min(), largest], [place] * 2, color=LIGHT["forward"], linewidth=2.5)
            axes.plot(middle, place, "o", color=LIGHT["forward"], markersize=6)
            number = f"\N{EN SPACE}{middle:,.{0 if middle >= 100 else 1 if middle >= 10 else 2}f}"
            axes.text(largest, place, number, va="center", color=LIGHT["ink"])
        axes.axvline(1, color=LIGHT["ink"], linewidth=1.5)
        axes.text(1, -0.7, base, ha="center", va="bottom", color=LIGHT["ink"])
        axes.set_xscale("log")
        axes.set_xlim(
            0.8 * min(1, *(each.min() for each in found.values())),
            4 * max(1, *(each.max() for each in found.values())),
        )
        axes.set_ylim(len(found) - 0.4, -0.7)
        axes.set_yticks(range(len(found)), list(found), color=LIGHT["ink"])
        axes.tick_params(axis="y", length=0, pad=10)
        axes.xaxis.set_major_locator(LogLocator(10))
        axes.xaxis.set_minor_locator(NullLocator())
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,g}"))
        axes.grid(axis="x")
        axes.figure.suptitle(title, x=0.01, ha="left", fontsize=FONT, color=LIGHT["muted"])

    return plotted(draw, 120 + ROW * len(found), alt)
