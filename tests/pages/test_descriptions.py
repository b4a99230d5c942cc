"""A page says in one sentence what it is about: in a list of search results, for example."""

from bs4 import BeautifulSoup


def description_of(source):
    return [meta["content"] for meta in source.select("head meta[name=description]")]


def test_a_page_has_one_description(source):
    (description,) = description_of(source)
    assert 20 <= len(description) <= 200


def test_no_two_pages_have_the_same_description(site):
    pages = [BeautifulSoup(page.read_text("utf-8"), "html.parser") for page in site.rglob("*.html")]
    descriptions = [description for page in pages for description in description_of(page)]
    assert len(descriptions) == len(set(descriptions))
