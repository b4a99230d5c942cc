"""The chapters in a real JupyterLab: they read well before anything is run, and live after."""

import json
import re
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect

from rnnlib.palette import DARK, LIGHT

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

LEARNER_CELLS = (
    "import numpy as np\n"
    "from rnnlib import Parameters, backward, forward\n"
    "from rnnlib.labs import BackwardLab\n"
    'lab = BackwardLab("lab", text="to be or")\n'
    "lab",
    "stepper = lab.stepper\n"
    "print(stepper.position, stepper.frame.result, stepper.steps, stepper.off, stepper.changes)",
    "stepper.steps, stepper.off = 3, ['loss[0]']\n"
    "stepper.changes = {'W_hh': {'0,1': 0.5}}\n"
    "stepper.position = 60\n"
    "given = stepper.given\n"
    "params = Parameters(**{name: given[name] for name in Parameters._fields})\n"
    "x, y = (np.stack([given[f'{name}[{t}]'] for t in range(3)]) for name in 'xy')\n"
    "trace = forward(params, x, y, given['h[-1]'])\n"
    "print('total', round(trace.loss[1:].sum(), 2), 'beside', round(lab.trace.loss.sum(), 2))",
    "stepper.steps = 9",
)


IDLE = ".jp-Notebook-ExecutionIndicator[data-status=idle]"

NOTHING_WAITS = """() => ![...document.querySelectorAll(".jp-InputPrompt")]
  .some(prompt => prompt.textContent.includes("*"))"""

PLOT_CELL = (
    "from rnnlib.plots import Line, lines\n"
    "line = Line('held', [3, 6, 12], [52480, 104320, 208000], 'backward')\n"
    "lines(line, x_label='steps T', y_label='numbers', alt='A line that rises evenly.')"
)


def open_notebook(page, lab, name):
    # Before there is a connection to a kernel, cells that are run are forgotten.
    with page.expect_websocket(lambda socket: "/channels" in socket.url):
        page.goto(f"{lab}/tree/{name}?reset")  # without the tabs of the test before
    page.wait_for_selector(".jp-Notebook .jp-Cell")
    page.wait_for_selector(IDLE)


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
    assert transcript.locator("li").count() > 3
    assert len(transcript.locator("li").first.inner_text().split()) > 5
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
    # With the last cell that it runs, JupyterLab takes the focus.
    page.wait_for_function(NOTHING_WAITS, timeout=120_000)
    frames = count(stepper)[1]
    stepper.focus()
    stolen = press(stepper, "Home")  # a chapter may begin its walk at another frame
    for position in range(2, frames + 1):
        stolen += press(stepper, "ArrowRight")
        shows(stepper, position, frames)
    stolen += press(stepper, "Home")
    shows(stepper, 1, frames)
    assert stolen <= 2
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


def press(stepper, key):
    """
    Press a key where the focus is, and once more if it was not on the stepper.

    JupyterLab takes the focus for the cell that was active last as soon as that cell is laid out:
    in a long notebook, a while after all have run (`_evtFocusIn` waits for ``ready``). That may
    happen once or twice; a stepper that drops the focus itself would do it at every frame.
    """
    count_keys = """stepper => {
      if (stepper.keys === undefined) stepper.addEventListener("keydown", () => stepper.keys++);
      return (stepper.keys = 0);
    }"""
    stepper.evaluate(count_keys)
    stepper.page.keyboard.press(key)
    if stepper.evaluate("stepper => stepper.keys"):
        return 0
    stepper.press(key)
    return 1


def shows(stepper, position, frames):
    """Wait for a frame: what is drawn follows the key, on a busy machine a little later."""
    expect(stepper.locator(".count")).to_contain_text(f"frame {position} of {frames}")


def count(stepper):
    shown = stepper.locator(".count").text_content()
    position, frames = re.search(r"frame (\d+) of (\d+)", shown).groups()
    return int(position), int(frames)


def write_notebook(folder, name, sources):
    kernel = json.loads((folder / "index.ipynb").read_text())["metadata"]
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), folder / name)


def run_cell(page, number, expected):
    """Run one cell by keyboard and wait for what it must print."""
    cell = page.locator(".jp-CodeCell").nth(number)
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+Enter")
    output = cell.locator(".jp-OutputArea-output").last
    page.wait_for_function(
        "([cell, expected]) => [...cell.querySelectorAll('.jp-OutputArea-output')]"
        ".some(output => output.textContent.includes(expected))",
        arg=[cell.element_handle(), expected],
    )
    return output.inner_text()


