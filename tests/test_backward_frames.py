"""On the way back, too, equation, code, numbers and sentence of a frame must agree."""

import re
from types import SimpleNamespace

import numpy as np
import pytest

from equations import evaluate
from networks import random_case
from rnnlib import ACTIVATIONS, forward
from rnnlib.backward_frames import backward_frames
from rnnlib.bptt import backward
from rnnlib.printing import format_number

TOLERANCE = 1e-12


def film_of(seed, T=3, N=1, activation="tanh", **sizes):
    case = random_case(seed, T, N, **sizes)
    trace = forward(*case, activation=activation)
    back = backward(case.params, trace)
    return backward_frames(case.params, trace, back), SimpleNamespace(
        case=case, trace=trace, back=back
    )


FILMS = [
    film_of(seed, T, N, activation)
    for seed, activation in enumerate(ACTIVATIONS)
    for T, N in ((1, 1), (2, 3), (7, 1), (3, 2))
]
each_film = pytest.mark.parametrize(("film", "run"), FILMS)


def way_back(film):
    return [frame for frame in film.frames if frame.phase == "backward"]


def base(key):
    """Name the value itself, of which a key is the transpose, the square or the sign."""
    return re.sub(r"\.T$|\*\*2$|>0$", "", key).replace("onehot", "y")


@each_film
def test_every_equation_evaluated_on_its_operands_gives_its_result(film, run):
    arrays = {key: value.array for key, value in film.values.items()}
    for frame in way_back(film):
        operands = {key: arrays[key] for key in frame.operands}
        np.testing.assert_allclose(
            evaluate(frame.equation, operands), arrays[frame.result], rtol=TOLERANCE, atol=1e-14
        )


@each_film
def test_every_line_of_code_run_on_its_operands_gives_its_result(film, run):
    for frame in way_back(film):
        room = fresh_room(film, run, frame)
        exec(frame.code, room)
        name, _, step = frame.result.rstrip("]").partition("[")
        got = room[name] if name.startswith("gradient") or not step else room[name][int(step)]
        np.testing.assert_allclose(got, film.values[frame.result].array, rtol=TOLERANCE, atol=1e-14)


def fresh_room(film, run, frame):
    """Name only what the frame reads; whatever is not an operand is NaN."""
    trace, back = run.trace, run.back
    states = np.full_like(trace.states, np.nan)
    room = {"np": np, "states": states, "h": states[1:], "h_prev": states[:-1]}
    for record, names in ((trace, "x a y_hat"), (back, "delta_z delta_h delta_a delta_x message")):
        room |= {name: np.full_like(getattr(record, name), np.nan) for name in names.split()}
    room["y"] = np.full_like(trace.y, -(10**6))
    for key in map(base, frame.operands):
        name, _, step = key.rstrip("]").partition("[")
        array = film.values[key].array
        if name.startswith("gradient"):
            room[name] = array.copy()
        elif not step:
            room[name] = array
        elif name == "h":
            states[int(step) + 1] = array
        else:
            room[name][int(step)] = array
    return room


@each_film
def test_every_delta_is_the_one_of_the_backward_pass(film, run):
    for name in ("delta_z", "delta_h", "delta_a", "delta_x", "message"):
        for t in range(film.T):
            assert np.array_equal(film.values[f"{name}[{t}]"].array, getattr(run.back, name)[t]), (
                name
            )
    for name, gradient in run.back.gradient._asdict().items():
        # At the end of the walk each sum is complete.
        np.testing.assert_allclose(
            film.values[f"gradient_{name}[0]"].array, gradient, rtol=TOLERANCE, atol=1e-14
        )


@each_film
def test_a_frame_reads_only_what_earlier_frames_have_computed(film, run):
    for position, frame in enumerate(film.frames):
        if frame.phase == "backward":
            known = {base(key) for key in film.computed(position - 1)}
            assert {base(key) for key in frame.operands} <= known
            assert frame.result not in known


@each_film
def test_the_walk_computes_every_delta_of_every_step_once(film, run):
    results = [frame.result for frame in way_back(film)]
    assert len(set(results)) == len(results) == 10 * film.T
    names = ["delta_z", "delta_h", "delta_a", "delta_x"]
    names += [f"gradient_{name}" for name in run.case.params._fields]
    wanted = {f"{name}[{t}]" for name in names for t in range(film.T)} | {"delta_h_init"}
    assert set(results) == wanted | {f"message[{t}]" for t in range(film.T - 1)}


