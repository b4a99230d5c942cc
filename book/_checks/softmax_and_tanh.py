"""The equations of the chapter on softmax and tanh, and how each is tried.

No slope in these worlds comes from a rule of differentiation. A number is nudged along the
imaginary axis, where no digits cancel, and what arrives is its slope.
"""

import numpy as np

from rnnlib.equation_checks import Check, Statement
from rnnlib.network_worlds import NUDGE, network_world
from rnnlib.prediction_worlds import one_row, slopes, softmax
from rnnlib.worlds import World


def two_functions(rng):
    """Draw two functions of one number, the second far from zero, and their slopes."""
    p, q = rng.normal(size=(2, 3))
    functions = {
        "f": lambda a: p[0] + p[1] * a + np.sin(p[2] * a),
        "g": lambda a: 9 + q[0] * a**2 + q[1] * np.exp(q[2] * a),
    }
    functions["h"] = lambda a: functions["f"](a) / functions["g"](a)
    primes = {
        f"{name}'": lambda a, function=function: np.imag(function(a + 1j * NUDGE)) / NUDGE
        for name, function in functions.items()
    }
    numbers = {"a": rng.normal(), "varepsilon": rng.uniform(0.2, 0.9)}
    return World({**functions, **primes, **numbers}, {})


def one_unit(rng):
    """Draw one pre-activation, and measure the slope of tanh there."""
    a = rng.normal()
    return World({"a": a, "h": np.tanh(a), "dh/da": slopes(np.tanh, a)}, {})


def row_of_units(rng):
    """Draw a row of pre-activations, and measure how each state changes with each of them."""
    a = rng.normal(size=5)
    values = {"n_h": 5, "h": np.tanh(a), "∂h[]/∂a": slopes(np.tanh, a)}
    return World(values, {})


def batch_of_units(rng):
    """Draw a batch and a loss that is linear in the states; measure what it says to a."""
    N, n_h = (int(size) for size in rng.permutation([2, 3, 4, 5])[:2])
    a, upstream = rng.normal(size=(2, N, n_h))
    delta_a = slopes(lambda a: (upstream * np.tanh(a)).sum(), a)
    values = {"N": N, "n_h": n_h, "h": np.tanh(a), "delta_h": upstream, "delta_a": delta_a}
    return World(values, {})


def sure_row(rng):
    """Draw logits and a target with a single 1."""
    return one_row(rng, soft=False)


def squared_row(rng):
    """Draw outputs as they are, and half their squared distance from a target."""
    target = rng.normal(size=8)
    world = one_row(
        rng,
        output=lambda z: z + 0,
        loss=lambda y_hat: 0.5 * ((y_hat - target[: y_hat.size]) ** 2).sum(),
    )
    return World({**world.values, "y": target[: world.values["n_y"]]}, world.ranges)


def tags(rng):
    """Draw logistic outputs, and a loss for each: absent or there."""
    target = rng.integers(2, size=8).astype(float)

    def loss(y_hat):
        there = target[: y_hat.size]
        return -(there * np.log(y_hat) + (1 - there) * np.log(1 - y_hat)).sum()

    world = one_row(rng, output=lambda z: 1 / (1 + np.exp(-z)), loss=loss)
    return World({**world.values, "y": target[: world.values["n_y"]]}, world.ranges)


def any_loss(rng):
    """Draw a loss that has nothing to do with logarithms."""
    pull = rng.normal(size=(2, 8))

    def loss(y_hat):
        return (pull[0, : y_hat.size] * y_hat + pull[1, : y_hat.size] * y_hat**3).sum()

    world = one_row(rng, loss=loss)
    values = {**world.values, "delta_z": world.values["∂L/∂z"]}
    values["delta_\\haty"] = world.values["∂L/∂y_hat"]
    return World(values, world.ranges)


def in_one_row(draw):
    """Write each row of a world as a matrix with a single row, as a batch of one is."""

    def world(rng):
        drawn = draw(rng)
        rows = {name: value[np.newaxis] if np.ndim(value) == 1 else value
                for name, value in drawn.values.items()}  # fmt: skip
        return World(rows, drawn.ranges)

    return world


def batch_of_rows(rng, output=softmax, loss=None):
    """Draw a batch of logits and targets, and measure the slopes of the summed loss."""
    N, n_y = (int(size) for size in rng.permutation([2, 3, 4, 5])[:2])
    z, y = rng.normal(size=(N, n_y)), np.eye(n_y)[rng.integers(n_y, size=N)]
    loss = loss or (lambda y_hat: -(y * np.log(y_hat)).sum())
    y_hat = output(z)
    values = {
        "N": N, "n_y": n_y, "z": z, "y": y, "y_hat": y_hat,
        "delta_z": slopes(lambda z: loss(output(z)), z), "delta_\\haty": slopes(loss, y_hat),
    }  # fmt: skip
    return World(values, {})


