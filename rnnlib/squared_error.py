"""The squared error in its two usual sizes: with the factor ½, and as a mean."""

import numpy as np

from .arguments import check_array


def half_squared_error(z: np.ndarray, y: np.ndarray) -> np.ndarray:
    r"""
    Half the squared distance between an output and its target.

    Parameters
    ----------
    z : ndarray, shape (..., n_y), float
        Outputs.
    y : ndarray, shape (..., n_y), float
        Targets.

    Returns
    -------
    ndarray, shape (...)
        :math:`\frac12 \sum_k (z_k - y_k)^2`. The factor ½ is there so that the
        derivative is :math:`z - y`, with factor 1.

    Raises
    ------
    ValueError
        If a shape, a dtype or a value is not what was expected.

    Examples
    --------
    >>> half_squared_error(np.array([3.0, 4.0]), np.array([0.0, 0.0])).tolist()
    12.5
    """
    difference = _difference(z, y)
    return 0.5 * (difference * difference).sum(axis=-1)


def half_squared_error_delta(z: np.ndarray, y: np.ndarray) -> np.ndarray:
    r"""
    Derivative of half the squared error by the output.

    Parameters
    ----------
    z : ndarray, shape (..., n_y), float
        Outputs.
    y : ndarray, shape (..., n_y), float
        Targets.

    Returns
    -------
    ndarray, shape (..., n_y)
        :math:`z - y`.

    Raises
    ------
    ValueError
        If a shape, a dtype or a value is not what was expected.

    Examples
    --------
    >>> half_squared_error_delta(np.array([3.0, 4.0]), np.array([0.0, 5.0])).tolist()
    [3.0, -1.0]
    """
    return _difference(z, y)


def mean_squared_error(z: np.ndarray, y: np.ndarray) -> np.ndarray:
    r"""
    Squared error averaged over the outputs of a row.

    Parameters
    ----------
    z : ndarray, shape (..., n_y), float
        Outputs.
    y : ndarray, shape (..., n_y), float
        Targets.

    Returns
    -------
    ndarray, shape (...)
        :math:`\frac{1}{n_y} \sum_k (z_k - y_k)^2`: the factor is :math:`1/n_y`, not ½.

    Raises
    ------
    ValueError
        If a shape, a dtype or a value is not what was expected.

    Examples
    --------
    >>> mean_squared_error(np.array([3.0, 4.0]), np.array([0.0, 0.0])).tolist()
    12.5
    """
    difference = _difference(z, y)
    return (difference * difference).mean(axis=-1)


def mean_squared_error_delta(z: np.ndarray, y: np.ndarray) -> np.ndarray:
    r"""
    Derivative of the mean squared error by the output.

    Parameters
    ----------
    z : ndarray, shape (..., n_y), float
        Outputs.
    y : ndarray, shape (..., n_y), float
        Targets.

    Returns
    -------
    ndarray, shape (..., n_y)
        :math:`\frac{2}{n_y} (z - y)`.

    Raises
    ------
    ValueError
        If a shape, a dtype or a value is not what was expected.

    Examples
    --------
    >>> mean_squared_error_delta(np.array([3.0, 4.0]), np.array([0.0, 5.0])).tolist()
    [3.0, -1.0]
    """
    difference = _difference(z, y)
    return 2 / difference.shape[-1] * difference


def _difference(z: np.ndarray, y: np.ndarray) -> np.ndarray:
    z = check_array("z", z, (..., "n_y"))
    return z - check_array("y", y, z.shape)
