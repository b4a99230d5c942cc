"""A picture says in words what it shows."""


def name_of(picture):
    if picture.name == "svg":
        return picture.get("aria-label") or (picture.title.get_text() if picture.title else "")
    return picture.get("alt", "")


def test_every_picture_has_an_alt_text_of_words(source):
    pictures = source.select("article img, article svg[role=img], article figure svg")
    wordless = [p for p in pictures if len(name_of(p).split()) < 5 or "_images/" in name_of(p)]
    assert [str(picture)[:200] for picture in wordless] == []


def test_our_figures_stand_in_the_page_itself(source):
    assert [image["src"] for image in source.select("figure img[src$='.svg']")] == []


def test_no_two_elements_share_an_id(source):
    ids = [element["id"] for element in source.select("[id]")]
    assert sorted(name for name in set(ids) if ids.count(name) > 1) == []
