"""The forward pass: one cell, used again at every step, and the trace it leaves."""

from typing import NamedTuple

import numpy as np

from .activations import ACTIVATIONS, softmax
from .arguments import check_array, check_choice, check_classes
from .losses import cross_entropy
from .parameters import Parameters, check_parameters


class Trace(NamedTuple):
    """
    What the forward pass stores: all that the backward pass will ask for.

    Attributes
    ----------
    x : ndarray, shape (T, N, n_x)
        Inputs.
    y : ndarray of int, shape (T, N)
        Target classes.
    states : ndarray, shape (T + 1, N, n_h)
        The state before the first input, then the state after each step.
    a : ndarray, shape (T, N, n_h)
        Hidden pre-activations.
    z : ndarray, shape (T, N, n_y)
        Logits.
    y_hat : ndarray, shape (T, N, n_y)
        Predictions: each row is a probability distribution.
    loss : ndarray, shape (T,)
        Loss of each step in nats, summed over the batch.
    activation : str
        Name of the activation of the state.
    """

    x: np.ndarray
    y: np.ndarray
    states: np.ndarray
    a: np.ndarray
    z: np.ndarray
    y_hat: np.ndarray
    loss: np.ndarray
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


def forward(
    params: Parameters,
    x: np.ndarray,
    y: np.ndarray,
    h_init: np.ndarray | None = None,
    activation: str = "tanh",
) -> Trace:
    r"""
    Run the network over a batch of sequences.

    Parameters
    ----------
    params : Parameters
        The weights and biases, the same at every step.
    x : ndarray, shape (T, N, n_x), float
        Inputs, time first.
    y : ndarray, shape (T, N), int
        Target classes, from 0 to n_y - 1.
    h_init : ndarray, shape (N, n_h), float, optional
        The state before the first input; zeros if not given.
    activation : {"tanh", "sigmoid", "relu", "identity"}
        Activation of the state.

    Returns
    -------
    Trace
        Every intermediate value of every step; the loss in nats, summed over the batch.

    Raises
    ------
    ValueError
        If a shape, a dtype, a class number or a value is not what was expected.

    See Also
    --------
    rnnlib.parameters.init_parameters : random weights to start from.

    Notes
    -----
    For :math:`t = 0, \dots, T-1`, beginning with :math:`h_{-1}`,

    .. math::
        a_t &= x_t W_{xh} + h_{t-1} W_{hh} + b_h \\
        h_t &= \tanh a_t \\
        z_t &= h_t W_{hy} + b_y \\
        \hat y_t &= \mathrm{softmax}(z_t) \\
        L_t &= -\sum_n \log \hat y_{t,n,y_{t,n}}

    This is the simple recurrent network of Elman [1]_.

    References
    ----------
    .. [1] J. L. Elman, "Finding structure in time", Cognitive Science 14 (1990) 179-211.

    Examples
    --------
    >>> from rnnlib import init_parameters
    >>> params = init_parameters(np.random.default_rng(0), n_x=5, n_h=3, n_y=7)
    >>> trace = forward(params, x=np.ones((4, 2, 5)), y=np.zeros((4, 2), int))
    >>> trace.h.shape, trace.loss.shape
    ((4, 2, 3), (4,))
    """
    n_x, n_h, n_y = check_parameters(params)
    x = check_array("x", x, ("T", "N", n_x))
    T, N, _ = x.shape
    y = check_classes("y", y, (T, N), n_classes=n_y)
    if h_init is None:
        h_init = np.zeros((N, n_h), x.dtype)
    h_init = check_array("h_init", h_init, (N, n_h))
    phi = ACTIVATIONS[check_choice("activation", activation, ACTIVATIONS)]
    W_xh, W_hh, W_hy, b_h, b_y = params

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

    # Out of time: once the states are known, all steps can be done at once.
    z = h @ W_hy + b_y  # z_t = h_t W_hy + b_y
    y_hat = softmax(z)
    loss = cross_entropy(z, y).sum(axis=1)  # L_t, summed over the batch
    return Trace(x, y, states, a, z, y_hat, loss, activation)


def check_trace(params: Parameters, trace: Trace) -> tuple[int, int, int, int, int]:
    """
    Check that a trace can have come from these parameters.

    Parameters
    ----------
    params : Parameters
        The parameters.
    trace : Trace
        What a forward pass stored.

    Returns
    -------
    T, N, n_x, n_h, n_y : int
        Steps, batch size, and the sizes of input, state and output.

    Raises
    ------
    ValueError
        If `params` is no `Parameters`, `trace` no `Trace`, or a shape does not fit.

    Examples
    --------
    >>> from rnnlib import init_parameters
    >>> params = init_parameters(np.random.default_rng(0), n_x=5, n_h=3, n_y=7)
    >>> trace = forward(params, x=np.ones((4, 2, 5)), y=np.zeros((4, 2), int))
    >>> check_trace(params, trace)
    (4, 2, 5, 3, 7)
    """
    n_x, n_h, n_y = check_parameters(params)
    if not isinstance(trace, Trace):
        raise ValueError(f"trace: expected a Trace, got {type(trace).__name__}")
    T, N, _ = check_array("trace.x", trace.x, ("T", "N", n_x)).shape
    check_array("trace.states", trace.states, (T + 1, N, n_h))
    check_array("trace.z", trace.z, (T, N, n_y))
    return T, N, n_x, n_h, n_y
