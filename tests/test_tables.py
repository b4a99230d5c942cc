"""The tables of symbols read well in a page, with a keyboard and in a terminal."""

import re
from unittest.mock import ANY
from xml.etree import ElementTree

import pytest

from chapters import cells
from rnnlib.documents import FORWARD
from rnnlib.notation import NOTATION
from rnnlib.tables import DIRECTION, OVERVIEW, notation_table, overview_table, translation_table
from rnnlib.translations import TRANSLATIONS

SYMBOLS = [notation_table(part) for part in ("there", "back", "gates", "sequences", "stacks")]
LETTERS = [overview_table(), *map(translation_table, FORWARD)]
TABLES = SYMBOLS + LETTERS
OVERVIEW_SYMBOLS = [symbol.replace("~", " ") for symbol in OVERVIEW]
every_table = pytest.mark.parametrize("table", TABLES, ids=lambda table: table.caption)


@every_table
def test_page_has_every_cell_and_says_what_heads_it(table):
    region = ElementTree.fromstring(table._repr_html_())
    assert region.get("role") == "region"
    assert region.get("tabindex") == "0"
    assert region.get("aria-label") == table.caption == region.findtext(".//caption/span")
    heads = region.findall(".//thead//th")
    assert [head.get("scope") for head in heads] == ["col"] * len(table.headers)
    rows = region.findall(".//tbody/tr")
    assert len(rows) == len(table.rows)
    for row in rows:
        assert [cell.tag for cell in row] == ["th"] + ["td"] * (len(table.headers) - 1)
        assert row[0].get("scope") == "row"
        assert "".join(row[0].itertext()).strip()


@every_table
def test_mathematics_is_typeset_and_nothing_is_left_in_latex(table):
    page = table._repr_html_()
    assert page.count("<math") == sum(cell.count("$") // 2 for row in table.rows for cell in row)
    assert "$" not in page
    assert "\\" not in page
    assert "](" not in page


@every_table
def test_terminal_has_one_line_a_row(table):
    lines = repr(table).splitlines()
    assert len(lines) == len(table.rows) + 1
    assert not set("$`{}") & set(repr(table))


def test_every_symbol_is_in_one_table_and_the_way_there_comes_first():
    shown = [row[0].strip("$") for table in SYMBOLS for row in table.rows]
    assert shown == [symbol.tex for symbol in NOTATION]


def test_who_skips_the_way_back_misses_no_letter_of_the_documents():
    there = {row[0].strip("$") for row in notation_table().rows}
    assert set(OVERVIEW_SYMBOLS) <= there


@pytest.mark.parametrize("table", LETTERS, ids=lambda table: table.caption)
def test_letters_are_read_in_the_direction_that_the_caption_states(table):
    assert table.caption.endswith(DIRECTION)


def test_every_row_of_the_translation_is_shown_once():
    shown = [row[2] for document in FORWARD for row in translation_table(document).rows]
    assert shown == [f"`{row.code}`" for row in TRANSLATIONS]


def test_overview_is_in_the_order_and_letters_of_the_book():
    assert [row[0].strip("$") for row in overview_table().rows] == OVERVIEW_SYMBOLS


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (
            "$W_{hh}$",
            [
                r"$U_{h_t} \to W_{hh}^\top$",
                r"$W \to W_{hh}^\top$",
                r"$W_h \to W_{hh}$",
                r"$w_{ij} \to W_{hh}$",
                r"$W \to W_{hh}^\top$",
            ],
        ),
        ("$L_t$", [r"$\mathcal L \to L_t$", "$L_t$", ANY, r"$E_t \to L_t$", "$L_t$"]),
        ("$b_y$", [r"$b_{y_t} \to b_y$", "–", r"$c \to b_y$", "–", r"$b_y \to b_y^\top$"]),
        ("$T$", [ANY, r"$T \to T-1$", "$T$", r"$T \to T-1$", r"$T \to T-1$"]),
        (
            "$y_t$",
            [
                r"$y_t$ → $\text{one-hot}(y_t)$",
                r"$y_t$ → $\text{one-hot}(y_t)^\top$",
                r"$y^{(t)} \to y_{t-1}$",
                "–",
                "–",
            ],
        ),
    ],
)
def test_overview_says_what_to_write_for_their_letter(ours, theirs):
    rows = {first: rest for first, *rest in overview_table().rows}
    assert rows[ours] == theirs


def test_overview_says_the_same_as_the_table_of_each_document():
    for column, document in enumerate(sorted(FORWARD), 1):
        conversions = {row[0]: row[1] for row in translation_table(document).rows}
        shown = [row[column] for row in overview_table().rows if row[column] != "–"]
        assert len(shown) > 7
        for cell in shown:
            theirs, *ours = re.split(r" → | \\to ", cell.replace("$", ""))
            assert conversions[f"${theirs}$"] == f"${[theirs, *ours][-1]}$"


def test_overview_leads_to_a_section_on_each_document():
    links = [re.fullmatch(r"\[(\d+)\]\(#(.+)\)", head) for head in overview_table().headers[1:]]
    text = "\n\n".join(cell.source for cell in cells("book/notation", "markdown"))
    sections = re.findall(r"^\((.+)\)=\n## (\d+): ", text, re.M)
    assert [(link[2], link[1]) for link in links] == sections
