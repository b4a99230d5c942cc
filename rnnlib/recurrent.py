"""The recurrent layer alone: states go up, deltas come down, messages go back in time."""

from typing import NamedTuple

import numpy as np

from .activations import ACTIVATIONS
from .arguments import check_array, check_choice
from .derivatives import DERIVATIVES
from .products import sum_of_products


class Recurrent(NamedTuple):
    """
    The parameters of the layer, shared by all steps. A gradient has the same type.

    Attributes
    ----------
    W_xh : ndarray, shape (n_x, n_h)
        From the input to the state.
    W_hh : ndarray, shape (n_h, n_h)
        From the state to the next state.
    b_h : ndarray, shape (n_h,)
        Bias of the state.
    """

    W_xh: np.ndarray
    W_hh: np.ndarray
    b_h: np.ndarray


class RecurrentTrace(NamedTuple):
    """
    What the forward pass holds for every step.

    Attributes
    ----------
    x : ndarray, shape (T, N, n_x)
        Inputs: the data, or what a layer below has made of them.
    states : ndarray, shape (T + 1, N, n_h)
        The state before the first input, then after each step.
    a : ndarray, shape (T, N, n_h)
        Pre-activations.
    activation : str
        Name of the activation of the state.
    """

    x: np.ndarray
    states: np.ndarray
    a: np.ndarray
    activation: str

    @property
    def h(self) -> np.ndarray:
        """The state after each step, shape (T, N, n_h): a view of `states`."""
        return self.states[1:]

    @property
    def h_prev(self) -> np.ndarray:
        """The state before each step, shape (T, N, n_h): a view of `states`."""
        return self.states[:-1]

    @property
    def h_init(self) -> np.ndarray:
        """The state before the first input, shape (N, n_h): a view of `states`."""
        return self.states[0]


class RecurrentBackward(NamedTuple):
    r"""
    What the backward pass computes. Each delta is a total derivative of the loss.

    Attributes
    ----------
    message : ndarray, shape (T, N, n_h)
        What later steps report back to each step.
    delta_h : ndarray, shape (T, N, n_h)
        :math:`\mathrm dL/\mathrm dh_t`: from the layers above, and by the message.
    delta_a : ndarray, shape (T, N, n_h)
        :math:`\mathrm dL/\mathrm da_t`.
    delta_x : ndarray, shape (T, N, n_x)
        :math:`\mathrm dL/\mathrm dx_t`: what the layer below is told.
    delta_h_init : ndarray, shape (N, n_h)
        :math:`\mathrm dL/\mathrm dh_{-1}`: the message that leaves the first step.
    gradient : Recurrent
        :math:`\mathrm dL/\mathrm d\theta`, summed over steps and samples.
    """

    message: np.ndarray
    delta_h: np.ndarray
    delta_a: np.ndarray
    delta_x: np.ndarray
    delta_h_init: np.ndarray
    gradient: Recurrent


def recurrent_forward(
    params: Recurrent, x: np.ndarray, h_init: np.ndarray | None = None, activation: str = "tanh"
) -> RecurrentTrace:
    r"""
    Walk through time, from the first step to the last.

    Parameters
    ----------
    params : Recurrent
        The weights and the bias, the same at every step.
    x : ndarray, shape (T, N, n_x), float
        Inputs, time first.
    h_init : ndarray, shape (N, n_h), float, optional
        The state before the first input; zeros if not given.
    activation : {"tanh", "sigmoid", "relu", "identity"}
        Activation of the state.

    Returns
    -------
    RecurrentTrace
        What the way back will need.

    Raises
    ------
    ValueError
        If a shape, a dtype or a value is not what was expected.

    Notes
    -----
    For :math:`t = 0, \dots, T-1`, beginning with :math:`h_{-1}`,

    .. math:: a_t = x_t W_{xh} + h_{t-1} W_{hh} + b_h, \quad h_t = \tanh a_t

    Examples
    --------
    >>> params = Recurrent(W_xh=np.ones((5, 3)), W_hh=np.eye(3), b_h=np.zeros(3))
    >>> recurrent_forward(params, x=np.ones((4, 2, 5))).h.shape
    (4, 2, 3)
    """
    n_x, n_h = _check_params(params)
    x = check_array("x", x, ("T", "N", n_x))
    T, N, _ = x.shape
    h_init = np.zeros((N, n_h), x.dtype) if h_init is None else h_init
    h_init = check_array("h_init", h_init, (N, n_h))
    phi = ACTIVATIONS[check_choice("activation", activation, ACTIVATIONS)]
    W_xh, W_hh, b_h = params

    # a and states have the type that the products will have.
    dtype = np.result_type(x, h_init, *params)
    a = np.empty((T, N, n_h), dtype)
    states = np.empty((T + 1, N, n_h), dtype)
    states[0] = h_init
    h_prev, h = states[:-1], states[1:]

    # In time: each state needs the one before it.
    for t in range(T):
        # a_t = x_t W_xh + h_{t-1} W_hh + b_h
        a[t] = x[t] @ W_xh + h_prev[t] @ W_hh + b_h
        # h_t = tanh a_t
        h[t] = phi(a[t])
    return RecurrentTrace(x, states, a, activation)


