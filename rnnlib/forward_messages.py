"""Forward messages from an encoder through its decoder: α, β, γ and ζ as whole tensors."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from .decoder_parameters import EncoderDecoder, check_encoder_decoder
from .decoder_rtrl import DecoderInfluence, decoder_influences, decoder_rtrl
from .encoder_decoder import EncoderDecoderTrace
from .influence import Influence, carried, paired
from .recurrent import Recurrent
from .rtrl import influences


class EncoderDecoderInfluence(NamedTuple):
    r"""
    The messages of one step of the decoder: total derivatives of its state :math:`h^d_t`.

    Attributes
    ----------
    encoder : Influence
        By the parameters of the encoder and by its first state. Those by :math:`W_{xh}` and
        :math:`W_{hh}` are often called :math:`\zeta_t` and :math:`\gamma_t`.
    decoder : DecoderInfluence
        By the parameters of the decoder. Those by :math:`W_{xh}` and :math:`W_{hh}` are often
        called :math:`\alpha_t` and :math:`\beta_t`.
    """

    encoder: Influence
    decoder: DecoderInfluence


class EncoderDecoderForwardGradient(NamedTuple):
    r"""
    Gradients found without a way back.

    Attributes
    ----------
    gradient : EncoderDecoder
        :math:`\mathrm dL/\mathrm d\theta`, summed over losses and samples.
    delta_h_init : ndarray, shape (N, n_h)
        Derivative of the total loss by the first state of the encoder.
    per_loss : EncoderDecoder
        Each array has a leading axis, one entry for each loss.
    """

    gradient: EncoderDecoder
    delta_h_init: np.ndarray
    per_loss: EncoderDecoder


def forward_messages(
    params: EncoderDecoder, trace: EncoderDecoderTrace
) -> Iterator[EncoderDecoderInfluence]:
    r"""
    Walk through the decoder with the influence of every parameter of both networks.

    Parameters
    ----------
    params : EncoderDecoder
        The parameters that made the trace.
    trace : EncoderDecoderTrace
        What the forward pass stored.

    Yields
    ------
    EncoderDecoderInfluence
        Derivatives of the state of the decoder, for each of its steps.

    Raises
    ------
    ValueError
        At the call, if `params` and `trace` do not fit together.

    See Also
    --------
    rnnlib.rtrl.influences : the messages inside the encoder.

    Notes
    -----
    Let :math:`c` be the last state of the encoder, and :math:`R_t` the derivative of
    :math:`h^d_t` by it, over all paths: as first state, as context, or both. Then the
    influence of a parameter of the encoder is carried on by one product,

    .. math:: \zeta_t = R_t \frac{\mathrm dc}{\mathrm dW_{xh}}, \qquad
        \gamma_t = R_t \frac{\mathrm dc}{\mathrm dW_{hh}} .

    With :math:`R_t = \partial^{+} h^d_t / \partial c + \bar J_t R_{t-1}`, this is the same as

    .. math::
        \zeta_t = \frac{\partial^{+} h^d_t}{\partial c} \frac{\mathrm dc}{\mathrm dW_{xh}}
            + \bar J_t \zeta_{t-1} ,

    but :math:`n_h^2` numbers travel in place of :math:`n_x n_h^2`.

    Examples
    --------
    >>> from rnnlib.decoder_parameters import init_encoder_decoder
    >>> from rnnlib.encoder_decoder import encoder_decoder_forward
    >>> params = init_encoder_decoder(np.random.default_rng(0), n_x=7, n_h=3, n_y=5)
    >>> x, start, y = np.ones((6, 2, 7)), np.eye(5)[[0, 0]], np.zeros((4, 2), int)
    >>> trace = encoder_decoder_forward(params, x, start, y)
    >>> [P_t.encoder.W_xh.shape for P_t in forward_messages(params, trace)][-1]
    (2, 3, 7, 3)
    """
    _check(params, trace)
    in_encoder = influences(params.encoder, trace.encoder)
    in_decoder = decoder_influences(params.decoder, trace.decoder)
    return _walk(trace, in_encoder, in_decoder)


def encoder_decoder_rtrl(
    params: EncoderDecoder, trace: EncoderDecoderTrace
) -> EncoderDecoderForwardGradient:
    r"""
    Find the gradient of every loss of the decoder, for both networks, on the way forward.

    Parameters
    ----------
    params : EncoderDecoder
        The parameters that made the trace.
    trace : EncoderDecoderTrace
        What the forward pass stored.

    Returns
    -------
    EncoderDecoderForwardGradient
        Derivatives of the total loss, and of the loss of each step (nats, summed over the
        batch).

    Raises
    ------
    ValueError
        If `params` and `trace` do not fit together.

    See Also
    --------
    rnnlib.encoder_decoder.encoder_decoder_backward : the same gradient by one walk back.

    Notes
    -----
    Brackets may be set in two ways,

    .. math::
        \frac{\mathrm dL_t}{\mathrm dW_{xh}}
        = \frac{\partial L_t}{\partial h^d_t}
          \Bigl( R_t \frac{\mathrm dc}{\mathrm dW_{xh}} \Bigr)
        = \Bigl( \frac{\partial L_t}{\partial h^d_t} R_t \Bigr)
          \frac{\mathrm dc}{\mathrm dW_{xh}} .

    The first is :math:`\zeta_t`; the second, used here, does without it: the messages of
    the encoder wait at its end.

    Examples
    --------
    >>> from rnnlib.decoder_parameters import init_encoder_decoder
    >>> from rnnlib.encoder_decoder import encoder_decoder_forward
    >>> params = init_encoder_decoder(np.random.default_rng(0), n_x=7, n_h=3, n_y=5)
    >>> x, start, y = np.ones((6, 2, 7)), np.eye(5)[[0, 0]], np.zeros((4, 2), int)
    >>> trace = encoder_decoder_forward(params, x, start, y)
    >>> encoder_decoder_rtrl(params, trace).per_loss.encoder.W_xh.shape
    (4, 7, 3)
    """
    _check(params, trace)
    *_, last = influences(params.encoder, trace.encoder)
    decoder = decoder_rtrl(params.decoder, trace.decoder)
    # ∂L_t/∂c, one row for each loss and sample
    upstreams = trace.by_last_state(decoder.per_loss_h_init, decoder.per_loss_context)
    per_loss = Recurrent(
        W_xh=np.stack([paired(upstream, last.W_xh) for upstream in upstreams]),
        W_hh=np.stack([paired(upstream, last.W_hh) for upstream in upstreams]),
        b_h=np.stack([paired(upstream, last.b_h) for upstream in upstreams]),
    )
    gradient = Recurrent(*(share.sum(axis=0) for share in per_loss))
    return EncoderDecoderForwardGradient(
        EncoderDecoder(gradient, decoder.gradient),
        np.einsum("tnj,njk->nk", upstreams, last.h_init),
        EncoderDecoder(per_loss, decoder.per_loss),
    )


def _walk(
    trace: EncoderDecoderTrace,
    in_encoder: Iterator[Influence],
    in_decoder: Iterator[DecoderInfluence],
) -> Iterator[EncoderDecoderInfluence]:
    """Walk through the encoder to its end, then yield the steps of the decoder."""
    *_, last = in_encoder
    for P_t in in_decoder:
        # R_t: all paths from the last state of the encoder to this state of the decoder
        paths = trace.by_last_state(P_t.h_init, P_t.context)
        yield EncoderDecoderInfluence(Influence(*(carried(paths, p) for p in last)), P_t)


def _check(params: EncoderDecoder, trace: EncoderDecoderTrace) -> None:
    """Check that the trace can have come from these parameters."""
    if not isinstance(trace, EncoderDecoderTrace):
        raise ValueError(f"trace: expected an EncoderDecoderTrace, got {type(trace).__name__}")
    check_encoder_decoder(params, trace.context)
