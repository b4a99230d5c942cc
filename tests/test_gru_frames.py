"""The film of a GRU: each number is that of nudges, and the direct way can be cut."""

import numpy as np
import pytest

from films import check_boxes, check_code, check_equations, check_graph, check_order, check_shorter
from gated_networks import random_gru
from rnnlib.film_state import film_state
from rnnlib.gru import gru_forward
from rnnlib.gru_backward import gru_backward
from rnnlib.gru_frames import gru_frames
from rnnlib.printing import format_number
from rnnlib.stepper import Stepper
from test_calculator import NODE, calculate

# Sums of a few products of size 1 in another order; complex steps have no truncation error.
TOLERANCE = 1e-10
CALCULATOR = 1e-9
NUDGE = 1e-30


def film_of(seed, T=2, N=1, n_x=3, n_h=2):
    case = random_gru(seed, T, N, n_x, n_h)
    upstream = np.random.default_rng(seed + 100).standard_normal((T, N, n_h))
    return film_by_rnnlib(case, upstream), (case, upstream)


def film_by_rnnlib(case, upstream):
    trace = gru_forward(*case)
    return gru_frames(case.params, trace, gru_backward(case.params, trace, upstream), upstream)


SIZES = [(T, N, n_x, n_h) for T in (1, 2, 4) for N, n_x, n_h in ((1, 2, 3), (2, 5, 2))]
FILMS = [film_of(seed, *sizes) for seed, sizes in enumerate(SIZES)]
each_film = pytest.mark.parametrize(("film", "run"), FILMS)


def walked(run, nudges, off=()):
    """Walk there, written anew; a nudge moves a value where it arises, or one use of it."""
    ((W_xh, W_hh, b_h, b_q), x, h), upstream = run
    n_h = len(b_q)
    r_, u_, g_ = (slice(k * n_h, (k + 1) * n_h) for k in range(3))
    values, loss = {}, 0

    def moved(key, value):
        value = value + nudges.get(key, 0)
        return value.real + 0j if key in off else value  # what is cut reports no change

    h = moved("delta_h_init", h)
    for t, x_t in enumerate(x):
        used = moved(f"message[{t - 1}]", h)
        direct = moved(f"message_u[{t - 1}]" if t else "message_u_init", used)
        a_r, a_u = (
            moved(f"delta_{gate}[{t}]", used @ W_hh[:, k] + x_t @ W_xh[:, k] + b_h[k])
            for gate, k in (("r", r_), ("u", u_))
        )
        r, u = 1 / (1 + np.exp(-a_r)), 1 / (1 + np.exp(-a_u))
        q = moved(f"delta_q[{t}]", used @ W_hh[:, g_] + b_q)
        g = np.tanh(moved(f"delta_g[{t}]", b_h[g_] + x_t @ W_xh[:, g_] + q * r))
        h = moved(f"delta_h[{t}]", g + u * (direct - g))
        loss = loss + (upstream[t] * h).sum() * (f"upstream[{t}]" not in off)
        own = {"r": r, "u": u, "q": q, "g": g, "h": h}
        values |= {f"{name}[{t}]": value for name, value in own.items()}
    return values, loss


def by_nudges(run, off=()):
    """Find every number of a film: values by a walk, deltas and messages by what a nudge moves."""
    (_, x, h_init), _ = run
    T = len(x)
    values = {key: value.real for key, value in walked(run, {})[0].items()}
    deltas = [f"delta_{name}[{t}]" for name in "hruqg" for t in range(T)]
    messages = [f"{name}[{t}]" for name in ("message", "message_u") for t in range(T - 1)]
    for key in (*deltas, *messages, "message_u_init", "delta_h_init"):
        values[key] = np.empty(h_init.shape)
        for index in np.ndindex(h_init.shape):
            nudge = np.zeros(h_init.shape, complex)
            nudge[index] = 1j * NUDGE
            values[key][index] = np.imag(walked(run, {key: nudge}, off)[1]) / NUDGE
    return values


@each_film
def test_every_equation_and_every_line_of_code_on_its_operands_gives_its_result(film, run):
    check_equations(film)
    check_code(film)


@each_film
def test_every_number_of_every_frame_is_that_of_nudges(film, run):
    (params, x, h_init), upstream = run
    wanted = by_nudges(run) | {"h[-1]": h_init, "b_q": params.b_q}
    wanted |= {f"{name}[{t}]": array[t] for t in range(film.T)
               for name, array in (("x", x), ("upstream", upstream))}  # fmt: skip
    for array, name in zip(params, ("W_xh", "W_hh", "b_h"), strict=False):
        blocks = zip("rug", np.split(array, 3, axis=-1), strict=True)
        wanted |= {f"{name}_{gate}": block for gate, block in blocks}
    for frame in film.frames:
        for key in (frame.result, *frame.operands):
            stem = key.removesuffix(".T").removesuffix("**2")
            value = wanted[stem].T if key.endswith(".T") else wanted[stem]
            value = value**2 if key.endswith("**2") else value
            got = film.values[key].array
            np.testing.assert_allclose(got, value, rtol=TOLERANCE, atol=1e-13, err_msg=key)


