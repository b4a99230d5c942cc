"""The film of three layers: equations, code and numbers, there, back, and without a kernel."""

from types import SimpleNamespace
from urllib.parse import unquote

import numpy as np
import pytest

from equations import evaluate
from layer_oracles import random_network
from rnnlib import ACTIVATIONS, next_character_task
from rnnlib.dense import Dense, DenseTrace, dense_backward, dense_forward
from rnnlib.film import node_of
from rnnlib.film_state import film_state
from rnnlib.frames import picked_cells
from rnnlib.network import network_backward, network_forward
from rnnlib.network_frames import network_frames
from rnnlib.network_parameters import Network, init_network
from rnnlib.picture import draw_graph, picture
from rnnlib.printing import format_number
from rnnlib.recurrent import Recurrent, recurrent_backward, recurrent_forward
from rnnlib.stepper import Stepper
from rnnlib.unrolled import ROWS, WITH_FRONT, edges_of, unrolled_graph
from rooms import base, run_line
from test_calculator import NODE, calculate

# Sums of a few hundred products of size 1, in another order: relative to the largest number.
TOLERANCE = 1e-11
SIZES = (5, 2, 3, 7)
NAMES = {  # of the parameters: in the film, and where they stand in a network
    "W_xe": ("front", "weights"),
    "b_e": ("front", "bias"),
    "W_xh": ("recurrent", "W_xh"),
    "W_hh": ("recurrent", "W_hh"),
    "b_h": ("recurrent", "b_h"),
    "W_hy": ("back", "weights"),
    "b_y": ("back", "bias"),
}


def film_of(seed, T=3, N=1, front="tanh", state="tanh"):
    params, x, h_init = random_network(seed, T, N, SIZES)
    y = np.random.default_rng(seed).integers(SIZES[-1], size=(T, N))
    trace = network_forward(params, x, y, h_init, (front, state, "identity"))
    back = network_backward(params, trace)
    run = SimpleNamespace(params=params, x=x, y=y, h_init=h_init, trace=trace, back=back)
    return network_frames(params, trace, back), run


KINDS = list(ACTIVATIONS)
RUNS = [
    film_of(seed, T, N, KINDS[seed % 4], KINDS[(seed + 3) % 4])
    for seed, (T, N) in enumerate([(1, 1), (2, 2), (3, 1), (3, 2), (7, 1), (2, 1), (1, 2), (3, 3)])
]
each_film = pytest.mark.parametrize(("film", "run"), RUNS)


def assert_close(got, wanted, message=""):
    size = max(1.0, np.abs(wanted).max())
    np.testing.assert_allclose(got, wanted, rtol=0, atol=TOLERANCE * size, err_msg=message)


def computing(film):
    """List the frames that compute something."""
    return [frame for frame in film.frames if len(frame.equation) > 1]


@each_film
def test_every_equation_evaluated_on_its_operands_gives_its_result(film, run):
    arrays = {key: value.array for key, value in film.values.items()}
    for frame in computing(film):
        operands = {key: arrays[key] for key in frame.operands}
        assert_close(evaluate(frame.equation, operands), arrays[frame.result], frame.result)


@each_film
def test_every_line_of_code_run_on_its_operands_gives_its_result(film, run):
    for frame in computing(film):
        if frame.quantity != "L":
            assert_close(run_line(frame, film.values), film.values[frame.result].array, frame.code)


@each_film
def test_every_value_is_the_one_of_the_passes(film, run):
    trace, back = run.trace, run.back
    arrays = {"x": run.x, "e": trace.front.h, "a": trace.recurrent.a, "h": trace.recurrent.h}
    arrays |= {"z": trace.back.h, "y": run.y, "loss": trace.loss}
    names = "delta_z message delta_h delta_a delta_e delta_x"
    arrays |= {name: getattr(back, name) for name in names.split()}
    for name, array in arrays.items():
        for t in range(film.T):
            assert np.array_equal(film.values[f"{name}[{t}]"].array, array[t]), name
    for name, (layer, field) in NAMES.items():
        assert np.array_equal(film.values[name].array, getattr(getattr(run.params, layer), field))
        gradient = getattr(getattr(back.gradient, layer), field)
        assert_close(film.values[f"gradient_{name}[0]"].array, gradient, name)


