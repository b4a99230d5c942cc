"""How a cell looks on the page: folded code has a title, and what is printed in sentences wraps."""

import re
from html import unescape

WIDEST = 84  # what is longer is a sentence, and no row of a table
FOLDED = re.compile(
    r'Show code cell (?:source|content)(</p><p class="[^"]*">)Hide code cell (?:source|content)'
    r'(</p></summary>\s*(?:<div [^>]*>\s*)+<pre>(?:<span></span>)?<span class="c1"># (.*?)</span>)'
)


def name_folds(html):
    """
    Give folded code its first line, a comment, as its title.

    Parameters
    ----------
    html : str
        The body of a page.

    Returns
    -------
    str
        The same with titles.

    Examples
    --------
    >>> fold = '<summary><p class="a">Show code cell source</p><p class="b">Hide code cell source'
    >>> code = '</p></summary><div class="c"><pre><span></span><span class="c1"># Ten runs</span>'
    >>> name_folds(fold + code).partition("</summary>")[0]
    '<summary><p class="a">Show code: Ten runs</p><p class="b">Hide code: Ten runs</p>'
    """
    return FOLDED.sub(r"Show code: \3\1Hide code: \3\2", html)


def wrap_sentences(html):
    """
    Let what is printed wrap where a line is too long for a row of numbers.

    Parameters
    ----------
    html : str
        The body of a page.

    Returns
    -------
    str
        The same with a class on each output that has such a line.

    Examples
    --------
    >>> shown = '<div class="output stream"><div><pre>{}</pre>'
    >>> wrap_sentences(shown.format("1  2  3")) == shown.format("1  2  3")
    True
    >>> wrap_sentences(shown.format("so " * 30)).count('<pre class="sentences">')
    1
    """

    def mark(found):
        start, text = found.groups()
        lines = unescape(re.sub("<[^>]*>", "", text)).splitlines()
        longest = max(map(len, lines), default=0)
        return f'{start}<pre class="sentences">{text}' if longest > WIDEST else found[0]

    pattern = r'(<div class="output stream[^>]*>\s*(?:<div[^>]*>\s*)*)<pre>(.*?)(?=</pre>)'
    return re.sub(pattern, mark, html, flags=re.DOTALL)


def change_body(app, pagename, templatename, context, doctree):
    if "body" in context:
        context["body"] = wrap_sentences(name_folds(context["body"]))


def setup(app):
    app.connect("html-page-context", change_body)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
