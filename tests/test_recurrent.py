"""The recurrent layer against complex steps, plain loops and BPTT, and the laws it obeys."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layer_oracles import (
    arrays_of,
    assert_all_close,
    assert_close,
    random_layer,
    slopes,
    states_with_nudges,
)
from networks import LENGTHS, random_case
from rnnlib import ACTIVATIONS, forward
from rnnlib.bptt import backward
from rnnlib.recurrent import Recurrent, RecurrentBackward, recurrent_backward, recurrent_forward

seeds = st.integers(0, 2**31)
lengths = st.integers(1, 7)
sizes = st.integers(1, 6)

SCALAR = {
    "tanh": (math.tanh, lambda h: 1 - h * h),
    "sigmoid": (lambda a: 1 / (1 + math.exp(-a)), lambda h: h * (1 - h)),
    "relu": (lambda a: max(a, 0.0), lambda h: float(h > 0)),
    "identity": (lambda a: a, lambda h: 1.0),
}


def draw_upstream(shape, seed=0):
    """Draw what the layers above say, and the message that arrives at the last state."""
    rng = np.random.default_rng(seed + 5)
    return rng.standard_normal(shape), rng.standard_normal(shape[1:])


def run(seed=0, T=7, N=3, activation="tanh"):
    """Run a random layer there and back; return all there is."""
    params, x, h_init = random_layer(seed, T, N)
    trace = recurrent_forward(params, x, h_init, activation)
    upstream, message_last = draw_upstream(trace.h.shape, seed)
    return params, trace, upstream, message_last


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("T", LENGTHS)
def test_every_delta_and_the_gradient_equal_the_complex_step(T, activation):
    """The loss is what the layers above and a decoder make of the states: any linear one."""
    params, trace, upstream, message_last = run(T=T, activation=activation)
    found = recurrent_backward(params, trace, upstream, message_last)

    def loss(nudge):
        states, h_last = states_with_nudges(params, trace.x, trace.h_init, activation, nudge)
        own = sum((u_t * h_t).sum(axis=(-2, -1)) for u_t, h_t in zip(upstream, states, strict=True))
        return own + (message_last * h_last).sum(axis=(-2, -1))

    for name in ("x", "a", "h", "h_init"):
        got = getattr(found, f"delta_{name}")
        assert_close(got, slopes(loss, name, got.shape), name)
    assert_close(found.message, slopes(loss, "message", found.message.shape), "message")
    for name, got in found.gradient._asdict().items():
        row = np.atleast_2d(got)
        assert_close(row, slopes(loss, name, row.shape), name)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("T", LENGTHS)
def test_there_and_back_equals_loops_over_numbers(T, activation):
    params, trace, upstream, message_last = run(T=T, activation=activation)
    found = recurrent_backward(params, trace, upstream, message_last)
    phi, slope = SCALAR[activation]
    W_xh, W_hh, b_h = (array.tolist() for array in params)
    n_x, n_h = len(W_xh), len(b_h)
    total = {name: np.zeros_like(array) for name, array in params._asdict().items()}

    for n in range(trace.x.shape[1]):
        states = [trace.h_init[n].tolist()]
        for t in range(T):
            a_t = [
                b_h[j]
                + math.fsum(trace.x[t, n, i] * W_xh[i][j] for i in range(n_x))
                + math.fsum(states[-1][i] * W_hh[i][j] for i in range(n_h))
                for j in range(n_h)
            ]
            np.testing.assert_allclose(trace.a[t, n], a_t, rtol=1e-12, atol=1e-12)
            states.append([phi(number) for number in a_t])
        np.testing.assert_allclose(trace.states[:, n], states, rtol=1e-12, atol=1e-12)

        heard = message_last[n].tolist()
        for t in reversed(range(T)):
            whole = [upstream[t, n, j] + heard[j] for j in range(n_h)]
            before = [whole[j] * slope(states[t + 1][j]) for j in range(n_h)]
            assert_close(found.message[t, n], np.array(heard), "message")
            assert_close(found.delta_h[t, n], np.array(whole), "delta_h")
            assert_close(found.delta_a[t, n], np.array(before), "delta_a")
            for j in range(n_h):
                total["b_h"][j] += before[j]
                for i in range(n_x):
                    total["W_xh"][i, j] += trace.x[t, n, i] * before[j]
                for i in range(n_h):
                    total["W_hh"][i, j] += states[t][i] * before[j]
            heard = [sum(W_hh[i][j] * before[j] for j in range(n_h)) for i in range(n_h)]
            below = [sum(W_xh[i][j] * before[j] for j in range(n_h)) for i in range(n_x)]
            assert_close(found.delta_x[t, n], np.array(below), "delta_x")
        assert_close(found.delta_h_init[n], np.array(heard), "delta_h_init")
    assert_all_close(found.gradient, Recurrent(**total))


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("T", LENGTHS)
def test_under_logits_and_a_loss_it_is_bptt(T, activation):
    case = random_case(T=T)
    whole_trace = forward(*case, activation)
    whole = backward(case.params, whole_trace)
    params = Recurrent(case.params.W_xh, case.params.W_hh, case.params.b_h)
    trace = recurrent_forward(params, case.x, case.h_init, activation)
    for name in ("x", "states", "a", "h", "h_prev", "h_init"):
        assert_close(getattr(trace, name), getattr(whole_trace, name), name)
    found = recurrent_backward(params, trace, upstream=whole.delta_z @ case.params.W_hy.T)
    for name in RecurrentBackward._fields[:-1]:
        assert_close(getattr(found, name), getattr(whole, name), name)
    for name in params._fields:
        assert_close(getattr(found.gradient, name), getattr(whole.gradient, name), name)


@given(seed=seeds, T=lengths, N=sizes, c=st.floats(-3, 3))
def test_the_way_back_is_linear_in_what_it_is_told(seed, T, N, c):
    params, trace, upstream, message_last = run(seed, T, N)
    other, other_last = draw_upstream(upstream.shape, seed + 1)
    found = recurrent_backward(params, trace, upstream + c * other, message_last + c * other_last)
    one = recurrent_backward(params, trace, upstream, message_last)
    two = recurrent_backward(params, trace, other, other_last)
    for (name, got), (_, first), (_, second) in zip(
        *map(arrays_of, (found, one, two)), strict=True
    ):
        # Where the two parts cancel, what is left is measured against the parts.
        size = np.abs(first).max() + abs(c) * np.abs(second).max()
        assert np.abs(got - (first + c * second)).max() <= 1e-12 * size, name


@given(seed=seeds, T=lengths, N=sizes)
def test_a_batch_is_its_sequences_side_by_side_and_its_gradient_their_sum(seed, T, N):
    params, trace, upstream, message_last = run(seed, T, N)
    whole = recurrent_backward(params, trace, upstream, message_last)
    singles = [
        recurrent_backward(
            params,
            recurrent_forward(params, trace.x[:, [n]], trace.h_init[[n]]),
            upstream[:, [n]],
            message_last[[n]],
        )
        for n in range(N)
    ]
    for name in RecurrentBackward._fields[:-1]:
        axis = 0 if name == "delta_h_init" else 1
        stacked = np.concatenate([getattr(single, name) for single in singles], axis)
        assert_close(stacked, getattr(whole, name), name)
    for name, got in whole.gradient._asdict().items():
        assert_close(sum(getattr(single.gradient, name) for single in singles), got, name)


@given(seed=seeds, T=lengths, N=sizes)
def test_permuted_samples_give_permuted_deltas_and_the_same_gradient(seed, T, N):
    params, trace, upstream, message_last = run(seed, T, N)
    order = np.random.default_rng(seed).permutation(N)
    whole = recurrent_backward(params, trace, upstream, message_last)
    trace = recurrent_forward(params, trace.x[:, order], trace.h_init[order])
    found = recurrent_backward(params, trace, upstream[:, order], message_last[order])
    assert_close(found.delta_x, whole.delta_x[:, order])
    assert_close(found.message, whole.message[:, order])
    assert_close(found.delta_h_init, whole.delta_h_init[order])
    assert_all_close(found.gradient, whole.gradient)


@given(seed=seeds, T=st.integers(2, 7), data=st.data())
def test_split_in_time_with_state_and_message_handed_over_is_the_whole(seed, T, data):
    params, trace, upstream, message_last = run(seed, T)
    cut = data.draw(st.integers(1, T - 1))
    whole = recurrent_backward(params, trace, upstream, message_last)
    early = recurrent_forward(params, trace.x[:cut], trace.h_init)
    late = recurrent_forward(params, trace.x[cut:], early.h[-1])
    second = recurrent_backward(params, late, upstream[cut:], message_last)
    first = recurrent_backward(params, early, upstream[:cut], second.delta_h_init)
    for name in ("message", "delta_h", "delta_a", "delta_x"):
        joined = np.concatenate([getattr(first, name), getattr(second, name)])
        assert_close(joined, getattr(whole, name), name)
    assert_close(first.delta_h_init, whole.delta_h_init)
    for name, got in whole.gradient._asdict().items():
        assert_close(getattr(first.gradient, name) + getattr(second.gradient, name), got, name)


@given(seed=seeds, T=st.integers(2, 7), data=st.data())
def test_what_is_said_about_a_state_reaches_no_later_step(seed, T, data):
    params, trace, upstream, message_last = run(seed, T)
    t = data.draw(st.integers(0, T - 2))
    changed = upstream.copy()
    changed[t] += 1
    one = recurrent_backward(params, trace, upstream, message_last)
    two = recurrent_backward(params, trace, changed, message_last)
    np.testing.assert_array_equal(one.delta_a[t + 1 :], two.delta_a[t + 1 :])
    np.testing.assert_array_equal(one.message[t:], two.message[t:])
    assert (one.delta_h[t] != two.delta_h[t]).all()


def test_no_message_arrives_from_outside_unless_given():
    params, trace, upstream, message_last = run()
    silent = recurrent_backward(params, trace, upstream)
    assert_all_close(silent, recurrent_backward(params, trace, upstream, 0 * message_last))
    assert not silent.message[-1].any()
    found = recurrent_backward(params, trace, upstream, message_last)
    np.testing.assert_array_equal(found.message[-1], message_last)


def test_state_before_the_first_input_is_zero_unless_given():
    params, x, h_init = random_layer()
    np.testing.assert_array_equal(
        recurrent_forward(params, x).states,
        recurrent_forward(params, x, np.zeros_like(h_init)).states,
    )


def test_states_are_stored_once_and_inputs_not_at_all():
    params, x, h_init = random_layer()
    trace = recurrent_forward(params, x, h_init)
    assert trace.x is x
    assert np.shares_memory(trace.h, trace.states)
    assert np.shares_memory(trace.h_prev, trace.states)
    assert not np.shares_memory(trace.states, h_init)


@pytest.mark.parametrize("wide", range(3))
def test_one_argument_in_float64_is_enough_for_float64(wide):
    narrow, case = random_layer(dtype=np.float32), random_layer()
    mixed = [*narrow[:wide], case[wide], *narrow[wide + 1 :]]
    assert {array.dtype for array in recurrent_forward(*mixed)[1:3]} == {np.dtype(np.float64)}
    if wide < 2:  # and what is said from above, or from outside
        trace = recurrent_forward(*narrow)
        said = [u.astype(np.float32) for u in draw_upstream(trace.h.shape)]
        said[wide] = said[wide].astype(np.float64)
        found = recurrent_backward(narrow[0], trace, *said)
        assert {array.dtype for _, array in arrays_of(found)} == {np.dtype(np.float64)}


def test_float32_stays_float32_and_stays_close():
    params, x, h_init = random_layer(dtype=np.float32)
    trace = recurrent_forward(params, x, h_init)
    upstream, message_last = (u.astype(np.float32) for u in draw_upstream(trace.h.shape))
    found = recurrent_backward(params, trace, upstream, message_last)
    assert {array.dtype for _, array in arrays_of(trace)} == {np.dtype(np.float32)}
    assert {array.dtype for _, array in arrays_of(found)} == {np.dtype(np.float32)}
    # Without a state or a message given, nothing may turn into float64 either.
    assert recurrent_forward(params, x).states.dtype == np.float32
    assert recurrent_backward(params, trace, upstream).message.dtype == np.float32
    exact = Recurrent(*(array.astype(np.float64) for array in params))
    trace = recurrent_forward(exact, x.astype(np.float64), h_init.astype(np.float64))
    wanted = recurrent_backward(exact, trace, upstream.astype(float), message_last.astype(float))
    # 24 bits, 6e-8 a rounding; sums of 21 rows and 11 columns, handed on 7 times: 1.4e-5.
    assert_all_close(found, wanted, tolerance=1.4e-5)
