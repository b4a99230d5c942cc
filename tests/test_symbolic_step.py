"""One step: what is immediate, what is total, and what is neither."""

import numpy as np
import pytest
import sympy as sp

from false_neighbours import with_mistake
from rnnlib.symbolic_components import derivative, proves_all_equal
from rnnlib.symbolic_product import product_rule
from rnnlib.symbolic_step import immediate_formulas, jacobian_formula, one_step, proves_total

SIZES = [(1, 2), (2, 3), (3, 5)]


def proves_jacobian(formula, n_x, n_h):
    step = one_step(n_x, n_h)
    return proves_all_equal(derivative(step.h, step.h_prev), formula(step))


def proves_immediate(formulas, n_x, n_h):
    step = one_step(n_x, n_h)
    return {
        name: proves_all_equal(derivative(step.h, getattr(step, name)), formula)
        for name, formula in formulas(step).items()
    }


@pytest.mark.parametrize("sizes", SIZES)
def test_the_derivative_by_the_state_before_is_the_jacobian(sizes):
    assert proves_jacobian(jacobian_formula, *sizes)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (".W_hh.T", ".W_hh"),
        ("1 - step.h * step.h", "1 - step.h"),
        ("1 - step.h * step.h", "1 - step.h_prev * step.h_prev"),
        ("np.diag(1 - step.h * step.h) @ ", ""),
        (
            "np.diag(1 - step.h * step.h) @ step.W_hh.T",
            "step.W_hh.T @ np.diag(1 - step.h * step.h)",
        ),
        ("@ step.W_hh.T", "* step.W_hh.T"),  # the diagonal alone, as document 003 has it
    ],
)
def test_a_false_jacobian_is_not_proven(right, wrong):
    assert not proves_jacobian(with_mistake(jacobian_formula, right, wrong), 2, 3)


@pytest.mark.parametrize("sizes", SIZES)
def test_the_immediate_derivatives_are_those_with_the_state_before_standing_still(sizes):
    found = proves_immediate(immediate_formulas, *sizes)
    assert found == {"W_xh": True, "W_hh": True, "b_h": True}


@pytest.mark.parametrize(
    ("right", "wrong", "refused"),
    [
        ("step.h_prev[:, np.newaxis]", "step.h[:, np.newaxis]", {"W_hh"}),
        ("step.x[:, np.newaxis]", "1", {"W_xh"}),
        ('"b_h": slope', '"b_h": np.eye(len(slope), dtype=int)', {"b_h"}),
        ("1 - step.h * step.h", "1 + 0 * step.h", {"W_xh", "W_hh", "b_h"}),
        ("slope[:, np.newaxis, :] * step.h_prev[:, np.newaxis]", "slope", {"W_hh"}),
        ("* step.h_prev[:, np.newaxis]", "* step.h_prev", {"W_hh"}),
    ],
)
def test_a_false_immediate_derivative_is_not_proven(right, wrong, refused):
    found = proves_immediate(with_mistake(immediate_formulas, right, wrong), 2, 3)
    assert {name for name, is_proven in found.items() if not is_proven} == refused


@pytest.mark.parametrize("sizes", SIZES[:2])
def test_the_total_derivative_is_immediate_plus_jacobian_times_the_total_before(sizes):
    assert all(proves_total(*sizes).values())


@pytest.mark.parametrize(
    "wrong",
    [
        lambda immediate, jacobian, dh_prev: immediate,
        lambda immediate, jacobian, dh_prev: jacobian @ dh_prev,
        lambda immediate, jacobian, dh_prev: immediate - jacobian @ dh_prev,
        lambda immediate, jacobian, dh_prev: immediate + jacobian.T @ dh_prev,
        lambda immediate, jacobian, dh_prev: immediate + np.diag(jacobian) * dh_prev,
        lambda immediate, jacobian, dh_prev: immediate + dh_prev,
    ],
)
def test_a_false_total_derivative_is_not_proven(wrong):
    assert not any(proves_total(1, 2, wrong).values())


def test_a_total_derivative_that_is_false_for_one_weight_alone_is_not_proven():
    def half_wrong(immediate, jacobian, dh_prev):
        return immediate + int(immediate[0] == 0) * jacobian @ dh_prev

    assert not any(proves_total(1, 2, half_wrong).values())


def test_partial_and_total_derivatives_of_a_product_of_unknown_functions():
    x = sp.Symbol("x", real=True)
    g, f = sp.Function("g"), sp.Function("f")
    rule = product_rule(g, f)
    g_slope, f_slope = g(x).diff(x), f(x).diff(x)
    assert rule.by_g == f(x)
    assert rule.by_f == g(x)
    assert sp.expand(rule.total - (rule.by_g * g_slope + rule.by_f * f_slope)) == 0
    assert sp.expand(rule.total_by_g - (f(x) + g(x) * f_slope / g_slope)) == 0
    assert sp.expand(rule.total_by_g - rule.by_g) != 0
    assert sp.expand(rule.total - rule.by_g * g_slope) != 0
