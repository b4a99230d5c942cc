"""Forward mode: the derivative of the state travels with the state, and the past can go."""

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

import numpy as np

from .arguments import check_array, check_choice
from .derivatives import DERIVATIVES
from .forward_pass import Trace
from .influence import Influence, carried, immediate, paired
from .losses import cross_entropy_delta
from .parameters import Parameters, check_parameters
from .recurrent import Recurrent, RecurrentTrace


class ForwardGradient(NamedTuple):
    r"""
    Gradients found without a way back.

    Attributes
    ----------
    gradient : Parameters
        :math:`\mathrm dL/\mathrm d\theta`, summed over losses and samples.
    delta_h_init : ndarray, shape (N, n_h)
        :math:`\mathrm dL/\mathrm dh_{-1}`.
    per_loss : Parameters
        Each array has a leading axis, one entry for each loss:
        :math:`\mathrm dL_t/\mathrm d\theta`. This is not the share of step :math:`t`: a loss
        has its paths through all steps before it.
    """

    gradient: Parameters
    delta_h_init: np.ndarray
    per_loss: Parameters


def influences(
    params: Parameters | Recurrent, trace: Trace | RecurrentTrace, jacobian: str = "full"
) -> Iterator[Influence]:
    r"""
    Walk forward with the influence of every parameter on the state, one step after the other.

    Parameters
    ----------
    params : Parameters or Recurrent
        The parameters that made the trace.
    trace : Trace or RecurrentTrace
        What the forward pass stored.
    jacobian : {"full", "diagonal"}
        "diagonal" lets each unit hear its own past only: an approximation.

    Yields
    ------
    Influence
        Derivatives of :math:`h_t` by each parameter and by :math:`h_{-1}`, for
        :math:`t = 0, \dots, T-1`. The walk holds those of one step, and no more of the past.

    Raises
    ------
    ValueError
        At the call, if `params` and `trace` do not fit together or `jacobian` is unknown.

    See Also
    --------
    rtrl : pairs these messages with the losses.
    rnnlib.bptt.state_jacobian : the matrix that carries them.

    Notes
    -----
    Beginning with :math:`P_{-1} = 0`, but :math:`P_{-1} = I` for :math:`h_{-1}` itself,

    .. math:: P_t = \frac{\partial^{+} h_t}{\partial \theta} + J_t P_{t-1}

    where the product sums over all units of :math:`h_{t-1}`. This is real-time recurrent
    learning [1]_. In memory it holds :math:`n_h (n_x n_h + n_h^2 + n_h)` numbers a sample for
    the parameters and :math:`n_h^2` for :math:`h_{-1}`, whatever :math:`T` is; a step costs
    :math:`n_h` times as many multiplications. BPTT needs :math:`n_x n_h + 2 n_h^2` of
    them, and holds :math:`n_h` numbers for each step.

    "diagonal" keeps :math:`\partial h_{t,j} / \partial h_{t-1,j}` alone: a unit is then
    influenced by its own column of the weights only. It is exact where there is nothing
    else, for :math:`n_h = 1` or a diagonal :math:`W_{hh}`. Otherwise the first error of
    a unit's influence by its own column comes at :math:`t = 2`; for :math:`W_{hh}` at
    :math:`t = 3` if :math:`h_{-1} = 0`, since :math:`W_{hh}` then does nothing in the first
    step. The influences by other columns, dropped altogether, are missed one step sooner, and
    with them the gradient: it is exact for the loss of :math:`t = 0` only (:math:`t \le 1` for
    :math:`W_{hh}` if :math:`h_{-1} = 0`). As an approximation for training it is known as
    SnAp-1 [2]_.

    References
    ----------
    .. [1] R. J. Williams and D. Zipser, "A learning algorithm for continually running fully
       recurrent neural networks", Neural Computation 1 (1989) 270-280.
    .. [2] J. Menick, E. Elsen, U. Evci, S. Osindero, K. Simonyan and A. Graves, "A practical
       sparse approximation for real time recurrent learning", arXiv:2006.07232, 2020.

    Examples
    --------
    >>> from rnnlib import forward, init_parameters
    >>> params = init_parameters(np.random.default_rng(0), n_x=5, n_h=3, n_y=7)
    >>> trace = forward(params, x=np.ones((4, 2, 5)), y=np.zeros((4, 2), int))
    >>> [P_t.W_xh.shape for P_t in influences(params, trace)][-1]
    (2, 3, 5, 3)
    """
    if not isinstance(params, Parameters | Recurrent):
        raise ValueError(f"params: expected Parameters or Recurrent, got {type(params).__name__}")
    if not isinstance(trace, Trace | RecurrentTrace):
        raise ValueError(f"trace: expected a Trace or a RecurrentTrace, got {type(trace).__name__}")
    n_x, n_h = check_array("W_xh", params.W_xh, ("n_x", "n_h")).shape
    check_array("W_hh", params.W_hh, (n_h, n_h))
    T, N, _ = check_array("trace.x", trace.x, ("T", "N", n_x)).shape
    check_array("trace.states", trace.states, (T + 1, N, n_h))
    check_choice("jacobian", jacobian, ["full", "diagonal"])
    return _walk(params, trace, jacobian)


