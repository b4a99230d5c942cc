"""How wrong a prediction is, one number a row, and the slope of that number."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from .activations import log_sum_exp, softmax
from .arguments import check_array, check_choice, check_classes, check_size
from .squared_error import (
    half_squared_error,
    half_squared_error_delta,
    mean_squared_error,
    mean_squared_error_delta,
)


def cross_entropy(z: np.ndarray, y: np.ndarray) -> np.ndarray:
    r"""
    Cross-entropy of softmax(z) against the target class, one number a row.

    Parameters
    ----------
    z : ndarray, shape (..., n_y), float
        Logits.
    y : ndarray, shape (...), int
        Target classes, from 0 to n_y - 1.

    Returns
    -------
    ndarray, shape (...)
        :math:`-\log \hat y_y` in nats, neither summed nor averaged.

    Raises
    ------
    ValueError
        If `y` does not have the shape of `z` without its last axis, or holds
        something else than class numbers; if `z` is not finite or not float.

    Notes
    -----
    With :math:`\hat y = \mathrm{softmax}(z)`,

    .. math:: -\log \hat y_y = \log \sum_k e^{z_k} - z_y.

    The logits go in, not the probabilities: a probability that has been rounded to 0
    would have an infinite loss.

    Examples
    --------
    >>> cross_entropy(np.array([[0.0, 0.0], [0.0, -800.0]]), np.array([1, 1])).round(4).tolist()
    [0.6931, 800.0]
    """
    z = check_array("z", z, (..., "n_y"))
    y = check_classes("y", y, z.shape[:-1], n_classes=z.shape[-1])
    z_y = np.take_along_axis(z, y[..., np.newaxis], axis=-1)
    return (log_sum_exp(z) - z_y)[..., 0]


def cross_entropy_delta(z: np.ndarray, y: np.ndarray) -> np.ndarray:
    r"""
    Derivative of the cross-entropy of softmax(z) by the logits.

    Parameters
    ----------
    z : ndarray, shape (..., n_y), float
        Logits.
    y : ndarray, shape (...), int
        Target classes, from 0 to n_y - 1.

    Returns
    -------
    ndarray, shape (..., n_y)
        Each row sums to 0.

    Raises
    ------
    ValueError
        As in `cross_entropy`.

    Notes
    -----
    .. math:: \delta^z_k = \hat y_k - [k = y]

    Examples
    --------
    >>> cross_entropy_delta(np.array([[0.0, 0.0]]), np.array([1])).tolist()
    [[0.5, -0.5]]
    """
    z = check_array("z", z, (..., "n_y"))
    y = check_classes("y", y, z.shape[:-1], n_classes=z.shape[-1])
    return softmax(z) - (y[..., np.newaxis] == np.arange(z.shape[-1]))


class Loss(NamedTuple):
    """
    A loss and its slope, one beside the other.

    Attributes
    ----------
    rows : callable
        From outputs and targets to one number a row.
    delta_z : callable
        From outputs and targets to the derivative of each row's number by the outputs.
    """

    rows: Callable[[np.ndarray, np.ndarray], np.ndarray]
    delta_z: Callable[[np.ndarray, np.ndarray], np.ndarray]


LOSSES = {
    "cross_entropy": Loss(cross_entropy, cross_entropy_delta),
    "half_squared_error": Loss(half_squared_error, half_squared_error_delta),
    "mean_squared_error": Loss(mean_squared_error, mean_squared_error_delta),
}


def reduction_factor(reduction: str, rows: int) -> float:
    """
    Factor that turns a sum over rows into the chosen reduction.

    Parameters
    ----------
    reduction : {"sum", "mean"}
        "sum" adds the rows of all steps and samples; "mean" also divides by their number.
    rows : int
        How many rows there are: T times N.

    Returns
    -------
    float
        1 or ``1 / rows``. The loss **and** its derivative take this factor: a mean loss
        with a summed gradient is a common mistake.

    Raises
    ------
    ValueError
        If the reduction is unknown, or `rows` is not a whole number of at least one.

    Examples
    --------
    >>> reduction_factor("mean", 8)
    0.125
    """
    check_choice("reduction", reduction, ["sum", "mean"])
    rows = check_size("rows", rows)
    return 1.0 if reduction == "sum" else 1.0 / rows
