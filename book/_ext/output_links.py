"""What a cell shows may link to a chapter or an equation, though a notebook cannot know its page.

In JupyterLab the same words lead to a notebook, and to a label that can be searched for.
"""

import re
from functools import partial
from html import escape

from sphinx.util import logging

logger = logging.getLogger(__name__)
LABEL = re.compile(r"\beq:[\w-]+")
TAG = re.compile(r"(<script.*?</script>|<[^>]*>)", re.DOTALL)  # what no reader reads


def to_pages(html):
    """
    Let links to notebooks lead to their pages.

    Parameters
    ----------
    html : str
        The body of a page.

    Returns
    -------
    str
        The same with other links.

    Examples
    --------
    >>> to_pages('<a href="06_bptt.ipynb#view">')
    '<a href="06_bptt.html#view">'
    """
    return re.sub(r'(<a href="[\w-]+)\.ipynb(?=["#])', r"\1.html", html)


def to_equations(html, link):
    """
    Let the labels of equations in what cells show lead to the equations.

    Parameters
    ----------
    html : str
        The body of a page.
    link : callable
        From a label to the HTML that takes its place.

    Returns
    -------
    str
        The same with links.

    Examples
    --------
    >>> shown = '<p>eq:a</p><div class="cell_output"><div><pre>See eq:a.</pre></div></div>eq:a'
    >>> to_equations(shown, str.upper)
    '<p>eq:a</p><div class="cell_output"><div><pre>See EQ:A.</pre></div></div>eq:a'
    """
    pieces, depth = TAG.split(html), 0  # within what a cell shows, how many div are open
    for i, piece in enumerate(pieces):
        if piece.startswith("<div") and (depth or "cell_output" in piece):
            depth += 1
        elif piece == "</div>" and depth:
            depth -= 1
        elif depth and i % 2 == 0:
            pieces[i] = LABEL.sub(lambda label: link(label[0]), piece)
    return "".join(pieces)


def link_to(label, app, pagename):
    """Write a link to an equation, with the number that stands beside it."""
    domain = app.env.get_domain("math")
    node = domain.resolve_xref(app.env, pagename, app.builder, "eq", label, None, None)
    if node is None:
        logger.warning("%s is no equation", label, location=pagename, type="equations")
        return label
    place = node.get("refuri") or f"#{node['refid']}"
    return f'<a class="reference internal" href="{escape(place)}">equation {node.astext()}</a>'


def change_body(app, pagename, templatename, context, doctree):
    if "body" in context:
        link = partial(link_to, app=app, pagename=pagename)
        context["body"] = to_equations(to_pages(context["body"]), link)


def setup(app):
    app.connect("html-page-context", change_body)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
