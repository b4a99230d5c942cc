"""The same loss and gradient, fast: only what needs the step before stays in a loop."""

import math
from typing import NamedTuple

import numpy as np

from .arguments import check_choice
from .derivatives import DERIVATIVES
from .fast_arguments import prepare
from .fast_parts import IN_PLACE, blocks_of
from .parameters import Parameters

FAR = 80.0  # no power of e between -80 and 80 leaves float32, not even a sum of thousands


class LossAndGradient(NamedTuple):
    r"""
    What training asks for, and what a layer below or an earlier piece of the sequence needs.

    Attributes
    ----------
    loss : float
        Total loss in nats, summed over steps and batch.
    gradient : Parameters
        :math:`\mathrm dL/\mathrm d\theta`.
    delta_a : ndarray, shape (T, N, n_h)
        :math:`\mathrm dL/\mathrm da_t`; times the transpose of W_xh it is that of the input.
    delta_h_init : ndarray, shape (N, n_h)
        :math:`\mathrm dL/\mathrm dh_{-1}`.
    """

    loss: float
    gradient: Parameters
    delta_a: np.ndarray
    delta_h_init: np.ndarray


def loss_and_gradient(
    params: Parameters,
    x: np.ndarray,
    y: np.ndarray,
    h_init: np.ndarray | None = None,
    activation: str = "tanh",
) -> LossAndGradient:
    r"""
    Go forward and back through time, and keep nothing but the result.

    Parameters
    ----------
    params : Parameters
        The weights and biases, the same at every step: all float64 or all float32.
    x : ndarray, shape (T, N, n_x), float, or (T, N), int
        Inputs, time first; or, where they are one-hot, their class numbers.
    y : ndarray, shape (T, N), int
        Target classes, from 0 to n_y - 1.
    h_init : ndarray, shape (N, n_h), float, optional
        The state before the first input; zeros if not given.
    activation : {"tanh", "sigmoid", "relu", "identity"}
        Activation of the state.

    Returns
    -------
    LossAndGradient
        Loss (nats, summed over steps and batch) and its derivatives: those of
        `rnnlib.bptt.backward`, up to rounding.

    Raises
    ------
    ValueError
        If a shape, a dtype, a class number or a value is not what was expected; if a logit
        has become infinite.

    See Also
    --------
    rnnlib.forward_pass.forward : the way there, to be read and looked into.
    rnnlib.bptt.backward : the way back, likewise.

    Notes
    -----
    The equations are those of `forward` and `backward`. What is done otherwise:

    - A step waits for nothing but a state, or a message: one product a step, forward and
      backward. Inputs, outputs and parameters take one product over the rows of all steps.
    - A one-hot row times a matrix is a row of the matrix: it is looked up.
    - The logits, by far the largest array, live for a block of rows only. For each block,
      loss, gradient and :math:`\delta^z W_{hy}^\top` are taken from them at once.
    - A bias is the weight of a constant 1: :math:`z = [h, 1]\,[W_{hy}; b_y]`.
    - The rows of :math:`e^z` are not divided by their sum :math:`s`. What they are
      multiplied with has fewer columns, mostly, and is divided instead.
    - Since :math:`|z_k| \le \|[h, 1]\| \, \|[W_{hy}; b_y]\|`, logits of a state between -1
      and 1 are often known to be small. Then softmax needs no shift.

    Examples
    --------
    >>> from rnnlib import init_parameters
    >>> params = init_parameters(np.random.default_rng(0), n_x=5, n_h=3, n_y=7)
    >>> result = loss_and_gradient(params, x=np.ones((4, 2, 5)), y=np.zeros((4, 2), int))
    >>> result.gradient.W_hh.shape, result.delta_h_init.shape
    ((3, 3), (2, 3))
    """
    params, x, y, h_init = prepare(params, x, y, h_init)
    phi = IN_PLACE[check_choice("activation", activation, IN_PLACE)]
    W_xh, W_hh, W_hy, b_h, b_y = params
    (T, N), n_h, dtype = y.shape, len(b_h), b_h.dtype

    states = np.empty((T + 1, N, n_h), dtype)
    states[0] = 0 if h_init is None else h_init
    h = states[1:]
    h_rows = h.reshape(-1, n_h)  # the same numbers: the rows of all steps below each other

    # Out of time: x_t W_xh + b_h, right where a_t and then h_t will be.
    if x.ndim == 2:
        np.take(W_xh + b_h, x.reshape(-1), axis=0, out=h_rows, mode="clip")
    else:
        x.reshape(-1, len(W_xh)).dot(W_xh, h_rows)
        h += np.full((N, n_h), b_h)  # repeated for the batch: long rows are added faster

    # In time: a_t = x_t W_xh + h_{t-1} W_hh + b_h, h_t = tanh a_t
    product, before = np.empty((N, n_h), dtype), states[0]
    for h_t in h:
        before.dot(W_hh, product)
        h_t += product
        phi(h_t, h_t)
        before = h_t

    # Out of time: delta^z_t W_hy', right where delta^h_t and then delta^a_t will be.
    W_hh_transposed, W_hy_transposed = _transposed(W_hh, N), _transposed(W_hy, N)
    weights = np.concatenate((W_hy, b_y[np.newaxis]))
    bounded = activation in ("tanh", "sigmoid")
    near = bounded and math.sqrt((n_h + 1) * np.vdot(weights, weights)) < FAR
    loss, of_outputs = 0.0, np.zeros(weights.shape, dtype)
    delta_a, slope = np.empty_like(h), np.empty_like(h)
    delta_a_rows, slope_rows, y_rows = delta_a.reshape(-1, n_h), slope.reshape(-1, n_h), y.ravel()
    for rows in blocks_of(T * N, max(weights.shape) * dtype.itemsize):
        loss_there, of_outputs_there = _output_layer(
            h_rows[rows], y_rows[rows], weights, W_hy_transposed, near, delta_a_rows[rows]
        )
        loss += loss_there
        of_outputs += of_outputs_there
        slope_rows[rows] = DERIVATIVES[activation](h_rows[rows])
    if not math.isfinite(loss):
        raise ValueError("z: expected finite numbers, got NaN or infinity")

    # In time: delta^a_t = (delta^z_t W_hy' + m_t) (1 - h_t^2), m_{t-1} = delta^a_t W_hh'
    message = np.zeros((N, n_h), dtype)
    for delta_a_now, slope_now in zip(delta_a[::-1], slope[::-1], strict=True):
        delta_a_now += message
        delta_a_now *= slope_now
        delta_a_now.dot(W_hh_transposed, message)

    # Out of time: sums over t of x_t' delta^a_t, h_{t-1}' delta^a_t, delta^a_t
    gradient = Parameters(
        W_xh=_of_inputs(x, len(W_xh), delta_a_rows),
        W_hh=states[:-1].reshape(-1, n_h).T.dot(delta_a_rows),
        W_hy=of_outputs[:-1],
        b_h=np.ones(T * N, dtype).dot(delta_a_rows),
        b_y=of_outputs[-1],
    )
    return LossAndGradient(loss, gradient, delta_a, message)


