"""The equations of chapter 4, and how each is tried."""

import numpy as np

from rnnlib.equation_checks import Check
from rnnlib.network_worlds import NUDGE, NetworkValues, network_world, row_world
from rnnlib.worlds import Computed, Indexed, World, world_of


def two_factors(rng):
    """Draw two functions of one x, and move x or a factor; g has an inverse that is known."""
    c_0, c_1, c_2, pace, x = rng.uniform(0.5, 1.5, 5)

    def f(x):
        return c_0 + c_1 * x + c_2 * x**3

    def g(x):
        return np.exp(pace * x)

    def answers(moved, at):
        return np.imag(moved(at + 1j * NUDGE)) / NUDGE

    values = {
        "f": f(x),
        "g": g(x),
        "df/dx": answers(f, x),
        "dg/dx": answers(g, x),
        "dF/dx": answers(lambda x: g(x) * f(x), x),
        "∂F/∂F": answers(lambda moved: moved, g(x) * f(x)),
        "∂F/∂g": answers(lambda moved: moved * f(x), g(x)),
        "∂F/∂f": answers(lambda moved: g(x) * moved, f(x)),
        "dF/dg": answers(lambda moved: moved * f(np.log(moved) / pace), g(x)),
    }
    return World(values, {})


def one_unit(rng):
    """Draw a network with a single unit, and nudge the weight at some of its steps."""
    T = 4
    W_xh, W_hh, b_h, h_init = rng.uniform(0.3, 0.9, 4)
    x = rng.normal(size=T)

    def run(nudged=(), before=None):
        """Nudge the copies of some steps, or the state that comes into one."""
        h, pre, states = h_init, [], [h_init]
        for t in range(T):
            h = h + 1j * NUDGE * (before == t)
            pre.append(x[t] * W_xh + h * (W_hh + 1j * NUDGE * (t in nudged)) + b_h)
            h = np.tanh(pre[-1])
            states.append(h)
        return np.array(pre), np.array(states)

    def of(values, place):
        if not 0 <= place < len(values):
            raise ValueError(f"t: expected a step of the run, got place {place}")
        return np.imag(values[place]) / NUDGE

    def by_state(t, s):
        if s != t - 1:
            raise ValueError(f"expected the state before step {t}, got {s}")
        return of(run(before=t)[1], t + 1)

    pre, states = (np.real(values) for values in run())
    every = range(T)
    values = {
        "T": T, "N": 1, "x": Indexed(x), "a": Indexed(pre), "h": Indexed(states, first=-1),
        "W_xh": W_xh, "W_hh": W_hh, "b_h": b_h,
        "da[]/dW_hh": Computed(lambda t: of(run(every)[0], t)),
        "dh[]/dW_hh": Computed(lambda t: of(run(every)[1], t + 1)),
        "∂+h[]/∂W_hh": Computed(lambda t: of(run([t])[1], t + 1)),
        "∂h[]/∂h": Computed(by_state, times=2),
        "J": Computed(lambda t: by_state(t, t - 1)),
    }  # fmt: skip
    return world_of(values)


class Moving(NetworkValues):
    """A network in which a change is asked for at a step that exists, or not at all."""

    def moving(self, name, t, frozen):
        return super().moving(name, self.step(t, first=-(name == "h")), frozen)


def all_move(rng, one_sample=False):
    """Move every parameter, every input and the first state, in a random direction."""
    return world_of(Moving(rng, one_sample))


def all_move_in_one_sample(rng):
    return all_move(rng, one_sample=True)


def recurrent_weights_move(rng, one_sample=False, steps=None):
    """Move the recurrent weights alone, in a random direction."""
    values = Moving(rng, one_sample, steps)
    still = {name: 0 * value for name, value in values.direction.items() if name != "W_hh"}
    values.direction |= still
    return world_of(values)


def in_one_sample(rng):
    return recurrent_weights_move(rng, one_sample=True)


def in_three_steps(rng):
    return recurrent_weights_move(rng, one_sample=True, steps=3)


def three_steps(rng):
    return world_of(NetworkValues(rng, one_sample=True, steps=3))


UNITS = dict.fromkeys("ijk", "n_h")
BY_STEP = "at every step, against a single unit that is nudged"
CHECKS = {
    "eq:product-by-g": Check("against moving g alone", two_factors),
    "eq:product-by-f": Check("against moving f alone", two_factors),
    "eq:product-total": Check("against moving x, which moves both factors", two_factors),
    "eq:product-ratio": Check("all three sides, x put as a function of g", two_factors),
    "eq:total-a-one": Check(BY_STEP, one_unit, "t"),
    "eq:total-one": Check(BY_STEP, one_unit, "t"),
    "eq:immediate-one": Check(BY_STEP, one_unit, "t"),
    "eq:jacobian-one": Check(BY_STEP, one_unit, "t"),
    "eq:recursion-one": Check(BY_STEP, one_unit, "t"),
    "eq:small-product": Check("both sides, at every step", all_move, "t"),
    "eq:differential-a": Check(
        "both sides and all shapes, the recurrent weights moving", recurrent_weights_move, "t"
    ),
    "eq:differential-h": Check(
        "both sides and all shapes, the recurrent weights moving", recurrent_weights_move, "t"
    ),
    "eq:immediate-differential": Check(
        "both sides and all shapes, the weights of one step moving", recurrent_weights_move, "t"
    ),
    "eq:jacobian-component": Check("every pair of units", row_world, "t j i", UNITS),
    "eq:jacobian-matrix": Check("all three sides and all shapes", row_world, "t"),
    "eq:total-derivative": Check(
        "all parameters moving, at every step", all_move_in_one_sample, "t"
    ),
    "eq:immediate-component": Check("every component", row_world, "t j i k", UNITS),
    "eq:unrolled-two": Check("all sides, for one direction", in_three_steps),
    "eq:unrolled-total": Check("both sides, at every step", row_world, "t"),
    "eq:copy": Check("every copy up to every step", row_world, "t k", {"k": "T"}, r"k \le t"),
    "eq:split": Check("both sides, for h_2", three_steps),
    "eq:loss-total": Check("both sides, for every loss", row_world, "t"),
    "eq:two-arrows": Check("both sides and all shapes, at every step", network_world, "t"),
}
