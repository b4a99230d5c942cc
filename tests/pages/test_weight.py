"""A page is light: it is read on phones too. Bytes are those of a server that compresses."""

import re

TEXT, WITH_STEPPER = 600_000, 750_000
SHARED, EACH = 80_000, 60_000  # of the steppers, as they are: nothing is compressed


def test_a_page_is_light(seen):
    total = sum(seen.weights.values())
    heaviest = sorted(seen.weights.items(), key=lambda item: -item[1])[:5]
    assert total <= (WITH_STEPPER if seen.has_stepper else TEXT), heaviest


def test_what_all_steppers_share_is_small(site):
    static = site / "_static"
    ours = [static / "book.css", static / "palette.css", *static.glob("rnn-*")]
    assert len(ours) == 4
    assert sum(file.stat().st_size for file in ours) <= SHARED


def test_each_stepper_is_small(site, page_path):
    page = (site / page_path).read_bytes()
    for element in re.findall(rb"<rnn-stepper.*?</rnn-stepper>", page, re.DOTALL):
        assert len(element) <= EACH, element[:40]
