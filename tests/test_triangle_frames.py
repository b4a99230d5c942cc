"""The film of the triangle: its cells, its sums, and what the view computes without a kernel."""

import json
import shutil
import subprocess

import numpy as np
import pytest

from equations import evaluate
from networks import random_case
from rnnlib import ACTIVATIONS, Parameters, backward, forward, next_character_task
from rnnlib.bptt import per_step
from rnnlib.film import kind_of, node_of
from rnnlib.film_state import film_state
from rnnlib.paths import triangle
from rnnlib.picture import draw_graph
from rnnlib.printing import format_number
from rnnlib.rtrl import rtrl
from rnnlib.stepper import SCRIPT, Stepper
from rnnlib.triangle_frames import triangle_frames
from rnnlib.triangle_graph import triangle_edges
from rnnlib.truncation import kept_cells
from rooms import base, run_line
from test_calculator import NODE, calculate

# Sums of a few hundred products of size 1, in another order: relative to the largest number.
TOLERANCE = 1e-11


def film_of(seed, T=3, activation="tanh", symbols="", **sizes):
    case = random_case(seed, T, 1, **sizes)
    trace = forward(*case, activation=activation)
    film = triangle_frames(case.params, trace, backward(case.params, trace), symbols)
    return film, case, trace


RUNS = [
    film_of(seed, T, activation) for seed, activation in enumerate(ACTIVATIONS) for T in (1, 2, 5)
]
each_film = pytest.mark.parametrize(("film", "case", "trace"), RUNS)


def assert_close(got, wanted, message=""):
    size = max(1.0, np.abs(wanted).max())
    np.testing.assert_allclose(got, wanted, rtol=0, atol=TOLERANCE * size, err_msg=message)


@each_film
def test_every_equation_evaluated_on_its_operands_gives_its_result(film, case, trace):
    arrays = {key: value.array for key, value in film.values.items()}
    for frame in film.frames[1:]:
        operands = {key: arrays[key] for key in frame.operands}
        assert_close(evaluate(frame.equation, operands), arrays[frame.result], frame.result)


@each_film
def test_every_line_of_code_run_on_its_operands_gives_its_result(film, case, trace):
    for frame in film.frames[1:]:
        assert_close(run_line(frame, film.values), film.values[frame.result].array, frame.code)


@each_film
def test_every_cell_and_every_sum_is_that_of_rnnlib(film, case, trace):
    cells, T = triangle(case.params, trace).W_hh, film.T
    back, losses = backward(case.params, trace), rtrl(case.params, trace).per_loss.W_hh
    shares = per_step(trace, back).W_hh
    for t in range(T):
        for s in range(T):
            assert (f"cell_{s}[{t}]" in film.values) == (s <= t)
            if s <= t:
                assert_close(film.values[f"cell_{s}[{t}]"].array, cells[t, s])
        assert_close(film.values[f"per_loss[{t}]"].array, losses[t])
        assert_close(film.values[f"per_step[{t}]"].array, shares[t])
    for total in ("gradient_by_loss", "gradient_W_hh"):
        assert_close(film.values[total].array, back.gradient.W_hh)


def test_a_cell_is_the_derivative_of_its_loss_by_its_own_copy_of_the_weights():
    film, (params, x, y, h_init), _ = film_of(seed=3, T=4)
    for s in range(4):
        for i, j in ((0, 0), (2, 5), (10, 3)):
            copies = np.stack([params.W_hh.astype(complex)] * 4)
            copies[s, i, j] += 1e-30j  # a complex step: no truncation error
            h = h_init
            for t in range(4):
                h = np.tanh(x[t] @ params.W_xh + h @ copies[t] + params.b_h)
                z = h @ params.W_hy + params.b_y
                slope = (np.log(np.exp(z).sum()) - z[0, y[t, 0]]).imag / 1e-30
                shown = film.values[f"cell_{s}[{t}]"].array[i, j] if s <= t else 0
                assert_close(shown, slope, f"loss {t}, use {s}")


@each_film
def test_each_value_is_computed_once_from_what_is_there(film, case, trace):
    results = [frame.result for frame in film.frames]
    assert len(set(results)) == len(results)
    assert len(results) == 1 + 2 * film.T + film.T + film.T * (film.T + 1) + film.T - 1 + (
        film.T + 1 + film.T + 1
    )
    for position, frame in enumerate(film.frames):
        known = {base(key) for key in film.computed(position - 1)}
        given = {key for key in map(base, frame.operands) if key.startswith(("x[", "y["))}
        assert {base(key) for key in frame.operands} - given <= known
        assert frame.result not in known


