"""The equations of chapter 9, and how each is tried."""

from collections.abc import Mapping
from functools import partial

import numpy as np

from rnnlib.equation_checks import Check
from rnnlib.network_worlds import NUDGE, NetworkValues
from rnnlib.worlds import Computed, Indexed, World


class Shaped(NetworkValues):
    """A network in which some steps have no input, and some no loss."""

    def __init__(self, rng, inputs="all", losses="all", one_sample=False):
        super().__init__(rng, one_sample, steps=int(rng.integers(2, 5)))
        self.silent = {"all": 0, "last": self.T - 1, "none": self.T}[losses]
        if inputs != "all":
            self.given["x"][1 if inputs == "first" else 0 :] = 0

    def run(self, nudges):
        """Run the network; what has no loss counts as zero."""
        seen = super().run(nudges)
        seen["L"][: self.silent] = 0
        return seen


def shaped(rng, **wiring):
    """Draw such a network."""
    values = Shaped(rng, **wiring)
    later = {"t": range(values.T), "j": range(values["n_h"]), "i": range(values["n_h"])}
    return World(values, {**later, "k": range(values["n_h"]), "m": range(values["n_y"])})


class Pair(Mapping):
    """
    An encoder and a decoder: each derivative is a nudge along the imaginary axis that runs on.

    A nudge is named by a value and the step at which it is added, or None for every use. The
    context has a use at each step of the decoder, and one as its first state, at -1.
    """

    def __init__(self, rng, context="both", heard="targets", tied=False, one_sample=True):
        n_x, n_h, n_y, N = (int(size) for size in rng.permutation([2, 3, 4, 5]))
        self.T, self.T_e = (int(steps) for steps in rng.permutation([2, 3, 4])[:2])
        self.N = 1 if one_sample else N
        self.one_sample, self.heard, self.tied, self.context = one_sample, heard, tied, context
        self.sizes = {"T": self.T, "T_e": self.T_e, "N": self.N, "n_x": n_x, "n_h": n_h, "n_y": n_y}
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
        self.plain = self.run({})

    def run(self, nudges):
        """Run both networks, with what is nudged."""

        def moved(name, t, value):
            return value + nudges.get((name, t), 0) + nudges.get((name, None), 0)

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

    def slopes(self, by, step):
        """Differentiate all that is computed by one value; its axes come last."""
        if by in self.given:
            shape = self.given[by].shape
        else:
            shape = self.plain["c"].shape if by == "c" else self.plain[self.of(by)][0].shape
        moves = [
            self.run({(by, step): 1j * NUDGE * one.reshape(shape)})
            for one in np.eye(int(np.prod(shape)))
        ]
        return {
            name: np.stack([np.imag(move[name]) / NUDGE for move in moves], axis=-1).reshape(
                *value.shape, *shape
            )
            for name, value in self.plain.items()
        }

    def of(self, name):
        """A message has the shape of a state."""
        return "h" if name == "message" else name

    def checked(self, name, t):
        """Refuse a step that does not exist, since arrays count negative ones from their end."""
        steps = self.T_e if name.endswith("_e") else self.T
        first = -1 if name in ("h", "h_e", "message", "c") else 0
        if isinstance(t, int | np.integer) and not first <= t < steps:
            raise ValueError(f"{name}: expected a step from {first} to {steps - 1}, got {t}")

    def by(self, of, by, step=None, at=None):
        """Differentiate one value by another, without the axes of a single sample."""
        self.checked(by, step)
        self.checked(of, at)
        slope = self.slopes(by, step)[of]
        if of == "L":
            return slope.sum(axis=0) if at is None else slope[at]
        slope = slope if of == "c" else slope[at + (of in ("h", "h_e"))]
        return slope.squeeze(axis=(0,) if by in self.given else (0, 2))

    def __getitem__(self, name):
        if name in self.sizes:
            return self.sizes[name]
        if name in self.given:
            return self.given[name]
        if name in ("h", "h_e"):
            return Indexed(self.plain[name], first=-1)
        if name in ("a", "a_e", "z", "y_hat", "x"):
            return Indexed(self.plain[name])
        found = {
            "c": lambda: self.plain["c"],
            "x_e": lambda: Indexed(self.inputs),
            "y": lambda: Indexed(self.target),
            "m_back": lambda: Computed(lambda t: self.message(t)),
            "delta_c": lambda: self.by("L", "c"),
            "R": lambda: Computed(self.by_context),
            "J": lambda: Computed(lambda t: self.by("h", "message" if t else "h", t - 1, t)),
            "J_bar": lambda: Computed(lambda t: self.by("h", "h", t - 1, t)),
            "zeta": lambda: Computed(lambda t: self.by("h", "W_e_xh", None, t)),
            "gamma": lambda: Computed(lambda t: self.by("h", "W_e_hh", None, t)),
            "dh[]/dc": lambda: Computed(self.by_context),
            "∂+h[]/∂c": lambda: Computed(lambda t: self.by("h", "c", t, t)),
            "∂+h[]/∂W_e_hh": lambda: Computed(lambda t: self.by("h", "W_e_hh", ("decoder", t), t)),
            "∂L[]/∂h": lambda: Computed(lambda t, s: self.by("L", "h", s, t)[0], times=2),
            "∂h[]/∂y_hat": lambda: Computed(lambda t, s: self.by("h", "y_hat", s, t), times=2),
            "∂y_hat[]/∂h": lambda: Computed(lambda t, s: self.by("y_hat", "h", s, t), times=2),
            "dL/dh_e": lambda: Computed(lambda t: self.by("L", "h_e", t)),
            "dL/da_e": lambda: Computed(lambda t: self.by("L", "a_e", t)),
        }
        if name in found:
            return found[name]()
        if name in ("delta_x", "delta_a", "delta_h", "delta_z"):
            return Computed(lambda t: self.by("L", name[6:], t))
        of, _, by = name.partition("/d")
        if by in self.given and of in ("dL", "dL[]", "dh[]", "dc"):
            if of == "dL":
                return self.by("L", by)
            if of == "dc":
                return self.by("c", by)
            return Computed(lambda t: self.by(of[1], by, None, t))
        raise KeyError(name)

    def by_context(self, t):
        """At step -1 the state is the context, or zero."""
        if t == -1:
            return np.eye(self.sizes["n_h"]) * (self.context != "every step")
        return self.by("h", "c", None, t)

    def message(self, t):
        """Sum what the losses of later steps say to a state, not through its word."""
        return self.by("L", "h" if t == -1 else "message", t)

    def __iter__(self):
        return iter((*self.sizes, *self.given))

    def __len__(self):
        return len(self.sizes) + len(self.given)


