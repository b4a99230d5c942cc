"""Good and bad calls of the layers, and of the network built from them."""

from functools import partial

import numpy as np

from layer_oracles import N_E, random_layer, random_network, random_targets
from networks import N_H, N_X, N_Y, N
from rnnlib.dense import Dense, dense_backward, dense_forward
from rnnlib.network import network_backward, network_forward
from rnnlib.network_parameters import check_network, init_network
from rnnlib.products import sum_of_products
from rnnlib.recurrent import recurrent_backward, recurrent_forward

T = 2
RNG = np.random.default_rng(0)

RECURRENT, X, H_INIT = random_layer(T=T)
UPSTREAM = np.ones((T, N, N_H))
TRACE = recurrent_forward(RECURRENT, X, H_INIT)

DENSE = Dense(RECURRENT.W_xh, RECURRENT.b_h)
DENSE_TRACE = dense_forward(DENSE, X, "softmax")

NETWORK, _, _ = random_network(T=T)
CLASSES, NUMBERS = (random_targets(loss, T) for loss in ("cross_entropy", "half_squared_error"))
NETWORK_TRACE = network_forward(NETWORK, X, CLASSES, H_INIT)


def nan_in(array):
    """Copy an array and spoil its last number."""
    array = array.copy()
    array.flat[-1] = np.nan
    return array


recur = partial(recurrent_forward, RECURRENT)
recur_back = partial(recurrent_backward, RECURRENT)
pass_on = partial(dense_forward, DENSE)
pass_back = partial(dense_backward, DENSE)
run = partial(network_forward, NETWORK, X)
run_back = partial(network_backward, NETWORK)
squared = partial(run, NUMBERS, loss="half_squared_error")

# Each layer of the network with one array of the wrong shape: which, what fits, what came.
SPOILT = {
    "front.weights": (N_X, "(n_x, n_e)", f"({N_X},)"),
    "front.bias": ((N_E, 1), f"({N_E},)", f"({N_E}, 1)"),
    "recurrent.W_xh": ((N_X, N_H), f"({N_E}, n_h)", f"({N_X}, {N_H})"),
    "recurrent.W_hh": ((N_H, N_E), f"({N_H}, {N_H})", f"({N_H}, {N_E})"),
    "recurrent.b_h": (N_E, f"({N_H},)", f"({N_E},)"),
    "back.weights": ((N_Y, N_H), f"({N_H}, n_y)", f"({N_Y}, {N_H})"),
    "back.bias": (N_H, f"({N_Y},)", f"({N_H},)"),
}


def spoil(path, shape):
    """Copy the network with one array replaced."""
    layer, _, field = path.partition(".")
    part = getattr(NETWORK, layer)._replace(**{field: np.ones(shape)})
    return NETWORK._replace(**{layer: part})


def initialise(**changes):
    """Name a call of `init_network` in which some arguments are bad."""
    good = {"rng": np.random.default_rng(0), "n_x": N_X, "n_e": N_E, "n_h": N_H, "n_y": N_Y}
    return partial(init_network, **(good | changes))


GOOD = [
    partial(sum_of_products, X, UPSTREAM),
    partial(recur, X, H_INIT),
    partial(recur, X),
    partial(recur_back, TRACE, UPSTREAM, UPSTREAM[0]),
    partial(recur_back, TRACE, UPSTREAM),
    *[partial(pass_on, X, name) for name in ("identity", "tanh", "sigmoid", "relu", "softmax")],
    partial(pass_back, DENSE_TRACE, UPSTREAM),
    partial(pass_back, DENSE_TRACE._replace(activation="relu"), UPSTREAM),
    initialise(),
    partial(check_network, NETWORK),
    partial(run, CLASSES, H_INIT),
    partial(run, CLASSES, H_INIT, ("softmax", "relu", "identity"), reduction="mean"),
    partial(squared, H_INIT, ("relu", "tanh", "softmax")),
    partial(run_back, NETWORK_TRACE),
    partial(run_back, squared(activations=("identity", "sigmoid", "softmax"))),
]

