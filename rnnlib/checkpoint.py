"""Checkpoints: keep few states, compute the others again, and get the same gradient."""

import math
from typing import NamedTuple

import numpy as np

from .arguments import check_shape, check_size
from .losses import cross_entropy, cross_entropy_delta
from .parameters import Parameters, check_parameters
from .products import sum_of_products
from .recurrent import Recurrent, recurrent_backward, recurrent_forward


class Checkpointed(NamedTuple):
    r"""
    What is left when all traces are forgotten.

    Attributes
    ----------
    loss : float
        Total loss in nats, summed over steps and batch.
    gradient : Parameters
        :math:`\mathrm dL/\mathrm d\theta`.
    delta_h_init : ndarray, shape (N, n_h)
        :math:`\mathrm dL/\mathrm dh_{-1}`.
    """

    loss: float
    gradient: Parameters
    delta_h_init: np.ndarray


def checkpointed_gradient(
    params: Parameters,
    x: np.ndarray,
    y: np.ndarray,
    h_init: np.ndarray | None = None,
    activation: str = "tanh",
    stride: int | None = None,
) -> Checkpointed:
    r"""
    Compute loss and gradient with the memory of a short sequence.

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
    stride : int, optional
        Length of a segment: every `stride`-th state is kept. If not given, the square root
        of T, rounded up.

    Returns
    -------
    Checkpointed
        Loss (nats, summed over steps and batch) and its derivatives: those of
        `rnnlib.bptt.backward`, up to rounding.

    Raises
    ------
    ValueError
        If a shape, a dtype, a class number or a value is not what was expected.

    See Also
    --------
    rnnlib.bptt.backward : the same gradient from a trace of all steps.

    Notes
    -----
    The sequence is cut into segments of `stride` steps. The first pass keeps the state
    before each segment and forgets the rest. Then the segments are taken from last to
    first: the states of one are computed again, from the same numbers by the same
    operations, so that they are the same to the last bit; and the message that leaves a
    segment at its first step arrives at the last step of the segment before.

    With segments of :math:`c` steps there are :math:`\lceil T/c \rceil` states kept and
    :math:`c + 1` of the segment at work, in place of :math:`T + 1`. The sum is least near
    :math:`c = \sqrt T`: 13 states for T = 36, 201 for T = 10,000. All else that is
    stored belongs to one segment and grows with :math:`c` too. The price is a second walk
    through the states: less than a third more multiplications.

    Square-root checkpointing of networks is described in [1]_. With checkpoints within
    segments, and more recomputation, even :math:`\log T` states are enough [2]_.

    References
    ----------
    .. [1] T. Chen, B. Xu, C. Zhang and C. Guestrin, "Training deep nets with sublinear
       memory cost", arXiv:1604.06174, 2016.
    .. [2] A. Griewank and A. Walther, "Algorithm 799: revolve: an implementation of
       checkpointing for the reverse or adjoint mode of computational differentiation",
       ACM Transactions on Mathematical Software 26 (2000) 19-45.

    Examples
    --------
    >>> from rnnlib import forward, init_parameters
    >>> from rnnlib.bptt import backward
    >>> params = init_parameters(np.random.default_rng(0), n_x=5, n_h=3, n_y=7)
    >>> x, y = np.ones((9, 2, 5)), np.zeros((9, 2), int)
    >>> result = checkpointed_gradient(params, x, y)
    >>> stored = backward(params, forward(params, x, y))
    >>> bool(np.allclose(result.gradient.W_hh, stored.gradient.W_hh))
    True
    """
    n_x, n_h, _ = check_parameters(params)
    # Shapes alone: to look at all values at once would take memory for all steps.
    x = check_shape("x", x, ("T", "N", n_x))
    T, N, _ = x.shape
    y = check_shape("y", y, (T, N))
    stride = math.ceil(math.sqrt(T)) if stride is None else check_size("stride", stride)
    segments = [slice(start, start + stride) for start in range(0, T, stride)]
    recurrent = Recurrent(params.W_xh, params.W_hh, params.b_h)

    # Forward, keeping the state before each segment: as a copy, for a view would keep it all.
    checkpoints = [np.zeros((N, n_h), x.dtype) if h_init is None else h_init]
    for segment in segments[:-1]:
        trace = recurrent_forward(recurrent, x[segment], checkpoints[-1], activation)
        checkpoints.append(trace.h[-1].copy())
        del trace  # before the next one needs room

    # Backward, from the last segment to the first; after the last step nothing is heard.
    loss, gradient = 0.0, Parameters(*map(np.zeros_like, params))
    message = np.zeros((N, n_h), x.dtype)
    for segment in reversed(segments):
        h_before = checkpoints.pop()
        part = _one_segment(params, x[segment], y[segment], h_before, message, activation)
        loss += part.loss
        gradient = Parameters(*map(np.add, gradient, part.gradient))
        message = part.delta_h_init
    return Checkpointed(loss, gradient, message)


def _one_segment(
    params: Parameters,
    x: np.ndarray,
    y: np.ndarray,
    h_init: np.ndarray,
    message: np.ndarray,
    activation: str,
) -> Checkpointed:
    """Go forward and back through one segment; `message` is what later segments report."""
    recurrent = Recurrent(params.W_xh, params.W_hh, params.b_h)
    trace = recurrent_forward(recurrent, x, h_init, activation)
    z = trace.h @ params.W_hy + params.b_y  # z_t = h_t W_hy + b_y
    loss = np.sum(cross_entropy(z, y))  # before the way back, which needs the most room
    delta_z = cross_entropy_delta(z, y)  # delta^z_t = y_hat_t - onehot(y_t)
    back = recurrent_backward(recurrent, trace, delta_z @ params.W_hy.T, message)
    gradient = Parameters(
        W_xh=back.gradient.W_xh,
        W_hh=back.gradient.W_hh,
        W_hy=sum_of_products(trace.h, delta_z),  # sum over t of h_t' delta^z_t
        b_h=back.gradient.b_h,
        b_y=delta_z.sum(axis=(0, 1)),
    )
    return Checkpointed(loss, gradient, back.delta_h_init)
