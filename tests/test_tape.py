"""Every operation of the tape against a complex step, and the walk back against hard graphs."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnlib import tape
from rnnlib.comparisons import compare
from rnnlib.gradient_checks import complex_step
from rnnlib.tape import Node
from test_layers import FILES, imports_of

# A handful of roundings, 1e-16 each.
TOLERANCE = 1e-13

ROWS, COLUMNS = np.array([0, 1, 1, 0]), np.array([4, 2, 2, 0])  # one number is picked twice
# Each operation on nodes, the same on arrays, and the shapes of what goes in.
OPERATIONS = {
    "add": (lambda a, b: a + b, None, [(2, 3), (2, 3)]),
    "add to each row": (lambda a, b: a + b, None, [(2, 3), (3,)]),
    "add to each column": (lambda a, b: a + b, None, [(2, 1), (2, 3)]),
    "add a number": (lambda a, b: a + b, None, [(), (5, 2, 3)]),
    "both stretched": (lambda a, b: a * b, None, [(2, 1, 3), (5, 1)]),
    "stretched from one": (lambda a, b: a * b, None, [(1, 1), (1, 3)]),
    "subtract": (lambda a, b: a - b, None, [(2, 3), (3,)]),
    "subtract an array": (lambda a: a - np.arange(3.0), None, [(2, 3)]),
    "array on the left": (lambda a: np.arange(3.0) * a + (1.0 + a), None, [(2, 3)]),
    "multiply": (lambda a, b: a * b, None, [(2, 3), (3,)]),
    "square": (lambda a: a * a, None, [(2, 3)]),
    "product of matrices": (lambda a, b: a @ b, None, [(2, 3), (3, 5)]),
    "product with itself": (lambda a: a @ a, None, [(3, 3)]),
    "product with an array": (lambda a: a @ np.arange(15.0).reshape(3, 5), None, [(2, 3)]),
    "exp": (Node.exp, np.exp, [(2, 3)]),
    "log": (lambda a: (a * a).log(), lambda a: np.log(a * a), [(2, 3)]),
    "tanh": (Node.tanh, np.tanh, [(2, 3)]),
    "sum": (lambda a: a.sum(), None, [(2, 3, 5)]),
    "sum of rows": (lambda a: a.sum(axis=0), None, [(2, 3, 5)]),
    "sum along the middle": (lambda a: a.sum(axis=1), None, [(2, 3, 5)]),
    "sum along the last": (lambda a: a.sum(axis=-1), None, [(2, 3, 5)]),
    "one row": (lambda a: a[1], None, [(2, 5)]),
    "a slice": (lambda a: a[:, 1:4], None, [(2, 5)]),
    "one number a row": (lambda a: a[[0, 1], [4, 2]], None, [(2, 5)]),
    "a number twice": (lambda a: a[ROWS, COLUMNS], None, [(2, 5)]),
}


@pytest.mark.parametrize("name", OPERATIONS)
def test_each_operation_has_the_slope_of_the_complex_step(name):
    on_nodes, on_arrays, shapes = OPERATIONS[name]
    on_arrays = on_arrays or on_nodes  # operators mean the same for both
    rng = np.random.default_rng(0)
    values = {f"value_{i}": rng.standard_normal(shape) for i, shape in enumerate(shapes)}
    result = on_arrays(*values.values())
    weights = rng.standard_normal(result.shape)  # so that each number of the result counts

    nodes = [Node(value) for value in values.values()]
    on_tape = on_nodes(*nodes)
    np.testing.assert_array_equal(on_tape.value, result)
    (on_tape * weights).sum().backward()

    wanted = complex_step(lambda record: (on_arrays(*record.values()) * weights).sum(), values)
    got = {name: node.gradient for name, node in zip(values, nodes, strict=True)}
    assert compare(got, wanted).passes(TOLERANCE)


SIDES = [(), (1,), (3,), (2, 1), (1, 3), (2, 3), (5, 1, 1), (1, 2, 3), (5, 2, 1)]


@pytest.mark.parametrize("left", SIDES)
@pytest.mark.parametrize("right", SIDES)
def test_broadcasting_is_undone_by_a_sum(left, right):
    """The gradient by a number is the sum over the copies that were made of it."""
    a, b = Node(np.full(left, 2.0)), Node(np.full(right, 3.0))
    result = a * b
    result.sum().backward()
    assert (a.gradient.shape, b.gradient.shape) == (left, right)
    np.testing.assert_array_equal(a.gradient, np.full(left, 3.0 * result.value.size / a.value.size))
    np.testing.assert_array_equal(
        b.gradient, np.full(right, 2.0 * result.value.size / b.value.size)
    )


def test_a_node_used_twice_hears_from_both_uses():
    a = Node(3.0)
    (a * a + a).backward()
    assert a.gradient == 7.0


def test_a_node_passes_on_only_when_it_has_heard_from_all():
    """A short and a long way from `b` to the result: who goes by the short way is too soon."""
    a = Node(2.0)
    b = a * a
    long = (((b + 1.0) + 1.0) + 1.0) * 1.0
    (b * long).backward()  # b (b + 3), with b = a²
    assert b.gradient == 2 * 4.0 + 3
    assert a.gradient == (2 * 4.0 + 3) * 2 * 2.0


@given(seed=st.integers(0, 2**32 - 1))
def test_any_graph_of_sums_and_products_has_the_slope_of_the_complex_step(seed):
    rng = np.random.default_rng(seed)
    plan = [(rng.integers(2), *rng.integers(2 + i, size=2)) for i in range(8)]

    def build(start):
        numbers = [start["left"], start["right"]]
        for times, i, j in plan:
            one, other = numbers[i] * 0.5, numbers[j]
            numbers.append(one * other if times else one + other)
        return sum(numbers[1:], numbers[0])

    start = {"left": np.array(0.7), "right": np.array(-0.4)}
    nodes = {name: Node(value) for name, value in start.items()}
    build(nodes).backward()
    got = {name: node.gradient for name, node in nodes.items()}
    for (name, wanted), found in zip(complex_step(build, start).items(), got.values(), strict=True):
        assert abs(found - wanted) <= TOLERANCE * max(1.0, abs(wanted)), name


def test_detached_numbers_count_and_send_nothing_back():
    a = Node(3.0)
    loss = a * a.detach()
    loss.backward()
    assert loss.value == 9.0
    assert a.gradient == 3.0


def test_each_walk_back_begins_afresh():
    a = Node(3.0)
    loss = a * a
    loss.backward()
    loss.backward()
    assert a.gradient == 6.0


def test_what_did_not_lead_to_the_result_has_slope_zero():
    a = Node(np.ones(3))
    Node(2.0).backward()
    assert a.gradient.tolist() == [0.0, 0.0, 0.0]


def test_a_long_tape_needs_no_deep_recursion():
    a = Node(1.0)
    result = a
    for _ in range(2000):
        result = result + 1.0
    result.backward()
    assert a.gradient == 1.0


def test_no_value_is_modified():
    a = Node(np.arange(1.0, 7.0).reshape(2, 3))
    before = a.value.tobytes()
    a.value.flags.writeable = False
    ((a * a).log().exp().tanh() - a)[[0, 0], [1, 1]].sum().backward()
    assert a.value.tobytes() == before


def test_softmax_cross_entropy_is_stable_with_a_constant_shift():
    z = Node([[1000.0, 0.0, -1000.0], [0.0, 0.0, 0.0]])
    shifted = z - z.value.max(axis=1, keepdims=True)
    loss = (shifted.exp().sum(axis=1).log() - shifted[[0, 1], [2, 0]]).sum()
    loss.backward()
    assert loss.value == pytest.approx(2000.0 + np.log(3))
    np.testing.assert_allclose(z.gradient, [[1, 0, -1], [-2 / 3, 1 / 3, 1 / 3]], rtol=1e-15)


def test_only_a_single_number_is_differentiated():
    with pytest.raises(ValueError, match=r"^loss: expected a single number, got shape \(3,\)$"):
        Node(np.ones(3)).backward()


@pytest.mark.parametrize(("left", "right"), [((3,), (3, 2)), ((2, 3), (3,)), ((5, 2, 3), (3, 2))])
def test_only_matrices_are_multiplied_as_matrices(left, right):
    with pytest.raises(ValueError, match=r"^@: expected two matrices, got "):
        Node(np.ones(left)) @ Node(np.ones(right))


def test_the_tape_is_short_and_stands_alone():
    assert len(Path(tape.__file__).read_text(encoding="utf-8").splitlines()) <= 100
    assert not imports_of(FILES["tape"])
