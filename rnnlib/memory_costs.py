"""What a network keeps, as formulas: bytes that grow with the length, and states that need not."""

import math
from typing import NamedTuple

from .arguments import check_size
from .costs import check_sizes, parameter_count, shapes


class Bytes(NamedTuple):
    """
    A memory that is a straight line over the number of steps.

    Attributes
    ----------
    once : int
        Bytes whatever the length.
    per_step : int
        Bytes more for each step: the slope.
    """

    once: int
    per_step: int

    def at(self, T: int) -> int:
        """Bytes for T steps."""
        return self.once + T * self.per_step


def trace_bytes(N: int, n_x: int, n_h: int, n_y: int, itemsize: int = 8) -> Bytes:
    r"""
    Count the bytes of the trace that `rnnlib.forward_pass.forward` returns.

    Parameters
    ----------
    N : int
        Batch size.
    n_x, n_h, n_y : int
        Sizes of input, state and output.
    itemsize : int
        Bytes of a number: 8 for float64, 4 for float32. A class number has 8 in any case.

    Returns
    -------
    Bytes
        Inputs and targets included; the views of the states take none.

    Raises
    ------
    ValueError
        If a size is not a whole number of at least one.

    Notes
    -----
    In numbers, :math:`N n_h` once; and for each step inputs, state and pre-activation, logits
    and prediction, and one loss: :math:`N (n_x + 2 n_h + 2 n_y) + 1`.

    Examples
    --------
    >>> trace_bytes(N=128, n_x=10, n_h=5, n_y=100)
    Bytes(once=5120, per_step=226312)
    """
    N, n_x, n_h, n_y, itemsize = check_sizes(N=N, n_x=n_x, n_h=n_h, n_y=n_y, itemsize=itemsize)
    per_step = itemsize * (N * (n_x + 2 * n_h + 2 * n_y) + 1) + 8 * N
    return Bytes(once=itemsize * N * n_h, per_step=per_step)


def backward_bytes(N: int, n_x: int, n_h: int, n_y: int, itemsize: int = 8) -> Bytes:
    r"""
    Count the bytes of what `rnnlib.bptt.backward` returns.

    Parameters
    ----------
    N : int
        Batch size.
    n_x, n_h, n_y : int
        Sizes of input, state and output.
    itemsize : int
        Bytes of a number: 8 for float64, 4 for float32.

    Returns
    -------
    Bytes
        The gradient is there once, however many steps have added to it.

    Raises
    ------
    ValueError
        If a size is not a whole number of at least one.

    Notes
    -----
    In numbers, the gradient and :math:`N n_h` for :math:`\delta^h_{-1}` once; and for each step
    :math:`\delta^z`, message, :math:`\delta^h` and :math:`\delta^a`, and :math:`\delta^x`:
    :math:`N (n_y + 3 n_h + n_x)`.

    Examples
    --------
    >>> backward_bytes(N=128, n_x=10, n_h=5, n_y=100)
    Bytes(once=10560, per_step=128000)
    """
    N, n_x, n_h, n_y, itemsize = check_sizes(N=N, n_x=n_x, n_h=n_h, n_y=n_y, itemsize=itemsize)
    once = itemsize * (parameter_count(n_x, n_h, n_y) + N * n_h)
    return Bytes(once, per_step=itemsize * N * (n_y + 3 * n_h + n_x))


def held_numbers(T: int, N: int, n_x: int, n_e: int, n_h: int, n_y: int) -> int:
    r"""
    Count the inputs and outputs that the three layers of document 000 hold for the way back.

    Parameters
    ----------
    T, N : int
        Steps and batch size.
    n_x, n_e, n_h, n_y : int
        Sizes of input, front layer, state and output.

    Returns
    -------
    int
        Numbers, not bytes.

    Raises
    ------
    ValueError
        If a size is not a whole number of at least one.

    Notes
    -----
    For each step :math:`x_t`, :math:`e_t`, :math:`h_t` and :math:`\hat y_t`, and the state
    before the first input once:

    .. math:: T N (n_x + n_e + n_h + n_y) + N n_h

    Slopes are written with these outputs, so no pre-activation is needed.

    Examples
    --------
    >>> [held_numbers(T, 128, 10, 20, 5, 100) for T in (3, 6, 12, 24)]
    [52480, 104320, 208000, 415360]
    """
    table = shapes(T, N, n_x, n_h, n_y, check_size("n_e", n_e))
    return sum(math.prod(table[name]) for name in ("x", "e", "states", "y_hat"))


def rtrl_state(n_x: int, n_h: int) -> int:
    r"""
    Count the numbers that forward messages carry from step to step, for one sample.

    Parameters
    ----------
    n_x, n_h : int
        Sizes of input and state.

    Returns
    -------
    int
        Numbers: the same for any number of steps.

    Raises
    ------
    ValueError
        If a size is not a whole number of at least one.

    Notes
    -----
    One influence of each parameter on each unit:

    .. math:: n_h (n_x n_h + n_h^2 + n_h)

    Examples
    --------
    >>> rtrl_state(n_x=10, n_h=100)
    1110000
    """
    n_x, n_h = check_sizes(n_x=n_x, n_h=n_h)
    return n_h * (n_x * n_h + n_h * n_h + n_h)


class Checkpoints(NamedTuple):
    """
    What checkpoints save, and what they cost.

    Attributes
    ----------
    states : int
        The most states that are held at one time.
    steps : int
        Steps forward that are computed, some of them twice.
    """

    states: int
    steps: int


def checkpoint_costs(T: int, stride: int | None = None) -> Checkpoints:
    r"""
    Count the states that `rnnlib.checkpoint.checkpointed_gradient` holds and computes.

    Parameters
    ----------
    T : int
        Steps.
    stride : int, optional
        Length of a segment; the square root of T, rounded up, if not given.

    Returns
    -------
    Checkpoints
        Without checkpoints T + 1 states would be held, and T steps computed.

    Raises
    ------
    ValueError
        If `T` or `stride` is not a whole number of at least one.

    Notes
    -----
    With segments of :math:`k` steps, :math:`\lceil T/k \rceil` states are kept and
    :math:`k + 1` belong to the segment at work. The sum is least near :math:`k = \sqrt T`,
    where it is about :math:`2 \sqrt T`. All steps but those of the last segment are computed
    twice.

    Examples
    --------
    >>> checkpoint_costs(T=36)
    Checkpoints(states=13, steps=66)
    >>> checkpoint_costs(T=10_000).states
    201
    """
    T = check_size("T", T)
    stride = math.ceil(math.sqrt(T)) if stride is None else check_size("stride", stride)
    segments = math.ceil(T / stride)
    last = T - (segments - 1) * stride
    return Checkpoints(states=segments + min(stride, T) + 1, steps=2 * T - last)
