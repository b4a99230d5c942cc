"""Every claim of the five documents is tried, one rule judges it, and a planted slip is seen."""

import re
from functools import cache

import numpy as np
import pytest
from math_core import LatexToMathML

from chapters import ROOT
from rnnlib.claim_ablation import SEEDS, VARIANTS, ablation, formula, square_world
from rnnlib.claim_overview import DOCUMENTS, summary_table
from rnnlib.claim_table import SIGNS, ClaimTable, place, plainly, size_of
from rnnlib.claim_trials import Trial, try_claim, try_document, verdict
from rnnlib.claim_worlds import SIZES, STEPS, claim_values, drawn, find
from rnnlib.claims import Claim, load_claims
from rnnlib.equation_checks import Check, compared
from test_printed_equations import mistaken

BOOK = ROOT / "book"
COUNTS = {"000": 51, "001": 49, "002": 52, "003": 51, "004": 14}
CLAIMS = {
    id: claim
    for document in DOCUMENTS
    for id, claim in load_claims(BOOK / "_claims" / f"{document}.toml").items()
}
READ = [id for id, claim in CLAIMS.items() if claim.corrected and not claim.measure]

GOOD = {"line": "1", "says": "a state", "printed": "h", "chapter": "06_bptt", "every": "t"}
STATE = r"h_t = \tanh a_t"
SQUARE = r"h_t = \tanh a_t^2"


@cache
def trial_of(id):
    return try_claim(CLAIMS[id], BOOK)


def planted(**entries):
    """Try a claim that a test has made up."""
    return try_claim(Claim("001-E99", **{**GOOD, **entries}), BOOK)


