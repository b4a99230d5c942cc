"""Tables of symbols: MathML for the page, plain text for everything else."""

import re
from html import escape
from typing import NamedTuple

from math_core import LatexToMathML

from .notation import NOTATION
from .translations import TRANSLATIONS

OVERVIEW = r"x_t W_{xh} W_{hh} W_{hy} b_h b_y h_{-1} h_t a_t z_t \hat~y_t y_t L_t L T".split()


class Table(NamedTuple):
    """
    A table that a page, a notebook and a terminal can show.

    Attributes
    ----------
    caption : str
        What the table holds.
    headers : tuple of str
        One for each column.
    rows : tuple of tuple of str
        In a cell, LaTeX stands between dollar signs and code between backticks. The first
        cell of a row is its header.
    """

    caption: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def _repr_html_(self):
        caption = _html(self.caption)
        left = 'style="text-align:left"'
        heads = "".join(f'<th scope="col" {left}>{_html(header)}</th>' for header in self.headers)
        rows = "\n".join(
            f'<tr><th scope="row" {left}>{_html(first)}</th>'
            + "".join(
                f'<td style="text-align:left{_room(cell)}">{_html(cell)}</td>' for cell in rest
            )
            + "</tr>"
            for first, *rest in self.rows
        )
        # A wide table scrolls inside its own region, which the keyboard can reach.
        return (
            f'<div class="rnn-table" role="region" aria-label="{escape(self.caption)}" '
            f'tabindex="0" style="overflow-x:auto">\n<table class="table">'
            f"<caption>{caption}</caption>\n<thead><tr>{heads}</tr></thead>\n"
            f"<tbody>\n{rows}\n</tbody>\n</table>\n</div>"
        )

    def __repr__(self):
        lines = [[*map(_text, row)] for row in (self.headers, *self.rows)]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        return "\n".join(
            "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
            for line in lines
        )


def notation_table():
    """
    Make the table of all symbols of the book.

    Returns
    -------
    Table
        Each symbol, its meaning, its name in Python and its shape.
    """
    rows = tuple((f"${s.tex}$", s.meaning, f"`{s.python}`", f"`{s.shape}`") for s in NOTATION)
    return Table("The symbols of the book", ("symbol", "meaning", "in code", "shape"), rows)


def translation_table(document):
    """
    Make the table that leads from the book's letters to those of one document.

    Parameters
    ----------
    document : str
        Which document: "000" to "004".

    Returns
    -------
    Table
        Each symbol of the document, what it is in the book, and how to convert.
    """
    rows = tuple(
        (_math(row.theirs), f"${row.tex}$", f"`{row.code}`", row.note)
        for row in TRANSLATIONS
        if row.document == document
    )
    headers = (document, "the book", "in code", "note")
    return Table(f"The letters of document {document}", headers, rows)


def overview_table():
    r"""
    Make the table of the most used symbols in all five documents.

    Returns
    -------
    Table
        One row a symbol of the book, one column a document.

    Examples
    --------
    >>> overview_table().rows[1]
    ('$W_{xh}$', '$W_{h_t}^\\top$', '$U^\\top$', '$W_x$', '$u_{dh}$', '$V^\\top$')
    """
    documents = sorted({row.document for row in TRANSLATIONS})
    theirs = {(row.document, _plain(row.tex)): _turned(row) for row in TRANSLATIONS}
    rows = tuple(
        (f"${tex}$", *(_math(theirs.get((document, tex), "")) for document in documents))
        for tex in (symbol.replace("~", " ") for symbol in OVERVIEW)
    )
    return Table("The same symbol in the five documents", ("the book", *documents), rows)


def _turned(row):
    """What the book's symbol is in the document's letters: the row read from right to left."""
    theirs = row.theirs + (r"^\top" if r"^\top" in row.tex and row.theirs else "")
    if row.tex.endswith("_{t-1}"):
        theirs = theirs.replace("(t)", "(t+1)")
    return theirs + ("+1" if row.tex == "T-1" else "")


def _plain(tex):
    """The book's symbol in a row, without what the conversion does to it."""
    tex = tex.replace(r"^\top", "").replace("T-1", "T")
    return tex.replace("_{t-1}", "_t")


def _math(tex):
    return f"${tex}$" if tex else "–"


def _room(cell):
    """A sentence gets room to be read in, also where a table has to scroll."""
    return ";min-width:11em" if " " in cell and cell[0] not in "$`" else ""


def _text(cell):
    return re.sub("[$`{}]", "", cell)


def _html(cell):
    convert = LatexToMathML().convert_with_local_state
    parts = re.split(r"\$(.+?)\$|`(.+?)`", cell)
    spans = []
    for text, tex, code in zip(parts[::3], [*parts[1::3], None], [*parts[2::3], None], strict=True):
        spans += [escape(text)]
        spans += [convert(tex, displaystyle=False)] if tex else []
        spans += [f'<code style="white-space:nowrap">{escape(code)}</code>'] if code else []
    return "".join(spans)
