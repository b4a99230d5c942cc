"""Three views of one gradient, written in letters: a walk back, a sum over paths, messages."""

import numpy as np

from .bptt import BackwardTrace
from .forward_pass import Trace
from .parameters import Parameters
from .symbolic_step import Step, immediate_formulas, jacobian_formula


def walk_back(params: Parameters, trace: Trace) -> BackwardTrace:
    r"""
    Write backpropagation through time: one walk backwards.

    Parameters
    ----------
    params : Parameters of sympy.Symbol
        Letters.
    trace : Trace of sympy.Symbol
        Letters for the values of the forward pass.

    Returns
    -------
    BackwardTrace of sympy.Expr
        Every delta and message, and the gradient.

    Notes
    -----
    For :math:`t = T-1, \dots, 0`, beginning with :math:`\overleftarrow m_{T-1} = 0`,

    .. math::
        \delta^h_t = \delta^z_t W_{hy}^\top + \overleftarrow m_t, \quad
        \delta^a_t = \delta^h_t \odot (1 - h_t^2), \quad
        \overleftarrow m_{t-1} = \delta^a_t W_{hh}^\top

    Examples
    --------
    >>> from rnnlib.symbolic_components import proven
    >>> from rnnlib.symbolic_unrolled import by_sympy, unroll
    >>> network = unroll(T=2, n_x=1, n_h=1, n_y=2)
    >>> all(proven(walk_back(network.params, network.trace), by_sympy(network)).values())
    True
    """
    x, h, h_prev = trace.x, trace.h, trace.h_prev
    T = len(x)
    delta_z = _delta_z(trace)
    message, delta_h, delta_a = np.empty_like(h), np.empty_like(h), np.empty_like(h)
    from_later = 0 * trace.h_init
    for t in reversed(range(T)):
        message[t] = from_later
        delta_h[t] = delta_z[t] @ params.W_hy.T + message[t]
        delta_a[t] = delta_h[t] * (1 - h[t] * h[t])
        from_later = delta_a[t] @ params.W_hh.T
    gradient = Parameters(
        W_xh=sum(x[t].T @ delta_a[t] for t in range(T)),
        W_hh=sum(h_prev[t].T @ delta_a[t] for t in range(T)),
        W_hy=sum(h[t].T @ delta_z[t] for t in range(T)),
        b_h=delta_a.sum(axis=(0, 1)),
        b_y=delta_z.sum(axis=(0, 1)),
    )
    delta_x = delta_a @ params.W_xh.T
    return BackwardTrace(delta_z, message, delta_h, delta_a, delta_x, from_later, gradient)


def sum_over_paths(params: Parameters, trace: Trace) -> Parameters:
    r"""
    Write the gradient as a double sum: each loss, and each step that has a part in it.

    Parameters
    ----------
    params : Parameters of sympy.Symbol
        Letters.
    trace : Trace of sympy.Symbol
        Letters for the values of the forward pass.

    Returns
    -------
    Parameters of sympy.Expr
        The gradient.

    Notes
    -----
    For a parameter :math:`\theta` of the state, for each sample,

    .. math::
        \frac{\mathrm dL}{\mathrm d\theta} = \sum_{t=0}^{T-1} \sum_{k=0}^{t}
        \delta^z_t W_{hy}^\top \; J_t J_{t-1} \cdots J_{k+1} \;
        \frac{\partial^{+} h_k}{\partial \theta}

    The double sum has :math:`T (T + 1) / 2` terms, the most recent Jacobian on the left.

    Examples
    --------
    >>> from rnnlib.symbolic_components import proven
    >>> from rnnlib.symbolic_unrolled import by_sympy, unroll
    >>> network = unroll(T=2, n_x=1, n_h=1, n_y=2)
    >>> found = by_sympy(network).gradient
    >>> all(proven(sum_over_paths(network.params, network.trace), found).values())
    True
    """
    delta_z = _delta_z(trace)
    gradient = _output_layer(params, trace)
    for t, n in np.ndindex(trace.y.shape):
        for k in range(t + 1):
            moves = delta_z[t, n] @ params.W_hy.T @ jacobian_product(params, trace, n, t, k)
            for name, immediate in immediate_formulas(_step(params, trace, k, n)).items():
                gradient[name] = gradient[name] + np.tensordot(moves, immediate, 1)
    return Parameters(**gradient)


