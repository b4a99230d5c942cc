"""The equations of the chapter without time, and how each is tried."""

import numpy as np

from rnnlib.equation_checks import Check, Statement
from rnnlib.gradient_checks import complex_step
from rnnlib.tape import Node
from rnnlib.worlds import World

PARAMETERS = ("x", "W_xh", "b_h", "W_hy", "b_y")


def drawn(rng):
    """Draw sizes, all different, and what the network is given."""
    N, n_x, n_h, n_y = (int(size) for size in rng.permutation([2, 3, 4, 5]))
    shapes = ((N, n_x), (n_x, n_h), n_h, (n_h, n_y), n_y)
    given = {name: rng.normal(size=shape) for name, shape in zip(PARAMETERS, shapes, strict=True)}
    return {"N": N, "n_x": n_x, "n_h": n_h, "n_y": n_y}, given, rng.integers(n_y, size=N)


def entry_by_entry(given, n_x, n_h, n_y, N):
    """Compute each value by itself, with no matrix product."""
    x, W_xh, b_h, W_hy, b_y = (given[name] for name in PARAMETERS)
    a, z = np.empty((N, n_h), x.dtype), np.empty((N, n_y), x.dtype)
    for n, j in np.ndindex(a.shape):
        a[n, j] = sum(x[n, i] * W_xh[i, j] for i in range(n_x)) + b_h[j]
    h = np.tanh(a)
    for n, k in np.ndindex(z.shape):
        z[n, k] = sum(h[n, j] * W_hy[j, k] for j in range(n_h)) + b_y[k]
    y_hat = np.array([[1 / np.exp(row - z_k).sum() for z_k in row] for row in z])
    return a, h, z, y_hat


def deltas_from_the_tape(given, y):
    """Let the tape differentiate the loss by every value."""
    nodes = {name: Node(array) for name, array in given.items()}
    a = nodes["x"] @ nodes["W_xh"] + nodes["b_h"]
    h = a.tanh()
    z = h @ nodes["W_hy"] + nodes["b_y"]
    loss = (z.exp().sum(axis=1).log() - z[np.arange(len(y)), y]).sum()
    loss.backward()
    found = {"delta_x": nodes["x"], "delta_a": a, "delta_h": h, "delta_z": z}
    return loss.value, {name: node.gradient for name, node in found.items()}


def loss_after(name, value, given, y):
    """Compute the loss with one value inside the network set."""
    a = value if name == "a" else given["x"] @ given["W_xh"] + given["b_h"]
    h = np.tanh(a)
    z = value if name == "z" else h @ given["W_hy"] + given["b_y"]
    return (np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(y)), y]).sum()


def flat_world(rng):
    """Draw a network: derivatives by the tape, and by an imaginary step."""
    sizes, given, y = drawn(rng)
    a, h, z, y_hat = entry_by_entry(given, **sizes)
    loss, deltas = deltas_from_the_tape(given, y)
    by_step = complex_step(lambda moved: loss_after("", None, moved, y), given)
    slopes = {f"dL/d{name}": slope for name, slope in by_step.items()}
    slopes["dL/da"] = complex_step(lambda moved: loss_after("a", moved, given, y), a)
    tensor = jacobian(lambda W: given["x"] @ W + given["b_h"], given["W_xh"])
    values = {
        **sizes, **given, **deltas, **slopes, "a": a, "h": h, "z": z, "y_hat": y_hat, "L": loss,
        "y": np.eye(sizes["n_y"])[y], "ones": np.ones((sizes["N"], 1)), "∂a[]/∂W_xh": tensor,
    }  # fmt: skip
    return World(values, {"n": range(sizes["N"])})


def jacobian(function, at):
    """Differentiate each entry of a function by each entry of its argument."""
    entries = [
        complex_step(lambda moved, place=place: function(moved)[place], at)
        for place in np.ndindex(function(at).shape)
    ]
    return np.array(entries).reshape(function(at).shape + at.shape)


def with_labels(rng):
    """Draw logits of several yes-or-no questions, and differentiate their loss."""
    N, n_y = (int(size) for size in rng.permutation([2, 3, 4])[:2])
    z, y = rng.normal(size=(N, n_y)), rng.integers(2, size=(N, n_y))
    y_hat = (1 + np.tanh(z / 2)) / 2
    loss = -np.log(np.where(y == 1, y_hat, 1 - y_hat)).sum()
    slope = complex_step(lambda moved: (np.log(1 + np.exp(moved)) - y * moved).sum(), z)
    values = {"N": N, "n_y": n_y, "z": z, "y": y, "y_hat": y_hat, "L": loss, "dL/dz": slope}
    return World(values, {"n": range(N)})


