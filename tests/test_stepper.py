"""The widget and its labs: what they show is the film, and a control makes a fresh one."""

import json
import re
from html.parser import HTMLParser

import numpy as np
import pytest

from choices import chosen
from networks import random_case
from rnnlib import backward, forward, init_parameters, next_character_task, symbols_of
from rnnlib.backward_frames import backward_frames
from rnnlib.film_state import film_state
from rnnlib.frames import forward_frames
from rnnlib.labs import ForwardLab
from rnnlib.stepper import Stepper


def make_stepper(seed=0, T=3, N=1, position=0):
    case = random_case(seed, T, N)
    return Stepper(forward_frames(case.params, forward(*case)), "test", position)


@pytest.mark.parametrize("N", [1, 3])
def test_the_state_holds_in_full_what_is_given_and_nothing_that_is_computed(N):
    for seed in range(10):
        film = make_stepper(seed, T=1 + seed % 4, N=N).film
        given = film_state(film)["given"]
        computed = {frame.result for frame in film.frames if len(frame.equation) > 1}
        assert set(given) | computed == set(film.values)
        assert not set(given) & computed
        for key, rows in given.items():
            assert np.array_equal(rows, np.atleast_2d(film.values[key].array))


def test_the_state_is_plain_json_and_the_same_every_time():
    assert json.dumps(film_state(make_stepper().film)) == json.dumps(
        film_state(make_stepper().film)
    )


def test_position_can_be_read_and_set_and_names_the_frame():
    stepper = make_stepper()
    stepper.position = 3
    assert stepper.frame.result == "h[0]"
    with pytest.raises(ValueError, match="position: expected 0 to 19, got 20"):
        stepper.position = 20
    assert stepper.position == 3


def make_learner(seed=0, T=3, N=1):
    case = random_case(seed, T, N, n_x=2, n_h=3, n_y=5)
    trace = forward(*case)
    return Stepper(backward_frames(case.params, trace, backward(case.params, trace)), "test"), case


@pytest.mark.parametrize(
    ("trait", "value", "message"),
    [
        ("steps", 0, "steps: expected 1 to 3, got 0"),
        ("steps", 4, "steps: expected 1 to 3, got 4"),
        ("off", ["x[3]"], r"off: expected x\[t\] or loss\[t\] or message\[t\] .*, got 'x\[3\]'"),
        ("off", ["loss[0]", "h[0]"], r"off: .*, got 'h\[0\]'"),
        ("off", ["message[2]"], r"off: .*, got 'message\[2\]'"),
        ("off", ["x[-1]"], r"off: .*, got 'x\[-1\]'"),
        ("changes", {"U": {"0,0": 1.0}}, "changes: expected keys among W_xh, .*, got 'U'"),
        ("changes", {"h[0]": {"0,0": 1.0}}, r"changes: expected keys .*, got 'h\[0\]'"),
        ("changes", {"y[0]": {"0,0": 1.0}}, r"changes: expected keys .*, got 'y\[0\]'"),
        (
            "changes",
            {"W_hh": {"3,0": 1.0}},
            "changes: expected cells 0,0 to 2,2 of W_hh",
        ),
        ("changes", {"b_y": {"4": 1.0}}, "changes: expected cells 0,0 to 0,4 of b_y, got '4'"),
        ("changes", {"b_y": {"0,4": "1"}}, "changes: expected finite numbers, got '1'"),
        ("changes", {"b_y": {"0,4": float("nan")}}, "changes: expected finite numbers, got nan"),
    ],
)
def test_a_choice_that_makes_no_sense_is_refused_and_changes_nothing(trait, value, message):
    stepper, _ = make_learner()
    before = getattr(stepper, trait)
    with pytest.raises(ValueError, match=message):
        setattr(stepper, trait, value)
    assert getattr(stepper, trait) == before


