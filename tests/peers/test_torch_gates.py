"""LSTM and GRU: PyTorch's layers, and autograd on every value in between."""

import numpy as np
import pytest
import torch

from gated_networks import random_gru, random_lstm, upstream_for
from networks import LENGTHS
from rnnlib.conversions import from_torch
from rnnlib.gru import gru_forward
from rnnlib.gru_backward import gru_backward
from rnnlib.lstm import lstm_forward
from rnnlib.lstm_backward import lstm_backward
from tensors import (
    TOLERANCES,
    Kept,
    assert_close,
    gradients,
    layer_gradients,
    leaves,
    loaded,
    values,
)


@pytest.mark.parametrize("dtype", TOLERANCES)
@pytest.mark.parametrize("T", LENGTHS)
def test_the_lstm_of_pytorch_gives_the_same_states_and_gradients(T, dtype):
    case = random_lstm(T=T, dtype=dtype)
    weights = upstream_for(case)
    tolerance = TOLERANCES[dtype]
    trace = lstm_forward(*case)
    back = lstm_backward(case.params, trace, *weights)

    lstm = loaded(case.params)
    x, h_init, cell_init = map(leaves, case[1:])
    h, (h_last, cell_last) = lstm(x, (h_init[np.newaxis], cell_init[np.newaxis]))
    upstream, message_last, cell_message_last = map(torch.tensor, weights)
    loss = (upstream * h).sum() + (message_last * h_last + cell_message_last * cell_last).sum()
    loss.backward()

    assert_close(trace.h, values(h), "h", tolerance)
    assert_close(trace.cell[-1:], values(cell_last), "cell", tolerance)
    assert_close(back.delta_x, gradients(x), "delta_x", tolerance)
    assert_close(back.delta_h_init, gradients(h_init), "delta_h_init", tolerance)
    assert_close(back.delta_cell_init, gradients(cell_init), "delta_cell_init", tolerance)
    wanted = layer_gradients(lstm)
    assert_close(back.gradient.W_xh.T, wanted["weight_ih_l0"], "W_xh", tolerance)
    assert_close(back.gradient.W_hh.T, wanted["weight_hh_l0"], "W_hh", tolerance)
    assert_close(back.gradient.b_h, wanted["bias_ih_l0"], "b_h", tolerance)
    assert_close(back.gradient.b_h, wanted["bias_hh_l0"], "b_h", tolerance)


@pytest.mark.parametrize("dtype", TOLERANCES)
@pytest.mark.parametrize("T", LENGTHS)
def test_the_gru_of_pytorch_gives_the_same_states_and_gradients(T, dtype):
    case = random_gru(T=T, dtype=dtype)
    weights = upstream_for(case)[:2]
    tolerance = TOLERANCES[dtype]
    trace = gru_forward(*case)
    back = gru_backward(case.params, trace, *weights)

    gru = loaded(case.params)
    x, h_init = map(leaves, case[1:])
    h, h_last = gru(x, h_init[np.newaxis])
    upstream, message_last = map(torch.tensor, weights)
    ((upstream * h).sum() + (message_last * h_last).sum()).backward()

    assert_close(trace.h, values(h), "h", tolerance)
    assert_close(back.delta_x, gradients(x), "delta_x", tolerance)
    assert_close(back.delta_h_init, gradients(h_init), "delta_h_init", tolerance)
    wanted = layer_gradients(gru)
    assert_close(back.gradient.W_xh.T, wanted["weight_ih_l0"], "W_xh", tolerance)
    assert_close(back.gradient.W_hh.T, wanted["weight_hh_l0"], "W_hh", tolerance)
    assert_close(back.gradient.b_h, wanted["bias_ih_l0"], "b_h", tolerance)
    # Behind the reset gate the second bias has a gradient of its own.
    candidate = slice(2 * len(back.gradient.b_q), None)
    assert_close(back.gradient.b_q, wanted["bias_hh_l0"][candidate], "b_q", tolerance)