@each_film
def test_a_frame_reads_only_what_earlier_frames_have_computed(film, run):
    for position, frame in enumerate(film.frames):
        known = {base(key) for key in film.computed(position - 1)}
        revealed = {f"y[{frame.t}]"} if frame.quantity == "loss" else set()
        assert {base(key) for key in frame.operands} - revealed <= known
        assert frame.result not in known


@each_film
def test_the_walk_computes_everything_once_and_names_every_frame(film, run):
    results = [frame.result for frame in film.frames]
    assert len(set(results)) == len(results) == 2 + 21 * film.T
    addresses = [film.address(i) for i in range(len(film.frames))]
    assert len(set(addresses)) == len(addresses)


@each_film
def test_every_edge_is_a_use_in_an_equation(film, run):
    uses = {(node_of(key), frame.result) for frame in film.frames for key in frame.operands}
    uses |= {(key.replace("y[", "y_hat["), end) for key, end in uses}  # δ^z points at both
    assert {edge[:2] for edge in edges_of(film.T, True, WITH_FRONT)} <= uses
    keys = {node.key for node in film.graph.nodes} - {f"gradient_{name}" for name in NAMES}
    assert keys <= set(film.values)
    assert {node.delta for node in film.graph.nodes} - {""} <= set(film.values)


def test_without_a_front_layer_the_graph_has_no_row_for_it():
    plain, wide = unrolled_graph(3, way_back=True), unrolled_graph(3, True, rows=WITH_FRONT)
    assert plain == unrolled_graph(3, way_back=True, rows=ROWS)
    extra = {node.key for node in wide.nodes} - {node.key for node in plain.nodes}
    here = {f"{name}[{t}]" for name in ("e", "delta_front") for t in range(3)}
    assert extra == here | {"gradient_W_xe", "gradient_b_e"}


def test_a_batch_of_two_is_the_sum_of_two_walks():
    whole, run = film_of(seed=2, T=3, N=2)
    for t in range(3):
        for name in NAMES:
            parts = 0
            for n in range(2):
                one = [run.x[:, [n]], run.y[:, [n]], run.h_init[[n]]]
                trace = network_forward(run.params, *one)
                film = network_frames(run.params, trace, network_backward(run.params, trace))
                parts = parts + film.values[f"gradient_{name}[{t}]"].array
            assert_close(whole.values[f"gradient_{name}[{t}]"].array, parts)


def test_sentences_quote_the_numbers_of_the_trace():
    film, run = film_of(seed=1, T=3)
    said = {frame.result: frame.sentence for frame in film.frames}
    e, delta_e = run.trace.front.h[1, 0], run.back.delta_e[1, 0]
    j = np.abs(e).argmax()
    assert f"unit {j} gives {format_number(float(e[j]))}" in said["e[1]"]
    j = np.abs(run.trace.recurrent.a[1, 0]).argmax()
    from_front = e @ run.params.recurrent.W_xh[:, j]
    assert f"{format_number(float(from_front))} from the front layer" in said["a[1]"]
    j = np.abs(delta_e).argmax()
    assert f"unit {j} hears {format_number(float(delta_e[j]))}" in said["delta_e[1]"]