def _output_layer(
    h: np.ndarray,
    y: np.ndarray,
    weights: np.ndarray,
    W_hy_transposed: np.ndarray,
    near: bool,
    from_own_loss: np.ndarray,
) -> tuple[float, np.ndarray]:
    """
    Go from a few states to their logits and back.

    Returns the loss, and the gradient of `weights`, which are [W_hy; b_y]. What the loss says
    about the states, delta^z W_hy', is written to `from_own_loss`. If `near`, no logit is
    large: softmax needs no shift.
    """
    n_y, dtype = weights.shape[1], h.dtype
    # z = [h, 1] [W_hy; b_y]
    inputs = np.ones((len(h), len(weights)), dtype)
    inputs[:, :-1] = h
    z = inputs @ weights
    if not near:
        z -= z.max(axis=1, keepdims=True)
    targets = np.arange(0, z.size, n_y) + y
    z_y = z.take(targets)
    # s = sum of e^z, L = log s - z_y
    powers = np.exp(z, z)
    sums = powers.dot(np.ones(n_y, dtype))
    loss = (np.log(sums) - z_y).sum()
    # s delta^z = e^z - s onehot(y)
    powers.reshape(-1)[targets] -= sums
    delta_z_scaled, scale = powers, (1 / sums)[:, np.newaxis]
    inputs *= scale
    delta_z_scaled.dot(W_hy_transposed, from_own_loss)
    from_own_loss *= scale
    return float(loss), inputs.T.dot(delta_z_scaled)


def _of_inputs(x: np.ndarray, n_x: int, delta_a: np.ndarray) -> np.ndarray:
    """Return the gradient of W_xh: x' delta^a over all rows; class numbers are made one-hot."""
    if x.ndim == 3:
        return x.reshape(-1, n_x).T.dot(delta_a)
    gradient = np.zeros((n_x, delta_a.shape[1]), delta_a.dtype)
    classes = x.reshape(-1)
    for rows in blocks_of(len(classes), n_x * delta_a.itemsize):
        one_hot = np.zeros((n_x, rows.stop - rows.start), delta_a.dtype)
        one_hot[classes[rows], np.arange(one_hot.shape[1])] = 1
        gradient += one_hot.dot(delta_a[rows])
    return gradient


def _transposed(weights: np.ndarray, N: int) -> np.ndarray:
    """Transpose: as a view for a single sequence; for a batch, a copy pays for itself."""
    return weights.T if N == 1 else weights.T.copy()