@pytest.mark.parametrize("N", [1, 2])
def test_what_is_given_follows_the_choices_and_leaves_the_film_alone(N):
    stepper, case = make_learner(N=N)
    made = {key: value.array.copy() for key, value in stepper.film.values.items()}
    off = ["x[1]", "loss[0]", "message[1]"]
    changes = {"W_hh": {"0,1": 0.5}, "b_y": {"0,4": 2}, "x[0]": {"0,1": -1.0}, "h[-1]": {"0,2": 3}}
    stepper.off, stepper.changes = off, changes
    params, x, y, h_init = chosen(case, 3, off, changes)
    given = stepper.given
    for name, array in params._asdict().items():
        assert np.array_equal(given[name], array)
    assert np.array_equal(given["h[-1]"], h_init)
    assert np.array_equal([given[f"x[{t}]"] for t in range(3)], x)
    assert np.array_equal([given[f"y[{t}]"] for t in range(3)], y)
    for key, value in stepper.film.values.items():
        assert np.array_equal(value.array, made[key])


def test_another_film_begins_without_choices():
    stepper, _ = make_learner(T=4)
    stepper.steps, stepper.off, stepper.changes = 2, ["loss[3]"], {"W_hh": {"2,2": 1.0}}
    stepper.show(make_stepper(T=2).film, position=3)
    assert (stepper.position, stepper.steps, stepper.off, stepper.changes) == (3, 2, [], {})


def test_two_steppers_do_not_move_each_other():
    one, other = make_stepper(), make_stepper()
    one.position = 5
    assert other.position == 0


def test_the_html_holds_the_whole_state_and_ends_its_script_only_once():
    stepper = make_stepper(position=4)
    data = re.search(r'<script type="application/json">(.*?)</script>', stepper.html(), re.S)[1]
    assert json.loads(data) == json.loads(
        json.dumps(stepper.state | {"name": "test", "position": 4})
    )


def test_a_text_that_looks_like_the_end_of_the_script_does_not_end_it():
    case = random_case()
    film = forward_frames(case.params, forward(*case), title="</script><b>")
    page = Structure(Stepper(film, "test").html())
    assert page.tags.count("script") == 1
    assert "b" not in page.tags


class Structure(HTMLParser):
    """The tags of a piece of HTML, and the text of its cells."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.text = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)

    def handle_data(self, data):
        self.text.append(data)


def test_the_transcript_tells_every_frame_with_tags_that_an_untrusted_notebook_keeps():
    stepper = make_stepper(T=2)
    transcript = Structure(stepper.html().partition('<div class="rnn-transcript">')[2])
    kept = set("p strong img table caption tbody tr th td code br ol li".split())
    assert set(transcript.tags) <= kept
    for frame in stepper.film.frames:
        assert frame.code in transcript.text
        assert frame.sentence in transcript.text


def test_the_mime_bundle_reads_without_a_kernel():
    bundle, _ = make_stepper()._repr_mimebundle_()
    assert bundle["text/plain"] == "Stepper('Forward through time', frame 1 of 20)"
    assert bundle["text/html"].startswith('<rnn-stepper id="test">')


@pytest.mark.parametrize(
    ("control", "value"),
    [("T", 7), ("n_h", 5), ("seed", 11), ("activation", "relu"), ("text", "abracadabra")],
)
def test_a_control_gives_exactly_the_film_of_a_fresh_trace(control, value):
    lab = ForwardLab("lab")
    chosen = {name: widget.value for name, widget in lab.controls.items()} | {control: value}
    lab.stepper.position = 9
    lab.controls[control].value = value

    symbols = symbols_of(chosen["text"])
    part = chosen["text"][: chosen["T"] + 1]
    n = len(symbols)
    params = init_parameters(np.random.default_rng(chosen["seed"]), n, chosen["n_h"], n)
    x, y = next_character_task([part], symbols)
    trace = forward(params, x, y, activation=chosen["activation"])
    fresh = forward_frames(params, trace, symbols, title=f"Reading “{part}”")
    assert lab.stepper.state == film_state(fresh)
    assert lab.stepper.position == 0
    assert np.array_equal(lab.trace.states, trace.states)


def test_a_text_that_cannot_be_read_leaves_the_film_and_says_why():
    lab = ForwardLab("lab")
    before = lab.stepper.state
    lab.controls["text"].value = "x"
    assert lab.stepper.state == before
    assert "at least 2" in lab.message.value
    lab.controls["text"].value = "xy"
    assert lab.message.value == ""
