"""The equations of chapter 7, and how each is tried."""

from collections.abc import Mapping

import numpy as np

from rnnlib.equation_checks import Check
from rnnlib.worlds import Computed, Indexed, World

NUDGE = 1e-30
PARAMETERS = ("W_xe", "b_e", "W_xh", "W_hh", "b_h", "W_hy", "b_y")
VALUES = ("x", "front", "e", "a", "h", "z", "y_hat")
PHI = {
    "tanh": np.tanh,
    "sigmoid": lambda a: 1 / (1 + np.exp(-a)),
    "softmax": lambda a: np.exp(a) / np.exp(a).sum(axis=1, keepdims=True),
}


def slope_of(phi):
    """Differentiate a function of one number by a complex step."""
    return lambda a: phi(a + 1j * NUDGE).imag / NUDGE


class ThreeLayers(Mapping):
    """A random network of three layers; what is nudged moves where it arises, and runs on."""

    def __init__(self, rng, one_row=False, classes=False, mean=False):
        n_x, n_e, n_h, n_y, N = (int(size) for size in rng.permutation([2, 3, 4, 5, 6]))
        self.T, self.N, self.classes = int(rng.integers(1, 5)), 1 if one_row else N, classes
        self.factor = 1 / (self.T * self.N) if mean else 1.0
        sizes = {"n_x": n_x, "n_e": n_e, "n_h": n_h, "n_y": n_y}
        self.sizes = {"T": self.T, "N": self.N, **sizes}
        shapes = [(n_x, n_e), (n_e,), (n_e, n_h), (n_h, n_h), (n_h,), (n_h, n_y), (n_y,)]
        self.theta = {
            name: rng.normal(0, 0.7, shape) for name, shape in zip(PARAMETERS, shapes, strict=True)
        }
        self.x = rng.normal(size=(self.T, self.N, n_x))
        self.h_init = rng.normal(size=(self.N, n_h))
        self.y = rng.normal(size=(self.T, self.N, n_y))
        if classes:
            self.y = np.eye(n_y)[rng.integers(0, n_y, (self.T, self.N))]
        last = "softmax" if classes else "identity" if mean else "tanh"
        self.sigma = [PHI["sigmoid"], PHI["tanh"], PHI.get(last, lambda a: a)]
        self.plain = self.run()

    def run(self, name="", t=None, nudge=0.0):
        """Run the network with a nudge of one value at one step, or of a parameter."""

        def moved(which, value, step):
            return value + nudge if which == name and t in (None, step) else value

        seen = {which: [] for which in (*VALUES, "L")}
        h = moved("h", self.h_init, -1)
        seen["h"].append(h)
        for step in range(self.T):
            p = {which: moved(which, value, step) for which, value in self.theta.items()}
            x = moved("x", self.x[step], step)
            front = moved("front", x @ p["W_xe"] + p["b_e"], step)
            e = moved("e", self.sigma[0](front), step)
            a = moved("a", e @ p["W_xh"] + h @ p["W_hh"] + p["b_h"], step)
            h = moved("h", self.sigma[1](a), step)
            z = moved("z", h @ p["W_hy"] + p["b_y"], step)
            y_hat = moved("y_hat", self.sigma[2](z), step)
            if self.classes:
                loss = -(self.y[step] * np.log(y_hat)).sum()
            else:
                loss = self.factor * ((y_hat - self.y[step]) ** 2).sum() / 2
            for which, value in zip(seen, (x, front, e, a, h, z, y_hat, loss), strict=True):
                seen[which].append(value)
        return {which: np.array(values) for which, values in seen.items()}

    def slopes(self, by, step):
        """Differentiate the loss of every step by one value; its axes come last."""
        first = -1 if by == "h" else 0
        if step is not None and not first <= step < self.T:
            raise ValueError(f"{by}: expected a step from {first} to {self.T - 1}, got {step}")
        shape = self.theta[by].shape if by in PARAMETERS else self.plain[by][0].shape
        each = np.eye(int(np.prod(shape))).reshape(-1, *shape)
        losses = [self.run(by, step, 1j * NUDGE * one)["L"].imag / NUDGE for one in each]
        return np.stack(losses, axis=-1).reshape(self.T, *shape)

    def total(self, by, step):
        """Differentiate the total loss."""
        return self.slopes(by, step).sum(axis=0)

    def __getitem__(self, name):
        if name in self.sizes:
            return self.sizes[name]
        if name in PARAMETERS:
            return self.theta[name]
        if name in VALUES:
            return Indexed(self.plain[name], first=-(name == "h"))
        if name.startswith("delta_"):
            value = {r"\haty": "y_hat", r"\mathrm{front}": "front"}.get(name[6:], name[6:])
            if value not in VALUES:
                raise KeyError(name)
            return Computed(lambda t: self.total(value, t))
        if name.startswith("sigma_"):
            return self.sigma[int(name[6:])]
        if name.startswith("sigma'_"):
            return slope_of(self.sigma[int(name[7:])])
        if name.startswith("dL/d"):
            by, copies = name[4:].removesuffix("()"), name.endswith("()")
            if by in PARAMETERS:
                return Computed(lambda s: self.total(by, s)) if copies else self.total(by, None)
        if name == "∂L[]/∂y_hat":
            return Computed(lambda t, s: self.slopes("y_hat", s)[t], times=2)
        special = {
            "y": lambda: Indexed(self.y),
            "L": lambda: Indexed(self.plain["L"], whole=self.plain["L"].sum()),
            "ones": lambda: np.ones((self.N, 1)),
            "m_back": lambda: Computed(lambda t: self.slopes("h", t)[t + 1 :].sum(axis=0)),
        }
        return special[name]()

    def __iter__(self):
        return iter((*self.sizes, *PARAMETERS, *VALUES, "y", "L", "ones", "m_back"))

    def __len__(self):
        return len([*self])


