"""Good and bad calls of the fast forms, of their arguments and their parts."""

from functools import partial

import numpy as np

from calls_forward_pass import BAD as FORWARD_BAD
from calls_forward_pass import RAGGED, with_value
from calls_layers import SPOILT, spoil
from layer_oracles import random_network
from networks import N_X, N_Y, N, random_case
from rnnlib import forward
from rnnlib.fast import loss_and_gradient
from rnnlib.fast_arguments import prepare, prepare_front
from rnnlib.fast_network import network_loss_and_gradient
from rnnlib.fast_parts import blocks_of, ones

T = 7
params, x, y, h_init = random_case(T=T)
classes = np.random.default_rng(1).integers(N_X, size=(T, N))
single = random_case(T=T, dtype=np.float32)
network, network_x, _ = random_network(T=T)

run = partial(loss_and_gradient, params)
run_network = partial(network_loss_and_gradient, network)


def without_activation(call):
    """Name the same call for a function that has no such argument."""
    return {name: value for name, value in call.keywords.items() if name != "activation"}


def spoil_front(**changes):
    """Put a bad array into the front layer."""
    return network._replace(front=network.front._replace(**changes))


COMPLEX_FRONT = spoil_front(weights=network.front.weights * 1j, bias=network.front.bias * 1j)

GOOD = [
    partial(run, x, y, h_init),
    partial(run, classes, y),
    partial(run, x[::-1, :, ::-1], np.asfortranarray(y), h_init[:, ::-1], "sigmoid"),
    partial(run, classes.astype(np.uint8), y.astype(np.int16), activation="relu"),
    partial(prepare, params, x, y, h_init),
    partial(prepare, params, x.tolist(), y.tolist(), single.h_init),
    partial(prepare_front, network, network_x),
    partial(blocks_of, 100, 8),
    partial(ones, 100, np.dtype(np.float32)),
    partial(run_network, network_x, y, h_init),
    partial(run_network, network_x.tolist(), y, activations=("relu", "identity")),
]

BAD = [
    # What forward turns away, the fast form turns away in the same words.
    *[
        (partial(loss_and_gradient, **call.keywords), *rest)
        for call, *rest in FORWARD_BAD
        if call.func is forward
    ],
    *[
        (partial(prepare, **without_activation(call)), *rest)
        for call, *rest in FORWARD_BAD
        if call.func is forward and rest[0] != "activation"
    ],
    *[
        (partial(loss_and_gradient, params._replace(**{name: bad}), x, y), name, "finite", "NaN")
        for name, array in params._asdict().items()
        for bad in (with_value(array, np.nan), with_value(array, -np.inf))
    ],
    # A time step, and one axis too many.
    (partial(run, x[:, 0], y[:, 0]), "x", f"shape (T, N, {N_X})", f"({T}, {N_X})"),
    (partial(run, classes[..., None], y[..., None]), "x", f"(T, N, {N_X})", f"({T}, {N}, 1)"),
    # One-hot inputs are class numbers.
    (
        partial(run, with_value(classes, N_X), y),
        "x",
        f"class numbers from 0 to {N_X - 1}",
        f"{N_X}",
    ),
    (partial(run, with_value(classes, -1), y), "x", "class numbers", "-1"),
    (partial(run, classes[:, :0], y[:, :0]), "x", "shape (T, N)", f"({T}, 0)"),
    (partial(run, classes, y[1:]), "y", f"shape ({T}, {N})", f"({T - 1}, {N})"),
    (partial(run, classes, with_value(y, N_Y)), "y", "class numbers", f"{N_Y}"),
    (partial(run, classes > 0, y), "x", f"shape (T, N, {N_X})", f"({T}, {N})"),
    # What BLAS does not know.
    (partial(run, x.astype(complex), y), "x", "float32 or float64", "complex128"),
    (partial(run, x.astype(np.float16), y), "x", "float32 or float64", "float16"),
    (partial(run, x, y, h_init.astype(np.longdouble)), "h_init", "float32 or float64", ""),
    (partial(blocks_of, 0, 8), "count", "at least 1", "0"),
    (partial(ones, 0, np.dtype(np.float32)), "count", "at least 1", "0"),
    # the network
    (partial(prepare_front, tuple(network), network_x), "params", "Network", "tuple"),
    *[
        bad
        for function in (prepare_front, partial(network_loss_and_gradient, y=y))
        for bad in (
            (partial(function, network, x=network_x[0]), "x", "shape (T, N, 5)", f"({N}, 5)"),
            (partial(function, network, x=RAGGED), "x", "an array", "rows of different lengths"),
            (partial(function, network, x=with_value(network_x, np.nan)), "x", "finite", "NaN"),
            (partial(function, network, x=with_value(network_x, np.inf)), "x", "finite", "NaN"),
            (partial(function, network, x=network_x * 1j), "x", "float32 or float64", "complex128"),
            (
                partial(function, COMPLEX_FRONT, x=network_x * 1j),
                "x",
                "float32 or float64",
                "complex128",
            ),
            (
                partial(function, spoil_front(bias=network.front.bias * 1j), x=network_x),
                "front.bias",
                "float32 or float64",
                "complex128",
            ),
        )
    ],
    *[
        (partial(network_loss_and_gradient, spoil(path, shape), network_x, y), path, wanted, got)
        for path, (shape, wanted, got) in SPOILT.items()
    ],
    (partial(run_network, network_x, y[1:]), "y", f"shape ({T}, {N})", f"({T - 1}, {N})"),
    (partial(run_network, network_x, y, activations="tanh"), "activations", "two names", "'tanh'"),
    (
        partial(run_network, network_x, y, activations=("tanh", "softmax")),
        "activations[1]",
        "one of ['tanh', ",
        "'softmax'",
    ),
    (
        partial(run_network, network_x, y, activations=("Relu", "tanh")),
        "activations[0]",
        "one of ['tanh', ",
        "'Relu'",
    ),
]
