"""The pages of the reference have a place for every public name of rnnlib."""

from bs4 import BeautifulSoup

from rnnlib.api_sources import LIBRARY, public_names


def test_every_public_name_has_its_place_and_no_private_one(site):
    shown = [
        element["id"]
        for page in sorted(site.glob("book/api_*.html"))
        for element in BeautifulSoup(page.read_text("utf-8"), "html.parser").select("dt.sig[id]")
    ]
    names = {
        f"rnnlib.{path.stem}.{name}"
        for path in LIBRARY.glob("*.py")
        for name in public_names(path.read_text("utf-8"))
    }
    assert names - set(shown) == set()
    assert [name for name in shown if "._" in name] == []
    assert len(shown) == len(set(shown))
