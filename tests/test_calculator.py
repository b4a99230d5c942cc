"""The view computes what it shows; here its calculator is held to rnnlib, in node."""

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from equations import evaluate
from networks import random_case
from rnnlib import ACTIVATIONS, Parameters, backward, forward, next_character_task
from rnnlib.backward_frames import backward_frames
from rnnlib.bptt import per_step
from rnnlib.film_state import film_state
from rnnlib.frames import forward_frames
from rnnlib.printing import format_number, format_rows
from rnnlib.recurrent import Recurrent, recurrent_backward, recurrent_forward
from rnnlib.stepper import SCRIPT

HERE = Path(__file__).parent
NODE = shutil.which("node")
pytestmark = pytest.mark.skipif(NODE is None, reason="node is not installed")
# Both add a few dozen products of size 1, in another order, and exp and tanh of another library.
TOLERANCE = 1e-9


def calculate(jobs):
    """Run the calculator on films with choices."""
    data = json.dumps([SCRIPT, jobs])
    run = subprocess.run(
        [NODE, HERE / "calculator.mjs"], input=data, capture_output=True, text=True, check=True
    )
    return json.loads(run.stdout)


def film_of(case, activation, symbols=""):
    trace = forward(*case, activation=activation)
    return backward_frames(case.params, trace, backward(case.params, trace), symbols)


def cases():
    """Draw networks, and for each what a reader may choose."""
    rng = np.random.default_rng(0)
    for number in range(40):
        T, N = int(rng.integers(1, 7)), int(rng.integers(1, 4))
        sizes = {name: int(rng.integers(1, 5)) for name in ("n_x", "n_h")}
        case = random_case(number, T, N, **sizes, n_y=int(rng.integers(2, 6)))
        steps = int(rng.integers(1, T + 1))
        keys = [f"{name}[{t}]" for name in ("x", "loss", "message") for t in range(T)]
        off = [key for key in keys if rng.random() < 0.2 and key != f"message[{T - 1}]"]
        changes = {"W_hh": {"0,0": float(rng.normal())}, "x[0]": {"0,0": float(rng.normal())}}
        if number % 4 == 0:
            steps, off, changes = T, [], {}
        yield case, list(ACTIVATIONS)[number % 4], steps, off, changes


CASES = list(cases())


@pytest.fixture(scope="module")
def answers():
    jobs = [
        {"state": film_state(film_of(case, activation)), "steps": steps, "off": off, "changes": c}
        for case, activation, steps, off, c in CASES
    ]
    return calculate(jobs)


def chosen(case, steps, off, changes):
    """Apply the choices of a reader to the arguments of a walk."""
    params = case.params._asdict()
    x = case.x[:steps].copy()
    for key, cells in changes.items():
        for at, number in cells.items():
            i, j = map(int, at.split(","))
            if key == "x[0]":
                x[0, i, j] = number
            else:
                params[key] = params[key].copy()
                params[key][i, j] = number
    for t in range(steps):
        if f"x[{t}]" in off:
            x[t] = 0
    return Parameters(**params), x, case.y[:steps], case.h_init


def expected(case, activation, steps, off, changes):
    """Compute what is shown with rnnlib: a cut message is a walk back in two pieces."""
    params, x, y, h_init = chosen(case, steps, off, changes)
    trace = forward(params, x, y, h_init, activation)
    counts = np.array([f"loss[{t}]" not in off for t in range(steps)])
    delta_z = backward(params, trace).delta_z * counts[:, np.newaxis, np.newaxis]
    layer = Recurrent(params.W_xh, params.W_hh, params.b_h)
    cuts = [t + 1 for t in range(steps - 1) if f"message[{t}]" in off]
    values = {"L": (trace.loss * counts).sum()}
    sums = dict.fromkeys(params._fields, 0.0)
    walked = {}
    for first, end in zip([0, *cuts], [*cuts, steps], strict=True):
        piece = recurrent_forward(layer, x[first:end], trace.states[first], activation)
        back = recurrent_backward(layer, piece, delta_z[first:end] @ params.W_hy.T)
        for t in range(first, end):
            walked[t] = {
                name: getattr(back, name)[t - first]
                for name in ("message", "delta_h", "delta_a", "delta_x")
            }
        if first == 0:
            values["delta_h_init"] = back.delta_h_init
    for t in reversed(range(steps)):
        values |= {f"{name}[{t}]": array for name, array in walked[t].items()}
        values[f"delta_z[{t}]"] = delta_z[t]
        shares = {
            "W_xh": x[t].T @ walked[t]["delta_a"],
            "W_hh": trace.h_prev[t].T @ walked[t]["delta_a"],
            "W_hy": trace.h[t].T @ delta_z[t],
            "b_h": walked[t]["delta_a"].sum(axis=0),
            "b_y": delta_z[t].sum(axis=0),
        }
        for name, share in shares.items():
            sums[name] = sums[name] + share
            values[f"gradient_{name}[{t}]"] = sums[name]
        for name in ("a", "h", "z", "y_hat"):
            values[f"{name}[{t}]"] = getattr(trace, name)[t]
        values[f"loss[{t}]"] = trace.loss[t] * counts[t]
    del values[f"message[{steps - 1}]"]  # nothing arrives there
    return values


