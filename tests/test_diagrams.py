"""The files in book/figures are what the functions draw, in the book's letters and colours."""

import re
from xml.etree import ElementTree

import pytest

from rnnlib import diagrams, sequence_diagrams
from rnnlib.diagrams import FIGURES
from rnnlib.drawing import LETTERS
from rnnlib.notation import NOTATION
from rnnlib.palette import DARK, LIGHT

DRAWINGS = diagrams.DRAWINGS + sequence_diagrams.DRAWINGS
SVG = "{http://www.w3.org/2000/svg}"
every_drawing = pytest.mark.parametrize("draw", DRAWINGS, ids=lambda draw: draw.__name__)


def symbols_in(svg):
    """Every symbol of a drawing in LaTeX, a step 0, 1 or 2 written as t."""
    for span in ElementTree.fromstring(svg).iter(f"{SVG}tspan"):
        if span.get("class") == "symbol":
            base = span.text
            for name, letter in LETTERS.items():
                base = base.replace(letter, name)
            above = [child for child in span if child.get("class") == "below above"]
            base += "".join(f"^{child.text}" for child in above)
            below = "".join(p for child in span if child not in above for p in child.itertext())
            below = re.sub("^[0-9]$", "t", below.replace("−", "-"))
            yield base + (f"_{{{below}}}" if len(below) > 1 else f"_{below}" if below else "")


@every_drawing
def test_file_is_what_the_function_draws(draw):
    assert (FIGURES / f"{draw.__name__}.svg").read_text(encoding="utf-8") == draw(), (
        f"run: python -m {draw.__module__}"
    )


def test_folder_holds_no_other_diagram():
    files = {path.stem for path in FIGURES.glob("rnn_*.svg")}
    assert files == {draw.__name__ for draw in DRAWINGS}


@every_drawing
def test_every_symbol_is_in_the_notation_table(draw):
    found = set(symbols_in(draw()))
    assert len(found) > 3
    assert found <= {symbol.tex for symbol in NOTATION}


@every_drawing
def test_every_shape_uses_names_of_the_notation_table(draw):
    shapes = [
        text
        for node in ElementTree.fromstring(draw()).iter(f"{SVG}text")
        if "code" in node.get("class").split() and (text := "".join(node.itertext())) != "scalar"
    ]
    names = {symbol.python for symbol in NOTATION}
    assert set(re.findall(r"\w+", " ".join(shapes))) <= names


@every_drawing
def test_colours_are_those_of_the_palette_and_the_page_can_replace_each(draw):
    svg = draw()
    used = re.findall(r"var\(--rnn-(\w+),(#[0-9a-f]{6})\)", svg)
    assert set(used) <= {*LIGHT.items(), *DARK.items()}
    assert {name for name, _ in used} <= set(LIGHT)
    without = re.sub(r"var\(--rnn-\w+,#[0-9a-f]{6}\)", "", svg)
    assert not re.search(r"#[0-9a-fA-F]{3,8}\b|rgb|hsl", without)
    assert set(re.findall(r'(?:fill|stroke)(?:=|:)"?(\w+)', without)) <= {"var", "none"}


@every_drawing
def test_drawing_does_not_disturb_the_page_or_its_neighbours(draw):
    style = re.search("<style>(.*)</style>", draw(), re.DOTALL)[1]
    rules = style.replace("@media (prefers-color-scheme:dark){", "")
    for selectors in re.findall(r"([^{}]+)\{", rules):
        assert all(one.strip().startswith(".rnn-diagram") for one in selectors.split(","))
    assert " id=" not in draw()
    assert "url(" not in draw()


@every_drawing
def test_drawing_fits_the_column_and_is_legible_on_a_phone(draw):
    root = ElementTree.fromstring(draw())
    width = float(root.get("viewBox").split()[2])
    assert width <= 720
    sizes = [float(node.get("font-size")) for node in root.iter(f"{SVG}text")]
    assert min(sizes) * min(1, 350 / width) > 10.5


@every_drawing
def test_drawing_has_a_title_and_a_description(draw):
    root = ElementTree.fromstring(draw())
    assert root.get("role") == "img"
    assert len(root.findtext(f"{SVG}title")) > 10
    assert len(root.findtext(f"{SVG}desc")) > 60


@every_drawing
def test_what_goes_from_step_to_step_is_dashed_and_nothing_else(draw):
    dashed = re.findall(r"([^{}\n]+)\{stroke-dasharray", draw())
    assert dashed == [".rnn-diagram .edge.recurrent"]
    assert 'class="edge recurrent"' in draw()
