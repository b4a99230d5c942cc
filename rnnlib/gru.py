"""The GRU: gates mix the old state with a candidate for the new one."""

from typing import NamedTuple

import numpy as np

from .activations import sigmoid
from .arguments import check_array
from .gated_parameters import GRUParameters, check_gru_parameters


class GRUTrace(NamedTuple):
    """
    What the forward pass stores: all that the backward pass will ask for.

    Attributes
    ----------
    x : ndarray, shape (T, N, n_x)
        Inputs.
    states : ndarray, shape (T + 1, N, n_h)
        The state before the first input, then after each step.
    a : ndarray, shape (T, N, 3 n_h)
        Pre-activations of the three blocks.
    recalled : ndarray, shape (T, N, n_h)
        What the old state says to the candidate, before the reset gate.
    reset_gate, update_gate, candidate : ndarray, shape (T, N, n_h)
        The three blocks after their activations.
    """

    x: np.ndarray
    states: np.ndarray
    a: np.ndarray
    recalled: np.ndarray
    reset_gate: np.ndarray
    update_gate: np.ndarray
    candidate: np.ndarray

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


def gru_forward(params: GRUParameters, x: np.ndarray, h_init: np.ndarray | None = None) -> GRUTrace:
    r"""
    Walk through time, from the first step to the last.

    Parameters
    ----------
    params : GRUParameters
        The weights and the biases, the same at every step.
    x : ndarray, shape (T, N, n_x), float
        Inputs, time first. A single cell is a sequence of one step.
    h_init : ndarray, shape (N, n_h), float, optional
        The state before the first input; zeros if not given.

    Returns
    -------
    GRUTrace
        What the way back will need.

    Raises
    ------
    ValueError
        If a shape, a dtype or a value is not what was expected.

    See Also
    --------
    rnnlib.gru_backward.gru_backward : the way back.

    Notes
    -----
    The blocks are those of reset gate, update gate and candidate:
    :math:`W_{hh} = [W_{hh}^r, W_{hh}^u, W_{hh}^g]`, and so on. For
    :math:`t = 0, \dots, T-1`, beginning with :math:`h_{-1}`,

    .. math::
        q_t &= h_{t-1} W_{hh}^g + b_q \\
        a^r_t &= x_t W_{xh}^r + h_{t-1} W_{hh}^r + b_h^r, \quad r_t = \sigma(a^r_t) \\
        a^u_t &= x_t W_{xh}^u + h_{t-1} W_{hh}^u + b_h^u, \quad u_t = \sigma(a^u_t) \\
        a^g_t &= x_t W_{xh}^g + r_t \odot q_t + b_h^g, \quad g_t = \tanh a^g_t \\
        h_t &= u_t \odot h_{t-1} + (1 - u_t) \odot g_t

    The unit is that of Cho et al. [1]_ but for one thing. There the reset gate is applied to
    the state, before the product with :math:`W_{hh}^g`; here to :math:`q_t`, after it, as
    PyTorch does. So one product serves all three blocks.

    References
    ----------
    .. [1] K. Cho, B. van Merriënboer, C. Gulcehre, D. Bahdanau, F. Bougares, H. Schwenk and
       Y. Bengio, "Learning phrase representations using RNN encoder-decoder for statistical
       machine translation", Proceedings of EMNLP 2014, 1724-1734.

    Examples
    --------
    >>> from rnnlib.gated_parameters import init_gru
    >>> params = init_gru(np.random.default_rng(0), n_x=5, n_h=3)
    >>> gru_forward(params, x=np.ones((4, 2, 5))).h.shape
    (4, 2, 3)
    """
    n_x, n_h = check_gru_parameters(params)
    x = check_array("x", x, ("T", "N", n_x))
    T, N, _ = x.shape
    h_init = np.zeros((N, n_h), x.dtype) if h_init is None else h_init
    h_init = check_array("h_init", h_init, (N, n_h))

    dtype = np.result_type(x, h_init, *params)
    states = np.empty((T + 1, N, n_h), dtype)
    states[0] = h_init
    h_prev, h = states[:-1], states[1:]
    recalled, reset_gate, update_gate, candidate = np.empty((4, T, N, n_h), dtype)

    # Out of time: what the inputs say to the blocks, all steps in one product.
    from_inputs = x.reshape(T * N, n_x) @ params.W_xh + params.b_h
    a = from_inputs.astype(dtype, copy=False).reshape(T, N, 3 * n_h)
    # In time: each state needs the one before it.
    for t in range(T):
        a_reset, a_update, a_candidate = np.split(a[t], 3, axis=1)  # views of a_t
        to_reset, to_update, to_candidate = np.split(h_prev[t] @ params.W_hh, 3, axis=1)
        # q_t = h_{t-1} W_hh^g + b_q
        recalled[t] = to_candidate + params.b_q
        # r_t = sigma(x_t W_xh^r + b_h^r + h_{t-1} W_hh^r)
        a_reset += to_reset
        reset_gate[t] = sigmoid(a_reset)
        # u_t = sigma(x_t W_xh^u + b_h^u + h_{t-1} W_hh^u)
        a_update += to_update
        update_gate[t] = sigmoid(a_update)
        # g_t = tanh(x_t W_xh^g + b_h^g + r_t q_t)
        a_candidate += reset_gate[t] * recalled[t]
        candidate[t] = np.tanh(a_candidate)
        # h_t = u_t h_{t-1} + (1 - u_t) g_t
        h[t] = update_gate[t] * h_prev[t] + (1 - update_gate[t]) * candidate[t]
    return GRUTrace(x, states, a, recalled, reset_gate, update_gate, candidate)
