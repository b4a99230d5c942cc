"""Dense, recurrent, dense: against complex steps, plain loops and BPTT, and their laws."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layer_oracles import (
    N_E,
    arrays_of,
    assert_all_close,
    assert_close,
    loss_with_nudges,
    random_network,
    random_targets,
    slopes,
    widened,
)
from networks import LENGTHS, N_H, N_X, N_Y, N, random_case
from rnnlib import ACTIVATIONS, forward
from rnnlib.bptt import backward
from rnnlib.dense import DENSE_ACTIVATIONS, Dense
from rnnlib.losses import LOSSES
from rnnlib.network import NetworkBackward, network_backward, network_forward
from rnnlib.network_parameters import Network, init_network
from rnnlib.recurrent import Recurrent

# Every activation at every place once, and every loss under outputs that suit it.
SETTINGS = [
    (("tanh", "tanh", "identity"), "cross_entropy"),
    (("relu", "sigmoid", "identity"), "cross_entropy"),
    (("softmax", "identity", "identity"), "cross_entropy"),
    (("sigmoid", "tanh", "softmax"), "half_squared_error"),
    (("identity", "relu", "sigmoid"), "mean_squared_error"),
    (("tanh", "tanh", "relu"), "half_squared_error"),
    (("tanh", "sigmoid", "tanh"), "mean_squared_error"),
    (("relu", "tanh", "identity"), "half_squared_error"),
]
DELTAS = NetworkBackward._fields[:-1]

seeds = st.integers(0, 2**31)
lengths = st.integers(1, 7)
sizes = st.integers(1, 6)
settings = st.sampled_from(SETTINGS)


def run(setting=SETTINGS[0], reduction="sum", seed=0, T=7, N=N, dtype=np.float64):
    """Run a random network there and back."""
    activations, loss = setting
    params, x, h_init = random_network(seed, T, N, dtype=dtype)
    y = random_targets(loss, T, N, seed=seed, dtype=dtype)
    trace = network_forward(params, x, y, h_init, activations, loss, reduction)
    return params, trace, network_backward(params, trace)


def test_the_settings_try_every_activation_everywhere_and_every_loss():
    front, state, output = map(set, zip(*(names for names, _ in SETTINGS), strict=True))
    assert front == output == set(DENSE_ACTIVATIONS)
    assert state == set(ACTIVATIONS)
    assert {loss for _, loss in SETTINGS} == set(LOSSES)


@pytest.mark.parametrize("reduction", ["sum", "mean"])
@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("T", LENGTHS)
def test_every_delta_and_the_gradient_equal_the_complex_step(T, setting, reduction):
    params, trace, found = run(setting, reduction, T=T)
    factor = 1 / (T * N) if reduction == "mean" else 1

    def loss(nudge):
        x, h_init = trace.front.x, trace.recurrent.h_init
        return loss_with_nudges(params, x, trace.y, h_init, *setting, factor, nudge)

    assert trace.loss.sum() == pytest.approx(loss(lambda _, value, t=None: value), rel=1e-12)
    for name in ("z", "h", "a", "e", "h_init"):
        got = getattr(found, f"delta_{name}")
        assert_close(got, slopes(loss, name, got.shape), name)
    assert_close(found.delta_x, slopes(loss, "input", found.delta_x.shape), "x")
    assert_close(found.message, slopes(loss, "message", found.message.shape), "message")
    front, recurrent, back = found.gradient
    gradient = recurrent._asdict()
    gradient |= {"W_xe": front.weights, "b_e": front.bias, "W_hy": back.weights, "b_y": back.bias}
    for name, got in gradient.items():
        row = np.atleast_2d(got)
        assert_close(row, slopes(loss, name, row.shape), name)


def product(row, weights, bias):
    """Multiply a row by a matrix and add a bias, one number at a time."""
    return [
        math.fsum([bias[j], *(row[i] * weights[i][j] for i in range(len(row)))])
        for j in range(len(bias))
    ]


def apply(activation, row):
    """Apply an activation to a row of plain numbers."""
    if activation == "softmax":
        partition = math.fsum(map(math.exp, row))
        return [math.exp(a) / partition for a in row]
    return [
        {
            "tanh": math.tanh(a),
            "sigmoid": 1 / (1 + math.exp(-a)),
            "relu": max(a, 0.0),
            "identity": a,
        }[activation]
        for a in row
    ]


def row_loss(loss, row, y):
    """Compute the loss of a row of plain numbers."""
    if loss == "cross_entropy":
        return math.log(math.fsum(map(math.exp, row))) - row[y]
    squares = math.fsum((z_k - y_k) ** 2 for z_k, y_k in zip(row, y, strict=True))
    return squares / (2 if loss == "half_squared_error" else len(row))


@pytest.mark.parametrize("reduction", ["sum", "mean"])
@pytest.mark.parametrize("setting", SETTINGS)
def test_forward_equals_loops_over_numbers(setting, reduction):
    (of_front, of_state, of_output), loss = setting
    params, trace, _ = run(setting, reduction)
    front, recurrent, back = (type(p)(*(array.tolist() for array in p)) for p in params)
    T, N, _ = trace.front.x.shape
    losses = [0.0] * T
    for n in range(N):
        h = trace.recurrent.h_init[n].tolist()
        for t in range(T):
            e = apply(of_front, product(trace.front.x[t, n].tolist(), *front))
            from_state = product(h, recurrent.W_hh, recurrent.b_h)
            from_front = product(e, recurrent.W_xh, [0.0] * len(h))
            a = [one + other for one, other in zip(from_front, from_state, strict=True)]
            h = apply(of_state, a)
            output = apply(of_output, product(h, *back))
            losses[t] += row_loss(loss, output, trace.y[t, n].tolist())
            for got, wanted in (
                (trace.front.h, e),
                (trace.recurrent.x, e),
                (trace.recurrent.a, a),
                (trace.recurrent.h, h),
                (trace.back.x, h),
                (trace.back.h, output),
            ):
                np.testing.assert_allclose(got[t, n], wanted, rtol=1e-12, atol=1e-12)
    factor = 1 / (T * N) if reduction == "mean" else 1
    np.testing.assert_allclose(trace.loss, np.multiply(factor, losses), rtol=1e-12)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("T", LENGTHS)
def test_behind_a_front_layer_that_does_nothing_it_is_bptt(T, activation):
    case = random_case(T=T)
    params = Network(
        front=Dense(np.eye(N_X), np.zeros(N_X)),
        recurrent=Recurrent(case.params.W_xh, case.params.W_hh, case.params.b_h),
        back=Dense(case.params.W_hy, case.params.b_y),
    )
    activations = ("identity", activation, "identity")
    trace = network_forward(params, case.x, case.y, case.h_init, activations)
    found = network_backward(params, trace)
    wanted_trace = forward(*case, activation)
    wanted = backward(case.params, wanted_trace)
    assert_close(trace.loss, wanted_trace.loss)
    assert_close(trace.back.h, wanted_trace.z)
    for name in set(DELTAS) - {"delta_e"}:
        assert_close(getattr(found, name), getattr(wanted, name), name)
    assert_close(found.delta_e, wanted.delta_x)
    for name in Recurrent._fields:
        assert_close(getattr(found.gradient.recurrent, name), getattr(wanted.gradient, name))
    assert_close(found.gradient.back.weights, wanted.gradient.W_hy)
    assert_close(found.gradient.back.bias, wanted.gradient.b_y)
    # What the front layer does to the loss is in its weights: x' delta^x, over all rows.
    rows = zip(case.x.reshape(-1, N_X), wanted.delta_x.reshape(-1, N_X), strict=True)
    assert_close(found.gradient.front.weights, sum(np.outer(*row) for row in rows))


@given(seed=seeds, T=lengths, N=sizes, setting=settings)
def test_a_mean_is_a_sum_divided_in_loss_and_gradient(seed, T, N, setting):
    _, trace, found = run(setting, "sum", seed, T, N)
    _, mean_trace, mean = run(setting, "mean", seed, T, N)
    assert_close(mean_trace.loss, trace.loss / (T * N))
    for (name, got), (_, wanted) in zip(*map(arrays_of, (mean, found)), strict=True):
        assert_close(got, wanted / (T * N), name)


@given(seed=seeds, T=lengths, N=sizes, setting=settings)
def test_the_gradient_of_a_batch_is_the_sum_over_its_sequences(seed, T, N, setting):
    activations, loss = setting
    params, trace, whole = run(setting, "sum", seed, T, N)
    x, y, h_init = trace.front.x, trace.y, trace.recurrent.h_init
    singles = []
    for n in range(N):
        one = network_forward(params, x[:, [n]], y[:, [n]], h_init[[n]], activations, loss)
        singles.append(network_backward(params, one))
    for name in DELTAS:
        axis = 0 if name == "delta_h_init" else 1
        stacked = np.concatenate([getattr(single, name) for single in singles], axis)
        assert_close(stacked, getattr(whole, name), name)
    shares = zip(*(arrays_of(single.gradient) for single in singles), strict=True)
    for (name, got), parts in zip(arrays_of(whole.gradient), shares, strict=True):
        # A sum is off relative to its shares, which may cancel.
        size = max(np.abs(part).max() for _, part in parts)
        assert np.abs(got - sum(part for _, part in parts)).max() <= 1e-12 * size, name


@given(seed=seeds, T=lengths, N=sizes, setting=settings)
def test_permuted_samples_give_permuted_deltas_and_the_same_gradient(seed, T, N, setting):
    params, trace, whole = run(setting, "sum", seed, T, N)
    order = np.random.default_rng(seed).permutation(N)
    x, y, h_init = trace.front.x, trace.y, trace.recurrent.h_init
    permuted = network_forward(params, x[:, order], y[:, order], h_init[order], *setting)
    found = network_backward(params, permuted)
    assert_close(permuted.loss, trace.loss)
    assert_close(found.delta_x, whole.delta_x[:, order])
    assert_close(found.delta_h_init, whole.delta_h_init[order])
    for (name, got), (_, wanted) in zip(
        *map(arrays_of, (found.gradient, whole.gradient)), strict=True
    ):
        np.testing.assert_allclose(got, wanted, rtol=1e-9, atol=1e-12, err_msg=name)


@given(seed=seeds, T=lengths, N=sizes, setting=settings)
def test_without_recurrent_weights_steps_are_samples(seed, T, N, setting):
    """Cut the recurrent arrow, and T steps of N samples are one step of T N samples."""
    params, trace, _ = run(setting, "sum", seed, T, N)
    cut = params._replace(
        recurrent=params.recurrent._replace(W_hh=np.zeros_like(params.recurrent.W_hh))
    )
    x, y = trace.front.x, trace.y
    long = network_backward(cut, network_forward(cut, x, y, None, *setting))
    flat = x.reshape(1, -1, N_X), y.reshape(1, T * N, *y.shape[2:])
    wide = network_backward(cut, network_forward(cut, *flat, None, *setting))
    assert not long.message.any()
    assert_close(long.delta_x.reshape(1, -1, N_X), wide.delta_x)
    assert_all_close(long.gradient.front, wide.gradient.front)
    assert_all_close(long.gradient.back, wide.gradient.back)
    assert_close(long.gradient.recurrent.W_xh, wide.gradient.recurrent.W_xh)


def test_what_each_layer_holds_is_held_once():
    """The trace of three layers: x, e, a, the states and the output, each stored once."""
    _, trace, _ = run()
    assert trace.recurrent.x is trace.front.h
    assert np.shares_memory(trace.back.x, trace.recurrent.states)
    held = {}
    for _, array in arrays_of(trace):
        owner = array if array.base is None else array.base
        held[id(owner)] = owner.size
    T, N, _ = trace.front.x.shape
    floats = T * N * (N_X + N_E + 2 * N_H + N_Y) + N * N_H  # and h_{-1}
    assert sum(held.values()) == floats + trace.y.size + trace.loss.size


def test_the_network_of_the_document_has_its_sizes():
    """10 → 20 → 5 → 100 with a batch of 128: the sizing table of document 000."""
    params = init_network(np.random.default_rng(0), n_x=10, n_e=20, n_h=5, n_y=100)
    x, y = np.ones((3, 128, 10)), np.zeros((3, 128), int)
    found = network_backward(params, network_forward(params, x, y))
    assert {name: array.shape for name, array in arrays_of(found.gradient)} == {
        "front.weights": (10, 20),
        "front.bias": (20,),
        "recurrent.W_xh": (20, 5),
        "recurrent.W_hh": (5, 5),
        "recurrent.b_h": (5,),
        "back.weights": (5, 100),
        "back.bias": (100,),
    }
    assert {name: getattr(found, name).shape for name in DELTAS} == {
        "delta_z": (3, 128, 100),
        "message": (3, 128, 5),
        "delta_h": (3, 128, 5),
        "delta_a": (3, 128, 5),
        "delta_e": (3, 128, 20),
        "delta_x": (3, 128, 10),
        "delta_h_init": (128, 5),
    }


def test_first_weights_keep_the_size_of_what_passes_through():
    params = init_network(np.random.default_rng(0), n_x=400, n_e=300, n_h=200, n_y=100)
    for weights in (
        params.front.weights,
        params.recurrent.W_xh,
        params.recurrent.W_hh,
        params.back.weights,
    ):
        # Of n numbers, the standard deviation is known to within 1 part in √(2n) < 0.005;
        # three times that is never left by a good generator with this seed.
        assert weights.std() * math.sqrt(len(weights)) == pytest.approx(1, abs=0.015)
    assert not any(b.any() for b in (params.front.bias, params.recurrent.b_h, params.back.bias))
    again = init_network(np.random.default_rng(0), n_x=400, n_e=300, n_h=200, n_y=100)
    for (_, one), (_, other) in zip(arrays_of(params), arrays_of(again), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("setting", SETTINGS)
def test_float32_stays_float32_and_stays_close(setting):
    params, trace, found = run(setting, "mean", dtype=np.float32)
    floats = [array for _, array in arrays_of(found)]
    assert {array.dtype for array in floats} == {np.dtype(np.float32)}
    assert trace.loss.dtype == np.float32

    wide = widened(params)
    y = trace.y if setting[1] == "cross_entropy" else widened(trace.y)
    x, h_init = widened(trace.front.x), widened(trace.recurrent.h_init)
    wanted = network_backward(wide, network_forward(wide, x, y, h_init, *setting, "mean"))
    # 24 bits, 6e-8 a rounding; sums over 21 rows, 17 + 11 + 13 columns, handed on 7 times,
    # would be 2.6e-5 of the largest number if every rounding went the same way.
    assert_all_close(found, wanted, tolerance=2.6e-5)


def test_only_logits_go_into_cross_entropy():
    params, x, h_init = random_network()
    y = random_targets("cross_entropy", 7)
    for front, state, output in itertools.product(ACTIVATIONS, ACTIVATIONS, DENSE_ACTIVATIONS):
        activations = (front, state, output)
        if output == "identity":
            assert np.isfinite(network_forward(params, x, y, h_init, activations).loss).all()
        else:
            with pytest.raises(ValueError, match=f"expected 'identity', .* got '{output}'"):
                network_forward(params, x, y, h_init, activations)
