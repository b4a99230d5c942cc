"""The film of forward messages: equation, code, numbers and sentence agree, and BPTT is met."""

import re

import numpy as np
import pytest

from choices import chosen
from equations import evaluate
from networks import random_case
from rnnlib import ACTIVATIONS, forward
from rnnlib.activations import identity, relu, sigmoid, softmax
from rnnlib.bptt import backward, state_jacobian
from rnnlib.film import node_of
from rnnlib.film_state import film_state
from rnnlib.forward_message_frames import forward_message_frames
from rnnlib.memory_costs import rtrl_state, trace_bytes
from rnnlib.operation_costs import backward_work, rtrl_multiply_adds
from rnnlib.rtrl import influences, rtrl
from rnnlib.stepper import Stepper
from test_calculator import NODE, calculate

# Sums of a few dozen products of size 1: rounding stays below a few hundred units of 1e-16.
TOLERANCE = 1e-12
CALCULATOR = 1e-9
SIZES = {"n_x": 2, "n_h": 3, "n_y": 5}


def film_of(seed, T=3, activation="tanh", symbols="", **sizes):
    case = random_case(seed, T, 1, **SIZES | sizes)
    trace = forward(*case, activation=activation)
    back = backward(case.params, trace)
    return forward_message_frames(case.params, trace, back, symbols), case, trace, back


FILMS = [
    film_of(seed, T, activation) for seed, activation in enumerate(ACTIVATIONS) for T in (1, 2, 5)
]
each_film = pytest.mark.parametrize(("film", "case", "trace", "back"), FILMS)


@each_film
def test_every_equation_evaluated_on_its_operands_gives_its_result(film, case, trace, back):
    for frame in film.frames:
        if len(frame.equation) > 1:
            operands = {key: film.values[key].array for key in frame.operands}
            np.testing.assert_allclose(
                evaluate(frame.equation, operands),
                film.values[frame.result].array,
                rtol=TOLERANCE,
                atol=TOLERANCE,
            )


@each_film
def test_every_line_of_code_run_on_its_operands_gives_its_result(film, case, trace, back):
    for frame in film.frames:
        room = fresh_room(film, trace, case, frame)
        exec(frame.code, room)
        name, _, step = frame.result.rstrip("]").partition("[")
        if name == "h":
            got = room["states"][int(step) + 1]
        else:
            whole = name.startswith("gradient") or not step
            got = room[name] if whole else room[name][int(step)]
        np.testing.assert_allclose(
            got, film.values[frame.result].array, rtol=TOLERANCE, atol=TOLERANCE
        )


def fresh_room(film, trace, case, frame):
    """Name only what the frame reads; whatever is not an operand is NaN."""
    states = np.full_like(trace.states, np.nan)
    room = {"np": np, "softmax": softmax, "sigmoid": sigmoid, "relu": relu, "identity": identity}
    room |= {"states": states, "h": states[1:], "h_prev": states[:-1], "h_init": case.h_init}
    room |= {"x": trace.x, "y": np.full_like(trace.y, -(10**6))}
    for key, value in film.values.items():
        name, _, step = key.rstrip("]").partition("[")
        if step and key == node_of(key) and name not in room:
            shape = (film.T, *value.array.shape)
            room[name] = np.full(shape, np.nan)
    for key in map(node_of_step, frame.operands):
        name, _, step = key.rstrip("]").partition("[")
        array = film.values[key].array
        if name.startswith("gradient") or not step:
            room[name] = array.copy()
        elif name == "h":
            states[int(step) + 1] = array
        else:
            room[name][int(step)] = array
    return room


def node_of_step(key):
    """Name the value itself, of which a key is a form; a gradient keeps its step."""
    return re.sub(r"\.T$|\*\*[02]$|>0$", "", key).replace("onehot", "y")