def pair(rng, steps="T", wirings=("both",), heard=("targets", "predictions"), **kind):
    """Draw a pair in one of the wirings."""
    context, feedback = str(rng.choice(wirings)), str(rng.choice(heard))
    values = Pair(rng, context, feedback, **kind)
    return World(values, {"t": range(values[steps])})


batch = partial(pair, one_sample=False)
any_wiring = partial(pair, wirings=("first state", "every step", "both"))
one_input = partial(shaped, inputs="first", one_sample=True)
one_loss = partial(shaped, losses="last")
of_one_sample = partial(shaped, losses="last", one_sample=True)

CHECKS = {
    "eq:shape-no-input": Check(
        "all three sides, at the steps without an input",
        partial(shaped, inputs="first"),
        "t",
        when=r"t \ge 1",
    ),
    "eq:shape-no-loss": Check(
        "all three sides, at the steps without a loss", one_loss, "t", when="t < T - 1"
    ),
    "eq:shape-last-delta": Check("both sides and all shapes", one_loss),
    "eq:shape-one-loss-delta": Check("both sides, at every step", of_one_sample, "t"),
    "eq:shape-one-loss-forward": Check("every component", of_one_sample, "i k"),
    "eq:shape-class-sum": Check("every component", of_one_sample, "j k", {"k": "n_y", "j": "n_h"}),
    "eq:shape-one-input": Check("both sides and all shapes", partial(shaped, inputs="first")),
    "eq:shape-one-input-carried": Check(
        "all three sides, at every later step", one_input, "t", when=r"t \ge 1"
    ),
    "eq:shape-encoder": Check(
        "both sides and all shapes, at every step", partial(batch, steps="T_e"), "t"
    ),
    "eq:shape-decoder": Check(
        "both sides and all shapes, whichever words are heard",
        partial(batch, wirings=("every step", "both")),
        "t",
    ),
    "eq:shape-delta-context": Check("both sides and all shapes", batch),
    "eq:shape-context-weights": Check("both sides and all shapes", batch),
    "eq:shape-encoder-weights": Check(
        "both sides, in every wiring", partial(any_wiring, one_sample=False)
    ),
    "eq:shape-by-context": Check("all sides, in every wiring, at every step", any_wiring, "t"),
    "eq:shape-zeta": Check("all sides, in every wiring, at every step", any_wiring, "t"),
    "eq:shape-gamma": Check(
        "all sides, with one matrix for both jobs and with two",
        lambda rng: pair(rng, wirings=("every step", "both"), tied=bool(rng.integers(2))),
        "t",
    ),
    "eq:shape-zeta-gradient": Check("both sides, in every wiring", any_wiring),
    "eq:shape-zeta-product": Check("both sides, in every wiring, at every step", any_wiring, "t"),
    "eq:shape-bias": Check("both sides, in every wiring, at every step", any_wiring, "t"),
    "eq:shape-delta-said": Check(
        "both sides, where the network hears itself",
        partial(pair, heard=("predictions",)),
        "t",
        when="t < T - 1",
    ),
    "eq:shape-output-weights": Check("both sides, whichever words are heard", batch),
    "eq:shape-two-paths": Check(
        "both sides, whichever words are heard", pair, "t", when=r"t \ge 1"
    ),
    "eq:shape-output-message": Check(
        "both sides at every step, whichever words are heard", pair, "t"
    ),
}