def test_characters_name_inputs_and_classes_but_no_unit():
    symbols = "abc"
    x, y = next_character_task(["abca"], symbols)
    params = init_network(np.random.default_rng(0), 3, 4, 3, 3)
    trace = network_forward(params, x, y)
    film = network_frames(params, trace, network_backward(params, trace), symbols)
    letters = ("a", "b", "c")
    assert film.values["W_xe"].rows == film.values["W_hy"].columns == letters
    assert film.values["W_xh"].rows == film.values["e[0]"].columns == tuple("0123")
    assert (
        film.frames[1].sentence == "t = 0: the network reads ‘a’: a row of zeros, with a single 1 "
        "in its column."
    )
    marks = {frame.result: frame.marks for frame in film.frames}
    assert marks["e[1]"] == {"W_xe": tuple((1, j) for j in range(4))}
    assert marks["loss[0]"] == {"y_hat[0]": ((0, 1),)}
    for key, value in film.values.items():
        rows, columns = value.array.shape[-2:] if value.array.ndim > 1 else (0, value.array.size)
        assert len(value.rows) in (0, rows), key
        assert len(value.columns) in (0, columns), key
    assert len(Stepper(film, "network").html().encode()) <= 60_000


def test_an_input_that_is_not_one_hot_picks_nothing():
    assert picked_cells(np.array([[0, 1, 1]]), 2) == ()
    assert picked_cells(np.array([[0, 2, 0]]), 2) == ()
    assert picked_cells(np.array([[0, 1, 0]]), 2) == ((1, 0), (1, 1))


def test_the_picture_that_stands_alone_keeps_the_keys_by_which_a_page_finds_its_parts():
    film, _ = film_of(seed=0)
    for mark in ("data-key", "data-from", "data-to"):
        assert unquote(picture(film)).count(mark) == draw_graph(film).count(mark) > 0


@pytest.mark.parametrize(
    ("activations", "loss", "reduction", "what"),
    [
        (("softmax", "tanh", "identity"), "cross_entropy", "sum", "front.activation"),
        (("tanh", "tanh", "identity"), "half_squared_error", "sum", "loss_name"),
        (("tanh", "tanh", "identity"), "cross_entropy", "mean", "reduction"),
    ],
)
def test_what_the_film_cannot_show_is_refused(activations, loss, reduction, what):
    params, x, h_init = random_network(0, 3, 1, SIZES)
    y = np.zeros((3, 1), int) if loss == "cross_entropy" else np.zeros((3, 1, 7))
    trace = network_forward(params, x, y, h_init, activations, loss, reduction)
    with pytest.raises(ValueError, match=f"trace.{what}: expected"):
        network_frames(params, trace, network_backward(params, trace))


