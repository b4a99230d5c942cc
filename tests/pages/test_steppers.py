"""Every stepper of every page, walked as a reader walks it: by keyboard, by button, by link."""

import contextlib
import functools
import io
import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from visits import WIDER_THAN_WINDOW, violations

import rnnlib.stepper
from rnnlib.film import is_given, node_of

ROOT = Path(__file__).parents[2]

SNAPSHOT = """root => ({
  address: root.dataset.address,
  count: root.querySelector(".count").textContent,
  sentence: root.querySelector(".sentence").textContent,
  code: root.querySelector(".code").textContent,
  equation: root.querySelectorAll(".equation .symbol").length,
  tables: Object.fromEntries([...root.querySelectorAll(".matrices [data-key]")].map(box => [
    box.dataset.key,
    [...box.querySelectorAll("tr")]
      .map(row => [...row.querySelectorAll("td")].map(cell => cell.textContent))
      .filter(row => row.some(text => text)),
  ])),
  done: [...root.querySelectorAll(".node.done")].map(node => node.dataset.key).sort(),
  now: [...root.querySelectorAll(".node.now")].map(node => node.dataset.key).sort(),
  edges: [...root.querySelectorAll(".edge.now")].map(e => [e.dataset.from, e.dataset.to]).sort(),
})"""


# The numbers as they stand: keys of matrices, and what is written between them.
ROW = """root => [...root.querySelectorAll(".matrices :is(.sign, .term > [data-key])")].map(
  part => part.dataset.key || part.textContent)"""
SIGNS = {r"\tanh": "tanh", r"\odot": "⊙", r"\otimes": "⊗", r"\log": "log", "-": "−"}
SIGNS |= {r"\sum_n": "∑n", r"\sum_k": "∑k", r"\sum_n \log": "∑nlog", r"\exp": "exp"}
SIGNS |= {rf"\mathrm{{{name}}}": name for name in ("softmax", "sigmoid", "relu", "diag")}
SIGNS |= {r"\max": "max"}

# The page itself is looked at in test_accessibility; here, what is not the stepper only costs time.
ALONE = """root => {
  for (let part = root; part.tagName !== "ARTICLE"; part = part.parentElement) {
    for (const other of [...part.parentElement.children]) if (other !== part) other.remove();
  }
}"""


@functools.cache
def films_of(page_path):
    """Run the code of a chapter afresh, here, and collect the films of its steppers by name."""
    made, original = {}, rnnlib.stepper.Stepper.__init__

    def record(self, film, name, position=0):
        original(self, film, name, position)
        made[name] = self

    chapter = json.loads((ROOT / page_path).with_suffix(".ipynb").read_text())
    room = {}
    rnnlib.stepper.Stepper.__init__ = record
    try:
        with contextlib.chdir(ROOT / "book"), contextlib.redirect_stdout(io.StringIO()):
            for cell in chapter["cells"]:
                if cell["cell_type"] == "code":
                    exec("".join(cell["source"]), room)
    finally:
        rnnlib.stepper.Stepper.__init__ = original
    return {name: stepper.film for name, stepper in made.items()}


@pytest.fixture
def steppers(source, page_path):
    """The names of the steppers of a page; on a page without any there is nothing to walk."""
    names = [element["id"] for element in source.select("rnn-stepper")]
    if names:
        assert set(films_of(page_path)) == set(names)
    return names


def as_text(array):
    """Print numbers as the book does, written here a second time."""
    table = np.atleast_2d(array)
    whole = table.dtype.kind == "i" or (table.size > 1 and np.isin(table, (0, 1)).all())
    form = "{:.0f}" if whole else "{:.2f}"
    rows = [[form.format(number) for number in row] for row in table]
    return [["0.00" if n == "-0.00" else n.replace("-", "−") for n in row] for row in rows]


def expected(film, position):
    """What a frame must show, from the arrays of a fresh run."""
    frame, known = film.frames[position], film.computed(position)
    nodes = {node.key for node in film.graph.nodes}
    keys = {*frame.operands, frame.result}
    if frame.quantity == "h_init":
        keys |= {key for key in known if "[" not in key and is_given(film, key)}
    return {
        "address": film.address(position),
        "count": f"{frame.phase} · frame {position + 1} of {len(film.frames)}",
        "sentence": frame.sentence,
        "code": frame.code,
        "equation": sum(part in film.values for part in frame.equation),
        "tables": {key: as_text(film.values[key].array) for key in keys},
        "done": sorted(nodes & {*map(node_of, known)}),
        "now": sorted(nodes & {*map(node_of, (*frame.operands, frame.result))}),
        "edges": sorted(
            [edge.source, edge.end]
            for edge in film.graph.edges
            if edge.end == frame.result and edge.source in {*map(node_of, frame.operands)}
        ),
    }


def open_stepper(page, address, name):
    page.goto(address)
    root = page.locator(f"rnn-stepper[id='{name}'] .rnn-stepper")
    root.wait_for()
    return root


