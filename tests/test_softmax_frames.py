"""The film of the softmax step: equation, code, numbers and sentence agree; two ways are one."""

import numpy as np
import pytest

from equations import evaluate
from rnnlib.activations import softmax
from rnnlib.derivatives import softmax_jacobian
from rnnlib.film import is_given, node_of
from rnnlib.film_state import film_state
from rnnlib.losses import cross_entropy, cross_entropy_delta
from rnnlib.printing import format_number
from rnnlib.softmax_frames import softmax_frames
from rnnlib.stepper import Stepper
from test_calculator import NODE, calculate

# A division and a product undo one another to a few units of 1e-16.
TOLERANCE = 1e-13
CALCULATOR = 1e-9


def draw(seed):
    rng = np.random.default_rng(seed)
    n_y = int(rng.integers(2, 8))
    z = rng.standard_normal((1, n_y)) * rng.choice([0.1, 1, 3])
    return z, rng.integers(n_y, size=1)


CASES = [draw(seed) for seed in range(12)]
FILMS = [(softmax_frames(z, y, "abcdefg"[: z.size]), z, y) for z, y in CASES]
each_film = pytest.mark.parametrize(("film", "z", "y"), FILMS)


@each_film
def test_every_equation_evaluated_on_its_operands_gives_its_result(film, z, y):
    for frame in film.frames[1:]:
        operands = {key: film.values[key].array for key in frame.operands}
        np.testing.assert_allclose(
            evaluate(frame.equation, operands),
            film.values[frame.result].array,
            rtol=TOLERANCE,
            atol=TOLERANCE,
        )


@each_film
def test_every_line_of_code_run_on_its_operands_gives_its_result(film, z, y):
    for frame in film.frames:
        names = {*map(node_of, frame.operands), *(["z"] if frame.quantity == "z" else [])}
        room = {"np": np} | {name: film.values[name].array for name in names}
        exec(frame.code, room)
        np.testing.assert_allclose(
            room[frame.result], film.values[frame.result].array, rtol=TOLERANCE, atol=TOLERANCE
        )


@each_film
def test_every_value_is_the_one_of_rnnlib(film, z, y):
    arrays = {key: value.array for key, value in film.values.items()}
    assert np.array_equal(arrays["y_hat"], softmax(z))
    assert np.array_equal(arrays["jacobian"], softmax_jacobian(softmax(z))[0])
    assert arrays["loss"] == cross_entropy(z, y)[0]
    assert np.array_equal(arrays["delta_z_directly"], cross_entropy_delta(z, y))
    np.testing.assert_allclose(arrays["delta_z"], cross_entropy_delta(z, y), atol=TOLERANCE)


@each_film
def test_each_case_stands_where_the_other_is_zero(film, z, y):
    same, other = film.values["same"].array, film.values["other"].array
    diagonal = np.eye(z.size, dtype=bool)
    assert (same[~diagonal] == 0).all()
    assert (same[diagonal] > 0).all()
    assert (other[diagonal] == 0).all()
    assert (other[~diagonal] < 0).all()


@each_film
def test_a_frame_reads_only_what_earlier_frames_have_computed(film, z, y):
    for position, frame in enumerate(film.frames):
        known = {*map(node_of, film.computed(position - 1))}
        assert {*map(node_of, frame.operands)} <= known
        assert frame.result not in known - {"z", "y"}


@each_film
def test_the_film_has_no_time_and_only_z_and_y_are_given(film, z, y):
    assert (film.T, film.N, film.switches) == (1, 1, {})
    assert all(frame.t is None for frame in film.frames)
    assert {key for key in film.values if is_given(film, key)} == {"z", "y"}
    addresses = [film.address(i) for i in range(len(film.frames))]
    assert addresses == [frame.quantity for frame in film.frames]
    assert len(set(addresses)) == len(addresses)


@each_film
def test_every_edge_is_a_use_and_every_value_has_a_node(film, z, y):
    uses = {(node_of(key), frame.result) for frame in film.frames for key in frame.operands}
    edges = {(edge.source, edge.end) for edge in film.graph.edges}
    # The target stands far from the shortcut that reads it: no edge crosses the picture.
    assert uses - edges == {("y", "delta_z_directly")}
    assert edges <= uses
    assert {node.key for node in film.graph.nodes} == {*map(node_of, film.values)}


@each_film
def test_sentences_quote_the_numbers(film, z, y):
    said = {frame.result: frame.sentence for frame in film.frames}
    delta = cross_entropy_delta(z, y)[0, y[0]]
    assert format_number(float(delta)) in said["delta_z"]
    assert format_number(float(delta)) in said["delta_z_directly"]
    assert format_number(float(-1 / softmax(z)[0, y[0]])) in said["delta_y_hat"]
    assert f"‘{film.symbols[int(y[0])]}’" in said["loss"]
    assert "they differ by 0.00 at most" in said["difference"]


@pytest.mark.parametrize(
    ("z", "y", "said"),
    [
        (np.zeros(3), np.array([0]), r"z: expected shape \(1, n_y\)"),
        (np.zeros((2, 3)), np.array([0]), r"z: expected shape \(1, n_y\)"),
        (np.zeros((1, 3)), np.array([3]), "y: expected"),
        (np.zeros((1, 3)), np.array([0, 1]), "y: expected"),
    ],
)
def test_what_is_no_softmax_step_is_refused(z, y, said):
    with pytest.raises(ValueError, match=said):
        softmax_frames(z, y)


def test_the_usual_stepper_is_small():
    film = softmax_frames(np.array([[0.4, -0.1, 1.2, 0.3, -0.7]]), np.array([2]), "abcde")
    assert len(Stepper(film, "softmax").html().encode()) <= 60_000


@pytest.mark.skipif(NODE is None, reason="node is not installed")
def test_the_calculator_follows_a_dragged_logit():
    rng = np.random.default_rng(1)
    jobs, wanted = [], []
    for film, z, y in FILMS:
        for drags in ({}, {"0,1": float(rng.normal() * 3)}):
            changed = z.copy()
            for number in drags.values():
                changed[0, 1] = number
            jobs.append({"state": film_state(film), "steps": 1, "off": [], "changes": {"z": drags}})
            wanted.append(softmax_frames(changed, y, film.symbols))
    for film, answer in zip(wanted, calculate(jobs), strict=True):
        for frame, shown in zip(film.frames, answer["frames"], strict=True):
            assert shown["equation"] == list(frame.equation)
            assert (shown["code"], shown["sentence"]) == (frame.code, frame.sentence)
            np.testing.assert_allclose(
                answer["values"][frame.result],
                np.atleast_2d(film.values[frame.result].array),
                rtol=CALCULATOR,
                atol=1e-12,
            )
