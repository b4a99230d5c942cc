"""The film of an LSTM: equation, code, numbers and sentence agree; either lane can be cut."""

import numpy as np
import pytest

from films import check_boxes, check_code, check_equations, check_graph, check_order, check_shorter
from gated_networks import random_lstm
from rnnlib.film_state import film_state
from rnnlib.gated_parameters import LSTMParameters
from rnnlib.lstm import lstm_forward
from rnnlib.lstm_backward import lstm_backward
from rnnlib.lstm_frames import lstm_frames
from rnnlib.printing import format_number
from rnnlib.stepper import Stepper
from test_calculator import NODE, calculate

# Both add a few products of size 1, in another order, and exp and tanh of another library.
CALCULATOR = 1e-9


def film_of(seed, T=2, N=1, n_x=3, n_h=2):
    case = random_lstm(seed, T, N, n_x, n_h)
    trace = lstm_forward(*case)
    upstream = np.random.default_rng(seed + 100).standard_normal((T, N, n_h))
    back = lstm_backward(case.params, trace, upstream)
    return lstm_frames(case.params, trace, back, upstream), (case, trace, back, upstream)


SIZES = [(T, N, n_x, n_h) for T in (1, 2, 4) for N, n_x, n_h in ((1, 2, 3), (2, 5, 2))]
FILMS = [film_of(seed, *sizes) for seed, sizes in enumerate(SIZES)]
each_film = pytest.mark.parametrize(("film", "run"), FILMS)


@each_film
def test_every_equation_and_every_line_of_code_on_its_operands_gives_its_result(film, run):
    check_equations(film)
    check_code(film)


@each_film
def test_every_value_is_the_one_of_the_passes(film, run):
    case, trace, back, upstream = run
    arrays = {"x": case.x, "c": trace.cell, "h": trace.h, "upstream": upstream}
    arrays |= {"iota": trace.input_gate, "f": trace.forget_gate, "g": trace.candidate}
    arrays |= {"omega": trace.output_gate, "delta_h": back.delta_h, "delta_c": back.delta_cell}
    arrays |= {"message": back.message, "message_c": back.cell_message}
    gates = ("iota", "f", "g", "omega")
    for t in range(film.T):
        for name, array in arrays.items():
            assert np.array_equal(film.values[f"{name}[{t}]"].array, array[t]), name
        blocks = [film.values[f"delta_{gate}[{t}]"].array for gate in gates]
        assert np.array_equal(np.concatenate(blocks, axis=1), back.delta_a[t])
    for name, array in zip(LSTMParameters._fields, case.params, strict=True):
        blocks = [film.values[f"{name}_{gate}"].array for gate in gates]
        assert np.array_equal(np.concatenate(blocks, axis=-1), array)
    assert np.array_equal(film.values["delta_h_init"].array, back.delta_h_init)
    assert np.array_equal(film.values["delta_c_init"].array, back.delta_cell_init)


@each_film
def test_the_walk_computes_everything_once_in_order_and_names_every_frame(film, run):
    check_order(film)
    assert len(film.frames) == 1 + 16 * film.T


@each_film
def test_every_edge_is_a_use_and_every_use_of_a_value_with_a_step_has_its_edge(film, run):
    # On the way there nothing is left out; on the way back, only what the way there has shown.
    assert check_graph(film) == {(f"f[{t}]", f"message_c[{t - 1}]") for t in range(1, film.T)}
    check_boxes(film)


def test_sentences_quote_the_numbers_of_the_trace():
    film, (_, trace, back, _) = film_of(seed=1)
    said = {frame.result: frame.sentence for frame in film.frames}
    j = np.abs(trace.cell[1, 0]).argmax()
    assert f"Cell {j} now holds {format_number(trace.cell[1, 0, j])}" in said["c[1]"]
    d = np.abs(back.delta_cell[0, 0]).argmax()
    assert f"{format_number(back.cell_message[0, 0, d])} came along the lane" in said["delta_c[0]"]
    assert "nothing follows" in said["delta_h[1]"]
    assert "two terms meet" in said["delta_h[0]"]


