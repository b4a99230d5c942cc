"""The equations of chapter 2, and how each is tried."""

import numpy as np

from rnnlib.equation_checks import Check
from rnnlib.worlds import Indexed, World

NUDGE = 1e-30  # its square is far below the last digit of anything
PARAMETERS = ("W_xe", "b_e", "W_xh", "W_hh", "b_h", "W_hy", "b_y")


def three_layers(rng):
    """Draw dense, recurrent, dense; each derivative is found by a nudge, none by a chain rule."""
    T, (N, n_x, n_e, n_h, n_y) = int(rng.integers(1, 4)), map(int, rng.permutation([2, 3, 4, 5, 6]))
    shapes = [(n_x, n_e), (n_e,), (n_e, n_h), (n_h, n_h), (n_h,), (n_h, n_y), (n_y,)]
    given = {
        name: rng.normal(0, 0.7, shape) for name, shape in zip(PARAMETERS, shapes, strict=True)
    }
    x, y = rng.normal(size=(T, N, n_x)), rng.normal(size=(T, N, n_y))
    h_init = rng.normal(0, 0.5, (N, n_h))

    def run(**nudges):
        """Compute all steps; what is nudged moves by the whole array of all steps."""
        theta = {name: value + nudges.get(name, 0) for name, value in given.items()}
        none, seen, h = np.zeros(T), {"e": [], "a": [], "h": [h_init]}, h_init
        loss = 0
        for t in range(T):
            e = np.tanh(x[t] @ theta["W_xe"] + theta["b_e"]) + nudges.get("e", none)[t]
            a = e @ theta["W_xh"] + h @ theta["W_hh"] + theta["b_h"] + nudges.get("a", none)[t]
            h = np.tanh(a)
            loss = loss + ((np.tanh(h @ theta["W_hy"] + theta["b_y"]) - y[t]) ** 2).sum() / 2
            for name, value in zip(seen, (e, a, h), strict=True):
                seen[name].append(value)
        return {name: np.array(values) for name, values in seen.items()}, loss

    def slope(name, shape):
        moved = [
            run(**{name: 1j * NUDGE * one.reshape(shape)})[1] for one in np.eye(np.prod(shape))
        ]
        return np.imag(moved).reshape(shape) / NUDGE

    seen, _ = run()
    sizes = {"T": T, "N": N, "n_x": n_x, "n_e": n_e, "n_h": n_h, "n_y": n_y}
    steps = {"x": Indexed(x), "e": Indexed(seen["e"]), "a": Indexed(seen["a"])}
    deltas = {f"delta_{name}": Indexed(slope(name, seen[name].shape)) for name in ("e", "a")}
    gradients = {f"dL/d{name}": slope(name, value.shape) for name, value in given.items()}
    values = {**sizes, **given, **steps, **deltas, **gradients, "ones": np.ones((N, 1))}
    values["h"] = Indexed(seen["h"], first=-1)
    return World(values, {"t": range(T), "n": range(N)})


def counted(rng):
    """Count what three layers learn, multiply and hold: one by one."""
    T, N, n_x, n_e, n_h, n_y = (int(size) for size in rng.permutation([2, 3, 4, 5, 6, 7]))
    pairs = [(n_x, n_e), (n_e, n_h), (n_h, n_h), (n_h, n_y)]
    weights, biases = sum(np.ones(pair).size for pair in pairs), n_e + n_h + n_y
    products = sum(1 for _ in range(T * N) for n, m in pairs for _ in range(n * m))
    rows = [np.zeros((N, n_h))] + [np.zeros((N, n)) for _ in range(T) for n in (n_x, n_e, n_h, n_y)]
    sizes = {"T": T, "N": N, "n_x": n_x, "n_e": n_e, "n_h": n_h, "n_y": n_y}
    held = sum(row.size for row in rows)
    return World(
        {**sizes, "parameters": weights + biases, "multiply-adds": products, "held": held}, {}
    )


UNITS = {"i": "n_e", "j": "n_h"}
CHECKS = {
    "eq:sizes-state": Check("both sides and all shapes, at every step", three_layers, "t"),
    "eq:sizes-handed-down": Check("both sides and all shapes, at every step", three_layers, "t"),
    "eq:sizes-weights": Check("both sides and all shapes", three_layers),
    "eq:sizes-bias": Check("both sides and all shapes", three_layers),
    "eq:sizes-turned": Check("both sides and all shapes, at every step", three_layers, "t"),
    "eq:sizes-entry": Check("every entry", three_layers, "i j", UNITS),
    "eq:sizes-recurrent": Check("both sides and all shapes", three_layers),
    "eq:sizes-trap": Check("one shape, two arrays, at every step", three_layers, "t"),
    "eq:sizes-parameters": Check("against a count, array by array", counted, equals="parameters"),
    "eq:sizes-operations": Check("against a count, one by one", counted, equals="multiply-adds"),
    "eq:sizes-held": Check("against a count, array by array", counted, equals="held"),
}
