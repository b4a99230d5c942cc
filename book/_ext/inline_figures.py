"""Our SVG figures go into the page itself, so that their colours follow light and dark."""

import re
from html import escape
from pathlib import Path

from docutils import nodes
from sphinx.util import logging

logger = logging.getLogger(__name__)


def inline_svg(svg, alt, prefix):
    """
    Prepare a drawing to stand inside a page.

    Parameters
    ----------
    svg : str
        The text of the file.
    alt : str
        What the drawing shows: its name for readers who do not see it.
    prefix : str
        Goes in front of every id, since a page has many drawings.

    Returns
    -------
    str
        One ``<svg>`` element. Its own title, which would pop up as a tooltip, is gone.

    Examples
    --------
    >>> inline_svg('<svg role="img"><title>A dot</title><path id="a"/></svg>', "A dot.", "dot")
    '<svg role="img" aria-label="A dot."><path id="dot-a"/></svg>'
    """
    svg = svg[svg.index("<svg") :].strip()
    svg = re.sub(r"\s*<(title|desc)>.*?</\1>", "", svg, flags=re.DOTALL)
    svg = re.sub(r'(\bid="|href="#|url\(#)', rf"\g<1>{prefix}-", svg)
    svg = svg.replace(' role="img"', "", 1)
    return svg.replace("<svg", f'<svg role="img" aria-label="{escape(alt)}"', 1)


def inline_figures(app, doctree, docname):
    if app.builder.format != "html":
        return
    for image in list(doctree.findall(nodes.image)):
        if not image.get("alt"):
            logger.warning("%s has no :alt: text", image["uri"], location=image, type="figures")
        path = Path(app.srcdir, image["uri"])
        if path.parent.name == "figures" and path.suffix == ".svg":
            svg = inline_svg(path.read_text(encoding="utf-8"), image.get("alt", ""), path.stem)
            image.replace_self(nodes.raw("", svg, format="html"))


def setup(app):
    app.connect("doctree-resolved", inline_figures)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