def test_every_number_of_every_choice_is_that_of_rnnlib(answers):
    for (case, activation, steps, off, changes), answer in zip(CASES, answers, strict=True):
        wanted = expected(case, activation, steps, off, changes)
        assert set(answer["values"]) >= set(wanted)
        for key, array in wanted.items():
            np.testing.assert_allclose(
                answer["values"][key], np.atleast_2d(array), rtol=TOLERANCE, atol=1e-12, err_msg=key
            )


def test_every_equation_of_every_choice_evaluated_on_its_operands_gives_its_result(answers):
    for (_, _, _, off, _), answer in zip(CASES, answers, strict=True):
        silent = {*off, *(key.replace("loss", "delta_z") for key in off)}
        values = {key: np.array(rows) for key, rows in answer["values"].items()}
        for frame in answer["frames"]:
            if len(frame["equation"]) == 1 or frame["result"] in silent:
                continue
            arrays = {key: as_used(key, values) for key in frame["operands"]}
            if frame["result"].startswith("loss"):
                arrays[frame["operands"][1]] = values[frame["operands"][1]][0]
            got = evaluate(frame["equation"], arrays)
            np.testing.assert_allclose(
                np.atleast_2d(got), values[frame["result"]], rtol=TOLERANCE, atol=1e-12
            )


def as_used(key, values):
    """Take a value in the form in which an equation uses it."""
    if key.endswith(".T"):
        return values[key[:-2]].T
    if key.endswith("**2"):
        return values[key[:-3]] ** 2
    if key.endswith(">0"):
        return (values[key[:-2]] > 0).astype(float)
    if key.startswith("onehot"):
        return np.eye(values["b_y"].size)[values[key.replace("onehot", "y")][0]]
    return values[key]


def test_without_a_choice_frames_are_those_of_the_film(answers):
    for (case, activation, steps, off, changes), answer in zip(CASES, answers, strict=True):
        if off or changes or steps < len(case.x):
            continue
        film = film_of(case, activation)
        assert len(film.frames) == len(answer["frames"])
        for position, (frame, shown) in enumerate(zip(film.frames, answer["frames"], strict=True)):
            assert shown["equation"] == list(frame.equation)
            assert shown["operands"] == list(frame.operands)
            assert shown["code"] == frame.code
            assert shown["sentence"] == frame.sentence
            assert shown["address"] == film.address(position)
        for key, rows in answer["texts"].items():
            assert rows == format_rows(film.values[key].array)


def test_a_shorter_walk_is_the_film_of_a_shorter_sequence():
    symbols = "abc"
    x, y = next_character_task(["abcabc"], symbols)
    params = random_case(0, n_x=3, n_h=4, n_y=3).params
    trace = forward(params, x, y)
    film = backward_frames(params, trace, backward(params, trace), symbols)
    for steps in range(1, 6):
        [answer] = calculate(
            [{"state": film_state(film), "steps": steps, "off": [], "changes": {}}]
        )
        short = forward(params, x[:steps], y[:steps])
        wanted = backward_frames(params, short, backward(params, short), symbols)
        for shown, frame in zip(answer["frames"], wanted.frames, strict=True):
            assert shown["equation"] == list(frame.equation)
            assert shown["code"] == frame.code
            assert shown["sentence"] == frame.sentence


def test_a_film_without_a_way_back_is_calculated_too():
    case = random_case(0, 3, 1, n_x=2, n_h=3, n_y=4)
    trace = forward(*case)
    film = forward_frames(case.params, trace)
    [answer] = calculate([{"state": film_state(film), "steps": 3, "off": [], "changes": {}}])
    np.testing.assert_allclose(answer["values"]["L"], [[trace.loss.sum()]], rtol=TOLERANCE)


def test_numbers_are_printed_as_python_prints_them():
    rng = np.random.default_rng(0)
    numbers = [*(rng.standard_normal(2000) * 10 ** rng.uniform(-3, 3, 2000)), 0.0]
    numbers += [i / 8 for i in range(-40, 41)] + [i / 200 for i in range(-400, 401)]
    script = SCRIPT.replace(SCRIPT[SCRIPT.index("export default") :], "return formatNumber;")
    program = (
        f"const f = new Function({json.dumps(script)})();"
        f"console.log(JSON.stringify({json.dumps(list(map(float, numbers)))}.map((x) => f(x))))"
    )
    run = subprocess.run([NODE, "-e", program], capture_output=True, text=True, check=True)
    assert json.loads(run.stdout) == [format_number(float(x)) for x in numbers]


def test_the_shares_add_up_to_what_per_step_says():
    case = random_case(0, 3, 2, n_x=2, n_h=3, n_y=4)
    trace = forward(*case)
    back = backward(case.params, trace)
    film = backward_frames(case.params, trace, back)
    for name, share in per_step(trace, back)._asdict().items():
        np.testing.assert_allclose(
            film.values[f"gradient_{name}[2]"].array, share[2], rtol=1e-12, atol=1e-14
        )
