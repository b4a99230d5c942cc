"""A page asks no other host for anything, and a folder on a disk is enough to read it."""

from visits import listen

IS_LOADED = """document.fonts.ready.then(fonts => [...fonts].some(
  font => font.family.includes("STIX Two Math") && font.status === "loaded"))"""


def test_no_request_leaves_the_site(seen):
    assert seen.strangers == []


def test_the_console_stays_silent(seen):
    assert seen.complaints == []


def test_a_page_opens_from_a_folder(site, page_path, new_page):
    page = new_page()
    _, strangers, complaints = listen(page, site.as_uri())
    page.goto((site / page_path).as_uri())
    assert (strangers, complaints) == ([], [])
    if page.locator("math").count():
        assert page.evaluate(IS_LOADED)


def test_search_finds_a_word_from_a_folder(site, new_page):
    page = new_page()
    page.goto((site / "search.html").as_uri() + "?q=state")
    page.locator("#search-results li a").first.wait_for(timeout=10_000)