@each_film
def test_every_value_is_the_one_of_rnnlib(film, case, trace, back):
    messages = list(influences(case.params, trace))
    jacobians = state_jacobian(case.params, trace)
    so_far = 0
    for t in range(film.T):
        n_h = 3
        P_t = film.values[f"influence[{t}]"].array
        assert np.array_equal(P_t, messages[t].W_hh[0].reshape(n_h, n_h * n_h))
        if t:
            assert np.array_equal(film.values[f"state_jacobian[{t}]"].array, jacobians[t, 0])
        for name in ("delta_z", "delta_a"):
            assert np.array_equal(film.values[f"{name}[{t}]"].array, getattr(back, name)[t])
        so_far = so_far + rtrl(case.params, trace).per_loss.W_hh[t]
        np.testing.assert_allclose(
            film.values[f"gradient_W_hh[{t}]"].array[0], so_far.ravel(), rtol=TOLERANCE, atol=1e-14
        )
    assert np.array_equal(film.values["bptt_W_hh"].array[0], back.gradient.W_hh.ravel())


@each_film
def test_forward_messages_and_bptt_meet(film, case, trace, back):
    assert film.frames[-1].result == "difference"
    size = np.abs(back.gradient.W_hh).max()
    assert np.abs(film.values["difference"].array).max() <= TOLERANCE * max(size, 1)
    assert "they differ by 0.00 at most" in film.frames[-1].sentence


def test_a_column_of_the_influence_belongs_to_the_weight_it_names():
    film, case, *_ = film_of(seed=3, T=3)
    # A central difference is wrong by about step² and eps / step: both near 1e-10.
    step = 1e-5
    for column, name in enumerate(film.values["influence[2]"].columns):
        source, target = map(int, name.split("→"))
        ends = []
        for sign in (1, -1):
            W_hh = case.params.W_hh.copy()
            W_hh[source, target] += sign * step
            ends.append(forward(case.params._replace(W_hh=W_hh), *case[1:]).h[2, 0])
        slope = (ends[0] - ends[1]) / (2 * step)
        got = film.values["influence[2]"].array[:, column]
        np.testing.assert_allclose(got, slope, rtol=1e-7, atol=1e-8)


@each_film
def test_a_frame_reads_only_what_earlier_frames_have_computed(film, case, trace, back):
    for position, frame in enumerate(film.frames):
        known = {node_of_step(key) for key in film.computed(position - 1)}
        revealed = {f"y[{frame.t}]"} if frame.quantity == "loss" else set()
        assert {node_of_step(key) for key in frame.operands} - known == revealed
        assert frame.result not in known


@each_film
def test_no_message_of_the_way_there_reads_what_comes_later(film, case, trace, back):
    for frame in film.frames:
        if frame.phase == "forward" and frame.t is not None:
            steps = [int(step) for key in frame.operands for step in re.findall(r"\[(-?\d+)", key)]
            assert max(steps, default=0) <= frame.t


@each_film
def test_every_frame_has_an_address_of_its_own(film, case, trace, back):
    addresses = [film.address(i) for i in range(len(film.frames))]
    assert len(set(addresses)) == len(addresses)


@each_film
def test_every_edge_is_a_use_and_every_node_is_computed(film, case, trace, back):
    uses = {
        (node_of(key), node_of(frame.result)) for frame in film.frames for key in frame.operands
    }
    assert {(edge.source, edge.end) for edge in film.graph.edges} <= uses
    assert {node.key for node in film.graph.nodes} <= {*map(node_of, film.values)}
    spots = [node.spot for node in film.graph.nodes]
    assert len(set(spots)) == len(spots)


def test_all_uses_between_the_messages_are_edges():
    film, *_ = film_of(seed=1, T=3)
    drawn = {(edge.source, edge.end) for edge in film.graph.edges}
    for frame in film.frames:
        if frame.quantity in ("influence", "immediate", "state_jacobian", "reach"):
            wanted = {(node_of(key), frame.result) for key in frame.operands if "[" in key}
            assert wanted <= drawn


@pytest.mark.parametrize("T", [1, 4])
def test_the_counts_are_those_of_the_cost_formulas(T):
    film, *_ = film_of(seed=2, T=T)
    said = {frame.result: frame.sentence for frame in film.frames}
    n_x, n_h, n_y = SIZES.values()
    for t in range(T):
        forward_work, carried = rtrl_multiply_adds(t + 1, 1, n_x, n_h), rtrl_state(n_x, n_h)
        assert f"{forward_work} multiplications so far" in said[f"influence[{t}]"]
        assert f"{carried} numbers are carried" in said[f"influence[{t}]"]
    kept = trace_bytes(1, n_x, n_h, n_y).at(T) // 8
    end = said[f"gradient_W_hh[{T - 1}]"]
    assert f"of {backward_work(T, 1, n_x, n_h, n_y).multiply_adds} multiplications" in end
    assert f"keeps {kept} numbers" in end
    assert f"took {forward_work}, and carried {carried} numbers" in end


