"""Cross-entropy against its definition in fifty digits, and where it matters: far out."""

import mpmath
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rnnlib import cross_entropy, softmax


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
