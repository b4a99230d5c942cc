"""The chapters in a real JupyterLab: they read well before anything is run, and live after."""

import json
import re
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[2]
SHOTS = ROOT / "_build" / "screenshots"
CHAPTERS = sorted(
    path.name for path in (ROOT / "book").glob("*.ipynb") if "rnn-stepper" in path.read_text()
)

LAB_CELLS = (
    'from rnnlib.labs import ForwardLab\nlab = ForwardLab("lab", text="to be or")\nlab',
    "reader = lab.stepper\n"
    "print(reader.position, reader.frame.result, lab.trace.x.shape, lab.trace.activation)",
)


def open_notebook(page, lab, name):
    page.goto(f"{lab}/tree/{name}?reset")  # without the tabs of the test before
    page.wait_for_selector(".jp-Notebook .jp-Cell")
    page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status=idle]")


def run_all(page):
    page.click("#jp-mainmenu-run, .lm-MenuBar-item:has-text('Run')")
    page.click(".lm-Menu-item:has-text('Run All Cells')")


def screenshot(page, name):
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"lab-{name}.png")


def test_there_are_chapters_with_steppers():
    assert CHAPTERS


@pytest.mark.parametrize("name", CHAPTERS)
def test_the_saved_state_of_an_untrusted_chapter_reads_well(page, lab, name):
    open_notebook(page, lab, name)
    transcript = page.locator(".jp-OutputArea-output .rnn-transcript").first
    bring_into_view(transcript)
    assert "Before the first step" in transcript.inner_text()
    assert transcript.locator("img").evaluate("img => img.complete && img.naturalWidth") > 200
    assert "operands" not in page.inner_text(".jp-Notebook"), (
        "the JSON of the stepper leaks as text"
    )
    screenshot(page, f"untrusted-{Path(name).stem}")
    assert not page.errors


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_that_is_run_has_live_steppers(page, lab, name):
    open_notebook(page, lab, name)
    run_all(page)
    stepper = page.locator(".rnn-stepper").first
    bring_into_view(stepper)
    frames = count(stepper)[1]
    stepper.focus()
    for position in range(2, frames + 1):
        page.keyboard.press("ArrowRight")
        assert count(stepper)[0] == position
    page.keyboard.press("Home")
    assert count(stepper) == (1, frames)
    screenshot(page, f"live-{Path(name).stem}")
    assert not page.errors


def bring_into_view(part):
    """Scroll as far as needed: JupyterLab lays out the cells of a long notebook only in sight."""
    part.wait_for(state="attached")
    seen = "part => part.checkVisibility({contentVisibilityAuto: true}) && part.offsetHeight > 100"
    for _ in range(100):
        part.evaluate("part => part.scrollIntoView({block: 'start'})")
        if part.evaluate(seen):
            return
        part.page.wait_for_timeout(100)
    pytest.fail("it does not come into view")


def count(stepper):
    shown = stepper.locator(".count").text_content()
    position, frames = re.search(r"frame (\d+) of (\d+)", shown).groups()
    return int(position), int(frames)


def test_controls_retrace_and_python_reads_where_the_reader_stands(page, lab, folder):
    cells = [nbformat.v4.new_code_cell(source) for source in LAB_CELLS]
    kernel = json.loads((folder / "index.ipynb").read_text())["metadata"]
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=kernel)
    nbformat.write(notebook, folder / "controls.ipynb")
    open_notebook(page, lab, "controls.ipynb")
    run_all(page)
    stepper = page.locator(".rnn-stepper")
    stepper.wait_for()
    assert count(stepper) == (1, 26)

    page.locator(".widget-hslider .noUi-handle").first.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "document.querySelector('.rnn-stepper .count').textContent.endsWith('of 32')"
    )
    page.select_option(".widget-dropdown select", "relu")
    page.wait_for_function(
        "!document.querySelector('.rnn-stepper .code').textContent.includes('tanh')"
    )

    stepper.focus()
    for _ in range(9):
        page.keyboard.press("ArrowRight")
    assert stepper.locator(".code").inner_text() == "h[1] = relu(a[1])"

    page.locator(".jp-CodeCell").nth(1).locator(".cm-content").click()
    page.keyboard.press("Control+Enter")
    output = page.locator(".jp-CodeCell").nth(1).locator(".jp-OutputArea-output")
    page.wait_for_function(
        "expected => [...document.querySelectorAll('.jp-OutputArea-output')]"
        ".some(output => output.textContent.includes(expected))",
        arg="9 h[1] (5, 1, 6) relu",
    )
    assert output.first.inner_text().strip() == "9 h[1] (5, 1, 6) relu"
    screenshot(page, "controls")
    assert not page.errors
