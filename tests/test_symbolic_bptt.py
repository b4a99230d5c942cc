"""The oracle for numbers: against one derivative of the whole loss, and complex steps."""

import numpy as np
import pytest
import sympy as sp

from networks import LENGTHS, random_case
from rnnlib import ACTIVATIONS, Parameters, forward
from rnnlib.bptt import BackwardTrace
from rnnlib.symbolic_bptt import symbolic_gradient
from rnnlib.symbolic_unrolled import by_sympy, unroll
from test_bptt import slopes

# Two exact ways in float64: sums of a few hundred products of size 1.
TOLERANCE = 1e-12


def assert_close(got, wanted, name):
    assert got.shape == wanted.shape, name
    assert np.abs(got - wanted).max() <= TOLERANCE * max(np.abs(wanted).max(), 1e-300), name


def fields(back):
    """Name every array of a backward trace."""
    return {**back._asdict(), **back.gradient._asdict(), "gradient": None}


@pytest.mark.parametrize(("T", "N"), [(1, 2), (2, 1)])
def test_chained_steps_equal_one_derivative_of_the_unrolled_loss(T, N):
    n_x, n_h, n_y = 1, 2, 3
    params, trace, _ = network = unroll(T, n_x, n_h, n_y, N)
    case = random_case(T=T, N=N, n_x=n_x, n_h=n_h, n_y=n_y)._replace(y=trace.y)
    numbers = forward(*case)
    symbols = [*params, trace.x, trace.states, trace.y_hat]
    values = [*case.params, numbers.x, numbers.states, numbers.y_hat]
    oracle = fields(symbolic_gradient(*case))
    formulas = {name: f for name, f in fields(by_sympy(network)).items() if f is not None}
    function = sp.lambdify([s for a in symbols for s in a.flat], list(formulas.values()), cse=True)
    whole = function(*(v for a in values for v in a.flat))
    for name, wanted in zip(formulas, whole, strict=True):
        assert_close(oracle[name], np.array(wanted, float), name)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("T", LENGTHS)
def test_every_derivative_equals_the_complex_step(T, activation):
    case = random_case(T=T, N=2, n_x=3, n_h=5, n_y=7)
    oracle = symbolic_gradient(*case, activation)
    for value in ("x", "a", "h", "z", "message"):
        got = oracle.message if value == "message" else getattr(oracle, f"delta_{value}")
        assert_close(got, slopes(case, value, got.shape, activation), value)
    wanted = slopes(case, "h_init", (1, *case.h_init.shape), activation)[0]
    assert_close(oracle.delta_h_init, wanted, "h_init")
    for name, got in oracle.gradient._asdict().items():
        shares = slopes(case, name, (T, *got.shape), activation)
        assert_close(got, shares.sum(axis=0), name)


def test_the_oracle_returns_the_records_of_the_walk_back():
    case = random_case(T=2, N=1, n_x=2, n_h=3, n_y=2)
    oracle = symbolic_gradient(*case)
    assert isinstance(oracle, BackwardTrace)
    assert isinstance(oracle.gradient, Parameters)
    assert {array.dtype for array in [*oracle[:-1], *oracle.gradient]} == {np.dtype(float)}


def test_the_last_step_hears_nothing():
    assert not symbolic_gradient(*random_case(T=2, n_h=3)).message[-1].any()
