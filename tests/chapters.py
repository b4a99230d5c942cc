"""The chapters as tests read them."""

from pathlib import Path

import nbformat
import yaml

ROOT = Path(__file__).parent.parent
FOLDED = {"hide-input", "hide-cell", "remove-input", "remove-cell"}


def files_in(part):
    """List the pages of the table of contents, in the reader's order."""
    if isinstance(part, list):
        return [name for item in part for name in files_in(item)]
    names = [part[key] for key in ("root", "file") if key in part]
    return names + files_in(
        [item for key in ("parts", "chapters", "sections") for item in part.get(key, [])]
    )


NAMES = files_in(yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8")))


def read(name):
    """Read one chapter by its name in the table of contents."""
    return nbformat.read(ROOT / f"{name}.ipynb", as_version=4)


def cells(name, kind, without=()):
    """List the cells of one kind in a chapter, but for those that carry a given tag."""
    return [
        cell
        for cell in read(name).cells
        if cell.cell_type == kind and not set(without) & set(cell.metadata.get("tags", []))
    ]
