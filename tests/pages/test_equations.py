"""Equations are MathML, each displayed one has a number to refer to, and no LaTeX is left over."""

import re

from bs4 import BeautifulSoup

LATEX = re.compile(r"\$\$|\\(?:[a-zA-Z]+\{|begin|top\b|frac|\[|\(|\\)")


def prose_of(source):
    """The text of the article, without code and without what cells print."""
    article = BeautifulSoup(str(source.article), "html.parser")
    for element in article.select("pre, code, script, style, .cell_output, rnn-stepper"):
        element.decompose()
    return article.get_text()


def test_no_latex_is_left_over(source):
    if source.article:
        assert LATEX.findall(prose_of(source)) == []


def test_every_displayed_equation_has_a_number_that_links_to_it(source):
    unnumbered = [
        equation.get_text()
        for equation in source.select("article .displayed")
        if not equation.find_parent(class_="cell_output")
        and not equation.select(f'a.eqno[href="#{equation.get("id")}"]')
    ]
    assert unnumbered == []


def test_every_letter_is_in_the_font(address, page_path, new_page):
    """A letter that the cut font lacks would be drawn in another face."""
    page = new_page()
    page.goto(address + page_path)
    page.evaluate("document.fonts.ready")
    letters = page.evaluate(
        "[...document.querySelectorAll('math')].map(m => m.textContent).join('')"
    )
    missing = [c for c in set(letters) if c.isprintable() and not page.evaluate(IN_FONT, c)]
    assert missing == []


IN_FONT = """letter => {
  const width = (family) => {
    const pen = document.createElement("canvas").getContext("2d");
    pen.font = `100px ${family}`;
    return pen.measureText(letter).width;
  };
  return width("'STIX Two Math', monospace") === width("'STIX Two Math', serif");
}"""