def open_at_the_start(page, page_address, name, film):
    """Open a stepper at its first frame: a chapter may begin its walk at another."""
    return open_stepper(page, f"{page_address}#{name}/{film.address(0)}", name)


def test_walks_by_keyboard_to_the_end_and_back_with_the_numbers_of_rnnlib(
    address, page_path, new_page, steppers
):
    for name in steppers:
        page = new_page()
        film = films_of(page_path)[name]
        root = open_at_the_start(page, address + page_path, name, film)
        last = len(film.frames) - 1
        root.focus()
        for key, positions in (
            (None, [0]),
            ("ArrowRight", range(1, last + 1)),
            ("ArrowLeft", range(last - 1, -1, -1)),
            ("End", [last]),
            ("Home", [0]),
        ):
            for position in positions:
                if key:
                    page.keyboard.press(key)
                assert root.evaluate(SNAPSHOT) == expected(film, position)


def test_the_row_of_numbers_has_every_sign_and_bracket_of_the_equation(
    address, page_path, new_page, steppers
):
    for name in steppers:
        root = open_stepper(new_page(), address + page_path, name)
        film = films_of(page_path)[name]
        for position, frame in enumerate(film.frames):
            if len(frame.equation) == 1:
                continue
            root.locator(".controls input").fill(str(position))
            wanted = []
            for before, part in itertools.pairwise(("", *frame.equation[2:])):
                is_factor = part in film.values or part == "("
                if is_factor and (before in film.values or before == ")"):
                    wanted.append("@")
                wanted.append(part if part in film.values else SIGNS.get(part, part))
            assert root.evaluate(ROW) == [*wanted, "=", frame.result]


def test_every_button_does_what_it_says(address, page_path, new_page, steppers):
    for name in steppers:
        film = films_of(page_path)[name]
        root = open_at_the_start(new_page(), address + page_path, name, film)
        last = len(film.frames) - 1
        for action, position in (
            ("forward", 1), ("forward", 2), ("back", 1), ("last", last), ("forward", last),
            ("first", 0), ("back", 0),
        ):  # fmt: skip
            root.locator(f"[data-action={action}]").click(force=True)  # also where it is dimmed
            assert root.evaluate(SNAPSHOT)["address"] == film.address(position)
        root.locator(".controls input").fill(str(last - 1))
        assert root.evaluate(SNAPSHOT) == expected(film, last - 1)


def test_plays_on_the_space_key_and_stops_at_the_end(address, page_path, new_page, steppers):
    for name in steppers:
        page = new_page()
        page.clock.install(time=0)
        film = films_of(page_path)[name]
        root = open_at_the_start(page, address + page_path, name, film)
        page.clock.pause_at(3_600)  # from here on, no time passes but what we let pass
        root.focus()
        page.keyboard.press(" ")
        assert root.locator("[data-action=play]").get_attribute("aria-label") == "Pause"
        for position in range(1, len(film.frames)):
            page.clock.run_for(1400)
            assert root.evaluate(SNAPSHOT)["address"] == film.address(position)
        page.clock.run_for(5000)
        assert root.locator("[data-action=play]").get_attribute("aria-label") == "Play"


