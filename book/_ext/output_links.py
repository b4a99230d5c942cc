"""What a cell shows may link to a chapter: a notebook in JupyterLab, a page on the site."""

import re


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


def change_body(app, pagename, templatename, context, doctree):
    if "body" in context:
        context["body"] = to_pages(context["body"])


def setup(app):
    app.connect("html-page-context", change_body)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
