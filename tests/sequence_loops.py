"""Plain loops over steps, with complex steps through them: they share no code with rnnlib.

`values` maps the names of numbers to arrays. Any array may have axes in front of its own: the
loops then run once for each entry, side by side, so that one run differentiates by all numbers
of an array at once.
"""

import numpy as np

STEP = 1e-30

# relu picks by the real part: a complex step is too small to reach the kink.
PHI = {
    "tanh": np.tanh,
    "sigmoid": lambda a: 1 / (1 + np.exp(-a)),
    "relu": lambda a: a * (a.real > 0),
    "identity": lambda a: a,
}


def slopes(run, values, name):
    """Differentiate what `run` makes of `values` by every number of one of them.

    The result has the axes of the outcome, then those of `values[name]`.
    """
    value = values[name]
    basis = np.eye(value.size).reshape(value.size, *value.shape)
    outcome = run({**values, name: value + 1j * STEP * basis})
    shape = run(values).shape
    found = np.broadcast_to(outcome, (value.size, *shape)).imag / STEP
    return np.moveaxis(found, 0, -1).reshape(*shape, *value.shape)


def stacked(steps, axes):
    """Put the values of all steps one after another, in front of the last `axes` axes."""
    return np.stack(np.broadcast_arrays(*steps), axis=-1 - axes)


def probabilities(z):
    """Turn logits into probabilities, by the definition."""
    return np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)


def loss_of(y_hat, y):
    """Sum -log of the probability of the target over the batch."""
    return -sum(np.log(y_hat[..., n, y_n]) for n, y_n in enumerate(y))


def network_states(values, activation):
    """Walk over the states of the network without losses: shape (..., T, N, n_h)."""
    h = values["h_init"]
    states = []
    for t in range(values["x"].shape[-3]):
        from_input = values["x"][..., t, :, :] @ values["W_xh"]
        a = from_input + h @ values["W_hh"] + values["b_h"][..., np.newaxis, :]
        h = PHI[activation](a)
        states.append(h)
    return stacked(states, 2)


def network_losses(values, y, activation):
    """Walk over the losses, one for each row of y, at the last steps: shape (..., losses)."""
    h = network_states(values, activation)
    losses = []
    for s, y_t in enumerate(y, start=h.shape[-3] - len(y)):
        z = h[..., s, :, :] @ values["W_hy"] + values["b_y"][..., np.newaxis, :]
        losses.append(loss_of(probabilities(z), y_t))
    return stacked(losses, 0)


def relative_error(got, wanted):
    """Compare two arrays, relative to the largest number wanted."""
    assert got.shape == wanted.shape
    return np.abs(got - wanted).max() / max(np.abs(wanted).max(), 1e-300)
