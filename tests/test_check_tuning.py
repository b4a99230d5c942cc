"""The laboratory: only a sound setting catches all, and the page shows what rnnlib measures."""

import json
import shutil
import subprocess
from functools import cache

import numpy as np
import pytest

from rnnlib.check_lab import SCRIPT, CheckLab
from rnnlib.check_networks import CheckSetting, checked_network, measured_slopes
from rnnlib.check_tables import (
    LABELS,
    SOUND,
    USUAL,
    WEAK,
    encoded,
    error_table,
    lab_state,
    weak_settings_table,
)
from rnnlib.check_tuning import (
    LEVELS,
    PLANTED,
    RIGHT,
    TOLERANCES,
    all_settings,
    errors_of,
    is_sound,
    missed_by,
    same_as_right,
)
from rnnlib.comparisons import compare
from rnnlib.gradient_checks import central_differences
from rnnlib.misconceptions import MISCONCEPTIONS
from rnnlib.mistaken_walks import run_again

NODE = shutil.which("node")
EXPECTED = {
    "T=1": {"message dropped", "message of one step", "message before tanh", "message by W_hh",
            "last step only", "last loss only", "target of the next step", "mean over the steps"},
    "T=2": {"message of one step"},
    "N=1": {"mean over the batch"},
    "n_h=1": {"message by W_hh", "gradient of W_hh transposed"},
    "symmetric=True": {"message by W_hh"},
    "biases=False": {"b_h forgotten in the run"},
    "first_state=False": {"first step lost"},
    "scale=0.001": {"message of one step"},
    "scale=10.0": {"message dropped", "message of one step", "message by W_hh"},
}  # fmt: skip


@cache
def all_errors():
    return {setting: errors_of(setting) for setting in all_settings()}


def test_all_is_caught_only_where_nothing_is_short_single_symmetric_or_zero():
    sound = [
        (setting, tolerance)
        for setting, errors in all_errors().items()
        for tolerance in TOLERANCES
        if is_sound(errors, tolerance)
    ]
    assert (SOUND, USUAL) in sound
    for setting, tolerance in sound:
        assert setting.T >= 3
        assert setting.N > 1
        assert setting.n_h > 1
        assert not setting.symmetric
        assert setting.biases
        assert setting.first_state
        assert 1e-10 < tolerance <= 0.1


@pytest.mark.parametrize("weak", WEAK, ids=str)
def test_each_weak_lever_hides_mistakes_in_every_network(weak):
    [(name, value)] = weak.items()
    missed = set(missed_by(errors_of(SOUND._replace(**weak)), USUAL))
    assert missed == EXPECTED[f"{name}={value}"]
    if name == "scale":  # how small an error gets depends on the network
        return
    for seed in range(1, 6):
        assert missed <= set(missed_by(errors_of(SOUND._replace(**weak), seed), USUAL))


def test_a_mistake_that_makes_no_difference_is_told_from_one_that_is_small():
    assert same_as_right(SOUND) == []
    for name, value in (("T", 1), ("T", 2), ("N", 1), ("biases", False), ("first_state", False)):
        weak = SOUND._replace(**{name: value})
        errors = errors_of(weak)
        assert set(same_as_right(weak)) == EXPECTED[f"{name}={value}"]
        assert all(errors[same] == errors[RIGHT] for same in same_as_right(weak))
    small = SOUND._replace(scale=0.001)
    assert same_as_right(small) == []
    assert missed_by(errors_of(small), USUAL)


def test_a_tolerance_may_be_too_tight_for_what_is_right_and_too_wide_for_what_is_wrong():
    errors = errors_of(SOUND)
    assert is_sound(errors, 1e-6)
    assert errors[RIGHT] > 1e-12
    assert missed_by(errors_of(SOUND._replace(scale=0.001)), 1e-2)


@pytest.mark.parametrize("setting", [SOUND, CheckSetting(1, 1, 1, True, False, False, 0.1)])
def test_slopes_side_by_side_are_those_of_the_gradient_check(setting):
    params, trace = checked_network(setting)
    slopes = central_differences(lambda p: run_again(p, trace).loss.sum(), params)
    assert compare(measured_slopes(params, trace), slopes).passes(1e-6)


def test_twelve_mistakes_or_more_are_planted_and_all_are_known():
    assert len(set(PLANTED)) == len(PLANTED) >= 12
    assert set(PLANTED) <= {mistake.name for mistake in MISCONCEPTIONS}


