"""The equations of chapter 12, and how each is tried."""

import numpy as np

from rnnlib.adam import adam, init_adam
from rnnlib.equation_checks import Check
from rnnlib.network_worlds import network_world
from rnnlib.optimisers import adagrad, sgd
from rnnlib.tasks import adding
from rnnlib.worlds import Indexed, World, world_of

UPDATES = 6  # of each walk; the parameters before the first have number 0


def slope_of(rng):
    """Draw a bowl, and return the gradient of its height at any place."""
    A = rng.normal(size=(3, 3))
    return lambda theta: A @ A.T @ theta + np.sin(theta)


def walked(rng, rule, state, **settings):
    """Walk down a bowl with a rule of rnnlib; keep parameters, gradients and states."""
    theta, slope = rng.normal(size=3), slope_of(rng)
    state, eta = state(theta), rng.uniform(0.05, 0.2)
    thetas, gradients, states = [theta], [], [state]
    for _ in range(UPDATES):
        gradients.append(slope(theta))
        theta, state = rule(theta, gradients[-1], state, eta, **settings)
        thetas.append(theta)
        states.append(state)
    values = {"eta": eta, "theta": Indexed(np.array(thetas)), "G": Indexed(np.array(gradients), 1)}
    return {**values, "updates": UPDATES + 1}, states


def with_sgd(rng):
    """Walk by gradient descent."""
    values, _ = walked(rng, lambda theta, G, _, eta: (sgd(theta, G, eta), None), lambda _: None)
    return World(values, {})


def with_adagrad(rng):
    """Walk by AdaGrad, with an epsilon that can be seen."""
    values, states = walked(rng, adagrad, np.zeros_like, epsilon=0.3)
    return World({**values, "epsilon": 0.3, "S": Indexed(np.array(states))}, {})


def with_adam(rng):
    """Walk by Adam, with decays and an epsilon that can be seen."""
    decays = {"mean_decay": rng.uniform(0.5, 0.9), "square_decay": rng.uniform(0.6, 0.95)}
    values, states = walked(rng, adam, init_adam, epsilon=0.3, **decays)
    return World(
        {
            **values,
            "epsilon": 0.3,
            "beta_\\mu": decays["mean_decay"],
            "beta_\\nu": decays["square_decay"],
            "mu": Indexed(np.array([state.mean for state in states])),
            "nu": Indexed(np.array([state.square for state in states])),
        },
        {},
    )


def one_bowl(rng):
    """Go down a parabola of one number."""
    c, eta = rng.uniform(0.5, 3), rng.uniform(0.1, 0.9)
    thetas = [rng.normal()]
    for _ in range(UPDATES):
        height = [0.5 * c * (thetas[-1] + nudge) ** 2 for nudge in (0, 1e-30j)]
        thetas.append(thetas[-1] - eta * height[1].imag / 1e-30)
    values = {"c": c, "eta": eta, "theta": Indexed(np.array(thetas)), "updates": UPDATES + 1}
    return World(values, {})


def one_small_step(rng):
    """Draw a loss of three numbers, and its gradient by a complex step."""
    A, theta = rng.normal(size=(4, 3)), rng.normal(size=3)

    def loss(at):
        return np.log(np.exp(A @ at).sum()) + (at**4).sum()

    gradient = np.array([loss(theta + 1e-30j * one).imag / 1e-30 for one in np.eye(3)])
    return World({"L": loss, "theta": theta, "G": gradient, "eta": 1e-6}, {})


def warm(rng):
    """Draw logits and a temperature."""
    z = rng.normal(size=4)
    y_hat = np.array([1 / np.exp(z - z_k).sum() for z_k in z])
    values = {"z": z, "y_hat": y_hat, "kappa": rng.uniform(0.3, 3), "n_y": 4}
    return World(values, {"j": range(4)})


def marked(rng):
    """Draw the adding task; the targets are added up again, mark by mark."""
    T, N = int(rng.integers(2, 7)), 3
    x, _ = adding(rng, T, N)
    y = np.array([sum(x[t, n, 0] for t in range(T) if x[t, n, 1] == 1) for n in range(N)])
    return world_of({"T": T, "N": N, "x": Indexed(x), "y": y})


EVERY = {"k": "updates"}
LATER = r"1 \le k"
CHECKS = {
    "eq:train-sgd": Check("both sides, along a walk by rnnlib", with_sgd, "k", EVERY, LATER),
    "eq:train-descent": Check("both sides, for a small rate", one_small_step, within=1e-4),
    "eq:train-parabola": Check("both sides, along a walk", one_bowl, "k", EVERY),
    "eq:train-adagrad-sum": Check(
        "both sides, along a walk by rnnlib", with_adagrad, "k", EVERY, LATER
    ),
    "eq:train-adagrad": Check(
        "both sides, along a walk by rnnlib", with_adagrad, "k", EVERY, LATER
    ),
    "eq:train-mean": Check("both sides, along a walk by rnnlib", with_adam, "k", EVERY, LATER),
    "eq:train-square": Check("both sides, along a walk by rnnlib", with_adam, "k", EVERY, LATER),
    "eq:train-fading": Check("both sides, along a walk by rnnlib", with_adam, "k", EVERY, LATER),
    "eq:train-weights": Check("both sides, along a walk by rnnlib", with_adam, "k", EVERY, LATER),
    "eq:train-adam": Check("both sides, along a walk by rnnlib", with_adam, "k", EVERY, LATER),
    "eq:train-first": Check("both sides, for the first step by rnnlib", with_adam),
    "eq:train-nats": Check("both sides", network_world),
    "eq:train-temperature": Check("both sides, for every class", warm, "i", {"i": "n_y"}),
    "eq:train-adding": Check("both sides, for every sample", marked, "n"),
}
