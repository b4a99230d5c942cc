"""Backpropagation through time: one walk backwards along the trace."""

from typing import NamedTuple

import numpy as np

from .arguments import check_array
from .derivatives import DERIVATIVES
from .forward_pass import Trace, check_trace
from .parameters import Parameters
from .products import sum_of_products


class BackwardTrace(NamedTuple):
    r"""
    What the backward pass computes. Each delta is a total derivative of the loss.

    Attributes
    ----------
    delta_z : ndarray, shape (T, N, n_y)
        :math:`\mathrm dL/\mathrm dz_t`.
    message : ndarray, shape (T, N, n_h)
        What later steps report back to each step; the last one hears nothing.
    delta_h : ndarray, shape (T, N, n_h)
        :math:`\mathrm dL/\mathrm dh_t`: from its own loss, and by the message.
    delta_a : ndarray, shape (T, N, n_h)
        :math:`\mathrm dL/\mathrm da_t`.
    delta_x : ndarray, shape (T, N, n_x)
        :math:`\mathrm dL/\mathrm dx_t`.
    delta_h_init : ndarray, shape (N, n_h)
        :math:`\mathrm dL/\mathrm dh_{-1}`: the message that leaves the first step.
    gradient : Parameters
        :math:`\mathrm dL/\mathrm d\theta`, summed over steps and samples.
    """

    delta_z: np.ndarray
    message: np.ndarray
    delta_h: np.ndarray
    delta_a: np.ndarray
    delta_x: np.ndarray
    delta_h_init: np.ndarray
    gradient: Parameters


def backward(params: Parameters, trace: Trace) -> BackwardTrace:
    r"""
    Walk back through time, from the last step to the first.

    Parameters
    ----------
    params : Parameters
        The parameters that made the trace.
    trace : Trace
        What the forward pass stored.

    Returns
    -------
    BackwardTrace
        Derivatives of the total loss (nats, summed over steps and batch) by every
        intermediate value and by every parameter.

    Raises
    ------
    ValueError
        If `params` and `trace` do not fit together.

    See Also
    --------
    rnnlib.forward_pass.forward : makes the trace.
    per_step : the same gradient, one share for each step.

    Notes
    -----
    For :math:`t = T-1, \dots, 0`, beginning with :math:`\overleftarrow m_{T-1} = 0`,

    .. math::
        \delta^z_t &= \hat y_t - \mathrm{onehot}(y_t) \\
        \delta^h_t &= \delta^z_t W_{hy}^\top + \overleftarrow m_t \\
        \delta^a_t &= \delta^h_t \odot (1 - h_t^2) \\
        \overleftarrow m_{t-1} &= \delta^a_t W_{hh}^\top

    and then, with a sum over the batch in each product,

    .. math::
        \frac{\mathrm dL}{\mathrm dW_{xh}} = \sum_t x_t^\top \delta^a_t, \quad
        \frac{\mathrm dL}{\mathrm dW_{hh}} = \sum_t h_{t-1}^\top \delta^a_t, \quad
        \frac{\mathrm dL}{\mathrm dW_{hy}} = \sum_t h_t^\top \delta^z_t .

    The algorithm is Werbos's [1]_.

    References
    ----------
    .. [1] P. J. Werbos, "Backpropagation through time: what it does and how to do it",
       Proceedings of the IEEE 78 (1990) 1550-1560.

    Examples
    --------
    >>> from rnnlib import forward, init_parameters
    >>> params = init_parameters(np.random.default_rng(0), n_x=5, n_h=3, n_y=7)
    >>> trace = forward(params, x=np.ones((4, 2, 5)), y=np.zeros((4, 2), int))
    >>> backward(params, trace).gradient.W_hh.shape
    (3, 3)
    """
    check_trace(params, trace)
    x, y, h, h_prev = trace.x, trace.y, trace.h, trace.h_prev
    T = len(x)

    # Out of time: what each loss says about its own step, all steps at once.
    # delta^z_t = y_hat_t - onehot(y_t)
    delta_z = trace.y_hat - (y[..., np.newaxis] == np.arange(trace.y_hat.shape[-1]))
    from_own_loss = delta_z @ params.W_hy.T
    slope = DERIVATIVES[trace.activation](h)

    # In time: each message needs the one from the step after it.
    message, delta_h, delta_a = np.empty_like(h), np.empty_like(h), np.empty_like(h)
    from_later = np.zeros_like(trace.h_init)
    for t in reversed(range(T)):
        message[t] = from_later
        # delta^h_t = delta^z_t W_hy' + m_t
        delta_h[t] = from_own_loss[t] + message[t]
        # delta^a_t = delta^h_t (1 - h_t^2)
        delta_a[t] = delta_h[t] * slope[t]
        # m_{t-1} = delta^a_t W_hh'
        from_later = delta_a[t] @ params.W_hh.T

    # Out of time again: the same weights served at every step, so their shares add up.
    gradient = Parameters(
        W_xh=sum_of_products(x, delta_a),  # sum over t of x_t' delta^a_t
        W_hh=sum_of_products(h_prev, delta_a),  # sum over t of h_{t-1}' delta^a_t
        W_hy=sum_of_products(h, delta_z),  # sum over t of h_t' delta^z_t
        b_h=delta_a.sum(axis=(0, 1)),
        b_y=delta_z.sum(axis=(0, 1)),
    )
    delta_x = delta_a @ params.W_xh.T
    return BackwardTrace(delta_z, message, delta_h, delta_a, delta_x, from_later, gradient)


