"""The network of three layers, fast: a dense layer in front of what is fast already."""

from typing import NamedTuple

import numpy as np

from .arguments import check_choice
from .dense import Dense
from .fast import loss_and_gradient
from .fast_arguments import prepare_front
from .fast_parts import IN_PLACE, blocks_of, ones
from .network_parameters import Network, check_network
from .parameters import Parameters
from .recurrent import Recurrent


class NetworkLossAndGradient(NamedTuple):
    r"""
    What training asks for.

    Attributes
    ----------
    loss : float
        Total loss in nats, summed over steps and batch.
    gradient : Network
        :math:`\mathrm dL/\mathrm d\theta`.
    delta_h_init : ndarray, shape (N, n_h)
        :math:`\mathrm dL/\mathrm dh_{-1}`.
    """

    loss: float
    gradient: Network
    delta_h_init: np.ndarray


def network_loss_and_gradient(
    params: Network,
    x: np.ndarray,
    y: np.ndarray,
    h_init: np.ndarray | None = None,
    activations: tuple[str, str] = ("tanh", "tanh"),
) -> NetworkLossAndGradient:
    r"""
    Go forward and back through the three layers, and keep nothing but the result.

    Parameters
    ----------
    params : Network
        The weights and biases, the same at every step.
    x : ndarray, shape (T, N, n_x), float
        Inputs, time first.
    y : ndarray, shape (T, N), int
        Target classes, from 0 to n_y - 1.
    h_init : ndarray, shape (N, n_h), float, optional
        The state before the first input; zeros if not given.
    activations : tuple of two str
        Of the front layer and the state: "tanh", "sigmoid", "relu" or "identity". The
        output is the logits.

    Returns
    -------
    NetworkLossAndGradient
        Cross-entropy (nats, summed over steps and batch) and its derivatives: those of
        `rnnlib.network.network_backward`, up to rounding.

    Raises
    ------
    ValueError
        If a shape, a dtype, a class number or a value is not what was expected.

    See Also
    --------
    rnnlib.network.network_forward : the way there, to be read and looked into.
    rnnlib.network.network_backward : the way back, likewise.

    Notes
    -----
    The front layer knows nothing of time: its rows are those of all steps, below each other.
    On the way back they are taken in blocks, so that neither :math:`\delta^e` nor the slopes
    ever exist for all steps.

    Examples
    --------
    >>> from rnnlib.network_parameters import init_network
    >>> params = init_network(np.random.default_rng(0), n_x=5, n_e=2, n_h=3, n_y=7)
    >>> x, y = np.ones((4, 2, 5)), np.zeros((4, 2), int)
    >>> network_loss_and_gradient(params, x, y).gradient.front.weights.shape
    (5, 2)
    """
    if not isinstance(activations, tuple | list) or len(activations) != 2:
        raise ValueError(
            f"activations: expected two names, of front and state, got {activations!r}"
        )
    of_front, of_state = activations
    apply_front, slope_of_front = IN_PLACE[check_choice("activations[0]", of_front, IN_PLACE)]
    x = prepare_front(params, x)
    (W_xe, b_e), (W_xh, W_hh, b_h), (W_hy, b_y) = params
    (T, N, n_x), n_e, dtype = x.shape, len(b_e), np.result_type(x, W_xe, b_e)

    # e_t = tanh(x_t W_xe + b_e)
    e = np.empty((T, N, n_e), dtype)
    x_rows, e_rows = x.reshape(-1, n_x), e.reshape(-1, n_e)
    np.matmul(x_rows, W_xe, e_rows)
    e += np.full((N, n_e), b_e)  # repeated for the batch: long rows are added faster
    apply_front(e, e)

    behind = Parameters(W_xh, W_hh, W_hy, b_h, b_y)
    try:
        loss, gradient, delta_a, delta_h_init = loss_and_gradient(behind, e, y, h_init, of_state)
    except ValueError:
        check_network(params)  # what is wrong has another name here
        check_choice("activations[1]", of_state, IN_PLACE)
        raise

    # Before the activation of the front layer: delta^e_t (1 - e_t^2), delta^e_t = delta^a_t W_xh'
    delta_a_rows, W_xh_transposed = delta_a.reshape(T * N, -1), W_xh.T.copy()
    of_weights, of_bias = np.zeros((n_x, n_e), dtype), np.zeros(n_e, dtype)
    blocks = blocks_of(T * N, n_e * dtype.itemsize)
    work_space = np.empty((blocks[0].stop, n_e), dtype)
    for rows in blocks:
        before_activation, slope = work_space[: rows.stop - rows.start], e_rows[rows]
        slope_of_front(slope, slope)  # e has done its duty
        np.matmul(delta_a_rows[rows], W_xh_transposed, before_activation)
        before_activation *= slope
        of_weights += x_rows[rows].T.dot(before_activation)
        of_bias += ones(len(before_activation), dtype).dot(before_activation)

    return NetworkLossAndGradient(
        loss,
        Network(
            front=Dense(of_weights, of_bias),
            recurrent=Recurrent(gradient.W_xh, gradient.W_hh, gradient.b_h),
            back=Dense(gradient.W_hy, gradient.b_y),
        ),
        delta_h_init,
    )