@each_film
def test_the_walk_computes_everything_once_in_order_and_names_every_frame(film, run):
    check_order(film)
    assert len(film.frames) == 1 + 14 * film.T


@each_film
def test_every_edge_is_a_use_and_every_use_of_a_value_with_a_step_has_its_edge(film, run):
    # On the way there nothing is left out; on the way back, only what the way there has shown.
    shown = {(f"u[{t}]", f"message_u[{t - 1}]") for t in range(1, film.T)}
    assert check_graph(film) == shown | {("u[0]", "message_u_init")}
    check_boxes(film)


@each_film
def test_the_message_has_four_terms_one_of_them_direct_and_one_from_behind_the_reset_gate(
    film, run
):
    whole = [frame for frame in film.frames if frame.quantity in ("message", "delta_h_init")]
    assert len(whole) == film.T
    for frame in whole:
        direct, *products = " ".join(frame.equation[2:]).split(" + ")
        deltas, matrices = zip(*(product.split() for product in products), strict=True)
        assert direct.startswith("message_u")
        assert [delta.partition("[")[0] for delta in deltas] == ["delta_r", "delta_u", "delta_q"]
        assert list(matrices) == ["W_hh_r.T", "W_hh_u.T", "W_hh_g.T"]


def test_sentences_quote_the_numbers_of_the_trace():
    film, run = film_of(seed=1)
    values, said = by_nudges(run), {frame.result: frame.sentence for frame in film.frames}
    j = np.abs(values["h[1]"][0]).argmax()
    kept, old, new = (format_number(values[key][0, j]) for key in ("u[1]", "h[0]", "h[1]"))
    assert f"Unit {j} keeps {kept} of {old}, and comes to {new}" in said["h[1]"]
    d = np.abs(values["message[0]"][0]).argmax()
    assert f"{format_number(values['message_u[0]'][0, d])} came directly" in said["message[0]"]
    d = np.abs(values["delta_g[1]"][0]).argmax()
    assert f"the share {format_number(values['r[1]'][0, d])} reaches q" in said["delta_q[1]"]
    assert "nothing follows" in said["delta_h[1]"]
    assert "two terms meet" in said["delta_h[0]"]


def test_the_usual_stepper_is_small():
    film, _ = film_of(seed=0, n_x=2)
    assert len(Stepper(film, "gru").html().encode()) <= 60_000


def test_parameters_of_a_wrong_shape_are_refused():
    _, (case, upstream) = film_of(seed=0)
    trace = gru_forward(*case)
    back = gru_backward(case.params, trace, upstream)
    wrong = case.params._replace(b_q=case.params.b_q[1:])
    with pytest.raises(ValueError, match="b_q: expected"):
        gru_frames(wrong, trace, back, upstream)


@pytest.mark.skipif(NODE is None, reason="node is not installed")
def test_every_number_of_every_choice_is_that_of_nudges():
    rng = np.random.default_rng(0)
    jobs, wanted = [], []
    for film, ((params, x, h_init), upstream) in FILMS:
        for _ in range(4):
            steps, bias = int(rng.integers(1, film.T + 1)), float(rng.normal())
            keys = [f"{name}[{t}]" for name in film.switches for t in range(film.T)]
            off = [k for k in keys if rng.random() < 0.3 and f"[{film.T - 1}]" not in k]
            n_h, b_h = len(params.b_q), params.b_h.copy()
            b_h[n_h] += bias  # the first update gate
            changes = {"b_h_u": {"0,0": float(b_h[n_h])}}
            jobs.append({"state": film_state(film), "steps": steps, "off": off, "changes": changes})
            run = (params._replace(b_h=b_h), x[:steps], h_init), upstream[:steps]
            wanted.append(by_nudges(run, off))
    assert any("message_u" in key for job in jobs for key in job["off"])
    for values, answer in zip(wanted, calculate(jobs), strict=True):
        for key, array in values.items():
            got = answer["values"][key]
            np.testing.assert_allclose(got, array, rtol=CALCULATOR, atol=1e-12, err_msg=key)


@pytest.mark.skipif(NODE is None, reason="node is not installed")
def test_without_a_choice_frames_are_those_of_the_film_and_a_shorter_walk_is_a_shorter_film():
    film, (case, upstream) = FILMS[-1]
    whole = {"state": film_state(film), "off": [], "changes": {}}
    answers = calculate([whole | {"steps": steps} for steps in range(1, film.T + 1)])
    films = [
        film_by_rnnlib(case._replace(x=case.x[:steps]), upstream[:steps])
        for steps in range(1, film.T + 1)
    ]
    check_shorter(film, answers, films)


def test_no_message_reaches_the_last_step_so_none_can_be_cut_there():
    film, _ = film_of(seed=0)
    stepper = Stepper(film, "gru")
    stepper.off = ["message[0]", "message_u[0]", "upstream[1]"]
    for key in ("message[1]", "message_u[1]", "message_u_init"):
        with pytest.raises(ValueError, match="off: expected"):
            stepper.off = [key]
