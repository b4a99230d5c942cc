"""Activations against exact arithmetic, and at the ends of the number line."""

import math

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from rnnlib import ACTIVATIONS, identity, log_sum_exp, relu, sigmoid, softmax, tanh

# Logits up to 1000: their exponentials overflow, and the results must not.
rows = arrays(
    np.float64,
    st.tuples(st.integers(1, 3), st.integers(1, 7)),
    elements=st.floats(-1000, 1000, allow_subnormal=False),
)

# One rounding of a number of size 1000 is 1e-13; a handful of them follow each other.
TOLERANCE = 1e-12


@given(rows)
def test_softmax_rows_are_probabilities(z):
    y_hat = softmax(z)
    assert (y_hat >= 0).all()
    np.testing.assert_allclose(y_hat.sum(axis=-1), 1, rtol=TOLERANCE)


@given(rows, st.floats(-1000, 1000))
def test_softmax_does_not_see_a_shift(z, shift):
    # The shift itself is rounded, by up to 2e-13; an exponential turns that into a relative error.
    np.testing.assert_allclose(softmax(z + shift), softmax(z), rtol=TOLERANCE, atol=TOLERANCE)


@given(rows, st.floats(-1000, 1000))
def test_log_sum_exp_moves_with_a_shift(z, shift):
    np.testing.assert_allclose(
        log_sum_exp(z + shift), log_sum_exp(z) + shift, rtol=TOLERANCE, atol=TOLERANCE
    )


@given(rows)
def test_log_sum_exp_equals_fifty_digit_arithmetic(z):
    with mpmath.workdps(50):
        exact = [[float(mpmath.log(mpmath.fsum(map(mpmath.exp, row))))] for row in z]
    np.testing.assert_allclose(log_sum_exp(z), exact, rtol=TOLERANCE, atol=TOLERANCE)


@given(rows)
def test_softmax_equals_fifty_digit_arithmetic(z):
    with mpmath.workdps(50):
        exact = [
            [float(mpmath.exp(z_k) / mpmath.fsum(map(mpmath.exp, row))) for z_k in row] for row in z
        ]
    np.testing.assert_allclose(softmax(z), exact, rtol=TOLERANCE, atol=TOLERANCE)


def test_softmax_normalises_the_last_axis_only():
    z = np.random.default_rng(0).standard_normal((2, 3, 5))
    for t in range(2):
        for n in range(3):
            np.testing.assert_allclose(softmax(z)[t, n], softmax(z[t, n]), rtol=TOLERANCE)
    assert log_sum_exp(z).shape == (2, 3, 1)


@given(st.floats(-20, 20))
def test_tanh_equals_its_printed_formula(a):
    assert float(tanh(np.float64(a))) == pytest.approx(
        2 / (1 + math.exp(-2 * a)) - 1, rel=1e-12, abs=1e-15
    )


@given(st.floats(-700, 700))
def test_sigmoid_equals_its_formula(a):
    assert float(sigmoid(np.float64(a))) == pytest.approx(1 / (1 + math.exp(-a)), abs=1e-15)


@pytest.mark.parametrize(
    ("activation", "far_left", "far_right"), [(tanh, -1, 1), (sigmoid, 0, 1), (relu, 0, 1000)]
)
def test_nothing_overflows_at_the_ends(activation, far_left, far_right):
    assert activation(np.array([-1000.0, 1000.0])).tolist() == [far_left, far_right]


def test_relu_and_identity_on_both_sides_of_zero():
    a = np.array([-2.0, 0.0, 3.0])
    assert relu(a).tolist() == [0.0, 0.0, 3.0]
    assert identity(a).tolist() == a.tolist()
    assert not np.shares_memory(identity(a), a)


@pytest.mark.parametrize("phi", [*ACTIVATIONS.values(), softmax, log_sum_exp])
def test_float32_stays_float32_and_nothing_is_modified(phi):
    a = np.linspace(-3, 3, 7, dtype=np.float32)
    a.flags.writeable = False
    before = a.tobytes()
    assert phi(a).dtype == np.float32
    assert a.tobytes() == before
