"""What holds for every chapter as it lies in git."""

import re
from statistics import median

import pytest

from chapters import FOLDED, NAMES, ROOT, cells, read
from latex import displayed

LONGEST, MEDIAN = 15, 5
OWN_PATHS = re.compile(r"/(?:home|root|tmp|work|Users|usr|opt)/|[A-Z]:\\")
IMAGE = re.compile(r"!\[(?P<alt>[^\]]*)\]\([^)]*\)")
TAG = re.compile(r"<img\b[^>]*>")
DIRECTIVE = re.compile(r"^(`{3,}|:{3,})\{(?:figure|image)\}(?P<body>.*?)^\1", re.S | re.M)

NUMBERED = [name for name in NAMES if re.search(r"/\d\d_", name)]
PROMISE = ["**You will**", "**You will learn**", "**You need**"]
CLOSING = ["On your own", "In practice", "Further reading"]

each_chapter = pytest.mark.parametrize("name", NAMES)


def outputs(name):
    """List every stored output of a chapter."""
    return [output for cell in cells(name, "code") for output in cell.outputs]


def plots_in(output):
    """List what the plots of an output say they show: the drawing itself is not stored."""
    return re.findall(r"^Plot\(['\"](.*)['\"]\)$", output.get("data", {}).get("text/plain", ""))


def lines(cell):
    """Count the lines of a cell that a reader reads."""
    return sum(bool(line.strip()) for line in cell.source.splitlines())


def prose(name):
    """Join the text of a chapter."""
    return "\n\n".join(cell.source for cell in cells(name, "markdown"))


def test_the_table_of_contents_lists_every_chapter_once():
    lying_there = sorted(path.stem for path in (ROOT / "book").glob("*.ipynb"))
    listed = sorted(name.removeprefix("book/") for name in NAMES)
    assert listed == lying_there, f"only in one place: {set(listed) ^ set(lying_there)}"


@each_chapter
def test_every_code_cell_was_executed_from_top_to_bottom(name):
    counts = [cell.execution_count for cell in cells(name, "code")]
    assert counts == list(range(1, len(counts) + 1)), "run `make outputs`"


@each_chapter
def test_no_cell_is_empty(name):
    assert all(cell.source.strip() for cell in read(name).cells)


@each_chapter
def test_stored_outputs_are_text(name):
    kinds = {kind for output in outputs(name) for kind in output.get("data", {})}
    assert kinds <= {"text/plain", "text/html", "text/latex", "text/markdown"}
    assert "widgets" not in read(name).metadata


@each_chapter
def test_no_plot_is_stored(name):
    assert not [output for output in outputs(name) if "rnn-plot" in str(output)]


@each_chapter
def test_a_cell_that_nbval_does_not_compare_shows_a_plot_and_nothing_else(name):
    for cell in cells(name, "code"):
        shown = [len(plots_in(output)) for output in cell.outputs]
        if "nbval-ignore-output" in cell.metadata.get("tags", []):
            assert shown == [1], cell.source
        else:
            assert not any(shown), f"tag it nbval-ignore-output: {cell.source}"


@each_chapter
def test_stored_outputs_hold_no_path_of_a_machine(name):
    assert not [found for output in outputs(name) for found in OWN_PATHS.findall(str(output))]


@each_chapter
def test_stored_outputs_hold_no_error_and_no_warning(name):
    assert not [output for output in outputs(name) if output.output_type == "error"]
    assert not [output for output in outputs(name) if output.get("name") == "stderr"]


@each_chapter
def test_visible_cells_are_short(name):
    lengths = [lines(cell) for cell in cells(name, "code", FOLDED)]
    assert max(lengths, default=0) <= LONGEST
    assert median(lengths or [0]) <= MEDIAN


@each_chapter
def test_folded_code_begins_with_a_comment_that_says_what_is_inside(name):
    untitled = [
        cell.id
        for cell in cells(name, "code")
        if "hide-input" in cell.metadata.get("tags", [])
        and "code_prompt_show" not in cell.metadata.get("mystnb", {})  # a solution has its own
        and not re.match(r"# \S", cell.source)
    ]
    assert not untitled, "the page shows the first line as the title of the fold"


@each_chapter
def test_every_displayed_equation_has_a_label(name):
    unlabelled = re.search(r"\{math\}\s*$|^\\begin(?!\{aligned)", prose(name), re.M)
    assert not unlabelled, "write $$ … $$ (eq:name)"
    assert not [tex for tex, label in displayed(prose(name)) if not re.match(r"eq:\w", label or "")]


def test_no_two_equations_share_a_label():
    labels = [label for name in NAMES for _, label in displayed(prose(name))]
    assert not {label for label in labels if labels.count(label) > 1}


@each_chapter
def test_every_picture_has_an_alt_text(name):
    text = prose(name)
    shown = [str(output.get("data", {}).get("text/html", "")) for output in outputs(name)]
    tags = TAG.findall(text + "".join(shown))
    alts = [match["alt"] for match in IMAGE.finditer(text)]
    alts += ["".join(re.findall(r"\balt=\\?[\"']([^\"']*)", tag)) for tag in tags]
    alts += [alt for output in outputs(name) for alt in plots_in(output)]
    alts += ["".join(re.findall(r"^:alt:(.*)$", m["body"], re.M)) for m in DIRECTIVE.finditer(text)]
    assert all(len(alt.split()) > 2 for alt in alts), alts


@each_chapter
def test_every_figure_has_a_name(name):
    for figure in DIRECTIVE.finditer(prose(name)):
        assert re.search(r"^:name:[ ]*\S", figure["body"], re.M), figure["body"]


@pytest.mark.parametrize("name", NUMBERED)
def test_numbered_chapters_promise_at_the_top_what_they_hold(name):
    top = " ".join(cell.source for cell in cells(name, "markdown")[:3])
    assert not [promise for promise in PROMISE if promise not in top]


@pytest.mark.parametrize("name", NUMBERED)
def test_numbered_chapters_end_with_the_same_three_sections(name):
    headings = re.findall(r"^## (.+)$", prose(name), re.M)
    assert headings[-3:] == CLOSING


@each_chapter
def test_every_chapter_begins_with_its_only_title(name):
    first = read(name).cells[0]
    assert first.source.startswith("# ")
    assert len(re.findall(r"^# ", prose(name), re.M)) == 1
