"""Each derivative against a complex step through its function."""

import numpy as np
import pytest

from rnnlib import ACTIVATIONS, softmax
from rnnlib.derivatives import (
    DERIVATIVES,
    softmax_backward,
    softmax_derivative,
    softmax_jacobian,
)

STEP = 1e-30  # no difference is taken, so nothing cancels
TOLERANCE = 1e-13  # a few roundings of numbers of size 1
Z = np.random.default_rng(0).standard_normal((2, 3, 5))


def test_every_activation_has_a_derivative():
    assert list(DERIVATIVES) == list(ACTIVATIONS)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_derivative_of_the_value_equals_the_complex_step_at_the_argument(name):
    a = np.linspace(-3, 3, 14)  # an even number, so that 0, the kink of relu, is not among them
    slope = ACTIVATIONS[name](a + 1j * STEP).imag / STEP
    # 1 - h^2 cancels where h is near 1: one rounding, 1e-16, of a slope of 0.01.
    got = DERIVATIVES[name](ACTIVATIONS[name](a))
    np.testing.assert_allclose(got, slope, rtol=TOLERANCE, atol=TOLERANCE)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_float32_stays_float32_in_a_derivative(name):
    assert DERIVATIVES[name](np.linspace(0, 1, 3, dtype=np.float32)).dtype == np.float32


def test_relu_has_slope_zero_at_its_kink():
    assert DERIVATIVES["relu"](np.array([0.0])).tolist() == [0.0]


def test_softmax_jacobian_equals_the_complex_step():
    jacobian = softmax_jacobian(softmax(Z))
    for k in range(Z.shape[-1]):
        nudged = Z.astype(complex)
        nudged[..., k] += 1j * STEP
        np.testing.assert_allclose(
            jacobian[..., k], softmax(nudged).imag / STEP, rtol=TOLERANCE, atol=TOLERANCE
        )


def test_both_cases_of_the_softmax_derivative_are_entries_of_the_jacobian():
    y_hat = softmax(Z)
    jacobian = softmax_jacobian(y_hat)
    for i, k in np.ndindex(5, 5):
        np.testing.assert_allclose(
            softmax_derivative(y_hat, i, k), jacobian[..., i, k], rtol=TOLERANCE
        )


def test_softmax_backward_is_a_product_with_the_jacobian():
    y_hat, upstream = softmax(Z), np.random.default_rng(1).standard_normal(Z.shape)
    wanted = np.einsum("tni,tnik->tnk", upstream, softmax_jacobian(y_hat))
    np.testing.assert_allclose(softmax_backward(y_hat, upstream), wanted, atol=TOLERANCE)


def test_float32_stays_float32_in_softmax_derivatives():
    y_hat = softmax(Z.astype(np.float32))
    assert softmax_jacobian(y_hat).dtype == np.float32
    assert softmax_derivative(y_hat, 0, 1).dtype == np.float32
    assert softmax_backward(y_hat, y_hat).dtype == np.float32