def test_a_link_opens_its_frame_scrolls_to_it_and_focuses_it(
    address, page_path, new_page, steppers
):
    for name in steppers:
        film = films_of(page_path)[name]
        for position in (1, len(film.frames) // 2, len(film.frames) - 1):
            page = new_page(viewport={"width": 1280, "height": 900})
            link = f"{address}{page_path}#{name}/{film.address(position)}"
            root = open_stepper(page, link, name)
            assert root.evaluate(SNAPSHOT) == expected(film, position)
            assert root.evaluate("root => root === document.activeElement")
            box = root.bounding_box()
            assert box["y"] < 450 < box["y"] + box["height"]


def test_the_link_button_puts_the_frame_into_the_address(address, page_path, new_page, steppers):
    for name in steppers:
        page = new_page(permissions=["clipboard-read", "clipboard-write"])
        root = open_stepper(page, address + page_path, name)
        root.locator("[data-action=last]").click()
        root.locator("[data-action=link]").click()
        root.locator(".rnn-note").wait_for()
        film = films_of(page_path)[name]
        assert page.url == f"{address}{page_path}#{name}/{film.address(len(film.frames) - 1)}"
        assert page.evaluate("navigator.clipboard.readText()") == page.url


def test_an_arrow_key_goes_to_the_stepper_in_sight(address, page_path, new_page, steppers):
    for name in steppers:
        page, film = new_page(), films_of(page_path)[name]
        root = open_stepper(page, address + page_path, name)
        root.evaluate("root => root.scrollIntoView({block: 'center', behavior: 'instant'})")
        before = root.evaluate(SNAPSHOT)["address"]
        addresses = [*map(film.address, range(len(film.frames)))]
        page.keyboard.press("ArrowRight")
        after = root.evaluate(SNAPSHOT)["address"]
        assert after == addresses[addresses.index(before) + 1]


def listed(film):
    """Keys of the values that the table of all numbers holds, each with its row and column."""
    timed = any(frame.t is not None for frame in film.frames)
    for key in dict.fromkeys(k for f in film.frames for k in (*f.operands, f.result)):
        if node_of(key) != key:  # a transpose, a square, a sum as it grows
            continue
        quantity, bracket, step = key.removesuffix("]").partition("[")
        if bracket:
            yield key, quantity, int(step) + 1  # the first column is t = -1
        elif not (timed and is_given(film, key)):
            yield key, quantity, 0


def test_what_is_not_computed_yet_is_a_dash_in_the_table_of_all_numbers(
    address, page_path, new_page, steppers
):
    for name in steppers:
        root = open_stepper(new_page(), address + page_path, name)
        film = films_of(page_path)[name]
        places = list(listed(film))
        root.locator(".numbers summary").click()
        last = len(film.frames) - 1
        for position in (0, min(8, last - 1), last):
            root.locator(".controls input").fill(str(position))
            rows = root.locator(".numbers tr").all()
            shown = {
                row.locator("th").inner_text().removesuffix("[t]"): row.locator(
                    "td"
                ).all_inner_texts()
                for row in rows[1:]
            }
            assert set(shown) == {quantity for _, quantity, _ in places}
            known = film.computed(position)
            for key, quantity, column in places:
                text = "\n".join(map(" ".join, as_text(film.values[key].array)))
                assert shown[quantity][column] == (text if key in known else "–")
            assert position == last or any("–" in cells for cells in shown.values())


def test_first_middle_and_last_frame_are_accessible_and_fit(
    address, page_path, new_page, steppers, mode, width, site
):
    for name in steppers:
        page = new_page(color_scheme=mode, viewport={"width": width, "height": 844})
        root = open_stepper(page, address + page_path, name)
        root.locator(".numbers summary").click()
        element = page.locator(f"rnn-stepper[id='{name}']")
        frames = len(films_of(page_path)[name].frames)
        for position in (0, frames // 2, frames - 1):
            root.locator(".controls input").fill(str(position))
            assert page.evaluate(WIDER_THAN_WINDOW) <= 0
        element.evaluate(ALONE)
        for position in (0, frames // 2, frames - 1):
            root.locator(".controls input").fill(str(position))
            assert violations(page, f"rnn-stepper[id='{name}']") == []
            root.screenshot(
                path=site.parent / "screenshots" / f"stepper_{name}_{mode}_{width}_{position}.png"
            )
        for button in root.locator("button").all():
            box = button.bounding_box()
            assert min(box["width"], box["height"]) >= 40


def test_the_stepper_does_not_change_its_height_from_frame_to_frame(
    address, page_path, new_page, steppers
):
    for name in steppers:
        for width in (1280, 390):
            page = new_page(viewport={"width": width, "height": 900})
            root = open_stepper(page, address + page_path, name)
            heights = set()
            for position in range(len(films_of(page_path)[name].frames)):
                root.locator(".controls input").fill(str(position))
                heights.add(root.evaluate("root => root.offsetHeight"))
            assert max(heights) - min(heights) <= 1, f"at {width} px: {sorted(heights)}"


def test_without_javascript_every_frame_can_be_read(address, page_path, new_page, steppers):
    for name in steppers:
        page = new_page(java_script_enabled=False)
        page.goto(address + page_path)
        check_transcript(page, name, films_of(page_path)[name])


def test_in_print_every_frame_can_be_read(address, page_path, new_page, steppers):
    for name in steppers:
        page = new_page()
        root = open_stepper(page, address + page_path, name)
        page.emulate_media(media="print")
        check_transcript(page, name, films_of(page_path)[name])
        assert not root.is_visible()


def check_transcript(page, name, film):
    transcript = page.locator(f"rnn-stepper[id='{name}'] .rnn-transcript")
    assert transcript.is_visible()
    items = transcript.locator("ol > li").all()
    assert len(items) == len(film.frames)
    for item, frame in zip(items, film.frames, strict=True):
        code, sentence, *numbers = item.inner_text().split("\n")
        assert (code, sentence) == (frame.code, frame.sentence)
        assert [line.split() for line in numbers] == as_text(film.values[frame.result].array)


def test_works_from_a_folder_without_a_server(site, page_path, new_page, steppers):
    for name in steppers:
        page = new_page()
        page.complaints = []
        page.on("pageerror", lambda error, page=page: page.complaints.append(str(error)))
        root = open_stepper(page, (site / page_path).as_uri(), name)
        root.focus()
        page.keyboard.press("End")
        film = films_of(page_path)[name]
        assert root.evaluate(SNAPSHOT) == expected(film, len(film.frames) - 1)
        assert page.complaints == []
