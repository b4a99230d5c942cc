"""Nudges: move one number where it arises, and see what the loss does."""

from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple

import numpy as np

from .arguments import check_array, check_choice
from .oracles import Derivatives, derivatives_by_name, in_float64
from .parameters import Parameters

STEP = 1e-30  # its square is far below the last digit of anything

# For complex numbers: what is compared is the real part.
PHI: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "tanh": np.tanh,
    "sigmoid": lambda a: 1 / (1 + np.exp(-a)),
    "relu": lambda a: a * (a.real > 0),
    "identity": lambda a: a,
}


class Run(NamedTuple):
    """
    What the network does when it is nudged, for each try.

    Attributes
    ----------
    h : ndarray, shape (tries, T, N, n_h), complex
        States.
    loss : ndarray, shape (tries, T), complex
        Loss of each step in nats, summed over the batch.
    """

    h: np.ndarray
    loss: np.ndarray


def nudged_run(
    params: Parameters,
    x: np.ndarray,
    y: np.ndarray,
    h_init: np.ndarray,
    activation: str,
    nudges: Mapping[str, np.ndarray],
    detach_at: Collection[int] = (),
) -> Run:
    """
    Run the network one step at a time, and add something to a value where it arises.

    Parameters
    ----------
    params : Parameters
        The weights and biases.
    x, y, h_init : ndarray, shapes (T, N, n_x), (T, N) of int, (N, n_h)
        Inputs, target classes, and the state before the first input.
    activation : {"tanh", "sigmoid", "relu", "identity"}
        Activation of the state.
    nudges : dict of str to ndarray, shape (tries, T, ...), complex
        What is added, for several tries side by side, to "x", "a", "h" or "z" of each step;
        to "message", the state that later steps see, but not the loss of its own; to the copy
        of a parameter that each step uses; or to "h_init", where T is 1.
    detach_at : collection of int, optional
        Steps that take the state before them as plain numbers, without an imaginary part.

    Returns
    -------
    Run
        States and losses of each try.

    Raises
    ------
    ValueError
        If an argument is not what was expected.

    Examples
    --------
    >>> from rnnlib import init_parameters
    >>> params = init_parameters(np.random.default_rng(0), n_x=5, n_h=3, n_y=7)
    >>> batch = np.ones((4, 2, 5)), np.zeros((4, 2), int), np.zeros((2, 3))
    >>> one_by_one = 1e-30j * np.eye(6).reshape(6, 1, 2, 3)
    >>> nudged_run(params, *batch, "tanh", {"h_init": one_by_one}).loss.shape
    (6, 4)
    """
    params, x, h_init, _ = in_float64(params, x, y, h_init, activation, None)
    shapes = _shapes(params, x, y, h_init)
    for name, nudge in nudges.items():
        check_choice("nudges", name, shapes)
        check_array(f"nudges[{name!r}]", nudge, ("tries", *shapes[name]))

    def nudged(name: str, t: int, value: np.ndarray) -> np.ndarray:
        return value + nudges[name][:, t] if name in nudges else value

    h, loss = [], []
    h_prev = nudged("h_init", 0, h_init)
    for t in range(len(x)):
        if t in detach_at:
            h_prev = h_prev.real
        # One more axis in front: the tries.
        W_xh, W_hh, W_hy, b_h, b_y = (
            nudged(name, t, array[np.newaxis]) for name, array in params._asdict().items()
        )
        a_t = nudged("x", t, x[t]) @ W_xh + h_prev @ W_hh + b_h[:, np.newaxis]
        h_t = nudged("h", t, PHI[activation](nudged("a", t, a_t)))
        z_t = nudged("z", t, h_t @ W_hy + b_y[:, np.newaxis])
        shifted = z_t - z_t.real.max(axis=-1, keepdims=True)
        rows = np.log(np.exp(shifted).sum(axis=-1)) - shifted[:, np.arange(len(y[t])), y[t]]
        h.append(h_t)
        loss.append(rows.sum(axis=-1))
        h_prev = nudged("message", t, h_t)
    # What no nudge has reached is the same for all tries.
    tries = max(map(len, nudges.values()), default=1)

    def stacked(steps: list[np.ndarray]) -> np.ndarray:
        return np.stack([np.broadcast_to(s, (tries, *s.shape[1:])) for s in steps], axis=1)

    return Run(stacked(h), stacked(loss))


