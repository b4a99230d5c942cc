"""Dense, recurrent, dense: three layers that know nothing of each other but a delta."""

from typing import NamedTuple

import numpy as np

from .activations import ACTIVATIONS
from .arguments import check_array, check_choice
from .dense import DENSE_ACTIVATIONS, DenseTrace, dense_backward, dense_forward
from .losses import LOSSES, reduction_factor
from .network_parameters import Network, check_network
from .recurrent import RecurrentTrace, recurrent_backward, recurrent_forward


class NetworkTrace(NamedTuple):
    """
    What each layer holds for every step, and what the loss was.

    Attributes
    ----------
    front : DenseTrace
        Inputs, and outputs e, of the front layer.
    recurrent : RecurrentTrace
        Inputs e, states and pre-activations of the recurrent layer.
    back : DenseTrace
        Inputs h, and outputs, of the back layer.
    y : ndarray, shape (T, N) of int, or (T, N, n_y) of float
        Targets.
    loss : ndarray, shape (T,)
        Loss of each step, summed over the batch, times the factor of the reduction.
    loss_name : str
        Which of the losses that is.
    reduction : str
        Whether all rows were added, or averaged.
    """

    front: DenseTrace
    recurrent: RecurrentTrace
    back: DenseTrace
    y: np.ndarray
    loss: np.ndarray
    loss_name: str
    reduction: str


class NetworkBackward(NamedTuple):
    r"""
    What the backward pass computes. Each delta is a total derivative of the loss.

    Attributes
    ----------
    delta_z : ndarray, shape (T, N, n_y)
        :math:`\mathrm dL/\mathrm dz_t`, before the activation of the output.
    message : ndarray, shape (T, N, n_h)
        What later steps report back to each step; the last one hears nothing.
    delta_h : ndarray, shape (T, N, n_h)
        :math:`\mathrm dL/\mathrm dh_t`: from the back layer, and by the message.
    delta_a : ndarray, shape (T, N, n_h)
        :math:`\mathrm dL/\mathrm da_t`.
    delta_e : ndarray, shape (T, N, n_e)
        :math:`\mathrm dL/\mathrm de_t`: what the recurrent layer tells the front layer.
    delta_x : ndarray, shape (T, N, n_x)
        :math:`\mathrm dL/\mathrm dx_t`.
    delta_h_init : ndarray, shape (N, n_h)
        :math:`\mathrm dL/\mathrm dh_{-1}`: the message that leaves the first step.
    gradient : Network
        :math:`\mathrm dL/\mathrm d\theta`, summed over steps and samples.
    """

    delta_z: np.ndarray
    message: np.ndarray
    delta_h: np.ndarray
    delta_a: np.ndarray
    delta_e: np.ndarray
    delta_x: np.ndarray
    delta_h_init: np.ndarray
    gradient: Network


def network_forward(
    params: Network,
    x: np.ndarray,
    y: np.ndarray,
    h_init: np.ndarray | None = None,
    activations: tuple[str, str, str] = ("tanh", "tanh", "identity"),
    loss: str = "cross_entropy",
    reduction: str = "sum",
) -> NetworkTrace:
    r"""
    Run the layers one after the other, each over all its steps.

    Parameters
    ----------
    params : Network
        The weights and biases, the same at every step.
    x : ndarray, shape (T, N, n_x), float
        Inputs, time first.
    y : ndarray, shape (T, N), int, or (T, N, n_y), float
        Targets: classes for cross-entropy, numbers for a squared error.
    h_init : ndarray, shape (N, n_h), float, optional
        The state before the first input; zeros if not given.
    activations : tuple of three str
        Of the front layer, the state and the output; front and output may be "softmax" too.
        Cross-entropy brings its own softmax: for it the output is the logits, "identity".
    loss : {"cross_entropy", "half_squared_error", "mean_squared_error"}
        Loss of a row.
    reduction : {"sum", "mean"}
        Whether the rows, T times N of them, are added or averaged.

    Returns
    -------
    NetworkTrace
        What each layer holds, and the loss: cross-entropy in nats.

    Raises
    ------
    ValueError
        If a shape, a dtype or a value is not what was expected, or if cross-entropy is
        given something else than logits.

    Notes
    -----
    For :math:`t = 0, \dots, T-1`, beginning with :math:`h_{-1}`,

    .. math::
        e_t &= \sigma_0(x_t W_{xe} + b_e) \\
        a_t &= e_t W_{xh} + h_{t-1} W_{hh} + b_h, \quad h_t = \sigma_1(a_t) \\
        z_t &= h_t W_{hy} + b_y, \quad \hat y_t = \sigma_2(z_t)

    Examples
    --------
    >>> from rnnlib.network_parameters import init_network
    >>> params = init_network(np.random.default_rng(0), n_x=5, n_e=2, n_h=3, n_y=7)
    >>> trace = network_forward(params, x=np.ones((4, 2, 5)), y=np.zeros((4, 2), int))
    >>> trace.front.h.shape, trace.loss.shape
    ((4, 2, 2), (4,))
    """
    n_x, *_ = check_network(params)
    x = check_array("x", x, ("T", "N", n_x))
    T, N, _ = x.shape
    row_loss = LOSSES[check_choice("loss", loss, LOSSES)].rows
    factor = reduction_factor(reduction, rows=T * N)
    of_front, of_state, of_output = _check_activations(activations, loss)

    # Only the middle layer has to go step by step.
    front = dense_forward(params.front, x, of_front)  # e_t
    recurrent = recurrent_forward(params.recurrent, front.h, h_init, of_state)  # h_t
    back = dense_forward(params.back, recurrent.h, of_output)  # z_t, or what follows it
    loss_per_step = factor * row_loss(back.h, y).sum(axis=1)  # L_t
    return NetworkTrace(front, recurrent, back, np.asarray(y), loss_per_step, loss, reduction)


