"""How far two sides of an equation are from what stands between them."""

from typing import Any

import numpy as np


def disagreement(left: Any, relation: str, right: Any) -> float:
    """
    Measure how far two sides are from being related as is claimed.

    Parameters
    ----------
    left : ndarray or float
        One side.
    relation : {"=", "≈", "≠", "≤", "≥", "<", ">"}
        What is claimed.
    right : ndarray or float
        The other side. A leading axis of length 1 does not count.

    Returns
    -------
    float
        The relative error of an equation; for another relation 0 if it holds, else infinity.

    Raises
    ------
    ValueError
        If the shapes differ.

    Examples
    --------
    >>> disagreement(3.0, "=", 2.0)
    0.333...
    >>> disagreement(3.0, "≥", 2.0)
    0.0
    """
    left, right = np.asarray(left, float), np.asarray(right, float)
    if left.shape != right.shape and right.size and np.any(right):
        left = left[0] if left.ndim > right.ndim and len(left) == 1 else left
        right = right[0] if right.ndim > left.ndim and len(right) == 1 else right
    if left.shape != right.shape and (np.any(right) or right.ndim):
        raise ValueError(f"expected sides of one shape, got {left.shape} and {right.shape}")
    scale = max(np.abs(left).max(initial=0), np.abs(right).max(initial=0))
    error = np.abs(left - right).max(initial=0) / scale if scale else 0.0
    if relation in ("=", "≈"):
        return float(error) if np.isfinite(error) else np.inf
    slack = 1e-12 * scale
    holds = {
        "≠": error > 1e-6,
        "≤": np.all(left <= right + slack),
        "≥": np.all(left >= right - slack),
        "<": np.all(left < right),
        ">": np.all(left > right),
    }[relation]
    return 0.0 if holds else np.inf
