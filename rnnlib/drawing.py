"""A small vocabulary for drawing diagrams as SVG: words, boxes, chips and arrows.

Colour says what a thing is for, and so does its form: what goes from step to step is
dashed. The colours are those of the page around the drawing; a drawing that stands alone
brings its own.
"""

import re
from html import escape

from .palette import DARK, LIGHT

FONT, SMALL = 26, 20  # a drawing 640 wide, shown at 350 px, has its smallest words at 11 px
KINDS = ("ink", "muted", "forward", "recurrent", "loss")

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


def letters(tex):
    """Set one symbol, such as ``W_{xh}``: italic, with its subscript below the line."""
    base, _, below = tex.partition("_")
    base = base.replace(r"\hat y", "ŷ")
    below = below.strip("{}").replace("-", "−")
    runs = re.sub("[^a-z]+", r'<tspan class="upright">\g<0></tspan>', below)
    runs = runs and f'<tspan class="below" dy=".3em">{runs}</tspan>'
    return f'<tspan class="symbol">{base}{runs}</tspan>'


def words(x, y, text, kind="ink", size=FONT, anchor="middle"):
    """Write around a point; what stands between dollar signs is a symbol."""
    spans, low = "", False
    for i, part in enumerate(text.split("$")):
        if i % 2:
            spans, low = spans + letters(part), "_" in part
        elif part:  # after a subscript, climb back to the line
            climb = ' dy="-.225em"' if low else ""
            spans += f"<tspan{climb}>{escape(part)}</tspan>"
    return (
        f'<text class="{kind}" x="{x:g}" y="{y + 0.31 * size:g}" font-size="{size}" '
        f'text-anchor="{anchor}">{spans}</text>'
    )


def rectangle(x, y, width, height, corner, kind):
    """A rectangle around its centre."""
    return (
        f'<rect class="{kind}" x="{x - width / 2:g}" y="{y - height / 2:g}" '
        f'width="{width:g}" height="{height:g}" rx="{corner}"/>'
    )


def box(x, y, text, kind="forward", shape="", width=72, height=52):
    """A value, with its shape beside it."""
    parts = [rectangle(x, y, width, height, 10, f"box {kind}")]
    parts += [words(x - width / 2 + 32 if shape else x, y, text)]
    parts += [words(x - width / 2 + 62, y, shape, "muted code", SMALL, "start")] if shape else []
    return "\n".join(parts)


def chip(x, y, text, kind="forward", width=62):
    """What happens on an arrow: a parameter or a function."""
    return rectangle(x, y, width, 36, 18, f"chip {kind}") + "\n" + words(x, y, text, kind, 24)


def towards(p, q):
    """The direction from p to q, along one axis."""
    return (q[0] > p[0]) - (q[0] < p[0]), (q[1] > p[1]) - (q[1] < p[1])


def beside(p, direction, distance=0):
    """The point at a distance from p, as SVG writes it."""
    return f"{p[0] + distance * direction[0]:g} {p[1] + distance * direction[1]:g}"


def arrow(*points, kind="forward"):
    """Upright and level lines through points, with round corners and a head at the end."""
    end, back = points[-1], towards(points[-1], points[-2])
    path = f"M{beside(points[0], back)}"
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        path += f"L{beside(corner, towards(corner, before), 14)}"
        path += f"Q{beside(corner, back)} {beside(corner, towards(corner, after), 14)}"
    path += f"L{beside(end, back, 10)}"
    foot = end[0] + 13 * back[0], end[1] + 13 * back[1]
    sides = f"L{beside(foot, back[::-1], 6.5)}L{beside(foot, back[::-1], -6.5)}"
    return (
        f'<path class="edge {kind}" d="{path}"/>\n'
        f'<path class="head {kind}" d="M{beside(end, back)}{sides}Z"/>'
    )


def picture(width, height, title, description, *parts):
    """Put the parts of a drawing on paper, the first at the bottom."""
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
