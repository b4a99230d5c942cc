"""The film of the fast walk: every frame agrees with its numbers, and the numbers with rnnlib."""

import numpy as np
import pytest

from equations import evaluate
from networks import random_case
from rnnlib import backward, forward
from rnnlib.film import is_given, node_of
from rnnlib.film_state import film_state
from rnnlib.picture import draw_graph
from rnnlib.stacked_frames import stacked_frames
from rnnlib.stacked_graph import stacked_edges
from rnnlib.stepper import Stepper
from rooms import FUNCTIONS, base, split
from test_calculator import NODE, calculate

# Sums of a few dozen products of size 1, in another order.
TOLERANCE = 1e-12
CALCULATOR = 1e-9


def film_of(T, seed=0):
    case = random_case(seed, T, 1)
    trace = forward(*case)
    return stacked_frames(case.params, trace), case, backward(case.params, trace)


RUNS = [film_of(T, seed) for seed, T in enumerate((1, 2, 3, 5))]
each_film = pytest.mark.parametrize(("film", "case", "back"), RUNS)


def assert_close(got, wanted, tolerance=TOLERANCE):
    np.testing.assert_allclose(got, wanted, rtol=0, atol=tolerance * max(1.0, np.abs(wanted).max()))


@each_film
def test_every_equation_evaluated_on_its_operands_gives_its_result(film, case, back):
    for frame in film.frames:
        if len(frame.equation) > 1:
            operands = {key: film.values[key].array for key in frame.operands}
            assert_close(evaluate(frame.equation, operands), film.values[frame.result].array)


@each_film
def test_every_line_of_code_run_on_its_operands_gives_its_result(film, case, back):
    for frame in film.frames:
        if len(frame.equation) == 1:
            continue
        room = {"np": np, **FUNCTIONS}
        for key in (*map(base, frame.operands), frame.result):
            name, step = split(key)
            value = film.values["y" if key == "onehot" else key].array
            if step is None:
                room[name] = value
            else:
                room.setdefault(name, {})[step] = value
        name, step = split(frame.result)
        if step is None:
            del room[name]
        else:
            del room[name][step]
        exec(frame.code, room)
        got = room[name] if step is None else room[name][step]
        assert_close(got, film.values[frame.result].array)


@each_film
def test_the_gradients_are_those_of_the_walk_back(film, case, back):
    for name in ("W_xh", "W_hh", "W_hy"):
        assert_close(film.values[f"gradient_{name}"].array, getattr(back.gradient, name))


@each_film
def test_only_a_state_and_a_message_take_a_product_of_their_own(film, case, back):
    T = film.T
    products = [frame.result for frame in film.frames if "@" in frame.code]
    alone = [result for result in products if "[" in result]
    assert alone == [
        *(f"h[{t}]" for t in range(T)),
        *(f"message[{t}]" for t in reversed(range(T - 1))),
    ]
    assert len(products) - len(alone) == 6


@each_film
def test_a_frame_reads_only_what_is_given_or_was_computed(film, case, back):
    known = {key for key in film.values if is_given(film, key)} | {"y"}
    for frame in film.frames:
        assert {base(key) if key != "onehot" else "y" for key in frame.operands} <= known
        known.add(frame.result)


@each_film
def test_every_edge_is_a_use_and_every_address_is_its_own(film, case, back):
    uses = {
        (source, frame.result)
        for frame in film.frames
        for source in (node_of(key) for key in frame.operands)
    }
    assert {(source, end) for source, end, _ in stacked_edges(film.T)} <= uses
    addresses = [film.address(i) for i in range(len(film.frames))]
    assert len(set(addresses)) == len(addresses)
    nodes = {node.key for node in film.graph.nodes} | {node.delta for node in film.graph.nodes}
    assert {frame.result for frame in film.frames} - nodes <= {f"message[{t}]" for t in range(9)}
    assert draw_graph(film).count("<path") == len(film.graph.edges)


def test_what_is_no_single_tanh_sequence_is_refused():
    case = random_case(0, 3, 2)
    with pytest.raises(ValueError, match="trace: expected a batch of one sequence, got 2"):
        stacked_frames(case.params, forward(*case))
    case = random_case(0, 3, 1)
    with pytest.raises(ValueError, match="trace: expected activation 'tanh', got 'relu'"):
        stacked_frames(case.params, forward(*case, activation="relu"))


def test_the_usual_stepper_is_small():
    case = random_case(0, 3, 1, n_x=3, n_h=3, n_y=3)
    film = stacked_frames(case.params, forward(*case), "bot")
    assert len(Stepper(film, "stacked").html().encode()) <= 60_000


@pytest.mark.skipif(NODE is None, reason="node is not installed")
def test_the_calculator_walks_fewer_steps_and_cuts_messages():
    film, case, back = RUNS[2]
    choices = [
        {"steps": 3, "off": []},
        {"steps": 2, "off": []},
        {"steps": 3, "off": ["message[1]"]},
    ]
    state = film_state(film)
    whole, shorter, cut = calculate([{"state": state, "changes": {}, **each} for each in choices])
    assert_close(whole["values"]["gradient_W_hh"], back.gradient.W_hh, CALCULATOR)
    two = forward(case.params, case.x[:2], case.y[:2], case.h_init)
    wanted = backward(case.params, two).gradient
    for name in ("W_xh", "W_hh", "W_hy"):
        assert_close(shorter["values"][f"gradient_{name}"], getattr(wanted, name), CALCULATOR)
    own = back.delta_z[1] @ case.params.W_hy.T
    assert_close(cut["values"]["delta_h[1]"], own, CALCULATOR)
