"""The check laboratory in a real JupyterLab: Python measures what the reader chooses."""

from playwright.sync_api import expect
from test_jupyterlab import open_notebook, run_all, run_cell, screenshot, write_notebook

CELLS = (
    'from rnnlib.check_lab import CheckLab\nlab = CheckLab("lab")\nlab',
    "print(lab.setting.T, lab.setting.N, lab.tolerance, len(lab.missed))",
    "lab.chosen = [2, 1, 1, 1, 1, 1, 2, 3]\nprint(lab.missed)",
)


def test_levers_and_python_move_each_other(page, lab, folder):
    write_notebook(folder, "tuning.ipynb", CELLS[:2])
    open_notebook(page, lab, "tuning.ipynb")
    run_all(page)
    view = page.locator(".rnn-lab")
    view.wait_for()
    expect(view.locator(".sentence")).to_contain_text("15 mistakes slip through")
    view.locator("fieldset").nth(0).locator("input[value='2']").check()
    view.locator("fieldset").nth(1).locator("input[value='1']").check()
    expect(view.locator(".sentence")).not_to_contain_text("mean over the batch")
    shown = view.locator(".bad .verdict").count()
    printed = run_cell(page, 1, "3 2 0.01")
    assert printed.split() == ["3", "2", "0.01", str(shown)]
    assert not page.errors


def test_python_sets_the_levers(page, lab, folder):
    write_notebook(folder, "sound.ipynb", [CELLS[0], CELLS[2]])
    open_notebook(page, lab, "sound.ipynb")
    run_all(page)
    sentence = page.locator(".rnn-lab .sentence")
    expect(sentence).to_contain_text("Sound: all 20 mistakes are caught")
    screenshot(page, "check-lab")
    assert not page.errors


def test_an_untrusted_chapter_shows_the_table_and_no_data(page, lab):
    open_notebook(page, lab, "10_gradient_checks.ipynb")
    table = page.locator(".jp-OutputArea-output .rnn-lab-table").first
    table.wait_for(state="attached")
    assert "first step lost" in table.text_content()
    assert '"levers"' not in page.inner_text(".jp-Notebook")
    assert not page.errors
