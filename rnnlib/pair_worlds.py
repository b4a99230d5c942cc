"""Worlds of an encoder and a decoder: every symbol of both networks has its value."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from .pair_runs import PairRuns
from .worlds import Computed, Indexed, World


class PairValues(PairRuns, Mapping[str, Any]):
    """
    The values of a pair by name.

    Parameters
    ----------
    rng : numpy.random.Generator
        Draws sizes, parameters, inputs and targets.
    context, heard : str
        How the context enters the decoder, and what the decoder hears.
    tied, one_sample : bool
        If the context enters through a matrix of the encoder; if the batch has a single row.
    lengths : tuple of int
        The two numbers of steps are two of these.
    outputs : {"softmax", "logistic"}
        What makes predictions of logits.

    See Also
    --------
    rnnlib.pair_runs.PairRuns : says more of each.

    Examples
    --------
    >>> values = PairValues(np.random.default_rng(0))
    >>> values["delta_c"].shape == values["c"].shape
    True
    """

    def __getitem__(self, name: str) -> Any:
        if name in self.sizes:
            return self.sizes[name]
        if name in self.given:
            return self.given[name]
        if name in ("h", "h_e"):
            return Indexed(self.plain[name], first=-1)
        if name in ("a", "a_e", "z", "y_hat", "x"):
            return Indexed(self.plain[name])
        special: dict[str, Callable[[], Any]] = {
            "c": lambda: self.plain["c"],
            "x_e": lambda: Indexed(self.inputs),
            "y": lambda: Indexed(self.target),
            "L": lambda: Indexed(self.plain["L"], whole=self.plain["L"].sum()),
            "m_back": lambda: Computed(self.message),
            "delta_c": lambda: self.by("L", "c"),
            "R": lambda: Computed(self.by_context),
            "J": lambda: Computed(lambda t: self.jacobian(t, t - 1)),
            "J_bar": lambda: Computed(lambda t: self.by("h", "h", t - 1, t)),
            "zeta": lambda: Computed(lambda t: self.by("h", "W_e_xh", None, t)),
            "gamma": lambda: Computed(lambda t: self.by("h", "W_e_hh", None, t)),
        }
        if name in special:
            return special[name]()
        if name in ("delta_x", "delta_a", "delta_h", "delta_z"):
            return Computed(lambda t: self.by("L", name[6:], t))
        return self.quotient(name)

    def quotient(self, name: str) -> Any:
        """Find the derivative that a fraction names."""
        of, _, by = name.partition("/")
        by = by[1:]
        special: dict[str, Any] = {
            "dh[]/dc": Computed(self.by_context),
            "∂+h[]/∂c": Computed(lambda t: self.by("h", "c", t, t)),
            "∂h[]/∂c": Computed(lambda t: self.by("h", "c", t, t)),
            "∂+h[]/∂W_e_hh": Computed(lambda t: self.by("h", "W_e_hh", ("decoder", t), t)),
            "∂h[]/∂h": Computed(self.jacobian, times=2),
            "∂h_e[]/∂h_e": Computed(lambda t, s: self.by("h_e", "h_e", s, t), times=2),
            "∂L[]/∂h": Computed(lambda t, s: self.by("L", "h", s, t)[0], times=2),
            "∂L[]/∂y_hat": Computed(lambda t, s: self.by("L", "y_hat", s, t)[0], times=2),
            "∂h[]/∂y_hat": Computed(lambda t, s: self.by("h", "y_hat", s, t), times=2),
            "∂y_hat[]/∂h": Computed(lambda t, s: self.by("y_hat", "h", s, t), times=2),
            "dL/dh_e": Computed(lambda t: self.by("L", "h_e", t)),
            "dL/da_e": Computed(lambda t: self.by("L", "a_e", t)),
        }
        if name in special:
            return special[name]
        if by in self.given and of in ("dL", "dc", "dc[]"):
            return self.by(of[1], by)
        if by in self.given and of in ("dL[]", "dh[]", "dh_e[]"):
            return Computed(lambda t: self.by(of[1:-2], by, None, t))
        if by in self.given and of in ("∂+h[]", "∂+h_e[]", "∂+y_hat[]"):
            # Immediate: only where this very step uses the parameter.
            return Computed(lambda t: self.by(of[2:-2], by, t, t))
        raise KeyError(name)

    def jacobian(self, t: int, s: int) -> Any:
        """Differentiate a state by the one before it, its word held fixed."""
        if s != t - 1:
            raise ValueError(f"s: expected the step before {t}, got {s}")
        return self.by("h", "message" if t else "h", s, t)

    def by_context(self, t: int) -> Any:
        """At step -1 the state is the context, or zero."""
        if t == -1:
            return np.eye(self.sizes["n_h"]) * (self.context != "every step")
        return self.by("h", "c", None, t)

    def message(self, t: int) -> Any:
        """Sum what the losses of later steps say to a state, not through its word."""
        return self.by("L", "h" if t == -1 else "message", t)

    def __iter__(self) -> Iterator[str]:
        return iter((*self.sizes, *self.given))

    def __len__(self) -> int:
        return len(self.sizes) + len(self.given)


def pair(
    rng: np.random.Generator,
    steps: str = "T",
    wirings: Sequence[str] = ("both",),
    heard: Sequence[str] = ("targets", "predictions"),
    **kind: Any,
) -> World:
    """
    Draw a pair in one of the wirings.

    Parameters
    ----------
    rng : numpy.random.Generator
        Draws it.
    steps : {"T", "T_e"}
        What t runs over: the steps of the decoder, or those of the encoder.
    wirings : sequence of str
        Ways for the context to enter.
    heard : sequence of str
        What the decoder may hear.
    **kind : object
        As for `PairValues`.

    Returns
    -------
    World
        With a range for t.

    Examples
    --------
    >>> [*pair(np.random.default_rng(0)).ranges]
    ['t']
    """
    context, feedback = str(rng.choice(wirings)), str(rng.choice(heard))
    values = PairValues(rng, context, feedback, **kind)
    return World(values, {"t": range(values.sizes[steps])})