@each_film
def test_a_path_takes_one_jacobian_a_step_and_a_cell_shows_them_all(film, case, trace):
    for frame in film.frames:
        name, _, t = frame.result.rstrip("]").partition("[")
        if name.startswith(("path_", "cell_")):
            s, t = int(name.partition("_")[2]), int(t)
            steps = range(t, s, -1) if name.startswith("cell") else range(s + 1, min(s + 1, t) + 1)
            shown = [key for key in frame.operands if key.startswith("state_jacobian")]
            assert shown == [f"state_jacobian[{step}]" for step in steps]


@each_film
def test_every_frame_has_an_address_of_its_own_and_every_node_a_value(film, case, trace):
    addresses = [film.address(i) for i in range(len(film.frames))]
    assert len(set(addresses)) == len(addresses)
    nodes = [node.key for node in film.graph.nodes]
    assert len(set(nodes)) == len(nodes)
    assert {*nodes} | {node.delta for node in film.graph.nodes if node.delta} <= set(film.values)
    assert draw_graph(film).count('class="node cell"') == film.T * (film.T + 1) // 2


@each_film
def test_every_edge_is_a_use_in_an_equation(film, case, trace):
    uses = {(node_of(key), frame.result) for frame in film.frames for key in frame.operands}
    assert {(source, end) for source, end, _ in triangle_edges(film.T)} <= uses


def test_a_cell_shows_every_number_of_its_matrix():
    drawing = draw_graph(film_of(0, T=2, n_h=3)[0])
    for key, count in (("cell_0[1]", 9), ("path_0[1]", 3), ("gradient_W_hh", 9), ("h[0]", 3)):
        strip = drawing.split(f'strip" data-key="{key}"')[-1]
        strip = strip.split(f'strip delta" data-key="{key}"')[-1].partition("</g>")[0]
        assert strip.count("<rect") == count, key


def test_nodes_do_not_overlap():
    for T, n_h in ((1, 3), (3, 3), (4, 4), (6, 5)):
        nodes = film_of(0, T, n_h=n_h)[0].graph.nodes
        for k, (_, (x, y), *_, (width, height)) in enumerate(nodes):
            for _, (left, top), *_, (wide, tall) in nodes[:k]:
                assert abs(x - left) >= (width + wide) / 2 or abs(y - top) >= (height + tall) / 2


def test_all_cells_and_sums_share_their_shades():
    assert {kind_of(key) for key in ("cell_0[1]", "per_loss[0]", "gradient_W_hh")} == {"gradient"}
    assert kind_of("path_0[1]") == "delta"


def test_sentences_quote_the_numbers_of_the_trace():
    film, _, _ = film_of(seed=1, T=3)
    for frame in film.frames:
        if frame.quantity.startswith("path"):
            row = film.values[frame.result].array[0]
            assert format_number(float(row[np.abs(row).argmax()])) in frame.sentence
    said = {frame.result: frame.sentence for frame in film.frames}
    assert "2 Jacobians" in said["cell_0[2]"]
    assert "3 uses" in said["per_loss[2]"]


def test_a_batch_of_two_is_refused():
    case = random_case(0, 3, 2)
    trace = forward(*case)
    with pytest.raises(ValueError, match="trace: expected a batch of one sequence, got 2"):
        triangle_frames(case.params, trace, backward(case.params, trace))


def test_the_usual_stepper_is_light():
    symbols = "abc"
    x, y = next_character_task(["abca"], symbols)
    params = random_case(0, n_x=3, n_h=3, n_y=3).params
    trace = forward(params, x, y, np.ones((1, 3)) / 2)
    film = triangle_frames(params, trace, backward(params, trace), symbols)
    assert len(Stepper(film, "triangle").html().encode()) <= 60_000


