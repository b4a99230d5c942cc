"""The simple recurrent network: PyTorch's layers, and autograd on every value in between."""

import numpy as np
import pytest
import torch
from torch.nn.functional import cross_entropy

from networks import LENGTHS, random_case
from rnnlib import ACTIVATIONS, forward
from rnnlib.bptt import backward, per_step, state_jacobian
from rnnlib.checkpoint import checkpointed_gradient
from rnnlib.conversions import from_torch
from rnnlib.recurrent import Recurrent
from tensors import (
    PHI,
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


def layers_of(params, activation):
    """Make an nn.RNN and an nn.Linear with our weights."""
    recurrent = Recurrent(params.W_xh, params.W_hh, params.b_h)
    return loaded(recurrent, nonlinearity=activation), linear(params.W_hy, params.b_y)


@pytest.mark.parametrize("dtype", TOLERANCES)
@pytest.mark.parametrize("activation", ["tanh", "relu"])
@pytest.mark.parametrize("T", LENGTHS)
def test_the_layers_of_pytorch_give_the_same_loss_and_gradients(T, activation, dtype):
    case = random_case(T=T, dtype=dtype)
    tolerance = TOLERANCES[dtype]
    trace = forward(*case, activation)
    back = backward(case.params, trace)

    rnn, out = layers_of(case.params, activation)
    x, h_init = leaves(case.x), leaves(case.h_init)
    h, _ = rnn(x, h_init[np.newaxis])
    z = out(h)
    loss = cross_entropy(z.flatten(0, 1), torch.tensor(case.y).flatten(), reduction="sum")
    loss.backward()

    assert_close(trace.h, values(h), "h", tolerance)
    assert_close(trace.z, values(z), "z", tolerance)
    assert trace.loss.sum() == pytest.approx(loss.item(), rel=tolerance)
    assert_close(back.delta_x, gradients(x), "delta_x", tolerance)
    assert_close(back.delta_h_init, gradients(h_init), "delta_h_init", tolerance)
    wanted = layer_gradients(rnn)
    gradient = back.gradient
    assert_close(gradient.W_xh.T, wanted["weight_ih_l0"], "W_xh", tolerance)
    assert_close(gradient.W_hh.T, wanted["weight_hh_l0"], "W_hh", tolerance)
    assert_close(gradient.b_h, wanted["bias_ih_l0"], "b_h", tolerance)
    assert_close(gradient.b_h, wanted["bias_hh_l0"], "b_h", tolerance)
    wanted = layer_gradients(out)
    assert_close(gradient.W_hy.T, wanted["weight"], "W_hy", tolerance)
    assert_close(gradient.b_y, wanted["bias"], "b_y", tolerance)


def walk(params, x, y, h_init, activation):
    """Go through time with tensors, and keep every value of every step."""
    kept, loss, h_prev = Kept(), 0, h_init
    for x_t, y_t in zip(x.unbind(), torch.tensor(y).unbind(), strict=True):
        a_t = kept("a", x_t @ params.W_xh + h_prev @ params.W_hh + params.b_h)
        h_t = kept("h", PHI[activation](a_t))
        z_t = kept("z", h_t @ params.W_hy + params.b_y)
        loss = loss + cross_entropy(z_t, y_t, reduction="sum")
        h_prev = kept("message", h_t.clone())  # what later steps see, apart from the own loss
    return kept, loss


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("T", LENGTHS)
def test_every_value_and_every_delta_is_what_autograd_keeps(T, activation):
    case = random_case(T=T)
    trace = forward(*case, activation)
    back = backward(case.params, trace)
    params, x, h_init = leaves(case.params), leaves(case.x), leaves(case.h_init)
    kept, loss = walk(params, x, case.y, h_init, activation)
    loss.backward()

    for name in ("a", "h", "z"):
        assert_close(getattr(trace, name), kept.value(name), name)
        assert_close(getattr(back, f"delta_{name}"), kept.gradient(name), f"delta_{name}")
    assert_close(back.message, kept.gradient("message"), "message")
    assert_close(back.delta_x, gradients(x), "delta_x")
    assert_close(back.delta_h_init, gradients(h_init), "delta_h_init")
    assert_close(back.gradient, gradients(params), "gradient")


@pytest.mark.parametrize("T", LENGTHS)
def test_the_share_of_a_step_is_the_gradient_of_its_own_copy(T):
    case = random_case(T=T)
    trace = forward(*case)
    shares = per_step(trace, backward(case.params, trace))
    copies = [leaves(case.params) for _ in range(T)]
    h_prev, loss = torch.tensor(case.h_init), 0
    for params, x_t, y_t in zip(copies, case.x, case.y, strict=True):
        h_prev = torch.tanh(torch.tensor(x_t) @ params.W_xh + h_prev @ params.W_hh + params.b_h)
        z_t = h_prev @ params.W_hy + params.b_y
        loss = loss + cross_entropy(z_t, torch.tensor(y_t), reduction="sum")
    loss.backward()
    for t, params in enumerate(copies):
        assert_close(type(shares)(*(share[t] for share in shares)), gradients(params), f"{t}")


def test_the_jacobian_of_a_step_is_that_of_autograd():
    case = random_case(T=2)
    jacobians = state_jacobian(case.params, forward(*case))
    params = leaves(case.params)
    h_prev = torch.tensor(case.h_init)
    for x_t, ours in zip(torch.tensor(case.x), jacobians, strict=True):

        def step(h_prev, x_t=x_t):
            return torch.tanh(x_t @ params.W_xh + h_prev @ params.W_hh + params.b_h)

        theirs = torch.autograd.functional.jacobian(step, h_prev).numpy()
        for n, jacobian in enumerate(ours):
            assert_close(jacobian, theirs[n, :, n, :], "state_jacobian")
        h_prev = step(h_prev)


@pytest.mark.parametrize("stride", [None, 1, 3, 7])
@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_checkpointed_gradient_is_that_of_the_layers_of_pytorch(activation, stride):
    case = random_case()
    ours = checkpointed_gradient(*case, activation, stride)
    rnn, out = layers_of(case.params, activation)
    h_init = leaves(case.h_init)
    z = out(rnn(torch.tensor(case.x), h_init[np.newaxis])[0])
    loss = cross_entropy(z.flatten(0, 1), torch.tensor(case.y).flatten(), reduction="sum")
    loss.backward()
    assert ours.loss == pytest.approx(loss.item(), rel=1e-10)
    assert_close(ours.delta_h_init, gradients(h_init), "delta_h_init")
    wanted = layer_gradients(rnn) | layer_gradients(out)
    assert_close(ours.gradient.W_xh.T, wanted["weight_ih_l0"], "W_xh")
    assert_close(ours.gradient.W_hh.T, wanted["weight_hh_l0"], "W_hh")
    assert_close(ours.gradient.b_h, wanted["bias_ih_l0"], "b_h")
    assert_close(ours.gradient.W_hy.T, wanted["weight"], "W_hy")
    assert_close(ours.gradient.b_y, wanted["bias"], "b_y")


def test_weights_that_pytorch_has_drawn_are_read_as_ours():
    case = random_case()
    torch.manual_seed(0)
    rnn = torch.nn.RNN(case.x.shape[2], case.h_init.shape[1], dtype=torch.float64)
    out = torch.nn.Linear(case.h_init.shape[1], len(case.params.b_y), dtype=torch.float64)
    ours, dense = from_torch(rnn.state_dict()), from_torch(out.state_dict())
    params = type(case.params)(ours.W_xh, ours.W_hh, dense.weights, ours.b_h, dense.bias)
    z = out(rnn(torch.tensor(case.x), torch.tensor(case.h_init)[np.newaxis])[0])
    assert_close(forward(params, *case[1:]).z, values(z), "z")
