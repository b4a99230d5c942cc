"""An oracle for numbers: sympy differentiates the lines of one step; time runs forwards."""

from collections import defaultdict
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import sympy as sp

from .arguments import check_array, check_choice, check_classes
from .bptt import BackwardTrace
from .parameters import Parameters, check_parameters
from .symbolic_components import derivative, elementwise, letters

Value = str | tuple[str, int]  # a parameter by its name, a value by its name and step
Numbers = dict[str, np.ndarray]
Line = Callable[[Numbers], tuple[np.ndarray, Numbers]]

# By the names of ACTIVATIONS, as they are printed; relu with slope 0 at its kink.
FORMULAS: dict[str, Callable[[sp.Expr], sp.Expr]] = {
    "tanh": sp.tanh,
    "sigmoid": lambda a: 1 / (1 + sp.exp(-a)),
    "relu": lambda a: sp.Piecewise((a, a > 0), (0, True)),
    "identity": lambda a: a,
}


def symbolic_gradient(
    params: Parameters,
    x: np.ndarray,
    y: np.ndarray,
    h_init: np.ndarray,
    activation: str = "tanh",
) -> BackwardTrace:
    r"""
    Differentiate the total loss without any formula of backpropagation.

    Parameters
    ----------
    params : Parameters
        The weights and biases.
    x : ndarray, shape (T, N, n_x), float
        Inputs.
    y : ndarray, shape (T, N), int
        Target classes.
    h_init : ndarray, shape (N, n_h), float
        The state before the first input.
    activation : {"tanh", "sigmoid", "relu", "identity"}
        Activation of the state.

    Returns
    -------
    BackwardTrace
        Derivatives of the total loss (nats, summed over steps and batch), in float64.

    Raises
    ------
    ValueError
        If a shape, a dtype, a class number or a value is not what was expected.

    See Also
    --------
    rnnlib.bptt.backward : the same numbers, by the formulas of the book.
    rnnlib.symbolic_unrolled : exact proofs, for very small networks.

    Notes
    -----
    sympy differentiates each of the four lines of one step by every letter in it. The
    results are chained **forwards** in time: what moved :math:`h_{t-1}` moves :math:`h_t`
    through :math:`J_t`, and what enters at step :math:`t` moves it immediately,

    .. math:: \mathrm dh_t = \partial^{+} h_t + J_t\,\mathrm dh_{t-1} .

    No delta is handed back and no transpose is taken, so a mistake in the way back has no
    twin here. A message is the derivative by a nudge of :math:`h_t` that the later steps
    see and the loss of step :math:`t` does not.

    The numbers are exact but for rounding: keep the logits below 700, for the exponentials
    are not shifted. The first call for given sizes takes sympy a second or so; later calls
    take milliseconds.

    Examples
    --------
    >>> from rnnlib import init_parameters
    >>> params = init_parameters(np.random.default_rng(0), n_x=2, n_h=3, n_y=2)
    >>> x, y, h_init = np.ones((2, 1, 2)), np.array([[0], [1]]), np.zeros((1, 3))
    >>> symbolic_gradient(params, x, y, h_init).gradient.W_hh.shape
    (3, 3)
    """
    n_x, n_h, n_y = check_parameters(params)
    x = check_array("x", x, ("T", "N", n_x))
    T, N, _ = x.shape
    y = check_classes("y", y, (T, N), n_classes=n_y)
    h = check_array("h_init", h_init, (N, n_h))
    check_choice("activation", activation, FORMULAS)
    a_line, z_line, loss_line = _other_lines(n_x, n_h, n_y)
    h_line = _state_line(n_h, activation)
    itself = np.broadcast_to(np.eye(n_h), (N, n_h, n_h))

    # How far each value so far moves the present state, and the loss of the steps so far.
    recurrent = ("W_xh", "W_hh", "b_h")
    moved: dict[Value, np.ndarray] = {}
    moved |= {name: np.zeros((N, n_h, getattr(params, name).size)) for name in recurrent}
    moved["h_init"] = itself
    slope: defaultdict[Value, Any] = defaultdict(float)
    now = {name: value[np.newaxis] for name, value in params._asdict().items()}
    for t in range(T):
        now |= {"x": x[t], "y": np.eye(n_y)[y[t]], "h_prev": h}
        now["a"], a_by = a_line(now)
        now["h"], h_by = h_line(now)
        now["z"], z_by = z_line(now)
        _, loss_by = loss_line(now)
        h = now["h"]

        # What moved the state before moves this one: J_t dh_{t-1}.
        jacobian = h_by["a"] @ a_by["h_prev"]
        moved = {name: jacobian @ value for name, value in moved.items()}
        # What enters at this step moves it immediately.
        for name in recurrent:
            moved[name] += h_by["a"] @ a_by[name]
        moved["x", t] = h_by["a"] @ a_by["x"]
        moved["a", t], moved["h", t] = h_by["a"], itself

        for which, value in moved.items():
            slope[which] += loss_by["z"] @ z_by["h"] @ value
        for name in ("W_hy", "b_y"):
            slope[name] += loss_by["z"] @ z_by[name]
        slope["z", t] = loss_by["z"]
        # Only now: the later steps see this nudge, the loss of this one does not.
        moved["message", t], slope["message", t] = itself, np.zeros((N, 1, n_h))

    def all_steps(name: str) -> np.ndarray:
        return np.stack([slope[name, t][:, 0] for t in range(T)])

    gradient = [slope[name].sum(axis=(0, 1)) for name in params._fields]
    return BackwardTrace(
        delta_z=all_steps("z"),
        message=all_steps("message"),
        delta_h=all_steps("h"),
        delta_a=all_steps("a"),
        delta_x=all_steps("x"),
        delta_h_init=slope["h_init"][:, 0],
        gradient=Parameters(*(g.reshape(p.shape) for g, p in zip(gradient, params, strict=True))),
    )


