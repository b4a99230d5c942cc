"""Three views of one gradient, and the code itself, against sympy's derivative of the whole loss.

Every proof is exact: it holds for all values of all letters. A proof for one size says nothing
about another, so several sizes are tried, small ones.
"""

from functools import cache

import numpy as np
import pytest
import sympy as sp

from false_neighbours import with_mistake
from rnnlib import bptt, symbolic_views
from rnnlib.symbolic_components import derivative, letters, proven, proves_all_equal
from rnnlib.symbolic_digits import difference_at_a_point
from rnnlib.symbolic_step import jacobian_formula
from rnnlib.symbolic_unrolled import by_sympy, state_by_sympy, unroll
from rnnlib.symbolic_views import (
    forward_messages,
    influences,
    jacobian_product,
    sum_over_paths,
    walk_back,
)

# T, n_x, n_h, n_y, N
SIZES = [(1, 2, 3, 5, 1), (2, 3, 2, 2, 1), (2, 1, 1, 3, 2), (3, 1, 2, 2, 1)]
SMALL = (2, 1, 2, 2, 1)
unrolled = cache(unroll)


@cache
def found(*sizes):
    return by_sympy(unrolled(*sizes))


def refused(formula, sizes=SMALL):
    """List the fields of a claim that are not proven."""
    network = unrolled(*sizes)
    claim = formula(network.params, network.trace)
    truth = found(*sizes)
    answers = proven(claim, truth if hasattr(claim, "gradient") else truth.gradient)
    return {name for name, is_proven in answers.items() if not is_proven}


@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize("formula", [walk_back, sum_over_paths, forward_messages])
def test_each_view_of_the_gradient_is_proven(formula, sizes):
    assert refused(formula, sizes) == set()


@pytest.mark.parametrize("sizes", SIZES)
def test_the_answer_of_sympy_is_in_the_letters_of_the_trace(sizes):
    network, (*values, gradient) = unrolled(*sizes), found(*sizes)
    known = (*network.params, network.trace.x, network.trace.states, network.trace.y_hat)
    allowed = {letter for group in known for letter in group.flat}
    for slope in (*values, *gradient):
        assert set().union(*(sp.sympify(entry).free_symbols for entry in slope.flat)) <= allowed


class Predictions(np.ndarray):
    """Letters from which a one-hot row of bool can be taken: sympy takes numbers only."""

    def __sub__(self, one_hot):
        return np.asarray(self) - one_hot.astype(int)


@pytest.mark.parametrize("sizes", SIZES)
def test_the_code_of_the_walk_back_is_proven_as_it_stands(monkeypatch, sizes):
    """It runs on letters as it runs on numbers, but for the check that they are numbers."""
    monkeypatch.setattr(bptt, "check_trace", lambda params, trace: None)

    def code(params, trace):
        return bptt.backward(params, trace._replace(y_hat=trace.y_hat.view(Predictions)))

    assert refused(code, sizes) == set()


@pytest.mark.parametrize(
    ("right", "wrong", "first"),
    [
        (" + message[t]", "", "delta_h"),  # the message is dropped
        ("h_prev[t].T @", "h[t].T @", "W_hh"),  # h_t for h_{t-1}
        ("sum(h[t].T", "sum(h_prev[t].T", "W_hy"),  # h_{t-1} for h_t
        ("params.W_hh.T", "params.W_hh", "message"),
        (" * (1 - h[t] * h[t])", "", "delta_a"),
        ("1 - h[t] * h[t]", "1 - h[t]", "delta_a"),
        ("1 - h[t] * h[t]", "1 - h_prev[t] * h_prev[t]", "delta_a"),
        ("delta_a[t] @ params.W_hh", "delta_h[t] @ params.W_hh", "message"),
        ("from_later = 0 * trace.h_init", "from_later = trace.h_init", "message"),
        ("W_hh=sum(h_prev[t].T @ delta_a[t] for t in range(T))", "W_hh=h_prev[0].T @ delta_a[0]",
         "W_hh"),  # an assignment where a sum should grow
        ("W_xh=sum(x[t].T @ delta_a[t] for t in range(T))",
         "W_xh=sum(x[t].T @ delta_a[t] for t in range(1, T))", "W_xh"),
        ("W_hy=sum(h[t].T @ delta_z[t] for t in range(T))",
         "W_hy=sum(h[t].T @ delta_z[t] for t in range(T - 1))", "W_hy"),
        ("b_h=delta_a.sum", "b_h=delta_a.mean", "b_h"),
        ("b_y=delta_z.sum(axis=(0, 1))", "b_y=delta_z[-1].sum(axis=0)", "b_y"),
        ("delta_a @ params.W_xh.T", "delta_h @ params.W_xh.T", "delta_x"),
        ("delta_z = _delta_z(trace)", "delta_z = -_delta_z(trace)", "delta_z"),
        ("in reversed(range(T))", "in range(T)", "message"),
    ],
)  # fmt: skip
def test_a_false_walk_back_is_refused(right, wrong, first):
    assert first in refused(with_mistake(walk_back, right, wrong))


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("for k in range(t + 1)", "for k in range(1, t + 1)"),  # as document 001 begins
        ("for k in range(t + 1)", "for k in range(t)"),
        ("for k in range(t + 1)", "for k in range(t, t + 1)"),
        (" @ jacobian_product(params, trace, n, t, k)", ""),
        ("trace, n, t, k)", "trace, n, t, k - 1)"),
        ("@ params.W_hy.T", "@ params.W_hy"),
        ("_step(params, trace, k, n)", "_step(params, trace, t, n)"),
        ("gradient[name] + np", "np"),
    ],
)
def test_a_false_sum_over_paths_is_refused(right, wrong):
    assert "W_hh" in refused(with_mistake(sum_over_paths, right, wrong))


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("immediate + np.tensordot(jacobian_formula(step), found[-1][name], 1)", "immediate"),
        ("immediate + np", "np"),
        ("jacobian_formula(step), ", "jacobian_formula(step).T, "),
        ("jacobian_formula(step), ", "np.diag(np.diag(jacobian_formula(step))), "),
        ("found[-1][name]", "found[0][name] * 0"),
    ],
)
def test_a_false_message_forwards_is_refused(monkeypatch, right, wrong):
    monkeypatch.setattr(symbolic_views, "influences", with_mistake(influences, right, wrong))
    assert "W_hh" in refused(forward_messages)


