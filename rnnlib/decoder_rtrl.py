"""Forward messages in a decoder: a word that is heard again carries influence like a state."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from .decoder import DecoderTrace, check_decoder_trace
from .decoder_parameters import Decoder
from .derivatives import DERIVATIVES, softmax_jacobian
from .influence import carried, immediate, paired
from .losses import cross_entropy_delta


class DecoderInfluence(NamedTuple):
    r"""
    The messages of one step: total derivatives of its state, sample by sample.

    Attributes
    ----------
    params : Decoder
        Each array has leading axes (N, n_h): entry :math:`n, j, i, k` of a weight matrix is
        :math:`\mathrm dh_{t,j} / \mathrm dW[i, k]` of sample :math:`n`.
    h_init : ndarray, shape (N, n_h, n_h)
        The same by the state before the first word.
    context : ndarray, shape (N, n_h, context)
        The same by the context.
    """

    params: Decoder
    h_init: np.ndarray
    context: np.ndarray


class DecoderForwardGradient(NamedTuple):
    r"""
    Gradients found without a way back; those of each loss have a leading axis of length T.

    Attributes
    ----------
    gradient : Decoder
        :math:`\mathrm dL/\mathrm d\theta`, summed over losses and samples.
    per_loss : Decoder
        :math:`\mathrm dL_t/\mathrm d\theta`, summed over samples.
    per_loss_h_init : ndarray, shape (T, N, n_h)
        :math:`\mathrm dL_t/\mathrm dh_{-1}`.
    per_loss_context : ndarray, shape (T, N, context)
        Derivative of each loss by the context.
    """

    gradient: Decoder
    per_loss: Decoder
    per_loss_h_init: np.ndarray
    per_loss_context: np.ndarray


def decoder_influences(params: Decoder, trace: DecoderTrace) -> Iterator[DecoderInfluence]:
    r"""
    Walk forward with the influence of every parameter on the state of the decoder.

    Parameters
    ----------
    params : Decoder
        The parameters that made the trace.
    trace : DecoderTrace
        What the forward pass stored.

    Yields
    ------
    DecoderInfluence
        Derivatives of :math:`h_t`, for :math:`t = 0, \dots, T-1`.

    Raises
    ------
    ValueError
        At the call, if `params` and `trace` do not fit together.

    See Also
    --------
    rnnlib.rtrl.influences : the same without words.

    Notes
    -----
    Where the network hears its own words, :math:`x_t = \hat y_{t-1}`, a state reaches the next
    one by two paths, and the carrying matrix is a sum of two,

    .. math::
        P_t &= \frac{\partial^{+} h_t}{\partial \theta} + \bar J_t P_{t-1} \\
        \bar J_t &= \frac{\partial h_t}{\partial h_{t-1}}
            + \frac{\partial h_t}{\partial \hat y_{t-1}}
              \frac{\partial \hat y_{t-1}}{\partial h_{t-1}}

    and :math:`W_{hy}` and :math:`b_y`, which made that word, influence the state as well.
    Otherwise their influence is 0.

    Examples
    --------
    >>> from rnnlib.decoder import decoder_forward
    >>> from rnnlib.decoder_parameters import init_decoder
    >>> params = init_decoder(np.random.default_rng(0), n_y=5, n_h=3, width=2)
    >>> trace = decoder_forward(params, start=np.eye(5)[[0, 0]], y=np.zeros((4, 2), int))
    >>> [P_t.params.W_xh.shape for P_t in decoder_influences(params, trace)][-1]
    (2, 3, 5, 3)
    """
    check_decoder_trace(params, trace)
    return _walk(params, trace)


def decoder_rtrl(params: Decoder, trace: DecoderTrace) -> DecoderForwardGradient:
    r"""
    Find the gradient of every loss of a decoder on the way forward.

    Parameters
    ----------
    params : Decoder
        The parameters that made the trace.
    trace : DecoderTrace
        What the forward pass stored.

    Returns
    -------
    DecoderForwardGradient
        Derivatives of the total loss, and of the loss of each step (nats, summed over the
        batch).

    Raises
    ------
    ValueError
        If `params` and `trace` do not fit together.

    See Also
    --------
    rnnlib.decoder_backward.decoder_backward : the same gradient by one walk back.

    Notes
    -----
    With :math:`\partial L_t / \partial h_t = \delta^z_t W_{hy}^\top`, where
    :math:`\delta^z_t = \hat y_t - \mathrm{onehot}(y_t)` is what the loss of this step says,

    .. math::
        \frac{\mathrm dL_t}{\mathrm dW_{hy}}
        = h_t^\top \delta^z_t + \frac{\partial L_t}{\partial h_t} P_t ,

    and for every other parameter the second term alone.

    Examples
    --------
    >>> from rnnlib.decoder import decoder_forward
    >>> from rnnlib.decoder_parameters import init_decoder
    >>> params = init_decoder(np.random.default_rng(0), n_y=5, n_h=3, width=2)
    >>> trace = decoder_forward(params, start=np.eye(5)[[0, 0]], y=np.zeros((4, 2), int))
    >>> decoder_rtrl(params, trace).per_loss.W_hy.shape
    (4, 3, 5)
    """
    messages = decoder_influences(params, trace)
    delta_z = cross_entropy_delta(trace.z, trace.y)
    from_own_loss = delta_z @ params.W_hy.T  # ∂L_t/∂h_t
    shares, by_h_init, by_context = [], [], []
    for P_t, upstream in zip(messages, from_own_loss, strict=True):
        shares.append(Decoder(*(paired(upstream, influence) for influence in P_t.params)))
        # A sample has a first state and a context of its own: no sum over samples.
        by_h_init.append(np.einsum("nj,njk->nk", upstream, P_t.h_init))
        by_context.append(np.einsum("nj,njk->nk", upstream, P_t.context))
    per_loss = Decoder(*map(np.stack, zip(*shares, strict=True)))
    per_loss = per_loss._replace(
        W_hy=per_loss.W_hy + trace.recurrent.h.swapaxes(1, 2) @ delta_z,
        b_y=per_loss.b_y + delta_z.sum(axis=1),
    )
    gradient = Decoder(*(share.sum(axis=0) for share in per_loss))
    return DecoderForwardGradient(gradient, per_loss, np.stack(by_h_init), np.stack(by_context))


def _walk(params: Decoder, trace: DecoderTrace) -> Iterator[DecoderInfluence]:
    """Yield the influences step by step; the arguments have been checked."""
    x, h, h_prev = trace.recurrent.x, trace.recurrent.h, trace.recurrent.h_prev
    T, N, n_h = h.shape
    slope = DERIVATIVES[trace.recurrent.activation](h)
    unit = np.eye(n_h, dtype=slope.dtype)

    # P_{-1}: before the first word nothing has happened, and h_{-1} is itself.
    P_t = DecoderInfluence(
        params=Decoder(*(np.zeros((N, n_h, *array.shape), slope.dtype) for array in params)),
        h_init=np.broadcast_to(unit, (N, n_h, n_h)),
        context=np.zeros((N, n_h, len(params.W_ch)), slope.dtype),
    )
    for t in range(T):
        reach = slope[t][:, :, np.newaxis] * unit  # dh_t/da_t
        if trace.feedback == "predictions" and t > 0:
            # dh_t/dz_{t-1}, through the word: dh_t/da_t  da_t/dŷ_{t-1}  dŷ_{t-1}/dz_{t-1}
            through_word = reach @ params.W_xh.T @ softmax_jacobian(trace.y_hat[t - 1])
        else:
            through_word = np.zeros((N, *params.W_hy.shape), slope.dtype)
        # J_t, and the path through the word
        jacobian = reach @ params.W_hh.T + through_word @ params.W_hy.T
        now = DecoderInfluence(
            params=Decoder(
                W_xh=immediate(reach, x[t]),
                W_hh=immediate(reach, h_prev[t]),
                W_ch=immediate(reach, trace.context),
                W_hy=immediate(through_word, h_prev[t]),
                b_h=reach,
                b_y=through_word,
            ),
            h_init=np.zeros_like(unit),
            context=reach @ params.W_ch.T,
        )
        # P_t = ∂⁺h_t/∂θ + J_t P_{t-1}
        P_t = DecoderInfluence(
            params=Decoder(
                *(new + carried(jacobian, old) for new, old in zip(now[0], P_t[0], strict=True))
            ),
            h_init=now.h_init + carried(jacobian, P_t.h_init),
            context=now.context + carried(jacobian, P_t.context),
        )
        yield P_t
