"""A proof must be able to fail: each true formula has false neighbours here."""

import pytest
import sympy as sp

from rnnlib.symbolic import is_shift_invariant, logits, proves_equal, softmax_formula, sums_to_one

a = sp.Symbol("a", real=True)
SIZES = [2, 3, 5]


@pytest.mark.parametrize(
    "formula",
    [
        2 / (1 + sp.exp(-2 * a)) - 1,
        (sp.exp(a) - sp.exp(-a)) / (sp.exp(a) + sp.exp(-a)),
        1 - 2 / (sp.exp(2 * a) + 1),
    ],
)
def test_three_formulas_are_tanh(formula):
    assert proves_equal(formula, sp.tanh(a))


@pytest.mark.parametrize(
    "formula",
    [
        2 / (1 + sp.exp(-a)) - 1,
        2 / (1 + sp.exp(-2 * a)),
        2 / (1 + sp.exp(2 * a)) - 1,
        (sp.exp(a) + sp.exp(-a)) / (sp.exp(a) - sp.exp(-a)),
        sp.tanh(a) + sp.Rational(1, 10**12),
        a,
        sp.nan,
    ],
)
def test_wrong_tanh_formulas_are_not_proven(formula):
    assert not proves_equal(formula, sp.tanh(a))


def test_the_square_of_an_exponential_is_recognised():
    assert proves_equal(sp.exp(2 * a), sp.exp(a) ** 2)


@pytest.mark.parametrize("n_y", SIZES)
def test_softmax_sums_to_one_and_is_shift_invariant(n_y):
    assert sums_to_one(softmax_formula, n_y)
    assert is_shift_invariant(softmax_formula, n_y)


def without_exponentials(z):
    return [z_k / sum(z) for z_k in z]


def one_class_left_out(z):
    return [sp.exp(z_k) / sum(sp.exp(z_j) for z_j in z[1:]) for z_k in z]


def twice_as_steep_below(z):
    return [sp.exp(z_k) / sum(sp.exp(2 * z_j) for z_j in z) for z_k in z]


def unnormalised(z):
    return [sp.exp(z_k) for z_k in z]


@pytest.mark.parametrize("n_y", SIZES)
@pytest.mark.parametrize("wrong", [one_class_left_out, twice_as_steep_below, unnormalised])
def test_wrong_normalisations_do_not_sum_to_one(wrong, n_y):
    assert not sums_to_one(wrong, n_y)


@pytest.mark.parametrize("n_y", SIZES)
@pytest.mark.parametrize("wrong", [without_exponentials, twice_as_steep_below, unnormalised])
def test_wrong_formulas_are_not_shift_invariant(wrong, n_y):
    assert not is_shift_invariant(wrong, n_y)


@pytest.mark.parametrize("n_y", SIZES)
def test_one_wrong_component_is_enough_to_fail(n_y):
    def last_component_wrong(z):
        return [*softmax_formula(z)[:-1], sp.exp(z[-1])]

    assert not is_shift_invariant(last_component_wrong, n_y)


@pytest.mark.parametrize("n_y", SIZES)
def test_loss_is_log_sum_exp_minus_the_logit_of_the_target(n_y):
    z = logits(n_y)
    loss = sp.log(sum(sp.exp(z_k) for z_k in z)) - z[0]
    assert proves_equal(sp.exp(-loss), softmax_formula(z)[0])
    assert not proves_equal(sp.exp(-loss), softmax_formula(z)[1])
