"""Without JavaScript a page is still a page: text, equations, and every frame of a stepper."""

import json

import pytest

# The radio buttons of a player show each of its texts, without a script.
HIDDEN = """root => [...root.querySelectorAll("p, li, td, th, pre, h1, h2, h3, .displayed, figure")]
  .filter(element => element.textContent.trim() && !element.checkVisibility()
    && !element.closest("details:not([open]), .onlyprint, .dropdown-menu, .rnn-player, nav"))
  .map(element => element.outerHTML.slice(0, 160))"""


@pytest.fixture
def main(address, page_path, new_page):
    page = new_page(java_script_enabled=False)
    page.goto(address + page_path)
    return page.locator("main")


def test_all_text_can_be_read(main):
    assert main.evaluate(HIDDEN) == []


def test_a_stepper_shows_every_frame(main):
    for stepper in main.locator("rnn-stepper").all():
        assert stepper.locator(".rnn-transcript").is_visible()
        frames = json.loads(stepper.locator("script").text_content())["walk"]
        assert stepper.locator(".rnn-transcript li").count() == len(frames) > 3


def test_a_player_shows_each_of_its_texts(main):
    for player in main.locator(".rnn-player").all():
        texts = player.locator(".frames > div > pre").all()
        assert len(texts) == player.locator("label").count() > 1
        for k, label in enumerate(player.locator("label").all()):
            label.locator("input").check()
            assert [text.is_visible() for text in texts] == [i == k for i in range(len(texts))]
