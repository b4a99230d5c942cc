"""Each loss against its definition, far out too, and each slope against a complex step."""

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnlib import cross_entropy, softmax
from rnnlib.losses import LOSSES, reduction_factor


@given(seed=st.integers(0, 2**32 - 1), scale=st.sampled_from([1, 30, 1000]))
def test_cross_entropy_equals_its_definition(seed, scale):
    rng = np.random.default_rng(seed)
    z, y = scale * rng.standard_normal((2, 3, 5)), rng.integers(5, size=(2, 3))
    loss = cross_entropy(z, y)
    assert loss.shape == y.shape
    for t, n in np.ndindex(y.shape):
        with mpmath.workdps(500):  # e^-2000 is still far from zero
            e = [mpmath.exp(z_k) for z_k in z[t, n]]
            exact = float(-mpmath.log(e[y[t, n]] / mpmath.fsum(e)))
        # Two numbers of size `scale` are subtracted.
        np.testing.assert_allclose(loss[t, n], exact, rtol=1e-12, atol=1e-15 * 5 * scale)


def test_loss_of_the_uniform_guess_is_the_logarithm_of_the_number_of_classes():
    np.testing.assert_allclose(cross_entropy(np.zeros((3, 7)), np.array([0, 3, 6])), np.log(7))


def test_loss_stays_finite_where_the_probability_rounds_to_zero():
    z = np.array([[0.0, -2000.0]])
    assert softmax(z)[0, 1] == 0
    assert cross_entropy(z, np.array([1])).tolist() == [2000.0]


def test_one_row_of_logits_gives_one_number():
    assert cross_entropy(np.array([0.0, 0.0]), np.array(1)).shape == ()


def targets(rng, name, shape):
    """Draw what a loss compares with: classes, or numbers of the shape of the outputs."""
    if name == "cross_entropy":
        return rng.integers(shape[-1], size=shape[:-1])
    return rng.standard_normal(shape)


@pytest.mark.parametrize("name", LOSSES)
def test_slope_of_a_loss_equals_the_complex_step(name):
    rng = np.random.default_rng(0)
    z = rng.standard_normal((2, 3, 5))
    y = targets(rng, name, z.shape)
    loss = LOSSES[name]
    for k in range(z.shape[-1]):
        nudged = z.astype(complex)
        nudged[..., k] += 1e-30j
        # No difference is taken: what is left is the rounding of a handful of terms.
        np.testing.assert_allclose(
            loss.delta_z(z, y)[..., k], loss.rows(nudged, y).imag / 1e-30, rtol=1e-13, atol=1e-14
        )


def test_factors_of_the_squared_errors_are_one_half_and_one_over_the_size():
    z, y = np.array([[1.0, 2.0, 3.0, 4.0, 5.0]]), np.zeros((1, 5))
    assert LOSSES["half_squared_error"].rows(z, y).tolist() == [55 / 2]
    assert LOSSES["mean_squared_error"].rows(z, y).tolist() == [55 / 5]


def test_mean_divides_by_the_number_of_rows_and_sum_does_not():
    assert reduction_factor("sum", 21) == 1
    assert reduction_factor("mean", 21) == 1 / 21


@pytest.mark.parametrize("name", LOSSES)
def test_float32_stays_float32_in_a_loss_and_its_slope(name):
    rng = np.random.default_rng(0)
    z = rng.standard_normal((2, 5)).astype(np.float32)
    y = targets(rng, name, z.shape)
    y = y if name == "cross_entropy" else y.astype(np.float32)
    assert LOSSES[name].rows(z, y).dtype == np.float32
    assert LOSSES[name].delta_z(z, y).dtype == np.float32