def per_step(trace: Trace, back: BackwardTrace) -> Parameters:
    r"""
    Split the gradient into the share of each step, as if every step had its own weights.

    Parameters
    ----------
    trace : Trace
        What the forward pass stored.
    back : BackwardTrace
        What the backward pass computed from it.

    Returns
    -------
    shares : Parameters
        Each array has a leading axis of length T: entry :math:`t` is
        :math:`\mathrm dL/\mathrm d\theta^{(t)}`, the derivative by the copy of
        :math:`\theta` that step :math:`t` uses. Their sum over :math:`t` is the gradient.

    Raises
    ------
    ValueError
        If the two traces do not fit together.

    Examples
    --------
    >>> from rnnlib import forward, init_parameters
    >>> params = init_parameters(np.random.default_rng(0), n_x=5, n_h=3, n_y=7)
    >>> trace = forward(params, x=np.ones((4, 2, 5)), y=np.zeros((4, 2), int))
    >>> back = backward(params, trace)
    >>> shares = per_step(trace, back)
    >>> shares.W_hh.shape
    (4, 3, 3)
    >>> bool(np.allclose(shares.W_hh.sum(axis=0), back.gradient.W_hh))
    True
    """
    check_array("delta_a", back.delta_a, trace.a.shape)
    check_array("delta_z", back.delta_z, trace.z.shape)
    x, h, h_prev = trace.x, trace.h, trace.h_prev
    return Parameters(
        W_xh=x.swapaxes(1, 2) @ back.delta_a,  # x_t' delta^a_t
        W_hh=h_prev.swapaxes(1, 2) @ back.delta_a,  # h_{t-1}' delta^a_t
        W_hy=h.swapaxes(1, 2) @ back.delta_z,  # h_t' delta^z_t
        b_h=back.delta_a.sum(axis=1),
        b_y=back.delta_z.sum(axis=1),
    )


def state_jacobian(params: Parameters, trace: Trace) -> np.ndarray:
    r"""
    Derivative of each state by the state one step earlier, for every step and sample.

    Parameters
    ----------
    params : Parameters
        The parameters that made the trace.
    trace : Trace
        What the forward pass stored.

    Returns
    -------
    ndarray, shape (T, N, n_h, n_h)
        Row :math:`j`, column :math:`i` is :math:`\partial h_{t,j} / \partial h_{t-1,i}`
        (numerator layout).

    Raises
    ------
    ValueError
        If `params` and `trace` do not fit together.

    Notes
    -----
    .. math:: J_t = \mathrm{diag}(1 - h_t^2)\, W_{hh}^\top

    Examples
    --------
    >>> from rnnlib import forward, init_parameters
    >>> params = init_parameters(np.random.default_rng(0), n_x=5, n_h=3, n_y=7)
    >>> trace = forward(params, x=np.ones((4, 2, 5)), y=np.zeros((4, 2), int))
    >>> state_jacobian(params, trace).shape
    (4, 2, 3, 3)
    """
    check_trace(params, trace)
    # J_t = diag(1 - h_t^2) W_hh': row j of W_hh' times the slope of unit j.
    return DERIVATIVES[trace.activation](trace.h)[..., np.newaxis] * params.W_hh.T
