"""A small vocabulary for drawing diagrams as SVG: words, boxes, chips and paper.

Colour says what a thing is for, and so does its form: what goes from step to step is
dashed. The colours are those of the page around the drawing; a drawing that stands alone
brings its own.
"""

import re
from html import escape

from .palette import DARK, LIGHT

FONT, SMALL = 26, 20  # a drawing 640 wide, shown at 350 px, has its smallest words at 11 px
KINDS = ("ink", "muted", "forward", "recurrent", "loss")
LETTERS = {r"\hat y": "ŷ", r"\delta": "δ", r"\zeta": "ζ", r"\gamma": "γ"}

# Every selector gets the class of the drawing in front, so that no page is disturbed.
RULES = {
    "": "max-width:100%;height:auto",
    "text": 'font-family:"Helvetica Neue",Arial,sans-serif',
    ".symbol": 'font-family:"STIX Two Text","Times New Roman",Georgia,serif;font-style:italic',
    ".code": "font-family:Menlo,Consolas,monospace",
    ".upright": "font-style:normal",
    ".below": "font-size:.75em",
    ".paper,.chip": "fill:var(--d-paper)",
    ".panel,.box": "fill:var(--d-panel)",
    ".box": "stroke-width:2",
    ".chip": "stroke-width:1.5",
    ".edge": "fill:none;stroke-width:2.5",
    ".edge.recurrent": "stroke-dasharray:7 5",
    **{f"text.{kind},.head.{kind}": f"fill:var(--d-{kind})" for kind in KINDS},
    **{f"rect.{kind},.edge.{kind}": f"stroke:var(--d-{kind})" for kind in KINDS},
}


def _letters(tex: str) -> str:
    """Set one symbol, such as ``W_{xh}`` or ``h^e_t``: italic, with scripts above and below."""
    base, _, below = tex.partition("_")
    base, _, above = base.partition("^")
    for name, letter in LETTERS.items():
        base = base.replace(name, letter)
    below = below.strip("{}").replace("-", "−")
    runs = re.sub("[^a-z]+", r'<tspan class="upright">\g<0></tspan>', below)
    # Below the line and below the letter above it, from wherever that has left the pen.
    there = 'dx="-.5em" dy=".8em"' if above else 'dy=".3em"'
    runs = runs and f'<tspan class="below" {there}>{runs}</tspan>'
    high = above and f'<tspan class="below above" dy="-.5em">{above}</tspan>'
    return f'<tspan class="symbol">{base}{high}{runs}</tspan>'


def words(
    x: float, y: float, text: str, kind: str = "ink", size: int = FONT, anchor: str = "middle"
) -> str:
    """
    Write around a point.

    Parameters
    ----------
    x, y : float
        The point; `anchor` says which part of the text stands there.
    text : str
        What to write; between dollar signs stands a symbol in LaTeX.
    kind : str, optional
        One of `KINDS`, for the colour; "muted code" for a shape.
    size : int, optional
        Of the letters, in pixels.
    anchor : {"middle", "start", "end"}
        Which part of the text is at the point.

    Returns
    -------
    str
        An SVG ``<text>`` element.

    Examples
    --------
    >>> words(0, 0, "T", size=10)
    '<text class="ink" x="0" y="3.1" font-size="10" text-anchor="middle"><tspan>T</tspan></text>'
    """
    spans, low = "", False
    for i, part in enumerate(text.split("$")):
        if i % 2:
            spans, low = spans + _letters(part), "_" in part
        elif part:  # after a subscript, climb back to the line
            climb = ' dy="-.225em"' if low else ""
            spans += f"<tspan{climb}>{escape(part)}</tspan>"
    return (
        f'<text class="{kind}" x="{x:g}" y="{y + 0.31 * size:g}" font-size="{size}" '
        f'text-anchor="{anchor}">{spans}</text>'
    )


