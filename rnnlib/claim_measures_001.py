"""How far an update of document 001 is from what it promises: formulas that assign, not equate."""

from collections.abc import Callable

import numpy as np

from .claim_worlds_001 import RATE, without_biases
from .network_worlds import NUDGE


def update(rng: np.random.Generator, changed: str, printed: str = "") -> tuple[float, float | None]:
    """
    Replace a matrix by another, less the rate times the gradient, and see how the loss falls.

    Parameters
    ----------
    rng : numpy.random.Generator
        Draws a network.
    changed : str
        The matrix that is replaced.
    printed : str, optional
        The matrix from which the step is taken in print, if it is not the same.

    Returns
    -------
    tuple of (float, float or None)
        How far the loss is from falling by the rate times the squared length of the gradient, to
        first order: as printed, and with the same matrix if that is another. Infinity if the
        shapes do not fit, or if the loss does not fall at all.

    Examples
    --------
    >>> update(np.random.default_rng(0), "W_hy", "W_xh")[0]
    inf
    """
    values = without_biases(rng)
    gradient = values[f"dL/d{changed}"]

    def miss(start: str) -> float:
        before = values.given[start]
        if before.shape != gradient.shape:
            return np.inf
        tiny, small = (
            values.run({(changed, None): before - rate * gradient - values.given[changed]})["L"]
            for rate in (1j * NUDGE, RATE)
        )
        promised = (gradient**2).sum()
        falls = small.sum() < values.plain["L"].sum()
        return float(abs(-tiny.sum().imag / NUDGE / promised - 1)) if falls else np.inf

    return (miss(printed), miss(changed)) if printed else (miss(changed), None)


MEASURES: dict[str, Callable[[np.random.Generator], tuple[float, float | None]]] = {
    "update_of_W": lambda rng: update(rng, "W_hh"),
    "update_of_V": lambda rng: update(rng, "W_hy", "W_xh"),
    "update_of_U": lambda rng: update(rng, "W_xh"),
}
