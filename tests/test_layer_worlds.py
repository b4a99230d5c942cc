"""Nudges through three layers agree with the backward pass of the book, and with each other."""

import numpy as np
import pytest

from rnnlib.claim_worlds_000 import PRINTED, SIZES, layers, table
from rnnlib.dense import Dense
from rnnlib.layer_worlds import Kind, LayerValues
from rnnlib.network import network_backward, network_forward
from rnnlib.network_parameters import Network
from rnnlib.network_worlds import NUDGE
from rnnlib.recurrent import Recurrent

KINDS = {
    "half squared error": Kind((5, 2, 3, 4, 6), 4),
    "squared error": Kind((5, 2, 3, 4, 6), 4, loss="squared error"),
    "cross-entropy": Kind((5, 2, 3, 4, 6), 4, output="softmax", loss="cross-entropy"),
    "mean": Kind((5, 2, 3, 4, 6), 4, output="identity", mean=True, from_zero=True),
}


def by_the_book(values):
    """Walk back through the same network with the functions of the book."""
    theta, kind = values.theta, values.kind
    params = Network(
        Dense(theta["W_xe"], theta["b_e"]),
        Recurrent(theta["W_xh"], theta["W_hh"], theta["b_h"]),
        Dense(theta["W_hy"], theta["b_y"]),
    )
    classes = kind.loss == "cross-entropy"
    y = values.y.argmax(axis=2) if classes else values.y
    loss = "cross_entropy" if classes else "half_squared_error"
    output = "identity" if classes else kind.output
    activations, reduction = ("sigmoid", "tanh", output), "mean" if kind.mean else "sum"
    trace = network_forward(params, values.x, y, values.h_init, activations, loss, reduction)
    return trace, network_backward(params, trace)


@pytest.mark.parametrize("name", KINDS)
def test_nudges_agree_with_the_backward_pass(name):
    values = LayerValues(np.random.default_rng(0), KINDS[name])
    trace, back = by_the_book(values)
    twice = 2 if name == "squared error" else 1
    assert np.allclose(values["L"].values, twice * trace.loss)
    gradient = back.gradient
    found = {
        "W_xe": gradient.front.weights, "b_e": gradient.front.bias,
        "W_xh": gradient.recurrent.W_xh, "W_hh": gradient.recurrent.W_hh,
        "b_h": gradient.recurrent.b_h, "W_hy": gradient.back.weights, "b_y": gradient.back.bias,
    }  # fmt: skip
    for parameter, right in found.items():
        assert np.allclose(values[f"dL/d{parameter}"], twice * right, rtol=1e-10), parameter
        copies = [values[f"dL/d{parameter}()"].function(t) for t in range(values.T)]
        assert np.allclose(sum(copies), twice * right, rtol=1e-10), parameter
    for letter in ("z", "h", "a", "e", "x"):
        right = getattr(back, f"delta_{letter}")
        for t in range(values.T):
            assert np.allclose(values[f"delta_{letter}"].function(t), twice * right[t]), letter


def test_a_nudge_in_all_rows_tells_what_a_nudge_in_each_row_does():
    values = LayerValues(np.random.default_rng(1), KINDS["cross-entropy"])
    one_by_one = np.zeros((values.N, 3))
    for place in np.ndindex(one_by_one.shape):
        nudge = np.zeros(one_by_one.shape, complex)
        nudge[place] = 1j * NUDGE
        one_by_one[place] = values.run({("h", 1): nudge})["rows"].imag.sum() / NUDGE
    assert np.allclose(values["delta_h"].function(1), one_by_one, rtol=1e-12)


def test_what_lies_before_a_nudge_is_as_it_was():
    values = LayerValues(np.random.default_rng(2), KINDS["half squared error"])
    for name, step in (("h", -1), ("h", 2), ("x", 3), ("W_hh", 1), ("W_hh", None)):
        moved = values.run({(name, step): 0.5})
        for letter, plain in values.plain.items():
            assert moved[letter].shape == plain.shape
            first = 0 if step is None else max(step + (letter == "h"), 0)
            assert np.array_equal(moved[letter][:first], plain[:first])
        assert not np.array_equal(moved["rows"], values.plain["rows"])


def test_a_step_that_does_not_exist_is_refused():
    values = LayerValues(np.random.default_rng(3), KINDS["mean"])
    for name, step in (("delta_a", 4), ("delta_a", -1), ("dL/dW_hh()", 4), ("m_back", -2)):
        with pytest.raises(ValueError, match="expected a step"):
            values[name].function(step)
    with pytest.raises(KeyError):
        values["delta_q"]


def test_tables_are_tried_in_the_printed_sizes_and_in_others():
    drawn = [table(np.random.default_rng(seed)).values for seed in range(5)]
    names = ("n_x", "n_e", "n_h", "n_y", "N")
    sizes = [tuple(values[name] for name in names) for values in drawn]
    assert sizes.count(PRINTED) == 1
    assert all(sorted(other) == list(SIZES) for other in sizes if other != PRINTED)
    assert all(values["T"] >= 4 for values in drawn)


def test_what_comes_after_the_last_step_says_nothing():
    values = layers(np.random.default_rng(0)).values
    T = values["T"]
    assert not values["delta_a"].function(T).any()
    assert values["delta_a"].function(T - 1).any()
    with pytest.raises(ValueError, match="expected a step"):
        values["delta_a"].function(T + 1)
