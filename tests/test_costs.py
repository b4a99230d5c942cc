"""Every formula of a cost is held to what is really allocated and multiplied."""

import math
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from networks import LENGTHS, N_H, N_X, N_Y, N, random_case
from rnnlib import Parameters, checkpoint, forward, rtrl
from rnnlib.bptt import backward
from rnnlib.checkpoint import checkpointed_gradient
from rnnlib.costs import gru_parameter_count, lstm_parameter_count, parameter_count, shapes
from rnnlib.gated_parameters import init_gru, init_lstm
from rnnlib.memory_costs import (
    backward_bytes,
    checkpoint_costs,
    held_numbers,
    rtrl_state,
    trace_bytes,
)
from rnnlib.network import network_backward, network_forward
from rnnlib.network_parameters import init_network
from rnnlib.operation_costs import backward_work, forward_work, rtrl_multiply_adds

SIZES = {"n_x": N_X, "n_h": N_H, "n_y": N_Y}
DOCUMENT = {"n_x": 10, "n_e": 20, "n_h": 5, "n_y": 100}  # sizes of document 000, with N = 128
FLOATS = pytest.mark.parametrize("dtype", [np.float64, np.float32])
anything = {name: st.integers(1, 6) for name in ("T", "N", "n_x", "n_h", "n_y")}


def size_of(record):
    """Count the numbers in a record of arrays, and of records of arrays."""
    return sum(size_of(part) if isinstance(part, tuple) else part.size for part in record)


class Counted(np.ndarray):
    """An array that writes down each matrix product it takes part in."""

    products: list = []  # noqa: RUF012 - one list for all, emptied by the fixture

    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        def plain(values):
            return [np.asarray(v) if isinstance(v, np.ndarray) else v for v in values]

        if "out" in options:
            options["out"] = tuple(plain(options["out"]))
        result = getattr(ufunc, method)(*plain(inputs), **options)
        if ufunc is np.matmul:
            # Each number of the result is a sum of as many products as the rows are long.
            self.products.append(result.size * inputs[0].shape[-1])
        return result.view(Counted) if isinstance(result, np.ndarray) else result


@pytest.fixture
def products():
    """List the multiply-adds of each product that a counted array has been in."""
    Counted.products.clear()
    return Counted.products


def counted(record, *names):
    """Let the named arrays of a record be counted."""
    return record._replace(**{name: getattr(record, name).view(Counted) for name in names})


@pytest.mark.parametrize("T", LENGTHS)
def test_products_and_multiply_adds_are_those_of_the_code(products, T):
    case = random_case(T=T)
    params = counted(case.params, *Parameters._fields)
    trace = forward(params, *case[1:])
    assert forward_work(T, N, **SIZES) == (len(products), sum(products))
    products.clear()
    backward(params, counted(trace, "x", "states", "y_hat"))
    assert backward_work(T, N, **SIZES) == (len(products), sum(products))


def test_the_way_back_multiplies_twice_as_much_as_the_way_there():
    for T in LENGTHS:
        there, back = forward_work(T, N, **SIZES), backward_work(T, N, **SIZES)
        assert back.multiply_adds == 2 * there.multiply_adds


def test_a_product_by_a_counted_array_is_counted_once(products):
    left, right = np.ones((3, 5, 7)), np.ones((7, 11)).view(Counted)
    assert type(left @ right) is Counted
    (left @ right + 1).sum()
    assert products == [3 * 5 * 11 * 7] * 2


@given(**anything)
def test_the_table_of_shapes_is_that_of_the_records(T, N, n_x, n_h, n_y):
    case = random_case(0, T, N, n_x, n_h, n_y)
    trace = forward(*case)
    back = backward(case.params, trace)
    table = shapes(T, N, n_x, n_h, n_y)
    views = {name: getattr(trace, name) for name in ("h", "h_prev", "h_init")}
    named = {**case.params._asdict(), **trace._asdict(), **views, **back._asdict()}
    named.pop("activation")
    assert back.gradient._fields == case.params._fields
    for gradient, name in zip(named.pop("gradient"), Parameters._fields, strict=True):
        assert gradient.shape == table[name], name
    assert {name: value.shape for name, value in named.items()} == table
    assert size_of(case.params) == parameter_count(n_x, n_h, n_y)


def document_network(T):
    """Run the network of document 000 there and back."""
    rng = np.random.default_rng(0)
    params = init_network(rng, **DOCUMENT)
    x, y = rng.standard_normal((T, 128, 10)), rng.integers(100, size=(T, 128))
    trace = network_forward(params, x, y)
    return params, trace, network_backward(params, trace)


def test_a_layer_in_front_has_its_rows_in_the_table():
    params, trace, back = document_network(T=3)
    table = shapes(T=3, N=128, **DOCUMENT)
    assert trace.front.h.shape == table["e"]
    front = {"W_xe": params.front.weights, "b_e": params.front.bias}
    output = {"W_hy": params.back.weights, "b_y": params.back.bias}
    for name, value in {**front, **params.recurrent._asdict(), **output}.items():
        assert value.shape == table[name], name
    for name, value in back._asdict().items():
        assert name == "gradient" or value.shape == table[name], name