def recurrent_backward(
    params: Recurrent,
    trace: RecurrentTrace,
    upstream: np.ndarray,
    message_last: np.ndarray | None = None,
) -> RecurrentBackward:
    r"""
    Walk back through time, from the last step to the first.

    Parameters
    ----------
    params : Recurrent
        The parameters that made the trace.
    trace : RecurrentTrace
        What the forward pass held.
    upstream : ndarray, shape (T, N, n_h), float
        What the layers above say about each state, the recurrent arrow left out.
    message_last : ndarray, shape (N, n_h), float, optional
        What arrives at the last state from outside, as from a decoder; zeros if not given.

    Returns
    -------
    RecurrentBackward
        Derivatives of the loss, in the unit that `upstream` has, by every value and parameter.

    Raises
    ------
    ValueError
        If `params`, `trace`, `upstream` and `message_last` do not fit together.

    See Also
    --------
    rnnlib.bptt.backward : the same walk with logits and loss on top.

    Notes
    -----
    For :math:`t = T-1, \dots, 0`, beginning with the given :math:`\overleftarrow m_{T-1}`,

    .. math::
        \delta^h_t &= \mathrm{upstream}_t + \overleftarrow m_t \\
        \delta^a_t &= \delta^h_t \odot (1 - h_t^2) \\
        \overleftarrow m_{t-1} &= \delta^a_t W_{hh}^\top \\
        \delta^x_t &= \delta^a_t W_{xh}^\top

    Examples
    --------
    >>> params = Recurrent(W_xh=np.ones((5, 3)), W_hh=np.eye(3), b_h=np.zeros(3))
    >>> trace = recurrent_forward(params, x=np.ones((4, 2, 5)))
    >>> recurrent_backward(params, trace, upstream=np.ones((4, 2, 3))).delta_x.shape
    (4, 2, 5)
    """
    n_x, n_h = _check_params(params)
    if not isinstance(trace, RecurrentTrace):
        raise ValueError(f"trace: expected a RecurrentTrace, got {type(trace).__name__}")
    T, N, _ = check_array("trace.x", trace.x, ("T", "N", n_x)).shape
    check_array("trace.states", trace.states, (T + 1, N, n_h))
    upstream = check_array("upstream", upstream, (T, N, n_h))
    from_later = np.zeros((N, n_h), upstream.dtype) if message_last is None else message_last
    from_later = check_array("message_last", from_later, (N, n_h))
    slope = DERIVATIVES[check_choice("trace.activation", trace.activation, DERIVATIVES)](trace.h)

    # In time: each message needs the one from the step after it.
    dtype = np.result_type(upstream, from_later, slope, params.W_hh)
    message, delta_h, delta_a = np.empty((3, T, N, n_h), dtype)
    for t in reversed(range(T)):
        message[t] = from_later
        # delta^h_t = upstream_t + m_t
        delta_h[t] = upstream[t] + message[t]
        # delta^a_t = delta^h_t (1 - h_t^2)
        delta_a[t] = delta_h[t] * slope[t]
        # m_{t-1} = delta^a_t W_hh'
        from_later = delta_a[t] @ params.W_hh.T

    # Out of time: the same weights served at every step, so their shares add up.
    gradient = Recurrent(
        W_xh=sum_of_products(trace.x, delta_a),  # sum over t of x_t' delta^a_t
        W_hh=sum_of_products(trace.h_prev, delta_a),  # sum over t of h_{t-1}' delta^a_t
        b_h=delta_a.sum(axis=(0, 1)),
    )
    delta_x = delta_a @ params.W_xh.T  # delta^x_t = delta^a_t W_xh'
    return RecurrentBackward(message, delta_h, delta_a, delta_x, from_later, gradient)


def _check_params(params: Recurrent) -> tuple[int, int]:
    """Check that the three arrays fit together; return the sizes n_x and n_h."""
    if not isinstance(params, Recurrent):
        raise ValueError(f"params: expected Recurrent, got {type(params).__name__}")
    n_x, n_h = check_array("W_xh", params.W_xh, ("n_x", "n_h")).shape
    check_array("W_hh", params.W_hh, (n_h, n_h))
    check_array("b_h", params.b_h, (n_h,))
    return n_x, n_h
