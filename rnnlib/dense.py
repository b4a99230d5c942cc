"""The dense layer: a product, a bias and an activation, the same for every row."""

from typing import NamedTuple

import numpy as np

from .activations import ACTIVATIONS, softmax
from .arguments import check_array, check_choice
from .derivatives import DERIVATIVES, softmax_backward
from .products import sum_of_products

# A dense layer may also be the last one: then softmax, which mixes a row, makes sense too.
DENSE_ACTIVATIONS = {**ACTIVATIONS, "softmax": softmax}


class Dense(NamedTuple):
    """
    The parameters of the layer. A gradient has the same type.

    Attributes
    ----------
    weights : ndarray, shape (n_in, n_out)
        From the input to the output.
    bias : ndarray, shape (n_out,)
        Bias of the output.
    """

    weights: np.ndarray
    bias: np.ndarray


class DenseTrace(NamedTuple):
    """
    What the forward pass holds: the layer has no memory, so each row is on its own.

    Attributes
    ----------
    x : ndarray, shape (..., n_in)
        Inputs.
    h : ndarray, shape (..., n_out)
        Outputs, after the activation.
    activation : str
        Name of the activation.
    """

    x: np.ndarray
    h: np.ndarray
    activation: str


class DenseBackward(NamedTuple):
    r"""
    What the backward pass computes. Each delta is a total derivative of the loss.

    Attributes
    ----------
    delta_a : ndarray, shape (..., n_out)
        :math:`\mathrm dL/\mathrm da`, before the activation.
    delta_x : ndarray, shape (..., n_in)
        :math:`\mathrm dL/\mathrm dx`: what the layer below is told.
    gradient : Dense
        :math:`\mathrm dL/\mathrm d\theta`, summed over all rows.
    """

    delta_a: np.ndarray
    delta_x: np.ndarray
    gradient: Dense


def dense_forward(params: Dense, x: np.ndarray, activation: str = "identity") -> DenseTrace:
    r"""
    Send rows through the layer, each on its own.

    Parameters
    ----------
    params : Dense
        The weights and the bias.
    x : ndarray, shape (..., n_in), float
        Inputs: (N, n_in) for one step, (T, N, n_in) for all of them at once.
    activation : {"identity", "tanh", "sigmoid", "relu", "softmax"}
        Activation of the output.

    Returns
    -------
    DenseTrace
        Inputs and outputs of every row.

    Raises
    ------
    ValueError
        If a shape, a dtype or a value is not what was expected.

    See Also
    --------
    dense_backward : the way back.

    Notes
    -----
    .. math:: a = x W + b, \quad h = \phi(a)

    Examples
    --------
    >>> params = Dense(weights=np.ones((5, 3)), bias=np.zeros(3))
    >>> dense_forward(params, x=np.ones((4, 2, 5))).h.shape
    (4, 2, 3)
    """
    n_in, _ = _check_params(params)
    x = check_array("x", x, (..., n_in))
    phi = DENSE_ACTIVATIONS[check_choice("activation", activation, DENSE_ACTIVATIONS)]
    a = x @ params.weights + params.bias
    return DenseTrace(x, phi(a), activation)


def dense_backward(params: Dense, trace: DenseTrace, upstream: np.ndarray) -> DenseBackward:
    r"""
    Send deltas back through the layer, and collect the gradient on the way.

    Parameters
    ----------
    params : Dense
        The parameters that made the trace.
    trace : DenseTrace
        What the forward pass held.
    upstream : ndarray, shape (..., n_out), float
        What the layers above say about the output: :math:`\mathrm dL/\mathrm dh`.

    Returns
    -------
    DenseBackward
        Derivatives of the loss, in the unit that `upstream` has, by every value and parameter.

    Raises
    ------
    ValueError
        If `params`, `trace` and `upstream` do not fit together.

    See Also
    --------
    rnnlib.derivatives.softmax_backward : the one activation that is not element by element.

    Notes
    -----
    With :math:`u = \mathrm dL/\mathrm dh`,

    .. math::
        \delta^a &= u \odot \phi'(a) \\
        \delta^x &= \delta^a W^\top \\
        \frac{\mathrm dL}{\mathrm dW} &= x^\top \delta^a, \quad
        \frac{\mathrm dL}{\mathrm db} = \sum_n \delta^a_n,

    where the last two sum over every row there is, of all steps and samples.

    Examples
    --------
    >>> params = Dense(weights=np.ones((5, 3)), bias=np.zeros(3))
    >>> trace = dense_forward(params, x=np.ones((4, 2, 5)))
    >>> dense_backward(params, trace, upstream=np.ones((4, 2, 3))).gradient.bias.tolist()
    [8.0, 8.0, 8.0]
    """
    n_in, n_out = _check_params(params)
    if not isinstance(trace, DenseTrace):
        raise ValueError(f"trace: expected a DenseTrace, got {type(trace).__name__}")
    rows = check_array("trace.x", trace.x, (..., n_in)).shape[:-1]
    check_array("trace.h", trace.h, (*rows, n_out))
    check_choice("trace.activation", trace.activation, DENSE_ACTIVATIONS)
    upstream = check_array("upstream", upstream, (*rows, n_out))

    if trace.activation == "softmax":
        # Each output heard every pre-activation of its row.
        delta_a = softmax_backward(trace.h, upstream)
    else:
        # delta^a = upstream * phi'(a)
        delta_a = upstream * DERIVATIVES[trace.activation](trace.h)
    # delta^x = delta^a W'
    delta_x = delta_a @ params.weights.T
    gradient = Dense(
        weights=sum_of_products(trace.x, delta_a),  # x' delta^a, over all rows
        bias=delta_a.reshape(-1, n_out).sum(axis=0),
    )
    return DenseBackward(delta_a, delta_x, gradient)


def _check_params(params: Dense) -> tuple[int, int]:
    """Check that the two arrays fit together; return the sizes n_in and n_out."""
    if not isinstance(params, Dense):
        raise ValueError(f"params: expected Dense, got {type(params).__name__}")
    n_in, n_out = check_array("weights", params.weights, ("n_in", "n_out")).shape
    check_array("bias", params.bias, (n_out,))
    return n_in, n_out
