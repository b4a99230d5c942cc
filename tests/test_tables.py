"""The tables of symbols read well in a page, with a keyboard and in a terminal."""

from xml.etree import ElementTree

import pytest

from rnnlib.documents import FORWARD
from rnnlib.notation import NOTATION
from rnnlib.tables import OVERVIEW, notation_table, overview_table, translation_table
from rnnlib.translations import TRANSLATIONS

TABLES = [notation_table(), overview_table(), *map(translation_table, FORWARD)]
every_table = pytest.mark.parametrize("table", TABLES, ids=lambda table: table.caption)


@every_table
def test_page_has_every_cell_and_says_what_heads_it(table):
    region = ElementTree.fromstring(table._repr_html_())
    assert region.get("role") == "region"
    assert region.get("tabindex") == "0"
    assert region.get("aria-label") == table.caption == region.findtext(".//caption")
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


@every_table
def test_terminal_has_one_line_a_row(table):
    lines = repr(table).splitlines()
    assert len(lines) == len(table.rows) + 1
    assert not set("$`{}") & set(repr(table))


def test_every_row_of_the_translation_is_shown_once():
    shown = [row[2] for document in FORWARD for row in translation_table(document).rows]
    assert shown == [f"`{row.code}`" for row in TRANSLATIONS]


def test_overview_is_in_the_order_and_letters_of_the_book():
    ours = [row[0].strip("$") for row in overview_table().rows]
    assert ours == [symbol.replace("~", " ") for symbol in OVERVIEW]
    assert set(ours) <= {symbol.tex for symbol in NOTATION}


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("$W_{hh}$", [r"$U_{h_t}^\top$", r"$W^\top$", "$W_h$", "$w_{ij}$", r"$W^\top$"]),
        ("$h_t$", ["$h_t$", r"$h_t^\top$", "$h^{(t+1)}$", "$s_t^h$", r"$h_t^\top$"]),
        ("$b_y$", ["$b_{y_t}$", "–", "$c$", "–", r"$b_y^\top$"]),
    ],
)
def test_overview_reads_each_row_backwards(ours, theirs):
    rows = {first: rest for first, *rest in overview_table().rows}
    assert rows[ours] == theirs
