"""
Worlds of one prediction: logits, probabilities, a target and a loss, without any time.

No slope in these worlds comes from a rule of differentiation. A number is nudged along the
imaginary axis, where no digits cancel, and what arrives is its slope.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from .network_worlds import NUDGE
from .worlds import World


def slopes(function: Callable[[Any], Any], where: Any) -> np.ndarray:
    """
    Differentiate a function by each number of an array.

    Parameters
    ----------
    function : callable
        Takes such an array, and complex numbers in it.
    where : float or ndarray, any shape
        Where to differentiate.

    Returns
    -------
    ndarray, shape (*value, *where)
        The axes of the array come last.

    Examples
    --------
    >>> slopes(lambda x: x**2, [1.0, 3.0]).diagonal().tolist()
    [2.0, 6.0]
    """
    where = np.asarray(where, float)
    steps = 1j * NUDGE * np.eye(where.size).reshape((where.size, *where.shape))
    moved = [np.imag(function(where + step)) / NUDGE for step in steps]
    return np.stack(moved, axis=-1).reshape(np.shape(moved[0]) + where.shape)


def softmax(z: np.ndarray) -> np.ndarray:
    """
    Divide the powers by their sum, row by row, for complex numbers too.

    Parameters
    ----------
    z : ndarray, shape (..., n_y)
        Logits.

    Returns
    -------
    ndarray, shape (..., n_y)
        Probabilities.

    Examples
    --------
    >>> softmax(np.zeros(2)).tolist()
    [0.5, 0.5]
    """
    e = np.exp(z)
    result: np.ndarray = e / e.sum(axis=-1, keepdims=True)
    return result


def one_row(
    rng: np.random.Generator,
    soft: bool = True,
    output: Callable[[Any], Any] = softmax,
    loss: Callable[[Any], Any] | None = None,
) -> World:
    """
    Draw logits and a target, and measure all slopes between logits, prediction and loss.

    Parameters
    ----------
    rng : numpy.random.Generator
        Draws them, and the number of classes.
    soft : bool
        If the target is any row that sums to 1; otherwise it has a single 1.
    output : callable
        Makes a prediction of logits.
    loss : callable, optional
        Makes a loss of a prediction; the cross-entropy if not given.

    Returns
    -------
    World
        In which i, j and k run over the classes.

    Examples
    --------
    >>> values = one_row(np.random.default_rng(0), soft=False).values
    >>> float(values["y"].sum())
    1.0
    """
    n_y = int(rng.integers(3, 7))
    z, c = rng.normal(size=(2, n_y))
    y = rng.dirichlet(np.ones(n_y)) if soft else np.eye(n_y)[rng.integers(n_y)]
    loss = loss or (lambda y_hat: -(y * np.log(y_hat)).sum())
    y_hat, jacobian = output(z), slopes(output, z)
    values = {
        "n_y": n_y, "z": z, "c": c, "y": y, "y_hat": y_hat, "L": loss(y_hat),
        "∂y_hat[]/∂z": jacobian, "∂y_hat/∂z": jacobian,
        "∂g/∂z": slopes(lambda z: np.exp(z).sum(), z),
        "∂L/∂y_hat": slopes(loss, y_hat), "∂L/∂z": slopes(lambda z: loss(output(z)), z),
    }  # fmt: skip
    return World(values, {"i": range(n_y), "j": range(n_y), "k": range(n_y)})
