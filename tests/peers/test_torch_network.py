"""Dense, recurrent, dense: PyTorch's layers in the same order, with any activations and loss."""

import numpy as np
import pytest
import torch

from layer_oracles import random_network, random_targets
from networks import LENGTHS
from rnnlib.network import network_backward, network_forward
from rnnlib.recurrent import recurrent_backward, recurrent_forward
from tensors import (
    PHI,
    ROW_LOSS,
    TOLERANCES,
    Kept,
    assert_close,
    gradients,
    layer_gradients,
    leaves,
    linear,
    loaded,
    values,
)

SETTINGS = [
    (("tanh", "tanh", "identity"), "cross_entropy", "sum"),
    (("relu", "tanh", "identity"), "cross_entropy", "mean"),
    (("sigmoid", "relu", "sigmoid"), "half_squared_error", "sum"),
    (("softmax", "tanh", "softmax"), "half_squared_error", "mean"),
    (("identity", "relu", "tanh"), "mean_squared_error", "sum"),
    (("tanh", "tanh", "relu"), "mean_squared_error", "mean"),
]


def total(loss, reduction, output, y):
    """Reduce the losses of all rows."""
    rows = ROW_LOSS[loss](output.flatten(0, 1), torch.tensor(y).flatten(0, 1))
    return rows.sum() if reduction == "sum" else rows.mean()


@pytest.mark.parametrize("dtype", TOLERANCES)
@pytest.mark.parametrize(("activations", "loss", "reduction"), SETTINGS)
@pytest.mark.parametrize("T", LENGTHS)
def test_the_layers_of_pytorch_give_the_same_loss_and_gradients(
    T, activations, loss, reduction, dtype
):
    params, x, h_init = random_network(T=T, dtype=dtype)
    y = random_targets(loss, T, dtype=dtype)
    tolerance = TOLERANCES[dtype]
    trace = network_forward(params, x, y, h_init, activations, loss, reduction)
    back = network_backward(params, trace)

    front, behind = linear(*params.front), linear(*params.back)
    rnn = loaded(params.recurrent, nonlinearity=activations[1])
    x, h_init = leaves(x), leaves(h_init)
    keep = Kept()
    e = keep("e", PHI[activations[0]](front(x)))
    z = keep("z", behind(rnn(e, h_init[np.newaxis])[0]))
    theirs = total(loss, reduction, PHI[activations[2]](z), y)
    theirs.backward()

    assert trace.loss.sum() == pytest.approx(theirs.item(), rel=tolerance)
    assert_close(trace.front.h, values(e), "e", tolerance)
    assert_close(back.delta_z, gradients(z), "delta_z", tolerance)
    assert_close(back.delta_e, gradients(e), "delta_e", tolerance)
    assert_close(back.delta_x, gradients(x), "delta_x", tolerance)
    assert_close(back.delta_h_init, gradients(h_init), "delta_h_init", tolerance)
    for name, layer in (("front", front), ("back", behind)):
        ours, wanted = getattr(back.gradient, name), layer_gradients(layer)
        assert_close(ours.weights.T, wanted["weight"], f"{name}.weights", tolerance)
        assert_close(ours.bias, wanted["bias"], f"{name}.bias", tolerance)
    ours, wanted = back.gradient.recurrent, layer_gradients(rnn)
    assert_close(ours.W_xh.T, wanted["weight_ih_l0"], "W_xh", tolerance)
    assert_close(ours.W_hh.T, wanted["weight_hh_l0"], "W_hh", tolerance)
    assert_close(ours.b_h, wanted["bias_ih_l0"], "b_h", tolerance)


@pytest.mark.parametrize(("activations", "loss", "reduction"), SETTINGS)
@pytest.mark.parametrize("T", LENGTHS)
def test_every_value_and_every_delta_is_what_autograd_keeps(T, activations, loss, reduction):
    params, x, h_init = random_network(T=T)
    y = random_targets(loss, T)
    trace = network_forward(params, x, y, h_init, activations, loss, reduction)
    back = network_backward(params, trace)

    of_front, of_state, of_output = (PHI[activation] for activation in activations)
    front, recurrent, behind = tensors = leaves(params)
    kept, outputs, h_prev = Kept(), [], torch.tensor(h_init)
    for x_t in torch.tensor(x).unbind():
        e_t = kept("e", of_front(x_t @ front.weights + front.bias))
        a_t = kept("a", e_t @ recurrent.W_xh + h_prev @ recurrent.W_hh + recurrent.b_h)
        h_t = kept("h", of_state(a_t))
        z_t = kept("z", h_t @ behind.weights + behind.bias)
        outputs.append(of_output(z_t))
        h_prev = kept("message", h_t.clone())  # what later steps see, apart from the own loss
    total(loss, reduction, torch.stack(outputs), y).backward()

    assert_close(trace.recurrent.a, kept.value("a"), "a")
    assert_close(trace.recurrent.h, kept.value("h"), "h")
    assert_close(trace.back.h, np.stack([values(output) for output in outputs]), "output")
    for name in "eahz":
        assert_close(getattr(back, f"delta_{name}"), kept.gradient(name), f"delta_{name}")
    assert_close(back.message, kept.gradient("message"), "message")
    assert_close(back.gradient, gradients(tensors), "gradient")


@pytest.mark.parametrize("activation", ["tanh", "relu"])
@pytest.mark.parametrize("T", LENGTHS)
def test_a_recurrent_layer_takes_what_comes_from_above_and_from_outside(T, activation):
    params, x, h_init = random_network(T=T)
    x = np.tanh(x @ params.front.weights)
    rng = np.random.default_rng(0)
    upstream, last = rng.standard_normal((T, *h_init.shape)), rng.standard_normal(h_init.shape)
    trace = recurrent_forward(params.recurrent, x, h_init, activation)
    back = recurrent_backward(params.recurrent, trace, upstream, last)

    x, h_init = leaves(x), leaves(h_init)
    h, h_last = loaded(params.recurrent, nonlinearity=activation)(x, h_init[np.newaxis])
    ((torch.tensor(upstream) * h).sum() + (torch.tensor(last) * h_last).sum()).backward()
    assert_close(trace.h, values(h), "h")
    assert_close(back.delta_x, gradients(x), "delta_x")
    assert_close(back.delta_h_init, gradients(h_init), "delta_h_init")
