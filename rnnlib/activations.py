"""Activations: element by element, and softmax, which mixes a whole row."""

import numpy as np

from .arguments import check_array


def tanh(a: np.ndarray) -> np.ndarray:
    """
    Hyperbolic tangent, element by element.

    Parameters
    ----------
    a : ndarray, any shape
        Pre-activation.

    Returns
    -------
    ndarray, same shape
        Numbers between -1 and 1.

    Examples
    --------
    >>> float(tanh(np.float64(0.0)))
    0.0
    """
    return np.tanh(a)


def sigmoid(a: np.ndarray) -> np.ndarray:
    r"""
    Logistic function, element by element.

    Parameters
    ----------
    a : ndarray, any shape
        Pre-activation.

    Returns
    -------
    ndarray, same shape
        Numbers between 0 and 1.

    Notes
    -----
    :math:`\sigma(a) = 1/(1 + e^{-a}) = \frac12 (1 + \tanh\frac a2)`. The second form
    cannot overflow.

    Examples
    --------
    >>> float(sigmoid(np.float64(-1000.0)))
    0.0
    """
    return 0.5 * (1.0 + np.tanh(0.5 * a))


def relu(a: np.ndarray) -> np.ndarray:
    """
    Rectified linear unit, element by element.

    Parameters
    ----------
    a : ndarray, any shape
        Pre-activation.

    Returns
    -------
    ndarray, same shape
        `a` where it is positive, else 0.

    Examples
    --------
    >>> relu(np.array([-2.0, 3.0])).tolist()
    [0.0, 3.0]
    """
    return np.where(np.real(a) > 0, a, np.zeros_like(a))


def identity(a: np.ndarray) -> np.ndarray:
    """
    Pass the pre-activation on as it is: a linear network.

    Parameters
    ----------
    a : ndarray, any shape
        Pre-activation.

    Returns
    -------
    ndarray, same shape
        A copy of `a`.

    Examples
    --------
    >>> identity(np.array([-2.0, 3.0])).tolist()
    [-2.0, 3.0]
    """
    return np.array(a)


ACTIVATIONS = {"tanh": tanh, "sigmoid": sigmoid, "relu": relu, "identity": identity}


def log_sum_exp(z: np.ndarray) -> np.ndarray:
    r"""
    Logarithm of the sum of exponentials along the last axis.

    Parameters
    ----------
    z : ndarray, shape (..., n_y)
        Logits.

    Returns
    -------
    ndarray, shape (..., 1)
        The last axis is kept, so that ``z - log_sum_exp(z)`` is the logarithm of softmax.

    Raises
    ------
    ValueError
        If `z` has no last axis, or is not finite or not float.

    Notes
    -----
    With :math:`m = \max_k z_k`,

    .. math:: \log \sum_k e^{z_k} = m + \log \sum_k e^{z_k - m}.

    The largest exponent is then 0: nothing overflows, and the sum is at least 1 [1]_.

    References
    ----------
    .. [1] P. Blanchard, D. J. Higham and N. J. Higham, "Accurately computing the
       log-sum-exp and softmax functions", IMA J. Numer. Anal. 41 (2021) 2311-2330.

    Examples
    --------
    >>> log_sum_exp(np.array([1000.0, 1000.0])).round(3).tolist()
    [1000.693]
    """
    z = check_array("z", z, (..., "n_y"))
    m = np.max(np.real(z), axis=-1, keepdims=True)
    return m + np.log(np.sum(np.exp(z - m), axis=-1, keepdims=True))


def softmax(z: np.ndarray) -> np.ndarray:
    r"""
    Turn the logits of each row into probabilities.

    Parameters
    ----------
    z : ndarray, shape (..., n_y)
        Logits.

    Returns
    -------
    ndarray, shape (..., n_y)
        Positive numbers; each row sums to 1.

    Raises
    ------
    ValueError
        If `z` has no last axis, or is not finite or not float.

    Notes
    -----
    :math:`\hat y_k = e^{z_k} / \sum_j e^{z_j}`. Subtracting the largest logit changes
    nothing in exact arithmetic, and keeps :math:`e^{z}` from overflowing.

    Examples
    --------
    >>> softmax(np.array([1000.0, 1000.0])).tolist()
    [0.5, 0.5]
    """
    z = check_array("z", z, (..., "n_y"))
    e = np.exp(z - np.max(np.real(z), axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)
