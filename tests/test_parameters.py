"""Initial weights: their type, their size, and that a seed decides them."""

import numpy as np
import pytest

from rnnlib import init_parameters


def test_the_same_seed_gives_the_same_weights():
    first, second = (init_parameters(np.random.default_rng(3), 5, 11, 13) for _ in range(2))
    for got, expected in zip(first, second, strict=True):
        np.testing.assert_array_equal(got, expected)


def test_shapes_are_stored_in_then_out():
    params = init_parameters(np.random.default_rng(0), n_x=5, n_h=11, n_y=13)
    shapes = {name: getattr(params, name).shape for name in params._fields}
    assert shapes == {
        "W_xh": (5, 11),
        "W_hh": (11, 11),
        "W_hy": (11, 13),
        "b_h": (11,),
        "b_y": (13,),
    }


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_all_five_have_the_type_asked_for(dtype):
    params = init_parameters(np.random.default_rng(0), 5, 11, 13, dtype)
    assert {array.dtype for array in params} == {np.dtype(dtype)}


def test_biases_start_at_zero():
    params = init_parameters(np.random.default_rng(0), 5, 11, 13)
    assert not params.b_h.any()
    assert not params.b_y.any()


def test_variance_of_the_weights_is_one_over_the_number_of_rows():
    params = init_parameters(np.random.default_rng(0), n_x=101, n_h=211, n_y=307)
    for W in (params.W_xh, params.W_hh, params.W_hy):
        # 20,000 draws or more: their variance is known to sqrt(2 / 20,000) = 1 %.
        assert W.var() * W.shape[0] == pytest.approx(1, rel=0.05)
