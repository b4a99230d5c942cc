"""What the fast forms share: activations in place, and blocks that stay in the cache."""

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from .arguments import check_size

BLOCK = 1 << 19  # bytes: half a megabyte stays in the second-level cache of most processors


# What depends on sizes alone is made once: a training calls with the same sizes again and again.
@lru_cache(maxsize=32)
def blocks_of(count: int, bytes_of_a_row: int) -> tuple[slice, ...]:
    """
    Cut rows into blocks that stay in the cache of the processor.

    Parameters
    ----------
    count : int
        How many rows there are.
    bytes_of_a_row : int
        How much of the cache each one takes.

    Returns
    -------
    tuple of slice
        From the first row to the last.

    Raises
    ------
    ValueError
        If there is no row.

    Examples
    --------
    >>> blocks_of(5, bytes_of_a_row=BLOCK // 2)
    (slice(0, 2, None), slice(2, 4, None), slice(4, 5, None))
    """
    check_size("count", count)
    size = max(1, BLOCK // bytes_of_a_row)
    return tuple(slice(start, min(start + size, count)) for start in range(0, count, size))


@lru_cache(maxsize=32)
def ones(count: int, dtype: np.dtype) -> np.ndarray:
    """
    Give ones to multiply with: a product adds up rows or columns faster than a sum does.

    Parameters
    ----------
    count : int
        How many.
    dtype : dtype
        Of which type.

    Returns
    -------
    ndarray, shape (count,)
        The same array at each call; it cannot be written to.

    Raises
    ------
    ValueError
        If `count` is not a whole number of at least one.

    Examples
    --------
    >>> (np.array([[1.0, 2.0], [3.0, 4.0]]) @ ones(2, np.dtype(float))).tolist()
    [3.0, 7.0]
    """
    array = np.ones(check_size("count", count), dtype)
    array.flags.writeable = False
    return array


def _sigmoid(a: np.ndarray, out: np.ndarray) -> None:
    # (1 + tanh(a / 2)) / 2
    np.tanh(np.multiply(a, 0.5, out), out)
    np.add(out, 1, out)
    np.multiply(out, 0.5, out)


def _relu(a: np.ndarray, out: np.ndarray) -> None:
    np.maximum(a, 0, out=out)


def _tanh_slope(h: np.ndarray, out: np.ndarray) -> None:
    # 1 - h^2
    np.subtract(1, np.multiply(h, h, out), out)


def _sigmoid_slope(h: np.ndarray, out: np.ndarray) -> None:
    # h - h^2
    np.subtract(h, h * h, out)


def _relu_slope(h: np.ndarray, out: np.ndarray) -> None:
    np.greater(h, 0, out=out, casting="unsafe")


def _identity_slope(h: np.ndarray, out: np.ndarray) -> None:
    out.fill(1)


class InPlace(NamedTuple):
    """
    An activation and its slope, each with a second argument: where the result goes.

    Attributes
    ----------
    apply : callable
        From pre-activations to values.
    slope : callable
        From values to slopes.
    """

    apply: Callable[[np.ndarray, np.ndarray], object]
    slope: Callable[[np.ndarray, np.ndarray], object]


# By the names of ACTIVATIONS. In and out may be one array.
IN_PLACE = {
    "tanh": InPlace(np.tanh, _tanh_slope),
    "sigmoid": InPlace(_sigmoid, _sigmoid_slope),
    "relu": InPlace(_relu, _relu_slope),
    "identity": InPlace(np.positive, _identity_slope),
}