def test_one_step_does_not_see_a_dropped_message():
    dropped = with_mistake(walk_back, " + message[t]", "")
    assert refused(dropped, (1, 1, 2, 2, 1)) == set()
    assert refused(dropped) >= {"delta_h", "W_hh", "delta_h_init"}


def test_a_mistake_of_one_in_a_million_millions_is_refused():
    def almost(params, trace):
        gradient = walk_back(params, trace).gradient
        return gradient._replace(b_h=gradient.b_h * (1 + 1e-12))

    assert refused(almost) == {"b_h"}


def test_a_state_by_an_earlier_one_is_the_product_of_jacobians_latest_first():
    network = unrolled(3, 1, 2, 2, 1)
    params, trace, _ = network
    for t in range(3):
        whole = state_by_sympy(network, t, trace.h_init)[0, :, 0]
        assert proves_all_equal(whole, jacobian_product(params, trace, n=0, t=t, k=-1))

    backwards = with_mistake(
        jacobian_product,
        "jacobian_formula(_step(params, trace, s, n)) @ product",
        "product @ jacobian_formula(_step(params, trace, s, n))",
    )
    too_short = with_mistake(jacobian_product, "range(k + 1, t + 1)", "range(k + 1, t)")
    too_long = with_mistake(jacobian_product, "range(k + 1, t + 1)", "range(k, t + 1)")
    for wrong in (backwards, too_short, too_long):
        k = 0 if wrong is too_long else -1
        right = jacobian_product(params, trace, n=0, t=2, k=k)
        assert not proves_all_equal(right, wrong(params, trace, n=0, t=2, k=k))


def test_a_state_and_itself_have_the_unit_matrix_between_them():
    params, trace, _ = unrolled(*SMALL)
    unit = jacobian_product(params, trace, n=0, t=1, k=1)
    np.testing.assert_array_equal(unit, np.eye(2, dtype=int))


def test_the_influence_of_each_step_is_the_total_derivative_of_its_state():
    network = unrolled(3, 1, 2, 2, 1)
    for t, messages in enumerate(influences(network.params, network.trace, n=0)):
        for name, influence in messages.items():
            total = state_by_sympy(network, t, getattr(network.params, name))[0]
            assert proves_all_equal(total, influence), (t, name)


def test_the_jacobian_of_a_step_is_that_of_the_code(monkeypatch):
    monkeypatch.setattr(bptt, "check_trace", lambda params, trace: None)
    params, trace, _ = unrolled(*SMALL)
    code = bptt.state_jacobian(params, trace)
    for t in range(2):
        step = symbolic_views._step(params, trace, t, 0)
        assert proves_all_equal(code[t, 0], jacobian_formula(step))


def test_four_steps_agree_in_thirty_digits():
    """Here both sides are written out, so that no letter stands for a value on the way."""
    params, _, nested = unrolled(4, 1, 2, 2, 1)
    claim = walk_back(params, nested).gradient
    for name in ("W_xh", "W_hh"):
        truth = derivative(nested.loss.sum(), getattr(params, name))
        rng = np.random.default_rng(0)
        # Some hundreds of roundings of 1e-30 each, of numbers of size 1.
        assert difference_at_a_point(truth, getattr(claim, name), rng) < 1e-27, name


def test_letters_of_a_trace_and_of_its_written_out_form_have_the_same_shapes():
    _, trace, nested = unrolled(*SIZES[0])
    for name, left, right in zip(trace._fields[:-1], trace, nested, strict=False):
        assert left.shape == right.shape, name
    assert set(nested.loss[0].free_symbols) >= set(letters("W_{hh}", 3, 3).flat)