def choices():
    """Draw networks, and for each what a reader may choose."""
    rng = np.random.default_rng(0)
    for number in range(24):
        T, N = int(rng.integers(1, 6)), int(rng.integers(1, 3))
        front, state = KINDS[number % 4], KINDS[number // 4 % 4]
        film, run = film_of(number, T, N, front, state)
        steps = int(rng.integers(1, T + 1))
        keys = [f"{name}[{t}]" for name in film.switches for t in range(T)]
        off = [key for key in keys if rng.random() < 0.2 and key != f"message[{T - 1}]"]
        changes = {key: {"0,0": float(rng.normal())} for key in ("W_xe", "W_hh", "b_e", "x[0]")}
        if number % 4 == 0:
            steps, off, changes = T, [], {}
        yield film, run, steps, off, changes


CHOICES = list(choices())
needs_node = pytest.mark.skipif(NODE is None, reason="node is not installed")


@pytest.fixture(scope="module")
def answers():
    if NODE is None:
        pytest.skip("node is not installed")
    return calculate(
        [
            {"state": film_state(film), "steps": steps, "off": off, "changes": changes}
            for film, _, steps, off, changes in CHOICES
        ]
    )


def chosen(run, steps, off, changes):
    """Apply the choices of a reader to the arguments of a walk."""
    layers = [[array.copy() for array in layer] for layer in run.params]
    x = run.x[:steps].copy()
    arrays = {"W_xe": layers[0][0], "b_e": layers[0][1], "W_hh": layers[1][1], "x[0]": x[0]}
    for key, cells in changes.items():
        np.atleast_2d(arrays[key])[0, 0] = cells["0,0"]
    for t in range(steps):
        x[t] *= f"x[{t}]" not in off
    front, recurrent, back = layers
    return Network(Dense(*front), Recurrent(*recurrent), Dense(*back)), x


def expected(run, steps, off, changes):
    """Compute what is shown with rnnlib, layer by layer: a cut message is a walk in two pieces."""
    params, x = chosen(run, steps, off, changes)
    kind = run.trace.front.activation, run.trace.recurrent.activation
    front = dense_forward(params.front, x, kind[0])
    whole = network_forward(params, x, run.y[:steps], run.h_init, (*kind, "identity"))
    middle = whole.recurrent

    def counts(name):
        return np.array([f"{name}[{t}]" not in off for t in range(steps)])[:, None, None]

    delta_z = network_backward(params, whole).delta_z * counts("loss")
    cuts = [t + 1 for t in range(steps - 1) if f"message[{t}]" in off]
    delta_a, delta_e = np.zeros_like(middle.a), np.zeros_like(front.h)
    for first, end in zip([0, *cuts], [*cuts, steps], strict=True):
        piece = recurrent_forward(
            params.recurrent, front.h[first:end], middle.states[first], kind[1]
        )
        walked = recurrent_backward(
            params.recurrent, piece, delta_z[first:end] @ params.back.weights.T
        )
        delta_a[first:end], delta_e[first:end] = walked.delta_a, walked.delta_x
    delta_e = delta_e * counts("delta_e")
    values = {"L": (whole.loss * counts("loss")[:, 0, 0]).sum()}
    for t in range(steps):
        held = DenseTrace(x[t:], front.h[t:], kind[0])
        below = dense_backward(params.front, held, delta_e[t:])
        values |= {
            f"e[{t}]": front.h[t],
            f"h[{t}]": middle.h[t],
            f"delta_a[{t}]": delta_a[t],
            f"delta_e[{t}]": delta_e[t],
            f"delta_front[{t}]": below.delta_a[0],
            f"delta_x[{t}]": below.delta_x[0],
            f"gradient_W_xe[{t}]": below.gradient.weights,
            f"gradient_b_e[{t}]": below.gradient.bias,
            f"gradient_W_xh[{t}]": sum(
                e.T @ delta for e, delta in zip(front.h[t:], delta_a[t:], strict=True)
            ),
            f"gradient_W_hh[{t}]": sum(
                h.T @ delta for h, delta in zip(middle.states[t:-1], delta_a[t:], strict=True)
            ),
        }
    return values


def test_every_number_of_every_choice_is_that_of_rnnlib(answers):
    for (_, run, steps, off, changes), answer in zip(CHOICES, answers, strict=True):
        for key, array in expected(run, steps, off, changes).items():
            assert_close(answer["values"][key], np.atleast_2d(array), key)


def test_without_a_choice_frames_are_those_of_the_film(answers):
    for (film, _, _, _, changes), answer in zip(CHOICES, answers, strict=True):
        if not changes:
            assert_same_frames(film, answer)


def assert_same_frames(film, answer):
    for position, (frame, shown) in enumerate(zip(film.frames, answer["frames"], strict=True)):
        assert shown["equation"] == list(frame.equation)
        assert shown["operands"] == list(frame.operands)
        assert shown["code"] == frame.code
        assert shown["sentence"] == frame.sentence
        assert shown["address"] == film.address(position)


@needs_node
def test_a_shorter_walk_is_the_film_of_a_shorter_sequence():
    film, run = film_of(2, T=4)
    jobs = [{"state": film_state(film), "steps": n, "off": [], "changes": {}} for n in range(1, 5)]
    for steps, answer in enumerate(calculate(jobs), start=1):
        trace = network_forward(run.params, run.x[:steps], run.y[:steps], run.h_init)
        short = network_frames(run.params, trace, network_backward(run.params, trace))
        # The walk is shorter, but the total is one line: its code and equation are the same.
        assert_same_frames(short, answer)
