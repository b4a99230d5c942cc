"""Every word of the glossary is defined once, and leads to the section that explains it."""

import re

import pytest
from docutils.nodes import make_id

from chapters import NAMES, cells, read

PAGE = "book/glossary"
TEXT = "\n\n".join(cell.source for cell in cells(PAGE, "markdown"))
ENTRY = re.compile(r'^<span id="(?P<id>[\w-]+)">\*\*(?P<term>.+)\*\*</span>\n: (?P<text>.+)$', re.M)
ENTRIES = {entry["term"]: entry for entry in ENTRY.finditer(TEXT)}
SECTION = re.compile(r" → \[(?P<title>[^\]]+)\]\((?P<chapter>\d\d_\w+)\.ipynb#(?P<id>[\w-]+)\)$")

# The words that have one meaning throughout the book.
FIXED = (
    "state, message, immediate derivative, total derivative, trace, oracle, claim, frame"
).split(", ")

each_term = pytest.mark.parametrize("term", ENTRIES)


def sections(chapter):
    """Give the sections of a chapter by title: their text and code."""
    found, title = {}, ""
    for cell in read(f"book/{chapter}").cells:
        markdown = cell.cell_type == "markdown"
        for part in (
            re.split(r"^(?=#{1,3} )", cell.source, flags=re.M) if markdown else [cell.source]
        ):
            if markdown and (heading := re.match(r"#+ (.+)", part)):
                title = heading[1]
            found[title] = found.get(title, "") + "\n" + part
    return found


def spoken(text):
    """Write text as it is spoken: the underscores of code are spaces."""
    return text.replace("_", " ").casefold()


def test_every_entry_is_read():
    assert len(ENTRIES) == TEXT.count("<span id=") == len(re.findall(r"^: ", TEXT, re.M)) >= 40


def test_terms_stand_in_alphabetical_order_and_once_each():
    terms = [entry["term"].casefold() for entry in ENTRY.finditer(TEXT)]
    assert terms == sorted(set(terms))


def test_terms_stand_under_their_letters():
    letters = {}
    for first, last, body in re.findall(r"^## (\w) to (\w)\n(.*?)(?=^## |\Z)", TEXT, re.M | re.S):
        letters |= {entry["term"]: (first, last) for entry in ENTRY.finditer(body)}
    assert set(letters) == set(ENTRIES)
    assert all(first <= term[0].upper() <= last for term, (first, last) in letters.items())


@pytest.mark.parametrize("word", FIXED)
def test_a_word_with_a_fixed_meaning_is_there(word):
    assert word in ENTRIES


@each_term
def test_a_definition_is_a_sentence_or_two(term):
    definition = SECTION.sub("", ENTRIES[term]["text"])
    assert definition.endswith(".")
    assert len(definition.split()) <= 45
    assert len(re.findall(r"[.?!](?: |$)", definition)) <= 3


@each_term
def test_a_term_leads_to_a_section_that_has_it(term):
    link = SECTION.search(ENTRIES[term]["text"])
    assert f"book/{link['chapter']}" in NAMES
    chapter = sections(link["chapter"])
    assert link["title"] in chapter
    assert link["id"] == make_id(link["title"])
    assert spoken(term) in spoken(" ".join(chapter.values()))
    stem = term if len(term) < 6 else term[:-3]  # the section may have another form of the word
    assert spoken(stem) in spoken(chapter[link["title"]])


@each_term
def test_a_term_can_be_linked_to_and_links_to_terms(term):
    assert ENTRIES[term]["id"] == "term-" + make_id(term)
    linked = re.findall(r"\(#([\w-]+)\)", ENTRIES[term]["text"])
    assert set(linked) <= {entry["id"] for entry in ENTRIES.values()} - {ENTRIES[term]["id"]}
