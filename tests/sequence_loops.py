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


def nudged(values, name, t, value):
    """Add to a value of one step what `values` says should be added to it, if anything."""
    return value + values[name][..., t, :, :] if name in values else value


def network_states(values, activation):
    """Walk over the states of a recurrent layer: shape (..., T, N, n_h)."""
    h = values["h_init"]
    states = []
    for t in range(values["x"].shape[-3]):
        from_input = values["x"][..., t, :, :] @ values["W_xh"]
        a = from_input + h @ values["W_hh"] + values["b_h"][..., np.newaxis, :]
        h = nudged(values, "h", t, PHI[activation](nudged(values, "a", t, a)))
        states.append(h)
    return stacked(states, 2)


def network_losses(values, y, activation):
    """Walk over the losses, one for each row of y, at the last steps: shape (..., losses)."""
    h = network_states(values, activation)
    losses = []
    for s, y_t in enumerate(y, start=h.shape[-3] - len(y)):
        z = h[..., s, :, :] @ values["W_hy"] + values["b_y"][..., np.newaxis, :]
        losses.append(loss_of(probabilities(nudged(values, "z", s, z)), y_t))
    return stacked(losses, 0)


def decoder_steps(values, y, feedback, activation):
    """Walk through a decoder: states (..., T, N, n_h) and losses (..., T).

    What is added to "message" moves the state that the next step sees, and not its own word.
    """
    h, word = values["h_init"], values["start"]
    states, losses = [], []
    for t, y_t in enumerate(y):
        x = nudged(values, "x", t, word)
        from_past = x @ values["W_xh"] + h @ values["W_hh"]
        a = from_past + values["context"] @ values["W_ch"] + values["b_h"][..., np.newaxis, :]
        h = nudged(values, "h", t, PHI[activation](nudged(values, "a", t, a)))
        z = nudged(values, "z", t, h @ values["W_hy"] + values["b_y"][..., np.newaxis, :])
        states.append(h)
        losses.append(loss_of(probabilities(z), y_t))
        h = nudged(values, "message", t, h)
        word = probabilities(z) if feedback == "predictions" else np.eye(z.shape[-1])[y_t]
    return stacked(states, 2), stacked(losses, 0)


def encoder_decoder_steps(values, y, context, feedback, activation):
    """Walk through both networks: states and losses of the decoder.

    Names begin with "encoder." or "decoder.". What is given as the decoder's first state or
    context is added to what comes from the encoder.
    """
    reader, speaker = (
        {name.removeprefix(part): v for name, v in values.items() if name.startswith(part)}
        for part in ("encoder.", "decoder.")
    )
    last = network_states(reader, activation)[..., -1, :, :]
    if context != "every step":
        speaker["h_init"] = speaker["h_init"] + last
    if context != "first state":
        speaker["context"] = speaker["context"] + last
    return decoder_steps(speaker, y, feedback, activation)


def relative_error(got, wanted):
    """Compare two arrays, relative to the largest number wanted."""
    assert got.shape == wanted.shape
    return np.abs(got - wanted).max() / max(np.abs(wanted).max(), 1e-300)
