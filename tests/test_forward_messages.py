"""Forward messages through a decoder, alone and behind an encoder, in every wiring."""

from functools import partial

import numpy as np
import pytest

from networks import LENGTHS
from rnnlib import ACTIVATIONS
from rnnlib.decoder import decoder_forward
from rnnlib.decoder_backward import decoder_backward
from rnnlib.decoder_rtrl import decoder_influences, decoder_rtrl
from rnnlib.encoder_decoder import encoder_decoder_backward, encoder_decoder_forward
from rnnlib.forward_messages import encoder_decoder_rtrl, forward_messages
from rnnlib.influence import Influence
from rnnlib.recurrent import Recurrent
from rnnlib.rtrl import influences
from sequence_cases import (
    FEEDBACKS,
    LENGTH_PAIRS,
    N_H,
    N_Y,
    WIDTH,
    WIRINGS,
    N,
    assert_close,
    random_decoder,
    random_encoder_decoder,
    values_of,
)
from sequence_loops import decoder_steps, encoder_decoder_steps, slopes


def decoder_case(T, seed=0):
    """Draw a decoder, its arguments and their names for the loops."""
    rng = np.random.default_rng(seed)
    params = random_decoder(rng)
    values = {
        **params._asdict(),
        "start": rng.standard_normal((N, N_Y)),
        "h_init": rng.standard_normal((N, N_H)),
        "context": rng.standard_normal((N, WIDTH)),
    }
    y = rng.integers(N_Y, size=(T, N))
    return params, (values["start"], y, values["h_init"], values["context"]), values


def of_own_sample(by_any_sample):
    """Take from the derivative by a value of each sample that by the value of the same sample."""
    return np.einsum("tnjnk->tnjk", by_any_sample)


@pytest.mark.parametrize("feedback", FEEDBACKS)
@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("T", LENGTHS)
def test_every_influence_in_a_decoder_equals_the_complex_step(T, activation, feedback):
    params, arguments, values = decoder_case(T)
    trace = decoder_forward(params, *arguments, feedback, activation)
    found = list(decoder_influences(params, trace))
    steps = partial(decoder_steps, y=arguments[1], feedback=feedback, activation=activation)
    wanted = {name: slopes(lambda v: steps(v)[0], values, name) for name in values}
    for name in params._fields:
        got = np.stack([getattr(P_t.params, name) for P_t in found])
        assert_close(got, wanted[name], name)
        # Without words that are heard again, the output layer reaches no state.
        if name in ("W_hy", "b_y"):
            assert got.any() == (feedback == "predictions" and T > 1)
    for name in ("h_init", "context"):
        got = np.stack([getattr(P_t, name) for P_t in found])
        assert_close(got, of_own_sample(wanted[name]), name)


@pytest.mark.parametrize("feedback", FEEDBACKS)
@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("T", LENGTHS)
def test_the_gradient_of_every_loss_of_a_decoder(T, activation, feedback):
    params, arguments, values = decoder_case(T, seed=1)
    trace = decoder_forward(params, *arguments, feedback, activation)
    found, back = decoder_rtrl(params, trace), decoder_backward(params, trace)
    steps = partial(decoder_steps, y=arguments[1], feedback=feedback, activation=activation)
    wanted = {name: slopes(lambda v: steps(v)[1], values, name) for name in values}
    for name, got in found.per_loss._asdict().items():
        assert_close(got, wanted[name], name)
        assert_close(getattr(found.gradient, name), getattr(back.gradient, name), name)
    assert_close(found.per_loss_h_init, wanted["h_init"], "h_init")
    assert_close(found.per_loss_context, wanted["context"], "context")


@WIRINGS
@LENGTH_PAIRS
def test_every_influence_through_both_networks_equals_the_complex_step(
    T_in, T_out, context, feedback
):
    case = random_encoder_decoder(2, T_in, T_out)
    trace = encoder_decoder_forward(*case, context, feedback)
    found = list(forward_messages(case[0], trace))
    values = values_of(*case)

    def states(some):
        return encoder_decoder_steps(some, case[3], context, feedback, "tanh")[0]

    for name in Influence._fields:
        got = np.stack([getattr(P_t.encoder, name) for P_t in found])
        wanted = slopes(states, values, f"encoder.{name}")
        assert_close(got, of_own_sample(wanted) if name == "h_init" else wanted, name)
    for name in case[0].decoder._fields:
        got = np.stack([getattr(P_t.decoder.params, name) for P_t in found])
        assert_close(got, slopes(states, values, f"decoder.{name}"), name)