@pytest.mark.parametrize("T", LENGTHS)
def test_every_value_and_every_delta_of_an_lstm_is_what_autograd_keeps(T):
    case = random_lstm(T=T)
    weights = upstream_for(case)
    trace = lstm_forward(*case)
    back = lstm_backward(case.params, trace, *weights)

    params, x, h_init, cell_init = map(leaves, case)
    upstream, message_last, cell_message_last = map(torch.tensor, weights)
    kept, loss, h_prev, cell_prev = Kept(), 0, h_init, cell_init
    for x_t, upstream_t in zip(x.unbind(), upstream.unbind(), strict=True):
        a_t = kept("a", x_t @ params.W_xh + h_prev @ params.W_hh + params.b_h)
        a_input, a_forget, a_candidate, a_output = a_t.chunk(4, dim=1)
        input_gate = kept("input_gate", torch.sigmoid(a_input))
        forget_gate = kept("forget_gate", torch.sigmoid(a_forget))
        candidate = kept("candidate", torch.tanh(a_candidate))
        output_gate = kept("output_gate", torch.sigmoid(a_output))
        cell = kept("cell", forget_gate * cell_prev + input_gate * candidate)
        h_t = kept("h", output_gate * torch.tanh(cell))
        loss = loss + (upstream_t * h_t).sum()
        h_prev, cell_prev = kept("message", h_t.clone()), kept("cell_message", cell.clone())
    (loss + (message_last * h_prev + cell_message_last * cell_prev).sum()).backward()

    for name in ("a", "input_gate", "forget_gate", "candidate", "output_gate", "cell", "h"):
        assert_close(getattr(trace, name), kept.value(name), name)
    for name in ("a", "cell", "h"):
        assert_close(getattr(back, f"delta_{name}"), kept.gradient(name), f"delta_{name}")
    for name in ("message", "cell_message"):
        assert_close(getattr(back, name), kept.gradient(name), name)
    for name, tensor in (("x", x), ("h_init", h_init), ("cell_init", cell_init)):
        assert_close(getattr(back, f"delta_{name}"), gradients(tensor), f"delta_{name}")
    assert_close(back.gradient, gradients(params), "gradient")


@pytest.mark.parametrize("T", LENGTHS)
def test_every_value_and_every_delta_of_a_gru_is_what_autograd_keeps(T):
    case = random_gru(T=T)
    weights = upstream_for(case)[:2]
    trace = gru_forward(*case)
    back = gru_backward(case.params, trace, *weights)

    params, x, h_init = map(leaves, case)
    upstream, message_last = map(torch.tensor, weights)
    from_inputs, from_state, bias = (
        array.chunk(3, dim=-1) for array in (params.W_xh, params.W_hh, params.b_h)
    )
    kept, loss, h_prev = Kept(), 0, h_init
    for x_t, upstream_t in zip(x.unbind(), upstream.unbind(), strict=True):
        a_reset, a_update = (
            kept(f"a{k}", x_t @ from_inputs[k] + h_prev @ from_state[k] + bias[k]) for k in (0, 1)
        )
        reset_gate = kept("reset_gate", torch.sigmoid(a_reset))
        update_gate = kept("update_gate", torch.sigmoid(a_update))
        recalled = kept("recalled", h_prev @ from_state[2] + params.b_q)
        a_candidate = kept("a2", x_t @ from_inputs[2] + bias[2] + reset_gate * recalled)
        candidate = kept("candidate", torch.tanh(a_candidate))
        h_t = kept("h", update_gate * h_prev + (1 - update_gate) * candidate)
        loss = loss + (upstream_t * h_t).sum()
        h_prev = kept("message", h_t.clone())
    (loss + (message_last * h_prev).sum()).backward()

    for name in ("reset_gate", "update_gate", "candidate", "recalled", "h"):
        assert_close(getattr(trace, name), kept.value(name), name)
    for name in ("recalled", "h"):
        assert_close(getattr(back, f"delta_{name}"), kept.gradient(name), f"delta_{name}")
    for k, (a, delta_a) in enumerate(
        zip(np.split(trace.a, 3, axis=2), np.split(back.delta_a, 3, axis=2), strict=True)
    ):
        assert_close(a, kept.value(f"a{k}"), f"block {k} of a")
        assert_close(delta_a, kept.gradient(f"a{k}"), f"block {k} of delta_a")
    assert_close(back.message, kept.gradient("message"), "message")
    for name, tensor in (("x", x), ("h_init", h_init)):
        assert_close(getattr(back, f"delta_{name}"), gradients(tensor), f"delta_{name}")
    assert_close(back.gradient, gradients(params), "gradient")


@pytest.mark.parametrize(
    ("kind", "draw", "run"),
    [
        (torch.nn.LSTM, random_lstm, lambda *case: lstm_forward(*case).h),
        (torch.nn.GRU, random_gru, lambda *case: gru_forward(*case).h),
    ],
    ids=["lstm", "gru"],
)
def test_weights_that_pytorch_has_drawn_are_read_as_ours(kind, draw, run):
    _, x, *init = draw()
    torch.manual_seed(0)
    layer = kind(x.shape[2], init[0].shape[1], dtype=torch.float64)
    before = [torch.tensor(value)[np.newaxis] for value in init]
    h, _ = layer(torch.tensor(x), before[0] if len(before) == 1 else tuple(before))
    assert_close(run(from_torch(layer.state_dict()), x, *init), values(h), "h")
