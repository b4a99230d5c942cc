"""Losses at some steps only, inputs at some steps only: by BPTT and by forward messages."""

from functools import partial

import numpy as np
import pytest

from networks import LENGTHS, random_case
from rnnlib import ACTIVATIONS, forward
from rnnlib.bptt import backward
from rnnlib.rtrl import influences, rtrl
from rnnlib.sequence_shapes import many_to_one, one_to_many, sequence_backward
from sequence_cases import assert_close
from sequence_loops import network_losses, relative_error, slopes


def shaped(shape, T, seed=0, dtype=np.float64):
    """Draw a case of one shape: the call that runs it, and all that it stands for in numbers."""
    case = random_case(seed, T, N=2, n_x=3, n_h=5, n_y=7, dtype=dtype)
    values = {**case.params._asdict(), "x": case.x.copy(), "h_init": case.h_init}
    if shape == "many to one":
        y = case.y[-1:]
        return case, partial(many_to_one, case.params, case.x, y[0], case.h_init), values, y
    values["x"][1:] = 0
    return case, partial(one_to_many, case.params, case.x[0], case.y, case.h_init), values, case.y


SHAPES = pytest.mark.parametrize("shape", ["many to one", "one to many"])


@SHAPES
@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("T", LENGTHS)
def test_every_gradient_and_delta_equals_the_complex_step(T, activation, shape):
    case, run, values, y = shaped(shape, T)
    trace = run(activation)
    back = sequence_backward(case.params, trace)
    losses = partial(network_losses, y=y, activation=activation)
    assert_close(trace.loss, losses(values), "loss")
    for name, got in back.gradient._asdict().items():
        assert_close(got, slopes(losses, values, name).sum(axis=0), name)
    for name in ("x", "a", "h", "z"):
        got = getattr(back, f"delta_{name}")
        some = values if name == "x" else {**values, name: np.zeros_like(got)}
        assert_close(got, slopes(losses, some, name).sum(axis=0), name)
    assert_close(back.delta_h_init, slopes(losses, values, "h_init").sum(axis=0), "h_init")


@SHAPES
@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("T", LENGTHS)
def test_forward_messages_give_the_gradient_of_every_loss(T, activation, shape):
    case, run, values, y = shaped(shape, T)
    trace = run(activation)
    found = rtrl(case.params, trace.recurrent, delta_z=trace.delta_z)
    losses = partial(network_losses, y=y, activation=activation)
    back = sequence_backward(case.params, trace)
    for name, got in found.per_loss._asdict().items():
        assert_close(got, slopes(losses, values, name), name)
        assert_close(getattr(found.gradient, name), getattr(back.gradient, name), name)
    assert_close(found.delta_h_init, back.delta_h_init, "h_init")


def test_many_to_one_is_the_last_loss_of_the_synchronised_network():
    params, x, y, h_init = random_case()
    trace = forward(params, x, y, h_init)
    alone = many_to_one(params, x, y[-1], h_init)
    np.testing.assert_allclose(alone.loss, trace.loss[-1:], rtol=1e-14)
    last = rtrl(params, trace).per_loss
    for name, got in sequence_backward(params, alone).gradient._asdict().items():
        assert_close(got, getattr(last, name)[-1], name)


def test_one_to_many_is_the_synchronised_network_with_nothing_to_read():
    params, x, y, h_init = random_case()
    padded = np.concatenate([x[:1], np.zeros_like(x[1:])])
    trace = forward(params, padded, y, h_init)
    alone = one_to_many(params, x[0], y, h_init)
    np.testing.assert_allclose(alone.loss, trace.loss, rtol=1e-13)
    back = backward(params, trace)
    for name, got in sequence_backward(params, alone).gradient._asdict().items():
        assert_close(got, getattr(back.gradient, name), name)


def test_a_step_without_a_loss_hears_the_message_alone():
    params, x, y, h_init = random_case()
    back = sequence_backward(params, many_to_one(params, x, y[-1], h_init))
    assert not back.delta_z[:-1].any()
    np.testing.assert_array_equal(back.delta_h[:-1], back.message[:-1])
    assert back.message[0].any()


def test_after_the_first_step_the_input_weights_have_no_immediate_part():
    """Document 003's (27), with the sum over units: α_t = J_t α_{t-1} for t ≥ 1."""
    params, x, y, h_init = random_case()
    trace = one_to_many(params, x[0], y, h_init).recurrent
    walk = list(influences(params, trace))
    slope = 1 - trace.h**2
    for t in range(1, len(y)):
        carried = np.einsum("nj,lj,nlik->njik", slope[t], params.W_hh, walk[t - 1].W_xh)
        assert_close(walk[t].W_xh, carried, f"t = {t}")
    first = np.einsum("nj,ni,jk->njik", slope[0], x[0], np.eye(len(params.b_h)))
    assert_close(walk[0].W_xh, first, "t = 0")


@SHAPES
def test_float32_stays_float32_and_stays_close(shape):
    single, run, _, _ = shaped(shape, 7, dtype=np.float32)
    trace = run()
    back = sequence_backward(single.params, trace)
    assert {array.dtype for array in (*trace[2:], *trace.recurrent[:3])} == {np.dtype(np.float32)}
    double = type(single.params)(*(array.astype(np.float64) for array in single.params))
    values = [a.astype(np.float64) if a.dtype == np.float32 else a for a in run.args[1:]]
    exact = sequence_backward(double, run.func(double, *values))
    # A sum of some tens of products, seven steps on, each off by 6e-8: 1e-6, and room.
    for name, got in back.gradient._asdict().items():
        assert got.dtype == np.float32
        assert relative_error(got, getattr(exact.gradient, name)) <= 1e-5, name