def choices():
    """Draw networks, and for each what a reader may choose."""
    rng = np.random.default_rng(0)
    for number in range(24):
        T = int(rng.integers(1, 6))
        film, case, _ = film_of(number, T, list(ACTIVATIONS)[number % 4], n_x=2, n_h=3, n_y=5)
        steps = int(rng.integers(1, T + 1))
        keys = [f"{name}[{t}]" for name in ("x", "loss") for t in range(T)]
        keys += [f"cell_{s}[{t}]" for t in range(T) for s in range(t + 1)]
        off = [key for key in keys if rng.random() < 0.2]
        changes = {"W_hh": {"0,1": float(rng.normal())}, "x[0]": {"0,0": float(rng.normal())}}
        if number % 4 == 0:
            steps, off, changes = T, [], {}
        yield film, case, list(ACTIVATIONS)[number % 4], steps, off, changes


CHOICES = list(choices())
needs_node = pytest.mark.skipif(NODE is None, reason="node is not installed")


@pytest.fixture(scope="module")
def answers():
    if shutil.which("node") is None:
        pytest.skip("node is not installed")
    return calculate(
        [
            {"state": film_state(film), "steps": steps, "off": off, "changes": changes}
            for film, _, _, steps, off, changes in CHOICES
        ]
    )


def test_every_number_of_every_choice_is_that_of_rnnlib(answers):
    for (_, case, activation, steps, off, changes), answer in zip(CHOICES, answers, strict=True):
        params, x = case.params._asdict(), case.x[:steps].copy()
        if changes:
            params["W_hh"] = params["W_hh"].copy()
            params["W_hh"][0, 1] = changes["W_hh"]["0,1"]
            x[0, 0, 0] = changes["x[0]"]["0,0"]
        for t in range(steps):
            x[t] *= f"x[{t}]" not in off
        trace = forward(Parameters(**params), x, case.y[:steps], case.h_init, activation)
        cells = triangle(Parameters(**params), trace).W_hh
        for t in range(steps):
            cells[t] *= f"loss[{t}]" not in off
            for s in range(t + 1):
                cells[t, s] *= f"cell_{s}[{t}]" not in off
                assert_close(answer["values"][f"cell_{s}[{t}]"], cells[t, s])
        for t in range(steps):
            assert_close(answer["values"][f"per_loss[{t}]"], cells[t].sum(axis=0))
            assert_close(answer["values"][f"per_step[{t}]"], cells[:, t].sum(axis=0))
        for total in ("gradient_by_loss", "gradient_W_hh"):
            assert_close(answer["values"][total], cells.sum(axis=(0, 1)))
        assert f"per_loss[{steps}]" not in answer["values"]


def test_without_a_choice_frames_are_those_of_the_film(answers):
    for (film, _, _, _, _, changes), answer in zip(CHOICES, answers, strict=True):
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
    film, case, _ = film_of(2, T=4, n_x=2, n_h=3, n_y=5)
    params, x, y, h_init = case
    jobs = [{"state": film_state(film), "steps": n, "off": [], "changes": {}} for n in range(1, 5)]
    for steps, answer in enumerate(calculate(jobs), start=1):
        trace = forward(params, x[:steps], y[:steps], h_init)
        assert_same_frames(triangle_frames(params, trace, backward(params, trace)), answer)


@needs_node
@pytest.mark.parametrize(("wiring", "reach"), [("its own step only", 1), ("two steps", 2)])
def test_a_truncation_on_offer_drops_the_cells_that_a_sliding_window_drops(wiring, reach):
    name = f"truncated: a loss reaches {wiring}"
    script = SCRIPT[: SCRIPT.index("export default")] + "return { WIRINGS, isOffered };"
    film = film_of(0)[0]
    program = (
        f"const {{ WIRINGS, isOffered }} = new Function({json.dumps(script)})();"
        f"const name = {json.dumps(name)}, offered = isOffered(name, "
        f"{json.dumps(film.switches)});"
        "const half = isOffered('first read, then write', {loss: ''});"
        "const none = isOffered('every step has a loss', {});"
        "console.log(JSON.stringify([offered, none, half, isOffered(name, {loss: ''}), "
        "WIRINGS[name](5)]))"
    )
    run = subprocess.run([NODE, "-e", program], capture_output=True, text=True, check=True)
    offered, none, half, elsewhere, off = json.loads(run.stdout)
    assert offered
    assert none
    assert not half
    assert not elsewhere
    kept = kept_cells(T=5, every=1, reach=reach)
    dropped = {f"cell_{s}[{t}]" for t in range(5) for s in range(t + 1) if not kept[t, s]}
    assert set(off) == dropped
