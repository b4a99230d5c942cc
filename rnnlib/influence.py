"""The algebra of influence tensors: how a state depends on a parameter, one step at a time."""

from typing import NamedTuple

import numpy as np

from .arguments import check_array


class Influence(NamedTuple):
    r"""
    The messages of one step: total derivatives of its state, sample by sample.

    Attributes
    ----------
    W_xh : ndarray, shape (N, n_h, n_x, n_h)
        Entry :math:`n, j, i, k` is :math:`\mathrm dh_{t,j} / \mathrm dW_{xh}[i, k]` of
        sample :math:`n`.
    W_hh : ndarray, shape (N, n_h, n_h, n_h)
        The same for :math:`W_{hh}[i, k]`.
    b_h : ndarray, shape (N, n_h, n_h)
        Entry :math:`n, j, k` is :math:`\mathrm dh_{t,j} / \mathrm db_h[k]`.
    h_init : ndarray, shape (N, n_h, n_h)
        Entry :math:`n, j, k` is :math:`\mathrm dh_{t,j} / \mathrm dh_{-1,k}`.
    """

    W_xh: np.ndarray
    W_hh: np.ndarray
    b_h: np.ndarray
    h_init: np.ndarray


def immediate(reach: np.ndarray, row: np.ndarray) -> np.ndarray:
    r"""
    Differentiate a state by a weight matrix, through one use of the matrix.

    Parameters
    ----------
    reach : ndarray, shape (N, n_h, n_out), float
        Derivative of each state by what comes out of the matrix, sample by sample.
    row : ndarray, shape (N, n_in), float
        What goes into the matrix.

    Returns
    -------
    ndarray, shape (N, n_h, n_in, n_out)
        Entry :math:`n, j, i, k` is :math:`\partial^{+} h_{t,j} / \partial W_{ik}` of sample
        :math:`n`: every other use of the same matrix held fixed.

    Raises
    ------
    ValueError
        If a shape, a dtype or a value is not what was expected.

    Notes
    -----
    Only the term :math:`x_{t,i} W_{ik}` of :math:`a_{t,k}` holds :math:`W_{ik}`, so

    .. math::
        \frac{\partial^{+} h_{t,j}}{\partial W_{ik}}
        = \frac{\partial h_{t,j}}{\partial a_{t,k}} \, x_{t,i} .

    Examples
    --------
    >>> immediate(reach=np.ones((2, 3, 3)), row=np.ones((2, 5))).shape
    (2, 3, 5, 3)
    """
    reach = check_array("reach", reach, ("N", "n_h", "n_out"))
    row = check_array("row", row, (len(reach), "n_in"))
    return reach[:, :, np.newaxis, :] * row[:, np.newaxis, :, np.newaxis]


def carried(jacobian: np.ndarray, influence: np.ndarray) -> np.ndarray:
    r"""
    Carry an influence to a later value: the chain rule, with its sum over all units.

    Parameters
    ----------
    jacobian : ndarray, shape (N, n_out, n_in), float
        Derivative of the later value by the earlier one, sample by sample.
    influence : ndarray, shape (N, n_in, ...), float
        Derivative of the earlier value by a parameter; the last axes are the parameter's.

    Returns
    -------
    ndarray, shape (N, n_out, ...)
        Derivative of the later value by the same parameter, through the earlier value.

    Raises
    ------
    ValueError
        If a shape, a dtype or a value is not what was expected.

    Notes
    -----
    From one state to the next,

    .. math::
        \bigl(J_t P_{t-1}\bigr)_j
        = \sum_i \frac{\partial h_{t,j}}{\partial h_{t-1,i}}
          \frac{\mathrm dh_{t-1,i}}{\mathrm d\theta} .

    Examples
    --------
    >>> swap = np.array([[[0.0, 1.0], [1.0, 0.0]]])
    >>> carried(swap, influence=np.array([[3.0, 4.0]])).tolist()
    [[4.0, 3.0]]
    """
    jacobian = check_array("jacobian", jacobian, ("N", "n_out", "n_in"))
    N, _, n_in = jacobian.shape
    influence = check_array("influence", influence, (N, n_in, *np.shape(influence)[2:]))
    # All axes of the parameter in one, for one matrix product a sample.
    product = jacobian @ influence.reshape(N, n_in, -1)
    return product.reshape(N, -1, *influence.shape[2:])


def paired(delta_h: np.ndarray, influence: np.ndarray) -> np.ndarray:
    r"""
    Join what a loss says about a state with how the state depends on a parameter.

    Parameters
    ----------
    delta_h : ndarray, shape (N, n_h), float
        Derivative of the loss by the state.
    influence : ndarray, shape (N, n_h, ...), float
        Derivative of the state by a parameter; the last axes are the parameter's.

    Returns
    -------
    ndarray, shape (...)
        Derivative of the loss by the parameter, in the unit of the loss: a sum over samples
        and units.

    Raises
    ------
    ValueError
        If a shape, a dtype or a value is not what was expected.

    Notes
    -----
    .. math::
        \frac{\mathrm dL_t}{\mathrm d\theta}
        = \sum_n \sum_j \frac{\partial L_t}{\partial h_{t,n,j}}
          \frac{\mathrm dh_{t,n,j}}{\mathrm d\theta}

    Examples
    --------
    >>> paired(delta_h=np.ones((2, 3)), influence=np.ones((2, 3, 5, 7))).shape
    (5, 7)
    """
    delta_h = check_array("delta_h", delta_h, ("N", "n_h"))
    influence = check_array("influence", influence, (*delta_h.shape, *np.shape(influence)[2:]))
    return np.tensordot(delta_h, influence, axes=2)
