"""What a reader may change in a stepper: every number that follows is the one rnnlib computes."""

import json

import numpy as np
import pytest
from test_steppers import ALONE, SNAPSHOT, as_text, films_of, open_stepper
from test_steppers import expected as shown_at
from visits import WIDER_THAN_WINDOW, listen, violations

from choices import as_chosen, case_of, chosen
from rnnlib.film import node_of
from rnnlib.printing import format_number

STRIPS = """root => [...root.querySelectorAll(".strip")].map(strip => [
  strip.dataset.key,
  [...strip.querySelectorAll("rect")].map(cell =>
    (cell.classList.contains("negative") ? -1 : 1) * cell.getAttribute("fill-opacity")),
])"""
STRUCK = """root => [...new Set([...root.querySelectorAll(".symbol.off, .matrices .off")].map(
  part => part.dataset.key))]"""
LENGTHS = """root => [...root.querySelectorAll(".changes tr")].slice(1).map(
  row => [...row.querySelectorAll("td")].map(cell => cell.textContent))"""
WALK = f"""(root, frames) => Array.from({{length: frames}}, () => {{
  const seen = ({SNAPSHOT})(root);
  root.dispatchEvent(new KeyboardEvent("keydown", {{key: "ArrowRight"}}));
  return seen;
}})"""
LINKED = """root => [...root.querySelectorAll(".linked")].map(part => [
  part.matches(".node, .strip") ? "graph" : part.matches(".symbol") ? "equation"
    : part.closest(".code") ? "code" : part.parentElement.matches(".term") ? "matrix" : "another",
  part.dataset.key])"""
TOUCH = """root => [root.querySelector(".panel"), ...root.querySelectorAll(".panel *")]
  .filter(part => {
    const {touchAction, overflowX, overscrollBehaviorX} = getComputedStyle(part);
    if (overflowX === "auto") return overscrollBehaviorX !== "contain";
    return part.matches(".panel") && touchAction !== "pan-y pinch-zoom";
  }).map(part => part.className)"""
MARKED = "root => [...root.querySelectorAll('.marked')].length"
STORED = "[Object.keys(localStorage).sort(), sessionStorage.length, document.cookie]"
# A second stepper from the data of the first, as on a page with two.
COPY = """element => {
  const copy = document.createElement("rnn-stepper");
  copy.id = "copy";
  copy.append(...[...element.children].slice(0, 2).map(part => part.cloneNode(true)));
  element.after(copy);
}"""


@pytest.fixture
def learners(address, page_path, new_page, source):
    """Each stepper of a page that walks back through the plain network, and its film."""
    found = []
    for element in source.select("rnn-stepper"):
        film = films_of(page_path)[element["id"]]
        if "message" not in film.switches or as_chosen(film).frames != film.frames:
            continue
        page = new_page(viewport={"width": 1280, "height": 900}, has_touch=True)
        page.strangers, page.complaints = listen(page, address)[1:]
        found.append((open_stepper(page, address + page_path, element["id"]), film))
    yield found
    for root, _ in found:
        assert (root.page.strangers, root.page.complaints) == ([], [])


def test_there_is_a_page_to_experiment_on(site):
    assert any('"message"' in page.read_text("utf-8") for page in site.rglob("book/*.html"))


def position_of(film, result):
    return next(i for i, frame in enumerate(film.frames) if frame.result == result)


def go(root, position):
    root.locator(".controls input").fill(str(position))


def open_panel(root):
    root.locator(".experiments").evaluate("panel => { panel.open = true; }")


def choose(root, name, value):
    """Choose in the panel, from a list or with a slider."""
    part = root.locator(f"[data-choose={name}]")
    if name in ("wiring", "key", "i", "j"):
        part.select_option(str(value))
    else:
        part.fill(str(value))


def drag(root, key, i, j, number):
    for name, value in (("key", key), ("i", i), ("j", j), ("value", number)):
        choose(root, name, value)


def undo(root):
    root.locator("[data-action=reset]").click()


