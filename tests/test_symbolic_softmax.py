"""The slopes of chapter 3 are proven, and their false neighbours are not."""

import numpy as np
import pytest
import sympy as sp

from rnnlib.symbolic_components import derivative, letters, proven, proves_all_equal
from rnnlib.symbolic_digits import difference_at_a_point
from rnnlib.symbolic_softmax import (
    cross_entropy_delta_formula,
    cross_entropy_formula,
    jacobian_as_matrix,
    jacobian_by_cases,
    proves_delta,
    proves_slope,
    proves_softmax_jacobian,
    squared_error_formula,
    tanh_formula,
)
from rnnlib.symbolic_trap import matrix_calculus_traps

SIZES = [2, 3, 5]
half = sp.Rational(1, 2)


def sigmoid(a):
    return 1 / (1 + sp.exp(-a))


def test_the_slopes_of_tanh_and_sigmoid_are_proven():
    assert proves_slope(tanh_formula, lambda h: 1 - h**2)
    assert proves_slope(sigmoid, lambda h: h * (1 - h))


@pytest.mark.parametrize(
    ("formula", "slope"),
    [
        (tanh_formula, lambda h: 1 - h),
        (tanh_formula, lambda h: 1 + h**2),
        (tanh_formula, lambda h: (1 - h) ** 2),
        (tanh_formula, lambda h: h * (1 - h)),
        (tanh_formula, lambda h: 1 - h**2 + sp.Rational(1, 10**12)),
        (sigmoid, lambda h: 1 - h**2),
        (sigmoid, lambda h: h * (1 + h)),
        (sigmoid, lambda h: h - 1),
    ],
)
def test_wrong_slopes_are_not_proven(formula, slope):
    assert not proves_slope(formula, slope)


@pytest.mark.parametrize("n_y", SIZES)
@pytest.mark.parametrize("jacobian", [jacobian_by_cases, jacobian_as_matrix])
def test_both_forms_of_the_softmax_jacobian_are_proven(jacobian, n_y):
    assert proves_softmax_jacobian(jacobian, n_y)


@pytest.mark.parametrize("n_y", SIZES)
@pytest.mark.parametrize(
    "wrong",
    [
        lambda p: np.diag(p),
        lambda p: np.diag(p) + np.outer(p, p),
        lambda p: np.diag(p * (1 - p)),  # the case i = k alone
        lambda p: np.outer(p, p) - np.diag(p),
        lambda p: np.diag(p) - np.outer(p, p**2),
    ],
)
def test_wrong_softmax_jacobians_are_not_proven(wrong, n_y):
    assert not proves_softmax_jacobian(wrong, n_y)


@pytest.mark.parametrize("n_y", SIZES)
def test_one_wrong_entry_is_enough_to_fail(n_y):
    def last_entry_wrong(y_hat):
        jacobian = jacobian_by_cases(y_hat)
        jacobian[-1, 0] = -jacobian[-1, 0]
        return jacobian

    assert not proves_softmax_jacobian(last_entry_wrong, n_y)


@pytest.mark.parametrize("n_y", SIZES)
def test_cross_entropy_by_the_logits_is_prediction_minus_target(n_y):
    z = letters("z", n_y)
    for one_hot in np.eye(n_y, dtype=int):
        assert proves_delta(cross_entropy_formula, cross_entropy_delta_formula, z, one_hot)


@pytest.mark.parametrize("n_y", SIZES)
@pytest.mark.parametrize(
    "wrong",
    [
        lambda z, y: -cross_entropy_delta_formula(z, y),
        lambda z, y: cross_entropy_delta_formula(z, -y),
        lambda z, y: cross_entropy_delta_formula(z, 0 * y),
        lambda z, y: cross_entropy_delta_formula(z, np.roll(y, 1)),
        lambda z, y: z - y,
        lambda z, y: y * cross_entropy_delta_formula(z, y),  # the case i = k alone
    ],
)
def test_wrong_deltas_of_cross_entropy_are_not_proven(wrong, n_y):
    assert not proves_delta(cross_entropy_formula, wrong, letters("z", n_y), np.eye(n_y)[0])


