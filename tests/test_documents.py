"""Every row of the translation tables is carried out, and compared with the book."""

import re

import numpy as np
import pytest

from rnnlib.documents import FORWARD, ZERO, compare, draw_book
from rnnlib.notation import NOTATION
from rnnlib.translations import TRANSLATIONS

# Sums of at most 13 products of numbers of order 1, seven steps, a total loss of order 100:
# rounding stays below 1e-12, and any mistake in a letter is of order 1.
TOLERANCE = 1e-12
PYTHON = {symbol.tex: symbol.python for symbol in NOTATION}
every_document = pytest.mark.parametrize("document", FORWARD)
every_row = pytest.mark.parametrize(
    "row", TRANSLATIONS, ids=lambda row: f"{row.document}-{row.name}"
)


class Spoilt:
    """A row that does another thing than it says."""

    def __init__(self, row, spoil):
        self.document, self.name = row.document, row.name
        self.value = lambda book: spoil(row.value(book))


def spoils(row, book):
    """List the ways in which a conversion can go wrong, each with its name."""
    value = row.value(book)
    if isinstance(value, int):
        yield "one too many", lambda v: v + 1
        yield "one too few", lambda v: v - 1
    elif isinstance(value, dict):
        yield "steps counted from 0", lambda v: dict(enumerate(v.values()))
        yield "shifted in time", lambda v: dict(zip(v, np.roll([*v.values()], 1, 0), strict=True))
    elif np.any(value) and np.ndim(value):
        yield "shifted along the first axis", lambda v: np.roll(v, 1, axis=0)
    elif not np.ndim(value):
        yield "not summed", lambda v: book["loss"]
    if not isinstance(value, dict) and np.ndim(value) > 1:
        yield "transposed", lambda v: v.mT
    for other in TRANSLATIONS:
        if other.document == row.document and other is not row:
            yield f"the letter of {other.tex}", lambda v, other=other: other.value(book)


def agrees(document, book, translations=TRANSLATIONS):
    """Whether the document computes what the book computes; an error means that it does not."""
    try:
        differences = compare(document, book, translations)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError):
        return False
    return all(difference < TOLERANCE for difference in differences.values())


@every_document
@pytest.mark.parametrize("seed", range(5))
def test_document_in_its_own_letters_computes_what_the_book_computes(document, seed):
    differences = compare(document, draw_book(document, np.random.default_rng(seed)))
    assert len(differences) >= 3
    for name, difference in differences.items():
        assert difference < TOLERANCE, name


@every_row
def test_a_row_that_is_spoilt_is_caught(row):
    book = draw_book(row.document, np.random.default_rng(0))
    for how, spoil in spoils(row, book):
        rows = [Spoilt(row, spoil) if other is row else other for other in TRANSLATIONS]
        with np.errstate(all="ignore"):
            assert not agrees(row.document, book, rows), f"not caught: {how}"


@every_document
def test_a_row_that_is_left_out_is_caught(document):
    book = draw_book(document, np.random.default_rng(0))
    for row in TRANSLATIONS:
        if row.document == document:
            assert not agrees(document, book, [other for other in TRANSLATIONS if other is not row])


@pytest.mark.parametrize(
    ("document", "name"), [(document, name) for document, names in ZERO.items() for name in names]
)
def test_what_a_document_does_not_have_must_be_zero(document, name, monkeypatch):
    others = tuple(zero for zero in ZERO[document] if zero != name)
    monkeypatch.setitem(ZERO, document, others)
    book = draw_book(document, np.random.default_rng(0))
    assert book[name].any()
    assert not agrees(document, book)


@every_row
def test_letters_and_code_of_a_row_say_the_same(row):
    base = row.tex.replace(r"^\top", "")
    of_classes = re.fullmatch(r"\\text\{one-hot\}\((.+)\)", base)
    base = of_classes[1] if of_classes else base
    shifted = base.endswith("_{t-1}")
    if shifted:
        base = base.replace("_{t-1}", "_t")
    python = PYTHON["T" if base == "T-1" else base]
    assert re.search(rf"(?<!\w){re.escape(python)}(?!\w)", row.code)
    assert (r"^\top" in row.tex) == (".T" in row.code or ".mT" in row.code or "newaxis" in row.code)
    assert bool(of_classes) == ("one_hot(" in row.code)
    assert shifted == ("enumerate" in row.code)
    assert (base == "T-1") == (row.code == "T - 1")


@every_document
def test_a_letter_of_a_document_means_one_thing(document):
    theirs = [row.theirs for row in TRANSLATIONS if row.document == document and row.theirs]
    assert len(theirs) == len(set(theirs))


@every_document
def test_the_book_has_sizes_that_no_transpose_survives(document):
    book = draw_book(document, np.random.default_rng(0))
    sizes = [book[name] for name in ("T", "N", "n_x", "n_e", "n_h", "n_y")]
    assert len(set(sizes)) == len(sizes)
    assert all(book[name].any() for name in {"b_h", "b_y", "h_init"} - {*ZERO[document]})