def element_by_element(rng):
    """Draw a function of one number for the output, and any loss."""
    p = rng.normal(size=3)

    def output(z):
        return p[0] * z + np.sin(p[1] * z)

    world = batch_of_rows(rng, output, lambda y_hat: (y_hat**3 + p[2] * y_hat).sum())
    prime = {"f'": lambda z: np.imag(output(z + 1j * NUDGE)) / NUDGE}
    return World({**world.values, **prime}, {})


def logits_of_a_state(rng):
    """Draw a state and its weights, and measure how each logit changes with each weight."""
    n_h, n_y = (int(size) for size in rng.permutation([2, 3, 4, 5])[:2])
    h, W_hy, b_y = rng.normal(size=n_h), rng.normal(size=(n_h, n_y)), rng.normal(size=n_y)
    by_weight = slopes(lambda W_hy: h @ W_hy + b_y, W_hy)
    return World({"n_h": n_h, "n_y": n_y, "h": h, "∂z[]/∂W_hy": by_weight}, {})


def quotients_settle(rng):
    """Halve a small change again and again: the ratio approaches the slope."""
    values = two_functions(rng).values
    a, worst = values["a"], 0.0
    for name in ("f", "g", "h"):
        slope = values[f"{name}'"](a)
        eps = 1e-3 / 2.0 ** np.arange(5)
        errors = np.abs((values[name](a + eps) - values[name](a)) / eps - slope)
        assert (errors[1:] < 0.6 * errors[:-1]).all()
        worst = max(worst, errors[-1] / max(1, abs(slope)))
    return worst


PAIRS = {"i": "n_y", "j": "n_y", "k": "n_y"}
CHECKS = {
    "eq:slope-definition": Statement(
        "with a change that is halved again and again, for random functions",
        r"f'(a) = \lim_{\varepsilon \to 0} \frac{f(a + \varepsilon) - f(a)}{\varepsilon}",
        quotients_settle,
        within=1e-3,
    ),
    "eq:exp-ratio": Check("both sides, for changes that are not small", two_functions),
    "eq:ratio-of-fraction": Check("all three sides, for random functions", two_functions),
    "eq:quotient-rule": Check("both sides, for random functions", two_functions),
    "eq:tanh-slope": Check("all five sides", one_unit),
    "eq:tanh-tail": Check("both sides", one_unit),
    "eq:tanh-row": Check("every pair of units", row_of_units, "j k", {"j": "n_h", "k": "n_h"}),
    "eq:tanh-delta": Check("both sides and all shapes, for a random loss", batch_of_units),
    "eq:sum-slope": Check("every logit", one_row, "k", PAIRS),
    "eq:softmax-same": Check("all five sides, for every class", one_row, "k", PAIRS),
    "eq:softmax-other": Check(
        "all four sides, for every pair of different classes", one_row, "i k", PAIRS,
        when=r"i \ne k",
    ),
    "eq:softmax-both": Check("every pair of classes", one_row, "i k", PAIRS),
    "eq:softmax-jacobian": Check("both sides and all shapes", in_one_row(one_row)),
    "eq:row-sum": Check("all four sides, for every class", one_row, "i", PAIRS),
    "eq:jacobian-variance": Check("all three sides, in a random direction", one_row),
    "eq:class-loss": Check("both sides", one_row),
    "eq:prediction-slope": Check("every class", one_row, "i", PAIRS),
    "eq:class-sum": Check("every class", one_row, "k", PAIRS),
    "eq:class-sum-lines": Check("all five sides, for every class", one_row, "k", PAIRS),
    "eq:class-bracket": Check("all three sides, for every class", one_row, "k", PAIRS),
    "eq:logit-delta": Check("both sides and all shapes", batch_of_rows),
    "eq:short-way": Check("all three sides, for every class", one_row, "k", PAIRS),
    "eq:logit-by-weight": Check(
        "every logit and every weight", logits_of_a_state, "k j i",
        {"k": "n_y", "j": "n_h", "i": "n_y"},
    ),
    "eq:step-output-weights": Check("both sides and all shapes, at every step", network_world, "t"),
    "eq:elementwise-recipe": Check("both sides, for a random output", element_by_element),
    "eq:recipe-gap": Check("both sides, for targets that sum to 1", one_row),
    "eq:half-squared-slope": Check("all three sides, for every output", squared_row, "k", PAIRS),
    "eq:logistic-delta": Check("all three sides, for every output", tags, "k", PAIRS),
    "eq:any-output": Check("both sides and all shapes, for a random loss", in_one_row(any_loss)),
    "eq:softmax-back": Check("every class, for a random loss", any_loss, "k", PAIRS),
    "eq:delta-bound": Check("both sides and the bound", sure_row),
}  # fmt: skip
