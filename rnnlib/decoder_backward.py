"""The walk back through a decoder: two arrows into a state, and two into a word."""

from typing import NamedTuple

import numpy as np

from .decoder import DecoderTrace, check_decoder_trace
from .decoder_parameters import Decoder
from .derivatives import DERIVATIVES, softmax_backward
from .losses import cross_entropy_delta
from .products import sum_of_products


class DecoderBackward(NamedTuple):
    r"""
    What the backward pass computes. Each delta is a total derivative of the loss.

    Attributes
    ----------
    delta_z : ndarray, shape (T, N, n_y)
        :math:`\mathrm dL/\mathrm dz_t`: from its own loss and, where the network hears its own
        words, from the step that hears this one.
    message : ndarray, shape (T, N, n_h)
        What later states report back to each state; the last one hears nothing.
    delta_h : ndarray, shape (T, N, n_h)
        :math:`\mathrm dL/\mathrm dh_t`.
    delta_a : ndarray, shape (T, N, n_h)
        :math:`\mathrm dL/\mathrm da_t`.
    delta_x : ndarray, shape (T, N, n_y)
        :math:`\mathrm dL/\mathrm dx_t`, for the words that were heard; the first is the start.
    delta_h_init : ndarray, shape (N, n_h)
        :math:`\mathrm dL/\mathrm dh_{-1}`.
    delta_context : ndarray, shape (N, context)
        Derivative of the loss by the context, which every step has used.
    gradient : Decoder
        :math:`\mathrm dL/\mathrm d\theta`, summed over steps and samples.
    """

    delta_z: np.ndarray
    message: np.ndarray
    delta_h: np.ndarray
    delta_a: np.ndarray
    delta_x: np.ndarray
    delta_h_init: np.ndarray
    delta_context: np.ndarray
    gradient: Decoder


def decoder_backward(params: Decoder, trace: DecoderTrace) -> DecoderBackward:
    r"""
    Walk back through time, from the last word to the first.

    Parameters
    ----------
    params : Decoder
        The parameters that made the trace.
    trace : DecoderTrace
        What the forward pass stored.

    Returns
    -------
    DecoderBackward
        Derivatives of the total loss (nats, summed over steps and batch).

    Raises
    ------
    ValueError
        If `params` and `trace` do not fit together.

    See Also
    --------
    rnnlib.decoder.decoder_forward : makes the trace.
    rnnlib.decoder_rtrl.decoder_rtrl : the same gradient on the way forward.

    Notes
    -----
    For :math:`t = T-1, \dots, 0`, beginning with :math:`\overleftarrow m_{T-1} = 0`,

    .. math::
        \delta^z_t &= \hat y_t - \mathrm{onehot}(y_t)
            + \delta^x_{t+1} \bigl(\mathrm{diag}(\hat y_t) - \hat y_t^\top \hat y_t\bigr) \\
        \delta^h_t &= \delta^z_t W_{hy}^\top + \overleftarrow m_t \\
        \delta^a_t &= \delta^h_t \odot (1 - h_t^2) \\
        \delta^x_t &= \delta^a_t W_{xh}^\top \\
        \overleftarrow m_{t-1} &= \delta^a_t W_{hh}^\top

    The last term of :math:`\delta^z_t` is there if :math:`\hat y_t` is the word that is heard
    next, :math:`x_{t+1} = \hat y_t`. Then :math:`W_{hy}` and :math:`b_y` act on later losses,
    and need the walk back in time like every other parameter.

    Examples
    --------
    >>> from rnnlib.decoder import decoder_forward
    >>> from rnnlib.decoder_parameters import init_decoder
    >>> params = init_decoder(np.random.default_rng(0), n_y=5, n_h=3, width=2)
    >>> trace = decoder_forward(params, start=np.eye(5)[[0, 0]], y=np.zeros((4, 2), int))
    >>> decoder_backward(params, trace).gradient.W_ch.shape
    (2, 3)
    """
    check_decoder_trace(params, trace)
    x, h, h_prev = trace.recurrent.x, trace.recurrent.h, trace.recurrent.h_prev
    y_hat = trace.y_hat
    T = len(x)

    # Out of time: what each loss says about its own step.
    from_own_loss = cross_entropy_delta(trace.z, trace.y)
    slope = DERIVATIVES[trace.recurrent.activation](h)

    # In time: a word and a state are heard by the step after them.
    delta_z, delta_x = np.empty_like(y_hat), np.empty_like(y_hat)
    message, delta_h, delta_a = np.empty_like(h), np.empty_like(h), np.empty_like(h)
    from_hearing, from_later = np.zeros_like(y_hat[0]), np.zeros_like(h[0])
    for t in reversed(range(T)):
        message[t] = from_later
        # δ^z_t = ŷ_t - onehot(y_t) + what the step that hears ŷ_t says about it
        delta_z[t] = from_own_loss[t] + from_hearing
        # δ^h_t = δ^z_t W_hy' + m_t
        delta_h[t] = delta_z[t] @ params.W_hy.T + message[t]
        # δ^a_t = δ^h_t (1 - h_t^2)
        delta_a[t] = delta_h[t] * slope[t]
        # δ^x_t = δ^a_t W_xh'
        delta_x[t] = delta_a[t] @ params.W_xh.T
        # m_{t-1} = δ^a_t W_hh'
        from_later = delta_a[t] @ params.W_hh.T
        if trace.feedback == "predictions" and t > 0:
            from_hearing = softmax_backward(y_hat[t - 1], delta_x[t])  # x_t = ŷ_{t-1}

    # Out of time again. The context is one and the same at every step.
    every_step = delta_a.sum(axis=0)
    gradient = Decoder(
        W_xh=sum_of_products(x, delta_a),  # sum over t of x_t' δ^a_t
        W_hh=sum_of_products(h_prev, delta_a),  # sum over t of h_{t-1}' δ^a_t
        W_ch=trace.context.T @ every_step,  # sum over t of c' δ^a_t
        W_hy=sum_of_products(h, delta_z),  # sum over t of h_t' δ^z_t
        b_h=delta_a.sum(axis=(0, 1)),
        b_y=delta_z.sum(axis=(0, 1)),
    )
    delta_context = every_step @ params.W_ch.T
    return DecoderBackward(
        delta_z, message, delta_h, delta_a, delta_x, from_later, delta_context, gradient
    )