@pytest.mark.parametrize("n_y", SIZES)
def test_prediction_minus_target_needs_a_target_that_sums_to_one(n_y):
    z, y = letters("z", n_y), letters("y", n_y)
    assert not proves_delta(cross_entropy_formula, cross_entropy_delta_formula, z, y)
    y[-1] = 1 - y[:-1].sum()
    assert proves_delta(cross_entropy_formula, cross_entropy_delta_formula, z, y)


@pytest.mark.parametrize("n_y", SIZES)
def test_the_way_of_the_documents_leads_to_the_same_delta(n_y):
    """First -y / y_hat, then both cases of the Jacobian, then the sum over the classes."""
    y_hat, y = letters("p", n_y), letters("y", n_y)
    chain = -y / y_hat @ jacobian_by_cases(y_hat)
    assert proves_all_equal(chain, y_hat * y.sum() - y)
    assert not proves_all_equal(chain, y_hat - y)


@pytest.mark.parametrize("n_y", SIZES)
def test_softmax_is_passed_back_without_its_jacobian(n_y):
    y_hat, upstream = letters("p", n_y), letters("u", n_y)
    found = upstream @ jacobian_as_matrix(y_hat)
    assert proves_all_equal(found, y_hat * (upstream - (upstream * y_hat).sum()))
    assert not proves_all_equal(found, y_hat * (upstream - upstream.sum() * y_hat))


@pytest.mark.parametrize("n_y", SIZES)
def test_the_slope_of_a_squared_error_has_twice_its_factor(n_y):
    z, y = letters("z", n_y), letters("y", n_y)
    for factor in (half, sp.Rational(1, n_y), sp.Integer(1)):

        def loss(z, y, factor=factor):
            return squared_error_formula(z, y, factor)

        assert proves_delta(loss, lambda z, y, factor=factor: 2 * factor * (z - y), z, y)
        assert not proves_delta(loss, lambda z, y, factor=factor: factor * (z - y), z, y)
        assert not proves_delta(loss, lambda z, y, factor=factor: 2 * factor * (y - z), z, y)


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("trap", ["log of an entry", "sum of traces"])
def test_matrix_calculus_says_0_where_the_derivative_is_not_0(trap, n):
    wrong, right = matrix_calculus_traps(n)[trap]
    assert wrong.is_ZeroMatrix
    assert all(entry != 0 for entry in right.flat)


def test_the_derivatives_beside_the_traps_are_right():
    traps = matrix_calculus_traps(3)
    x, W, A = letters("x", 3), letters("W", 3, 1), letters("A", 3, 3)
    assert proves_all_equal(traps["log of an entry"][1] * (x @ W), x[:, np.newaxis])
    assert proves_all_equal(traps["sum of traces"][1], 2 * A)


def test_every_component_has_a_letter_of_its_own():
    for shape in [(2, 3, 5), (12, 12), (11, 2, 13)]:
        array = letters("W_{hh}", *shape)
        assert array.shape == shape
        assert len(set(array.flat)) == array.size


def test_derivatives_have_the_indices_of_the_numerator_first():
    x, W = letters("x", 3), letters("W", 3, 5)
    found = derivative(x @ W, W)
    assert found.shape == (5, 3, 5)
    for j, i, k in np.ndindex(found.shape):
        assert found[j, i, k] == (x[i] if j == k else 0)
    assert proves_all_equal(derivative(x @ W, x), W.T)


def test_arrays_of_other_shapes_or_with_one_wrong_component_are_not_equal():
    x = letters("x", 2, 3)
    assert proves_all_equal((x + 1) ** 2, x**2 + 2 * x + 1)
    assert not proves_all_equal(x, x.T)
    assert not proves_all_equal(x, x[:1])
    almost = x.copy()
    almost[1, 2] += sp.Rational(1, 10**12)
    assert not proves_all_equal(x, almost)


def test_a_record_with_a_field_too_few_is_refused():
    with pytest.raises(ValueError, match="claimed: expected the fields"):
        proven({"x": letters("x", 1)}, {"x": letters("x", 1), "W": letters("W", 1)})


def test_thirty_digits_tell_formulas_apart_that_float64_cannot():
    x = letters("x", 3)
    rng = np.random.default_rng(0)
    assert difference_at_a_point((x + 1) ** 2, x**2 + 2 * x + 1, rng) < 1e-28
    off = difference_at_a_point(x, x + np.array([0, sp.Rational(1, 10**20), 0]), rng)
    assert off == pytest.approx(1e-20, rel=1e-6, abs=0)