@cache
def _other_lines(n_x: int, n_h: int, n_y: int) -> tuple[Line, Line, Line]:
    """Write a, z and the loss of one step in letters; differentiate and compile them."""
    x, h_prev, h = letters("x_{t}", n_x), letters("h_{t-1}", n_h), letters("h_{t}", n_h)
    W_xh, W_hh = letters("W_{xh}", n_x, n_h), letters("W_{hh}", n_h, n_h)
    W_hy, b_h, b_y = letters("W_{hy}", n_h, n_y), letters("b_{h}", n_h), letters("b_{y}", n_y)
    z, y = letters("z_{t}", n_y), letters("y_{t}", n_y)
    loss = sp.log(sum(elementwise(sp.exp, z))) - (y * z).sum()  # y is one-hot here
    return (
        _line(x @ W_xh + h_prev @ W_hh + b_h, x=x, h_prev=h_prev, W_xh=W_xh, W_hh=W_hh, b_h=b_h),
        _line(h @ W_hy + b_y, h=h, W_hy=W_hy, b_y=b_y),
        _line(np.array([loss]), z=z, y=y),
    )


@cache
def _state_line(n_h: int, activation: str) -> Line:
    """Write h in letters; differentiate and compile it."""
    a = letters("a", n_h)
    return _line(elementwise(FORMULAS[activation], a), a=a)


def _line(values: np.ndarray, **arguments: np.ndarray) -> Line:
    """Compile a line: from numbers by name to its values, and their slopes by each argument."""
    parts = [values, *(derivative(values, by) for by in arguments.values())]
    formulas = np.concatenate([part.reshape(len(values), -1) for part in parts], axis=1)
    symbols = [symbol for by in arguments.values() for symbol in by.flat]
    places = np.argwhere(formulas != 0)
    written = [formulas[j, k] for j, k in places]
    function = sp.lambdify(symbols, written, "numpy", cse=True)
    ends = np.cumsum([1, *(by.size for by in arguments.values())])[:-1]

    def evaluate(now: Numbers) -> tuple[np.ndarray, Numbers]:
        # Samples are the first axis of every array; of a parameter there is one for all.
        columns = [c for name in arguments for c in now[name].reshape(len(now[name]), -1).T]
        result = np.zeros((max(map(len, columns)), *formulas.shape))
        for (j, k), numbers in zip(places, function(*columns), strict=True):
            result[:, j, k] = numbers
        value, *slopes = np.split(result, ends, axis=2)
        return value[:, :, 0], dict(zip(arguments, slopes, strict=True))

    return evaluate
