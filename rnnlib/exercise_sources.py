"""Where the exercises stand, with their hints and solutions, and what the documents leave open."""

import json
import re
from pathlib import Path
from typing import NamedTuple

EXERCISE = re.compile(r"\{exercise\} (?P<title>.+)\n:label: (?P<label>[\w-]+)")
HINT = re.compile(r"^:{3,}\{admonition\} \w+ hint$", re.MULTILINE)
SOLUTION = "# Our solution\n"


class Solved(NamedTuple):
    """
    An exercise of a chapter, as the chapter has it.

    Attributes
    ----------
    chapter : str
        The file that it stands in, without its ending.
    title : str
        What it is called.
    hints : int
        How many hints there are.
    checks : int
        How many cells try what the reader wrote.
    solutions : tuple of str
        The code of the cells that solve it.
    """

    chapter: str
    title: str
    hints: int
    checks: int
    solutions: tuple[str, ...]


def printed_exercises(folder: Path) -> dict[str, Solved]:
    """
    Find the exercises of the book.

    Parameters
    ----------
    folder : Path
        Where the chapters lie.

    Returns
    -------
    dict of str to Solved
        By label, in the order in which they are read. To an exercise belongs what stands
        between it and the next one, or the next section.

    Examples
    --------
    >>> printed_exercises(Path("no such folder"))
    {}
    """
    found: dict[str, Solved] = {}
    for path in sorted(folder.glob("*.ipynb")):
        label = ""
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            text = "".join(cell["source"])
            if cell["cell_type"] == "markdown":
                if match := EXERCISE.search(text):
                    label = match["label"]
                    found[label] = Solved(path.stem, match["title"].strip(), 0, 0, ())
                elif re.search(r"^##? ", text, re.MULTILINE):
                    label = ""
            if label:
                found[label] = with_cell(found[label], cell["cell_type"], text)
    return found


def with_cell(exercise: Solved, kind: str, text: str) -> Solved:
    """
    Add to an exercise what one cell says.

    Parameters
    ----------
    exercise : Solved
        What the cells before it said.
    kind : {"markdown", "code"}
        The kind of the cell.
    text : str
        The text of the cell.

    Returns
    -------
    Solved
        With one more hint, check or solution, or as it was.

    Examples
    --------
    >>> walk = Solved("06_bptt", "The walk", 2, 0, ())
    >>> with_cell(walk, "code", "print(check(WALK, walk))").checks
    1
    """
    if kind == "markdown":
        return exercise._replace(hints=exercise.hints + len(HINT.findall(text)))
    if text.startswith(SOLUTION):
        return exercise._replace(
            solutions=(*exercise.solutions, text.removeprefix(SOLUTION).strip())
        )
    return exercise._replace(checks=exercise.checks + ("check(" in text))


class Solutions(NamedTuple):
    """
    The exercises of a chapter with their solutions; a notebook shows them folded.

    Attributes
    ----------
    exercises : dict of str to Solved
        By label.
    """

    exercises: dict[str, Solved]

    def __repr__(self) -> str:
        return f"Solutions of {len(self.exercises)} exercises"

    def _repr_markdown_(self) -> str:
        parts = []
        for label, exercise in self.exercises.items():
            code = "\n\n\n".join(exercise.solutions)
            parts.append(
                f"{{ref}}`{exercise.title} <{label}>`\n\n"
                f"````{{dropdown}} Solution of “{exercise.title}”\n"
                f"```python\n{code}\n```\n````"
            )
        return "\n\n".join(parts)


def solve_chapter(folder: Path, chapter: str) -> Solutions:
    """
    List the exercises of a chapter with their solutions.

    Parameters
    ----------
    folder : Path
        Where the chapters lie.
    chapter : str
        The chapter's file, without its ending.

    Returns
    -------
    Solutions
        What the chapter's own cells say.

    Raises
    ------
    ValueError
        If an exercise has no solution.

    Examples
    --------
    >>> solve_chapter(Path("no such folder"), "06_bptt").exercises
    {}
    """
    found = {
        label: exercise
        for label, exercise in printed_exercises(folder).items()
        if exercise.chapter == chapter
    }
    if unsolved := [label for label, exercise in found.items() if not exercise.solutions]:
        raise ValueError(f"chapter: expected a solution of every exercise, got none of {unsolved}")
    return Solutions(found)
