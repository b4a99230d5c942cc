"""Truncation by lot: messages are cut at random, and what gets through counts for what did not."""

import numpy as np

from .arguments import check_array, check_size
from .derivatives import DERIVATIVES
from .forward_pass import Trace, check_trace
from .losses import cross_entropy_delta
from .parameters import Parameters
from .products import sum_of_products


def message_weights(rng: "np.random.Generator", T: int, keep: float) -> np.ndarray:
    r"""
    Draw which messages get through, and how much each of them counts.

    Parameters
    ----------
    rng : numpy.random.Generator
        Where the lots come from: ``np.random.default_rng(seed)``.
    T : int
        Number of steps.
    keep : float
        The probability that a message gets through, above 0 and at most 1.

    Returns
    -------
    ndarray, shape (T - 1,)
        Entry :math:`t` is for the message from step :math:`t+1` to step :math:`t`:
        1 / `keep` if it gets through, 0 if it is cut. On average it is 1.

    Raises
    ------
    ValueError
        If `rng` is no generator, `T` is not a whole number of at least one, or `keep` is no
        probability above 0.

    See Also
    --------
    weighted_backward : the walk back with these weights.

    Examples
    --------
    >>> message_weights(np.random.default_rng(0), T=6, keep=0.5)
    array([0., 2., 2., 2., 0.])
    """
    if not isinstance(rng, np.random.Generator):
        raise ValueError(f"rng: expected a numpy.random.Generator, got {rng!r}")
    T = check_size("T", T)
    number = isinstance(keep, float | int | np.number) and not isinstance(keep, bool)
    if not number or not 0 < keep <= 1:
        raise ValueError(f"keep: expected a number above 0, at most 1, got {keep!r}")
    return (rng.random(T - 1) < keep) / float(keep)


def weighted_backward(params: Parameters, trace: Trace, weights: np.ndarray) -> Parameters:
    r"""
    Walk back, and multiply each message by a weight of its own.

    Parameters
    ----------
    params : Parameters
        The parameters that made the trace.
    trace : Trace
        What the forward pass stored.
    weights : ndarray, shape (T - 1,)
        Entry :math:`t` is what the message from step :math:`t+1` to step :math:`t` counts.

    Returns
    -------
    gradient : Parameters
        The derivative of the total loss (nats, summed over steps and batch) if all weights
        are 1. With weights that are 1 on average, drawn independently of each other, its
        average is that derivative.

    Raises
    ------
    ValueError
        If `params` and `trace` do not fit together, or `weights` has another shape.

    See Also
    --------
    rnnlib.bptt.backward : all weights 1.
    rnnlib.truncation.truncated_backward : messages cut by a rule.

    Notes
    -----
    With weights :math:`w_t`,

    .. math::
        \tilde\delta^h_t = \delta^z_t W_{hy}^\top + w_t\, \tilde\delta^a_{t+1} W_{hh}^\top,
        \qquad \tilde\delta^a_t = \tilde\delta^h_t \odot (1 - h_t^2)

    A weight at step :math:`t` is independent of all that arrives there from later steps. So
    the average of the product is the product of the averages, and the average of
    :math:`\tilde\delta^h_t` follows the recursion of :math:`\delta^h_t` [1]_. Its spread does
    not stay: a message that has survived :math:`k` lots counts :math:`p^{-k}`.

    References
    ----------
    .. [1] C. Tallec and Y. Ollivier, "Unbiasing truncated backpropagation through time",
       arXiv:1705.08209, 2017.

    Examples
    --------
    >>> from rnnlib import backward, forward, init_parameters
    >>> params = init_parameters(np.random.default_rng(0), n_x=5, n_h=3, n_y=7)
    >>> trace = forward(params, x=np.ones((4, 2, 5)), y=np.zeros((4, 2), int))
    >>> whole = backward(params, trace).gradient.W_hh
    >>> bool(np.allclose(weighted_backward(params, trace, np.ones(3)).W_hh, whole))
    True
    """
    T = check_trace(params, trace)[0]
    weights = check_array("weights", weights, (T - 1,)).astype(trace.h.dtype)
    delta_z = cross_entropy_delta(trace.z, trace.y)
    from_own_loss = delta_z @ params.W_hy.T
    slope = DERIVATIVES[trace.activation](trace.h)

    delta_a = np.empty_like(from_own_loss)
    message = np.zeros_like(from_own_loss[0])
    for t in reversed(range(T)):
        # delta^a_t = (delta^z_t W_hy' + w_t m_t) (1 - h_t^2)
        delta_a[t] = (from_own_loss[t] + message) * slope[t]
        if t:
            # w_{t-1} delta^a_t W_hh'
            message = weights[t - 1] * (delta_a[t] @ params.W_hh.T)

    return Parameters(
        W_xh=sum_of_products(trace.x, delta_a),  # sum over t of x_t' delta^a_t
        W_hh=sum_of_products(trace.h_prev, delta_a),  # sum over t of h_{t-1}' delta^a_t
        W_hy=sum_of_products(trace.h, delta_z),  # sum over t of h_t' delta^z_t
        b_h=delta_a.sum(axis=(0, 1)),
        b_y=delta_z.sum(axis=(0, 1)),
    )
