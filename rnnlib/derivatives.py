"""Derivatives of the activations, written with what the forward pass has stored anyway."""

import numpy as np

from .arguments import check_array, check_classes


def tanh_derivative(h: np.ndarray) -> np.ndarray:
    r"""
    Slope of tanh where its value is `h`.

    Parameters
    ----------
    h : ndarray, any shape, float
        A value of tanh, not its argument.

    Returns
    -------
    ndarray, same shape and dtype
        :math:`1 - h^2`.

    Notes
    -----
    With :math:`h = \tanh a`,

    .. math:: \frac{\mathrm dh}{\mathrm da} = 1 - h^2.

    Examples
    --------
    >>> float(tanh_derivative(np.tanh(0.0)))
    1.0
    """
    return 1 - h * h


def sigmoid_derivative(h: np.ndarray) -> np.ndarray:
    r"""
    Slope of the logistic function where its value is `h`.

    Parameters
    ----------
    h : ndarray, any shape, float
        A value of the logistic function, not its argument.

    Returns
    -------
    ndarray, same shape and dtype
        :math:`h (1 - h)`.

    Notes
    -----
    With :math:`h = \sigma(a)`,

    .. math:: \frac{\mathrm dh}{\mathrm da} = h (1 - h).

    Examples
    --------
    >>> sigmoid_derivative(np.array([0.5, 1.0])).tolist()
    [0.25, 0.0]
    """
    return h * (1 - h)


def relu_derivative(h: np.ndarray) -> np.ndarray:
    """
    Slope of the rectified linear unit where its value is `h`.

    Parameters
    ----------
    h : ndarray, any shape, float
        A value of the rectified linear unit, not its argument.

    Returns
    -------
    ndarray, same shape and dtype
        1 where `h` is positive, else 0. At the kink itself no derivative exists; 0 is
        the usual choice.

    Examples
    --------
    >>> relu_derivative(np.array([0.0, 3.0])).tolist()
    [0.0, 1.0]
    """
    return (np.real(h) > 0).astype(np.asarray(h).dtype)


def identity_derivative(h: np.ndarray) -> np.ndarray:
    """
    Slope of the identity.

    Parameters
    ----------
    h : ndarray, any shape, float
        A value of the identity.

    Returns
    -------
    ndarray, same shape and dtype
        Ones.

    Examples
    --------
    >>> identity_derivative(np.array([-2.0, 3.0])).tolist()
    [1.0, 1.0]
    """
    return np.ones_like(h)


# By the names of ACTIVATIONS. Each takes the value h, not the pre-activation a.
DERIVATIVES = {
    "tanh": tanh_derivative,
    "sigmoid": sigmoid_derivative,
    "relu": relu_derivative,
    "identity": identity_derivative,
}


def softmax_derivative(y_hat: np.ndarray, i: int, k: int) -> np.ndarray:
    r"""
    Derivative of one probability by one logit: one entry of the Jacobian, two cases.

    Parameters
    ----------
    y_hat : ndarray, shape (..., n_y), float
        Values of softmax.
    i : int
        Which probability, from 0 to n_y - 1.
    k : int
        Which logit, from 0 to n_y - 1.

    Returns
    -------
    ndarray, shape (...)
        :math:`\partial \hat y_i / \partial z_k`.

    Raises
    ------
    ValueError
        If `y_hat` has no last axis or is not finite or not float, or an index is no class.

    Notes
    -----
    .. math::
        \frac{\partial \hat y_i}{\partial z_k} =
        \begin{cases}
            \hat y_i (1 - \hat y_i) & i = k \\
            -\hat y_i \hat y_k & i \ne k
        \end{cases}

    Examples
    --------
    >>> float(softmax_derivative(np.array([0.25, 0.75]), 0, 0))
    0.1875
    >>> float(softmax_derivative(np.array([0.25, 0.75]), 0, 1))
    -0.1875
    """
    y_hat = check_array("y_hat", y_hat, (..., "n_y"))
    n_y = y_hat.shape[-1]
    i, k = int(check_classes("i", i, (), n_y)), int(check_classes("k", k, (), n_y))
    if i == k:
        return y_hat[..., i] * (1 - y_hat[..., i])
    return -y_hat[..., i] * y_hat[..., k]


def softmax_jacobian(y_hat: np.ndarray) -> np.ndarray:
    r"""
    Derivatives of all probabilities by all logits of a row.

    Parameters
    ----------
    y_hat : ndarray, shape (..., n_y), float
        Values of softmax.

    Returns
    -------
    ndarray, shape (..., n_y, n_y)
        Row :math:`i`, column :math:`k` is :math:`\partial \hat y_i / \partial z_k`. The
        matrix is symmetric, and each row sums to 0: a shift of all logits moves nothing.

    Raises
    ------
    ValueError
        If `y_hat` has no last axis, or is not finite or not float.

    Notes
    -----
    .. math:: \mathrm{diag}(\hat y) - \hat y^\top \hat y

    Examples
    --------
    >>> softmax_jacobian(np.array([0.25, 0.75])).tolist()
    [[0.1875, -0.1875], [-0.1875, 0.1875]]
    """
    y_hat = check_array("y_hat", y_hat, (..., "n_y"))
    diagonal = y_hat[..., np.newaxis] * np.eye(y_hat.shape[-1], dtype=y_hat.dtype)
    return diagonal - y_hat[..., :, np.newaxis] * y_hat[..., np.newaxis, :]


def softmax_backward(y_hat: np.ndarray, upstream: np.ndarray) -> np.ndarray:
    r"""
    Pull the derivative of a loss back through softmax, without the Jacobian.

    Parameters
    ----------
    y_hat : ndarray, shape (..., n_y), float
        Values of softmax.
    upstream : ndarray, shape (..., n_y), float
        :math:`\mathrm dL/\mathrm d\hat y`.

    Returns
    -------
    ndarray, shape (..., n_y)
        :math:`\mathrm dL/\mathrm dz`, equal to ``upstream @ softmax_jacobian(y_hat)`` row by
        row, with :math:`2 n_y` products a row in place of :math:`n_y^2`.

    Raises
    ------
    ValueError
        If a shape, a dtype or a value is not what was expected.

    Notes
    -----
    With :math:`u = \mathrm dL/\mathrm d\hat y`,

    .. math:: \delta^z_k = \hat y_k \Bigl(u_k - \sum_j u_j \hat y_j\Bigr)

    Examples
    --------
    >>> softmax_backward(np.array([0.25, 0.75]), np.array([1.0, 0.0])).tolist()
    [0.1875, -0.1875]
    """
    y_hat = check_array("y_hat", y_hat, (..., "n_y"))
    upstream = check_array("upstream", upstream, y_hat.shape)
    return y_hat * (upstream - (upstream * y_hat).sum(axis=-1, keepdims=True))
