"""Exercises take their mistakes from the misconceptions, and lead an unknown one to its place."""

import importlib
from functools import partial
from pathlib import Path

import numpy as np
import pytest

import rnnlib
from rnnlib import backward
from rnnlib.bptt_exercises import WALK
from rnnlib.exercises import Exercise, check
from rnnlib.known_mistakes import KNOWN, lead_along, mistakes_of, settled
from rnnlib.layer_exercises import STATE_DELTA
from rnnlib.sequence_exercises import ONE_LOSS
from test_exercises import EXERCISES

T, N, N_H = 4, 3, 2
WHOLE_WALKS = (WALK, STATE_DELTA, ONE_LOSS)
each_walk = pytest.mark.parametrize("exercise", WHOLE_WALKS, ids=lambda e: e.name)


def drawn(seed, dtype=np.float64):
    rng = np.random.default_rng(seed)
    own, x = rng.standard_normal((T, N, N_H)), rng.standard_normal((T, N, 5))
    h, h_init = rng.uniform(-0.9, 0.9, (T, N, N_H)), rng.uniform(-0.9, 0.9, (N, N_H))
    parts = own, h, rng.standard_normal((N_H, N_H)), h_init, x
    return [part.astype(dtype) for part in parts]


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_a_settled_network_has_the_walk_back_that_was_asked_for(dtype):
    for seed in range(20):
        own, h, W_hh, h_init, x = drawn(seed, dtype)
        params, trace = settled(own, h, W_hh, h_init, x)
        back = backward(params, trace)
        close = 1e-5 if dtype == np.float32 else 1e-12
        assert back.delta_a.dtype == dtype
        assert back.delta_z @ params.W_hy.T == pytest.approx(own, abs=close)
        message = np.zeros((N, N_H))
        for t in reversed(range(T)):
            delta_a = (own[t] + message) * (1 - h[t] ** 2)
            assert back.delta_a[t] == pytest.approx(delta_a, rel=100 * close, abs=100 * close)
            message = delta_a @ W_hh.T
        assert np.array_equal(trace.h_prev[0], h_init)
        assert np.array_equal(trace.x, x)


def test_without_recurrent_weights_there_is_no_message():
    own, h, *_ = drawn(0)
    back = backward(*settled(own, h))
    assert not back.message.any()
    assert back.delta_h == pytest.approx(own)


def test_a_name_that_nobody_knows_is_refused():
    with pytest.raises(ValueError, match=r"names: expected known mistakes, got \['no such'\]"):
        mistakes_of(("no such",), lambda s: settled(*s), lambda back: back.delta_h)


@each_walk
def test_a_whole_walk_takes_its_mistakes_from_the_misconceptions_with_their_equations(exercise):
    taken = [str(mistake) for mistake in KNOWN.values() if str(mistake) in exercise.mistakes]
    assert len(taken) >= 7
    assert all("See eq:bptt-" in sentence for sentence in taken)
    assert "message dropped" in {m.name for m in KNOWN.values() if str(m) in taken}


def with_an_unknown_mistake_at(t, exercise):
    """Change one number of the walk."""

    def answer(*arguments):
        setting = type(exercise.settings[0](np.random.default_rng(0)))(*arguments)
        values = np.array(exercise.solution(setting))
        values[t, 0, 1] += 0.5 * np.abs(values).max()
        values[0, 1, 0] += np.abs(values).max()  # and one that the walk comes to later
        return values

    return answer


@each_walk
@pytest.mark.parametrize("t", [1, 2, 3])
def test_an_unknown_mistake_leads_to_the_first_wrong_step_of_the_walk(exercise, t):
    for seed in range(20):
        rng = np.random.default_rng(seed)
        feedback = check(exercise, with_an_unknown_mistake_at(t, exercise), rng)
        assert not feedback.right
        assert f"From the last step down to t = {t + 1} all is right" in feedback.sentence
        assert f"[{t}] at [0, 1]: got " in feedback.sentence


@each_walk
def test_a_mistake_in_the_last_step_is_where_the_walk_begins(exercise):
    answer = with_an_unknown_mistake_at(-1, exercise)
    sentence = check(exercise, answer, np.random.default_rng(0)).sentence
    assert "The walk begins with the last step, and goes wrong there. First wrong: " in sentence


@each_walk
def test_another_shape_is_still_told_as_a_shape(exercise):
    sentence = check(exercise, lambda *_: np.ones((2, 2)), np.random.default_rng(0)).sentence
    assert "Expected shape (5, " in sentence


