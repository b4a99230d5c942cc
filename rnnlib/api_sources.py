"""What the pages of the reference hold: public names, and the modules that a page lists."""

import ast
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

LIBRARY = Path(__file__).parent
LISTED = re.compile(r"^\.\. automodule:: (rnnlib(?:\.\w+)?)$", re.MULTILINE)


def public_names(source: str) -> dict[str, str]:
    r"""
    Find what a module defines for others.

    Parameters
    ----------
    source : str
        The text of the module.

    Returns
    -------
    dict of str to str
        For each name, in their order, the comment on a constant; nothing for a function or a
        class, which has a docstring. A name that is only for the type checker is left out.

    Examples
    --------
    >>> public_names("STEP = 0.1  # how far\ndef go(): ...\ndef _stop(): ...")
    {'STEP': 'how far', 'go': ''}
    """
    found, lines = {}, source.splitlines()
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found[node.name] = ""
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            if isinstance(node.value, ast.Call) and ast.unparse(node.value.func) == "TypeVar":
                continue
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for name in (n for target in targets for n in ast.walk(target)):
                if isinstance(name, ast.Name):
                    found[name.id] = comment_on(lines, node.lineno, node.end_lineno or node.lineno)
    return {name: comment for name, comment in found.items() if not name.startswith("_")}


def comment_on(lines: Sequence[str], first: int, last: int) -> str:
    """
    Read the comment behind some lines of code, or the one above them.

    Parameters
    ----------
    lines : sequence of str
        The lines of a module.
    first, last : int
        The first and the last of them, counted from 1.

    Returns
    -------
    str
        The comment, on one line; nothing if there is none.

    Examples
    --------
    >>> comment_on(["# How far", "# to go.", "STEP = 0.1"], 3, 3)
    'How far to go.'
    """
    if behind := re.search(r"\s\s# (.*)$", lines[last - 1]):
        return behind[1]
    above: list[str] = []
    while first > 1 and (comment := re.match(r"# (.*)$", lines[first - 2])):
        above.insert(0, comment[1])
        first -= 1
    return " ".join(above)


def listed_modules(page: Path) -> list[str]:
    """
    List the modules that a page of the reference shows.

    Parameters
    ----------
    page : Path
        The notebook.

    Returns
    -------
    list of str
        Their full names, in the order of the page.

    Examples
    --------
    >>> listed_modules(LIBRARY.parent / "book/api_mathematics.ipynb")[:2]
    ['rnnlib', 'rnnlib.parameters']
    """
    cells = json.loads(page.read_text(encoding="utf-8"))["cells"]
    return LISTED.findall("\n\n".join("".join(cell["source"]) for cell in cells))


class ModuleTable(NamedTuple):
    """
    One line for each module of a page; a notebook shows it as a table.

    Attributes
    ----------
    summaries : dict of str to str
        The first line of the docstring of each module.
    """

    summaries: dict[str, str]

    def __repr__(self) -> str:
        return f"{len(self.summaries)} modules"

    def _repr_markdown_(self) -> str:
        rows = [
            f"| {{py:mod}}`{name.removeprefix('rnnlib.')} <{name}>` | {summary} |"
            for name, summary in self.summaries.items()
        ]
        return "\n".join(["| module | what it is |", "|:--|:--|", *rows])


def module_table(page: Path) -> ModuleTable:
    """
    Summarise the modules of a page of the reference.

    Parameters
    ----------
    page : Path
        The notebook.

    Returns
    -------
    ModuleTable
        The first line of each docstring, as it lies in the module.

    Raises
    ------
    ValueError
        If the page names a module that does not exist.

    Examples
    --------
    >>> module_table(LIBRARY.parent / "book/api_mathematics.ipynb").summaries["rnnlib.bptt"]
    'Backpropagation through time: one walk backwards along the trace.'
    """
    found = {}
    for name in listed_modules(page):
        path = LIBRARY / f"{name.partition('.')[2] or '__init__'}.py"
        if not path.is_file():
            raise ValueError(f"page: expected modules of rnnlib, got {name} on {page.name}")
        docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        summary = re.sub(r":math:`([^`]+)`", r"$\1$", docstring.partition("\n")[0])
        found[name] = summary
    return ModuleTable(found)
