"""The check laboratory on the page: what it says of a setting is what rnnlib measures."""

import numpy as np
import pytest
from visits import WIDER_THAN_WINDOW, listen, violations

from rnnlib.check_tables import SOUND, USUAL
from rnnlib.check_tuning import (
    LEVELS,
    PLANTED,
    RIGHT,
    TOLERANCES,
    CheckSetting,
    errors_of,
    missed_by,
    same_as_right,
)

SHOWN = """root => [...root.querySelectorAll("tr")].slice(1).map(row => [
  row.querySelector(".verdict").textContent, row.querySelector(".size").textContent])"""
CHOSEN = """root => [...root.querySelectorAll("fieldset")].map(
  lever => Number(lever.querySelector("input:checked").value))"""
HIDDEN = "is right here"  # what slips through, and would at any tolerance
SIZES = [*map(len, LEVELS.values()), len(TOLERANCES)]


@pytest.fixture
def lab_path(site):
    """The page with the laboratory."""
    pages = [p for p in site.rglob("book/*.html") if "<rnn-check-lab" in p.read_text("utf-8")]
    assert len(pages) == 1
    return pages[0].relative_to(site).as_posix()


@pytest.fixture
def lab(address, lab_path, new_page):
    page = new_page(viewport={"width": 1280, "height": 900})
    _, strangers, complaints = listen(page, address)
    page.goto(address + lab_path)
    yield page.locator(".rnn-lab")
    assert (strangers, complaints) == ([], [])


def choose(lab, levels):
    for lever, level in enumerate(levels):
        lab.locator("fieldset").nth(lever).locator(f"input[value='{level}']").check()


def levels_of(setting, tolerance):
    levels = [LEVELS[name].index(value) for name, value in setting._asdict().items()]
    return [*levels, TOLERANCES.index(tolerance)]


def said_of(lab):
    """Read the page: whether the right gradient passes, and which mistakes slip through."""
    [(right, _), *rows] = lab.evaluate(SHOWN)
    missed = [name for name, (verdict, _) in zip(PLANTED, rows, strict=True) if verdict != "caught"]
    return right == "passes", missed


def test_at_every_setting_the_page_says_what_rnnlib_measures(lab):
    rng = np.random.default_rng(0)
    for _ in range(30):
        levels = [int(level) for level in rng.integers(SIZES)]
        choose(lab, levels)
        assert lab.evaluate(CHOSEN) == levels
        names = zip(LEVELS.items(), levels[:-1], strict=True)
        errors = errors_of(CheckSetting(**{name: values[i] for (name, values), i in names}))
        tolerance = TOLERANCES[levels[-1]]
        # Errors of rounding differ from one machine to another, by less than ten times.
        if any(0.1 < error / tolerance < 10 for error in errors.values() if error < 1e-6):
            continue
        assert said_of(lab) == (errors[RIGHT] <= tolerance, missed_by(errors, tolerance))


def test_a_sound_setting_is_called_sound_and_a_lever_made_weak_is_not(lab):
    levels = levels_of(SOUND, USUAL)
    choose(lab, levels)
    assert lab.locator(".sentence").inner_text().startswith("Sound: all 20")
    assert said_of(lab) == (True, [])
    for lever in range(7):
        choose(lab, [*levels[:lever], 0, *levels[lever + 1 :]])
        assert "through." in lab.locator(".sentence").inner_text()
    choose(lab, [*levels[:-1], TOLERANCES.index(1e-12)])
    assert "so tight that the right gradient fails too" in lab.locator(".sentence").inner_text()


def test_what_no_tolerance_would_catch_is_told_from_what_is_small(lab):
    verdicts = [verdict for verdict, _ in lab.evaluate(SHOWN)][1:]
    hidden = [name for name, verdict in zip(PLANTED, verdicts, strict=True) if verdict == HIDDEN]
    assert hidden == same_as_right(CheckSetting(1, 1, 1, True, False, False, 0.001))
    assert "is too close" in verdicts
    assert f"{len(hidden)} are the right gradient here" in lab.locator(".sentence").inner_text()


def test_the_keyboard_moves_levers_opens_a_mistake_and_starts_over(lab):
    start = lab.evaluate(CHOSEN)
    first = lab.locator("input:checked").first
    first.focus()
    lab.page.keyboard.press("ArrowRight")
    assert lab.evaluate(CHOSEN) == [1, *start[1:]]
    lab.page.keyboard.press("Tab")
    lab.page.keyboard.press("ArrowRight")
    assert lab.evaluate(CHOSEN) == [1, 1, *start[2:]]
    lab.locator("summary").first.focus()
    lab.page.keyboard.press("Enter")
    assert lab.locator("details p").first.is_visible()
    lab.locator("button").focus()
    lab.page.keyboard.press("Enter")
    assert lab.evaluate(CHOSEN) == start


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("pixels", [1280, 390])
def test_the_laboratory_is_accessible_and_fits(address, lab_path, new_page, scheme, pixels, site):
    page = new_page(color_scheme=scheme, viewport={"width": pixels, "height": 844})
    page.goto(address + lab_path)
    lab = page.locator(".rnn-lab")
    for setting in (CheckSetting(1, 1, 1, 1, 0, 0, 0.001), SOUND):
        choose(lab, levels_of(setting, 1e-6))
        lab.evaluate("r => { for (const part of r.querySelectorAll('details')) part.open = true }")
        assert violations(page, "rnn-check-lab") == []
        assert page.evaluate(WIDER_THAN_WINDOW) <= 0
    for part in lab.locator("label, button").all():
        assert min(part.bounding_box()[side] for side in ("width", "height")) >= 36
    lab.screenshot(path=site.parent / "screenshots" / f"check_lab_{scheme}_{pixels}.png")


def test_without_a_script_the_table_of_weak_settings_is_there(address, lab_path, new_page):
    page = new_page(java_script_enabled=False)
    page.goto(address + lab_path)
    table = page.locator("rnn-check-lab table")
    assert table.is_visible()
    assert table.locator("tr").count() > 10
    assert "first step lost" in table.inner_text()


def test_the_laboratory_is_small(site):
    files = [site / "_static" / f"check-lab.{kind}" for kind in ("js", "css")]
    assert sum(file.stat().st_size for file in files) <= 40_000