@WIRINGS
@LENGTH_PAIRS
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_forward_and_backward_messages_give_one_gradient(
    activation, T_in, T_out, context, feedback
):
    case = random_encoder_decoder(3, T_in, T_out)
    trace = encoder_decoder_forward(*case, context, feedback, activation)
    found = encoder_decoder_rtrl(case[0], trace)
    back = encoder_decoder_backward(case[0], trace)
    for part in ("encoder", "decoder"):
        by_loss = getattr(found.per_loss, part)
        for name, got in getattr(found.gradient, part)._asdict().items():
            assert_close(got, getattr(getattr(back.gradient, part), name), name)
            assert_close(got, getattr(by_loss, name).sum(axis=0), name)
    assert_close(found.delta_h_init, back.encoder.delta_h_init, "h_init")


@WIRINGS
def test_the_gradient_of_every_loss_through_both_networks(context, feedback):
    case = random_encoder_decoder(4)
    trace = encoder_decoder_forward(*case, context, feedback)
    found, values = encoder_decoder_rtrl(case[0], trace).per_loss, values_of(*case)

    def losses(some):
        return encoder_decoder_steps(some, case[3], context, feedback, "tanh")[1]

    for part in ("encoder", "decoder"):
        for name, got in getattr(found, part)._asdict().items():
            assert_close(got, slopes(losses, values, f"{part}.{name}"), name)
    # The same by ζ and γ, with the brackets set the other way: ∂L_t/∂h_t times the tensor.
    upstreams = (trace.decoder.y_hat - np.eye(N_Y)[case[3]]) @ case[0].decoder.W_hy.T
    for t, P_t in enumerate(forward_messages(case[0], trace)):
        for name in Recurrent._fields:
            share = np.einsum("nj,nj...->...", upstreams[t], getattr(P_t.encoder, name))
            assert_close(share, getattr(found.encoder, name)[t], name)


@WIRINGS
def test_zeta_and_gamma_obey_the_recursions_of_document_003_with_all_their_sums(context, feedback):
    """(15) and (16), corrected: ζ_t = ∂⁺h_t/∂c dc/dW + J̄_t ζ_{t-1}, summed over all units."""
    params, *batch = random_encoder_decoder(5)
    trace = encoder_decoder_forward(params, *batch, context, feedback)
    *_, last = influences(params.encoder, trace.encoder)
    decoder, h, y_hat = params.decoder, trace.decoder.recurrent.h, trace.decoder.y_hat
    starts = context != "every step"
    zeta = {name: getattr(last, name) * starts for name in ("W_xh", "W_hh")}
    for t, P_t in enumerate(forward_messages(params, trace)):
        to_next = np.broadcast_to(decoder.W_hh.T, (N, N_H, N_H))
        if feedback == "predictions" and t > 0:
            slope = np.stack([np.diag(row) - np.outer(row, row) for row in y_hat[t - 1]])
            to_next = to_next + decoder.W_xh.T @ slope @ decoder.W_hy.T
        diagonal = np.stack([np.diag(1 - row**2) for row in h[t]])
        jacobian, by_context = diagonal @ to_next, diagonal @ decoder.W_ch.T
        for name, message in zeta.items():
            message = np.einsum("nji,nikl->njkl", jacobian, message)
            if context != "first state":
                message += np.einsum("nji,nikl->njkl", by_context, getattr(last, name))
            zeta[name] = message
            assert_close(getattr(P_t.encoder, name), message, name)


def test_teacher_forcing_leaves_the_messages_of_a_plain_recurrent_layer():
    case = random_encoder_decoder(6)
    trace = encoder_decoder_forward(*case, "both", "targets").decoder
    decoder = case[0].decoder
    layer = Recurrent(decoder.W_xh, decoder.W_hh, decoder.b_h)
    for P_t, plain in zip(
        decoder_influences(decoder, trace), influences(layer, trace.recurrent), strict=True
    ):
        for name in layer._fields:
            assert_close(getattr(P_t.params, name), getattr(plain, name), name)
        assert_close(P_t.h_init, plain.h_init, "h_init")


def test_float32_stays_float32():
    params, arguments, _ = decoder_case(7)
    params = type(params)(*(array.astype(np.float32) for array in params))
    arguments = [a.astype(np.float32) if a.dtype == np.float64 else a for a in arguments]
    for feedback in FEEDBACKS:
        trace = decoder_forward(params, *arguments, feedback)
        found = decoder_rtrl(params, trace)
        for P_t in decoder_influences(params, trace):
            arrays = [*P_t.params, *P_t[1:]]
            assert {array.dtype for array in arrays} == {np.dtype(np.float32)}
        arrays = [*found.gradient, *found.per_loss, *found[2:]]
        assert {array.dtype for array in arrays} == {np.dtype(np.float32)}
