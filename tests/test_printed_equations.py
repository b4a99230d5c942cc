"""Every displayed equation is evaluated as it is printed, and a slip of the pen is seen."""

import re

import nbformat
import pytest

from chapters import ROOT
from latex import displayed
from rnnlib.equation_checks import Check, Statement, examine, load_checks
from rnnlib.equation_tokens import plain

CHECKS = load_checks(ROOT / "book/_checks")
PRINTED = {
    label: (path.stem, tex)
    for path in sorted((ROOT / "book").glob("*.ipynb"))
    for cell in nbformat.read(path, as_version=4).cells
    if cell.cell_type == "markdown"
    for tex, label in displayed(cell.source)
}
BOTH = sorted(set(CHECKS) & set(PRINTED))

# Slips that change nothing, each with the reason.
HARMLESS = {
    ("eq:log-sum-exp", "- to +"): "any m will do, also −m",
}

SLIPS = {
    "+ to -": (r"(?<!\^\{)\+", "-"),
    "- to +": (r"-", "+"),
    "transpose dropped": (r"\^\\top|\^\{\\top\}|\\top(?=\})", ""),
    "lower limit + 1": (r"(?<=_\{)(\w)=(-?\w+)(?=\})", r"\1=\2+1"),
    "upper limit - 1": (r"(?<=\}\^\{)([\w+-]+)(?=\})", r"\1-1"),
    "upper limit + 1": (r"(?<=\}\^\{)([\w+-]+)(?=\})", r"\1+1"),
}


def mistaken(tex):
    """Make one mistake at one place, for each mistake and place."""
    for name, (pattern, replacement) in SLIPS.items():
        for match in re.finditer(pattern, tex):
            if "limit" in name and not re.search(r"\\(sum|prod)\S*$", tex[: match.start()]):
                continue
            wrong = match.expand(replacement)
            yield name, tex[: match.start()] + wrong + tex[match.end() :]


def is_seen(tex, check):
    """Say if a check refuses an equation, be it wrong or unreadable."""
    for tries in (1, 6):  # one try is enough for most
        try:
            if not examine(tex, check, tries).holds:
                return True
        except ValueError:
            return True
    return False


def test_every_equation_has_a_check_and_every_check_an_equation():
    assert set(PRINTED) == set(CHECKS)


@pytest.mark.parametrize("label", BOTH)
def test_an_equation_holds_as_it_is_printed(label):
    chapter, tex = PRINTED[label]
    finding = examine(tex, CHECKS[label])
    assert finding.holds, f"{chapter}: off by {finding.error:.1e}"


@pytest.mark.parametrize("label", BOTH)
def test_a_slip_of_the_pen_is_seen(label):
    chapter, tex = PRINTED[label]
    unseen = [
        (name, plain(wrong))
        for name, wrong in mistaken(tex)
        if not is_seen(wrong, CHECKS[label]) and (label, name) not in HARMLESS
    ]
    assert unseen == [], chapter


def test_most_equations_are_evaluated_letter_by_letter():
    pinned = [label for label, check in CHECKS.items() if isinstance(check, Statement)]
    assert len(pinned) <= len(CHECKS) / 5, pinned


def test_checks_say_what_they_try():
    for label, check in CHECKS.items():
        assert isinstance(check, Check | Statement), label
        assert len(check.says.split()) >= 2, label