def written(folder, text, name="001.toml"):
    """Write a file of claims, and load it."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return load_claims(path)


def entry(**entries):
    lines = [f"{key} = '{value}'" for key, value in {**GOOD, "book": STATE, **entries}.items()]
    return "\n".join(["[001-E01]", *lines])


# Every claim


def test_every_claim_is_there_once_in_its_order():
    expected = [f"{document}-E{i + 1:02}" for document, n in COUNTS.items() for i in range(n)]
    assert [*CLAIMS] == expected
    assert len(CLAIMS) == 217


@pytest.mark.parametrize("id", CLAIMS)
def test_a_claim_is_judged_and_what_misses_has_a_form_that_holds(id):
    trial = trial_of(id)
    word = verdict(trial)
    assert word in SIGNS
    assert (word in ("slip", "incomplete", "wrong")) <= (max(trial.corrected, default=1) < 1e-9)


@pytest.mark.parametrize("id", CLAIMS)
def test_the_formulas_of_a_claim_can_be_typeset_and_its_section_exists(id):
    claim = CLAIMS[id]
    for tex in filter(None, (claim.printed, claim.book, claim.corrected)):
        assert LatexToMathML().convert_with_local_state(tex, displaystyle=True)
    assert place(BOOK, claim.chapter)[0]


def slips_in(tex):
    """Plant the slips of the displayed equations, and an index that is one too large."""
    yield from mistaken(tex)
    for match in re.finditer(r"(?<=[_ {])([tsk])-1(?=\})", tex):
        yield "index", f"{tex[: match.start()]}{match[1]}{tex[match.end() :]}"


def is_seen(claim, wrong):
    """Say if a slip in the right form stops the build; one seed is enough for most."""
    for seed in range(5):
        check = Check(
            "", find(claim.world, claim.document, BOOK), claim.every, claim.over, claim.when
        )
        try:
            if any(e >= 1e-9 for e, _ in compared(wrong, check, drawn(check.world, seed))):
                return True
        except ValueError:
            return True
    return False


@pytest.mark.parametrize("id", READ)
def test_a_slip_in_a_right_form_is_seen(id):
    claim = CLAIMS[id]
    unseen = [
        (name, wrong) for name, wrong in slips_in(claim.corrected) if not is_seen(claim, wrong)
    ]
    assert unseen == []


def test_slips_are_planted_in_every_document():
    found = [id for id in READ if next(slips_in(CLAIMS[id].corrected), None)]
    assert {id[:3] for id in found} == set(DOCUMENTS)
    assert all(sum(id.startswith(document) for id in found) >= 2 for document in DOCUMENTS)


# The rule


def test_a_form_that_holds_needs_nothing_more():
    assert verdict(planted(book=STATE)) == "holds"


def test_a_form_that_misses_is_wrong_if_the_right_one_holds():
    assert verdict(planted(book=SQUARE, corrected=STATE)) == "wrong"


def test_a_blank_is_an_exercise():
    assert verdict(planted(corrected=STATE)) == "exercise"


def test_a_definition_is_not_tried():
    trial = planted(definition="it says what a letter means")
    assert verdict(trial) == "definition"
    assert trial.printed == trial.corrected == ()


@pytest.mark.parametrize(
    ("book", "why"),
    [
        (r"a_t = W_{hh} x_t", "shapes"),
        (r"h_t = y_t", "shapes"),
        (r"h_t = h_{t+1}", "no index"),
        (r"h_t = q_t", "stands for nothing"),
    ],
)
def test_what_cannot_be_evaluated_is_wrong_and_no_crash(book, why):
    trial = planted(book=book, corrected=STATE)
    assert verdict(trial) == "wrong"
    assert trial.printed == (np.inf,) * 5
    assert why in plainly(trial.reason)


def test_a_slip_differs_in_its_letters_only():
    told = {"corrected": STATE, "slip": True, "remark": "read h"}
    assert verdict(planted(book=r"z_t = \tanh a_t", **told)) == "slip"
    with pytest.raises(ValueError, match="letters only"):
        verdict(planted(book=SQUARE, **told))


def test_what_holds_in_a_special_case_is_incomplete():
    case = {"every": "n", "special": "there is one sample", "special_world": "row"}
    book, right = r"L = \sum_t L_t + n", r"L = \sum_t L_t"
    assert verdict(planted(book=book, corrected=right, **case)) == "incomplete"


@pytest.mark.parametrize(
    ("entries", "complaint"),
    [
        ({"book": SQUARE}, "expected a corrected form, since"),
        ({"book": SQUARE, "corrected": SQUARE}, "a corrected form that holds"),
        ({"corrected": SQUARE}, "a corrected form that holds"),
        ({"book": STATE, "corrected": STATE}, "nothing to mend"),
        ({"book": STATE, "corrected": STATE, "slip": True}, "nothing to mend"),
        ({"book": STATE, "special": "all is well", "special_world": "row"}, "nothing to mend"),
        (
            {"book": SQUARE, "corrected": STATE, "special": "one", "special_world": "row"},
            "special case that holds",
        ),
        ({"book": SQUARE, "corrected": STATE, "square_world": "square"}, "do not fit"),
        (
            {
                "book": r"h_{t-1} x_t = x_t h_{t-1}",
                "corrected": STATE,
                "square_world": "no such world",
            },
            "expected a world",
        ),
    ],
)
def test_a_record_that_contradicts_the_measurement_is_refused(entries, complaint):
    with pytest.raises(ValueError, match=complaint):
        verdict(planted(**entries))


def test_what_does_not_fit_is_tried_where_all_sizes_are_alike():
    book, right = r"a_t = x_t W_{hh} + h_{t-1} W_{hh} + b_h", STATE
    trial = planted(book=book, corrected=right, square_world="square")
    assert verdict(trial) == "wrong"
    assert min(trial.printed) == np.inf
    assert 0.1 < min(trial.square) <= max(trial.square) <= 2
    assert "with all sizes alike: error 1" in ClaimTable("001", (trial,), BOOK).row(trial)


def test_what_holds_for_some_seeds_needs_its_special_case():
    claim = Claim("001-E99", **GOOD, book=STATE, corrected=STATE)
    with pytest.raises(ValueError, match="special case in which"):
        verdict(Trial(claim, printed=(0.0, 0.5), corrected=(0.0, 0.0)))


@pytest.mark.parametrize("wrong", [r"h_t = W_{hh} x_t", r"h_t = h_{t+1}", r"h_t = q_t"])
def test_a_right_form_that_cannot_be_evaluated_is_an_error(wrong):
    with pytest.raises(ValueError, match="expected"):
        planted(book=SQUARE, corrected=wrong)


def test_nothing_but_zeros_is_no_trial_unless_zero_is_claimed():
    with pytest.raises(ValueError, match="only zeros"):
        planted(corrected=r"h_t - h_t = a_t - a_t")
    assert verdict(planted(book=r"h_t - h_t = 0")) == "holds"


def test_nothing_to_compare_is_no_trial():
    with pytest.raises(ValueError, match="something to compare"):
        planted(corrected=STATE, when="t < 0")


# The data


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (entry(verdict="wrong"), "expected entries of a claim"),
        (entry(line=""), "expected something in"),
        (entry().replace("line = '1'", "line = 1"), "expected str for line"),
        (entry().replace("line = '1'\n", ""), "line"),
        (entry().replace("001-E01", "002-E01"), "expected a claim of document 001"),
        ("x = 1", "expected a claim of document 001"),
        (entry(definition="a word"), "either a definition or something to try"),
        (entry().replace(f"book = '{STATE}'", ""), "either a definition or something to try"),
        (entry(special="one sample"), "where it is tried"),
        (entry(special_world="row"), "where it is tried"),
        (entry() + "\nslip = true", "how it must be read"),
        (entry() + "\nas_printed = { seed = '1' }", "settings for the printed form"),
        (entry(book=r"h_t = \frac{a_t}"), "expected"),
    ],
)
def test_a_file_of_claims_with_a_mistake_is_refused(tmp_path, text, complaint):
    with pytest.raises(ValueError, match=complaint):
        written(tmp_path, text)


def test_worlds_are_large_enough_for_a_slip_to_show():
    assert len({*SIZES, *STEPS}) == len(SIZES) + len(STEPS)
    assert min(STEPS) >= 4
    for seed in SEEDS:
        values = claim_values(np.random.default_rng(seed))
        assert np.all(values.given["h_init"] != 0)
        assert len(set(values.sizes.values())) == 5


@pytest.mark.parametrize("name", ["nowhere", "bptt.nowhere", "nowhere.world"])
def test_an_unknown_world_is_refused(name):
    with pytest.raises(ValueError, match="expected a world"):
        find(name, "001", BOOK)


def test_the_settings_of_the_printed_form_may_differ():
    late = {"book": r"h_{t-2} = \tanh a_{t-2}", "as_printed": {"when": "t > 1"}}
    assert verdict(planted(**late)) == "holds"
    early = {"book": r"h_{t-2} = \tanh a_{t-2}", "corrected": STATE}
    assert verdict(planted(**early)) == "wrong"


# The show


def test_a_table_shows_every_claim_and_the_summary_counts_them(tmp_path):
    (tmp_path / "_claims").mkdir()
    text = entry() + "\n" + entry(book=SQUARE, corrected=STATE).replace("E01", "E02")
    written(tmp_path / "_claims", text)
    trials = try_document(tmp_path, "001")
    table = ClaimTable("001", trials, BOOK)
    html = table._repr_html_()
    assert html.count("<tr id=") == 2
    assert "✗ wrong" in html
    assert 'href="06_bptt.ipynb"' in html
    assert repr(table) == "The claims of document 001: 1 holds, 1 wrong"
    assert summary_table({"001": trials}).rows[0][1:] == ("1", "0", "0", "1", "0", "0", "2")


def test_a_section_that_does_not_exist_is_refused():
    for chapter in ("06_bptt#nowhere", "99_nothing"):
        with pytest.raises(ValueError, match="expected a section"):
            place(BOOK, chapter)


def test_sizes_of_errors_do_not_depend_on_the_machine():
    assert size_of((1e-16, 3e-12)) == "error below 1e-9"
    assert size_of((np.inf, np.inf)) == "is not so"


# The two long formulas


@pytest.mark.parametrize("weight", ["W", "U"])
def test_without_a_defect_the_long_formulas_hold_and_each_defect_alone_breaks_them(weight):
    check = Check("", lambda rng: square_world(0))
    for defect in VARIANTS:
        tex = formula(defect, weight)
        errors = [compared(tex, check, square_world(seed))[0][0] for seed in SEEDS]
        assert (max(errors) < 1e-9) if defect == "none" else (min(errors) > 1e-3), defect


def test_the_ablation_has_a_row_for_each_defect():
    assert [row[0] for row in ablation().rows] == [*VARIANTS]
