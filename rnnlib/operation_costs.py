"""What a network computes, as formulas: matrix products, and the multiply-adds in them."""

from typing import NamedTuple

from .costs import check_sizes
from .memory_costs import rtrl_state


class Work(NamedTuple):
    """
    How much there is to multiply.

    Attributes
    ----------
    products : int
        Calls of a matrix product. A product of stacks is one call.
    multiply_adds : int
        Multiplications in them, each with an addition.
    """

    products: int
    multiply_adds: int


def forward_work(T: int, N: int, n_x: int, n_h: int, n_y: int) -> Work:
    r"""
    Count the matrix products of the forward pass.

    Parameters
    ----------
    T, N : int
        Steps and batch size.
    n_x, n_h, n_y : int
        Sizes of input, state and output.

    Returns
    -------
    Work
        Two products a step in `rnnlib.forward_pass.forward`, and one for the outputs of all
        steps; and the multiply-adds in them, whatever calls they are spread over.

    Raises
    ------
    ValueError
        If a size is not a whole number of at least one.

    Notes
    -----
    .. math:: T N (n_x n_h + n_h^2 + n_h n_y)

    Examples
    --------
    >>> forward_work(T=3, N=128, n_x=10, n_h=5, n_y=100)
    Work(products=7, multiply_adds=220800)
    """
    T, N, n_x, n_h, n_y = check_sizes(T=T, N=N, n_x=n_x, n_h=n_h, n_y=n_y)
    return Work(2 * T + 1, T * N * (n_x * n_h + n_h * n_h + n_h * n_y))


def backward_work(T: int, N: int, n_x: int, n_h: int, n_y: int) -> Work:
    r"""
    Count the matrix products of the walk back: twice the multiply-adds of the way there.

    Parameters
    ----------
    T, N : int
        Steps and batch size.
    n_x, n_h, n_y : int
        Sizes of input, state and output.

    Returns
    -------
    Work
        One product a step in `rnnlib.bptt.backward`, for the message; and five for all steps:
        what each loss says of its state, :math:`\delta^x`, and three weight matrices.

    Raises
    ------
    ValueError
        If a size is not a whole number of at least one.

    Notes
    -----
    Each matrix of the way there is used twice on the way back: its transpose hands the delta
    on, and its gradient is a product of the same size.

    .. math:: 2 T N (n_x n_h + n_h^2 + n_h n_y)

    Examples
    --------
    >>> backward_work(T=3, N=128, n_x=10, n_h=5, n_y=100)
    Work(products=8, multiply_adds=441600)
    """
    there = forward_work(T, N, n_x, n_h, n_y)
    return Work(T + 5, 2 * there.multiply_adds)


def rtrl_multiply_adds(T: int, N: int, n_x: int, n_h: int) -> int:
    r"""
    Count the multiply-adds that carry the forward messages from step to step.

    Parameters
    ----------
    T, N : int
        Steps and batch size.
    n_x, n_h : int
        Sizes of input and state.

    Returns
    -------
    int
        For the products :math:`J_t P_{t-1}` alone: they are nearly all.

    Raises
    ------
    ValueError
        If a size is not a whole number of at least one.

    Notes
    -----
    Each number of the state of the messages is a sum of :math:`n_h` products:

    .. math:: T N n_h^2 (n_x n_h + n_h^2 + n_h)

    One walk back takes about :math:`2 T N n_h (n_x + n_h)`, so the price of going forward
    grows with :math:`n_h^2`.

    Examples
    --------
    >>> rtrl_multiply_adds(T=1, N=1, n_x=10, n_h=100)
    111000000
    """
    T, N, n_h = check_sizes(T=T, N=N, n_h=n_h)
    return T * N * n_h * rtrl_state(n_x, n_h)
