"""Every link within the site leads somewhere; a link to a frame leads to that frame."""

import json
import runpy
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup

EXTENSION = Path(__file__).parents[2] / "book/_ext/output_links.py"


@cache
def targets_of(file):
    """List what a link into a page may name: ids, and the frames of its steppers."""
    page = BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser")
    targets = {element["id"] for element in page.select("[id]")}
    for stepper in page.select("rnn-stepper"):
        film = json.loads(stepper.find("script").string)
        for number, t, *_ in film["walk"]:
            targets.add(f"{stepper['id']}/{address_of(film['lines'][number], t)}")
    return targets


def address_of(line, t):
    """Name a frame as a link does; here from the data of the page alone."""
    name = "h_init" if line["result"] == "h[-1]" else line["result"].partition("[")[0]
    back = "back/" if line["phase"] == "backward" else ""
    return name if t is None else f"t={t}/{back}{name}"


def problem_with(link, site, page_path):
    """Say what is wrong with a link; nothing if it is right or leaves the site."""
    if urlsplit(link).scheme:
        return ""
    parts = urlsplit(urljoin(f"https://site/{page_path}", link))
    file = site / unquote(parts.path).lstrip("/")
    if not file.is_file():
        return f"{link}: there is no such file"
    fragment = unquote(parts.fragment)
    if fragment and file.suffix == ".html" and fragment not in targets_of(file):
        return f"{link}: the page has no such place"
    return ""


def test_every_link_within_the_site_leads_somewhere(site, page_path, source):
    links = [
        element[name]
        for name in ("href", "src")
        for element in source.select(f"[{name}]")
        if element[name] != "#"  # the theme's button for the top of the page
    ]
    assert len(links) > 10
    assert [text for text in (problem_with(link, site, page_path) for link in links) if text] == []


def test_the_root_leads_to_the_first_page(site):
    page = BeautifulSoup((site / "index.html").read_text("utf-8"), "html.parser")
    (refresh,) = page.select("meta[http-equiv=Refresh]")
    assert (site / refresh["content"].partition("url=")[2]).is_file()


@pytest.mark.parametrize(
    ("link", "problem"),
    [
        ("b.html#here", ""),
        ("https://example.org/", ""),
        ("b.html#nowhere", "the page has no such place"),
        ("c.html", "there is no such file"),
        ("#here", "the page has no such place"),
    ],
)
def test_a_broken_link_is_told_from_a_good_one(tmp_path, link, problem):
    (tmp_path / "a.html").write_text("<p>")
    (tmp_path / "b.html").write_text("<p id='here'>")
    assert problem in problem_with(link, tmp_path, "a.html")
    assert bool(problem) == bool(problem_with(link, tmp_path, "a.html"))


@pytest.mark.parametrize(
    ("html", "linked"),
    [
        ("<pre>See eq:a-b. Or: eq:c.</pre>", "<pre>See [eq:a-b]. Or: [eq:c].</pre>"),
        ("<div><div></div><p>eq:a</p></div>eq:b", "<div><div></div><p>[eq:a]</p></div>[eq:b]"),
        ("<script>eq:a</script>", "<script>eq:a</script>"),
        ('<p title="eq:a">req:a</p>', '<p title="eq:a">req:a</p>'),
    ],
)
def test_a_label_becomes_a_link_where_a_cell_shows_it_and_nowhere_else(html, linked):
    to_equations = runpy.run_path(str(EXTENSION))["to_equations"]
    page = '<div class="cell_input">eq:a</div><div class="cell_output x">{}</div><p>eq:a</p>'
    assert to_equations(page.format(html), "[{}]".format) == page.format(linked)
