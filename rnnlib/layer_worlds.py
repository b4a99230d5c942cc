r"""
A world for equations with layers around: dense, recurrent, dense, as in document 000.

As in `rnnlib.network_worlds`, no derivative comes from a chain rule: a number is nudged along the
imaginary axis where it arises, and the network runs on. The rows of a batch do not meet, so one
run nudges an entry in all of them, and the losses of the rows are read one by one.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np

from .network_worlds import NUDGE
from .worlds import Computed, Indexed

PARAMETERS = ("W_xe", "b_e", "W_xh", "W_hh", "b_h", "W_hy", "b_y")
STEPWISE = ("x", "front", "e", "a", "h", "z", "y_hat")
LABELS = {r"\haty": "y_hat", r"\mathrm{front}": "front"}

Function = Callable[[Any], Any]
PHI: dict[str, Function] = {
    "identity": lambda a: a,
    "tanh": np.tanh,
    "sigmoid": lambda a: 1 / (1 + np.exp(-a)),
    "softmax": lambda a: np.exp(a) / np.exp(a).sum(axis=-1, keepdims=True),
}
LOSSES: dict[str, Callable[[Any, Any], Any]] = {
    "half squared error": lambda y_hat, y: ((y_hat - y) ** 2).sum(axis=1) / 2,
    "squared error": lambda y_hat, y: ((y_hat - y) ** 2).sum(axis=1),
    "cross-entropy": lambda y_hat, y: -(y * np.log(y_hat)).sum(axis=1),
}


class Kind(NamedTuple):
    """
    What kind of network is drawn.

    Attributes
    ----------
    sizes : tuple of int
        Of input, front layer, state, output and batch.
    steps : int
        Number of steps.
    output : {"identity", "tanh", "sigmoid", "softmax"}
        The last activation; the others are sigmoid and tanh.
    loss : {"half squared error", "squared error", "cross-entropy"}
        Loss of a row.
    mean : bool
        If the loss is the mean over steps and rows, not their sum.
    from_zero : bool
        If the state before the first input is zero.
    """

    sizes: tuple[int, ...]
    steps: int
    output: str = "tanh"
    loss: str = "half squared error"
    mean: bool = False
    from_zero: bool = False


class LayerValues(Mapping[str, Any]):
    """
    The values of three layers by name, each computed when it is first asked for.

    Parameters
    ----------
    rng : numpy.random.Generator
        Draws parameters, inputs and targets.
    kind : Kind
        What kind of network.

    Examples
    --------
    >>> values = LayerValues(np.random.default_rng(0), Kind(sizes=(2, 3, 4, 5, 6), steps=3))
    >>> values["delta_e"].function(0).shape
    (6, 3)
    """

    def __init__(self, rng: np.random.Generator, kind: Kind) -> None:
        n_x, n_e, n_h, n_y, N = kind.sizes
        self.T, self.N, self.kind = kind.steps, N, kind
        self.sizes = {"T": self.T, "N": N, "n_x": n_x, "n_e": n_e, "n_h": n_h, "n_y": n_y}
        shapes = [(n_x, n_e), (n_e,), (n_e, n_h), (n_h, n_h), (n_h,), (n_h, n_y), (n_y,)]
        self.theta = {
            name: rng.normal(0, 0.7, shape) for name, shape in zip(PARAMETERS, shapes, strict=True)
        }
        self.x = rng.normal(size=(self.T, N, n_x))
        self.h_init = rng.normal(size=(N, n_h)) * (not kind.from_zero)
        self.y = rng.normal(size=(self.T, N, n_y))
        if kind.loss == "cross-entropy":
            self.y = np.eye(n_y)[rng.integers(0, n_y, (self.T, N))]
        self.sigma = (PHI["sigmoid"], PHI["tanh"], PHI[kind.output])
        self.factor = 1 / (self.T * N) if kind.mean else 1.0
        self.found: dict[tuple[str, int | None], np.ndarray] = {}
        self.plain: dict[str, np.ndarray] = {}
        self.plain = self.run({})

    def run(self, nudges: Mapping[tuple[str, int | None], Any]) -> dict[str, np.ndarray]:
        """Run the network; what is nudged moves at one step, or at every step for None."""

        def moved(name: str, t: int, value: Any) -> Any:
            return value + nudges.get((name, t), 0) + nudges.get((name, None), 0)

        # What lies before the first nudge is known already.
        steps = [0 if step is None else max(step, 0) for _, step in nudges]
        start = min(steps, default=0)
        seen = {name: [*self.plain.get(name, ())[:start]] for name in (*STEPWISE, "rows")}
        seen["h"] = [*self.plain.get("h", ())[: start + 1]] or [self.h_init]
        h = seen["h"][-1] = moved("h", start - 1, seen["h"][-1])
        for t in range(start, self.T):
            p = {name: moved(name, t, value) for name, value in self.theta.items()}
            x = moved("x", t, self.x[t])
            front = moved("front", t, x @ p["W_xe"] + p["b_e"])
            e = moved("e", t, self.sigma[0](front))
            a = moved("a", t, e @ p["W_xh"] + h @ p["W_hh"] + p["b_h"])
            h = moved("h", t, self.sigma[1](a))
            z = moved("z", t, h @ p["W_hy"] + p["b_y"])
            y_hat = moved("y_hat", t, self.sigma[2](z))
            rows = self.factor * LOSSES[self.kind.loss](y_hat, self.y[t])
            for name, value in zip(seen, (x, front, e, a, h, z, y_hat, rows), strict=True):
                seen[name].append(value)
        return {name: np.array(values) for name, values in seen.items()}

    def slopes(self, by: str, step: int | None) -> np.ndarray:
        """Differentiate the loss of every step by one value; its axes come last."""
        if step is not None:
            self.step(step, first=-(by == "h"))
        if (by, step) not in self.found:
            self.found[by, step] = self.differentiated(by, step)
        return self.found[by, step]

    def differentiated(self, by: str, step: int | None) -> np.ndarray:
        """Nudge every entry of a parameter, or every entry of a row in all rows at once."""
        shape = self.theta[by].shape if by in PARAMETERS else self.plain[by].shape[2:]
        each = np.eye(int(np.prod(shape))).reshape(-1, *shape)
        rows = [self.run({(by, step): 1j * NUDGE * one})["rows"].imag / NUDGE for one in each]
        if by in PARAMETERS:
            return np.stack([row.sum(axis=1) for row in rows], axis=-1).reshape(self.T, *shape)
        return np.stack(rows, axis=-1)

    def total(self, by: str, step: int | None) -> Any:
        """Differentiate the total loss."""
        return self.slopes(by, step).sum(axis=0)

    def jacobian(self, t: int, s: int) -> np.ndarray:
        """Differentiate a prediction by its logits, in a batch whose rows do not meet."""
        key = f"y_hat[{self.step(t)}]/z", self.step(s)
        if key not in self.found:
            each = np.eye(self.sizes["n_y"])
            rows = [self.run({("z", s): 1j * NUDGE * one})["y_hat"][t].imag for one in each]
            slopes = np.stack(rows, axis=-1) / NUDGE
            self.found[key] = np.einsum("njk,nm->njmk", slopes, np.eye(self.N))
        return self.found[key]

    def step(self, t: int, first: int = 0) -> int:
        """Check a time, since arrays count negative ones from their end."""
        if not first <= t < self.T:
            raise ValueError(f"t: expected a step from {first} to {self.T - 1}, got {t}")
        return t

    def __getitem__(self, name: str) -> Any:
        if name in self.sizes:
            return self.sizes[name]
        if name in PARAMETERS:
            return self.theta[name]
        if name in STEPWISE:
            return Indexed(self.plain[name], first=-(name == "h"))
        if name.startswith("delta_"):
            value = LABELS.get(name[6:], name[6:])
            if value in STEPWISE:
                return Computed(lambda t: self.total(value, t))
        if name.startswith("dL/d"):
            by, copies = name[4:].removesuffix("()"), name.endswith("()")
            if by in PARAMETERS:
                return Computed(lambda s: self.total(by, s)) if copies else self.total(by, None)
        losses = self.plain["rows"].sum(axis=1)
        special: dict[str, Callable[[], Any]] = {
            "∂L[]/∂y_hat": lambda: Computed(lambda t, s: self.slopes("y_hat", s)[t], times=2),
            "∂y_hat[]/∂z": lambda: Computed(self.jacobian, times=2),
            "y": lambda: Indexed(self.y),
            "L": lambda: Indexed(losses, whole=losses.sum()),
            "ones": lambda: np.ones((self.N, 1)),
            "m_back": lambda: Computed(lambda t: self.slopes("h", t)[t + 1 :].sum(axis=0)),
        }
        head, _, layer = name.partition("_")
        if head in ("sigma", "sigma'") and layer in ("0", "1", "2"):
            return self.sigma[int(layer)] if head == "sigma" else slope_of(self.sigma[int(layer)])
        return special[name]()

    def __iter__(self) -> Iterator[str]:
        return iter((*self.sizes, *PARAMETERS, *STEPWISE, "y", "L", "ones", "m_back"))

    def __len__(self) -> int:
        return len(list(iter(self)))


def slope_of(phi: Function) -> Function:
    """
    Differentiate an activation, entry by entry: each output by its own input.

    Parameters
    ----------
    phi : callable
        The activation.

    Returns
    -------
    callable
        Its slope. For softmax this is the diagonal of the Jacobian, and no more.

    Examples
    --------
    >>> slope_of(np.tanh)(np.zeros((1, 2)))
    array([[1., 1.]])
    """

    def slope(a: Any) -> Any:
        nudged = [phi(a + 1j * NUDGE * one)[..., k] for k, one in enumerate(np.eye(a.shape[-1]))]
        return np.stack(nudged, axis=-1).imag / NUDGE

    return slope
