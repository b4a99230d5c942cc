"""Worlds in which some steps have no input, some no loss, or classes ignore each other."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from .network_worlds import NetworkValues
from .worlds import World

Nudges = Mapping[tuple[str, Any], Any]


def logistic(z: np.ndarray, target: np.ndarray) -> tuple[np.ndarray, Callable[..., Any]]:
    """
    Let each output depend on its own logit alone.

    Parameters
    ----------
    z, target : ndarray, shape (N, n_y)
        Logits, and what they should say: one-hot rows.

    Returns
    -------
    y_hat : ndarray, shape (N, n_y)
        A probability for each class by itself.
    loss : callable
        Takes predictions, and returns the sum of the cross-entropies of all classes.

    Examples
    --------
    >>> y_hat, loss = logistic(np.zeros((1, 2)), np.eye(2)[:1])
    >>> float(y_hat[0, 1]), round(float(loss(y_hat)), 3)
    (0.5, 1.386)
    """
    y_hat = 1 / (1 + np.exp(-z))
    return y_hat, lambda p: -(target * np.log(p) + (1 - target) * np.log(1 - p)).sum()


class ShapedValues(NetworkValues):
    """
    A network in which some steps have no input, and some no loss.

    Parameters
    ----------
    rng : numpy.random.Generator
        Draws it.
    inputs : {"all", "first"}
        Which steps have an input.
    losses : {"all", "last", "none"}
        Which steps have a loss.
    outputs : {"softmax", "logistic"}
        What makes predictions of logits.
    **kind : object
        As for `rnnlib.network_worlds.NetworkValues`. Two to four steps if none are given.

    Examples
    --------
    >>> values = ShapedValues(np.random.default_rng(0), losses="last")
    >>> bool(np.any(values.plain["L"][:-1]))
    False
    """

    def __init__(
        self,
        rng: np.random.Generator,
        inputs: str = "all",
        losses: str = "all",
        outputs: str = "softmax",
        **kind: Any,
    ) -> None:
        super().__init__(rng, **{"steps": int(rng.integers(2, 5)), **kind})
        self.outputs = outputs
        self.silent = {"all": 0, "last": self.T - 1, "none": self.T}[losses]
        if inputs != "all":
            self.given["x"][1 if inputs == "first" else 0 :] = 0

    def run(self, nudges: Nudges) -> dict[str, np.ndarray]:
        """Run the network; what has no loss counts as zero."""
        seen = super().run(nudges)
        for t in range(self.T if self.outputs == "logistic" else 0):
            y_hat, loss = logistic(seen["z"][t], self.target[t])
            seen["y_hat"][t] = y_hat + nudges.get(("y_hat", t), 0)
            seen["L"][t] = loss(seen["y_hat"][t])
        seen["L"][: self.silent] = 0
        return seen


def shaped(rng: np.random.Generator, **kind: Any) -> World:
    """
    Draw such a network.

    Parameters
    ----------
    rng : numpy.random.Generator
        Draws it.
    **kind : object
        As for `ShapedValues`.

    Returns
    -------
    World
        With ranges for a step, for units and for classes.

    Examples
    --------
    >>> sorted(shaped(np.random.default_rng(0), inputs="first").ranges)
    ['i', 'j', 'k', 'm', 't']
    """
    values = ShapedValues(rng, **kind)
    later = {"t": range(values.T), "j": range(values["n_h"]), "i": range(values["n_h"])}
    return World(values, {**later, "k": range(values["n_h"]), "m": range(values["n_y"])})
