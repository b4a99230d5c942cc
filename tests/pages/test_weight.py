"""A page is light: it is read on phones too. Bytes are those of a server that compresses."""

TEXT, WITH_STEPPER, OURS = 600_000, 750_000, 40_000


def test_a_page_is_light(seen):
    total = sum(seen.weights.values())
    heaviest = sorted(seen.weights.items(), key=lambda item: -item[1])[:5]
    assert total <= (WITH_STEPPER if seen.has_stepper else TEXT), heaviest


def test_our_own_script_and_style_are_small(site):
    static = site / "_static"
    ours = [static / "book.css", static / "palette.css", *static.glob("rnn-*")]
    assert sum(file.stat().st_size for file in ours) <= OURS