BAD = [
    (partial(sum_of_products, X, UPSTREAM[0]), "right", f"rows of left, ({T}, {N})", f"({N},)"),
    # the recurrent layer, forward
    (partial(recur, X[0]), "x", f"shape (T, N, {N_X})", f"({N}, {N_X})"),
    (partial(recur, X[:0]), "x", f"shape (T, N, {N_X})", f"(0, {N}, {N_X})"),
    (partial(recur, nan_in(X)), "x", "finite", "NaN"),
    (partial(recur, X > 0), "x", "floating-point", "bool"),
    (partial(recur, X, H_INIT.T), "h_init", f"shape ({N}, {N_H})", f"({N_H}, {N})"),
    (partial(recur, X, activation="softmax"), "activation", "one of ['tanh', ", "'softmax'"),
    (partial(recurrent_forward, NETWORK, X), "params", "Recurrent", "Network"),
    *[
        (
            partial(recurrent_forward, RECURRENT._replace(**{name: np.ones(2)}), X),
            name,
            f"shape {shape}",
            "(2,)",
        )
        for name, shape in (
            ("W_xh", "(n_x, n_h)"),
            ("W_hh", f"({N_H}, {N_H})"),
            ("b_h", f"({N_H},)"),
        )
    ],
    # and backward
    (partial(recurrent_backward, tuple(RECURRENT), TRACE, UPSTREAM), "params", "Recur", "tuple"),
    (partial(recur_back, X, UPSTREAM), "trace", "a RecurrentTrace", "ndarray"),
    (
        partial(recur_back, TRACE._replace(x=X[..., 1:]), UPSTREAM),
        "trace.x",
        f"shape (T, N, {N_X})",
        f"({T}, {N}, {N_X - 1})",
    ),
    (
        partial(recur_back, TRACE._replace(states=TRACE.h), UPSTREAM),
        "trace.states",
        f"shape ({T + 1}, {N}, {N_H})",
        f"({T}, {N}, {N_H})",
    ),
    (
        partial(recur_back, TRACE, UPSTREAM[:1]),
        "upstream",
        f"shape ({T}, {N}, {N_H})",
        f"(1, {N}, {N_H})",
    ),
    (partial(recur_back, TRACE, nan_in(UPSTREAM)), "upstream", "finite", "NaN"),
    (
        partial(recur_back, TRACE, UPSTREAM, UPSTREAM),
        "message_last",
        f"shape ({N}, {N_H})",
        f"({T}, {N}, {N_H})",
    ),
    (
        partial(recur_back, TRACE._replace(activation="softmax"), UPSTREAM),
        "trace.activation",
        "one of ['tanh', ",
        "'softmax'",
    ),
    # the dense layer
    (partial(dense_forward, tuple(DENSE), X), "params", "Dense", "tuple"),
    (partial(dense_forward, Dense(X, DENSE.bias), X), "weights", "(n_in, n_out)", f"({T}, {N},"),
    (partial(dense_forward, DENSE._replace(bias=X[0]), X), "bias", f"({N_H},)", f"({N}, {N_X})"),
    (partial(pass_on, X[..., 1:]), "x", f"shape (..., {N_X})", f"({T}, {N}, {N_X - 1})"),
    (partial(pass_on, X.astype(int)), "x", "floating-point", "int64"),
    (partial(pass_on, X, "Relu"), "activation", "one of ['tanh', ", "'Relu'"),
    (partial(dense_backward, RECURRENT, DENSE_TRACE, UPSTREAM), "params", "Dense", "Recurrent"),
    (partial(pass_back, TRACE, UPSTREAM), "trace", "a DenseTrace", "RecurrentTrace"),
    (
        partial(pass_back, DENSE_TRACE._replace(h=X), UPSTREAM),
        "trace.h",
        f"shape ({T}, {N}, {N_H})",
        f"({T}, {N}, {N_X})",
    ),
    (
        partial(pass_back, DENSE_TRACE._replace(x=UPSTREAM), UPSTREAM),
        "trace.x",
        f"shape (..., {N_X})",
        f"({T}, {N}, {N_H})",
    ),
    (
        partial(pass_back, DENSE_TRACE._replace(activation="tanh"), UPSTREAM[:1]),
        "upstream",
        f"shape ({T}, {N}, {N_H})",
        f"(1, {N}, {N_H})",
    ),
    (
        partial(pass_back, DENSE_TRACE, UPSTREAM[0]),
        "upstream",
        f"shape ({T}, {N}, {N_H})",
        f"({N}, {N_H})",
    ),
    (partial(pass_back, DENSE_TRACE, nan_in(UPSTREAM)), "upstream", "finite", "NaN"),
    (
        partial(pass_back, DENSE_TRACE._replace(activation=None), UPSTREAM),
        "trace.activation",
        "one of ['tanh', ",
        "None",
    ),
    # the parameters of the network
    (initialise(rng=0), "rng", "numpy.random.Generator", "0"),
    (initialise(rng=None), "rng", "numpy.random.Generator", "None"),
    (initialise(n_x=0), "n_x", "whole number of at least 1", "0"),
    (initialise(n_e=1.5), "n_e", "whole number of at least 1", "1.5"),
    (initialise(n_h=-1), "n_h", "whole number of at least 1", "-1"),
    (initialise(n_y=True), "n_y", "whole number of at least 1", "True"),
    (initialise(dtype=int), "dtype", "floating-point", "int64"),
    (partial(check_network, RECURRENT), "params", "Network", "Recurrent"),
    (partial(check_network, NETWORK._replace(front=RECURRENT)), "front", "Dense", "Recurrent"),
    (partial(check_network, NETWORK._replace(recurrent=DENSE)), "recurrent", "Recurr", "Dense"),
    (partial(check_network, NETWORK._replace(back=None)), "back", "Dense", "NoneType"),
    *[
        (partial(call, spoil(path, shape), *args), path, f"shape {fits}", came)
        for path, (shape, fits, came) in SPOILT.items()
        for call, *args in (
            (check_network,),
            (network_forward, X, CLASSES),
            (network_backward, NETWORK_TRACE),
        )
    ],
    # the network, forward
    (partial(network_forward, NETWORK, X[0], CLASSES), "x", f"(T, N, {N_X})", f"({N}, {N_X})"),
    (partial(network_forward, NETWORK, X[..., 1:], CLASSES), "x", f"(T, N, {N_X})", f"{N_X - 1})"),
    (partial(run, CLASSES.T), "y", f"shape ({T}, {N})", f"({N}, {T})"),
    (partial(run, CLASSES + N_Y), "y", f"class numbers from 0 to {N_Y - 1}", ""),
    (partial(run, NUMBERS), "y", f"shape ({T}, {N})", f"({T}, {N}, {N_Y})"),
    (partial(squared.func, NETWORK, X, CLASSES, loss="half_squared_error"), "y", "shape", f"{N})"),
    (partial(run, CLASSES, H_INIT[0]), "h_init", f"shape ({N}, {N_H})", f"({N_H},)"),
    (partial(run, CLASSES, loss="hinge"), "loss", "one of ['cross_entropy', ", "'hinge'"),
    (partial(run, CLASSES, reduction="max"), "reduction", "one of ['sum', 'mean']", "'max'"),
    *[
        (partial(run, CLASSES, activations=given), "activations", "three names", repr(given))
        for given in ("tanh", ("tanh", "tanh"), None, "abc")
    ],
    *[
        (
            partial(squared, activations=given),
            f"activations[{place}]",
            "one of ['tanh', ",
            repr(given[place]),
        )
        for given, place in (
            (("Tanh", "tanh", "identity"), 0),
            (("tanh", "softmax", "identity"), 1),
            (("tanh", "tanh", None), 2),
        )
    ],
    *[
        (
            partial(run, CLASSES, activations=("tanh", "tanh", output)),
            "activations[2]",
            "'identity', since cross_entropy takes logits",
            repr(output),
        )
        for output in ("softmax", "sigmoid", "tanh", "relu")
    ],
    # and backward
    (partial(network_backward, RECURRENT, NETWORK_TRACE), "params", "Network", "Recurrent"),
    (partial(run_back, TRACE), "trace", "a NetworkTrace", "RecurrentTrace"),
    (
        partial(run_back, NETWORK_TRACE._replace(y=CLASSES.T)),
        "y",
        f"shape ({T}, {N})",
        f"({N}, {T})",
    ),
    (
        partial(run_back, NETWORK_TRACE._replace(loss_name="hinge")),
        "trace.loss_name",
        "one of ['cross_entropy', ",
        "'hinge'",
    ),
    (
        partial(run_back, NETWORK_TRACE._replace(front=DENSE_TRACE)),
        "trace.h",
        f"shape ({T}, {N}, {N_E})",
        f"({T}, {N}, {N_H})",
    ),
]
