"""The dense layer against complex steps and plain loops, and the laws it obeys."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layer_oracles import PHI, arrays_of, assert_all_close, assert_close, slopes
from rnnlib import ACTIVATIONS
from rnnlib.dense import DENSE_ACTIVATIONS, Dense, dense_backward, dense_forward
from rnnlib.derivatives import softmax_jacobian
from rnnlib.products import sum_of_products

N_IN, N_OUT = 5, 11
ROWS = [(3,), (7, 3), ()]  # one step, all steps of a batch, a single row

seeds = st.integers(0, 2**31)
sizes = st.integers(1, 6)


def run(rows=(7, 3), activation="tanh", seed=0, n_in=N_IN, n_out=N_OUT, dtype=np.float64):
    """Run a random layer forward; draw what the layers above say about its output."""
    rng = np.random.default_rng(seed)

    def draw(*shape):
        return rng.standard_normal(shape).astype(dtype)

    params = Dense(draw(n_in, n_out), draw(n_out))
    return params, dense_forward(params, draw(*rows, n_in), activation), draw(*rows, n_out)


@pytest.mark.parametrize("activation", DENSE_ACTIVATIONS)
@pytest.mark.parametrize("rows", ROWS)
def test_every_delta_and_the_gradient_equal_the_complex_step(rows, activation):
    params, trace, upstream = run(rows, activation)
    found = dense_backward(params, trace, upstream)
    # Rows that a nudge can be laid over: one axis, whatever there was.
    x, told = trace.x.reshape(-1, N_IN), upstream.reshape(-1, N_OUT)

    def loss(nudge):
        weights, bias = nudge("weights", params.weights), nudge("bias", params.bias[np.newaxis])
        h = PHI[activation](nudge("a", nudge("x", x) @ weights + bias))
        return (told * h).sum(axis=(-2, -1))

    assert found.delta_x.shape == trace.x.shape
    assert found.delta_a.shape == trace.h.shape
    assert_close(found.delta_x.reshape(x.shape), slopes(loss, "x", x.shape), "x")
    assert_close(found.delta_a.reshape(told.shape), slopes(loss, "a", told.shape), "a")
    weights = found.gradient.weights
    assert_close(weights, slopes(loss, "weights", weights.shape), "weights")
    assert_close(found.gradient.bias[np.newaxis], slopes(loss, "bias", (1, N_OUT)), "bias")


@pytest.mark.parametrize("activation", DENSE_ACTIVATIONS)
def test_there_and_back_equals_loops_over_numbers(activation):
    params, trace, upstream = run((3,), activation)
    found = dense_backward(params, trace, upstream)
    weights, bias = np.zeros((N_IN, N_OUT)), np.zeros(N_OUT)
    for n, x_n in enumerate(trace.x.tolist()):
        a = [
            params.bias[j] + math.fsum(x_n[i] * params.weights[i, j] for i in range(N_IN))
            for j in range(N_OUT)
        ]
        partition = math.fsum(map(math.exp, a))
        h, slope = zip(
            *(
                {
                    "tanh": (math.tanh(a_j), 1 - math.tanh(a_j) ** 2),
                    "sigmoid": (1 / (1 + math.exp(-a_j)), 1 / (2 + 2 * math.cosh(a_j))),
                    "relu": (max(a_j, 0.0), float(a_j > 0)),
                    "identity": (a_j, 1.0),
                    "softmax": (math.exp(a_j) / partition, math.nan),
                }[activation]
                for a_j in a
            ),
            strict=True,
        )
        np.testing.assert_allclose(trace.h[n], h, rtol=1e-12)
        told = upstream[n].tolist()
        if activation == "softmax":  # both cases, i = j and i ≠ j
            delta_a = [
                sum(told[i] * h[i] * (float(i == j) - h[j]) for i in range(N_OUT))
                for j in range(N_OUT)
            ]
        else:
            delta_a = [told[j] * slope[j] for j in range(N_OUT)]
        assert_close(found.delta_a[n], np.array(delta_a), "delta_a")
        for i in range(N_IN):
            below = sum(params.weights[i, j] * delta_a[j] for j in range(N_OUT))
            assert found.delta_x[n, i] == pytest.approx(below, rel=1e-10, abs=1e-12)
            for j in range(N_OUT):
                weights[i, j] += x_n[i] * delta_a[j]
        bias += delta_a
    assert_all_close(found.gradient, Dense(weights, bias))


def test_softmax_takes_the_place_of_one_of_the_four_activations():
    assert {**ACTIVATIONS}.keys() | {"softmax"} == DENSE_ACTIVATIONS.keys()
    params, trace, upstream = run(activation="softmax")
    told = np.einsum("tni,tnik->tnk", upstream, softmax_jacobian(trace.h))
    assert_close(dense_backward(params, trace, upstream).delta_a, told)


@pytest.mark.parametrize("activation", DENSE_ACTIVATIONS)
@given(seed=seeds, T=sizes, N=sizes)
def test_steps_and_samples_are_rows_and_nothing_else(activation, seed, T, N):
    """The layer has no memory: all steps at once, or one after the other, is the same."""
    params, trace, upstream = run((T, N), activation, seed)
    whole = dense_backward(params, trace, upstream)
    steps = []
    for t in range(T):
        step = dense_forward(params, trace.x[t], activation)
        assert_close(step.h, trace.h[t])
        steps.append(dense_backward(params, step, upstream[t]))
    assert_close(np.stack([step.delta_x for step in steps]), whole.delta_x)
    assert_close(np.stack([step.delta_a for step in steps]), whole.delta_a)
    summed = Dense(*(sum(parts) for parts in zip(*(s.gradient for s in steps), strict=True)))
    # A sum of shares is off relative to the shares, which may cancel.
    shares = max(np.abs(array).max() for s in steps for array in s.gradient)
    for got, wanted in zip(whole.gradient, summed, strict=True):
        assert np.abs(got - wanted).max() <= 1e-12 * shares


@pytest.mark.parametrize("activation", DENSE_ACTIVATIONS)
@given(seed=seeds, c=st.floats(-3, 3))
def test_the_way_back_is_linear_in_what_it_is_told(activation, seed, c):
    params, trace, upstream = run(activation=activation, seed=seed)
    other = np.random.default_rng(seed + 1).standard_normal(upstream.shape)
    found = dense_backward(params, trace, upstream + c * other)
    one, two = (dense_backward(params, trace, told) for told in (upstream, other))
    for (name, got), (_, first), (_, second) in zip(
        *map(arrays_of, (found, one, two)), strict=True
    ):
        size = np.abs(first).max() + abs(c) * np.abs(second).max()
        assert np.abs(got - (first + c * second)).max() <= 1e-12 * size, name


@given(seed=seeds, N=sizes)
def test_permuted_rows_give_permuted_deltas_and_the_same_gradient(seed, N):
    params, trace, upstream = run((N,), seed=seed)
    order = np.random.default_rng(seed).permutation(N)
    whole = dense_backward(params, trace, upstream)
    found = dense_backward(params, dense_forward(params, trace.x[order], "tanh"), upstream[order])
    assert_close(found.delta_x, whole.delta_x[order])
    assert_all_close(found.gradient, whole.gradient)


@given(seed=seeds, T=sizes, N=sizes, n_in=sizes, n_out=sizes)
def test_one_product_is_the_sum_of_the_products_of_all_rows(seed, T, N, n_in, n_out):
    rng = np.random.default_rng(seed)
    left, right = rng.standard_normal((T, N, n_in)), rng.standard_normal((T, N, n_out))
    wanted = sum(np.outer(left[t, n], right[t, n]) for t in range(T) for n in range(N))
    np.testing.assert_allclose(sum_of_products(left, right), wanted, rtol=1e-12, atol=1e-12)
    # A view in another order of memory holds the same rows.
    turned = sum_of_products(left.swapaxes(0, 1), right.swapaxes(0, 1))
    np.testing.assert_allclose(turned, wanted, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("activation", DENSE_ACTIVATIONS)
def test_float32_stays_float32_and_stays_close(activation):
    params, trace, upstream = run(activation=activation, dtype=np.float32)
    found = dense_backward(params, trace, upstream)
    assert {array.dtype for _, array in arrays_of(found)} == {np.dtype(np.float32)}
    exact = Dense(*(array.astype(np.float64) for array in params))
    wanted = dense_backward(
        exact,
        dense_forward(exact, trace.x.astype(np.float64), activation),
        upstream.astype(np.float64),
    )
    # 24 bits, 6e-8 a rounding; sums of 21 rows, 11 columns and 5 inputs: 2.2e-6, and softmax
    # takes the difference of two numbers of the same size.
    assert_all_close(found, wanted, tolerance=5e-6)


def test_the_input_is_held_and_not_copied():
    params, trace, _ = run()
    assert dense_forward(params, trace.x).x is trace.x
