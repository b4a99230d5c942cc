"""The way back through an LSTM: messages to the state, and messages to the cell."""

from typing import NamedTuple

import numpy as np

from .arguments import check_array
from .derivatives import sigmoid_derivative, tanh_derivative
from .gated_parameters import LSTMParameters, check_lstm_parameters
from .lstm import LSTMTrace
from .products import sum_of_products


class LSTMBackward(NamedTuple):
    r"""
    What the backward pass computes. Each delta is a total derivative of the loss.

    Attributes
    ----------
    message, cell_message : ndarray, shape (T, N, n_h)
        What later steps report back to the state, and to the cell, of each step.
    delta_h, delta_cell : ndarray, shape (T, N, n_h)
        :math:`\mathrm dL/\mathrm dh_t` and :math:`\mathrm dL/\mathrm dc_t`.
    delta_a : ndarray, shape (T, N, 4 n_h)
        :math:`\mathrm dL/\mathrm da_t` of the four blocks.
    delta_x : ndarray, shape (T, N, n_x)
        :math:`\mathrm dL/\mathrm dx_t`: what the layer below is told.
    delta_h_init, delta_cell_init : ndarray, shape (N, n_h)
        The two messages that leave the first step.
    gradient : LSTMParameters
        :math:`\mathrm dL/\mathrm d\theta`, summed over steps and samples.
    """

    message: np.ndarray
    cell_message: np.ndarray
    delta_h: np.ndarray
    delta_cell: np.ndarray
    delta_a: np.ndarray
    delta_x: np.ndarray
    delta_h_init: np.ndarray
    delta_cell_init: np.ndarray
    gradient: LSTMParameters


def lstm_backward(
    params: LSTMParameters,
    trace: LSTMTrace,
    upstream: np.ndarray,
    message_last: np.ndarray | None = None,
    cell_message_last: np.ndarray | None = None,
) -> LSTMBackward:
    r"""
    Walk back through time, from the last step to the first.

    Parameters
    ----------
    params : LSTMParameters
        The parameters that made the trace.
    trace : LSTMTrace
        What the forward pass stored.
    upstream : ndarray, shape (T, N, n_h), float
        What the layers above say about each state, later steps left out.
    message_last, cell_message_last : ndarray, shape (N, n_h), float, optional
        What arrives at the last state and the last cell from outside, as from a decoder or
        from the rest of a sequence that was cut; zeros if not given.

    Returns
    -------
    LSTMBackward
        Derivatives of the loss, in the unit that `upstream` has, by every value and parameter.

    Raises
    ------
    ValueError
        If the arguments do not fit together.

    See Also
    --------
    rnnlib.lstm.lstm_forward : makes the trace.
    rnnlib.recurrent.recurrent_backward : the same walk without gates.

    Notes
    -----
    For :math:`t = T-1, \dots, 0`, with :math:`\overleftarrow m_t` the message to the state
    and :math:`\overleftarrow m^c_t` the message to the cell,

    .. math::
        \delta^h_t &= \mathrm{upstream}_t + \overleftarrow m_t \\
        \delta^c_t &= \delta^h_t \odot \omega_t \odot (1 - \tanh^2 c_t) + \overleftarrow m^c_t \\
        \delta^a_t &= [\delta^c_t \odot g_t \odot \iota_t (1 - \iota_t), \;
        \delta^c_t \odot c_{t-1} \odot f_t (1 - f_t), \\ &\qquad
        \delta^c_t \odot \iota_t \odot (1 - g_t^2), \;
        \delta^h_t \odot \tanh c_t \odot \omega_t (1 - \omega_t)] \\
        \overleftarrow m_{t-1} &= \delta^a_t W_{hh}^\top, \quad
        \overleftarrow m^c_{t-1} = \delta^c_t \odot f_t

    The message to the cell meets no matrix and no slope on its way, only forget gates.

    Examples
    --------
    >>> from rnnlib.gated_parameters import init_lstm
    >>> from rnnlib.lstm import lstm_forward
    >>> params = init_lstm(np.random.default_rng(0), n_x=5, n_h=3)
    >>> trace = lstm_forward(params, x=np.ones((4, 2, 5)))
    >>> lstm_backward(params, trace, upstream=np.ones((4, 2, 3))).gradient.W_hh.shape
    (3, 12)
    """
    n_x, n_h = check_lstm_parameters(params)
    if not isinstance(trace, LSTMTrace):
        raise ValueError(f"trace: expected an LSTMTrace, got {type(trace).__name__}")
    T, N, _ = check_array("trace.x", trace.x, ("T", "N", n_x)).shape
    check_array("trace.states", trace.states, (T + 1, N, n_h))
    upstream = check_array("upstream", upstream, (T, N, n_h))
    nothing = np.zeros((N, n_h), trace.states.dtype)
    to_state = nothing if message_last is None else message_last
    to_state = check_array("message_last", to_state, (N, n_h))
    to_cell = nothing if cell_message_last is None else cell_message_last
    to_cell = check_array("cell_message_last", to_cell, (N, n_h))

    # Out of time: how state and cell react to what made them, in all steps at once.
    tanh_cell = np.tanh(trace.cell)
    state_by_cell = trace.output_gate * tanh_derivative(tanh_cell)
    state_by_output = tanh_cell * sigmoid_derivative(trace.output_gate)
    cell_by_input = trace.candidate * sigmoid_derivative(trace.input_gate)
    cell_by_forget = trace.cell_prev * sigmoid_derivative(trace.forget_gate)
    cell_by_candidate = trace.input_gate * tanh_derivative(trace.candidate)

    # In time: each message needs the one from the step after it.
    message, cell_message, delta_h, delta_cell = np.empty((4, T, N, n_h), trace.states.dtype)
    delta_a = np.empty_like(trace.a)
    for t in reversed(range(T)):
        message[t], cell_message[t] = to_state, to_cell
        # delta^h_t = upstream_t + m_t
        delta_h[t] = upstream[t] + message[t]
        # delta^c_t = delta^h_t omega_t (1 - tanh^2 c_t) + m^c_t
        delta_cell[t] = delta_h[t] * state_by_cell[t] + cell_message[t]
        # delta^a_t: three blocks are heard through the cell, the last one by the state alone
        delta_a[t] = np.concatenate(
            [
                delta_cell[t] * cell_by_input[t],
                delta_cell[t] * cell_by_forget[t],
                delta_cell[t] * cell_by_candidate[t],
                delta_h[t] * state_by_output[t],
            ],
            axis=1,
        )
        # m_{t-1} = delta^a_t W_hh'
        to_state = delta_a[t] @ params.W_hh.T
        # m^c_{t-1} = delta^c_t f_t
        to_cell = delta_cell[t] * trace.forget_gate[t]

    # Out of time again: the same weights served at every step, so their shares add up.
    gradient = LSTMParameters(
        W_xh=sum_of_products(trace.x, delta_a),  # sum over t of x_t' delta^a_t
        W_hh=sum_of_products(trace.h_prev, delta_a),  # sum over t of h_{t-1}' delta^a_t
        b_h=delta_a.sum(axis=(0, 1)),
    )
    delta_x = delta_a @ params.W_xh.T
    return LSTMBackward(
        message, cell_message, delta_h, delta_cell, delta_a, delta_x, to_state, to_cell, gradient
    )
