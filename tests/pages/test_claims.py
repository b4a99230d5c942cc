"""The page of claims: every row is there for everybody, and the keyboard chooses what is shown."""

import re
from collections import Counter

import pytest
from bs4 import BeautifulSoup

PAGE = "book/claims.html"
COUNTS = {"000": 51, "001": 49, "002": 52, "003": 51, "004": 14}
IDS = [f"{document}-E{i + 1:02}" for document, n in COUNTS.items() for i in range(n)]
SHOWN = """() => [...document.querySelectorAll(".rnn-claims tbody tr")]
  .filter(row => row.checkVisibility()).map(row => [row.id, row.className])"""
ADDED = 150_000  # bytes, compressed as a server sends them


@pytest.fixture
def article(site):
    text = (site / PAGE).read_text(encoding="utf-8")
    return BeautifulSoup(text, "html.parser").article


def shown(page):
    return [tuple(row) for row in page.evaluate(SHOWN)]


def test_each_claim_has_one_row_with_its_id_and_a_link_to_itself(article):
    rows = article.select(".rnn-claims tbody tr")
    assert [row["id"] for row in rows] == IDS
    assert [row.th.a["href"] for row in rows] == [f"#{id}" for id in IDS]


def test_a_verdict_is_a_word_with_a_sign(article):
    for row in article.select(".rnn-claims tbody tr"):
        (word,) = row["class"]
        assert re.fullmatch(rf"\W {word}", row.th.strong.get_text())


def test_the_summary_counts_the_rows(article):
    table = article.select_one(".rnn-table table")
    words = [head.get_text().split()[-1] for head in table.select("thead th")][1:-1]
    for line in table.select("tbody tr"):
        name, *numbers = (cell.get_text() for cell in line.select("th, td"))
        where = "" if name == "all" else f'[data-document="{name}"]'
        found = Counter(row["class"][0] for row in article.select(f".rnn-claims{where} tbody tr"))
        assert [*map(int, numbers)] == [*(found[word] for word in words), found.total()], name


def test_every_claim_leads_to_the_section_that_explains_it(article):
    for row in article.select(".rnn-claims tbody tr"):
        assert [a for a in row.td.select("a") if re.match(r"\w+\.html", a["href"])], row["id"]


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_all_rows_are_shown_at_first(address, new_page, script):
    page = new_page(java_script_enabled=script)
    page.goto(address + PAGE)
    assert [id for id, _ in shown(page)] == IDS


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_the_arrow_keys_choose_a_document_and_a_verdict(address, new_page, script):
    page = new_page(java_script_enabled=script)
    page.goto(address + PAGE)
    page.locator("#rnn-show-every-document").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert {id[:3] for id, _ in shown(page)} == {"001"}
    assert len(shown(page)) == COUNTS["001"]
    assert not page.locator("#document-000").first.is_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    found = shown(page)
    assert {word for _, word in found} == {"wrong"}
    assert {id[:3] for id, _ in found} == {"001"}
    page.locator("#rnn-show-every-document").check()
    assert len({id[:3] for id, _ in shown(page)}) == len(COUNTS)
    page.locator("#rnn-show-every-verdict").check()
    assert len(shown(page)) == len(IDS)


def test_a_link_to_a_claim_shows_it_whatever_is_chosen(address, new_page):
    page = new_page()
    page.goto(f"{address}{PAGE}#001-E43")
    page.locator("#rnn-show-004").check()
    page.locator("#rnn-show-exercise").check()
    assert "001-E43" in [id for id, _ in shown(page)]


@pytest.mark.parametrize("window", [390, 1280])
def test_formulas_stay_within_their_row(address, new_page, window):
    page = new_page(viewport={"width": window, "height": 900})
    page.goto(address + PAGE)
    boxes = page.evaluate("""() => [...document.querySelectorAll(".rnn-claims .formulas")]
      .map(box => box.getBoundingClientRect().right)""")
    assert max(boxes) <= window


def test_on_paper_all_rows_are_there_and_no_filter(address, new_page):
    page = new_page()
    page.goto(address + PAGE)
    page.emulate_media(media="print")
    assert len(shown(page)) == len(IDS)
    assert not page.locator(".rnn-claim-filter").is_visible()


def test_the_page_is_light(seen):
    if seen.page_path == PAGE:
        (weight,) = (size for url, size in seen.weights.items() if url.endswith(PAGE))
        assert weight <= ADDED