def tab_to(page, selector):
    """Press Tab until the focus is there, as a reader without a mouse does."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"Tab does not reach {selector}")


def check(root, made, **choices):
    """Walk from the first frame to the last: each shows what rnnlib computes for the choices."""
    film = as_chosen(made, **choices)
    go(root, 0)
    walked = root.evaluate(WALK, len(film.frames))
    for position, shown in enumerate(walked):
        assert shown == shown_at(film, position)
    check_strips(root, made, film)
    assert root.evaluate(LENGTHS) == lengths(made, film)


def check_strips(root, made, film):
    """A shade is the root of the share of the largest number of its kind, as made."""
    there = film.computed(len(film.frames) - 1)
    for key, shades in root.evaluate(STRIPS):
        if key in there:
            row = np.atleast_2d(film.values[key].array)[0]
            wanted = np.sqrt(np.minimum(1, np.abs(row) / (made.scale(key) or 1)))
            np.testing.assert_allclose(np.abs(shades), wanted, atol=0.0051, err_msg=key)
            seen = wanted > 0.006
            assert np.array_equal(np.sign(shades)[seen], np.sign(row)[seen]), key


def lengths(made, now):
    """The table of lengths: of each gradient as made, as it is now, and of the difference."""
    rows = []
    for key in sorted(k for k in made.values if k.startswith("gradient") and k.endswith("[0]")):
        before, after = made.values[key].array, now.values[key].array
        old, change = np.linalg.norm(before), np.linalg.norm(after - before)
        words = f"differs by {format_number(100 * change / old, 1)} %"
        rows.append([format_number(old, 3), format_number(np.linalg.norm(after), 3)])
        rows[-1].append(words if change > 1e-12 else "the same")
    losses = [format_number(float(film.values["L"].array), 3) for film in (made, now)]
    return [*rows, [*losses, "nats"]]


def test_the_recurrent_arrow_is_cut_and_mended_by_keyboard(learners):
    for root, film in learners:
        page, t = root.page, (film.T - 1) // 2
        go(root, position_of(film, f"delta_h[{t}]"))
        before = root.evaluate(SNAPSHOT)
        root.focus()
        tab_to(page, ".experiments summary")
        page.keyboard.press("Enter")
        tab_to(page, f"[data-off='message[{t}]']")
        page.keyboard.press("Space")
        cut = as_chosen(film, off=[f"message[{t}]"])
        assert root.evaluate(SNAPSHOT) == shown_at(cut, position_of(film, f"delta_h[{t}]"))
        assert root.evaluate(SNAPSHOT)["sentence"] != before["sentence"]
        assert root.evaluate(STRUCK) == [f"message[{t}]"]
        struck = root.locator(".symbol.off math")
        assert "line-through" in struck.evaluate("part => getComputedStyle(part).textDecoration")
        assert root.locator(".edge.off").count() == 2
        check(root, film, off=[f"message[{t}]"])
        changed = {row[2] for row in root.evaluate(LENGTHS)}
        assert len(changed) > 2
        page.locator(f"[data-off='message[{t}]']").focus()
        tab_to(page, "[data-action=reset]")
        page.keyboard.press("Enter")
        check(root, film)
        assert root.evaluate(STRUCK) == []


def test_without_a_loss_or_an_input_the_numbers_are_those_of_rnnlib(learners):
    for root, film in learners:
        open_panel(root)
        go(root, position_of(film, f"a[{film.T - 1}]"))
        marked = root.evaluate(MARKED)
        for key in (f"loss[{film.T - 1}]", f"x[{film.T - 1}]"):
            root.locator(f"[data-off='{key}']").uncheck()
            check(root, film, off=[key])
            go(root, position_of(film, key))
            assert key in root.evaluate(STRUCK)
            if key.startswith("x"):  # an input of zeros picks no row
                go(root, position_of(film, f"a[{film.T - 1}]"))
                assert root.evaluate(MARKED) == 0 < marked
            root.locator(f"[data-off='{key}']").check()
        check(root, film)


def wirings(T):
    """Each choice of the list, written a second time: what it switches off."""
    steps = range(T)
    return {
        "every step has a loss": [],
        "many to one: only the last loss": [f"loss[{t}]" for t in steps[:-1]],
        "one to many: only the first input": [f"x[{t}]" for t in steps[1:]],
        "first read, then write": [f"loss[{t}]" if 2 * t < T else f"x[{t}]" for t in steps],
        "truncated: messages over one step only": [f"message[{t}]" for t in steps[1:-1:2]],
        "truncated: no messages at all": [f"message[{t}]" for t in steps[:-1]],
    }


def test_each_wiring_of_the_list_gives_the_numbers_of_rnnlib(learners):
    for root, film in learners:
        open_panel(root)
        listed = root.locator("[data-choose=wiring] option:not([hidden])").all_inner_texts()
        assert listed == list(wirings(film.T))
        for name, off in wirings(film.T).items():
            choose(root, "wiring", name)
            check(root, film, off=off)
            boxes = root.locator("[data-off]:not(:checked)")
            assert {box.get_attribute("data-off") for box in boxes.all()} == {*off}
        undo(root)
        assert root.locator("[data-choose=wiring]").input_value() == listed[0]


def test_a_shorter_walk_is_walked_to_its_end_by_keyboard(learners):
    for root, film in learners:
        open_panel(root)
        for steps in range(1, film.T + 1):
            choose(root, "steps", steps)
            short = as_chosen(film, steps)
            go(root, 0)
            root.focus()
            for position in range(len(short.frames)):
                assert root.evaluate(SNAPSHOT) == shown_at(short, position)
                root.page.keyboard.press("ArrowRight")
            assert root.locator(".node.gradient .number").first.text_content() == (
                f"{steps} of {steps} step{'s' * (steps > 1)}"
            )
            check_strips(root, film, short)
        # Many to one keeps the last loss of the walk, however short; at the end nothing is lost.
        choose(root, "wiring", "many to one: only the last loss")
        root.focus()
        root.page.keyboard.press("End")
        for steps in (*range(film.T - 1, 0, -1), film.T):
            choose(root, "steps", steps)
            check(root, film, steps=steps, off=[f"loss[{t}]" for t in range(steps - 1)])


def test_a_dragged_number_moves_every_other_as_in_rnnlib(learners):
    for root, film in learners:
        open_panel(root)
        for key, i, j in (("W_hh", 1, 0), ("b_y", 0, 1), ("x[0]", 0, 1), ("h[-1]", 0, 2)):
            drag(root, key, i, j, 0.77)
            changes = {key: {f"{i},{j}": 0.77}}
            check(root, film, changes=changes)
            root.locator("[data-choose=value]").focus()
            root.page.keyboard.press("ArrowRight")
            assert root.locator("[data-choose=value] + output").inner_text() == "0.78"
            check(root, film, changes={key: {f"{i},{j}": 0.78}})
            undo(root)
        check(root, film)


def test_choices_add_up_and_are_undone_at_once(learners):
    for root, film in learners:
        open_panel(root)
        steps = film.T - 1
        off = ["x[1]", "message[0]", "loss[0]"]
        drag(root, "W_hh", 0, 1, -1.5)
        drag(root, "W_xh", 0, 0, 2)
        for key in off:
            root.locator(f"[data-off='{key}']").uncheck()
        choose(root, "steps", steps)
        assert root.locator("[data-choose=wiring]").input_value() == "your own"
        check(root, film, steps=steps, off=off, changes={"W_hh": {"0,1": -1.5}, "W_xh": {"0,0": 2}})
        undo(root)
        check(root, film)


def test_the_spectral_radius_is_the_largest_size_of_an_eigenvalue(learners):
    turn = np.array([[0.6, -0.8, 0], [0.8, 0.6, 0], [0, 0, 0.5]])
    jordan = np.array([[1.5, 1, 0], [0, 1.5, 1], [0, 0, 1.5]])
    for root, film in learners:
        open_panel(root)
        text = root.locator("[data-choose=scale] + output")
        W_hh = case_of(film)[0].params.W_hh
        for factor in (0.0, 0.5, 1.0, 2.4):
            choose(root, "scale", factor)
            radius = np.abs(np.linalg.eigvals(factor * W_hh)).max()
            assert text.inner_text() == (
                f"{format_number(factor)}, spectral radius {format_number(radius)}"
            )
        cells = {f"{i},{j}": 2.4 * W_hh[i, j] for i, j in np.ndindex(*W_hh.shape)}
        check(root, film, changes={"W_hh": cells})
        choose(root, "key", "W_hh")
        for matrix in (turn, jordan, np.eye(3, k=1), 2 * np.eye(3, k=-1)):
            for (i, j), number in np.ndenumerate(matrix):
                drag(root, "W_hh", i, j, number)
            # A root of many equal eigenvalues is found to few digits by numpy, not by us.
            radius = np.abs(np.diag(matrix)).max() if matrix is not turn else 1
            assert np.abs(np.linalg.eigvals(matrix)).max() == pytest.approx(radius, abs=1e-4)
            assert text.inner_text().endswith(f"spectral radius {format_number(float(radius))}")


def test_two_steppers_on_a_page_do_not_move_each_other(learners):
    for root, film in learners:
        page = root.page
        root.evaluate(f"root => ({COPY})(root.closest('rnn-stepper'))")
        copy = page.locator("#copy .rnn-stepper")
        for each in (root, copy):
            open_panel(each)
        copy.locator("[data-off='message[0]']").uncheck()
        drag(copy, "W_hh", 0, 0, 1.25)
        copy.focus()
        page.keyboard.press("End")
        assert root.evaluate(SNAPSHOT) == shown_at(film, 0)
        check(root, film)
        check(copy, film, off=["message[0]"], changes={"W_hh": {"0,0": 1.25}})


def right_answer(film, position, choices):
    """What a question about a frame must be answered with."""
    array = np.atleast_2d(film.values[film.frames[position].result].array)
    if "positive" in choices:
        return "positive" if array[0][np.abs(array[0]).argmax()] > 0 else "negative"
    return str(film.values[film.frames[position].result].array.shape)


def test_predictions_are_judged_and_counted_and_nothing_is_kept(learners):
    for root, film in learners:
        page = root.page
        stored = page.evaluate(STORED)
        root.locator(".predict summary").click()
        root.locator(".predict input").check()
        right = asked = 0
        root.focus()
        for position in range(1, len(film.frames)):
            page.keyboard.press("ArrowRight")
            question = root.locator(".question")
            if question.is_hidden():
                assert root.evaluate(SNAPSHOT) == shown_at(film, position)
                continue
            assert root.evaluate(SNAPSHOT) == shown_at(film, position - 1)
            choices = question.locator("button").all_inner_texts()
            answer = right_answer(film, position, choices)
            assert answer in choices
            assert len(choices) > 1
            is_right = asked % 3 > 0
            asked, right = asked + 1, right + is_right
            given = answer if is_right else next(each for each in choices if each != answer)
            question.locator(f"[data-answer='{given}']").press("Enter")
            verdict = "Right." if is_right else f"No: {answer}."
            assert root.locator(".tally").inner_text() == f"{verdict} {right} of {asked} so far."
            assert root.evaluate(SNAPSHOT) == shown_at(film, position)
            assert root.evaluate("root => root === document.activeElement")
        assert asked > 10
        # A question that the reader walks away from is gone.
        page.keyboard.press("Home")
        for _ in range(3):
            page.keyboard.press("ArrowRight")
        if root.locator(".question").is_visible():
            page.keyboard.press("ArrowLeft")
            assert root.locator(".question").is_hidden()
            assert root.evaluate("root => root.contains(document.activeElement)")
        assert page.evaluate(STORED) == stored


def test_jumps_and_nodes_and_changed_links_lead_to_their_frames(learners):
    for root, film in learners:
        page, last, T = root.page, len(film.frames) - 1, film.T
        results = [frame.result for frame in film.frames]
        places = {
            "the start": 0,
            "the total loss": results.index("L"),
            "the first δ": results.index(f"delta_z[{T - 1}]"),
            "the first share of W_hh": results.index(f"gradient_W_hh[{T - 1}]"),
            "where two arrows meet": results.index(f"delta_h[{T - 2}]"),
            "the end": last,
        }
        listed = root.locator(".jump > option").all_inner_texts()
        assert listed == ["go to …", *places]
        for name, position in places.items():
            root.locator(".jump").select_option(label=name)
            assert root.evaluate(SNAPSHOT) == shown_at(film, position)
        go(root, last)
        root.locator(".node[data-key='h[0]'] .letter").click()
        assert root.evaluate(SNAPSHOT)["address"] == film.address(results.index("h[0]"))
        root.locator(".jump").select_option(label="loss[1]")  # the same without a mouse
        assert root.evaluate(SNAPSHOT)["address"] == film.address(results.index("loss[1]"))
        name = root.evaluate("root => root.closest('rnn-stepper').id")
        at = film.address(results.index("delta_h[1]"))
        root.evaluate("(_, hash) => { scrollTo(0, 1e6); location.hash = hash; }", f"{name}/{at}")
        page.wait_for_function(
            "([root, at]) => root.dataset.address === at && root === document.activeElement",
            arg=[root.element_handle(), at],
        )
        box = root.locator(".sentence").bounding_box()
        assert 0 <= box["y"] < 450


def test_a_click_on_a_given_number_chooses_it_for_the_slider(learners):
    for root, film in learners:
        params = case_of(film)[0].params
        go(root, position_of(film, "a[0]"))
        root.locator(".matrices [data-key=W_hh] [data-at='1,2']").click()
        assert root.locator(".experiments").evaluate("panel => panel.open")
        values = [root.locator(f"[data-choose={name}]").input_value() for name in ("key", "i", "j")]
        assert values == ["W_hh", "1", "2"]
        shown = root.locator("[data-choose=value] + output").inner_text()
        assert shown == as_text(params.W_hh[1, 2])[0][0]
        go(root, position_of(film, "delta_a[0]"))
        root.locator(".matrices .result [data-at='0,1']").click()  # computed: not to be set
        assert root.locator("[data-choose=key]").input_value() == "W_hh"


def test_question_mark_opens_the_help(learners):
    for root, _ in learners:
        root.focus()
        for is_open in (True, False):
            root.page.keyboard.press("?")
            assert root.locator(".help").evaluate("help => help.open") == is_open


def test_a_value_lights_up_in_equation_matrix_graph_and_code_and_nothing_else(learners):
    for root, film in learners:
        # A long page would scroll under the pointer.
        root.locator("xpath=ancestor::rnn-stepper").evaluate(ALONE)
        nodes = {node.key for node in film.graph.nodes} | {node.delta for node in film.graph.nodes}
        for result in ("h[1]", "delta_h[0]", "delta_a[1]", "gradient_W_hh[1]", "loss[0]"):
            frame = film.frames[position_of(film, result)]
            go(root, position_of(film, result))
            for i, key in enumerate({*frame.operands, result}):
                symbol = root.locator(f".symbol[data-key='{key}']").first
                if i % 2:
                    symbol.focus()
                else:
                    symbol.hover()
                linked = root.evaluate(LINKED)
                assert {node_of(other) for _, other in linked} == {node_of(key)}
                places = {place for place, _ in linked}
                written = node_of(key).replace("h[-1]", "h_prev[0]")
                in_code = written in frame.code or "h_prev" in frame.code
                wanted = {"equation", "matrix"} | ({"graph"} if node_of(key) in nodes else set())
                assert places - {"code"} == wanted
                assert "code" in places or not in_code or key.startswith("h[")
                root.locator(".title").hover()
                symbol.evaluate("symbol => symbol.blur()")
                assert root.evaluate(LINKED) == []
        root.locator(".code [data-key]").last.hover()
        assert {place for place, _ in root.evaluate(LINKED)} >= {"code", "equation", "matrix"}


def test_the_focus_on_a_symbol_survives_the_next_step(learners):
    for root, film in learners:
        go(root, position_of(film, "a[0]"))
        root.locator(".symbol").nth(4).focus()
        for step in range(1, 4):
            root.page.keyboard.press("ArrowRight")
            assert root.evaluate(SNAPSHOT)["address"] == film.address(
                position_of(film, "a[0]") + step
            )
            assert root.evaluate("root => document.activeElement.matches('.symbol')")


def test_a_swipe_steps_and_two_fingers_do_not(learners):
    for root, film in learners:
        page = root.page
        touch = page.context.new_cdp_session(page)

        def swipe(*ways, root=root, touch=touch):
            box = root.locator(".code").bounding_box()
            start = [(box["x"] + 200 + 40 * i, box["y"] + 10) for i in range(len(ways))]
            for kind, share in (("touchStart", 0), ("touchMove", 1)):
                points = [
                    {"x": x + share * way, "y": y, "id": i}
                    for i, ((x, y), way) in enumerate(zip(start, ways, strict=True))
                ]
                touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
            touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

        root.locator(".code").scroll_into_view_if_needed()
        for ways, position in (([-120], 1), ([-120], 2), ([120], 1), ([20], 1), ([-90, 90], 1)):
            swipe(*ways)
            assert root.evaluate(SNAPSHOT)["address"] == film.address(position)
        # No swipe is left to the browser, which would take the reader back to the page before.
        assert root.evaluate(TOUCH) == []


def test_all_panels_open_and_an_arrow_cut_it_is_accessible_and_fits(
    address, page_path, new_page, source, mode, width, site
):
    for element in source.select("rnn-stepper"):
        if "message" not in json.loads(element.find("script").string)["switches"]:
            continue
        name = element["id"]
        page = new_page(color_scheme=mode, viewport={"width": width, "height": 844})
        root = open_stepper(page, address + page_path, name)
        root.evaluate("r => { for (const part of r.querySelectorAll('details')) part.open = true }")
        arrow = root.locator("[data-off='message[0]']")
        (arrow if arrow.count() else root.locator("[data-off]").first).uncheck()  # T may be 1
        assert page.evaluate(WIDER_THAN_WINDOW) <= 0
        page.locator(f"rnn-stepper[id='{name}']").evaluate(ALONE)
        film = films_of(page_path)[name]
        for position in (0, position_of(film, "delta_h[0]"), len(film.frames) - 1):
            go(root, position)
            assert violations(page, f"rnn-stepper[id='{name}']") == []
        root.locator(".predict input").check()
        go(root, position_of(film, "h[0]") - 1)
        root.locator("[data-action=forward]").click()
        assert root.locator(".question").is_visible()
        assert violations(page, f"rnn-stepper[id='{name}']") == []
        root.screenshot(path=site.parent / "screenshots" / f"changed_{name}_{mode}_{width}.png")
        for part in root.locator("button:visible, select:visible").all():
            assert min(part.bounding_box()[side] for side in ("width", "height")) >= 40
        for part in root.locator("input:visible").all():  # WCAG 2.2 asks for 24
            assert min(part.bounding_box()[side] for side in ("width", "height")) >= 24


def test_the_numbers_that_are_checked_depend_on_the_choices(learners):
    for _, film in learners:
        case, _ = case_of(film)
        assert not np.array_equal(chosen(case, 1, ["x[0]"], {})[1], case.x[:1])
        for choice in ({"off": ["message[0]"]}, {"off": ["loss[0]"]}, {"off": ["x[0]"]}):
            assert lengths(film, as_chosen(film, **choice)) != lengths(film, film)
