"""Mistaken walks: the way back with one of its lines replaced by another."""

from collections.abc import Callable

import numpy as np

from .bptt import BackwardTrace, backward
from .derivatives import DERIVATIVES
from .forward_pass import Trace, check_trace, forward
from .losses import cross_entropy_delta
from .parameters import Parameters
from .products import sum_of_products

Walk = Callable[[Parameters, Trace], BackwardTrace]  # from parameters and trace to a walk back


def mistaken_walk(
    params: Parameters,
    trace: Trace,
    delta_z: np.ndarray | None = None,
    slope: np.ndarray | None = None,
    arrives: Callable[..., np.ndarray] = lambda own, message, at_end: own + message,
    squash: Callable[..., np.ndarray] = np.multiply,
    leaves: Callable[..., np.ndarray] = lambda delta_a, delta_h, own: delta_a,
    W_back: np.ndarray | None = None,
    forwards: bool = False,
) -> BackwardTrace:
    """
    Walk back with some of the lines replaced; what is not given is right.

    Parameters
    ----------
    params : Parameters
        The parameters that made the trace.
    trace : Trace
        What the forward pass stored.
    delta_z : ndarray, shape (T, N, n_y), optional
        The deltas of the logits.
    slope : ndarray, shape (T, N, n_h), optional
        The slopes of the activation.
    arrives : callable
        From what the own loss says, the message, and whether this is the last step, to the
        delta of the state.
    squash : callable
        From the delta of the state and the slope to the delta of the pre-activation.
    leaves : callable
        What the next message is made of: chosen from the delta of the pre-activation, that of
        the state, and what the own loss alone would make of the first.
    W_back : ndarray, shape (n_h, n_h), optional
        What the message is multiplied by.
    forwards : bool, default False
        Whether the walk goes from the first step to the last.

    Returns
    -------
    BackwardTrace
        Everything that follows from the lines as they are now.

    Raises
    ------
    ValueError
        If `params` and `trace` do not fit together.

    See Also
    --------
    rnnlib.bptt.backward : nothing replaced.

    Examples
    --------
    >>> from rnnlib import init_parameters
    >>> params = init_parameters(np.random.default_rng(0), n_x=5, n_h=3, n_y=7)
    >>> trace = forward(params, x=np.ones((4, 2, 5)), y=np.zeros((4, 2), int))
    >>> deaf = mistaken_walk(params, trace, arrives=lambda own, message, at_end: own)
    >>> bool((deaf.delta_h == deaf.delta_z @ params.W_hy.T).all())
    True
    """
    check_trace(params, trace)
    T, h = len(trace.x), trace.h
    delta_z = cross_entropy_delta(trace.z, trace.y) if delta_z is None else delta_z
    slope = DERIVATIVES[trace.activation](h) if slope is None else slope
    W_back = params.W_hh.T if W_back is None else W_back
    own = delta_z @ params.W_hy.T
    message, delta_h, delta_a = np.zeros_like(h), np.zeros_like(h), np.zeros_like(h)
    handed = np.zeros_like(trace.h_init)
    for t in range(T) if forwards else reversed(range(T)):
        message[t] = handed
        delta_h[t] = arrives(own[t], handed, t == T - 1)
        delta_a[t] = squash(delta_h[t], slope[t])
        handed = leaves(delta_a[t], delta_h[t], own[t] * slope[t]) @ W_back
    gradient = Parameters(
        W_xh=sum_of_products(trace.x, delta_a),
        W_hh=sum_of_products(trace.h_prev, delta_a),
        W_hy=sum_of_products(h, delta_z),
        b_h=delta_a.sum(axis=(0, 1)),
        b_y=delta_z.sum(axis=(0, 1)),
    )
    delta_x = delta_a @ params.W_xh.T
    return BackwardTrace(delta_z, message, delta_h, delta_a, delta_x, handed, gradient)


def with_other_gradients(
    params: Parameters,
    trace: Trace,
    change: Callable[[Trace, BackwardTrace], dict[str, np.ndarray]],
) -> BackwardTrace:
    """
    Walk back rightly, and replace some of the gradients.

    Parameters
    ----------
    params : Parameters
        The parameters that made the trace.
    trace : Trace
        What the forward pass stored.
    change : callable
        From the trace and the right walk back to other gradients, by name.

    Returns
    -------
    BackwardTrace
        The right walk, with these gradients in place of its own.

    Raises
    ------
    ValueError
        If `params` and `trace` do not fit together, or a name is that of no parameter.

    Examples
    --------
    >>> from rnnlib import init_parameters
    >>> params = init_parameters(np.random.default_rng(0), n_x=5, n_h=3, n_y=7)
    >>> trace = forward(params, x=np.ones((4, 2, 5)), y=np.zeros((4, 2), int))
    >>> back = with_other_gradients(params, trace, lambda trace, back: {"b_h": np.zeros(3)})
    >>> back.gradient.b_h.tolist()
    [0.0, 0.0, 0.0]
    """
    back = backward(params, trace)
    return back._replace(gradient=back.gradient._replace(**change(trace, back)))


def run_again(params: Parameters, trace: Trace, h_init: np.ndarray | None = None) -> Trace:
    """
    Run the network over the same batch, with other parameters or another first state.

    Parameters
    ----------
    params : Parameters
        The parameters to run with.
    trace : Trace
        Where inputs, targets and activation come from.
    h_init : ndarray, shape (N, n_h), optional
        The state before the first input; that of the trace if not given.

    Returns
    -------
    Trace
        The other run.

    Raises
    ------
    ValueError
        If `params` and `trace` do not fit together.

    Examples
    --------
    >>> from rnnlib import init_parameters
    >>> params = init_parameters(np.random.default_rng(0), n_x=5, n_h=3, n_y=7)
    >>> trace = forward(params, x=np.ones((4, 2, 5)), y=np.zeros((4, 2), int))
    >>> run_again(params, trace, h_init=np.ones((2, 3))).states[0].tolist()
    [[1.0, 1.0, 1.0], [1.0, 1.0, 1.0]]
    """
    check_trace(params, trace)
    h_init = trace.h_init if h_init is None else h_init
    return forward(params, trace.x, trace.y, h_init, trace.activation)


def run_starting_anew(params: Parameters, trace: Trace) -> Trace:
    """
    Run the network over the same batch, each step from the state before the first.

    Parameters
    ----------
    params : Parameters
        The parameters to run with.
    trace : Trace
        Where inputs, targets, first state and activation come from.

    Returns
    -------
    Trace
        A run in which no state reaches the next step.

    Raises
    ------
    ValueError
        If `params` and `trace` do not fit together.

    Examples
    --------
    >>> from rnnlib import init_parameters
    >>> params = init_parameters(np.random.default_rng(0), n_x=5, n_h=3, n_y=7)
    >>> trace = forward(params, x=np.ones((4, 2, 5)), y=np.zeros((4, 2), int))
    >>> anew = run_starting_anew(params, trace)
    >>> bool((anew.h[0] == anew.h[3]).all())
    True
    """
    check_trace(params, trace)
    steps = zip(trace.x[:, np.newaxis], trace.y[:, np.newaxis], strict=True)
    runs = [forward(params, x, y, trace.h_init, trace.activation) for x, y in steps]
    a, z, y_hat, loss = (
        np.concatenate([getattr(run, name) for run in runs]) for name in ("a", "z", "y_hat", "loss")
    )
    states = np.concatenate([trace.states[:1], *(run.h for run in runs)])
    return trace._replace(states=states, a=a, z=z, y_hat=y_hat, loss=loss)
