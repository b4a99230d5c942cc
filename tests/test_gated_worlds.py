"""Nudges through gates agree with the ways back of the book; what does not exist is refused."""

import numpy as np
import pytest

from rnnlib.gated_parameters import GRUParameters, LSTMParameters
from rnnlib.gated_worlds import GatedValues
from rnnlib.gru import gru_forward
from rnnlib.gru_backward import gru_backward
from rnnlib.lstm import lstm_forward
from rnnlib.lstm_backward import lstm_backward

SEEDS = range(6)
# Sums of a few dozen products of size 1, in another order.
CLOSE = {"rtol": 1e-9, "atol": 1e-12}


def upstream_of(values):
    said = [values["delta_z"].function(t) @ values["W_hy"].T for t in range(values.T)]
    return np.stack(said)


@pytest.mark.parametrize("seed", SEEDS)
def test_an_lstm_by_nudges_is_that_of_the_book(seed):
    values = GatedValues(np.random.default_rng(seed), "LSTM")
    given = values.given
    params = LSTMParameters(given["W_xh"], given["W_hh"], given["b_h"])
    trace = lstm_forward(params, given["x"], given["h_init"], given["c_init"])
    back = lstm_backward(params, trace, upstream_of(values))
    for name, array in back.gradient._asdict().items():
        np.testing.assert_allclose(values[f"dL/d{name}"], array, **CLOSE)
    blocks = [values[f"dL/dW_{letter}_hh"] for letter in (r"\iota", "f", "g", r"\omega")]
    np.testing.assert_allclose(np.hstack(blocks), back.gradient.W_hh, **CLOSE)
    arrays = {"delta_h": back.delta_h, "delta_c": back.delta_cell, "delta_a": back.delta_a}
    arrays |= {"m_back": back.message, "m_back_c": back.cell_message, "delta_x": back.delta_x}
    for t in range(values.T):
        for name, array in arrays.items():
            np.testing.assert_allclose(values[name].function(t), array[t], **CLOSE)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_gru_by_nudges_is_that_of_the_book(seed):
    values = GatedValues(np.random.default_rng(seed), "GRU")
    given = values.given
    params = GRUParameters(*(given[name] for name in GRUParameters._fields))
    trace = gru_forward(params, given["x"], given["h_init"])
    back = gru_backward(params, trace, upstream_of(values))
    for name, array in back.gradient._asdict().items():
        np.testing.assert_allclose(values[f"dL/d{name}"], array, **CLOSE)
    blocks = np.split(back.delta_a, 3, axis=2)
    arrays = {f"delta_a^{letter}": block for letter, block in zip("rug", blocks, strict=True)}
    arrays |= {"delta_q": back.delta_recalled, "delta_h": back.delta_h, "m_back": back.message}
    for t in range(values.T):
        for name, array in arrays.items():
            np.testing.assert_allclose(values[name].function(t), array[t], **CLOSE)


def test_the_place_of_the_reset_gate_matters_but_not_where_it_is_one():
    both = [GatedValues(np.random.default_rng(3), "GRU", before=before) for before in (False, True)]
    assert not np.allclose(both[0].plain["h"], both[1].plain["h"], rtol=1e-3)
    for values in both:
        values.given["b_h"] = values.given["b_h"] + 200.0 * (np.arange(3).repeat(values.n_h) == 0)
    np.testing.assert_allclose(both[0].run({})["h"], both[1].run({})["h"], rtol=1e-12)


def test_the_immediate_derivative_of_a_cell_leaves_the_state_before_alone():
    values = GatedValues(np.random.default_rng(0), "LSTM", one_sample=True)
    t = values.T - 1
    immediate, total = (values[f"{d}c[]/{d[0]}c"].function(t, t - 1) for d in ("∂+", "d"))
    np.testing.assert_allclose(immediate, np.diag(values.plain["f"][t, 0]), **CLOSE)
    assert values.T == 1 or not np.allclose(immediate, total, rtol=1e-3)


@pytest.mark.parametrize("name", ["k", "W_k_hh", "dL/dk", "delta_k", "∂c[]/∂W_hh", "dk/dc"])
def test_what_is_no_symbol_has_no_value(name):
    with pytest.raises(KeyError):
        GatedValues(np.random.default_rng(0), "LSTM")[name]


def test_a_step_that_does_not_exist_is_refused():
    values = GatedValues(np.random.default_rng(0), "LSTM")
    T = values.T
    for name, times in (("delta_h", (T,)), ("dc", (T,)), ("dc[]/dc", (T, 0)), ("∂+c[]/∂c", (0, 1))):
        with pytest.raises(ValueError, match="no step"):
            values[name].function(*times)
