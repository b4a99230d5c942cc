"""Weights go to the layouts of PyTorch and Keras and come back; what they compute stays.

Here the layers of both are written out from their documentation, one sample and one step at a
time. `tests/peers` loads the converted weights into PyTorch itself.
"""

import numpy as np
import pytest

from gated_networks import drawer, random_gru, random_lstm
from networks import LENGTHS, random_case
from rnnlib.conversions import from_keras, from_torch, to_keras, to_torch
from rnnlib.dense import Dense, dense_forward
from rnnlib.gru import gru_forward
from rnnlib.lstm import lstm_forward
from rnnlib.recurrent import Recurrent, recurrent_forward

# A few sums of 12 products each, handed on 7 times: about 1e-14, relative to numbers of size 1.
TOLERANCE = 1e-12


def layers(T=7, dtype=np.float64):
    """Make a layer of each kind, with its input and what stands before the first step."""
    simple = random_case(T=T, n_h=7, dtype=dtype)
    recurrent = Recurrent(simple.params.W_xh, simple.params.W_hh, simple.params.b_h)
    return {
        "dense": (Dense(simple.params.W_hy, simple.params.b_y),),
        "recurrent": (recurrent, simple.x, simple.h_init),
        "lstm": tuple(random_lstm(T=T, dtype=dtype)),
        "gru": tuple(random_gru(T=T, dtype=dtype)),
    }


def sigmoid(a):
    """Compute the logistic function by its definition."""
    return 1 / (1 + np.exp(-a))


def torch_recurrent(state_dict, x, h):
    """Run an nn.RNN by the formula in its documentation; columns, one vector at a time."""
    W_ih, W_hh, b_ih, b_hh = state_dict.values()
    outputs = []
    for x_t in x:
        h = np.tanh(W_ih @ x_t + b_ih + W_hh @ h + b_hh)
        outputs.append(h)
    return outputs


def torch_lstm(state_dict, x, h, c):
    """Run an nn.LSTM in the same way."""
    W_ih, W_hh, b_ih, b_hh = (np.split(array, 4) for array in state_dict.values())
    outputs = []
    for x_t in x:
        i, f, g, o = (W_ih[k] @ x_t + b_ih[k] + W_hh[k] @ h + b_hh[k] for k in range(4))
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
        outputs.append(h)
    return outputs


def torch_gru(state_dict, x, h):
    """Run an nn.GRU in the same way."""
    (W_ir, W_iz, W_in), (W_hr, W_hz, W_hn), (b_ir, b_iz, b_in), (b_hr, b_hz, b_hn) = (
        np.split(array, 3) for array in state_dict.values()
    )
    outputs = []
    for x_t in x:
        r = sigmoid(W_ir @ x_t + b_ir + W_hr @ h + b_hr)
        z = sigmoid(W_iz @ x_t + b_iz + W_hz @ h + b_hz)
        n = np.tanh(W_in @ x_t + b_in + r * (W_hn @ h + b_hn))
        h = (1 - z) * n + z * h
        outputs.append(h)
    return outputs


def keras_recurrent(weights, x, h):
    """Run a SimpleRNN by the code of its cell; rows."""
    kernel, recurrent_kernel, bias = weights.values()
    outputs = []
    for x_t in x:
        h = np.tanh(x_t @ kernel + bias + h @ recurrent_kernel)
        outputs.append(h)
    return outputs


def keras_lstm(weights, x, h, c):
    """Run an LSTM in the same way: z0 to z3 are input, forget, candidate, output."""
    kernel, recurrent_kernel, bias = weights.values()
    outputs = []
    for x_t in x:
        z0, z1, z2, z3 = np.split(x_t @ kernel + h @ recurrent_kernel + bias, 4)
        c = sigmoid(z1) * c + sigmoid(z0) * np.tanh(z2)
        h = sigmoid(z3) * np.tanh(c)
        outputs.append(h)
    return outputs


def keras_gru(weights, x, h):
    """Run a GRU with reset_after=True in the same way: update, reset, candidate."""
    kernel, recurrent_kernel, (input_bias, recurrent_bias) = weights.values()
    outputs = []
    for x_t in x:
        x_z, x_r, x_h = np.split(x_t @ kernel + input_bias, 3)
        recurrent_z, recurrent_r, recurrent_h = np.split(h @ recurrent_kernel + recurrent_bias, 3)
        z, r = sigmoid(x_z + recurrent_z), sigmoid(x_r + recurrent_r)
        h = z * h + (1 - z) * np.tanh(x_h + r * recurrent_h)
        outputs.append(h)
    return outputs


OURS = {"recurrent": recurrent_forward, "lstm": lstm_forward, "gru": gru_forward}
THEIRS = {
    to_torch: {"recurrent": torch_recurrent, "lstm": torch_lstm, "gru": torch_gru},
    to_keras: {"recurrent": keras_recurrent, "lstm": keras_lstm, "gru": keras_gru},
}


@pytest.mark.parametrize("kind", OURS)
@pytest.mark.parametrize("convert", THEIRS)
@pytest.mark.parametrize("T", LENGTHS)
def test_converted_weights_compute_the_same_states_by_the_formulas_of_the_other(T, convert, kind):
    params, x, *init = layers(T)[kind]
    h = OURS[kind](params, x, *init).h
    for n in range(x.shape[1]):
        theirs = THEIRS[convert][kind](convert(params), x[:, n], *(value[n] for value in init))
        np.testing.assert_allclose(h[:, n], theirs, rtol=TOLERANCE, atol=TOLERANCE)


