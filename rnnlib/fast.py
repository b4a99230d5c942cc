"""The same loss and gradient, fast: only what needs the step before stays in a loop."""

import math
from functools import reduce
from typing import NamedTuple

import numpy as np

from .arguments import check_choice
from .fast_arguments import prepare
from .fast_parts import IN_PLACE, blocks_of, ones
from .parameters import Parameters

FAR = 80.0  # e^80 and e^-80 fit into float32


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
    - Since :math:`\|z\| \le \|[h, 1]\| \, \|[W_{hy}; b_y]\|`, the logits of a state between
      -1 and 1 are often known to be small. Then softmax needs no shift.

    Examples
    --------
    >>> from rnnlib import init_parameters
    >>> params = init_parameters(np.random.default_rng(0), n_x=5, n_h=3, n_y=7)
    >>> result = loss_and_gradient(params, x=np.ones((4, 2, 5)), y=np.zeros((4, 2), int))
    >>> result.gradient.W_hh.shape, result.delta_h_init.shape
    ((3, 3), (2, 3))
    """
    params, x, y, h_init = prepare(params, x, y, h_init)
    phi, slope_of = IN_PLACE[check_choice("activation", activation, IN_PLACE)]
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
    delta_a, slope = np.empty_like(h), np.empty_like(h)
    delta_a_rows, slope_rows = delta_a.reshape(-1, n_h), slope.reshape(-1, n_h)
    bounded = activation in ("tanh", "sigmoid")
    loss, of_outputs = _output_layer(h_rows, y.reshape(-1), W_hy, b_y, bounded, delta_a_rows)
    for rows in blocks_of(T * N, n_h * dtype.itemsize):
        slope_of(h_rows[rows], slope_rows[rows])

    # In time: delta^a_t = (delta^z_t W_hy' + m_t) (1 - h_t^2), m_{t-1} = delta^a_t W_hh'
    W_hh_transposed = W_hh.T if N == 1 else W_hh.T.copy()  # a copy pays for itself in a batch
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
        b_h=ones(T * N, dtype).dot(delta_a_rows),
        b_y=of_outputs[-1],
    )
    return LossAndGradient(loss, gradient, delta_a, message)


def _output_layer(
    h: np.ndarray,
    y: np.ndarray,
    W_hy: np.ndarray,
    b_y: np.ndarray,
    bounded: bool,
    from_own_loss: np.ndarray,
) -> tuple[float, np.ndarray]:
    """
    Go from the states to the logits and back, a block of rows at a time.

    Returns the loss, and the gradient of [W_hy; b_y]. What each loss says about its own state,
    delta^z W_hy', is written to `from_own_loss`. The states are `bounded` if in -1, ..., 1.
    """
    (n_h, n_y), dtype = W_hy.shape, h.dtype
    weights, W_hy_transposed = np.concatenate((W_hy, b_y[np.newaxis])), W_hy.T.copy()
    near = bounded and math.sqrt((n_h + 1) * np.vdot(weights, weights)) < FAR
    loss, gradient = 0.0, np.empty(weights.shape, dtype)
    blocks = blocks_of(len(h), max(weights.shape) * dtype.itemsize)
    size = blocks[0].stop
    z_block, inputs_block = np.empty((size, n_y), dtype), np.empty((size, n_h + 1), dtype)
    row_starts = np.arange(0, size * n_y, n_y)
    for rows in blocks:
        n = rows.stop - rows.start
        z, inputs, delta_h = z_block[:n], inputs_block[:n], from_own_loss[rows]
        targets = row_starts[:n] + y[rows]
        # z = [h, 1] [W_hy; b_y]
        inputs[:, :-1], inputs[:, -1] = h[rows], 1
        np.matmul(inputs, weights, z)
        if not near:
            z -= z.max(axis=1, keepdims=True)
        z_y = z.take(targets)
        # s = sum of e^z, L = log s - z_y
        powers = np.exp(z, z)
        sums = powers.dot(ones(n_y, dtype))
        loss += float(ones(n, dtype).dot(np.log(sums) - z_y))
        # s delta^z = e^z - s onehot(y)
        powers.reshape(-1)[targets] -= sums
        delta_z_scaled, scale = powers, (1 / sums)[:, np.newaxis]
        inputs *= scale
        if rows.start == 0:
            inputs.T.dot(delta_z_scaled, gradient)
        else:
            gradient += inputs.T.dot(delta_z_scaled)
        delta_z_scaled.dot(W_hy_transposed, delta_h)
        delta_h *= scale
    if not math.isfinite(loss):
        raise ValueError("z: expected finite numbers, got NaN or infinity")
    return loss, gradient


def _of_inputs(x: np.ndarray, n_x: int, delta_a: np.ndarray) -> np.ndarray:
    """Return the gradient of W_xh: x' delta^a over all rows; class numbers are made one-hot."""
    if x.ndim == 3:
        return x.reshape(-1, n_x).T.dot(delta_a)
    classes = x.reshape(-1)
    blocks = blocks_of(len(classes), n_x * delta_a.itemsize)
    return reduce(np.add, (_of_classes(classes[rows], n_x, delta_a[rows]) for rows in blocks))


def _of_classes(classes: np.ndarray, n_x: int, delta_a: np.ndarray) -> np.ndarray:
    """Add up the rows of each class: by a product, which is faster than to add them in turn."""
    one_hot = np.zeros((n_x, len(classes)), delta_a.dtype)
    one_hot[classes, np.arange(len(classes))] = 1
    return one_hot.dot(delta_a)