def test_a_plot_has_the_colours_of_jupyterlab(page, lab, folder):
    write_notebook(folder, "plot.ipynb", [PLOT_CELL])
    open_notebook(page, lab, "plot.ipynb")
    run_all(page)
    plot = page.locator("svg.rnn-plot[aria-label='A line that rises evenly.']")
    plot.wait_for()
    assert plot.bounding_box()["width"] == 560
    for is_light, colours in (("false", DARK), ("true", LIGHT)):
        page.evaluate("light => document.body.dataset.jpThemeLight = light", is_light)
        drawn = plot.evaluate("svg => getComputedStyle(svg).getPropertyValue('--p-backward')")
        assert drawn == colours["backward"]
    screenshot(page, "plot")
    assert not page.errors


def test_controls_retrace_and_python_reads_where_the_reader_stands(page, lab, folder):
    write_notebook(folder, "controls.ipynb", LAB_CELLS)
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
    # From a frame that names the activation, so that the new film can be told from the old.
    stepper.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    assert "tanh" in stepper.locator(".code").inner_text()
    page.select_option(".widget-dropdown select", "relu")
    page.wait_for_function(
        "!document.querySelector('.rnn-stepper .code').textContent.includes('tanh')"
    )

    stepper.focus()
    for _ in range(9):
        page.keyboard.press("ArrowRight")
    assert stepper.locator(".code").inner_text() == "h[1] = relu(a[1])"

    printed = run_cell(page, 1, "9 h[1] (5, 1, 6) relu")
    assert printed.strip() == "9 h[1] (5, 1, 6) relu"
    screenshot(page, "controls")
    assert not page.errors


def test_what_a_reader_chooses_is_read_and_set_by_the_next_cell(page, lab, folder):
    write_notebook(folder, "learner.ipynb", LEARNER_CELLS)
    open_notebook(page, lab, "learner.ipynb")
    page.locator(".jp-CodeCell").first.locator(".cm-content").click()
    page.keyboard.press("Control+Enter")
    stepper = page.locator(".rnn-stepper")
    stepper.wait_for()
    assert count(stepper) == (1, 66)

    # From the view to Python; no key reaches the notebook: it would add or delete cells.
    page.locator(".widget-hslider .noUi-handle").first.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "document.querySelector('.rnn-stepper .count').textContent.endsWith('of 82')"
    )
    stepper.locator(".experiments summary").click()
    stepper.locator("[data-off='message[1]']").uncheck()
    stepper.locator("[data-choose=key]").select_option("b_y")
    stepper.locator("[data-choose=value]").fill("0.25")
    stepper.locator("[data-choose=steps]").fill("4")
    stepper.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    stepper.locator(".symbol").first.focus()
    for key in ("ArrowLeft", "ArrowRight", "?", "?"):
        page.keyboard.press(key)
    stepper.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Space")
    assert page.locator(".jp-CodeCell").count() == len(LEARNER_CELLS)
    assert stepper.evaluate("stepper => stepper.contains(document.activeElement)")
    wanted = "5 y_hat[0] 4 ['message[1]'] {'b_y': {'0,0': 0.25}}"
    assert run_cell(page, 1, wanted).strip() == wanted

    # From Python to the view: the numbers on the screen are those that forward computes.
    printed = run_cell(page, 2, "total").split()
    total = page.wait_for_function(
        "part => part.textContent !== ''",
        arg=stepper.locator(".node.L .number").element_handle(),
    )
    assert total
    page.wait_for_function(
        "total => document.querySelector('.rnn-stepper .node.L .number').textContent === total",
        arg=printed[1],
    )
    assert printed[1] != printed[3]
    assert stepper.locator("[data-choose=steps]").input_value() == "3"
    assert stepper.locator("[data-off]:not(:checked)").count() == 1
    assert not stepper.locator("[data-off='loss[0]']").is_checked()
    assert "frame 29 of 50" in stepper.locator(".count").text_content()
    message = "steps: expected 1 to 5, got 9"
    assert message in run_cell(page, 3, message)
    screenshot(page, "learner")
    assert not page.errors
