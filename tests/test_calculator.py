"""The view computes what it shows; here its calculator is held to rnnlib, in node."""

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from choices import expected
from equations import evaluate
from networks import random_case
from rnnlib import ACTIVATIONS, backward, forward, next_character_task
from rnnlib.backward_frames import backward_frames
from rnnlib.bptt import per_step
from rnnlib.film_state import film_state
from rnnlib.frames import forward_frames
from rnnlib.printing import format_number, format_rows
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
