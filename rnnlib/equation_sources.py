"""Where the displayed equations stand, each with the label that names its check."""

import json
import re
from pathlib import Path
from typing import NamedTuple

from .equation_checks import Finding, examine, load_checks

DISPLAYED = re.compile(r"\$\$(?P<tex>.+?)\$\$[ \t]*\((?P<label>eq:[\w-]+)\)", re.DOTALL)
SMALL = 1e-12  # what is smaller depends on the processor


class Equation(NamedTuple):
    """
    A displayed equation.

    Attributes
    ----------
    chapter : str
        The file that it stands in, without its ending.
    tex : str
        What is printed.
    """

    chapter: str
    tex: str


def printed_equations(folder: Path) -> dict[str, Equation]:
    """
    Find the displayed equations of the book.

    Parameters
    ----------
    folder : Path
        Where the chapters lie.

    Returns
    -------
    dict of str to Equation
        By label, in the order in which they are read.

    Examples
    --------
    >>> printed_equations(Path("no such folder"))
    {}
    """
    found = {}
    for path in sorted(folder.glob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "markdown":
                for match in DISPLAYED.finditer("".join(cell["source"])):
                    found[match["label"]] = Equation(path.stem, match["tex"])
    return found


class Tried(NamedTuple):
    """
    The equations of a chapter and what came out; a notebook shows it as a table.

    Attributes
    ----------
    findings : dict of str to Finding
        By label.
    """

    findings: dict[str, Finding]

    def _repr_markdown_(self) -> str:
        rows = [
            f"| {{eq}}`{label}` | {finding.says} | {finding.cases} | {self.error(finding)} |"
            for label, finding in self.findings.items()
        ]
        return "\n".join(
            [
                "| equation | what is tried | evaluations | largest error |",
                "|:--|:--|--:|--:|",
                *rows,
            ]
        )

    @staticmethod
    def error(finding: Finding) -> str:
        """Say how large the error is, in digits that do not depend on the machine."""
        if not finding.holds:
            return f"**{finding.error:.1e}**"
        return f"below {SMALL:.0e}" if finding.error < SMALL else f"{finding.error:.0e}"


def try_chapter(folder: Path, chapter: str) -> Tried:
    """
    Evaluate all displayed equations of a chapter.

    Parameters
    ----------
    folder : Path
        Where the chapters lie, with their checks in ``_checks``.
    chapter : str
        The chapter's file, without its ending.

    Returns
    -------
    Tried
        What came out.

    Raises
    ------
    ValueError
        If an equation has no check, or cannot be evaluated.

    Examples
    --------
    >>> try_chapter(Path("no such folder"), "01_forward_pass").findings
    {}
    """
    checks = load_checks(folder / "_checks")
    found = {}
    for label, equation in printed_equations(folder).items():
        if equation.chapter == chapter:
            if label not in checks:
                raise ValueError(f"chapter: expected a check of {label}, got none")
            found[label] = examine(equation.tex, checks[label])
    return Tried(found)
