"""Truncated BPTT: cells dropped from the triangle, and the walk that never visits them."""

import numpy as np

from .arguments import check_size
from .derivatives import DERIVATIVES
from .forward_pass import Trace, check_trace
from .losses import cross_entropy_delta
from .parameters import Parameters
from .products import sum_of_products


def kept_cells(T: int, every: int, reach: int) -> np.ndarray:
    r"""
    Say which losses are still heard at which steps.

    Parameters
    ----------
    T : int
        Number of steps.
    every : int
        Length of a block of losses that walk back together; often called k1.
    reach : int
        How many steps the walk of a full block takes, at least `every`; often called k2.

    Returns
    -------
    ndarray of bool, shape (T, T)
        Entry :math:`[t, k]` is true where the share of loss :math:`t` through step
        :math:`k` is kept.

    Raises
    ------
    ValueError
        If a number is not a whole number of at least one, or `reach` is less than `every`.

    See Also
    --------
    rnnlib.paths.triangle : the cells.
    truncated_backward : the sum of the cells that are kept.

    Notes
    -----
    Steps 0, ..., `every` - 1 are the first block, and so on. A block that begins at step
    :math:`b` walks back from its last step to step :math:`b + \mathrm{every} -
    \mathrm{reach}`. If the sequence ends within a block, that block walks back to the same
    step as a full one. Three cases have names:

    - ``every=1, reach=tau`` is a sliding window: :math:`[t, k]` is kept where
      :math:`t - \tau < k \le t`. With ``tau=1`` no message is ever handed on.
    - ``every=reach`` is the usual one: cut the sequence into blocks, and hand on the state
      but no gradient.
    - ``every=reach=T`` drops nothing.

    Examples
    --------
    >>> kept_cells(T=5, every=2, reach=3).astype(int)
    array([[1, 0, 0, 0, 0],
           [1, 1, 0, 0, 0],
           [0, 1, 1, 0, 0],
           [0, 1, 1, 1, 0],
           [0, 0, 0, 1, 1]])
    """
    T = check_size("T", T)
    every, reach = _check_truncation(every, reach)
    t, k = np.arange(T)[:, np.newaxis], np.arange(T)
    block = t // every * every  # the first step of the block of loss t
    return (k <= t) & (k >= block + every - reach)


def truncated_backward(params: Parameters, trace: Trace, every: int, reach: int) -> Parameters:
    r"""
    Walk back a limited number of steps from each block of losses.

    Parameters
    ----------
    params : Parameters
        The parameters that made the trace.
    trace : Trace
        What the forward pass stored: it is not truncated.
    every : int
        Length of a block of losses that walk back together; often called k1.
    reach : int
        How many steps the walk of a full block takes, at least `every`; often called k2.

    Returns
    -------
    gradient : Parameters
        The part of the derivative of the total loss (nats, summed over steps and batch)
        that is kept. The gradients by :math:`W_{hy}` and :math:`b_y` lose nothing: each
        loss reaches them at its own step.

    Raises
    ------
    ValueError
        If `params` and `trace` do not fit together, `every` or `reach` is not a whole
        number of at least one, or `reach` is less than `every`.

    See Also
    --------
    kept_cells : which cells of the triangle are summed, and special cases.
    rnnlib.bptt.backward : nothing dropped.

    Notes
    -----
    Let a block of losses begin at step :math:`b`, and its walk end at step :math:`c = b +
    \mathrm{every} - \mathrm{reach}`. Then this is the derivative of the losses of the
    block with :math:`h_{c-1}` held fixed, "detached" in the words of automatic
    differentiation: its value is used, but nothing is asked about where it came from. The
    result is the sum over all blocks:

    .. math::
        \sum_t \sum_{k \text{ kept}} \frac{\mathrm dL_t}{\mathrm d\theta^{(k)}}

    With ``every=1, reach=1`` no message is handed on: each step is treated as a network by
    itself, which is how equations for a single slice of time read.

    About `T * reach / every` products with :math:`W_{hh}^\top` are taken, and no cell is
    stored by itself.

    The two lengths are those of the BPTT(h; h') of Williams and Peng, with h for `reach` and
    h' for `every` [1]_. They train while the sequence runs; here the whole sequence sees the
    same weights.

    References
    ----------
    .. [1] R. J. Williams and J. Peng, "An efficient gradient-based algorithm for on-line
       training of recurrent network trajectories", Neural Computation 2 (1990) 490-501.

    Examples
    --------
    >>> from rnnlib import forward, init_parameters
    >>> from rnnlib.paths import triangle
    >>> params = init_parameters(np.random.default_rng(0), n_x=5, n_h=3, n_y=7)
    >>> trace = forward(params, x=np.ones((4, 2, 5)), y=np.zeros((4, 2), int))
    >>> gradient = truncated_backward(params, trace, every=1, reach=2)
    >>> cells = triangle(params, trace).W_hh[kept_cells(4, every=1, reach=2)]
    >>> len(cells), bool(np.allclose(gradient.W_hh, cells.sum(axis=0)))
    (7, True)
    """
    T = check_trace(params, trace)[0]
    every, reach = _check_truncation(every, reach)
    delta_z = cross_entropy_delta(trace.z, trace.y)
    from_own_loss = delta_z @ params.W_hy.T
    slope = DERIVATIVES[trace.activation](trace.h)

    delta_a = np.zeros_like(from_own_loss)
    for block in range(0, T, every):
        from_later = np.zeros_like(from_own_loss[0])
        for t in reversed(range(max(block + every - reach, 0), min(block + every, T))):
            # delta^h_t = delta^z_t W_hy' + m_t; before the block only its message is heard
            delta_h = from_own_loss[t] + from_later if t >= block else from_later
            # delta^a_t = delta^h_t (1 - h_t^2)
            from_block = delta_h * slope[t]
            # m_{t-1} = delta^a_t W_hh'
            from_later = from_block @ params.W_hh.T
            # Walks that overlap add up: the shares of a step are linear in its delta^a.
            delta_a[t] += from_block

    return Parameters(
        W_xh=sum_of_products(trace.x, delta_a),  # sum over t of x_t' delta^a_t
        W_hh=sum_of_products(trace.h_prev, delta_a),  # sum over t of h_{t-1}' delta^a_t
        W_hy=sum_of_products(trace.h, delta_z),  # sum over t of h_t' delta^z_t
        b_h=delta_a.sum(axis=(0, 1)),
        b_y=delta_z.sum(axis=(0, 1)),
    )


def _check_truncation(every: int, reach: int) -> tuple[int, int]:
    every, reach = check_size("every", every), check_size("reach", reach)
    if reach < every:
        raise ValueError(f"reach: expected at least every = {every}, got {reach}")
    return every, reach
