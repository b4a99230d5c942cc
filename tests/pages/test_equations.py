"""Equations are MathML, each displayed one has a number to refer to, and no LaTeX is left over."""

import base64
import io
import json
import re
import unicodedata
from functools import cache
from urllib.parse import urljoin

from bs4 import BeautifulSoup
from fontTools.ttLib import TTFont

STRANDED = """() => [...document.querySelectorAll("article math")].map(math => {
  if (math.closest(".displayed, rnn-stepper")) return null;
  const texts = document.createTreeWalker(math.closest("p, li, td, figcaption") || math, 4);
  let text = texts.nextNode();
  const follows = node => math.compareDocumentPosition(node) === Node.DOCUMENT_POSITION_FOLLOWING;
  while (text && !(follows(text) && text.data.replace("\\u2060", ""))) text = texts.nextNode();
  if (!text || !/^\\u2060?[,.;:!?)]/.test(text.data)) return null;
  const range = document.createRange(), at = text.data.search(/[^\\u2060]/);
  range.setStart(text, at);
  range.setEnd(text, at + 1);
  const mark = range.getBoundingClientRect(), formula = math.getBoundingClientRect();
  const alone = mark.top >= formula.bottom && mark.left < formula.left;
  return alone ? math.parentElement.textContent : null;
}).filter(Boolean)"""

LATEX = re.compile(r"\$\$|\\(?:[a-zA-Z]+\{|begin|top\b|frac|\[|\(|\\)")


def prose_of(source):
    """The text of the article, without code and without what cells print."""
    article = BeautifulSoup(str(source.article), "html.parser")
    for element in article.select("pre, code, script, style, .cell_output, rnn-stepper, dt.sig"):
        element.decompose()
    return article.get_text()


def equations_of(source, selector):
    """List the equations of the article that a label binds to a check.

    A docstring names none: what it says is what its function does, and the tests of that function
    try it. So in the reference an equation has neither number nor mark.
    """
    return [e for e in source.select(f"article {selector}") if not e.find_parent("dl", "py")]


def test_no_latex_is_left_over(source):
    if source.article:
        assert LATEX.findall(prose_of(source)) == []


def test_every_displayed_equation_has_a_number_that_links_to_it(source):
    unnumbered = [
        equation.get_text()
        for equation in equations_of(source, ".displayed")
        if not equation.find_parent(class_="cell_output")
        and not equation.select(f'a.eqno[href="#{equation.get("id")}"]')
    ]
    assert unnumbered == []


def test_beside_every_displayed_equation_a_mark_opens_what_was_checked(source):
    for equation in equations_of(source, ".equation"):
        (number,) = equation.select(".displayed > a.eqno")
        (mark,) = equation.select("details.checked")
        assert number.get_text().strip("()") in mark.summary.get_text()
        assert "evaluations" in mark.p.get_text()
    marked = {str(equation) for equation in equations_of(source, ".equation .displayed")}
    assert marked == {str(equation) for equation in equations_of(source, ".displayed")}


def test_an_equation_of_a_docstring_has_neither_number_nor_mark(source):
    for equation in source.select("article dl.py .equation"):
        assert equation.math
        assert equation.select("a.eqno, details.checked") == []


def outputs_of(source):
    """List what cells show: the label of an equation in it is text, until the page is written."""
    return source.select("article .cell_output")


@cache
def numbers_of(page):
    """Read from a page which number stands beside each of its equations."""
    source = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
    return {e["id"]: e.select_one("a.eqno").get_text() for e in source.select(".displayed[id]")}


def test_no_cell_shows_a_label_where_a_reader_needs_a_number(source):
    shown = "\n".join(output.get_text() for output in outputs_of(source))
    assert re.findall(r"\beq:[\w-]+", shown) == []


def test_a_link_to_an_equation_shows_the_number_beside_it(site, page_path, source):
    for link in source.select('article a[href*="#equation-"]'):
        page, _, place = urljoin(f"/{page_path}", link["href"]).lstrip("/").partition("#")
        assert link.get_text().removeprefix("equation ") == numbers_of(site / page)[place]


def test_what_a_check_prints_leads_to_equations_of_another_page(site):
    page = site / "book/10_gradient_checks.html"
    outputs = outputs_of(BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser"))
    links = [link for output in outputs for link in output.select("pre a")]
    assert len(links) >= 4
    assert all(link["href"].startswith("06_bptt.html#equation-eq-bptt-") for link in links)
    assert all(re.fullmatch(r"equation \(6\.\d+\)", link.get_text()) for link in links)


def test_no_comma_is_left_alone_on_the_line_after_its_formula(address, page_path, new_page):
    page = new_page()
    page.goto(address + page_path)
    if not page.locator("article math").count():
        return
    for width in (*range(320, 480, 16), *range(700, 1300, 60)):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(STRANDED) == [], f"at {width} px"


WIDER_THAN_DRAWN = """() => [...document.querySelectorAll("article msqrt")].filter(root => {
  const size = parseFloat(getComputedStyle(root).fontSize);
  const inside = [...root.children].reduce((sum, e) => sum + e.getBoundingClientRect().width, 0);
  return inside && root.getBoundingClientRect().width - inside > size;
}).map(root => root.outerHTML)"""


def test_a_root_has_one_storey_and_leaves_no_gap_behind_it(address, page_path, source, new_page):
    assert source.select("msqrt :is(mfrac, mtable), mroot") == []
    if source.select("msqrt"):
        page = new_page()
        page.goto(address + page_path)
        assert page.evaluate(WIDER_THAN_DRAWN) == []


def test_a_large_bracket_that_carries_an_index_is_centred(source):
    carriers = source.select("article :is(msub, msup, msubsup)")
    bare = [c for c in carriers if c.find(True).name == "mo" and c.find(True).get("minsize")]
    assert bare == []


def test_every_letter_of_a_formula_is_in_the_font(site, source):
    """A letter that the cut font lacks would be drawn in another face."""
    formulas = source.select("math")
    for film in source.select("rnn-stepper > script"):
        values = str(json.loads(film.string))
        formulas += BeautifulSoup(values, "html.parser").select("mi, mo, mn")
    letters = set("".join(formula.get_text() for formula in formulas))
    visible = {letter for letter in letters if unicodedata.category(letter)[0] in "LNPS"}
    assert visible - letters_of_font(site) == set()


def letters_of_font(site):
    style = (site / "_static/math.css").read_text()
    data = re.search(r"base64,([^\"]+)", style)[1]
    with TTFont(io.BytesIO(base64.b64decode(data))) as font:
        return set(map(chr, font.getBestCmap()))
