"""The gradient of a shared matrix: one product adds the shares of all steps and samples."""

import numpy as np


def sum_of_products(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    r"""
    Add up the outer products of all rows of two arrays, by one matrix product.

    Parameters
    ----------
    left : ndarray, shape (..., n_in), float
        What went into a matrix, a row for each step and sample.
    right : ndarray, shape (..., n_out), float
        The delta of what came out of it, the same rows.

    Returns
    -------
    ndarray, shape (n_in, n_out)
        :math:`\mathrm dL/\mathrm dW` of the matrix that stands between the two.

    Raises
    ------
    ValueError
        If the two do not have the same rows.

    Notes
    -----
    With :math:`a_t = x_t W`, all steps using one :math:`W`,

    .. math:: \frac{\mathrm dL}{\mathrm dW} = \sum_t x_t^\top \delta^a_t ,

    and each of these products is a sum over the batch. A sum of products is a product of
    stacks: put the rows of all steps below each other, :math:`TN` of them, and multiply once.

    Examples
    --------
    >>> x, delta_a = np.ones((4, 2, 5)), np.ones((4, 2, 3))
    >>> sum_of_products(x, delta_a)[0].tolist()
    [8.0, 8.0, 8.0]
    """
    if np.shape(left)[:-1] != np.shape(right)[:-1]:
        raise ValueError(
            f"right: expected the rows of left, {np.shape(left)[:-1]}, got {np.shape(right)[:-1]}"
        )
    return left.reshape(-1, left.shape[-1]).T @ right.reshape(-1, right.shape[-1])