def test_the_numbers_that_a_trace_keeps_are_counted_right():
    film, _, trace, _ = film_of(seed=2, T=4)
    arrays = (trace.x, trace.y, trace.states, trace.a, trace.z, trace.y_hat, trace.loss)
    assert film.values["count_kept[3]"].array == sum(array.size for array in arrays)


def test_a_batch_is_refused():
    case = random_case(0, 2, 3)
    trace = forward(*case)
    with pytest.raises(ValueError, match=r"^trace: expected one sequence \(N = 1\), got N = 3$"):
        forward_message_frames(case.params, trace, backward(case.params, trace))


def test_the_usual_stepper_is_small():
    film, *_ = film_of(seed=0, T=3, symbols="abcde", n_x=5)
    assert len(Stepper(film, "messages").html().encode()) <= 60_000


def cases():
    """Draw networks, and for each what a reader may choose."""
    rng = np.random.default_rng(0)
    for number in range(24):
        T = int(rng.integers(1, 6))
        sizes = {name: int(rng.integers(1, 5)) for name in ("n_x", "n_h")}
        case = random_case(number, T, 1, **sizes, n_y=int(rng.integers(2, 6)))
        steps = int(rng.integers(1, T + 1))
        keys = [f"{name}[{t}]" for name in ("x", "loss") for t in range(T)]
        off = [key for key in keys if rng.random() < 0.2]
        changes = {key: {"0,0": float(rng.normal())} for key in ("W_hh", "x[0]", "h[-1]")}
        if number % 4 == 0:
            steps, off, changes = T, [], {}
        yield case, list(ACTIVATIONS)[number // 6], steps, off, changes


CASES = list(cases())


@pytest.fixture(scope="module")
def answers():
    if NODE is None:
        pytest.skip("node is not installed")
    jobs = []
    for case, activation, steps, off, changes in CASES:
        trace = forward(*case, activation=activation)
        film = forward_message_frames(case.params, trace, backward(case.params, trace))
        jobs.append({"state": film_state(film), "steps": steps, "off": off, "changes": changes})
    return calculate(jobs)


def test_every_number_of_every_choice_is_that_of_rnnlib(answers):
    for (case, activation, steps, off, changes), answer in zip(CASES, answers, strict=True):
        params, x, y, h_init = chosen(case, steps, off, changes)
        trace = forward(params, x, y, h_init, activation)
        counts = np.array([f"loss[{t}]" not in off for t in range(steps)])
        delta_z = backward(params, trace).delta_z * counts[:, np.newaxis, np.newaxis]
        sums = np.cumsum(rtrl(params, trace, delta_z=delta_z).per_loss.W_hh, axis=0)
        wanted = {"bptt_W_hh": sums[-1].reshape(1, -1), "L": (trace.loss * counts).sum()}
        for t, P_t in enumerate(influences(params, trace)):
            wanted[f"influence[{t}]"] = P_t.W_hh[0].reshape(len(params.W_hh), -1)
            wanted[f"gradient_W_hh[{t}]"] = sums[t].reshape(1, -1)
            wanted[f"h[{t}]"] = trace.h[t]
        if steps == len(case.x):
            wanted["difference"] = np.zeros((1, params.W_hh.size))
        for key, array in wanted.items():
            np.testing.assert_allclose(
                answer["values"][key],
                np.atleast_2d(array),
                rtol=CALCULATOR,
                atol=1e-11,
                err_msg=key,
            )


def test_without_a_choice_frames_are_those_of_the_film(answers):
    for (case, activation, steps, off, changes), answer in zip(CASES, answers, strict=True):
        if off or changes or steps < len(case.x):
            continue
        trace = forward(*case, activation=activation)
        film = forward_message_frames(case.params, trace, backward(case.params, trace))
        for position, (frame, shown) in enumerate(zip(film.frames, answer["frames"], strict=True)):
            assert shown["equation"] == list(frame.equation)
            assert shown["code"] == frame.code
            assert shown["sentence"] == frame.sentence
            assert shown["address"] == film.address(position)