def network_backward(params: Network, trace: NetworkTrace) -> NetworkBackward:
    r"""
    Send a delta from the loss down through the layers, in the opposite order.

    Parameters
    ----------
    params : Network
        The parameters that made the trace.
    trace : NetworkTrace
        What the forward pass held.

    Returns
    -------
    NetworkBackward
        Derivatives of the total loss, in its own unit, by every value and parameter.

    Raises
    ------
    ValueError
        If `params` and `trace` do not fit together.

    See Also
    --------
    rnnlib.recurrent.recurrent_backward : the only layer whose delta also walks through time.

    Notes
    -----
    With the factor :math:`c` of the reduction, 1 for a sum and :math:`1/(TN)` for a mean,

    .. math::
        \delta^z_t &= c \frac{\mathrm dL_t}{\mathrm d\hat y_t} \odot \sigma_2'(z_t) \\
        \delta^h_t &= \delta^z_t W_{hy}^\top + \overleftarrow m_t \\
        \delta^a_t &= \delta^h_t \odot \sigma_1'(a_t), \quad
        \overleftarrow m_{t-1} = \delta^a_t W_{hh}^\top \\
        \delta^e_t &= \delta^a_t W_{xh}^\top \\
        \delta^x_t &= \bigl(\delta^e_t \odot \sigma_0'(x_t W_{xe} + b_e)\bigr) W_{xe}^\top

    Where an activation is softmax, its Jacobian takes the place of the slope.

    Examples
    --------
    >>> from rnnlib.network_parameters import init_network
    >>> params = init_network(np.random.default_rng(0), n_x=5, n_e=2, n_h=3, n_y=7)
    >>> trace = network_forward(params, x=np.ones((4, 2, 5)), y=np.zeros((4, 2), int))
    >>> network_backward(params, trace).gradient.front.weights.shape
    (5, 2)
    """
    check_network(params)
    if not isinstance(trace, NetworkTrace):
        raise ValueError(f"trace: expected a NetworkTrace, got {type(trace).__name__}")
    loss = LOSSES[check_choice("trace.loss_name", trace.loss_name, LOSSES)]
    slope = loss.delta_z(trace.back.h, trace.y)
    factor = reduction_factor(trace.reduction, rows=slope[..., 0].size)

    # Each layer hears what the layer above says about its output, and nothing else.
    back = dense_backward(params.back, trace.back, factor * slope)
    recurrent = recurrent_backward(params.recurrent, trace.recurrent, back.delta_x)
    front = dense_backward(params.front, trace.front, recurrent.delta_x)

    return NetworkBackward(
        delta_z=back.delta_a,
        message=recurrent.message,
        delta_h=recurrent.delta_h,
        delta_a=recurrent.delta_a,
        delta_e=recurrent.delta_x,
        delta_x=front.delta_x,
        delta_h_init=recurrent.delta_h_init,
        gradient=Network(front.gradient, recurrent.gradient, back.gradient),
    )


def _check_activations(activations: tuple[str, str, str], loss: str) -> tuple[str, str, str]:
    """Check that each layer knows its own, and that cross-entropy gets its logits."""
    if not isinstance(activations, tuple | list) or len(activations) != 3:
        raise ValueError(
            f"activations: expected three names, of front, state and output, got {activations!r}"
        )
    of_front, of_state, of_output = activations
    check_choice("activations[0]", of_front, DENSE_ACTIVATIONS)
    check_choice("activations[1]", of_state, ACTIVATIONS)
    check_choice("activations[2]", of_output, DENSE_ACTIVATIONS)
    if loss == "cross_entropy" and of_output != "identity":
        raise ValueError(
            "activations[2]: expected 'identity', since cross_entropy takes logits, "
            f"got {of_output!r}"
        )
    return of_front, of_state, of_output