def rectangle(x: float, y: float, width: float, height: float, corner: int, kind: str) -> str:
    """
    Draw a rectangle around its centre.

    Parameters
    ----------
    x, y : float
        The centre.
    width, height : float
        In pixels.
    corner : int
        Radius of the corners.
    kind : str
        Its classes: what it is, and one of `KINDS`.

    Returns
    -------
    str
        An SVG ``<rect>`` element.

    Examples
    --------
    >>> rectangle(50, 20, 100, 40, 5, "panel")
    '<rect class="panel" x="0" y="0" width="100" height="40" rx="5"/>'
    """
    return (
        f'<rect class="{kind}" x="{x - width / 2:g}" y="{y - height / 2:g}" '
        f'width="{width:g}" height="{height:g}" rx="{corner}"/>'
    )


def box(
    x: float,
    y: float,
    text: str,
    kind: str = "forward",
    shape: str = "",
    width: int = 72,
    height: int = 52,
) -> str:
    """
    Draw a value, with its shape beside it.

    Parameters
    ----------
    x, y : float
        The centre.
    text : str
        The value, as in `words`.
    kind : str, optional
        One of `KINDS`.
    shape : str, optional
        The shape of the value, such as ``"(N, n_h)"``.
    width, height : int, optional
        In pixels.

    Returns
    -------
    str
        SVG elements, one a line.

    Examples
    --------
    >>> len(box(50, 20, "$h_t$", shape="(N, n_h)", width=168).splitlines())
    3
    """
    parts = [rectangle(x, y, width, height, 10, f"box {kind}")]
    parts += [words(x - width / 2 + 32 if shape else x, y, text)]
    parts += [words(x - width / 2 + 62, y, shape, "muted code", SMALL, "start")] if shape else []
    return "\n".join(parts)


def chip(x: float, y: float, text: str, kind: str = "forward", width: int = 62) -> str:
    """
    Draw what happens on an arrow: a parameter or a function.

    Parameters
    ----------
    x, y : float
        The centre.
    text : str
        The parameter or the function, as in `words`.
    kind : str, optional
        One of `KINDS`.
    width : int, optional
        In pixels.

    Returns
    -------
    str
        SVG elements, one a line.

    Examples
    --------
    >>> len(chip(50, 20, "tanh").splitlines())
    2
    """
    return rectangle(x, y, width, 36, 18, f"chip {kind}") + "\n" + words(x, y, text, kind, 24)


def picture(width: int, height: int, title: str, description: str, *parts: str) -> str:
    r"""
    Put the parts of a drawing on paper, the first at the bottom.

    Parameters
    ----------
    width, height : int
        In pixels.
    title, description : str
        For readers who cannot see it: its name, and what it shows.
    \*parts : str
        SVG elements.

    Returns
    -------
    str
        A whole SVG file, with its own style.

    Examples
    --------
    >>> picture(80, 60, "A value", "One box.", box(40, 30, "$h_t$")).count("<rect")
    2
    """
    light, dark = (
        ";".join(
            f"--d-{name}:var(--rnn-{name},{colours[name]})" for name in (*KINDS, "paper", "panel")
        )
        for colours in (LIGHT, DARK)
    )
    style = [f".rnn-diagram{{{light}}}"]
    style += [f"@media (prefers-color-scheme:dark){{.rnn-diagram{{{dark}}}}}"]
    for selectors, rule in RULES.items():
        scoped = ",".join(f".rnn-diagram {selector}".strip() for selector in selectors.split(","))
        style.append(f"{scoped}{{{rule}}}")
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="rnn-diagram" role="img" '
        f'viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
    )
    title, description = f"<title>{escape(title)}</title>", f"<desc>{escape(description)}</desc>"
    paper = rectangle(width / 2, height / 2, width, height, 12, "paper")
    style = ["<style>", *style, "</style>"]
    return "\n".join([head, title, description, *style, paper, *parts, "</svg>", ""])
