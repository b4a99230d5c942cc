"""Our records as tensors, modules with our weights, and what autograd finds, as arrays again."""

import numpy as np
import torch
from torch.nn.functional import cross_entropy, mse_loss

from rnnlib.conversions import to_torch
from rnnlib.gated_parameters import GRUParameters, LSTMParameters
from rnnlib.recurrent import Recurrent

# Both sides add up at most a few hundred products of size 1, in different orders: 1e-13 or so,
# relative to the largest number. The promise of the book is 1e-10.
TOLERANCE = 1e-10
# 24 bits, 6e-8 a rounding. Sums of at most 28 columns and 21 rows, handed on 7 times, each by at
# most 2 arrows, are off by (28 + 21) * 7 * 2 * 6e-8 = 4e-5 of the largest number; on both sides.
TOLERANCES = {np.float64: TOLERANCE, np.float32: 8e-5}

KINDS = {Recurrent: torch.nn.RNN, LSTMParameters: torch.nn.LSTM, GRUParameters: torch.nn.GRU}
PHI = {
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "relu": torch.relu,
    "identity": lambda a: a,
    "softmax": lambda a: torch.softmax(a, dim=-1),
}
ROW_LOSS = {
    "cross_entropy": lambda z, y: cross_entropy(z, y, reduction="none"),
    "half_squared_error": lambda z, y: mse_loss(z, y, reduction="none").sum(dim=-1) / 2,
    "mean_squared_error": lambda z, y: mse_loss(z, y, reduction="none").mean(dim=-1),
}


def leaves(value):
    """Make a tensor that collects a gradient of each array, in records of the same types."""
    if isinstance(value, tuple):
        return type(value)(*map(leaves, value))
    return torch.tensor(value, requires_grad=True)


def gradients(value):
    """Read the collected gradients, in records of the same types; nothing collected is zero."""
    if isinstance(value, tuple):
        return type(value)(*map(gradients, value))
    return np.zeros(value.shape) if value.grad is None else value.grad.numpy()


def values(value):
    """Read the tensors themselves, in records of the same types."""
    if isinstance(value, tuple):
        return type(value)(*map(values, value))
    return value.detach().numpy()


def loaded(params, **settings):
    """Make PyTorch's own layer with our weights."""
    dtype = torch.from_numpy(params.b_h).dtype
    layer = KINDS[type(params)](*sizes(params), dtype=dtype, **settings)
    layer.load_state_dict({name: torch.tensor(a) for name, a in to_torch(params).items()})
    return layer


def sizes(params):
    """Read the sizes of input and state off the weights."""
    return len(params.W_xh), len(params.W_hh)


def linear(weights, bias):
    """Make PyTorch's own dense layer with our weights."""
    layer = torch.nn.Linear(*weights.shape, dtype=torch.from_numpy(bias).dtype)
    layer.load_state_dict({"weight": torch.tensor(weights.T), "bias": torch.tensor(bias)})
    return layer


def layer_gradients(layer):
    """Read what a layer of PyTorch has collected, by its names."""
    return {name: parameter.grad.numpy() for name, parameter in layer.named_parameters()}


class Kept:
    """Keeps named tensors of every step, and asks autograd for their gradients."""

    def __init__(self):
        self.tensors = {}

    def __call__(self, name, tensor):
        """Keep a tensor under a name."""
        tensor.retain_grad()
        self.tensors.setdefault(name, []).append(tensor)
        return tensor

    def gradient(self, name):
        """Stack the gradients of all steps."""
        return np.stack([gradients(tensor) for tensor in self.tensors[name]])

    def value(self, name):
        """Stack the values of all steps."""
        return np.stack([values(tensor) for tensor in self.tensors[name]])


def assert_close(got, wanted, name, tolerance=TOLERANCE):
    """Compare two arrays, or two records array by array, relative to the largest number wanted."""
    if isinstance(got, tuple):
        for field, part, expected in zip(got._fields, got, wanted, strict=True):
            assert_close(part, expected, f"{name}.{field}", tolerance)
        return
    assert got.shape == wanted.shape, name
    error = np.abs(got - wanted).max() / max(np.abs(wanted).max(), 1e-300)
    assert error <= tolerance, f"{name}: relative error {error:.1e}"
