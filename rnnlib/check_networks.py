"""Networks on which a gradient check is tuned: what is short, single, symmetric or zero in them."""

from typing import NamedTuple

import numpy as np

from .arguments import check_size
from .forward_pass import Trace, forward
from .parameters import Parameters

N_X, N_Y, EPS = 3, 4, 1e-5


class CheckSetting(NamedTuple):
    """
    Where a gradient is checked.

    Attributes
    ----------
    T, N, n_h : int
        Steps, samples, size of the state.
    symmetric : bool
        Whether `W_hh` is symmetric.
    biases : bool
        Whether the biases are drawn; else they are zero.
    first_state : bool
        Whether the state before the first input is drawn; else it is zero.
    scale : float
        What the three weight matrices, of about size 1, are multiplied by.
    """

    T: int = 3
    N: int = 2
    n_h: int = 3
    symmetric: bool = False
    biases: bool = True
    first_state: bool = True
    scale: float = 1.0


def checked_network(setting: CheckSetting, seed: int = 0) -> tuple[Parameters, Trace]:
    """
    Draw the network of a setting, and run it.

    Parameters
    ----------
    setting : CheckSetting
        Sizes, and what is zero or symmetric.
    seed : int, default 0
        Where the numbers come from.

    Returns
    -------
    params : Parameters
        Weights and biases.
    trace : Trace
        A run over a random batch.

    Raises
    ------
    ValueError
        If a size is not a whole number of at least one.

    Examples
    --------
    >>> params, trace = checked_network(CheckSetting(symmetric=True, biases=False))
    >>> bool((params.W_hh == params.W_hh.T).all()), params.b_h.tolist(), trace.h.shape
    (True, [0.0, 0.0, 0.0], (3, 2, 3))
    """
    T, N, n_h = (check_size(name, getattr(setting, name)) for name in ("T", "N", "n_h"))
    rng = np.random.default_rng(seed)
    W_xh, W_hh, W_hy = (rng.standard_normal(s) for s in ((N_X, n_h), (n_h, n_h), (n_h, N_Y)))
    if setting.symmetric:
        W_hh = (W_hh + W_hh.T) / 2
    b_h, b_y = (rng.standard_normal(n) for n in (n_h, N_Y))
    h_init = rng.uniform(-0.9, 0.9, (N, n_h))
    x, y = rng.standard_normal((T, N, N_X)), rng.integers(N_Y, size=(T, N))
    if not setting.biases:
        b_h, b_y = np.zeros(n_h), np.zeros(N_Y)
    if not setting.first_state:
        h_init = np.zeros((N, n_h))
    k = setting.scale
    params = Parameters(k * W_xh, k * W_hh, k * W_hy, b_h, b_y)
    return params, forward(params, x, y, h_init)


def measured_slopes(params: Parameters, trace: Trace, eps: float = EPS) -> Parameters:
    """
    Measure all slopes of the loss by central differences, all tries side by side.

    Parameters
    ----------
    params : Parameters
        Where to measure.
    trace : Trace
        Where inputs, targets and the first state come from; its activation is tanh.
    eps : float, default 1e-5
        How far a number is moved to each side.

    Returns
    -------
    slopes : Parameters
        Slopes in nats per unit.

    See Also
    --------
    rnnlib.gradient_checks.central_differences : the same for any loss, one try after the other.

    Examples
    --------
    >>> params, trace = checked_network(CheckSetting())
    >>> measured_slopes(params, trace).W_hh.shape
    (3, 3)
    """
    start = np.concatenate([array.ravel() for array in params])
    steps = eps * np.concatenate([np.eye(start.size), -np.eye(start.size)])
    cuts = np.cumsum([array.size for array in params])[:-1]
    pieces = zip(np.split(start + steps, cuts, axis=1), params, strict=True)
    # The tries are one more axis in front.
    W_xh, W_hh, W_hy, b_h, b_y = (part.reshape(-1, *like.shape) for part, like in pieces)
    h: np.ndarray = trace.h_init
    loss = np.zeros(len(steps))
    for x_t, y_t in zip(trace.x, trace.y, strict=True):
        h = np.tanh(x_t @ W_xh + h @ W_hh + b_h[:, np.newaxis])
        z = h @ W_hy + b_y[:, np.newaxis]
        z = z - z.max(axis=-1, keepdims=True)
        rows = np.log(np.exp(z).sum(axis=-1)) - z[:, np.arange(len(y_t)), y_t]
        loss += rows.sum(axis=-1)
    slopes = (loss[: start.size] - loss[start.size :]) / (2 * eps)
    parts = zip(np.split(slopes, cuts), params, strict=True)
    return Parameters(*(part.reshape(like.shape) for part, like in parts))