@each_film
def test_two_arrows_meet_at_every_state_but_the_last(film, run):
    for frame in way_back(film):
        if frame.quantity == "delta_h":
            assert ("+" in frame.equation) == (frame.t < film.T - 1)


@each_film
def test_every_frame_has_an_address_of_its_own(film, run):
    addresses = [film.address(i) for i in range(len(film.frames))]
    assert len(set(addresses)) == len(addresses)


def test_the_sentence_at_the_two_arrows_quotes_both():
    film, run = film_of(seed=1, T=3)
    frame = next(frame for frame in film.frames if frame.result == "delta_h[1]")
    j = np.abs(run.back.delta_h[1, 0]).argmax()
    own = run.back.delta_z[1, 0] @ run.case.params.W_hy[j]
    assert format_number(float(own)) in frame.sentence
    assert format_number(float(run.back.message[1, 0, j])) in frame.sentence
    assert format_number(float(run.back.delta_h[1, 0, j])) in frame.sentence


@each_film
def test_a_sum_that_grows_takes_its_new_value_and_is_the_gradient_only_with_the_last_share(
    film, run
):
    for frame in way_back(film):
        grows = frame.quantity.startswith("gradient")
        assert frame.equation[1] == (r"\leftarrow" if grows else "=")
        if grows:
            name = frame.quantity.removeprefix("gradient_")
            assert "frac" not in film.values[frame.result].tex
            assert (f"G now is dL/d{name}." in frame.sentence) == (frame.t == 0)
            assert ("With it the sum G begins." in frame.sentence) == (frame.t == film.T - 1)


@each_film
def test_no_sentence_has_more_than_25_words_or_a_hole(film, run):
    for frame in film.frames:
        assert not set("{}@·") & set(frame.sentence), frame.sentence
        for part in re.split(r"(?<=[.]) (?=[A-ZΣ])", frame.sentence):
            words = [word for word in part.split() if any(map(str.isalnum, word))]
            assert len(words) <= 25, part


@each_film
def test_the_unit_to_which_a_message_speaks_is_the_one_that_hears_it(film, run):
    said = {frame.result: frame.sentence for frame in film.frames}
    for t in range(film.T - 1):
        [spoken] = re.findall(r"To unit (\d+) it says (−?\d+\.\d\d)", said[f"message[{t}]"])
        [heard] = re.findall(
            rf"Unit (\d+) hears .* and (−?\d+\.\d\d) from t = {t + 1}", said[f"delta_h[{t}]"]
        )
        assert spoken == heard


def test_the_units_that_keep_most_and_least_of_their_delta_are_those_with_the_slopes():
    film, run = film_of(seed=0, T=3)
    for t in range(3):
        sentence = next(f.sentence for f in film.frames if f.result == f"delta_a[{t}]")
        slope = 1 - run.trace.h[t, 0] ** 2
        assert f"Unit {slope.argmax()}, with h nearest to 0, keeps most" in sentence
        assert f"Unit {slope.argmin()}, furthest from 0, keeps least" in sentence
        for j in (slope.argmax(), slope.argmin()):
            before, after = run.back.delta_h[t, 0, j], run.back.delta_a[t, 0, j]
            assert (
                f"{format_number(float(before))} becomes {format_number(float(after))}" in sentence
            )


def test_the_walk_turns_where_delta_is_told_and_the_last_state_hears_one_term():
    film, _ = film_of(seed=1, T=3)
    said = {frame.result: frame.sentence for frame in film.frames}
    turned = [key for key, words in said.items() if "the walk turns" in words]
    assert turned == ["delta_z[2]"]
    assert [key for key, words in said.items() if "there is one term" in words] == ["delta_h[2]"]
    met = [key for key, words in said.items() if "two arrows meet" in words]
    assert met == ["delta_h[1]", "delta_h[0]"]


def test_a_batch_of_two_is_the_sum_of_two_walks():
    whole, run = film_of(seed=2, T=3, N=2)
    params, x, y, h_init = run.case
    for t in range(3):
        for name in params._fields:
            parts = 0
            for n in range(2):
                trace = forward(params, x[:, [n]], y[:, [n]], h_init[[n]])
                film = backward_frames(params, trace, backward(params, trace))
                parts = parts + film.values[f"gradient_{name}[{t}]"].array
            np.testing.assert_allclose(
                whole.values[f"gradient_{name}[{t}]"].array, parts, rtol=TOLERANCE, atol=1e-14
            )