def test_a_dense_layer_computes_the_same_rows():
    params = layers()["dense"][0]
    rows = drawer(3)(5, len(params.weights))
    weight, bias = to_torch(params).values()
    kernel, keras_bias = to_keras(params).values()
    h = dense_forward(params, rows).h
    np.testing.assert_allclose(h, [weight @ row + bias for row in rows], rtol=TOLERANCE)
    np.testing.assert_allclose(h, rows @ kernel + keras_bias, rtol=TOLERANCE)


@pytest.mark.parametrize("kind", layers())
@pytest.mark.parametrize(("there", "back"), [(to_torch, from_torch), (to_keras, from_keras)])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_there_and_back_is_the_same_to_the_last_bit(kind, there, back, dtype):
    params = layers(dtype=dtype)[kind][0]
    returned = back(there(params))
    assert type(returned) is type(params)
    for ours, theirs in zip(params, returned, strict=True):
        assert theirs.dtype == dtype
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("kind", OURS)
def test_two_biases_of_pytorch_are_read_as_it_adds_them(kind):
    params, x, *init = layers()[kind]
    state_dict = to_torch(params)
    draw = drawer(4)
    for name in ("bias_ih_l0", "bias_hh_l0"):
        state_dict[name] = draw(*state_dict[name].shape)
    h = OURS[kind](from_torch(state_dict), x, *init).h
    for n in range(x.shape[1]):
        theirs = THEIRS[to_torch][kind](state_dict, x[:, n], *(value[n] for value in init))
        np.testing.assert_allclose(h[:, n], theirs, rtol=TOLERANCE, atol=TOLERANCE)


def test_both_rows_of_the_bias_of_keras_are_read_as_it_adds_them():
    params, x, h_init = layers()["gru"]
    weights = to_keras(params)
    weights["bias"] = drawer(4)(*weights["bias"].shape)
    h = gru_forward(from_keras(weights), x, h_init).h
    for n in range(x.shape[1]):
        theirs = keras_gru(weights, x[:, n], h_init[n])
        np.testing.assert_allclose(h[:, n], theirs, rtol=TOLERANCE, atol=TOLERANCE)


@pytest.mark.parametrize("kind", layers())
@pytest.mark.parametrize(("there", "back"), [(to_torch, from_torch), (to_keras, from_keras)])
def test_conversion_copies_and_modifies_nothing(kind, there, back):
    params = layers()[kind][0]
    before = [array.copy() for array in params]
    theirs = there(params)
    kept = {name: array.copy() for name, array in theirs.items()}
    returned = back(theirs)
    for array in returned:
        array[...] = 0
    assert all(np.array_equal(theirs[name], kept[name]) for name in kept)
    for array in theirs.values():
        array[...] = 0
    assert all(np.array_equal(now, then) for now, then in zip(params, before, strict=True))


@pytest.mark.parametrize("convert", [to_torch, to_keras])
def test_what_is_no_layer_is_turned_away(convert):
    message = r"^params: expected one of Dense, Recurrent, .*, got Parameters$"
    with pytest.raises(ValueError, match=message):
        convert(random_case().params)


def changed(weights, **changes):
    """Replace some arrays, and leave out those that become None."""
    return {name: array for name, array in {**weights, **changes}.items() if array is not None}


GRU = random_gru().params
TORCH, KERAS = to_torch(GRU), to_keras(GRU)
DENSE = {"torch": to_torch(layers()["dense"][0]), "keras": to_keras(layers()["dense"][0])}


@pytest.mark.parametrize(
    ("read", "weights", "message"),
    [
        (from_torch, changed(TORCH, bias_hh_l0=None), "state_dict: expected the names"),
        (from_torch, {**TORCH, "weight_ih_l1": GRU.W_xh}, "state_dict: expected the names"),
        (from_torch, changed(TORCH, weight_ih_l0=GRU.W_xh), r"weight_ih_l0: expected shape \(21"),
        (from_torch, changed(TORCH, weight_hh_l0=GRU.b_h), "weight_hh_l0: expected shape"),
        (from_torch, changed(TORCH, bias_ih_l0=GRU.b_q), r"bias_ih_l0: .*\(21,\), got \(7,\)"),
        (from_torch, changed(TORCH, bias_hh_l0=GRU.b_q), r"bias_hh_l0: .*\(21,\), got \(7,\)"),
        (from_torch, changed(DENSE["torch"], bias=GRU.b_q), r"bias: .*\(13,\), got \(7,\)"),
        (from_torch, changed(DENSE["torch"], weight=GRU.b_q), "weight: expected shape"),
        (from_keras, changed(KERAS, bias=None), "weights: expected the names"),
        (from_keras, changed(KERAS, bias=GRU.b_h), r"bias: expected shape \(2, 21\)"),
        (from_keras, changed(KERAS, kernel=GRU.W_xh.T), r"kernel: expected shape \(n_x, 21\)"),
        (from_keras, changed(KERAS, recurrent_kernel=GRU.b_h), "recurrent_kernel: expected"),
        (from_keras, changed(DENSE["keras"], bias=GRU.b_q), r"bias: .*\(13,\), got \(7,\)"),
        (from_keras, changed(DENSE["keras"], kernel=GRU.b_q), "kernel: expected shape"),
    ],
)
def test_weights_of_another_layer_are_turned_away_by_name(read, weights, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        read(weights)


@pytest.mark.parametrize(("read", "turn"), [(from_torch, True), (from_keras, False)])
def test_a_number_of_blocks_that_no_layer_has_is_turned_away(read, turn):
    wide = [np.ones((5, 14)), np.ones((7, 14)), np.ones(14), np.ones(14)]
    arrays = [array.T for array in wide] if turn else wide[:3]
    names = TORCH if turn else KERAS
    with pytest.raises(ValueError, match="expected 1, 3 or 4 blocks of 7, got 14 columns"):
        read(dict(zip(names, arrays, strict=True)))
