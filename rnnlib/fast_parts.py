"""What the fast forms share: activations in place, and blocks that stay in the cache."""

from collections.abc import Callable

import numpy as np

from .arguments import check_size

BLOCK = 1 << 19  # bytes: half a megabyte stays in the second-level cache of most processors


def blocks_of(count: int, bytes_of_a_row: int) -> list[slice]:
    """
    Cut rows into blocks that stay in the cache.

    Parameters
    ----------
    count : int
        How many rows there are.
    bytes_of_a_row : int
        How much of the cache each one takes.

    Returns
    -------
    list of slice
        From the first row to the last.

    Raises
    ------
    ValueError
        If there is no row.

    Examples
    --------
    >>> blocks_of(5, bytes_of_a_row=BLOCK // 2)
    [slice(0, 2, None), slice(2, 4, None), slice(4, 5, None)]
    """
    check_size("count", count)
    size = max(1, BLOCK // bytes_of_a_row)
    return [slice(start, min(start + size, count)) for start in range(0, count, size)]


def _relu(a: np.ndarray, out: np.ndarray) -> np.ndarray:
    return np.maximum(a, 0, out=out)


def _sigmoid(a: np.ndarray, out: np.ndarray) -> np.ndarray:
    # (1 + tanh(a / 2)) / 2
    np.tanh(np.multiply(a, 0.5, out), out)
    np.add(out, 1, out)
    return np.multiply(out, 0.5, out)


# The activations again, in place: the second argument is where the result goes.
IN_PLACE: dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    "tanh": np.tanh,
    "sigmoid": _sigmoid,
    "relu": _relu,
    "identity": np.positive,
}
