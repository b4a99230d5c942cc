"""A plot is legible, follows light and dark, stays within itself, and says what it shows."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest

from rnnlib.palette import DARK, LIGHT
from rnnlib.plot_page import KINDS
from rnnlib.plots import FORMS, Line, bars, lines
from rnnlib.ratio_plots import ratios

SVG = "{http://www.w3.org/2000/svg}"
STEPS = [1, 10, 100]


def many_lines(alt="Six lines that rise, one of each kind.", **options):
    drawn = [Line(f"line {i}", STEPS, [2, 4 + i, 8 * i + 1], k) for i, k in enumerate(KINDS)]
    return lines(*drawn, x_label="steps", y_label="numbers", alt=alt, **options)


def many_bars(alt="Six bars, one of each kind."):
    return bars(dict.fromkeys(KINDS, 3.5), kinds=KINDS, x_label="numbers", alt=alt)


def multiples(times, alt="Each in multiples of the base."):
    return ratios(times, "base", title="times the base", alt=alt)


PLOTS = {
    "lines": many_lines(),
    "logarithmic": many_lines("The same on a logarithmic scale.", log_x=True, log_y=True),
    "labels side by side": many_lines("Three labels in each of two rows.", columns=3),
    "bars": many_bars(),
    "a line on a phone": lines(
        Line("a", np.arange(30), np.linspace(-1, 1, 30)),
        x_label="t",
        y_label="h",
        alt="It rises up.",
    ),
    "ratios": multiples({"base": [1.0, 2.0], "slow": [900.0, 2400.0], "fast": [0.5, 1.2]}),
}
every_plot = pytest.mark.parametrize("plot", PLOTS.values(), ids=PLOTS)


def letters(plot):
    root = ElementTree.fromstring(plot.svg)
    return ["".join(node.itertext()).strip() for node in root.iter(f"{SVG}text")]


@every_plot
def test_every_colour_is_one_of_the_palette_and_the_page_can_replace_it(plot):
    used = re.findall(r"var\(--rnn-(\w+),(#[0-9a-f]{6})\)", plot.svg)
    assert set(used) <= {*LIGHT.items(), *DARK.items()}
    without = re.sub(r"var\(--rnn-\w+,#[0-9a-f]{6}\)", "", plot.svg)
    assert not re.search(r"(?<!url\()(?<!href=\")#[0-9a-fA-F]{3,8}\b|rgb|hsl", without)
    named = set(re.findall(r"var\(--p-(\w+)\)", plot.svg))
    assert named <= {*KINDS, "line", "paper"}


@pytest.mark.parametrize("plot", [PLOTS["lines"], PLOTS["bars"]], ids=["lines", "bars"])
def test_every_kind_has_its_colour(plot):
    assert set(KINDS) <= set(re.findall(r"var\(--p-(\w+)\)", plot.svg.partition("</style>")[2]))


def test_what_goes_from_step_to_step_is_dashed_and_no_two_kinds_look_alike():
    assert [kind for kind, (dashes, _) in FORMS.items() if dashes == "--"] == ["recurrent"]
    assert len(set(FORMS.values())) == len(FORMS)
    assert tuple(FORMS) == KINDS


@every_plot
def test_letters_are_text_and_legible_on_a_phone(plot):
    root = ElementTree.fromstring(plot.svg)
    width = float(root.get("viewBox").split()[2])
    sizes = re.findall(r"font-size: ([\d.]+)px", plot.svg)
    assert len(sizes) >= 3
    assert min(map(float, sizes)) * min(1, 350 / width) > 10.5
    assert "font-family" not in plot.svg.partition("</style>")[2]


@every_plot
def test_rules_and_names_do_not_reach_beyond_the_plot(plot):
    style = re.search("<style>(.*)</style>", plot.svg)[1]
    rules = style.replace("@media (prefers-color-scheme:dark){", "")
    assert all(".rnn-plot" in selector for selector in re.findall(r"([^{}]+)\{", rules))
    ids = re.findall(r' id="(\w+)"', plot.svg)
    assert len(ids) == len(set(ids))
    assert set(ids) == set(re.findall(r'(?:href="#|url\(#)(\w+)', plot.svg))
    assert "http" not in plot.svg.replace("http://www.w3.org/2000/svg", "")


def test_two_plots_share_no_name_and_the_same_plot_is_the_same():
    assert many_lines().svg == PLOTS["lines"].svg
    ids = [set(re.findall(r' id="(\w+)"', plot.svg)) for plot in PLOTS.values()]
    assert sum(map(len, ids)) == len(set.union(*ids)) > 0


@every_plot
def test_a_plot_says_what_it_shows(plot):
    root = ElementTree.fromstring(plot.svg)
    assert (root.get("role"), root.get("aria-label")) == ("img", plot.alt)
    assert repr(plot) == f"Plot({plot.alt!r})"


def test_alt_text_is_escaped():
    plot = many_bars('The "first" bar is < the second & last.')
    assert ElementTree.fromstring(plot.svg).get("aria-label") == plot.alt


def test_numbers_are_written_in_full_and_powers_of_ten_as_powers():
    def written(*y):
        line = Line("a", STEPS, y)
        return letters(lines(line, x_label="T", y_label="n", alt="One line, drawn.", log_y=True))

    assert {"1", "10", "1,000"} <= set(written(1, 10, 1000))
    assert {"10⁻⁷", "10⁻⁵"} <= set(written(1e-7, 1e-6, 1e-5))
    mixed = set(written(1e-6, 1e-3, 1e3))  # where one has to be a power, all are
    assert {"10⁻⁶", "10⁻²", "1", "10²"} <= mixed
    assert not {"0.01", "1,000"} & mixed
    counts = letters(bars({"a": 1615, "b": 0.123456, "c": 2}, x_label="n", alt="Three bars of it."))
    assert {"1,615", "0.1235", "2"} <= set(counts)


def test_a_ratio_is_of_one_round_and_its_median_is_written():
    rounds = {"base": [1.0, 10.0, 4.0], "a": [200.0, 3000.0, 4000.0], "b": [2.0, 30.0, 14.0]}
    written = letters(multiples(rounds))
    assert {"base", "a", "300", "b", "3.00"} <= set(written)  # not 750, median by median


def test_a_ratio_spans_its_rounds_and_the_base_is_a_line():
    def strokes(times):
        return multiples(times).svg.count("<path")

    steady, uneven = {"base": [1.0, 1.0], "a": [3.0, 3.0]}, {"base": [1.0, 1.0], "a": [3.0, 6.0]}
    assert strokes(uneven) == strokes(steady)
    spans = re.findall(r"M ([\d.]+) ([\d.]+) L ([\d.]+) ([\d.]+)", multiples(uneven).svg)
    level = {float(x1) - float(x0) for x0, y0, x1, y1 in spans if y0 == y1}
    assert any(20 < width < 300 for width in level)
    flat = re.findall(r"M ([\d.]+) ([\d.]+) L ([\d.]+) ([\d.]+)", multiples(steady).svg)
    assert not any(20 < float(x1) - float(x0) < 300 for x0, y0, x1, y1 in flat if y0 == y1)


@pytest.mark.parametrize(
    ("call", "complaint"),
    [
        (lambda: many_lines(alt=""), "alt: expected a sentence"),
        (lambda: many_lines(alt="a plot"), "alt: expected a sentence"),
        (lambda: lines(x_label="x", y_label="y", alt="a b c"), "at least one Line"),
        (lambda: many_lines(columns=0), "columns: expected"),
        (lambda: _one(Line("a", [1, 2], [1])), "as many y as x, got 1 and 2"),
        (lambda: _one(Line("a", [1, 2], [1, np.nan])), "y of 'a': expected a list of finite"),
        (lambda: _one(Line("a", [], [])), "x of 'a': expected a list of finite"),
        (lambda: _one(Line("a", [1], [1], "pink")), "kind: expected one of forward"),
        (lambda: _one(Line("a", [1], [0]), log_y=True), "y of 'a': expected positive"),
        (lambda: _one(Line("a", [0], [1]), log_x=True), "x of 'a': expected positive"),
        (lambda: _one(Line("a", [0], [1]), columns=0), "columns: "),
        (lambda: bars({}, x_label="n", alt="a b c"), "lengths: expected a list"),
        (lambda: bars({"a": -1}, x_label="n", alt="a b c"), "lengths: expected no negative"),
        (lambda: bars({"a": 1}, kinds=[], x_label="n", alt="a b c"), "kinds: expected 1"),
        (lambda: multiples({"a": [1.0], "b": [2.0]}), "base: expected one of the names"),
        (lambda: multiples({"base": [1.0]}), "base: expected one of the names and others"),
        (
            lambda: multiples({"base": [1.0], "a": [1.0, 2.0]}),
            r"times: expected equally many.*1, 2",
        ),
        (lambda: multiples({"base": [], "a": []}), "times: expected equally many, at least one"),
        (lambda: multiples({"base": [1.0], "a": [0.0]}), "times of 'a': expected positive"),
        (lambda: multiples({"base": [1.0], "a": [np.inf]}), "times of 'a': expected positive"),
        (lambda: multiples({"base": [1.0], "a": [2.0]}, alt="no"), "alt: expected a sentence"),
        (lambda: bars({"a": 1}, kinds=["pink"], x_label="n", alt="a b c"), "kind: expected one"),
    ],
)
def test_what_cannot_be_drawn_is_refused(call, complaint):
    with pytest.raises(ValueError, match=complaint):
        call()


def _one(line, **options):
    return lines(line, x_label="x", y_label="y", alt="a b c", **options)
