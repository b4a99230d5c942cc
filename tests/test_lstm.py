"""The LSTM against plain loops and complex steps, and the laws it obeys."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gated_networks import LSTMCase, assert_close, nudger, random_lstm, slopes, upstream_for
from networks import LENGTHS
from rnnlib.gated_parameters import LSTMParameters, init_lstm
from rnnlib.lstm import lstm_forward
from rnnlib.lstm_backward import lstm_backward

# Each number is a sum of at most a few hundred products of size 1, and a complex step has no
# truncation error: 1e-13 or so, relative to the largest. The promise of the book is 1e-10.
TOLERANCE = 1e-10

FORWARD = ("h", "cell", "a", "input_gate", "forget_gate", "candidate", "output_gate")
BACKWARD = ("message", "cell_message", "delta_h", "delta_cell", "delta_a", "delta_x")

seeds = st.integers(0, 2**32 - 1)
lengths = st.integers(1, 7)
sizes = st.integers(1, 6)


def forward_in_loops(params, x, h_init, cell_init):
    """Compute every value one number at a time, without NumPy."""
    W_xh, W_hh, b_h = (array.tolist() for array in params)
    n_h = len(W_hh)
    h_prev, cell_prev = h_init.tolist(), cell_init.tolist()
    steps = []
    for x_t in x.tolist():
        values = {name: [] for name in FORWARD}
        for row, state, old in zip(x_t, h_prev, cell_prev, strict=True):
            a = [
                bias
                + sum(value * weights[k] for value, weights in zip(row, W_xh, strict=True))
                + sum(value * weights[k] for value, weights in zip(state, W_hh, strict=True))
                for k, bias in enumerate(b_h)
            ]
            shares = [1 / (1 + math.exp(-value)) for value in a]
            comes, stays, shown = shares[:n_h], shares[n_h : 2 * n_h], shares[3 * n_h :]
            new = [math.tanh(value) for value in a[2 * n_h : 3 * n_h]]
            cell = [stays[j] * old[j] + comes[j] * new[j] for j in range(n_h)]
            h = [shown[j] * math.tanh(cell[j]) for j in range(n_h)]
            for name, value in zip(FORWARD, (h, cell, a, comes, stays, new, shown), strict=True):
                values[name].append(value)
        steps.append(values)
        h_prev, cell_prev = values["h"], values["cell"]
    return {name: np.array([values[name] for values in steps]) for name in FORWARD}


def loss_with_nudges(case, weights, nudges):
    """Run the cell one step at a time, add a nudge to each value, and weigh what comes out.

    "h" and "cell" are nudged where they arise; "message" and "cell_message" are nudges of what
    the next step sees, which leave the rest of the own step alone.
    """
    params, x, h_prev, cell_prev = case
    upstream, message_last, cell_message_last = weights
    nudged = nudger(nudges)
    n_h = len(params.W_hh)
    h_prev, cell_prev = nudged("h_init", h_prev), nudged("cell_init", cell_prev)
    loss = 0
    for x_t, weights_t in zip(x, upstream, strict=True):
        W_xh, W_hh, b_h = (nudged(*item) for item in params._asdict().items())
        a_t = nudged("a", np.hstack([nudged("x", x_t), h_prev]) @ np.vstack([W_xh, W_hh]) + b_h)
        comes, stays, shown = (1 / (1 + np.exp(-a_t[:, k * n_h :][:, :n_h])) for k in (0, 1, 3))
        cell = nudged("cell", stays * cell_prev + comes * np.tanh(a_t[:, 2 * n_h : 3 * n_h]))
        h_t = nudged("h", shown * np.tanh(cell))
        loss += (weights_t * h_t).sum()
        h_prev, cell_prev = nudged("message", h_t), nudged("cell_message", cell)
    return loss + (message_last * h_prev + cell_message_last * cell_prev).sum()


def walk(case, weights):
    """Go there and back."""
    trace = lstm_forward(*case)
    return trace, lstm_backward(case.params, trace, *weights)


@pytest.mark.parametrize("T", LENGTHS)
def test_forward_equals_loops_over_numbers(T):
    case = random_lstm(T=T)
    trace = lstm_forward(*case)
    for name, wanted in forward_in_loops(*case).items():
        assert_close(getattr(trace, name), wanted, name, 1e-13)


@given(seed=seeds, T=lengths, N=sizes, n_x=sizes, n_h=sizes)
def test_forward_equals_loops_at_random_sizes(seed, T, N, n_x, n_h):
    case = random_lstm(seed, T, N, n_x, n_h)
    trace = lstm_forward(*case)
    for name, wanted in forward_in_loops(*case).items():
        assert_close(getattr(trace, name), wanted, name, TOLERANCE)


@pytest.mark.parametrize("T", LENGTHS)
def test_every_delta_equals_the_complex_step(T):
    case = random_lstm(T=T)
    weights = upstream_for(case)
    _, back = walk(case, weights)

    def loss(nudges):
        return loss_with_nudges(case, weights, nudges)

    for name in BACKWARD:
        got = getattr(back, name)
        wanted = slopes(loss, name.removeprefix("delta_"), got.shape)
        assert_close(got, wanted, name, TOLERANCE)
    for name in ("h_init", "cell_init"):
        got = getattr(back, f"delta_{name}")
        assert_close(got, slopes(loss, name, (1, *got.shape))[0], name, TOLERANCE)


@pytest.mark.parametrize("T", LENGTHS)
def test_gradient_equals_the_complex_step_summed_over_the_copies_of_all_steps(T):
    case = random_lstm(T=T, N=2, n_x=3, n_h=5)
    weights = upstream_for(case)
    _, back = walk(case, weights)
    for name, got in back.gradient._asdict().items():
        wanted = slopes(
            lambda nudges: loss_with_nudges(case, weights, nudges), name, (T, *got.shape)
        )
        assert_close(got, wanted.sum(axis=0), name, TOLERANCE)


@given(seed=seeds, T=lengths, N=sizes)
def test_a_batch_is_a_stack_of_single_sequences_and_its_gradient_their_sum(seed, T, N):
    case = random_lstm(seed, T, N)
    params, x, h_init, cell_init = case
    upstream, *last = weights = upstream_for(case)
    trace, back = walk(case, weights)
    singles = [
        walk(
            LSTMCase(params, x[:, [n]], h_init[[n]], cell_init[[n]]),
            (upstream[:, [n]], *(value[[n]] for value in last)),
        )
        for n in range(N)
    ]
    for name in FORWARD:
        stacked = np.concatenate([getattr(there, name) for there, _ in singles], axis=1)
        assert_close(stacked, getattr(trace, name), name, TOLERANCE)
    for name in BACKWARD:
        stacked = np.concatenate([getattr(single, name) for _, single in singles], axis=1)
        assert_close(stacked, getattr(back, name), name, TOLERANCE)
    for name, got in back.gradient._asdict().items():
        total = sum(getattr(single.gradient, name) for _, single in singles)
        assert_close(total, got, name, TOLERANCE)


@given(seed=seeds, T=st.integers(2, 7), data=st.data())
def test_split_in_time_with_messages_handed_back_is_the_whole(seed, T, data):
    case = random_lstm(seed, T)
    cut = data.draw(st.integers(1, T - 1))
    upstream, *last = weights = upstream_for(case)
    trace, back = walk(case, weights)

    first = lstm_forward(case.params, case.x[:cut], case.h_init, case.cell_init)
    second = lstm_forward(case.params, case.x[cut:], first.h[-1], first.cell[-1])
    late = lstm_backward(case.params, second, upstream[cut:], *last)
    early = lstm_backward(
        case.params, first, upstream[:cut], late.delta_h_init, late.delta_cell_init
    )
    for name in FORWARD:
        joined = np.concatenate([getattr(first, name), getattr(second, name)])
        assert_close(joined, getattr(trace, name), name, TOLERANCE)
    for name in BACKWARD:
        joined = np.concatenate([getattr(early, name), getattr(late, name)])
        assert_close(joined, getattr(back, name), name, TOLERANCE)
    for name in ("delta_h_init", "delta_cell_init"):
        assert_close(getattr(early, name), getattr(back, name), name, TOLERANCE)
    for name, got in back.gradient._asdict().items():
        total = getattr(early.gradient, name) + getattr(late.gradient, name)
        assert_close(total, got, name, TOLERANCE)


@given(seed=seeds, T=lengths)
def test_deltas_are_linear_in_what_arrives_from_outside(seed, T):
    case = random_lstm(seed, T)
    trace = lstm_forward(*case)
    these, those = upstream_for(case, seed=1), upstream_for(case, seed=2)
    both = [2 * this - 3 * that for this, that in zip(these, those, strict=True)]
    one, other, mixed = (lstm_backward(case.params, trace, *w) for w in (these, those, both))
    for name in (*BACKWARD, "delta_h_init", "delta_cell_init"):
        wanted = 2 * getattr(one, name) - 3 * getattr(other, name)
        assert_close(getattr(mixed, name), wanted, name, TOLERANCE)


@given(seed=seeds, T=lengths)
def test_a_step_along_any_direction_changes_the_loss_by_its_product_with_the_gradient(seed, T):
    """The adjoint test: complex numbers pass through the forward pass itself."""
    case = random_lstm(seed, T)
    upstream, *last = weights = upstream_for(case)
    _, back = walk(case, weights)
    direction = random_lstm(seed + 1, T)
    moved = case._replace(
        params=LSTMParameters(
            *(p + 1e-30j * v for p, v in zip(case.params, direction.params, strict=True))
        ),
        **{
            name: getattr(case, name) + 1e-30j * getattr(direction, name)
            for name in ("x", "h_init", "cell_init")
        },
    )
    trace = lstm_forward(*moved)
    loss = (upstream * trace.h).sum() + (last[0] * trace.h[-1] + last[1] * trace.cell[-1]).sum()
    gradients = [*back.gradient, back.delta_x, back.delta_h_init, back.delta_cell_init]
    pairs = list(zip(gradients, [*direction.params, *direction[1:]], strict=True))
    size = sum((np.abs(g) * np.abs(v)).sum() for g, v in pairs)
    product = sum((g * v).sum() for g, v in pairs)
    assert abs(loss.imag / 1e-30 - product) <= TOLERANCE * size


def test_with_an_open_forget_gate_and_a_closed_input_gate_the_cell_and_its_message_stay():
    case = random_lstm()
    n_h = len(case.params.W_hh)
    # At 800 the gates are exactly 1 and 0; whatever the inputs say, they are far from 800.
    b_h = np.repeat([-800.0, 800.0, 0.0, 0.0], n_h)
    case = case._replace(params=case.params._replace(b_h=b_h))
    upstream, message_last, cell_message_last = upstream_for(case)
    trace, back = walk(case, (0 * upstream, 0 * message_last, cell_message_last))
    assert (trace.cell == case.cell_init).all()
    assert (back.delta_cell == cell_message_last).all()
    np.testing.assert_array_equal(back.delta_cell_init, cell_message_last)


def test_state_cell_and_messages_from_outside_are_zero_unless_given():
    case = random_lstm()
    upstream = upstream_for(case)[0]
    zero = np.zeros_like(case.h_init)
    trace, back = walk(case._replace(h_init=zero, cell_init=zero), (upstream, zero, zero))
    plain = lstm_forward(case.params, case.x)
    np.testing.assert_array_equal(plain.states, trace.states)
    np.testing.assert_array_equal(plain.cells, trace.cells)
    plain_back = lstm_backward(case.params, plain, upstream)
    for name in BACKWARD:
        np.testing.assert_array_equal(getattr(plain_back, name), getattr(back, name))


def test_views_are_views_and_fit():
    case = random_lstm()
    trace = lstm_forward(*case)
    for now, before, whole in (("h", "h_prev", "states"), ("cell", "cell_prev", "cells")):
        assert np.shares_memory(getattr(trace, now), getattr(trace, whole))
        np.testing.assert_array_equal(getattr(trace, now)[:-1], getattr(trace, before)[1:])
    np.testing.assert_array_equal(trace.h_init, case.h_init)
    np.testing.assert_array_equal(trace.cell_init, case.cell_init)
    np.testing.assert_array_equal(trace.cell_prev[0], case.cell_init)


def test_an_input_that_is_a_view_gives_the_same():
    case = random_lstm()
    backwards = case.x[::-1].copy()[::-1]
    np.testing.assert_array_equal(
        lstm_forward(*case._replace(x=backwards)).cells, lstm_forward(*case).cells
    )


@pytest.mark.parametrize("wide", ["params", "x", "h_init", "cell_init"])
def test_one_argument_in_float64_is_enough_for_float64(wide):
    mixed = random_lstm(dtype=np.float32)._replace(**{wide: getattr(random_lstm(), wide)})
    trace = lstm_forward(*mixed)
    assert {array.dtype for array in (trace.states, trace.cells, trace.a)} == {np.dtype(np.float64)}


def test_float32_stays_float32_and_stays_close():
    case = random_lstm(dtype=np.float32)
    weights = upstream_for(case)
    trace, back = walk(case, weights)
    double = case._replace(
        params=LSTMParameters(*(p.astype(np.float64) for p in case.params)),
        **{name: getattr(case, name).astype(np.float64) for name in ("x", "h_init", "cell_init")},
    )
    exact, exact_back = walk(double, [w.astype(np.float64) for w in weights])
    # 24 bits, 6e-8 a rounding; sums of at most 28 columns or 21 rows, handed on 7 times, each
    # by 2 arrows: at most (28 + 21) * 7 * 2 * 6e-8 = 4e-5 of the largest number.
    pairs = [(name, getattr(trace, name), getattr(exact, name)) for name in FORWARD]
    pairs += [(name, getattr(back, name), getattr(exact_back, name)) for name in back._fields[:-1]]
    pairs += [
        (name, got, getattr(exact_back.gradient, name))
        for name, got in back.gradient._asdict().items()
    ]
    for name, got, wanted in pairs:
        assert got.dtype == np.float32, name
        assert_close(got, wanted, name, 4e-5)
    # Nor does a state that is not given bring in another type.
    assert lstm_forward(*case[:2]).states.dtype == np.float32


def test_random_parameters_have_unit_variance_in_sum_and_an_open_forget_gate():
    params = init_lstm(np.random.default_rng(0), n_x=200, n_h=100)
    # The variance of 40,000 and more draws is off by about sqrt(2 / 40,000) = 0.7 %.
    assert params.W_xh.var() * 200 == pytest.approx(1, abs=0.04)
    assert params.W_hh.var() * 100 == pytest.approx(1, abs=0.04)
    assert {dtype.type for dtype in (p.dtype for p in params)} == {np.float64}
    single = init_lstm(np.random.default_rng(0), n_x=2, n_h=3, dtype=np.float32)
    assert {p.dtype for p in single} == {np.dtype(np.float32)}
    assert single.b_h.tolist() == [0] * 3 + [1] * 3 + [0] * 6
