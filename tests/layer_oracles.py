"""Random layers, and layers run one step at a time on code of their own.

Any value can be nudged where it arises. A nudge has one more axis, in front: one entry for each
try. So a single run tries a nudge of every number of a value, and the imaginary parts of the
losses are its derivatives: a complex step has no truncation error.
"""

import numpy as np

from networks import N_H, N_X, N_Y, N, random_case
from rnnlib.dense import Dense
from rnnlib.network_parameters import Network
from rnnlib.recurrent import Recurrent

N_E = 17  # and so the sizes are still pairwise different primes
# Sums of at most a few hundred products of size 1 lose 1e-13 or so, relative to the largest.
TOLERANCE = 1e-11
STEP = 1e-30

PHI = {
    "tanh": np.tanh,
    "sigmoid": lambda a: 1 / (1 + np.exp(-a)),
    "relu": lambda a: a * (a.real > 0),
    "identity": lambda a: a,
    "softmax": lambda a: np.exp(a) / np.exp(a).sum(axis=-1, keepdims=True),
}
ROW_LOSS = {
    "cross_entropy": lambda z, y: (
        np.log(np.exp(z).sum(axis=-1)) - z[..., np.arange(len(y)), y]  # y holds classes
    ),
    "half_squared_error": lambda z, y: ((z - y) ** 2).sum(axis=-1) / 2,
    "mean_squared_error": lambda z, y: ((z - y) ** 2).sum(axis=-1) / y.shape[-1],
}


def random_layer(seed=0, T=7, N=N, n_x=N_X, n_h=N_H, dtype=np.float64):
    """Draw a recurrent layer, its inputs, and its first state."""
    params, x, _, h_init = random_case(seed, T, N, n_x, n_h, dtype=dtype)
    return Recurrent(params.W_xh, params.W_hh, params.b_h), x, h_init


def random_network(seed=0, T=7, N=N, sizes=(N_X, N_E, N_H, N_Y), dtype=np.float64):
    """Draw a network, its inputs and its first state; nothing is zero."""
    n_x, n_e, n_h, n_y = sizes
    rng = np.random.default_rng(seed + 1)

    def draw(*shape):
        return (rng.standard_normal(shape) / np.sqrt(shape[0])).astype(dtype)

    behind, _, _, h_init = random_case(seed, T, N, n_e, n_h, n_y, dtype)
    params = Network(
        front=Dense(draw(n_x, n_e), draw(n_e)),
        recurrent=Recurrent(behind.W_xh / dtype(np.sqrt(n_e)), behind.W_hh, behind.b_h),
        back=Dense(behind.W_hy, behind.b_y),
    )
    return params, rng.standard_normal((T, N, n_x)).astype(dtype), h_init


def random_targets(loss, T, N=N, n_y=N_Y, seed=0, dtype=np.float64):
    """Draw classes for cross-entropy, and numbers for a squared error."""
    rng = np.random.default_rng(seed + 2)
    if loss == "cross_entropy":
        return rng.integers(n_y, size=(T, N))
    return rng.standard_normal((T, N, n_y)).astype(dtype)


class Nudges:
    """What is added to each value where it arises."""

    def __init__(self, **added):
        self.added = added

    def __call__(self, name, value, t=None):
        """Nudge a value, if it is its turn; at a step, if it has one."""
        if name not in self.added:
            return value
        return value + (self.added[name] if t is None else self.added[name][:, t])


def slopes(run, name, shape):
    """Differentiate what `run` returns by every number of a value, all in one run."""
    size = np.prod(shape, dtype=int)
    nudges = 1j * STEP * np.eye(size).reshape(size, *shape)
    # What no loss depends on, such as what nobody hears after the last step, leaves no axis.
    found = np.broadcast_to(run(Nudges(**{name: nudges})).imag, size)
    return found.reshape(shape) / STEP


def states_with_nudges(params, x, h_init, activation, nudge):
    """Run the recurrent layer; return what the layers above see, and what comes out at the end.

    Two nudges of the state: "h" is the whole of it, and "message" is only what later steps see.
    """
    W_xh, W_hh = nudge("W_xh", params.W_xh), nudge("W_hh", params.W_hh)
    b_h = nudge("b_h", params.b_h[np.newaxis])
    h_prev, states = nudge("h_init", h_init), []
    for t, x_t in enumerate(x):
        a_t = nudge("a", nudge("x", x_t, t) @ W_xh + h_prev @ W_hh + b_h, t)
        states.append(nudge("h", PHI[activation](a_t), t))
        h_prev = nudge("message", states[-1], t)
    return states, h_prev


def loss_with_nudges(params, x, y, h_init, activations, loss, factor, nudge):
    """Run the network, and add up its loss."""
    front, recurrent, back = params
    of_front, of_state, of_output = activations
    W_xe, b_e = nudge("W_xe", front.weights), nudge("b_e", front.bias[np.newaxis])
    W_hy, b_y = nudge("W_hy", back.weights), nudge("b_y", back.bias[np.newaxis])
    e = [
        nudge("e", PHI[of_front](nudge("input", x_t, t) @ W_xe + b_e), t) for t, x_t in enumerate(x)
    ]
    states, _ = states_with_nudges(recurrent, e, h_init, of_state, nudge)
    total = 0
    for t, h_t in enumerate(states):
        z_t = nudge("z", h_t @ W_hy + b_y, t)
        total = total + ROW_LOSS[loss](PHI[of_output](z_t), y[t]).sum(axis=-1)
    return factor * total


def assert_close(got, wanted, name="", tolerance=TOLERANCE):
    """Compare two arrays, relative to the largest number wanted."""
    assert got.shape == wanted.shape, name
    assert np.isfinite(got).all(), name
    error = np.abs(got - wanted).max() / max(np.abs(wanted).max(), 1e-300)
    assert error <= tolerance, f"{name}: relative error {error:.1e}"


def widened(record):
    """Copy a record of records in float64."""
    if isinstance(record, np.ndarray):
        return record.astype(np.float64)
    return type(record)(*map(widened, record))


def arrays_of(record, path=""):
    """List every array of a record of records, with its path."""
    if isinstance(record, np.ndarray):
        return [(path, record)]
    if not hasattr(record, "_fields"):
        return []
    return [
        found
        for name, part in zip(record._fields, record, strict=True)
        for found in arrays_of(part, f"{path}.{name}" if path else name)
    ]


def assert_all_close(got, wanted, tolerance=TOLERANCE):
    """Compare two records array by array."""
    for (name, one), (same, other) in zip(arrays_of(got), arrays_of(wanted), strict=True):
        assert name == same
        assert_close(one, other, name, tolerance)
