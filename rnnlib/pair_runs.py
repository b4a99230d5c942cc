r"""
Runs of an encoder and a decoder in which any value can be nudged at any step.

As in `rnnlib.network_worlds`, each derivative is a nudge along the imaginary axis that runs on.
"""

from functools import cached_property
from typing import Any

import numpy as np

from .network_worlds import NUDGE
from .shaped_worlds import Nudges, logistic


class PairRuns:
    """
    An encoder and a decoder.

    A nudge is named by a value and the step at which it is added, or None for every use. The
    context has a use at each step of the decoder, and one as its first state, at -1.

    Parameters
    ----------
    rng : numpy.random.Generator
        Draws sizes, parameters, inputs and targets.
    context : {"first state", "every step", "both"}
        How the context enters the decoder.
    heard : {"targets", "predictions"}
        What the decoder hears.
    tied : bool
        If the context enters through the recurrent matrix of the encoder.
    one_sample : bool
        If the batch has a single row.
    lengths : tuple of int
        The two numbers of steps are two of these.
    outputs : {"softmax", "logistic"}
        What makes predictions of logits.

    Examples
    --------
    >>> values = PairRuns(np.random.default_rng(0))
    >>> values.by("L", "c").shape == values.plain["c"].shape
    True
    """

    def __init__(
        self,
        rng: np.random.Generator,
        context: str = "both",
        heard: str = "targets",
        tied: bool = False,
        one_sample: bool = True,
        lengths: tuple[int, ...] = (2, 3, 4),
        outputs: str = "softmax",
    ) -> None:
        n_x, n_h, n_y, N = (int(size) for size in rng.permutation([2, 3, 4, 5]))
        self.T, self.T_e = (int(steps) for steps in rng.permutation(lengths)[:2])
        self.N = 1 if one_sample else N
        self.heard, self.tied, self.context, self.outputs = heard, tied, context, outputs
        self.sizes = {"T": self.T, "T_e": self.T_e, "N": self.N, "n_x": n_x, "n_h": n_h, "n_y": n_y}
        shapes: dict[str, tuple[int, ...]]
        shapes = {"W_e_xh": (n_x, n_h), "W_e_hh": (n_h, n_h), "b_e_h": (n_h,)}
        shapes |= {"W_xh": (n_y, n_h), "W_hh": (n_h, n_h), "W_ch": (n_h, n_h), "b_h": (n_h,)}
        shapes |= {"W_hy": (n_h, n_y), "b_y": (n_y,)}
        self.given = {name: rng.normal(0, 0.7, shape) for name, shape in shapes.items()}
        if tied:
            self.given["W_ch"] = self.given["W_e_hh"]
        self.inputs = rng.normal(size=(self.T_e, self.N, n_x))
        self.start = rng.normal(size=(self.N, n_y))
        self.before = rng.normal(0, 0.5, (self.N, n_h))
        self.target = np.eye(n_y)[rng.integers(0, n_y, (self.T, self.N))]
        self.found: dict[tuple[str, Any], dict[str, np.ndarray]] = {}

    @cached_property
    def plain(self) -> dict[str, np.ndarray]:
        """What both networks compute, undisturbed."""
        return self.run({})

    def run(self, nudges: Nudges) -> dict[str, np.ndarray]:
        """Run both networks, with what is nudged."""

        def moved(name: str, t: Any, value: Any) -> Any:
            return value + nudges.get((name, t), 0) + nudges.get((name, None), 0)

        seen: dict[str, list[Any]]
        seen = {name: [] for name in ("a_e", "h_e", "a", "h", "z", "y_hat", "x", "L")}
        h = self.before
        seen["h_e"].append(h)
        for t in range(self.T_e):
            theta = {
                name: moved(name, t, self.given[name]) for name in ("W_e_xh", "W_e_hh", "b_e_h")
            }
            a = self.inputs[t] @ theta["W_e_xh"] + h @ theta["W_e_hh"] + theta["b_e_h"]
            a = moved("a_e", t, a)
            h = moved("h_e", t, np.tanh(a))
            seen["a_e"].append(a)
            seen["h_e"].append(h)
        c = h
        h = moved("h", -1, moved("c", -1, c) if self.context != "every step" else 0 * c)
        seen["h"].append(h)
        word = self.start
        for t in range(self.T):
            theta = {name: moved(name, t, value) for name, value in self.given.items()}
            if self.tied:  # the same matrix, used by the decoder at its step t
                theta["W_ch"] = moved("W_e_hh", ("decoder", t), self.given["W_e_hh"])
            told = moved("c", t, c) if self.context != "first state" else 0 * c
            x = moved("x", t, word)
            a = x @ theta["W_xh"] + h @ theta["W_hh"] + told @ theta["W_ch"] + theta["b_h"]
            a = moved("a", t, a)
            h = moved("h", t, np.tanh(a))
            z = moved("z", t, h @ theta["W_hy"] + theta["b_y"])
            if self.outputs == "logistic":
                y_hat, loss = logistic(z, self.target[t])
                y_hat = moved("y_hat", t, y_hat)
                L = loss(y_hat)
            else:
                e = np.exp(z)
                y_hat = moved("y_hat", t, e / e.sum(axis=1, keepdims=True))
                L = -np.log((y_hat * self.target[t]).sum(axis=1)).sum()
            word = y_hat if self.heard == "predictions" else self.target[t]
            for name, value in zip(
                ("a", "h", "z", "y_hat", "x", "L"), (a, h, z, y_hat, x, L), strict=True
            ):
                seen[name].append(value)
            h = moved("message", t, h)
        return {name: np.array(values) for name, values in seen.items()} | {"c": c}

    def slopes(self, by: str, step: Any) -> dict[str, np.ndarray]:
        """Differentiate all that is computed by one value; its axes come last."""
        if (by, step) not in self.found:
            if by in self.given:
                shape = self.given[by].shape
            else:  # a message has the shape of a state
                of = {"message": "h"}.get(by, by)
                shape = self.plain["c"].shape if by == "c" else self.plain[of][0].shape
            moves = [
                self.run({(by, step): 1j * NUDGE * one.reshape(shape)})
                for one in np.eye(int(np.prod(shape)))
            ]
            self.found[by, step] = {
                name: np.stack([np.imag(move[name]) / NUDGE for move in moves], axis=-1).reshape(
                    *value.shape, *shape
                )
                for name, value in self.plain.items()
            }
        return self.found[by, step]

    def checked(self, name: str, t: Any) -> None:
        """Refuse a step that does not exist, since arrays count negative ones from their end."""
        steps = self.T_e if "_e" in name else self.T
        first = -1 if name in ("h", "h_e", "message", "c") else 0
        if isinstance(t, int | np.integer) and not first <= t < steps:
            raise ValueError(f"{name}: expected a step from {first} to {steps - 1}, got {t}")

    def by(self, of: str, by: str, step: Any = None, at: int | None = None) -> Any:
        """Differentiate one value by another, without the axes of a single sample."""
        self.checked(by, step)
        self.checked(of, at)
        slope = self.slopes(by, step)[of]
        if of == "L":
            return slope.sum(axis=0) if at is None else slope[at]
        slope = slope if of == "c" or at is None else slope[at + (of in ("h", "h_e"))]
        return slope.squeeze(axis=(0,) if by in self.given else (0, 2))
