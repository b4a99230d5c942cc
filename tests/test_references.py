"""Every work that a chapter cites is in one file, and what is printed beside a link agrees."""

import re
import unicodedata

import pytest
from pybtex.database import parse_file

from chapters import NAMES, ROOT, cells

PAGE = "book/references"
WORKS = parse_file(str(ROOT / "book" / "references.bib")).entries
ADDRESSES = {"doi": "https://doi.org/{}", "url": "{}", "eprint": "https://arxiv.org/abs/{}"}
MARKED = re.compile(r"https?://(?:(?:dx\.)?doi\.org|arxiv\.org)/[^\s)>\"]+")
CHAPTERS = [name for name in NAMES if re.search(r"/\d\d_", name)]

each_work = pytest.mark.parametrize("key", WORKS)
each_chapter = pytest.mark.parametrize("chapter", CHAPTERS)


def addresses(work):
    """List the links that lead to a work."""
    return [
        to.format(work.fields[field]) for field, to in ADDRESSES.items() if field in work.fields
    ]


BY_ADDRESS = {link: key for key, work in WORKS.items() for link in addresses(work)}


def prose(name):
    return "\n\n".join(cell.source for cell in cells(name, "markdown"))


def items(text):
    """List the items of the lists in a text, each as one line."""
    return [" ".join(item.split()) for item in re.findall(r"^- .+(?:\n  .+)*", text, re.M)]


def plain(text):
    return unicodedata.normalize("NFKD", text).casefold()


def surnames(work):
    return [" ".join(person.last_names) for person in work.persons["author"]]


def problems_beside(item):
    """List what an item says of the works it links to, and what their entries do not."""
    found = []
    for place in re.finditer(r"\]\((https?://[^)\s]+)\)", item):
        key = BY_ADDRESS.get(place[1])
        if key is None:
            if MARKED.fullmatch(place[1]):
                found.append(f"{place[1]} is not in references.bib")
            continue
        work = WORKS[key]
        before = re.sub(r"[*“”\"]?\[[^\]]*$", "", item[: place.start()])
        printed = re.search(r"([^;:]*)$", before.removeprefix("- "))[1]
        wanted = surnames(work)[:1] if "et al." in printed else surnames(work)
        found += [f"{key}: {n} is missing" for n in wanted if plain(n) not in plain(printed)]
        if "et al." not in printed and len(
            re.findall(r"[^\W\d_]\. (?=[^\W\d_]{2})", printed)
        ) != len(wanted):
            found.append(f"{key}: expected {len(wanted)} authors in {printed!r}")
        title = re.search(r"\[([^\]]*)$", item[: place.start()])[1].strip("*")
        if plain(title.replace("*", "")) not in plain(work.fields["title"]):
            found.append(f"{key}: the title is not {title!r}")
        rest = item[place.end() :]
        years = re.findall(r"\b(?:19|20)\d\d\b", re.sub(r"arXiv:[\d.]+", "", rest))
        if work.fields["year"] not in years[:1]:
            found.append(f"{key}: {work.fields['year']}, and not {years[:1]}")
        pages = re.search(r"(\d+)–(\d+)", rest.partition(". ")[0])
        if (
            pages
            and work.type != "online"
            and "--".join(pages.groups()) != work.fields.get("pages")
        ):
            found.append(f"{key}: pages {work.fields.get('pages')}, and not {pages[0]}")
        if (volume := re.search(r"\* (\d+) \(", rest)) and volume[1] != work.fields.get("volume"):
            found.append(f"{key}: volume {work.fields.get('volume')}, and not {volume[1]}")
    return found


@each_chapter
def test_every_doi_and_arxiv_number_of_a_chapter_is_in_the_file(chapter):
    links = set(MARKED.findall(prose(chapter)))
    assert links <= set(BY_ADDRESS)


@each_chapter
def test_every_work_under_further_reading_is_in_the_file_or_recommended_by_a_document(chapter):
    reading = prose(chapter).partition("## Further reading")[2]
    links = set(re.findall(r"\((https?://[^)\s]+)\)", reading))
    assert links
    assert links <= set(BY_ADDRESS) | set(re.findall(r"\((https?://[^)\s]+)\)", prose(PAGE)))


