r"""
Try the claims of the documents: the printed form and the corrected one, against measured values.

One rule gives the verdict. A form *holds* if its relative error is below 1e-9 for every seed; the
printed form is *wrong* if it misses for every seed, *incomplete* if it misses in general but holds
in a special case that is stated and tried, and a *slip* if only its letters must be read
otherwise. Whatever does not hold needs a corrected form that does.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from . import equation_tree as tree
from .claim_worlds import drawn, find
from .claims import Claim, load_claims
from .equation_checks import TOLERANCE, Check, compared
from .equation_reading import read_equation

SEEDS = range(5)
Errors = tuple[float, ...]


class Trial(NamedTuple):
    """
    What came out when a claim was tried.

    Attributes
    ----------
    claim : Claim
        What was tried.
    printed : tuple of float
        The relative error of the printed form for each seed; none if there was nothing to try.
    corrected : tuple of float
        The same for the corrected form.
    special : tuple of float
        The same for the printed form in its special case.
    square : tuple of float
        The same for the printed form where all sizes are alike, if its shapes do not fit.
    reason : str
        Why the printed form could not be evaluated. Empty if it could.
    """

    claim: Claim
    printed: Errors = ()
    corrected: Errors = ()
    special: Errors = ()
    square: Errors = ()
    reason: str = ""


def try_claim(claim: Claim, folder: Path) -> Trial:
    """
    Try a claim for every seed.

    Parameters
    ----------
    claim : Claim
        What is tried.
    folder : Path
        Where the chapters lie, with their checks in ``_checks``.

    Returns
    -------
    Trial
        The errors. A printed form that cannot be evaluated has an infinite one.

    Raises
    ------
    ValueError
        If the corrected form, or the special case, cannot be evaluated.

    Examples
    --------
    >>> claim = Claim("001-E01", "1", "a state", "h=a", "06_bptt", "h_t = a_t", every="t")
    >>> min(try_claim(claim, Path()).printed) > 0.01
    True
    """
    if claim.definition:
        return Trial(claim)
    try:
        return (_measured if claim.measure else _read)(claim, folder)
    except ValueError as error:
        raise ValueError(f"{claim.id}: {error}") from error


def _read(claim: Claim, folder: Path) -> Trial:
    printed, reason = _forgiving(claim, _check(claim, folder, claim.as_printed))
    right = _errors(claim.corrected, _check(claim, folder)) if claim.corrected else ()
    special, square = (
        _errors(claim.book, _check(claim, folder, {**claim.as_printed, "world": world}))
        if world
        else ()
        for world in (claim.special_world, claim.square_world)
    )
    return Trial(claim, printed, right, special, square, reason)


def _check(claim: Claim, folder: Path, changed: Any = None) -> Check:
    settings: dict[str, Any] = {**claim._asdict(), **(changed or {})}
    world = find(settings["world"], claim.document, folder)
    return Check(claim.says, world, settings["every"], settings["over"], settings["when"])


def _errors(tex: str, check: Check) -> Errors:
    """Take the worst of all cases, for every seed."""
    found = [compared(tex, check, drawn(check.world, seed)) for seed in SEEDS]
    if not all(found):
        raise ValueError(f"every: expected something to compare for every seed in {tex!r}")
    says_zero = tree.Number(0.0) in read_equation(tex).parts
    if not says_zero and not max(size for cases in found for _, size in cases) > 0:
        raise ValueError(f"tex: expected something to compare, got only zeros in {tex!r}")
    return tuple(float(np.max([error for error, _ in cases])) for cases in found)


def _forgiving(claim: Claim, check: Check) -> tuple[Errors, str]:
    if not claim.book:
        return (), ""
    try:
        return _errors(claim.book, check), ""
    except ValueError as error:
        return (np.inf,) * len(SEEDS), str(error)


def _measured(claim: Claim, folder: Path) -> Trial:
    pairs = _pairs(claim.measure, claim, folder)
    special: Errors = ()
    if claim.special_measure:
        special = _numbers(first for first, _ in _pairs(claim.special_measure, claim, folder))
    printed = _numbers(first for first, _ in pairs)
    return Trial(claim, printed, _numbers(second for _, second in pairs), special)


def _pairs(name: str, claim: Claim, folder: Path) -> list[tuple[Any, Any]]:
    measure = find(name, claim.document, folder)
    return [measure(np.random.default_rng(seed)) for seed in SEEDS]


def _numbers(errors: Iterable[float | None]) -> Errors:
    return tuple(float(error) for error in errors if error is not None)


def verdict(trial: Trial) -> str:
    """
    Judge a claim by its errors.

    Parameters
    ----------
    trial : Trial
        What came out.

    Returns
    -------
    {"holds", "incomplete", "slip", "wrong", "exercise", "definition"}
        The verdict.

    Raises
    ------
    ValueError
        If the record contradicts what was measured: the corrected form does not hold, a form that
        misses has none, the special case is none, a slip is more than that.

    Examples
    --------
    >>> claim = Claim("001-E01", "1", "a state", "h=a", "06_bptt", "h_t = a_t", "h_t = h_t")
    >>> verdict(Trial(claim, printed=(0.5, 2.0), corrected=(0.0, 0.0)))
    'wrong'
    """
    claim, missed = trial.claim, [error >= TOLERANCE for error in trial.printed]
    if claim.definition:
        return "definition"
    if any(error >= TOLERANCE for error in trial.corrected):
        worst = max(trial.corrected)
        raise ValueError(f"{claim.id}: expected a corrected form that holds, got error {worst:.1e}")
    if not any(missed):
        if claim.special or claim.slip or (missed and claim.corrected):
            raise ValueError(f"{claim.id}: expected nothing to mend, since the printed form holds")
        if not missed and not trial.corrected:
            raise ValueError(f"{claim.id}: expected something to try, got nothing")
        return "holds" if missed else "exercise"
    if not trial.corrected:
        raise ValueError(f"{claim.id}: expected a corrected form, since the printed one misses")
    if claim.special:
        if not all(error < TOLERANCE for error in trial.special):
            raise ValueError(f"{claim.id}: expected a special case that holds")
        return "incomplete"
    if claim.square_world and not (trial.reason and min(trial.square) >= TOLERANCE):
        raise ValueError(f"{claim.id}: expected shapes that do not fit, and a miss where they do")
    if not all(missed):
        raise ValueError(f"{claim.id}: expected the special case in which it holds for some seeds")
    if claim.slip:
        if not claim.measure and _skeleton(claim.book) != _skeleton(claim.corrected):
            raise ValueError(f"{claim.id}: expected a slip to differ in its letters only")
        return "slip"
    return "wrong"


def _skeleton(tex: str) -> Any:
    """Keep the signs of a formula and how they are nested, but none of its letters."""

    def bones(node: Any) -> Any:
        if isinstance(node, tree.Symbol):  # a power is no letter
            return "letter", node.label if node.label[:1].isdigit() else ""
        if isinstance(node, tree.Derivative):
            return "letter", ""
        if isinstance(node, tree.Shaped | tree.Bracket):
            return bones(node.inside)
        if isinstance(node, tuple):
            return type(node).__name__, *map(bones, node)
        return node

    return bones(read_equation(tex))


def try_document(folder: Path, document: str) -> tuple[Trial, ...]:
    """
    Try all claims of a document.

    Parameters
    ----------
    folder : Path
        Where the chapters lie, with the claims in ``_claims``.
    document : str
        Which document: "000" to "004".

    Returns
    -------
    tuple of Trial
        In the order in which the document makes them.

    Raises
    ------
    FileNotFoundError
        If there is no such file of claims.
    ValueError
        If a claim is not well formed.

    Examples
    --------
    >>> try_document(Path("no such folder"), "001")
    Traceback (most recent call last):
    FileNotFoundError: ...
    """
    claims = load_claims(folder / "_claims" / f"{document}.toml")
    return tuple(try_claim(claim, folder) for claim in claims.values())
