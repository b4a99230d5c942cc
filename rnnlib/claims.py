r"""
The claims of the five documents: what is printed, in their letters and in the book's, as data.

A claim is tried by reading the very LaTeX that the page shows, so a file of claims holds formulas
and no code: see `rnnlib.claim_trials`.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from .equation_reading import read_equation


class Claim(NamedTuple):
    """
    One claim of a document.

    Attributes
    ----------
    id : str
        The document and a number: "001-E43".
    line : str
        Where it stands in the document.
    says : str
        What it claims, in a few words.
    printed : str
        The formula as it is printed, in the document's letters.
    chapter : str
        Where the book explains it: a file without its ending, and perhaps a heading.
    book : str
        What is printed, mistakes and all, in the book's letters. Empty if only blanks are printed.
    corrected : str
        What is right, in the book's letters. Empty if what is printed holds.
    world : str
        In which world both are tried.
    every : str
        The free indices.
    over : Mapping of str to str
        What an index runs over, as the name of a size.
    when : str
        A condition on the free indices.
    as_printed : Mapping of str to object
        What differs of these four settings for the printed form: other indices, for example.
    special : str
        The special case in which the printed form does hold, in words.
    special_world : str
        The world in which that is tried.
    special_measure : str
        The measure by which that is tried.
    square_world : str
        A world with all sizes alike, in which a printed form whose shapes do not fit is tried too.
    slip : bool
        If the printed form differs from the right one in its letters only.
    measure : str
        The function that measures the errors where a formula cannot be read.
    definition : str
        Why there is nothing to try. Empty if there is.
    remark : str
        What is wrong and why it matters.
    """

    id: str
    line: str
    says: str
    printed: str
    chapter: str
    book: str = ""
    corrected: str = ""
    world: str = "network"
    every: str = ""
    over: Mapping[str, str] = {}
    when: str = ""
    as_printed: Mapping[str, object] = {}
    special: str = ""
    special_world: str = ""
    special_measure: str = ""
    square_world: str = ""
    slip: bool = False
    measure: str = ""
    definition: str = ""
    remark: str = ""

    @property
    def document(self) -> str:
        """Which document it stands in."""
        return self.id.partition("-")[0]


SETTINGS = {"world", "every", "over", "when"}


def load_claims(path: Path) -> dict[str, Claim]:
    """
    Load the claims of a document.

    Parameters
    ----------
    path : Path
        A file of claims, named by its document: "001.toml".

    Returns
    -------
    dict of str to Claim
        By id, in the order of the file.

    Raises
    ------
    ValueError
        If a claim misses an entry, has one that nobody knows, contradicts itself, or has a
        formula that cannot be read.

    Examples
    --------
    >>> load_claims(Path("no such folder/001.toml"))
    Traceback (most recent call last):
    FileNotFoundError: ...
    """
    with path.open("rb") as file:
        entries = tomllib.load(file)
    return {id: _claim(id, path.stem, entry) for id, entry in entries.items()}


def _claim(id: str, document: str, entry: dict[str, object]) -> Claim:
    if not isinstance(entry, dict) or not id.startswith(f"{document}-E"):
        raise ValueError(f"{id}: expected a claim of document {document}")
    if unknown := set(entry) - set(Claim._fields):
        raise ValueError(f"{id}: expected entries of a claim, got {sorted(unknown)}")
    for name, value in entry.items():
        if not isinstance(value, _kind(name)):
            raise ValueError(f"{id}: expected {_kind(name).__name__} for {name}, got {value!r}")
    try:
        claim = Claim(id, **entry)  # type: ignore[arg-type]
    except TypeError as error:
        raise ValueError(f"{id}: {error}") from error
    if missing := [name for name in ("line", "says", "printed", "chapter") if not entry[name]]:
        raise ValueError(f"{id}: expected something in {missing}")
    if unknown := set(claim.as_printed) - SETTINGS:
        raise ValueError(f"{id}: expected settings for the printed form, got {sorted(unknown)}")
    if bool(claim.definition) == bool(claim.book or claim.corrected or claim.measure):
        raise ValueError(f"{id}: expected either a definition or something to try")
    if bool(claim.special) != bool(claim.special_world or claim.special_measure):
        raise ValueError(f"{id}: expected a special case in words, and where it is tried")
    if claim.slip and not (claim.remark and claim.corrected):
        raise ValueError(f"{id}: expected a slip to say how it must be read")
    for formula in (claim.book, claim.corrected):
        if formula and not claim.measure and not claim.definition:
            try:
                read_equation(formula)
            except ValueError as error:
                raise ValueError(f"{id}: {error} in {formula!r}") from error
    return claim


def _kind(name: str) -> type:
    return {"slip": bool, "over": dict, "as_printed": dict}.get(name, str)
