"""How wrong a prediction is, in nats."""

import numpy as np

from .activations import log_sum_exp
from .arguments import check_array, check_classes


def cross_entropy(z, y):
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