def jacobian_product(params: Parameters, trace: Trace, n: int, t: int, k: int) -> np.ndarray:
    r"""
    Write the derivative of a state by an earlier one, as a product of Jacobians.

    Parameters
    ----------
    params : Parameters of sympy.Symbol
        Letters.
    trace : Trace of sympy.Symbol
        Letters for the values of the forward pass.
    n : int
        Which sample.
    t, k : int
        Which states, with k from -1 to t.

    Returns
    -------
    ndarray of sympy.Expr, shape (n_h, n_h)
        :math:`\mathrm dh_t / \mathrm dh_k = J_t J_{t-1} \cdots J_{k+1}`; the unit matrix if
        `t` and `k` are one.

    Examples
    --------
    >>> from rnnlib.symbolic_unrolled import unroll
    >>> network = unroll(T=2, n_x=1, n_h=1, n_y=2)
    >>> jacobian_product(network.params, network.trace, n=0, t=1, k=0)
    array([[W_{hh,00}*(1 - h_{1,00}**2)]], dtype=object)
    """
    product = np.eye(len(params.b_h), dtype=int).astype(object)
    for s in range(k + 1, t + 1):
        product = jacobian_formula(_step(params, trace, s, n)) @ product
    return product


def influences(params: Parameters, trace: Trace, n: int) -> list[dict[str, np.ndarray]]:
    r"""
    Write the messages that go forwards: how each parameter has moved each state.

    Parameters
    ----------
    params : Parameters of sympy.Symbol
        Letters.
    trace : Trace of sympy.Symbol
        Letters for the values of the forward pass.
    n : int
        Which sample.

    Returns
    -------
    list of dict of str to ndarray of sympy.Expr, shape (n_h, \*shape of the parameter)
        For each step, the influence of "W_xh", "W_hh" and "b_h".

    Notes
    -----
    Beginning with :math:`P_{-1} = 0`,

    .. math:: P_t = \frac{\partial^{+} h_t}{\partial \theta} + J_t P_{t-1} .

    Examples
    --------
    >>> from rnnlib.symbolic_unrolled import unroll
    >>> network = unroll(T=2, n_x=1, n_h=1, n_y=2)
    >>> influences(network.params, network.trace, n=0)[0]["b_h"]
    array([[1 - h_{0,00}**2]], dtype=object)
    """
    found: list[dict[str, np.ndarray]] = []
    for t in range(len(trace.x)):
        step = _step(params, trace, t, n)
        now = immediate_formulas(step)
        if found:  # before the first step nothing has moved
            now = {
                name: immediate + np.tensordot(jacobian_formula(step), found[-1][name], 1)
                for name, immediate in now.items()
            }
        found.append(now)
    return found


def forward_messages(params: Parameters, trace: Trace) -> Parameters:
    r"""
    Write the gradient by messages that go forwards (real-time recurrent learning).

    Parameters
    ----------
    params : Parameters of sympy.Symbol
        Letters.
    trace : Trace of sympy.Symbol
        Letters for the values of the forward pass.

    Returns
    -------
    Parameters of sympy.Expr
        The gradient.

    Notes
    -----
    For a parameter :math:`\theta` of the state, with a sum over the samples,

    .. math:: \frac{\mathrm dL}{\mathrm d\theta} = \sum_t \delta^z_t W_{hy}^\top P_t .

    Examples
    --------
    >>> from rnnlib.symbolic_components import proven
    >>> from rnnlib.symbolic_unrolled import by_sympy, unroll
    >>> network = unroll(T=2, n_x=1, n_h=1, n_y=2)
    >>> found = by_sympy(network).gradient
    >>> all(proven(forward_messages(network.params, network.trace), found).values())
    True
    """
    delta_z = _delta_z(trace)
    gradient = _output_layer(params, trace)
    T, N = trace.y.shape
    for n in range(N):
        messages = influences(params, trace, n)
        for t in range(T):
            for name, influence in messages[t].items():
                own_loss = delta_z[t, n] @ params.W_hy.T
                gradient[name] = gradient[name] + np.tensordot(own_loss, influence, 1)
    return Parameters(**gradient)


def _step(params: Parameters, trace: Trace, t: int, n: int) -> Step:
    """Take one step of one sample out of a trace."""
    W_xh, W_hh, _, b_h, _ = params
    return Step(trace.x[t, n], trace.h_prev[t, n], W_xh, W_hh, b_h, trace.h[t, n])


def _delta_z(trace: Trace) -> np.ndarray:
    """delta^z_t = y_hat_t - onehot(y_t)."""
    return trace.y_hat - np.eye(trace.y_hat.shape[-1], dtype=int)[trace.y]


def _output_layer(params: Parameters, trace: Trace) -> dict[str, np.ndarray]:
    """Begin the gradient: the output layer has no time in it, all else is 0 so far."""
    delta_z = _delta_z(trace)
    gradient = {name: 0 * theta for name, theta in params._asdict().items()}
    gradient["W_hy"] = sum(h_t.T @ delta for h_t, delta in zip(trace.h, delta_z, strict=True))
    gradient["b_y"] = delta_z.sum(axis=(0, 1))
    return gradient