def world(values):
    """Say what the steps run over."""
    steps = range(values["T"])
    return World(values, {"t": steps, "s": steps})


def squared(rng):
    """Draw a network with half the squared error, and three different activations or slopes."""
    return world(ThreeLayers(rng))


def averaged(rng):
    """Draw a network whose loss is the mean over steps and samples."""
    return world(ThreeLayers(rng, mean=True))


def one_row_of_classes(rng):
    """Draw a network with softmax and cross-entropy that reads one sequence."""
    return world(ThreeLayers(rng, one_row=True, classes=True))


def kept(rng):
    """Count what three layers hold: every number of every array, one by one."""
    T, N, n_x, n_e, n_h, n_y = (int(size) for size in rng.permutation([2, 3, 4, 5, 6, 7]))
    sizes = {"T": T, "N": N, "n_x": n_x, "n_e": n_e, "n_h": n_h, "n_y": n_y}
    first, every = np.zeros((N, n_h)), range(T)
    arrays = [first, *(np.zeros((N, size)) for _ in every for size in (n_x, n_e, n_h, n_y))]
    return World({**sizes, "held": sum(a.size for a in arrays)}, {})


def segments(rng):
    """Draw a number of steps, and a length that divides it."""
    k, count = (int(number) for number in rng.integers(1, 30, 2))
    return World({"T": k * count, "k": k}, {})


STEPS = "both sides and all shapes, at every step"
GRADIENT = "both sides and all shapes, against complex steps"

CHECKS = {
    "eq:layers-front": Check(STEPS, squared, "t"),
    "eq:layers-state": Check("all three sides and all shapes, at every step", squared, "t"),
    "eq:layers-output": Check("all three sides and all shapes, at every step", squared, "t"),
    "eq:layers-delta-loss": Check("all three sides and the shape, at every step", squared, "t"),
    "eq:layers-delta-z": Check(STEPS, squared, "t"),
    "eq:layers-delta-z-softmax": Check(
        "all three sides, every component", one_row_of_classes, "t k", {"k": "n_y", "j": "n_y"}
    ),
    "eq:layers-weights-output": Check(GRADIENT, squared),
    "eq:layers-bias-output": Check(GRADIENT, squared),
    "eq:layers-delta-h": Check(STEPS, squared, "t"),
    "eq:layers-message": Check(
        "both sides and all shapes, at every step but the last", squared, "t", when="t < T - 1"
    ),
    "eq:layers-delta-a": Check(STEPS, squared, "t"),
    "eq:layers-weights-input": Check(GRADIENT, squared),
    "eq:layers-weights-recurrent": Check(GRADIENT, squared),
    "eq:layers-bias-state": Check(GRADIENT, squared),
    "eq:layers-delta-e": Check(STEPS, squared, "t"),
    "eq:layers-delta-front": Check(STEPS, squared, "t"),
    "eq:layers-weights-front": Check(GRADIENT, squared),
    "eq:layers-bias-front": Check(GRADIENT, squared),
    "eq:layers-delta-x": Check(STEPS, squared, "t"),
    "eq:layers-state-before": Check(
        "both sides, at every step but the first", squared, "t", when="t > 0"
    ),
    "eq:layers-copies": Check("all three sides, against complex steps of each copy", squared),
    "eq:layers-mean": Check("both sides, at every step, for a mean", averaged, "t"),
    "eq:layers-memory": Check("against a count of every array", kept, equals="held"),
    "eq:layers-checkpoints": Check("both sides, for lengths that divide T", segments),
}
