"""Tables of symbols: MathML for the page, plain text for everything else."""

import html
import re
from typing import NamedTuple

from math_core import LatexToMathML

from .notation import GATES, SEQUENCES, STACKS, WAY_BACK, WAY_THERE
from .translations import TRANSLATIONS, Translation

OVERVIEW = r"x_t W_{xh} W_{hh} W_{hy} b_h b_y h_{-1} h_t a_t z_t \hat~y_t y_t L_t L T".split()
LINK = r"\[([^]]+)\]\(([^)]+)\)"
DIRECTION = "Read: their letter → our expression."


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
        The first cell of a row is its header.

    Notes
    -----
    In headers and cells, LaTeX stands between dollar signs, code between backticks, and a link
    is written ``[text](address)``.
    """

    caption: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def _repr_html_(self) -> str:
        caption = f"<span>{html.escape(self.caption)}</span>"
        left = 'style="text-align:left"'
        at_the_top = 'style="text-align:left;caption-side:top"'
        heads = "".join(f'<th scope="col" {left}>{typeset(header)}</th>' for header in self.headers)
        rows = "\n".join(
            f'<tr><th scope="row" {left}>{typeset(first)}</th>'
            + "".join(
                f'<td style="text-align:left{_room(cell)}">{typeset(cell)}</td>' for cell in rest
            )
            + "</tr>"
            for first, *rest in self.rows
        )
        # A wide table scrolls inside its own region, which the keyboard can reach.
        return (
            f'<div class="rnn-table" role="region" aria-label="{html.escape(self.caption)}" '
            f'tabindex="0" style="overflow-x:auto">\n<table class="table">'
            f"<caption {at_the_top}>{caption}</caption>\n<thead><tr>{heads}</tr></thead>\n"
            f"<tbody>\n{rows}\n</tbody>\n</table>\n</div>"
        )

    def __repr__(self) -> str:
        lines = [[*map(_text, row)] for row in (self.headers, *self.rows)]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        return "\n".join(
            "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
            for line in lines
        )


def notation_table(way: str = "there") -> Table:
    """
    Make the table of the book's symbols.

    Parameters
    ----------
    way : str, optional
        "there" for what the forward pass needs, "back" for what is added on the way back,
        "gates" for what LSTM and GRU add, "sequences" for what an encoder and a decoder add,
        "stacks" for the fast forms.

    Returns
    -------
    Table
        Each symbol, its meaning, its name in Python and its shape.

    Examples
    --------
    >>> notation_table().rows[1]
    ('$T$', 'number of steps', '`T`', '`int`')
    """
    caption, symbols = {
        "there": ("The symbols of the forward pass", WAY_THERE),
        "back": ("The symbols of the way back", WAY_BACK),
        "gates": ("The symbols of gates", GATES),
        "sequences": ("The symbols of encoder and decoder", SEQUENCES),
        "stacks": ("The symbols of stacks", STACKS),
    }[way]
    rows = tuple(
        (f"${s.tex}$", s.meaning, f"`{s.python}`", f"`{s.shape}`" if s.shape else "")
        for s in symbols
    )
    return Table(caption, ("symbol", "meaning", "in code", "shape"), rows)


def translation_table(document: str) -> Table:
    r"""
    Make the table that leads from the letters of one document to the book's.

    Parameters
    ----------
    document : str
        Which document: "000" to "004".

    Returns
    -------
    Table
        Each symbol of the document, what it is in the book, and how to convert.

    Examples
    --------
    >>> translation_table("001").rows[2]
    ('$U$', '$W_{xh}^\\top$', '`W_xh.T`', '')
    """
    rows = tuple(
        (_math(row.theirs), f"${row.tex}$", f"`{row.code}`", row.note)
        for row in TRANSLATIONS
        if row.document == document
    )
    headers = (document, "the book", "in code", "note")
    return Table(f"The letters of document {document}. {DIRECTION}", headers, rows)


def overview_table() -> Table:
    r"""
    Make the table of the most used symbols in all five documents.

    Returns
    -------
    Table
        One row a symbol of the book, one column a document. A cell holds the document's letter
        and, where that is not the same, what the book writes for it.

    Examples
    --------
    >>> overview_table().rows[1][:3]
    ('$W_{xh}$', '$W_{h_t} \\to W_{xh}^\\top$', '$U \\to W_{xh}^\\top$')
    """
    documents = sorted({row.document for row in TRANSLATIONS})
    cells = {(row.document, _plain(row.tex)): _replace(row) for row in TRANSLATIONS}
    rows = tuple(
        (f"${tex}$", *(cells.get((document, tex), "–") for document in documents))
        for tex in (symbol.replace("~", " ") for symbol in OVERVIEW)
    )
    heads = (f"[{document}](#doc-{document})" for document in documents)
    return Table(f"The same symbol in the five documents. {DIRECTION}", ("the book", *heads), rows)


def _replace(row: Translation) -> str:
    """What to write for the document's letter: nothing else, if the book has the same."""
    if row.theirs in ("", row.tex):
        return _math(row.theirs)
    if r"\text{" in row.theirs + row.tex:  # words are wide: the line may break at the arrow
        return f"{_math(row.theirs)} → {_math(row.tex)}"
    return _math(rf"{row.theirs} \to {row.tex}")


def _plain(tex: str) -> str:
    """The book's symbol in a row, without what the conversion does to it."""
    tex = re.sub(r"\\text\{one-hot\}\((.+)\)", r"\1", tex.replace(r"^\top", ""))
    return tex.replace("T-1", "T").replace("_{t-1}", "_t")


def _math(tex: str) -> str:
    return f"${tex}$" if tex else "–"


def _room(cell: str) -> str:
    """A sentence gets room to be read in, also where a table has to scroll."""
    return ";min-width:11em" if " " in cell and cell[0] not in "$`" else ""


def _text(cell: str) -> str:
    cell = re.sub(r"\\to\b", "→", re.sub(LINK, r"\1", cell))
    return re.sub(r"\\text(style)?|[$`{}]", "", cell)


def typeset(text: str) -> str:
    """
    Write a text as HTML: formulas as MathML, code, and links.

    Parameters
    ----------
    text : str
        LaTeX stands between dollar signs, code between backticks, a link as ``[text](address)``.

    Returns
    -------
    str
        The HTML.

    Examples
    --------
    >>> typeset("what $a$ and < are")
    'what <math><mi>a</mi></math> and &lt; are'
    """
    convert = LatexToMathML().convert_with_local_state

    def write(found: re.Match[str]) -> str:
        tex, code, text, address = found.groups()
        if tex:
            return convert(html.unescape(tex), displaystyle=False)
        if code:
            return f'<code style="white-space:nowrap">{code}</code>'
        return f'<a href="{address}">{text}</a>'

    return re.sub(rf"\$(.+?)\$|`(.+?)`|{LINK}", write, html.escape(text))