def complex_step_derivatives(
    params: Parameters,
    x: np.ndarray,
    y: np.ndarray,
    h_init: np.ndarray,
    activation: str = "tanh",
    loss_weight: np.ndarray | None = None,
    detach_at: Collection[int] = (),
) -> Derivatives:
    r"""
    Nudge every number of every value, one at a time.

    Parameters
    ----------
    params : Parameters
        The weights and biases.
    x, y, h_init : ndarray, shapes (T, N, n_x), (T, N) of int, (N, n_h)
        Inputs, target classes, and the state before the first input.
    activation : {"tanh", "sigmoid", "relu", "identity"}
        Activation of the state.
    loss_weight : ndarray, shape (T,), float, optional
        How much the loss of each step counts; one each if not given.
    detach_at : collection of int, optional
        Steps that take the state before them as plain numbers.

    Returns
    -------
    Derivatives
        Of the total loss (nats, summed over steps and batch), float64.

    Raises
    ------
    ValueError
        If a shape, a dtype, a class number or a value is not what was expected.

    See Also
    --------
    rnnlib.gradient_checks.complex_step : the same for any function.

    Notes
    -----
    A nudge is imaginary and so small that its square vanishes: the imaginary part of a number
    is then just what it knows of the nudge [1]_. To detach a state is to drop it.

    References
    ----------
    .. [1] W. Squire and G. Trapp, "Using complex variables to estimate derivatives of real
       functions", SIAM Review 40 (1998) 110-112.

    Examples
    --------
    >>> from rnnlib import init_parameters
    >>> params = init_parameters(np.random.default_rng(0), n_x=5, n_h=3, n_y=7)
    >>> batch = np.ones((4, 2, 5)), np.zeros((4, 2), int), np.zeros((2, 3))
    >>> complex_step_derivatives(params, *batch).back.message[-1].tolist()
    [[0.0, 0.0, 0.0], [0.0, 0.0, 0.0]]
    """
    params, x, h_init, weight = in_float64(params, x, y, h_init, activation, loss_weight)

    def slopes(name: str, shape: tuple[int, ...], uses: int = 1) -> np.ndarray:
        size = int(np.prod(shape))
        nudge = 1j * STEP * np.eye(size).reshape(size, *shape).repeat(uses, axis=1)
        run = nudged_run(params, x, y, h_init, activation, {name: nudge}, detach_at)
        return (run.loss.imag / STEP @ weight).reshape(shape)

    by = {name: slopes(name, shape) for name, shape in _shapes(params, x, y, h_init).items()}
    # What all steps share is nudged at all of them at once.
    shared = [slopes(name, (1, *array.shape), len(x)) for name, array in params._asdict().items()]
    gradient = Parameters(*(slope[0] for slope in shared))
    return derivatives_by_name(by, by["h_init"][0], gradient)


def _shapes(
    params: Parameters, x: np.ndarray, y: np.ndarray, h_init: np.ndarray
) -> dict[str, tuple[int, ...]]:
    """Name all that can be nudged, with the steps as first axis."""
    T, n_y = len(x), len(params.b_y)
    return {
        "x": x.shape,
        **dict.fromkeys(("a", "h", "message"), (T, *h_init.shape)),
        "z": (*y.shape, n_y),
        "h_init": (1, *h_init.shape),
        **{name: (T, *array.shape) for name, array in params._asdict().items()},
    }
