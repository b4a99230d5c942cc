"""The way back through a GRU: part of each message passes by, the rest goes through the gates."""

from typing import NamedTuple

import numpy as np

from .arguments import check_array
from .derivatives import sigmoid_derivative, tanh_derivative
from .gated_parameters import GRUParameters, check_gru_parameters
from .gru import GRUTrace
from .products import sum_of_products


class GRUBackward(NamedTuple):
    r"""
    What the backward pass computes. Each delta is a total derivative of the loss.

    Attributes
    ----------
    message : ndarray, shape (T, N, n_h)
        What later steps report back to the state of each step.
    delta_h : ndarray, shape (T, N, n_h)
        :math:`\mathrm dL/\mathrm dh_t`: from the layers above, and by the message.
    delta_a : ndarray, shape (T, N, 3 n_h)
        :math:`\mathrm dL/\mathrm da_t` of the three blocks.
    delta_recalled : ndarray, shape (T, N, n_h)
        :math:`\mathrm dL/\mathrm dq_t`.
    delta_x : ndarray, shape (T, N, n_x)
        :math:`\mathrm dL/\mathrm dx_t`: what the layer below is told.
    delta_h_init : ndarray, shape (N, n_h)
        The message that leaves the first step.
    gradient : GRUParameters
        :math:`\mathrm dL/\mathrm d\theta`, summed over steps and samples.
    """

    message: np.ndarray
    delta_h: np.ndarray
    delta_a: np.ndarray
    delta_recalled: np.ndarray
    delta_x: np.ndarray
    delta_h_init: np.ndarray
    gradient: GRUParameters


def gru_backward(
    params: GRUParameters,
    trace: GRUTrace,
    upstream: np.ndarray,
    message_last: np.ndarray | None = None,
) -> GRUBackward:
    r"""
    Walk back through time, from the last step to the first.

    Parameters
    ----------
    params : GRUParameters
        The parameters that made the trace.
    trace : GRUTrace
        What the forward pass stored.
    upstream : ndarray, shape (T, N, n_h), float
        What the layers above say about each state, later steps left out.
    message_last : ndarray, shape (N, n_h), float, optional
        What arrives at the last state from outside, as from a decoder or from the rest of a
        sequence that was cut; zeros if not given.

    Returns
    -------
    GRUBackward
        Derivatives of the loss, in the unit that `upstream` has, by every value and parameter.

    Raises
    ------
    ValueError
        If the arguments do not fit together.

    See Also
    --------
    rnnlib.gru.gru_forward : makes the trace.
    rnnlib.recurrent.recurrent_backward : the same walk without gates.

    Notes
    -----
    For :math:`t = T-1, \dots, 0`,

    .. math::
        \delta^h_t &= \mathrm{upstream}_t + \overleftarrow m_t \\
        \delta^{a,g}_t &= \delta^h_t \odot (1 - u_t) \odot (1 - g_t^2) \\
        \delta^q_t &= \delta^{a,g}_t \odot r_t \\
        \delta^{a,r}_t &= \delta^{a,g}_t \odot q_t \odot r_t (1 - r_t) \\
        \delta^{a,u}_t &= \delta^h_t \odot (h_{t-1} - g_t) \odot u_t (1 - u_t) \\
        \overleftarrow m_{t-1} &= \delta^h_t \odot u_t
        + [\delta^{a,r}_t, \delta^{a,u}_t, \delta^q_t] \, W_{hh}^\top

    The first term of the message meets no matrix: it is what the update gate lets pass.
    :math:`W_{xh}` fed :math:`[a^r_t, a^u_t, a^g_t]`, but :math:`W_{hh}` fed
    :math:`[a^r_t, a^u_t, q_t]`. So their gradients take different deltas.

    Examples
    --------
    >>> from rnnlib.gated_parameters import init_gru
    >>> from rnnlib.gru import gru_forward
    >>> params = init_gru(np.random.default_rng(0), n_x=5, n_h=3)
    >>> trace = gru_forward(params, x=np.ones((4, 2, 5)))
    >>> gru_backward(params, trace, upstream=np.ones((4, 2, 3))).gradient.W_hh.shape
    (3, 9)
    """
    n_x, n_h = check_gru_parameters(params)
    if not isinstance(trace, GRUTrace):
        raise ValueError(f"trace: expected a GRUTrace, got {type(trace).__name__}")
    T, N, _ = check_array("trace.x", trace.x, ("T", "N", n_x)).shape
    check_array("trace.states", trace.states, (T + 1, N, n_h))
    upstream = check_array("upstream", upstream, (T, N, n_h))
    to_state = np.zeros_like(trace.states[0]) if message_last is None else message_last
    to_state = check_array("message_last", to_state, (N, n_h))

    # Out of time: how the values of a step react to what made them, in all steps at once.
    state_by_candidate = (1 - trace.update_gate) * tanh_derivative(trace.candidate)
    state_by_update = (trace.h_prev - trace.candidate) * sigmoid_derivative(trace.update_gate)
    candidate_by_reset = trace.recalled * sigmoid_derivative(trace.reset_gate)

    # In time: each message needs the one from the step after it.
    message, delta_h, delta_recalled = np.empty((3, T, N, n_h), trace.states.dtype)
    delta_a = np.empty_like(trace.a)
    # The delta of h_{t-1} W_hh: as delta_a, but the candidate's block is behind the reset gate.
    at_product = np.empty_like(trace.a)
    for t in reversed(range(T)):
        message[t] = to_state
        # delta^h_t = upstream_t + m_t
        delta_h[t] = upstream[t] + message[t]
        # delta^{a,g}_t = delta^h_t (1 - u_t) (1 - g_t^2)
        at_candidate = delta_h[t] * state_by_candidate[t]
        # delta^q_t = delta^{a,g}_t r_t
        delta_recalled[t] = at_candidate * trace.reset_gate[t]
        # delta^{a,r}_t = delta^{a,g}_t q_t r_t (1 - r_t)
        # delta^{a,u}_t = delta^h_t (h_{t-1} - g_t) u_t (1 - u_t)
        gates = [at_candidate * candidate_by_reset[t], delta_h[t] * state_by_update[t]]
        delta_a[t] = np.concatenate([*gates, at_candidate], axis=1)
        at_product[t] = np.concatenate([*gates, delta_recalled[t]], axis=1)
        # m_{t-1} = delta^h_t u_t + [delta^{a,r}_t, delta^{a,u}_t, delta^q_t] W_hh'
        to_state = delta_h[t] * trace.update_gate[t] + at_product[t] @ params.W_hh.T

    # Out of time again: the same weights served at every step, so their shares add up.
    gradient = GRUParameters(
        W_xh=sum_of_products(trace.x, delta_a),  # sum over t of x_t' delta^a_t
        # sum over t of h_{t-1}' [delta^{a,r}_t, delta^{a,u}_t, delta^q_t]
        W_hh=sum_of_products(trace.h_prev, at_product),
        b_h=delta_a.sum(axis=(0, 1)),
        b_q=delta_recalled.sum(axis=(0, 1)),
    )
    delta_x = delta_a @ params.W_xh.T
    return GRUBackward(message, delta_h, delta_a, delta_recalled, delta_x, to_state, gradient)
