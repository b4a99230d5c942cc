"""The LSTM: gates decide what a cell takes in, what it keeps, and what it shows."""

from typing import NamedTuple

import numpy as np

from .activations import sigmoid
from .arguments import check_array
from .gated_parameters import LSTMParameters, check_lstm_parameters


class LSTMTrace(NamedTuple):
    """
    What the forward pass stores: all that the backward pass will ask for.

    Attributes
    ----------
    x : ndarray, shape (T, N, n_x)
        Inputs.
    states, cells : ndarray, shape (T + 1, N, n_h)
        The state and the cell before the first input, then after each step.
    a : ndarray, shape (T, N, 4 n_h)
        Pre-activations of the four blocks.
    input_gate, forget_gate, candidate, output_gate : ndarray, shape (T, N, n_h)
        The four blocks after their activations.
    """

    x: np.ndarray
    states: np.ndarray
    cells: np.ndarray
    a: np.ndarray
    input_gate: np.ndarray
    forget_gate: np.ndarray
    candidate: np.ndarray
    output_gate: np.ndarray

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

    @property
    def cell(self) -> np.ndarray:
        """The cell after each step, shape (T, N, n_h): a view of `cells`."""
        return self.cells[1:]

    @property
    def cell_prev(self) -> np.ndarray:
        """The cell before each step, shape (T, N, n_h): a view of `cells`."""
        return self.cells[:-1]

    @property
    def cell_init(self) -> np.ndarray:
        """The cell before the first input, shape (N, n_h): a view of `cells`."""
        return self.cells[0]


def lstm_forward(
    params: LSTMParameters,
    x: np.ndarray,
    h_init: np.ndarray | None = None,
    cell_init: np.ndarray | None = None,
) -> LSTMTrace:
    r"""
    Walk through time, from the first step to the last.

    Parameters
    ----------
    params : LSTMParameters
        The weights and the bias, the same at every step.
    x : ndarray, shape (T, N, n_x), float
        Inputs, time first. A single cell is a sequence of one step.
    h_init, cell_init : ndarray, shape (N, n_h), float, optional
        State and cell before the first input; zeros if not given.

    Returns
    -------
    LSTMTrace
        What the way back will need.

    Raises
    ------
    ValueError
        If a shape, a dtype or a value is not what was expected.

    See Also
    --------
    rnnlib.lstm_backward.lstm_backward : the way back.

    Notes
    -----
    The blocks are :math:`a_t = [a^\iota_t, a^f_t, a^g_t, a^\omega_t]`. For
    :math:`t = 0, \dots, T-1`, beginning with :math:`h_{-1}` and :math:`c_{-1}`,

    .. math::
        a_t &= x_t W_{xh} + h_{t-1} W_{hh} + b_h \\
        \iota_t &= \sigma(a^\iota_t), \quad f_t = \sigma(a^f_t), \quad
        g_t = \tanh a^g_t, \quad \omega_t = \sigma(a^\omega_t) \\
        c_t &= f_t \odot c_{t-1} + \iota_t \odot g_t \\
        h_t &= \omega_t \odot \tanh c_t

    The cell is Hochreiter and Schmidhuber's [1]_, the forget gate that of Gers et al. [2]_.

    References
    ----------
    .. [1] S. Hochreiter and J. Schmidhuber, "Long short-term memory", Neural Computation 9
       (1997) 1735-1780.
    .. [2] F. A. Gers, J. Schmidhuber and F. Cummins, "Learning to forget: continual
       prediction with LSTM", Neural Computation 12 (2000) 2451-2471.

    Examples
    --------
    >>> from rnnlib.gated_parameters import init_lstm
    >>> params = init_lstm(np.random.default_rng(0), n_x=5, n_h=3)
    >>> lstm_forward(params, x=np.ones((4, 2, 5))).cell.shape
    (4, 2, 3)
    """
    n_x, n_h = check_lstm_parameters(params)
    x = check_array("x", x, ("T", "N", n_x))
    T, N, _ = x.shape
    nothing = np.zeros((N, n_h), x.dtype)
    h_init = check_array("h_init", nothing if h_init is None else h_init, (N, n_h))
    cell_init = check_array("cell_init", nothing if cell_init is None else cell_init, (N, n_h))

    dtype = np.result_type(x, h_init, cell_init, *params)
    states, cells = np.empty((2, T + 1, N, n_h), dtype)
    states[0], cells[0] = h_init, cell_init
    h_prev, h, cell_prev, cell = states[:-1], states[1:], cells[:-1], cells[1:]
    input_gate, forget_gate, candidate, output_gate = np.empty((4, T, N, n_h), dtype)

    # Out of time: what the inputs say to the blocks, all steps in one product.
    from_inputs = x.reshape(T * N, n_x) @ params.W_xh + params.b_h
    a = from_inputs.astype(dtype, copy=False).reshape(T, N, 4 * n_h)
    # In time: each state needs the one before it.
    for t in range(T):
        # a_t = x_t W_xh + b_h + h_{t-1} W_hh
        a[t] += h_prev[t] @ params.W_hh
        a_input, a_forget, a_candidate, a_output = np.split(a[t], 4, axis=1)
        input_gate[t] = sigmoid(a_input)
        forget_gate[t] = sigmoid(a_forget)
        candidate[t] = np.tanh(a_candidate)
        output_gate[t] = sigmoid(a_output)
        # c_t = f_t c_{t-1} + iota_t g_t
        cell[t] = forget_gate[t] * cell_prev[t] + input_gate[t] * candidate[t]
        # h_t = omega_t tanh c_t
        h[t] = output_gate[t] * np.tanh(cell[t])
    return LSTMTrace(x, states, cells, a, input_gate, forget_gate, candidate, output_gate)
