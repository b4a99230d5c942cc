"""Each known mistake is named, never confused with another, and a right answer is never blamed."""

import re
from functools import cache

import numpy as np
import pytest

from chapters import ROOT
from networks import Case
from rnnlib import Parameters, backward, forward, init_parameters
from rnnlib.equation_sources import printed_equations
from rnnlib.form_misconceptions import OTHER_FORMS
from rnnlib.misconceptions import MISCONCEPTIONS
from rnnlib.naming import explain, first_difference, name_mistake, named_values
from rnnlib.oracles import tape_derivatives

SEEDS = range(20)
NAMES = [mistake.name for mistake in MISCONCEPTIONS]
each_mistake = pytest.mark.parametrize("mistake", MISCONCEPTIONS, ids=NAMES)


@cache
def case_of(seed):
    """Draw a network whose states are not saturated: in each, all that is wrong can be seen."""
    rng = np.random.default_rng(seed)
    T, N, n_x, n_h, n_y = (4, 5, 7)[seed % 3], (2, 3)[seed % 2], 5, (3, 4)[seed % 2], 7
    b_h, b_y = 0.5 * rng.standard_normal(n_h), 0.5 * rng.standard_normal(n_y)
    params = init_parameters(rng, n_x, n_h, n_y)._replace(b_h=b_h, b_y=b_y)
    x, y = rng.standard_normal((T, N, n_x)), rng.integers(n_y, size=(T, N))
    case = Case(params, x, y, rng.uniform(-0.9, 0.9, (N, n_h)))
    return case, forward(*case)


def as_type(case, dtype):
    params = Parameters(*(array.astype(dtype) for array in case.params))
    return case._replace(params=params, x=case.x.astype(dtype), h_init=case.h_init.astype(dtype))


def in_float32(case):
    small = as_type(case, np.float32)
    return small.params, forward(*small)


def summed_backwards(params, trace):
    """Add up the shares of single samples, the last one first."""
    total = [np.zeros_like(array) for array in params]
    for n in reversed(range(trace.x.shape[1])):
        one = forward(params, *(a[:, n : n + 1] for a in (trace.x, trace.y)), trace.h_init[n:][:1])
        for sum_, share in zip(total, backward(params, one).gradient, strict=True):
            sum_ += share
    return Parameters(*total)


@each_mistake
def test_a_mistake_is_named_in_twenty_random_settings_and_never_confused(mistake):
    for seed in SEEDS:
        case, trace = case_of(seed)
        gradient = mistake.wrong(case.params, trace).gradient
        assert name_mistake(case.params, trace, gradient) == (mistake,)


@each_mistake
def test_a_mistake_made_in_float32_is_named_too(mistake):
    for seed in SEEDS[::4]:
        case, trace = case_of(seed)
        gradient = mistake.wrong(*in_float32(case)).gradient
        assert gradient.W_hh.dtype == np.float32
        assert name_mistake(case.params, trace, gradient) == (mistake,)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_right_gradient_is_never_blamed(seed):
    case, trace = case_of(seed)
    answers = [
        backward(case.params, trace),
        backward(case.params, trace).gradient,
        backward(*in_float32(case)).gradient,
        summed_backwards(case.params, trace),
        tape_derivatives(*case).back.gradient,
    ]
    for answer in answers:
        assert name_mistake(case.params, trace, answer) == ()
        assert explain(case.params, trace, answer).right


@each_mistake
def test_a_mistake_modifies_nothing_and_has_the_shapes_of_a_walk_back(mistake):
    case, trace = case_of(0)
    before = [array.copy() for array in (*case.params, trace.x, trace.states, trace.y_hat)]
    wrong = named_values(mistake.wrong(case.params, trace))
    right = named_values(backward(case.params, trace))
    assert {k: v.shape for k, v in wrong.items()} == {k: v.shape for k, v in right.items()}
    for array, old in zip((*case.params, trace.x, trace.states, trace.y_hat), before, strict=True):
        assert np.array_equal(array, old)


@pytest.mark.parametrize("mistake", [*MISCONCEPTIONS, *OTHER_FORMS], ids=lambda m: m.name)
def test_a_mistake_leads_to_the_chapter_in_which_its_equation_stands(mistake):
    chapter = printed_equations(ROOT / "book")[mistake.equation].chapter
    assert str(mistake).endswith(f" See {mistake.equation} in chapter {int(chapter[:2])}.")


def test_every_mistake_has_a_name_and_a_sentence_of_its_own():
    assert len(set(NAMES)) == len({m.sentence for m in MISCONCEPTIONS}) == len(MISCONCEPTIONS)
    assert all(re.fullmatch(r"\S.{20,160}\.", m.sentence) for m in MISCONCEPTIONS)


def test_one_intermediate_of_one_step_is_enough_for_a_name():
    case, trace = case_of(1)
    for name, key in [
        ("1 − h² missing", "delta_a[1]"),
        ("message before tanh", "message[0]"),
        ("wrong class", "delta_z[0]"),
        ("gradient of W_hh transposed", "W_hh"),
    ]:
        mistake = MISCONCEPTIONS[NAMES.index(name)]
        answer = {key: named_values(mistake.wrong(case.params, trace))[key]}
        assert mistake in name_mistake(case.params, trace, answer)
        assert mistake.sentence in explain(case.params, trace, answer).sentence


def test_an_unknown_mistake_leads_to_the_first_wrong_value_of_the_walk():
    case, trace = case_of(2)
    back = backward(case.params, trace)
    delta_a = back.delta_a.copy()
    delta_a[1, 0, 2] *= 1.5
    answer = {"delta_h": back.delta_h, "delta_a": delta_a, "b_h": delta_a.sum(axis=(0, 1))}
    first = first_difference(case.params, trace, answer)
    assert (first.name, first.entry) == ("delta_a[1]", (0, 2))
    assert first.got == pytest.approx(1.5 * first.wanted)
    assert "delta_a[1] at [0, 2]: got" in explain(case.params, trace, answer).sentence


@pytest.mark.parametrize("bad", [None, np.ones((2, 2)), [[np.nan]], "no"])
def test_what_is_no_array_of_the_right_shape_is_wrong_and_has_no_name(bad):
    case, trace = case_of(0)
    assert name_mistake(case.params, trace, {"W_hh": bad}) == ()
    feedback = explain(case.params, trace, {"W_hh": bad})
    assert not feedback.right
    assert "W_hh" in feedback.sentence


def test_one_nan_among_right_numbers_is_wrong():
    case, trace = case_of(0)
    gradient = backward(case.params, trace).gradient
    gradient.b_h[1] = np.nan
    assert not explain(case.params, trace, gradient).right