@each_walk
def test_nan_in_a_walk_leads_to_its_step(exercise):
    def answer(*arguments):
        setting = type(exercise.settings[0](np.random.default_rng(0)))(*arguments)
        values = np.array(exercise.solution(setting))
        values[2, 0, 0] = np.nan
        return values

    sentence = check(exercise, answer, np.random.default_rng(0)).sentence
    assert "[2] at [0, 0]: got nan" in sentence


def test_an_answer_that_is_right_leads_nowhere():
    own, h, W_hh, *_ = drawn(0)
    lead = lead_along(lambda setting: settled(*setting), "delta_a")
    assert lead((own, h, W_hh), backward(*settled(own, h, W_hh)).delta_a) == ""


def taken_by(exercise):
    """List what an exercise takes from the misconceptions: each with settle and part."""
    return [wrong.args for wrong in exercise.mistakes.values() if isinstance(wrong, partial)]


def same(one, other):
    one, other = np.asarray(one), np.asarray(other)
    return one.shape == other.shape and np.allclose(one, other, rtol=0, atol=1e-9)


def drawn_settings(exercise):
    rng = np.random.default_rng(0)
    return [draw(rng) for draw in exercise.settings for _ in range(3)]


WALKS = [exercise for exercise in EXERCISES if taken_by(exercise)]


def retold(exercise):
    """
    Find mistakes of an exercise which are those of a misconception, in other words.

    An exercise that is given deltas has no logits of its own, so that what is wrong with the loss
    is not compared: all that it does to the rest is to turn a sign, or to divide.
    """
    settings, taken = drawn_settings(exercise), taken_by(exercise)
    _, settle, part = taken[0]
    of_loss = {"eq:bptt-delta-z", "eq:prediction"}
    of_loss -= {mistake.equation for mistake, *_ in taken}
    known = [mistake for mistake in KNOWN.values() if mistake.equation not in of_loss]
    wrong = {m.name: [part(m.wrong(*settle(s))) for s in settings] for m in known}
    own = {k: v for k, v in exercise.mistakes.items() if not isinstance(v, partial)}
    return [
        (sentence, name)
        for sentence, mistake in own.items()
        for name, parts in wrong.items()
        if all(map(same, map(mistake, settings), parts))
    ]


@pytest.mark.parametrize("exercise", WALKS, ids=lambda exercise: exercise.name)
def test_no_exercise_tells_a_misconception_in_words_of_its_own(exercise):
    assert retold(exercise) == []


def test_a_misconception_in_other_words_would_be_seen():
    [name] = [k for k in WALK.mistakes if k.startswith("The message was made of")]
    wrong = WALK.mistakes[name]
    other = {"In other words.": lambda setting: wrong(setting)}
    found = retold(WALK._replace(mistakes={**WALK.mistakes, **other}))
    assert found == [("In other words.", "message before tanh")]


# What asks for no part of a walk back, in modules that know the walk.
ASIDE = {
    "Ten sizes": "sizes",
    "Parameters": "a count",
    "Numbers held": "a count",
    "Shares of the output layer": "a share for each step, where a walk adds up",
    "Mean squared error": "another loss",
    "Numbers kept": "a count",
    "A word that is heard": "a walk with words",
    "Clipping by norm": "what is done with a gradient",
    "Two steps in one": "matrices",
}
# Modules whose exercises ask for none.
WITHOUT_A_WALK = {
    "forward state output": "the way there",
    "slope": "softmax and slopes, before there is a walk",
    "dense": "a way back without time",
    "total message price context heard": "messages that are sent forward, and words",
    "check training character keeping": "measures, updates, texts, a count",
    "fast": "a gradient for each sequence or class",
}
GATES = ("gate_", "gru_", "lstm_")


def test_every_exercise_on_a_walk_back_takes_its_mistakes_from_the_one_place():
    """Whoever writes another exercise takes them too, or says here why there are none."""
    modules = {}
    for path in Path(rnnlib.__file__).parent.glob("*_exercises.py"):
        if not path.name.startswith(GATES):
            known = "from .known_mistakes import" in path.read_text("utf-8")
            modules.setdefault(known, set()).add(path.stem.removesuffix("_exercises"))
    assert modules[False] == {name for names in WITHOUT_A_WALK for name in names.split()}
    by_name = {exercise.name: exercise for exercise in EXERCISES}
    asked = [
        exercise
        for module in modules[True]
        for exercise in vars(importlib.import_module(f"rnnlib.{module}_exercises")).values()
        if isinstance(exercise, Exercise)
    ]
    assert {exercise.name for exercise in asked} <= set(by_name)
    assert {exercise.name for exercise in asked if not taken_by(exercise)} == set(ASIDE)
