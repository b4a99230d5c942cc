"""The gradient as a sum over paths: from each loss, back to each step that used the weights."""

import numpy as np

from .bptt import state_jacobian
from .derivatives import DERIVATIVES
from .forward_pass import Trace, check_trace
from .losses import cross_entropy_delta
from .parameters import Parameters


def jacobian_product(params: Parameters, trace: Trace, t: int, k: int) -> np.ndarray:
    r"""
    Derivative of one state by an earlier one, for every sample.

    Parameters
    ----------
    params : Parameters
        The parameters that made the trace.
    trace : Trace
        What the forward pass stored.
    t : int
        The later step, from 0 to T - 1.
    k : int
        The earlier step, from -1 to `t`; -1 is the state before the first input.

    Returns
    -------
    ndarray, shape (N, n_h, n_h)
        Row :math:`j`, column :math:`i` is :math:`\mathrm dh_{t,j} / \mathrm dh_{k,i}`
        (numerator layout); the identity where `t` equals `k`.

    Raises
    ------
    ValueError
        If `params` and `trace` do not fit together, or a step does not exist.

    See Also
    --------
    rnnlib.bptt.state_jacobian : the factors.

    Notes
    -----
    The newest factor stands on the left:

    .. math:: \frac{\mathrm dh_t}{\mathrm dh_k} = J_t J_{t-1} \cdots J_{k+1}

    Examples
    --------
    >>> from rnnlib import forward, init_parameters
    >>> params = init_parameters(np.random.default_rng(0), n_x=5, n_h=3, n_y=7)
    >>> trace = forward(params, x=np.ones((4, 2, 5)), y=np.zeros((4, 2), int))
    >>> jacobian_product(params, trace, t=3, k=-1).shape
    (2, 3, 3)
    """
    T, N, _, n_h, _ = check_trace(params, trace)
    t = _check_step("t", t, 0, T - 1)
    k = _check_step("k", k, -1, t)
    jacobian = state_jacobian(params, trace)
    product = np.tile(np.eye(n_h, dtype=jacobian.dtype), (N, 1, 1))
    for step in range(k + 1, t + 1):
        # dh_step/dh_k = J_step dh_{step-1}/dh_k
        product = jacobian[step] @ product
    return product


def sum_over_paths(params: Parameters, trace: Trace) -> Parameters:
    r"""
    Add up the gradient path by path: slow, and just as it stands on paper.

    Parameters
    ----------
    params : Parameters
        The parameters that made the trace.
    trace : Trace
        What the forward pass stored.

    Returns
    -------
    gradient : Parameters
        Derivative of the total loss (nats, summed over steps and batch).

    Raises
    ------
    ValueError
        If `params` and `trace` do not fit together.

    See Also
    --------
    rnnlib.bptt.backward : the same sum with the common parts of all paths walked once.
    triangle : the terms of the sum, each by itself.

    Notes
    -----
    For each of the parameters :math:`\theta` that lead to a state,

    .. math::
        \frac{\mathrm dL}{\mathrm d\theta} = \sum_{t=0}^{T-1} \sum_{k=0}^{t}
        \frac{\mathrm dL_t}{\mathrm dh_t} \, J_t J_{t-1} \cdots J_{k+1} \,
        \frac{\partial^{+} h_k}{\partial \theta}

    with the immediate derivative :math:`\partial^{+}`, which holds :math:`h_{k-1}` fixed.
    From :math:`L_t` to :math:`W_{hy}` and :math:`b_y` there is one path only, with
    :math:`k = t`: they stand behind the last state, so no path goes back in time.

    Each path begins anew, so this takes about :math:`T^3/6` products of a row with a
    Jacobian, where BPTT takes :math:`T` products of a row with :math:`W_{hh}^\top`.

    Examples
    --------
    >>> from rnnlib import forward, init_parameters
    >>> from rnnlib.bptt import backward
    >>> params = init_parameters(np.random.default_rng(0), n_x=5, n_h=3, n_y=7)
    >>> trace = forward(params, x=np.ones((4, 2, 5)), y=np.zeros((4, 2), int))
    >>> gradient = sum_over_paths(params, trace)
    >>> bool(np.allclose(gradient.W_hh, backward(params, trace).gradient.W_hh))
    True
    """
    T = check_trace(params, trace)[0]
    x, h, h_prev = trace.x, trace.h, trace.h_prev
    delta_z = cross_entropy_delta(trace.z, trace.y)
    slope = DERIVATIVES[trace.activation](h)
    jacobian = state_jacobian(params, trace)
    gradient = Parameters(*(np.zeros_like(array, dtype=h.dtype) for array in params))

    for t in range(T):
        gradient.W_hy[:] += h[t].T @ delta_z[t]
        gradient.b_y[:] += delta_z[t].sum(axis=0)
        for k in range(t + 1):
            # dL_t/dh_t = delta^z_t W_hy', a row for each sample,
            row = delta_z[t] @ params.W_hy.T
            # times J_t J_{t-1} ... J_{k+1},
            for step in range(t, k, -1):
                row = np.einsum("nj,nji->ni", row, jacobian[step])
            # times ∂⁺h_k/∂θ. Unit j of h_k hears column j of a matrix only, through its slope:
            # ∂⁺h_{k,j}/∂W_hh[i,j] = (1 - h_{k,j}^2) h_{k-1,i}
            row = row * slope[k]
            gradient.W_xh[:] += x[k].T @ row
            gradient.W_hh[:] += h_prev[k].T @ row
            gradient.b_h[:] += row.sum(axis=0)
    return gradient


