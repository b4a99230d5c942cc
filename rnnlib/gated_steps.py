r"""
One step of an LSTM and of a GRU, written anew: what the worlds of `rnnlib.gated_worlds` run.

Every value passes through a function `moved` where it arises, so that it can be nudged there.
Names are read off the letters: ``"a_f"`` is :math:`a^f_t`.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

# The letters of the blocks, as a superscript is read; and what each step computes, in its order.
BLOCKS = {"LSTM": (r"\iota", "f", "g", r"\omega"), "GRU": ("r", "u", "g")}
COMPUTED = {
    "LSTM": ("a", r"a_\iota", "a_f", "a_g", r"a_\omega", "iota", "f", "g", "omega", "c", "h"),
    "GRU": ("a_r", "a_u", "a_g", "r", "u", "q", "g", "h"),
}
Moved = Callable[[str, Any], Any]


def sigma(a: Any) -> Any:
    """
    Take the logistic function, also of complex numbers.

    Parameters
    ----------
    a : ndarray, any shape
        Where.

    Returns
    -------
    ndarray, same shape
        Its values.

    Examples
    --------
    >>> float(sigma(0.0))
    0.5
    """
    return 1 / (1 + np.exp(-a))


def lstm_values_of_step(
    theta: Mapping[str, Any], x: Any, h: Any, c: Any, moved: Moved
) -> dict[str, Any]:
    """
    Compute the values of one step of an LSTM.

    Parameters
    ----------
    theta : mapping of str to ndarray
        The parameters.
    x, h, c : ndarray, shapes (N, n_x), (N, n_h) and (N, n_h)
        Input, and the state and the cell before.
    moved : callable
        From a name and a value to the value that is used.

    Returns
    -------
    dict of str to ndarray
        In the order of `COMPUTED`.

    Examples
    --------
    >>> zero = {"W_xh": np.zeros((2, 4)), "W_hh": np.zeros((1, 4)), "b_h": np.zeros(4)}
    >>> one = np.ones((1, 1))
    >>> found = lstm_values_of_step(zero, np.ones((1, 2)), one, one, lambda name, value: value)
    >>> found["c"].item()
    0.5
    """
    a = moved("a", x @ theta["W_xh"] + h @ theta["W_hh"] + theta["b_h"])
    a_iota, a_f, a_g, a_omega = (
        moved(f"a_{block}", part)
        for block, part in zip(BLOCKS["LSTM"], np.split(a, 4, axis=1), strict=True)
    )
    iota, f = moved("iota", sigma(a_iota)), moved("f", sigma(a_f))
    g, omega = moved("g", np.tanh(a_g)), moved("omega", sigma(a_omega))
    c = moved("c", f * c + iota * g)
    h = moved("h", omega * np.tanh(c))
    values = (a, a_iota, a_f, a_g, a_omega, iota, f, g, omega, c, h)
    return dict(zip(COMPUTED["LSTM"], values, strict=True))


def gru_values_of_step(
    theta: Mapping[str, Any], x: Any, h: Any, moved: Moved, before: bool = False
) -> dict[str, Any]:
    """
    Compute the values of one step of a GRU.

    Parameters
    ----------
    theta : mapping of str to ndarray
        The parameters.
    x, h : ndarray, shapes (N, n_x) and (N, n_h)
        Input, and the state before.
    moved : callable
        From a name and a value to the value that is used.
    before : bool
        If the reset gate is applied to the state, before the product.

    Returns
    -------
    dict of str to ndarray
        In the order of `COMPUTED`.

    Examples
    --------
    >>> zero = {"W_xh": np.zeros((2, 3)), "W_hh": np.zeros((1, 3)), "b_h": np.zeros(3)}
    >>> one = np.ones((1, 1))
    >>> found = gru_values_of_step(
    ...     {**zero, "b_q": np.zeros(1)}, np.ones((1, 2)), one, lambda name, value: value
    ... )
    >>> found["h"].item()
    0.5
    """
    from_x = np.split(x @ theta["W_xh"] + theta["b_h"], 3, axis=1)
    W_r, W_u, W_g = np.split(theta["W_hh"], 3, axis=1)
    a_r, a_u = moved("a_r", from_x[0] + h @ W_r), moved("a_u", from_x[1] + h @ W_u)
    r, u = moved("r", sigma(a_r)), moved("u", sigma(a_u))
    q = moved("q", (r * h if before else h) @ W_g + theta["b_q"])
    a_g = moved("a_g", from_x[2] + (q if before else r * q))
    g = moved("g", np.tanh(a_g))
    h = moved("h", u * h + (1 - u) * g)
    return dict(zip(COMPUTED["GRU"], (a_r, a_u, a_g, r, u, q, g, h), strict=True))
