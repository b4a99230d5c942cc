"""Measures for the claims of document 003 that are not formulas: what it advises at its end."""

from typing import Any

import numpy as np

from .adam import adam, init_adam
from .claim_worlds_003 import MATRICES, components
from .gated_parameters import init_gru, init_lstm
from .gradient_checks import complex_step
from .gru import gru_forward
from .gru_backward import gru_backward
from .lstm import lstm_forward
from .lstm_backward import lstm_backward
from .network_worlds import NUDGE
from .optimisers import adagrad, sgd
from .updates import zeros_like

Errors = tuple[float, float | None]


def numerically(rng: np.random.Generator) -> Errors:
    """
    Compare central differences, extrapolated once, with the gradient.

    Parameters
    ----------
    rng : numpy.random.Generator
        Draws a network.

    Returns
    -------
    error, corrected : float, None
        The length of the difference, measured by that of the gradient.

    Examples
    --------
    >>> numerically(np.random.default_rng(0))[0] < 1e-9
    True
    """
    values: Any = components(rng).values
    off, length = 0.0, 0.0
    for name in MATRICES:
        gradient = values[f"dL/d{name}"]
        for place in np.ndindex(gradient.shape):
            one = np.zeros(gradient.shape)
            one[place] = 1e-3
            ahead = [values.run({(name, None): k * one})["L"].sum() for k in (-2, -1, 1, 2)]
            slope = (ahead[0] - 8 * ahead[1] + 8 * ahead[2] - ahead[3]) / 12e-3
            off += (slope - gradient[place]) ** 2
            length += gradient[place] ** 2
    return float(np.sqrt(off / length)), None


def optimisers_lower_the_loss(rng: np.random.Generator) -> Errors:
    """
    Take three small steps with each of the three rules.

    Parameters
    ----------
    rng : numpy.random.Generator
        Draws a network.

    Returns
    -------
    error, corrected : float, None
        The number of steps after which the loss is not lower.

    Examples
    --------
    >>> optimisers_lower_the_loss(np.random.default_rng(0))
    (0.0, None)
    """
    values: Any = components(rng).values
    start = values.given["W_hh"]

    def loss(W_hh: Any) -> Any:
        return values.run({("W_hh", None): W_hh - start})["L"].sum()

    def gradient(W_hh: np.ndarray) -> np.ndarray:
        each = 1j * NUDGE * np.eye(start.size).reshape(-1, *start.shape)
        return np.imag([loss(W_hh + nudge) for nudge in each]).reshape(start.shape) / NUDGE

    rules: list[tuple[Any, Any]] = [
        (lambda at, state: (sgd(at, gradient(at), 1e-3), state), None),
        (lambda at, state: adagrad(at, gradient(at), state, 1e-3), zeros_like(start)),
        (lambda at, state: adam(at, gradient(at), state, 1e-3), init_adam(start)),
    ]
    failed = 0
    for rule, state in rules:
        at = start
        for _ in range(3):
            after, state = rule(at, state)
            failed += not loss(after) < loss(at)
            at = after
    return float(failed), None


def gated_units(rng: np.random.Generator) -> Errors:
    """
    Walk back through LSTM and GRU, and compare with a complex step.

    Parameters
    ----------
    rng : numpy.random.Generator
        Draws both networks and a batch.

    Returns
    -------
    error, corrected : float, None
        The largest error of a gradient, measured by its largest number.

    Examples
    --------
    >>> gated_units(np.random.default_rng(0))[0] < 1e-9
    True
    """
    T, N, n_x, n_h = 4, 2, 3, 5
    x, h_init = rng.normal(size=(T, N, n_x)), rng.normal(size=(N, n_h))
    upstream = rng.normal(size=(T, N, n_h))
    kinds: list[tuple[Any, ...]] = [
        (init_lstm, lstm_forward, lstm_backward),
        (init_gru, gru_forward, gru_backward),
    ]
    worst = 0.0
    for init, forward, backward in kinds:
        params = init(rng, n_x, n_h)
        found = backward(params, forward(params, x, h_init), upstream).gradient

        def told(params: Any, forward: Any = forward) -> Any:
            return (forward(params, x, h_init).h * upstream).sum()

        right: Any = complex_step(told, params)
        for ours, theirs in zip(found, right, strict=True):
            worst = max(worst, float(np.abs(ours - theirs).max() / np.abs(theirs).max()))
    return worst, None


MEASURES = {
    "numerically": numerically,
    "optimisers lower the loss": optimisers_lower_the_loss,
    "gated units": gated_units,
}