def four_factors(rng):
    """Multiply the four derivatives, each measured by itself, and check every printed shape."""
    sizes, given, y = drawn(rng)
    N, n_x, n_h, n_y = (sizes[name] for name in ("N", "n_x", "n_h", "n_y"))
    a, _, z, y_hat = entry_by_entry(given, **sizes)

    def softmax(z):
        return np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)

    factors = [
        jacobian(lambda W: given["x"] @ W + given["b_h"], given["W_xh"]),
        jacobian(lambda a: np.tanh(a) @ given["W_hy"] + given["b_y"], a),
        jacobian(softmax, z),
    ]
    # From "numerator first" to "by which first".
    factors = [factor.transpose(2, 3, 0, 1) for factor in factors]
    factors.append(complex_step(lambda p: -np.log(p[np.arange(N), y]).sum(), y_hat))
    printed = [(n_x, n_h, N, n_h), (N, n_h, N, n_y), (N, n_y, N, n_y), (N, n_y)]
    product = factors[0]
    for factor in factors[1:]:
        product = np.tensordot(product, factor, 2)
    wanted = complex_step(lambda moved: loss_after("", None, moved, y), given)["W_xh"]
    if [factor.shape for factor in factors] != printed or product.shape != (n_x, n_h):
        return np.inf
    return float(np.abs(product - wanted).max() / np.abs(wanted).max())


SHAPED = "both sides and all shapes"
UNITS = {"i": "n_x", "j": "n_h", "k": "n_h"}
CLASSES = {"k": "n_y"}

CHECKS = {
    "eq:flat-pre-activation": Check(SHAPED, flat_world),
    "eq:flat-state": Check(SHAPED, flat_world),
    "eq:flat-logits": Check(SHAPED, flat_world),
    "eq:flat-prediction": Check(SHAPED, flat_world),
    "eq:flat-loss": Check("both sides", flat_world),
    "eq:formal-chain": Statement(
        "four derivatives, each measured by itself, multiplied over two shared axes; all shapes",
        r"""
\begin{aligned}
\underset{(n_x,\,n_h)}{\frac{\mathrm dL}{\mathrm dW_{xh}}}
={}& \underset{(n_x,\,n_h,\,N,\,n_h)}{\frac{\partial a}{\partial W_{xh}}}\;
\underset{(N,\,n_h,\,N,\,n_y)}{\frac{\partial z}{\partial a}} \\
& \underset{(N,\,n_y,\,N,\,n_y)}{\frac{\partial \hat y}{\partial z}}\;
\underset{(N,\,n_y)}{\frac{\partial L}{\partial \hat y}}
\end{aligned}
""",
        four_factors,
    ),
    "eq:flat-pre-activation-index": Check("every component", flat_world, "n j", UNITS),
    "eq:formal-entry": Check("every component", flat_world, "n j i k", UNITS),
    "eq:flat-delta": Check("the tape against an imaginary step", flat_world),
    "eq:formal-sum": Check("every component", flat_world, "i k", UNITS),
    "eq:one-entry": Check("every component", flat_world, "i k", UNITS),
    "eq:compact": Check(SHAPED, flat_world),
    "eq:outer-sum": Check("both sides", flat_world),
    "eq:bias-entry": Check("every component", flat_world, "k", UNITS),
    "eq:bias-compact": Check(SHAPED, flat_world),
    "eq:input-entry": Check("every component", flat_world, "n i", UNITS),
    "eq:input-compact": Check(SHAPED, flat_world),
    "eq:flat-delta-z": Check(SHAPED, flat_world),
    "eq:flat-output-weights": Check(SHAPED, flat_world),
    "eq:flat-output-bias": Check(SHAPED, flat_world),
    "eq:flat-delta-h": Check(SHAPED, flat_world),
    "eq:flat-delta-a": Check(SHAPED, flat_world),
    "eq:right-layer": Check("all three sides", flat_world),
    "eq:logistic": Check("every component", with_labels, "n k", CLASSES),
    "eq:binary-loss": Check("both sides", with_labels, "", CLASSES),
    "eq:binary-delta": Check("every component", with_labels, "n k", CLASSES),
}
