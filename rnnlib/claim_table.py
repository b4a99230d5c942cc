"""Show the claims of a document: what is printed, what is right, and what came out."""

import html
import json
import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import numpy as np
from math_core import LatexToMathML

from .claim_trials import Errors, Trial, verdict
from .equation_checks import TOLERANCE
from .tables import typeset

SIGNS = {
    "holds": "✓", "slip": "≈", "incomplete": "◐", "wrong": "✗", "exercise": "?", "definition": "≡",
}  # fmt: skip


class ClaimTable(NamedTuple):
    """
    The claims of one document and what came out; a page and a notebook show it as a table.

    Attributes
    ----------
    document : str
        Which document: "000" to "004".
    trials : tuple of Trial
        In the order in which the document makes its claims.
    folder : Path
        Where the chapters lie, to which each claim leads.
    """

    document: str
    trials: tuple[Trial, ...]
    folder: Path

    def _repr_html_(self) -> str:
        rows = "\n".join(map(self.row, self.trials))
        heads = "".join(
            f'<th scope="col">{head}</th>' for head in ("claim and verdict", "formulas")
        )
        caption = f"The claims of document {self.document}: {len(self.trials)}"
        return (
            f'<div class="rnn-claims" data-document="{self.document}">\n<table class="table">'
            f"<caption>{caption}</caption>\n<thead><tr>{heads}</tr></thead>\n"
            f"<tbody>\n{rows}\n</tbody>\n</table>\n</div>"
        )

    def __repr__(self) -> str:
        found = Counter(map(verdict, self.trials))
        counts = ", ".join(f"{found[word]} {word}" for word in SIGNS if found[word])
        return f"The claims of document {self.document}: {counts}"

    def row(self, trial: Trial) -> str:
        """Write one claim: where it stands, its formulas, and what came out."""
        claim, word = trial.claim, verdict(trial)
        title, address = place(self.folder, claim.chapter)
        formulas = [("as printed", claim.printed)]
        if claim.book != claim.printed:
            formulas.append(("in our letters", claim.book))
        formulas.append(("answer" if word == "exercise" else "right", claim.corrected))
        lines = "".join(f"<dt>{n}</dt><dd>{_formula(tex)}</dd>" for n, tex in formulas if tex)
        notes = [claim.definition, claim.remark, f"It does hold if {claim.special}."]
        notes = [
            f"<p>{_glued(typeset(note))}</p>" for note in notes[: 3 if claim.special else 2] if note
        ]
        return (
            f'<tr id="{claim.id}" class="{word}"><th scope="row"><a href="#{claim.id}">{claim.id}'
            f"</a> <small>line {claim.line}</small> <strong>{SIGNS[word]} {word}</strong> "
            f'{_measured(trial)}</th><td><div class="formulas"><p>{_glued(typeset(claim.says))}</p>'
            f'<dl>{lines}</dl>{"".join(notes)}<p><a href="{address}">{typeset(title)}</a></p>'
            "</div></td></tr>"
        )


def _formula(tex: str) -> str:
    return LatexToMathML().convert_with_local_state(tex, displaystyle=True)


def _glued(text: str) -> str:
    """Keep a comma on the line of the formula before it."""
    return re.sub(r"(<math>.*?</math>)(?=[,.;:!?)])", '<span class="glued">\\1\u2060</span>', text)


def _measured(trial: Trial) -> str:
    """Say how far the forms miss."""
    parts = [
        ("", trial.printed, trial.reason),
        ("special case: ", trial.special, ""),
        ("with all sizes alike: ", trial.square, ""),
        ("right form: " if trial.printed else "", trial.corrected, ""),
    ]
    return "".join(
        f"<small>{name}{size_of(errors, reason)}</small> "
        for name, errors, reason in parts
        if errors
    )


def size_of(errors: Errors, reason: str = "") -> str:
    """
    Say how large errors are, in digits that do not depend on the machine.

    Parameters
    ----------
    errors : tuple of float
        One for each seed.
    reason : str
        Why nothing could be evaluated. Empty if it could.

    Returns
    -------
    str
        The median and the worst.

    Examples
    --------
    >>> size_of((0.0, 1e-16)), size_of((0.5, 0.25, 1.0))
    ('error below 1e-9', 'error 0.5, at worst 1')
    """
    if reason:
        return f"cannot be evaluated: {html.escape(plainly(reason))}"
    worst = max(errors)
    if worst < TOLERANCE:
        return f"error below {TOLERANCE:.0e}".replace("e-0", "e-")
    if not np.isfinite(worst):
        return "is not so"
    return f"error {np.median(errors):.2g}, at worst {worst:.2g}"


def plainly(reason: str) -> str:
    """
    Say in plain words why a formula cannot be evaluated.

    Parameters
    ----------
    reason : str
        The message of the reader of equations.

    Returns
    -------
    str
        The same for a reader of the book.

    Examples
    --------
    >>> plainly("left: expected touching axes of one length, got (2, 3) and (4, 3)")
    'the shapes (2, 3) and (4, 3) do not fit'
    """
    if "got none" in reason:
        return f"{reason.split(':')[0]} stands for nothing"
    shapes = re.findall(r"\([\d, ]*\)", reason)
    if len(shapes) >= 2:
        if "()" in shapes[:2]:
            return f"a number stands beside the shape {max(shapes[:2])}"
        return f"the shapes {shapes[0]} and {shapes[1]} do not fit"
    if found := re.match(r"(\w+): expected an index below \d+, got (-?\d+)", reason):
        return f"{found[1]} has no index {found[2]}"
    if found := re.match(r"t: expected a step from (-?\d+) to (\d+), got (-?\d+)", reason):
        return f"there is no step {found[3]} in steps {found[1]} to {found[2]}"
    return reason


def place(folder: Path, chapter: str) -> tuple[str, str]:
    """
    Find the section of a chapter.

    Parameters
    ----------
    folder : Path
        Where the chapters lie.
    chapter : str
        A file without its ending, and perhaps ``#`` and the name of a heading.

    Returns
    -------
    tuple of (str, str)
        The number of the chapter with the heading, and the address.

    Raises
    ------
    ValueError
        If there is no such section.

    Examples
    --------
    >>> place(Path("no such folder"), "06_bptt")
    Traceback (most recent call last):
    ValueError: chapter: expected a section, got '06_bptt'
    """
    stem, _, anchor = chapter.partition("#")
    path = folder / f"{stem}.ipynb"
    text = ""
    if path.is_file():
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        markdown = ("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
        text = "\n\n".join(markdown)
    for target, heading in re.findall(r"^(?:\(([\w-]+)\)=\n)?#+ (.+)$", text, re.M):
        slug = re.sub(r"[^a-z0-9]+", "-", heading.casefold()).strip("-")
        if not anchor or anchor in (target, slug):
            number = f"Chapter {int(stem[:2])}: " if stem[:2].isdigit() else ""
            return number + heading, f"{stem}.ipynb" + (f"#{anchor}" if anchor else "")
    raise ValueError(f"chapter: expected a section, got {chapter!r}")
