"""A frame shows one computation as equation, code, edges and numbers. They must agree."""

import re

import numpy as np
import pytest

from equations import evaluate
from networks import random_case
from rnnlib import forward
from rnnlib.activations import ACTIVATIONS, identity, relu, sigmoid, softmax
from rnnlib.frames import forward_frames
from rnnlib.picture import draw_graph
from rnnlib.printing import format_number, shape_of
from rnnlib.unrolled import edges_of, unrolled_graph


def film_and_case(seed, T=3, N=1, activation="tanh", **sizes):
    case = random_case(seed, T, N, **sizes)
    trace = forward(*case, activation=activation)
    return forward_frames(case.params, trace), trace, case


def every_film():
    for seed, activation in enumerate(ACTIVATIONS):
        for T, N in ((1, 1), (2, 3), (7, 1), (3, 2)):
            yield film_and_case(seed, T, N, activation)


def test_every_equation_evaluated_on_its_operands_gives_its_result():
    for film, _, _ in every_film():
        arrays = {key: value.array for key, value in film.values.items()}
        for frame in film.frames:
            if len(frame.equation) > 1:
                np.testing.assert_allclose(
                    evaluate(frame.equation, arrays), arrays[frame.result], rtol=1e-12, atol=1e-12
                )


def test_every_line_of_code_run_on_its_operands_gives_its_result():
    for film, trace, case in every_film():
        for frame in film.frames:
            room = fresh_room(film, trace, case, frame)
            exec(frame.code, room)
            np.testing.assert_allclose(
                read(room, frame.result), film.values[frame.result].array, rtol=1e-12, atol=1e-12
            )


def fresh_room(film, trace, case, frame):
    """Name only what the frame reads; whatever is not an operand is NaN."""
    room = {"np": np, "softmax": softmax, "sigmoid": sigmoid, "relu": relu, "identity": identity}
    room |= {key: film.values[key].array for key in frame.operands if "[" not in key}
    states = np.full_like(trace.states, np.nan)
    room |= {"states": states, "h": states[1:], "h_prev": states[:-1], "h_init": case.h_init}
    for name in ("a", "z", "y_hat", "loss"):
        room[name] = np.full_like(getattr(trace, name), np.nan)
    room |= {"x": trace.x, "y": trace.y}
    for key in frame.operands:
        if "[" in key and not key.startswith(("x", "y[")):
            read(room, key)[...] = film.values[key].array
    return room


def read(room, key):
    """Find a key such as ``h[-1]`` among the arrays: the states begin one step early."""
    name, _, step = key.rstrip("]").partition("[")
    if name == "h":
        return room["states"][int(step) + 1]
    return room[name] if not step else room[name][int(step), ...]


def test_every_value_is_the_one_of_the_trace():
    film, trace, case = film_and_case(seed=5, T=7, N=3)
    for name in ("x", "y", "a", "h", "z", "y_hat", "loss"):
        for t in range(7):
            assert np.array_equal(film.values[f"{name}[{t}]"].array, getattr(trace, name)[t])
    assert np.array_equal(film.values["h[-1]"].array, case.h_init)
    assert film.values["L"].array == trace.loss.sum()


def test_a_frame_reads_only_what_earlier_frames_have_computed():
    for film, _, _ in every_film():
        for position, frame in enumerate(film.frames):
            # Only the target is new: it comes to light where the prediction is judged.
            revealed = {f"y[{frame.t}]"} if frame.quantity == "loss" else set()
            assert set(frame.operands) - film.computed(position - 1) == revealed
            assert frame.result not in film.computed(position - 1)


def test_the_edges_of_the_graph_are_the_uses_in_the_equations():
    film, _, _ = film_and_case(seed=1, T=4)
    uses = {(key, frame.result) for frame in film.frames for key in frame.operands if "[" in key}
    assert uses == {(source, target) for source, target, _ in edges_of(4)}


def test_every_frame_has_an_address_of_its_own():
    film, _, _ = film_and_case(seed=1, T=7)
    addresses = [film.address(i) for i in range(len(film.frames))]
    assert len(set(addresses)) == len(addresses)


def test_the_shape_under_every_symbol_is_that_of_its_array():
    film, trace, _ = film_and_case(seed=1, T=2, N=3)
    assert rf"\underset{{\text{{{trace.a[0].shape}}}}}{{a_{{0}}}}" in film.latex(2)
    assert shape_of(film.values["loss[0]"].array) == ""


def test_sentences_quote_the_numbers_of_the_trace():
    film, trace, _ = film_and_case(seed=3, T=2)
    said = {film.address(i): frame.sentence for i, frame in enumerate(film.frames)}
    assert format_number(float(trace.loss[1])) in said["t=1/loss"]
    j = np.abs(trace.a[1, 0]).argmax()
    assert format_number(float(trace.h[1, 0, j])) in said["t=1/h"]
    assert format_number(float(trace.loss.sum())) in said["L"]
    from_state = trace.h_prev[1, 0] @ film.values["W_hh"].array[:, j]
    assert format_number(float(from_state)) in said["t=1/a"]


@pytest.mark.parametrize(
    ("number", "text"),
    [(-0.625, "−0.62"), (0.0, "0.00"), (-0.004, "0.00"), (-0.006, "−0.01"), (12, "12"), (-3, "−3")],
)
def test_numbers_are_printed_with_a_true_minus_and_no_negative_zero(number, text):
    assert format_number(number) == text


def test_the_picture_has_every_node_and_edge_of_the_graph():
    film, _, _ = film_and_case(seed=2, T=2)
    drawing = draw_graph(film)
    assert re.findall(r'class="node \S+" data-key="([^"]+)"', drawing) == [
        node.key for node in film.graph.nodes
    ]
    assert re.findall(r'data-from="([^"]+)" data-to="([^"]+)"', drawing) == [
        (edge.source, edge.end) for edge in film.graph.edges
    ]


@pytest.mark.parametrize("way_back", [False, True])
def test_the_arrow_of_a_loss_into_the_total_runs_over_the_boxes_between(way_back):
    graph = unrolled_graph(4, way_back)
    top = next(node for node in graph.nodes if node.key == "L")
    paths = [edge.path for edge in graph.edges if edge.end == "L"]
    assert len(paths) == 4
    for path in paths:
        _, foot, rail, end = map(float, re.match(r"M(\S+) (\S+)V(\S+)H([\d.]+)v", path).groups())
        assert rail < foot == top.spot[1] - top.size[1] / 2
        assert end == top.spot[0]


def test_the_same_probability_for_all_classes_costs_what_is_said():
    for T, N in ((1, 1), (4, 1), (3, 2)):
        film, trace, _ = film_and_case(seed=3, T=T, N=N)
        cost = T * N * np.log(trace.z.shape[2])
        assert f"would cost {format_number(float(cost))}." in film.frames[-1].sentence


def test_marks_point_at_what_is_picked():
    film, trace, _ = film_and_case(seed=4, T=2, N=3)
    loss = film.frames[6]
    picked = [trace.y_hat[0][cell] for cell in loss.marks["y_hat[0]"]]
    assert np.isclose(-np.log(picked).sum(), trace.loss[0], rtol=1e-12)

    x = np.eye(5)[[[2], [4]]]
    case = random_case(4, T=2, N=1)
    hot = forward(case.params, x, case.y, case.h_init)
    marks = forward_frames(case.params, hot).frames[2].marks["W_xh"]
    row = [case.params.W_xh[cell] for cell in marks]
    np.testing.assert_allclose(row, x[0, 0] @ case.params.W_xh, rtol=1e-12)
    assert not film.frames[2].marks
