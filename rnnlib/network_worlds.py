r"""
A world for equations: a random network in which every symbol of the notation has its value.

No derivative here comes from `rnnlib.bptt` or from any chain rule. A number is nudged along the
imaginary axis where it arises, the network runs on, and what arrives is the derivative.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any

import numpy as np

from .worlds import Computed, Indexed, World, world_of

NUDGE = 1e-30  # its square is far below the last digit of anything
SIZES = (2, 3, 4, 5)
PARAMETERS = ("W_xh", "W_hh", "W_hy", "b_h", "b_y")
STEPWISE = ("x", "a", "h", "z", "y_hat")


class NetworkValues(Mapping[str, Any]):
    """
    The values of a network by name, each computed when it is first asked for.

    Parameters
    ----------
    rng : numpy.random.Generator
        Draws sizes, parameters, inputs, targets and a direction to move in.
    one_sample : bool
        If the batch has a single row. Jacobians and differentials then have no axis for it.
    steps : int, optional
        Number of steps; drawn if not given.
    sizes : tuple of int
        What n_x, n_h, n_y and N are, in any order.

    Examples
    --------
    >>> values = NetworkValues(np.random.default_rng(0), one_sample=True, steps=3)
    >>> values["dh[]/dh"].function(2, 0).shape == (values["n_h"], values["n_h"])
    True
    """

    def __init__(
        self, rng: np.random.Generator, one_sample: bool = False, steps: int | None = None,
        sizes: tuple[int, ...] = SIZES,
    ) -> None:  # fmt: skip
        n_x, n_h, n_y, N = (int(size) for size in rng.permutation(sizes))
        self.T = int(rng.integers(1, 5)) if steps is None else steps
        self.N, self.one_sample = 1 if one_sample else N, one_sample
        self.sizes = {"T": self.T, "N": self.N, "n_x": n_x, "n_h": n_h, "n_y": n_y}
        shapes = ((n_x, n_h), (n_h, n_h), (n_h, n_y), (n_h,), (n_y,))
        self.given: dict[str, np.ndarray] = {
            name: rng.normal(0, 0.7, shape) for name, shape in zip(PARAMETERS, shapes, strict=True)
        }
        self.given["x"] = rng.normal(size=(self.T, self.N, n_x))
        self.given["h_init"] = rng.normal(0, 0.5, (self.N, n_h))
        self.target = np.eye(n_y)[rng.integers(0, n_y, (self.T, self.N))]
        self.direction = {name: rng.normal(size=value.shape) for name, value in self.given.items()}
        self.found: dict[tuple[str, int | None], dict[str, np.ndarray]] = {}

    def run(self, nudges: Mapping[tuple[str, int | None], Any]) -> dict[str, np.ndarray]:
        """Run the network; what is nudged moves at one step, or at every step for None."""

        def moved(name: str, t: int, value: Any) -> Any:
            return value + nudges.get((name, t), 0) + nudges.get((name, None), 0)

        seen: dict[str, list[np.ndarray]] = {name: [] for name in (*STEPWISE, "L")}
        h = moved("h", -1, self.given["h_init"])
        before = [h]
        for t in range(self.T):
            theta = {name: moved(name, t, self.given[name]) for name in PARAMETERS}
            x = moved("x", t, self.given["x"][t])
            a = moved("a", t, x @ theta["W_xh"] + h @ theta["W_hh"] + theta["b_h"])
            h = moved("h", t, np.tanh(a))
            z = moved("z", t, h @ theta["W_hy"] + theta["b_y"])
            e = np.exp(z)
            y_hat = moved("y_hat", t, e / e.sum(axis=1, keepdims=True))
            L = -np.log((y_hat * self.target[t]).sum(axis=1)).sum()
            for name, value in zip(seen, (x, a, h, z, y_hat, L), strict=True):
                seen[name].append(value)
        return {**{k: np.array(v) for k, v in seen.items()}, "h": np.array(before + seen["h"])}

    @cached_property
    def plain(self) -> dict[str, np.ndarray]:
        """What the network computes, undisturbed."""
        return self.run({})

    def slopes(self, by: str, step: int | None) -> dict[str, np.ndarray]:
        """Differentiate all that is computed by one value; its axes come last."""
        if (by, step) not in self.found:
            shape = self.given[by].shape if by in PARAMETERS else self.plain[by][0].shape
            size = int(np.prod(shape))
            tries = [
                self.run({(by, step): 1j * NUDGE * one.reshape(shape)}) for one in np.eye(size)
            ]
            self.found[by, step] = {
                name: np.stack([np.imag(run[name]) / NUDGE for run in tries], axis=-1).reshape(
                    *self.plain[name].shape, *shape
                )
                for name in self.plain
            }
        return self.found[by, step]

    def derivative(self, of: str, by: str, at: int | None, step: int | None) -> Any:
        """Differentiate one value by another; `at` None is the sum over the steps."""
        if step is not None:
            self.step(step, first=-(by == "h"))
        slope = self.slopes(by, step)[of]
        slope = slope.sum(axis=0) if at is None else slope[at + (of == "h")]
        if self.one_sample and of != "L":
            axes = (0,) if by in PARAMETERS else (0, 2)
            return slope.squeeze(axis=axes)
        return slope

    def moving(self, name: str, t: int, frozen: bool) -> np.ndarray:
        """Move along the direction; if frozen, only where step t uses what moves."""
        self.step(t, first=-(name == "h"))
        nudges = {
            (name, t if frozen else None): 1j * NUDGE * self.direction[name] for name in PARAMETERS
        }
        for s in [t] if frozen else range(self.T):
            nudges["x", s] = 1j * NUDGE * self.direction["x"][s]
        if not frozen:
            nudges["h", -1] = 1j * NUDGE * self.direction["h_init"]
        change = np.imag(self.run(nudges)[name][t + (name == "h")]) / NUDGE
        return change[0] if self.one_sample and change.ndim == 2 else change

    def __getitem__(self, name: str) -> Any:
        if name in self.sizes:
            return self.sizes[name]
        if name in PARAMETERS:
            return self.given[name]
        if name in STEPWISE:
            return Indexed(self.plain[name], first=-(name == "h"))
        if "/" in name:
            return self.quotient(name)
        special: dict[str, Callable[[], Any]] = {
            "y": lambda: Indexed(self.target),
            "L": lambda: Indexed(self.plain["L"], whole=self.plain["L"].sum()),
            "J": lambda: Computed(self.jacobian),
            "P": lambda: Computed(self.influence),
            "m_back": lambda: Computed(self.message),
            "ones": lambda: np.ones(self.N),
        }
        if name in special:
            return special[name]()
        head, _, value = name.partition("_")
        if head == "delta" and value in STEPWISE:
            return Computed(lambda t: self.derivative("L", value, None, t))
        if name.startswith("d") and name[1:] in (*PARAMETERS, "x"):
            moved = self.direction[name[1:]]
            return Indexed(moved[:, 0] if self.one_sample else moved) if name == "dx" else moved
        if name.startswith(("d", "∂+")) and name.removeprefix("∂+").removeprefix("d") in (
            *STEPWISE, "L",
        ):  # fmt: skip
            plain = name.removeprefix("∂+").removeprefix("d")
            return Computed(lambda t: self.moving(plain, t, frozen=name[0] == "∂"))
        raise KeyError(name)

    def quotient(self, name: str) -> Any:
        """Find the derivative that a fraction names."""
        of, by = name.split("/")
        kind, of = ("∂+", of[2:]) if of.startswith("∂+") else (of[0], of[1:])
        by = by[1:].replace("theta", "W_hh")
        copy, of, indexed = by.endswith("()"), of.removesuffix("[]"), of.endswith("[]")
        by = by.removesuffix("()")
        if of not in (*STEPWISE, "L") or by not in (*PARAMETERS, *STEPWISE):
            raise KeyError(name)
        if by in PARAMETERS and kind != "d" and indexed:
            # Immediate: only where this very step uses the parameter.
            return Computed(lambda t: self.derivative(of, by, self.step(t), t))
        if kind == "d" or by not in PARAMETERS:
            if not indexed and of == "L":
                if by in PARAMETERS and not copy:
                    return self.derivative(of, by, None, None)
                return Computed(lambda s: self.derivative(of, by, None, s))
            if indexed and by in PARAMETERS and not copy:
                return Computed(lambda t: self.derivative(of, by, self.step(t), None))
            if indexed:
                return Computed(lambda t, s: self.derivative(of, by, self.step(t), s), times=2)
        raise KeyError(name)

    def step(self, t: int, first: int = -1) -> int:
        """Check a time, since arrays count negative ones from their end."""
        if not first <= t < self.T:
            raise ValueError(f"t: expected a step from {first} to {self.T - 1}, got {t}")
        return t

    def jacobian(self, t: int) -> np.ndarray:
        """Differentiate a state by the state before it."""
        return self.derivative("h", "h", self.step(t), t - 1)

    def influence(self, t: int) -> np.ndarray:
        """Differentiate a state by the recurrent weights, through all steps."""
        return self.derivative("h", "W_hh", self.step(t), None)

    def message(self, t: int) -> np.ndarray:
        """Sum what the losses of later steps say to the state of step t."""
        return self.slopes("h", t)["L"][self.step(t) + 1 :].sum(axis=0)

    def __iter__(self) -> Iterator[str]:
        return iter((*self.sizes, *PARAMETERS, *STEPWISE, "y", "L", "J", "P", "m_back", "ones"))

    def __len__(self) -> int:
        return len(list(iter(self)))


def network_world(rng: np.random.Generator) -> World:
    """
    Draw a network that reads a batch, with its sizes pairwise different.

    Parameters
    ----------
    rng : numpy.random.Generator
        Draws it.

    Returns
    -------
    World
        With values for every symbol of the notation table and their derivatives.

    Examples
    --------
    >>> sorted(network_world(np.random.default_rng(0)).ranges)
    ['n', 's', 't']
    """
    return world_of(NetworkValues(rng))


def row_world(rng: np.random.Generator) -> World:
    """
    Draw a network that reads one sequence, in which Jacobians are matrices.

    Parameters
    ----------
    rng : numpy.random.Generator
        Draws it.

    Returns
    -------
    World
        As `network_world`, with a batch of one.

    Examples
    --------
    >>> row_world(np.random.default_rng(0)).values["N"]
    1
    """
    return world_of(NetworkValues(rng, one_sample=True))
