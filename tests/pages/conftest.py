"""The built site, served to a real browser. `make book` builds it."""

import functools
import http.server
import threading
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from visits import visit

from browser import running_chromium

ROOT = Path(__file__).parents[2]


def pytest_addoption(parser):
    parser.addoption("--site", default="_build/html", help="the built site to test")


def site_of(config):
    return (ROOT / config.getoption("site", "_build/html")).resolve()


def pages_of(site):
    """List the pages of a site; the one at the root only leads to the first."""
    pages = sorted(page.relative_to(site).as_posix() for page in site.rglob("*.html"))
    return [page for page in pages if page != "index.html" and not page.startswith("_static")]


# Where all that a reader may change is changed. The steppers of other pages differ in their numbers
# only, and test_calculator.py compares random ones with rnnlib.
EXPERIMENTS = ("book/index.html", "book/06_bptt.html", "book/09_sequence_shapes.html")


def ways_of(page):
    """List in which light and width a page is looked at: what all pages share, in all four."""
    if page == "book/index.html":
        return [(mode, width) for mode in ("light", "dark") for width in (1280, 390)]
    ways = [("light", 1280), ("dark", 390)]
    if page.startswith("book/api_"):  # long, and made by one template: each in one of the two
        return [ways[len(page) % 2]]
    return ways


def pytest_generate_tests(metafunc):
    """Run a test once for each page; and, if it looks at a visit, in several lights and widths."""
    pages = pages_of(site_of(metafunc.config)) or ["no page"]
    if "learners" in metafunc.fixturenames:
        pages = [page for page in pages if page in EXPERIMENTS]
    ways = [(page, mode, width) for page in pages for mode, width in ways_of(page)]
    if "width" in metafunc.fixturenames:
        metafunc.parametrize(("page_path", "mode", "width"), ways)
    elif "page_path" in metafunc.fixturenames:
        metafunc.parametrize("page_path", pages)
    if "seen" in metafunc.fixturenames:
        metafunc.parametrize("seen", ways, ids=lambda way: "-".join(map(str, way)), indirect=True)


def pytest_collection_modifyitems(items):
    """Keep the tests of a page together, so that one browser visits it, once."""
    for item in items:
        params = item.callspec.params if hasattr(item, "callspec") else {}
        page = params.get("page_path") or params.get("seen", [item.name])[0]
        item.add_marker(pytest.mark.xdist_group(page))


@pytest.fixture(scope="session")
def site(pytestconfig):
    """The folder of the built site."""
    site = site_of(pytestconfig)
    if not pages_of(site):
        pytest.fail(f"There is no built site in {site}. Run `make book` first.")
    return site


@pytest.fixture(scope="session")
def address(site):
    """Where a server on this machine, and on no other, shows the site."""

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *args):
            pass

    handler = functools.partial(Handler, directory=site)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="session")
def chromium():
    """The browser that all tests share."""
    with running_chromium() as browser:
        yield browser


@pytest.fixture
def new_page(chromium):
    """Open pages in fresh contexts: ``new_page(java_script_enabled=False)``."""
    contexts = []

    def new_page(**options):
        contexts.append(chromium.new_context(**options))
        return contexts[-1].new_page()

    yield new_page
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def seen(request, chromium, address, site):
    """What was seen when a page was visited once, in one colour scheme and width."""
    page_path, mode, width = request.param
    pictures = site.parent / "screenshots"
    found = visit(chromium, address, page_path, mode, width, pictures)
    if found.shift > 0.1:  # a busy machine may paint before the style is there: look once more
        found = visit(chromium, address, page_path, mode, width, pictures)
    return found


@pytest.fixture
def source(site, page_path):
    """The HTML of a page, parsed."""
    return BeautifulSoup((site / page_path).read_text(encoding="utf-8"), "html.parser")