def test_an_error_that_is_not_a_number_is_not_missed():
    assert missed_by({RIGHT: 0.0, "a": float("nan")}, 1.0) == []
    assert encoded({"a": float("nan"), "b": 3e-2, "c": 0.0}) == "9a3c0z"


def test_codes_keep_the_first_digit_and_the_power_of_ten():
    for error in 10.0 ** np.random.default_rng(0).uniform(-24, 0, 500):
        digit, letter = encoded({"a": error})
        below = int(digit) * 10.0 ** -(ord(letter) - ord("a"))
        assert below <= error * (1 + 1e-6)
        assert error < below + 10.0 ** -(ord(letter) - ord("a"))


def test_labels_name_every_lever_and_level():
    assert list(LABELS) == list(LEVELS)
    for name, (_, texts) in LABELS.items():
        assert len(texts) == len(LEVELS[name])


@pytest.mark.skipif(NODE is None, reason="node is not installed")
def test_the_view_says_of_every_setting_what_rnnlib_says():
    table = error_table()
    width = 2 * (len(PLANTED) + 1)
    rows = [table[i : i + width] for i in range(0, len(table), width)]
    script = SCRIPT[: SCRIPT.index("export default")]
    exponents = lab_state()["exponents"]
    program = (
        f"{script}\nconst rows = {json.dumps(rows)}, names = {json.dumps(lab_state()['mistakes'])};"
        f"console.log(JSON.stringify(rows.map((row) => {json.dumps(exponents)}.map((e) => {{"
        "const verdict = judge(row, e); return [verdict, sentenceFor(verdict, names)]; }))))"
    )
    run = subprocess.run([NODE, "-"], input=program, capture_output=True, text=True, check=True)
    judged = zip(all_errors().items(), json.loads(run.stdout), strict=True)
    for (setting, errors), verdicts in judged:
        same = same_as_right(setting)
        for tolerance, (verdict, sentence) in zip(TOLERANCES, verdicts, strict=True):
            missed = missed_by(errors, tolerance)
            assert verdict["right"] == (errors[RIGHT] <= tolerance)
            assert [n for n, c in zip(PLANTED, verdict["caught"], strict=True) if not c] == missed
            assert sentence.startswith("Sound:") == is_sound(errors, tolerance)
            assert all(name in sentence for name in missed)
            assert [n for n, s in zip(PLANTED, verdict["same"], strict=True) if s] == same
            assert ("no tolerance" in sentence) == bool(set(missed) & set(same))
            assert ("less than the tolerance" in sentence) == bool(set(missed) - set(same))
            assert ("so tight" in sentence) == (not verdict["right"])


def test_the_widget_measures_what_is_chosen():
    lab = CheckLab("tuning")
    assert len(lab.missed) > 10
    assert lab.errors == encoded(errors_of(lab.setting), same_as_right(lab.setting))
    assert lab.errors != lab.errors.lower()
    lab.chosen = [2, 1, 1, 1, 1, 1, 2, TOLERANCES.index(USUAL)]
    assert (lab.setting, lab.tolerance) == (SOUND, USUAL)
    assert lab.errors == encoded(errors_of(SOUND))
    assert lab.missed == []
    assert repr(lab) == "CheckLab('tuning', 0 of 20 slip through)"


@pytest.mark.parametrize("chosen", [[], [0] * 7, [0] * 7 + [9], [4] + [0] * 7, [-1] + [0] * 7])
def test_a_choice_that_makes_no_sense_is_refused(chosen):
    lab = CheckLab("tuning")
    with pytest.raises(ValueError, match="chosen: expected one level of each lever"):
        lab.chosen = chosen
    assert lab.chosen == [0] * 7 + [1]


def test_the_page_holds_no_measured_number_that_rounding_could_change():
    html = CheckLab("tuning").html()
    data = json.loads(html[html.index(">{") + 1 : html.index("</script>")].replace("<\\/", "</"))
    assert data == lab_state() | {"chosen": [0] * 7 + [1]}
    assert len(html) < 12_000
    assert weak_settings_table() in html


def test_without_a_script_the_table_names_what_each_weak_setting_lets_through():
    table = weak_settings_table()
    rows = table.split("<tr>")[2:]
    assert len(rows) == 1 + len(WEAK) + 2
    assert "<td>nothing</td><td>passes</td>" in rows[0]
    assert "<td>nothing</td><td>fails too</td>" in rows[-1]
    for weak, row in zip(WEAK, rows[1:-2], strict=True):
        [(name, value)] = weak.items()
        plain = row.replace("<sub>", "_").replace("</sub>", "")
        assert all(missed in plain for missed in EXPECTED[f"{name}={value}"])
