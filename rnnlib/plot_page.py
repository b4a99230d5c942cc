"""A drawing by matplotlib as an element of a page: its letters are text, its colours the page's."""

import io
import re
from collections.abc import Callable
from html import escape
from typing import Any, NamedTuple

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from .palette import DARK, LIGHT

KINDS = ("forward", "backward", "recurrent", "loss", "ink", "muted")
WIDTH, FONT = 560, 18  # at 350 px, on a phone, the letters have 11 px
STYLE = {
    "svg.fonttype": "none",  # letters stay letters, in the font of the page
    "font.size": FONT,
    "text.color": LIGHT["ink"],
    "axes.labelcolor": LIGHT["ink"],
    "axes.edgecolor": LIGHT["line"],
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.axisbelow": True,
    "xtick.color": LIGHT["muted"],
    "ytick.color": LIGHT["muted"],
    "grid.color": LIGHT["line"],
    "grid.linewidth": 0.7,
    "lines.linewidth": 2.5,
    "lines.markersize": 8,
    "legend.frameon": False,
    "legend.handlelength": 2.2,
}


class Plot(NamedTuple):
    """
    A finished plot: a notebook and the page show the drawing, everything else its words.

    Attributes
    ----------
    svg : str
        One ``<svg>`` element that follows light and dark.
    alt : str
        What it shows.
    """

    svg: str
    alt: str

    def __repr__(self) -> str:
        return f"Plot({self.alt!r})"

    def _repr_html_(self) -> str:
        return self.svg


def plotted(draw: Callable[[Axes], None], height: int, alt: str) -> Plot:
    """
    Draw, and turn what matplotlib writes into an element of a page.

    Parameters
    ----------
    draw : callable
        Draws on the axes it is given, in colours of `LIGHT`.
    height : int
        In pixels, at a width of `WIDTH`.
    alt : str
        What a reader sees, in a sentence.

    Returns
    -------
    Plot
        The same for the same drawing: no date, and no number that was drawn by lot.

    Raises
    ------
    ValueError
        If `alt` is no sentence.

    Examples
    --------
    >>> plotted(lambda axes: None, 200, alt="Two empty axes, and nothing else.")
    Plot('Two empty axes, and nothing else.')
    """
    if not isinstance(alt, str) or len(alt.split()) < 3:
        raise ValueError(f"alt: expected a sentence that says what the plot shows, got {alt!r}")
    style: Any = {**STYLE, "svg.hashsalt": alt}  # two plots of a page share no id
    with rc_context(style):
        figure = Figure(figsize=(WIDTH / 72, height / 72), dpi=72, layout="constrained")
        draw(figure.add_subplot())
        written = io.StringIO()
        figure.savefig(written, format="svg", transparent=True, metadata={"Date": None})
    return Plot(
        f'<svg class="rnn-plot" xmlns="http://www.w3.org/2000/svg" role="img" '
        f'viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        f'aria-label="{escape(alt)}">{_style()}'
        f'<rect class="paper" width="100%" height="100%"/>{_inside(written.getvalue())}</svg>',
        alt,
    )


def _inside(svg: str) -> str:
    """Take what is inside the file, without what would reach beyond it: rules, fonts, ids."""
    svg = svg[svg.index(">", svg.index("<svg")) + 1 : svg.rindex("</svg>")]
    svg = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>", "", svg, flags=re.DOTALL)
    svg = re.sub(r"font-family:[^;\"]*;?\s*", "", svg).replace("xlink:href", "href")
    used = {name for pair in re.findall(r'href="#(\w+)"|url\(#(\w+)\)', svg) for name in pair}
    svg = re.sub(r' id="([^"]*)"', lambda found: found[0] if found[1] in used else "", svg)
    svg = re.sub(r' (?:d|x|y|transform)="[^"]*"', lambda found: _shorter(found[0]), svg)
    for name in (*KINDS, "line"):
        svg = svg.replace(LIGHT[name], f"var(--p-{name})")
    return re.sub(r">\s+<", "><", svg).strip()


def _shorter(attribute: str) -> str:
    """Round to a tenth of a pixel."""
    attribute = re.sub(r"\s+", " ", attribute)
    return re.sub(r"\d+\.\d{2,}", lambda found: f"{float(found[0]):.1f}", attribute)


def _style() -> str:
    """The colours of the page around it; those of the palette where the page has none."""
    light, dark = (
        ";".join(
            f"--p-{name}:var(--rnn-{name},{colours[name]})" for name in (*KINDS, "line", "paper")
        )
        for colours in (LIGHT, DARK)
    )
    return (
        f"<style>.rnn-plot{{{light};max-width:100%;height:auto;margin-block:.5rem}}"
        f"@media (prefers-color-scheme:dark){{.rnn-plot{{{dark}}}}}"
        f'[data-jp-theme-light="true"] .rnn-plot{{{light}}}'
        f'[data-jp-theme-light="false"] .rnn-plot{{{dark}}}'
        '.rnn-plot text{font-family:"Helvetica Neue",Arial,sans-serif}'
        ".rnn-plot path{stroke-linejoin:round}.rnn-plot .paper{fill:var(--p-paper)}</style>"
    )
