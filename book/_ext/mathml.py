"""Mathematics becomes MathML when the site is built: nothing is typeset in the reader's browser."""

import re
from html import escape

from checked_equations import mark
from docutils.nodes import Inline, SkipNode
from math_core import LatexError, LatexToMathML
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

logger = logging.getLogger(__name__)
converter = LatexToMathML(fancy_error=False)
LIST = "book/equations"  # the page of all equations and their checks
WORD_JOINER = "\N{WORD JOINER}"
BRACKET = r"\1<mrow>\2</mrow>"
PRIME = r'<mrow>\1<mo lspace="0" rspace="0">\2</mo></mrow>'


def to_mathml(node, displaystyle):
    """Convert the LaTeX of a node; a mistake in it is a warning that names file and line."""
    latex = node.astext()
    if r"\\" in latex and r"\begin" not in latex:  # in a docstring, lines are aligned without words
        latex = rf"\begin{{aligned}}{latex}\end{{aligned}}"
    try:
        return converter.convert_with_local_state(latex, displaystyle=displaystyle)
    except LatexError as error:
        logger.warning("LaTeX, at character %s\n%s", error, latex, location=node, type="mathml")
        return f"<code>{escape(latex)}</code>"


def mend(html):
    """
    Mend what browsers make of two things: a large bracket with an index, and a prime.

    Parameters
    ----------
    html : str
        The body of a page.

    Returns
    -------
    str
        The same, where a bracket is centred though it carries an index, and where a prime is as
        high and as large as its glyph is drawn.

    Examples
    --------
    >>> mend('<msup><mo minsize="1.2em" maxsize="1.2em">)</mo><mn>2</mn></msup>')
    '<msup><mrow><mo minsize="1.2em" maxsize="1.2em">)</mo></mrow><mn>2</mn></msup>'
    >>> mend("<msup><mi>f</mi><mo>′</mo></msup>")
    '<mrow><mi>f</mi><mo lspace="0" rspace="0">′</mo></mrow>'
    """
    html = re.sub(r"(<m(?:sub|sup|subsup)>)(<mo [^>]*minsize=[^>]*>[^<]*</mo>)", BRACKET, html)
    return re.sub(r"<msup>(<mi>[^<]*</mi>)<mo>([′″‴])</mo></msup>", PRIME, html)


def change_body(app, pagename, templatename, context, doctree):
    if "body" in context:
        context["body"] = mend(context["body"])


def beside(node, side):
    """Find the text next to a formula, also where the formula begins or ends a link."""
    siblings = node.parent.children
    i = siblings.index(node) + side
    if 0 <= i < len(siblings):
        return siblings[i].astext()
    return beside(node.parent, side) if isinstance(node.parent, Inline) else ""


def visit_inline(translator, node):
    """Write a formula. A comma after it, or a bracket before it, stays on its line."""
    before, after = beside(node, -1)[-1:], beside(node, 1)[:1]
    glue_before = WORD_JOINER if before and before in "([“" else ""
    glue_after = WORD_JOINER if after and after in ",.;:!?)]”’–-" else ""
    formula = glue_before + to_mathml(node, displaystyle=False) + glue_after
    # A browser may break a line beside a formula, whatever joins them: it is told not to.
    glued = glue_before or glue_after
    translator.body.append(f'<span class="glued">{formula}</span>' if glued else formula)
    raise SkipNode


def visit_display(translator, node):
    """Write an equation and its number. The number is a link to the equation itself."""
    body = translator.body
    body.append('<div class="equation">')
    # What may scroll is reached by the keyboard: by its number, or by itself.
    reached = {} if node["number"] else {"tabindex": "0"}
    body.append(translator.starttag(node, "div", CLASS="displayed", **reached))
    body.append(to_mathml(node, displaystyle=True))
    checked = ""
    if node["number"]:
        number = get_node_equation_number(translator, node)
        name = f"Link to equation {number}"
        body.append(f'<a class="eqno" href="#{node["ids"][0]}" title="{name}">({number})</a>')
        checked = mark(
            node, number, translator.builder.get_relative_uri(translator.docnames[0], LIST)
        )
    body.append(f"</div>{checked}</div>\n")
    raise SkipNode


def setup(app):
    app.connect("html-page-context", change_body)
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_display, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