def test_the_usual_stepper_is_small():
    film, _ = film_of(seed=0, n_x=2)
    assert len(Stepper(film, "lstm").html().encode()) <= 60_000


def test_parameters_of_a_wrong_shape_are_refused():
    _, (case, trace, back, upstream) = film_of(seed=0)
    wrong = case.params._replace(b_h=case.params.b_h[1:])
    with pytest.raises(ValueError, match="b_h: expected"):
        lstm_frames(wrong, trace, back, upstream)


def expected(run, steps, off, bias):
    """Walk there and back by hand, one number of `b_h` changed, some messages cut."""
    (params, x, h_init, cell_init), _, _, upstream = run
    b_h = params.b_h.copy()
    b_h[len(params.W_hh)] += bias
    params = params._replace(b_h=b_h)
    trace = lstm_forward(params, x[:steps], h_init, cell_init)
    to_state = to_cell = np.zeros_like(h_init)
    values = {}
    for t in reversed(range(steps)):
        piece = trace._replace(
            states=trace.states[t : t + 2],
            cells=trace.cells[t : t + 2],
            **{name: getattr(trace, name)[[t]] for name in (
                "x", "a", "input_gate", "forget_gate", "candidate", "output_gate")},
        )  # fmt: skip
        said = upstream[[t]] * (f"upstream[{t}]" not in off)
        to_state = to_state * (f"message[{t}]" not in off)
        to_cell = to_cell * (f"message_c[{t}]" not in off)
        back = lstm_backward(params, piece, said, to_state, to_cell)
        to_state, to_cell = back.delta_h_init, back.delta_cell_init
        values |= {f"h[{t}]": trace.h[t], f"c[{t}]": trace.cell[t]}
        values |= {f"delta_h[{t}]": back.delta_h[0], f"delta_c[{t}]": back.delta_cell[0]}
    return values | {"delta_h_init": to_state, "delta_c_init": to_cell}


@pytest.mark.skipif(NODE is None, reason="node is not installed")
def test_every_number_of_every_choice_is_that_of_rnnlib():
    rng = np.random.default_rng(0)
    jobs, wanted = [], []
    for film, run in FILMS:
        for _ in range(4):
            steps, bias = int(rng.integers(1, film.T + 1)), float(rng.normal())
            keys = [f"{name}[{t}]" for name in film.switches for t in range(film.T)]
            off = [k for k in keys if rng.random() < 0.3 and f"message[{film.T - 1}]" != k]
            off = [k for k in off if k != f"message_c[{film.T - 1}]"]
            was = film.values["b_h_f"].array[0]
            changes = {"b_h_f": {"0,0": float(was + bias)}}
            jobs.append({"state": film_state(film), "steps": steps, "off": off, "changes": changes})
            wanted.append(expected(run, steps, off, bias))
    for values, answer in zip(wanted, calculate(jobs), strict=True):
        for key, array in values.items():
            got = answer["values"][key]
            np.testing.assert_allclose(got, array, rtol=CALCULATOR, atol=1e-12, err_msg=key)


@pytest.mark.skipif(NODE is None, reason="node is not installed")
def test_without_a_choice_frames_are_those_of_the_film_and_a_shorter_walk_is_a_shorter_film():
    film, (case, _, _, upstream) = FILMS[-1]
    whole = {"state": film_state(film), "off": [], "changes": {}}
    answers = calculate([whole | {"steps": steps} for steps in range(1, film.T + 1)])
    films = []
    for steps in range(1, film.T + 1):
        short = lstm_forward(case.params, case.x[:steps], case.h_init, case.cell_init)
        back = lstm_backward(case.params, short, upstream[:steps])
        films.append(lstm_frames(case.params, short, back, upstream[:steps]))
    check_shorter(film, answers, films)


def test_no_message_reaches_the_last_step_so_none_can_be_cut_there():
    film, _ = film_of(seed=0)
    stepper = Stepper(film, "lstm")
    stepper.off = ["message[0]", "message_c[0]", "upstream[1]"]
    for key in ("message[1]", "message_c[1]"):
        with pytest.raises(ValueError, match="off: expected"):
            stepper.off = [key]