def rtrl(
    params: Parameters,
    trace: Trace | RecurrentTrace,
    jacobian: str = "full",
    delta_z: np.ndarray | None = None,
) -> ForwardGradient:
    r"""
    Find the gradient of every loss on the way forward: real-time recurrent learning.

    Parameters
    ----------
    params : Parameters
        The parameters that made the trace.
    trace : Trace or RecurrentTrace
        What the forward pass stored.
    jacobian : {"full", "diagonal"}
        "diagonal" is an approximation: see `influences`.
    delta_z : ndarray, shape (losses, N, n_y), float, optional
        Derivative of each loss by its logits. The last steps have a loss, the ones before
        have none. If not given, every step has the loss that a `Trace` holds.

    Returns
    -------
    ForwardGradient
        Derivatives in the unit of the losses (nats for those of a `Trace`), summed over the
        batch.

    Raises
    ------
    ValueError
        If `params`, `trace` and `delta_z` do not fit together, or `jacobian` is unknown.

    See Also
    --------
    rnnlib.bptt.backward : the same gradient by one walk back.

    Notes
    -----
    A loss sees a parameter through its own state only. With
    :math:`\partial L_t / \partial h_t = \delta^z_t W_{hy}^\top`, the sum over classes done,

    .. math::
        \frac{\mathrm dL_t}{\mathrm d\theta}
        = \sum_j \frac{\partial L_t}{\partial h_{t,j}} P_{t,j},
        \qquad
        \frac{\mathrm dL_t}{\mathrm dW_{hy}} = h_t^\top \delta^z_t .

    Examples
    --------
    >>> from rnnlib import forward, init_parameters
    >>> params = init_parameters(np.random.default_rng(0), n_x=5, n_h=3, n_y=7)
    >>> trace = forward(params, x=np.ones((4, 2, 5)), y=np.zeros((4, 2), int))
    >>> rtrl(params, trace).per_loss.W_hh.shape
    (4, 3, 3)
    """
    n_y = check_parameters(params)[-1]
    messages = influences(params, trace, jacobian)
    T, N, _ = trace.h.shape
    if delta_z is None:
        if not isinstance(trace, Trace):
            raise ValueError(
                f"trace: expected a Trace where delta_z is not given, got {type(trace).__name__}"
            )
        check_array("trace.z", trace.z, (T, N, n_y))
        # delta^z_t = y_hat_t - onehot(y_t)
        delta_z = cross_entropy_delta(trace.z, trace.y)
    delta_z = check_array("delta_z", delta_z, ("losses", N, n_y))
    first = T - len(delta_z)
    if first < 0:
        raise ValueError(f"delta_z: expected at most {T} losses, got {len(delta_z)}")

    shares, delta_h_init = [], np.zeros_like(trace.h_init)
    # Where a loss is, and no sooner, its messages are read.
    for P_t, h, upstream in zip(
        islice(messages, first, None), trace.h[first:], delta_z, strict=True
    ):
        # ∂L_t/∂h_t, by its own loss alone: what lies before h_t is in P_t.
        from_own_loss = upstream @ params.W_hy.T
        shares.append(
            Parameters(
                W_xh=paired(from_own_loss, P_t.W_xh),
                W_hh=paired(from_own_loss, P_t.W_hh),
                W_hy=h.T @ upstream,
                b_h=paired(from_own_loss, P_t.b_h),
                b_y=upstream.sum(axis=0),
            )
        )
        # A sample has a state of its own before the first input: no sum over samples.
        delta_h_init = delta_h_init + np.einsum("nj,njk->nk", from_own_loss, P_t.h_init)
    per_loss = Parameters(*map(np.stack, zip(*shares, strict=True)))
    gradient = Parameters(*(share.sum(axis=0) for share in per_loss))
    return ForwardGradient(gradient, delta_h_init, per_loss)


def _walk(
    params: Parameters | Recurrent, trace: Trace | RecurrentTrace, jacobian: str
) -> Iterator[Influence]:
    """Yield the influences step by step; the arguments have been checked."""
    x, h, h_prev = trace.x, trace.h, trace.h_prev
    _, N, n_h = h.shape
    slope = DERIVATIVES[trace.activation](h)
    unit = np.eye(n_h, dtype=slope.dtype)

    # P_{-1}: before the first step nothing has happened, and h_{-1} is itself.
    P_t = Influence(
        W_xh=np.zeros((N, n_h, *params.W_xh.shape), slope.dtype),
        W_hh=np.zeros((N, n_h, *params.W_hh.shape), slope.dtype),
        b_h=np.zeros((N, n_h, n_h), slope.dtype),
        h_init=np.broadcast_to(unit, (N, n_h, n_h)),
    )
    for x_t, before_t, slope_t in zip(x, h_prev, slope, strict=True):
        # dh_t/da_t = diag(1 - h_t^2)
        reach = slope_t[:, :, np.newaxis] * unit
        # J_t = diag(1 - h_t^2) W_hh'
        J_t = reach @ params.W_hh.T
        if jacobian == "diagonal":
            J_t = J_t * unit
        # P_t = ∂⁺h_t/∂θ + J_t P_{t-1}
        P_t = Influence(
            W_xh=immediate(reach, x_t) + carried(J_t, P_t.W_xh),
            W_hh=immediate(reach, before_t) + carried(J_t, P_t.W_hh),
            b_h=reach + carried(J_t, P_t.b_h),
            h_init=carried(J_t, P_t.h_init),
        )
        yield P_t