def triangle(params: Parameters, trace: Trace) -> Parameters:
    r"""
    Split the gradient by loss and by step: how much each loss says through each use.

    Parameters
    ----------
    params : Parameters
        The parameters that made the trace.
    trace : Trace
        What the forward pass stored.

    Returns
    -------
    cells : Parameters
        Each array has two leading axes of length T. Entry :math:`[t, k]` is
        :math:`\mathrm dL_t/\mathrm d\theta^{(k)}`: the derivative of the loss of step
        :math:`t` (nats, summed over the batch) by the copy of :math:`\theta` that step
        :math:`k` uses. It is 0 for :math:`k > t`, as no loss depends on what comes later;
        for :math:`W_{hy}` and :math:`b_y` only the diagonal :math:`k = t` is not 0.

    Raises
    ------
    ValueError
        If `params` and `trace` do not fit together.

    See Also
    --------
    rnnlib.bptt.per_step : the sum over :math:`t`.
    rnnlib.truncation.kept_cells : which cells truncated BPTT keeps.

    Notes
    -----
    One walk backwards for each loss. With :math:`\mathrm dL_t/\mathrm dh_t = \delta^z_t
    W_{hy}^\top`, for :math:`k = t, t-1, \dots, 0`,

    .. math::
        \frac{\mathrm dL_t}{\mathrm da_k} &=
            \frac{\mathrm dL_t}{\mathrm dh_k} \odot (1 - h_k^2), \qquad
        \frac{\mathrm dL_t}{\mathrm dW_{hh}^{(k)}} =
            h_{k-1}^\top \frac{\mathrm dL_t}{\mathrm da_k} \\
        \frac{\mathrm dL_t}{\mathrm dh_{k-1}} &=
            \frac{\mathrm dL_t}{\mathrm da_k} W_{hh}^\top

    These are :math:`T(T+1)/2` products with :math:`W_{hh}^\top`. The sum over both axes is
    the gradient; BPTT gets it in :math:`T` products, because it adds up the walks as they
    meet. The result holds :math:`T^2` copies of every parameter: for short sequences.

    Examples
    --------
    >>> from rnnlib import forward, init_parameters
    >>> params = init_parameters(np.random.default_rng(0), n_x=5, n_h=3, n_y=7)
    >>> trace = forward(params, x=np.ones((4, 2, 5)), y=np.zeros((4, 2), int))
    >>> cells = triangle(params, trace)
    >>> cells.W_hh.shape
    (4, 4, 3, 3)
    >>> np.any(cells.b_h, axis=2).astype(int).tolist()
    [[1, 0, 0, 0], [1, 1, 0, 0], [1, 1, 1, 0], [1, 1, 1, 1]]
    """
    T, N, _, n_h, n_y = check_trace(params, trace)
    h = trace.h
    delta_z = cross_entropy_delta(trace.z, trace.y)
    slope = DERIVATIVES[trace.activation](h)

    # In time, the walks of all losses side by side. delta_h[t] is where loss t has got to:
    # dL_t/dh_t at first, from its own logits.
    delta_h = delta_z @ params.W_hy.T
    delta_a = np.zeros((T, T, N, n_h), delta_h.dtype)
    for k in reversed(range(T)):
        # dL_t/da_k = dL_t/dh_k (1 - h_k^2), for each loss t >= k
        delta_a[k:, k] = delta_h[k:] * slope[k]
        # dL_t/dh_{k-1} = dL_t/da_k W_hh'
        delta_h[k:] = delta_a[k:, k] @ params.W_hh.T

    # Out of time: the shares of all cells at once.
    each = np.arange(T)
    W_hy = np.zeros((T, T, n_h, n_y), delta_h.dtype)
    b_y = np.zeros((T, T, n_y), delta_h.dtype)
    W_hy[each, each] = h.swapaxes(1, 2) @ delta_z  # h_t' delta^z_t
    b_y[each, each] = delta_z.sum(axis=1)
    return Parameters(
        W_xh=trace.x.swapaxes(1, 2) @ delta_a,  # x_k' dL_t/da_k
        W_hh=trace.h_prev.swapaxes(1, 2) @ delta_a,  # h_{k-1}' dL_t/da_k
        W_hy=W_hy,
        b_h=delta_a.sum(axis=2),
        b_y=b_y,
    )


def _check_step(name: str, value: int, first: int, last: int) -> int:
    """Check that a step exists."""
    whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
    if not whole or not first <= value <= last:
        raise ValueError(f"{name}: expected a step from {first} to {last}, got {value!r}")
    return int(value)