@each_chapter
def test_names_title_year_volume_and_pages_beside_a_link_agree_with_the_file(chapter):
    reading = items(prose(chapter).partition("## Further reading")[2])
    assert reading
    assert [problem for item in reading for problem in problems_beside(item)] == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("Elman", "Ellman"),
        ("1990", "1991"),
        ("179", "178"),
        ("14 (", "13 ("),
        ("structure", "structures"),
        ("J. L.", "A. Person and J. L."),
        ("cog1402_1", "cog1402_2"),
    ],
)
def test_a_slip_beside_a_link_is_seen(right, wrong):
    item = (
        'J. L. Elman, "[Finding structure in time](https://doi.org/10.1207/s15516709cog1402_1)", '
        "*Cognitive Science* 14 (1990) 179–211. The ancestor."
    )
    assert problems_beside(item) == []
    assert right in item
    assert problems_beside(item.replace(right, wrong, 1))


@each_work
def test_an_entry_is_complete(key):
    work = WORKS[key]
    assert surnames(work)
    assert re.fullmatch(r"(19|20)\d\d", work.fields["year"])
    assert work.fields["title"]
    assert addresses(work)
    venue = {"article": "journal", "inproceedings": "booktitle", "incollection": "booktitle"}
    wanted = venue.get(
        work.type, {"book": "publisher", "misc": "eprint", "online": "url"}.get(work.type)
    )
    assert wanted in work.fields
    if work.type == "article":
        assert {"volume", "pages"} <= set(work.fields)


@each_work
def test_an_annotation_is_one_short_sentence(key):
    assert re.fullmatch(r"[A-Z][^.?!]{20,130}\.", WORKS[key].fields["annote"])


@each_work
def test_a_key_is_the_first_author_and_the_year(key):
    first = plain(surnames(WORKS[key])[0])
    assert key.startswith(first + WORKS[key].fields["year"])


def test_no_work_and_no_key_is_there_twice():
    text = (ROOT / "book" / "references.bib").read_text(encoding="utf-8")
    keys = re.findall(r"^@\w+\{(.+),$", text, re.M)
    assert keys == list(WORKS)
    assert len(BY_ADDRESS) == sum(len(addresses(work)) for work in WORKS.values())
    titles = [plain(work.fields["title"]) for work in WORKS.values()]
    assert len(set(titles)) == len(titles)


def listed():
    """List the items that the page shows."""
    [shown] = [
        output.data["text/markdown"]
        for cell in cells(PAGE, "code")
        for output in cell.outputs
        if "text/markdown" in output.get("data", {})
    ]
    return items(shown)


def test_the_page_lists_every_work_once_in_the_order_of_authors():
    links = [re.search(r"\]\((\S+)\)", item)[1] for item in listed()]
    assert sorted(BY_ADDRESS[link] for link in links) == sorted(WORKS)
    keys = [BY_ADDRESS[link] for link in links]
    names = [(plain(surnames(WORKS[key])[0]), WORKS[key].fields["year"]) for key in keys]
    assert names == sorted(names)


def test_the_page_says_which_chapters_cite_a_work():
    for item in listed():
        key = BY_ADDRESS[re.search(r"\]\((\S+)\)", item)[1]]
        citing = {c for c in CHAPTERS if any(f"({a})" in prose(c) for a in addresses(WORKS[key]))}
        assert set(re.findall(r"\((\w+)\.ipynb#", item)) == {
            c.removeprefix("book/") for c in citing
        }
        assert WORKS[key].fields["annote"] in item


@pytest.mark.parametrize("number", ["000", "001", "002", "003", "004"])
def test_a_chapter_that_mirrors_a_document_names_it(number):
    entry = re.search(rf"^\*\*{number}\*\*\n: .+(?:\n  .+)*", prose(PAGE), re.M)[0]
    mirrors = re.findall(r"\((\d\d_\w+)\.ipynb\)", entry)
    assert mirrors
    for chapter in mirrors:
        assert re.search(rf"\b{number}\b", prose(f"book/{chapter}"))
