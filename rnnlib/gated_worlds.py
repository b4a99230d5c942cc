r"""
Worlds for equations with gates: an LSTM and a GRU in which every symbol has its value.

As in `rnnlib.network_worlds`, no derivative comes from a chain rule, nor from the layers of the
book: both forward passes are written anew, a number is nudged along the imaginary axis where it
arises or where it is used, and what arrives is the derivative.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any

import numpy as np

from .gated_steps import BLOCKS, COMPUTED, gru_values_of_step, lstm_values_of_step, sigma
from .network_worlds import NUDGE, SIZES
from .worlds import Computed, Indexed

LAYER = ("W_xh", "W_hh", "b_h")


class GatedValues(Mapping[str, Any]):
    """
    The values of a network with gates by name, each computed when it is first asked for.

    Parameters
    ----------
    rng : numpy.random.Generator
        Draws sizes, parameters, inputs, targets and a direction to move in.
    kind : {"LSTM", "GRU"}
        Which gates.
    one_sample : bool
        If the batch has a single row. Jacobians and differentials then have no axis for it.
    before : bool
        For a GRU: whether the reset gate is applied before the product, to the state.

    Examples
    --------
    >>> values = GatedValues(np.random.default_rng(0), "LSTM", one_sample=True)
    >>> np.shape(values["∂+c[]/∂c"].function(0, -1)) == 2 * (values["n_h"],)
    True
    """

    def __init__(
        self, rng: np.random.Generator, kind: str, one_sample: bool = False, before: bool = False
    ) -> None:
        n_x, n_h, n_y, N = (int(size) for size in rng.permutation(SIZES))
        self.T, self.N = int(rng.integers(1, 5)), 1 if one_sample else N
        self.kind, self.one_sample, self.before, self.n_h = kind, one_sample, before, n_h
        self.sizes = {"T": self.T, "N": self.N, "n_x": n_x, "n_h": n_h, "n_y": n_y}
        wide = len(BLOCKS[kind]) * n_h
        shapes = {"W_xh": (n_x, wide), "W_hh": (n_h, wide), "b_h": (wide,)}
        shapes |= {"W_hy": (n_h, n_y), "b_y": (n_y,)} | ({"b_q": (n_h,)} if kind == "GRU" else {})
        self.given = {name: rng.normal(0, 0.8, shape) for name, shape in shapes.items()}
        self.parameters = tuple(self.given)
        self.given["x"] = rng.normal(size=(self.T, self.N, n_x))
        self.given["h_init"] = rng.normal(0, 0.5, (self.N, n_h))
        self.given["c_init"] = rng.normal(0, 0.8, (self.N, n_h))
        self.target = np.eye(n_y)[rng.integers(0, n_y, (self.T, self.N))]
        self.direction = {name: rng.normal(size=value.shape) for name, value in self.given.items()}
        self.stepwise = ("x", *COMPUTED[kind], "z", "L")
        self.carried = ("h", "c") if kind == "LSTM" else ("h",)
        self.found: dict[tuple[str, int | None], dict[str, np.ndarray]] = {}

    def run(self, nudges: Mapping[tuple[str, int | None], Any]) -> dict[str, np.ndarray]:
        """Run the network; what is nudged moves at one step, or at every step for None."""

        def at(t: int) -> Callable[[str, Any], Any]:
            return lambda name, value: (
                value + nudges.get((name, t), 0) + nudges.get((name, None), 0)
            )

        h, c = at(-1)("h", self.given["h_init"]), at(-1)("c", self.given["c_init"])
        seen: dict[str, list[Any]] = {name: [] for name in self.stepwise}
        seen |= {name: [value] for name, value in zip(self.carried, (h, c), strict=False)}
        for t in range(self.T):
            moved = at(t)
            theta = {name: moved(name, self.given[name]) for name in self.parameters}
            x = moved("x", self.given["x"][t])
            h, c = moved("use of h", h), moved("use of c", c)
            if self.kind == "LSTM":
                values = lstm_values_of_step(theta, x, h, c, moved)
            else:
                values = gru_values_of_step(theta, x, h, moved, self.before)
            h, c = values["h"], values.get("c", c)
            z = moved("z", h @ theta["W_hy"] + theta["b_y"])
            e = np.exp(z)
            L = -np.log((e * self.target[t]).sum(axis=1) / e.sum(axis=1)).sum()
            for name, value in {"x": x, **values, "z": z, "L": L}.items():
                seen[name].append(value)
        return {name: np.array(values) for name, values in seen.items()}

    @cached_property
    def plain(self) -> dict[str, np.ndarray]:
        """What the network computes, undisturbed."""
        return self.run({})

    def slopes(self, by: str, step: int | None) -> dict[str, np.ndarray]:
        """Differentiate all that is computed by one value; its axes come last."""
        if (by, step) not in self.found:
            like = by.removeprefix("use of ")
            shape = self.given[by].shape if by in self.parameters else self.plain[like][0].shape
            ones = np.eye(int(np.prod(shape)))
            tries = [self.run({(by, step): 1j * NUDGE * one.reshape(shape)}) for one in ones]
            self.found[by, step] = {
                name: np.stack([run[name].imag / NUDGE for run in tries], axis=-1).reshape(
                    *value.shape, *shape
                )
                for name, value in self.plain.items()
            }
        return self.found[by, step]

    def derivative(self, of: str, by: str, at: int | None, step: int | None) -> Any:
        """Differentiate one value by another; `at` None is the sum over the steps."""
        block = ""
        if by not in (*self.parameters, *self.stepwise) and by.count("_") == 2:  # as in W_f_hh
            head, block, ends = by.split("_")
            by = f"{head}_{ends}"
        for time, name in ((at, of), (step, by.removeprefix("use of "))):
            if time is not None and not -(name in self.carried) <= time < self.T:
                raise ValueError(f"{name}: there is no step {time}")
        slope = self.slopes(by, step)[of]
        slope = slope.sum(axis=0) if at is None else slope[at + (of in self.carried)]
        if block:
            slope = self.block(slope, block)
        return slope.squeeze(axis=(0, 2)) if self.one_sample and of != "L" else slope

    def block(self, array: np.ndarray, letter: str) -> np.ndarray:
        """Take the columns of one block."""
        first = BLOCKS[self.kind].index(letter) * self.n_h
        return array[..., first : first + self.n_h]

    def moving(self, name: str, t: int) -> np.ndarray:
        """Move everything that is given along the direction."""
        if not -(name in self.carried) <= t < self.T:
            raise ValueError(f"{name}: there is no step {t}")
        nudges: dict[tuple[str, int | None], Any] = {
            (key, None): 1j * NUDGE * self.direction[key] for key in self.parameters
        }
        nudges |= {("x", s): 1j * NUDGE * self.direction["x"][s] for s in range(self.T)}
        nudges |= {(v, -1): 1j * NUDGE * self.direction[f"{v}_init"] for v in ("h", "c")}
        change: np.ndarray = self.run(nudges)[name][t + (name in self.carried)].imag / NUDGE
        return change.reshape(-1) if self.one_sample else change

    def __getitem__(self, name: str) -> Any:
        if name in self.sizes:
            return self.sizes[name]
        if name in self.parameters:
            return self.given[name]
        if name in self.stepwise and name != "L":
            return Indexed(self.plain[name], first=-(name in self.carried))
        if "/" in name:
            return self.quotient(name)
        special: dict[str, Callable[[], Any]] = {
            "y": lambda: Indexed(self.target),
            "y_hat": lambda: Indexed(np.exp(self.plain["z"]) / self.row_sums),
            "L": lambda: Indexed(self.plain["L"], whole=self.plain["L"].sum()),
            "m_back": lambda: Computed(lambda t: self.message("h", t)),
            "m_back_c": lambda: Computed(lambda t: self.message("c", t)),
            "ones": lambda: np.ones((self.N, 1)),
            "sigma": lambda: sigma,
            "J": lambda: Computed(lambda t: self.derivative("h", "h", t, t - 1)),
        }
        if name in special:
            return special[name]()
        head, _, value = name.partition("_")
        value = value.replace("^", "_")
        if head == "delta" and value in self.stepwise:
            return Computed(lambda t: self.derivative("L", value, None, t))
        if name[0] == "d" and name[1:] in self.parameters:
            return self.direction[name[1:]]
        if head == "d" + name[1:].partition("_")[0] and name[1:] in self.stepwise:
            return Computed(lambda t: self.moving(name[1:], t))
        if name.count("_") == 2 or head == "b":  # a block: W_f_hh, b_f_h
            letter, _, ends = value.partition("_")
            if letter in BLOCKS[self.kind] and f"{head}_{ends}" in LAYER:
                return self.block(self.given[f"{head}_{ends}"], letter)
        raise KeyError(name)

    @property
    def row_sums(self) -> np.ndarray:
        """What the exponentials of the logits add up to."""
        return np.asarray(np.exp(self.plain["z"]).sum(axis=-1, keepdims=True))

    def quotient(self, name: str) -> Any:
        """Find the derivative that a fraction names."""
        above, below = name.split("/")
        kind, of = ("∂+", above[2:]) if above.startswith("∂+") else (above[0], above[1:])
        of, by = of.removesuffix("[]"), below[1:]
        is_parameter = by in self.parameters or (by.count("_") == 2 and by[0] in "Wb")
        if of not in self.stepwise or not (is_parameter or by in self.stepwise):
            raise KeyError(name)
        if is_parameter and of == "L" and kind == "d":
            return self.derivative(of, by, None, None)
        if of == "L" and kind == "d":
            return Computed(lambda s: self.derivative(of, by, None, s))
        if is_parameter or kind == "∂":
            raise KeyError(name)
        if kind == "d":
            return Computed(lambda t, s: self.derivative(of, by, t, s), times=2)

        def immediate(t: int, s: int) -> Any:
            # A value of the step before enters where this step uses it, one of this step anywhere.
            if s == t - 1 and by in self.carried:
                return self.derivative(of, f"use of {by}", t, t)
            if s != t:
                raise ValueError(f"{name}: no step {t} uses a value of step {s}")
            return self.derivative(of, by, t, t)

        return Computed(immediate, times=2)

    def message(self, name: str, t: int) -> np.ndarray:
        """Sum what is heard of a value of step t where the step after it uses it."""
        if t + 1 < self.T:
            return np.asarray(self.derivative("L", f"use of {name}", None, t + 1))
        return np.zeros((self.N, self.n_h))

    def __iter__(self) -> Iterator[str]:
        return iter((*self.sizes, *self.parameters, *self.stepwise, "y", "y_hat", "m_back"))

    def __len__(self) -> int:
        return len(list(iter(self)))