def test_the_network_of_document_000_has_950_parameters_whatever_the_length():
    assert parameter_count(**DOCUMENT) == 950
    for T in (1, 3):
        params, _, back = document_network(T)
        assert size_of(params) == size_of(back.gradient) == 950


def test_the_numbers_that_document_000_holds_are_those_of_its_layers():
    for T, wanted in {3: 52480, 6: 104320, 12: 208000, 24: 415360}.items():
        assert held_numbers(T, 128, **DOCUMENT) == wanted
        _, trace, _ = document_network(T)
        held = (trace.front.x, trace.front.h, trace.recurrent.states, trace.back.h)
        assert sum(array.size for array in held) == wanted
        assert trace.recurrent.x is trace.front.h  # held once, used by two layers
        assert np.shares_memory(trace.back.x, trace.recurrent.states)


@pytest.mark.parametrize(("n_x", "n_h"), [(N_X, N_H), (1, 1), (2, 7), (65, 128)])
def test_parameters_of_gates_are_four_blocks_and_three(n_x, n_h):
    rng = np.random.default_rng(0)
    assert size_of(init_lstm(rng, n_x, n_h)) == lstm_parameter_count(n_x, n_h)
    assert size_of(init_gru(rng, n_x, n_h)) == gru_parameter_count(n_x, n_h)


@FLOATS
@pytest.mark.parametrize("T", LENGTHS)
def test_bytes_of_the_records_are_a_straight_line_over_the_length(T, dtype):
    case = random_case(T=T, dtype=dtype)
    trace = forward(*case)
    itemsize = np.dtype(dtype).itemsize
    held = sum(array.nbytes for array in trace[:-1])
    assert trace_bytes(N, **SIZES, itemsize=itemsize).at(T) == held
    *deltas, gradient = backward(case.params, trace)
    held = sum(array.nbytes for array in [*deltas, *gradient])
    assert backward_bytes(N, **SIZES, itemsize=itemsize).at(T) == held


def test_what_the_allocator_gives_is_what_the_formulas_say():
    sizes = {"n_x": 23, "n_h": 41, "n_y": 29}
    n, T = 37, 7
    case = random_case(0, T, n, **sizes)
    forward(*case)  # what is made once and then kept is there from now on
    tracemalloc.start()
    try:
        trace = forward(*case)
        there = tracemalloc.get_traced_memory()[0]
        back = backward(case.params, trace)
        both = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    # Inputs and targets were there before. Python's own objects take less than 4096 bytes,
    # and one state takes more than that.
    assert n * 41 * 8 > 4096
    wanted = trace_bytes(n, **sizes).at(T) - case.x.nbytes - case.y.nbytes
    assert 0 <= there - wanted < 4096
    assert 0 <= both - there - backward_bytes(n, **sizes).at(T) < 4096
    assert back.gradient.b_y.size == 29


@pytest.mark.parametrize("T", LENGTHS)
def test_forward_messages_carry_one_number_for_each_pair_of_unit_and_parameter(T):
    case = random_case(T=T, n_h=7)
    *_, last = rtrl.influences(case.params, forward(*case))
    carried = last.W_xh.size + last.W_hh.size + last.b_h.size
    assert carried == N * rtrl_state(N_X, 7)


@pytest.mark.parametrize("T", LENGTHS)
def test_forward_messages_cost_one_product_a_unit_for_each_number(monkeypatch, T):
    counts = []

    def watched(jacobian, influence):
        counts.append(jacobian.size * math.prod(influence.shape[2:]))
        return carried(jacobian, influence)

    carried = rtrl.carried
    monkeypatch.setattr(rtrl, "carried", watched)
    case = random_case(T=T, n_h=7)
    rtrl.rtrl(case.params, forward(*case))
    # One message more tells how the state before the first input has moved the present one.
    of_h_init = T * N * 7**3
    assert sum(counts) == rtrl_multiply_adds(T, N, N_X, 7) + of_h_init


@pytest.mark.parametrize("stride", [None, 1, 2, 3, 8, 50])
@pytest.mark.parametrize("T", [1, 2, 7, 36, 37])
def test_checkpoints_hold_and_compute_as_many_states_as_the_formula_says(monkeypatch, T, stride):
    held, steps = [], []

    def watched(params, x, h_init, activation):
        trace = recurrent_forward(params, x, h_init, activation)
        steps.append(len(x))
        held.append(len(trace.states))
        return trace

    recurrent_forward = checkpoint.recurrent_forward
    monkeypatch.setattr(checkpoint, "recurrent_forward", watched)
    checkpointed_gradient(*random_case(T=T, N=1, n_x=1, n_h=2, n_y=2), stride=stride)
    segments = (len(steps) + 1) // 2  # all of them once, and all but the last once more
    most = segments + max(held)
    assert checkpoint_costs(T, stride) == (most, sum(steps))


def test_checkpoints_hold_least_near_the_square_root():
    for T in (9, 36, 100, 1000):
        best = min(checkpoint_costs(T, stride).states for stride in range(1, T + 1))
        assert checkpoint_costs(T).states - best <= 1
        assert checkpoint_costs(T).states <= 2 * math.ceil(math.sqrt(T)) + 1 < T + 1
