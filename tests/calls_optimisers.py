"""Good and bad calls of the optimisers, of clipping, and of what they share."""

from functools import partial

import numpy as np

from layer_oracles import N_E, random_network
from networks import N_H, N_X, random_case
from rnnlib.adam import adam, init_adam
from rnnlib.clipping import clip_by_norm, global_norm
from rnnlib.optimisers import adagrad, momentum, sgd
from rnnlib.updates import arrays_of, check_rate, check_record, each_array, zeros_like

PARAMS = random_case().params
GRADIENT = random_case(seed=1).params
NETWORK = random_network()[0]
STATE = zeros_like(PARAMS)
ADAM_STATE = init_adam(PARAMS)


def with_value(record, name, value):
    """Copy a record with one bad number."""
    array = getattr(record, name).copy()
    array.flat[0] = value
    return record._replace(**{name: array})


HOLED = with_value(GRADIENT, "b_h", np.nan)
NARROW = NETWORK._replace(front=NETWORK.front._replace(bias=np.ones(2)))
STATES = {sgd: (), momentum: (STATE,), adagrad: (STATE,), adam: (ADAM_STATE,)}

GOOD = [
    *[partial(rule, PARAMS, GRADIENT, *state, 0.1) for rule, state in STATES.items()],
    partial(sgd, NETWORK, NETWORK, 0.1),
    partial(momentum, NETWORK, NETWORK, NETWORK, 0.1, decay=0.5),
    partial(adagrad, NETWORK, NETWORK, zeros_like(NETWORK), 1, epsilon=1e-3),
    partial(adam, NETWORK, NETWORK, init_adam(NETWORK), 0.1),
    partial(init_adam, PARAMS),
    partial(zeros_like, PARAMS),
    partial(arrays_of, NETWORK),
    partial(each_array, np.add, NETWORK, NETWORK),
    partial(check_record, "gradient", GRADIENT, PARAMS),
    partial(check_rate, "decay", 0.5, below=1),
    partial(global_norm, NETWORK),
    partial(clip_by_norm, NETWORK, 1e-3),
    partial(clip_by_norm, NETWORK, 1e3),
]

BAD = [
    *[
        bad
        for rule, state in STATES.items()
        for bad in (
            (partial(rule, None, GRADIENT, *state, 0.1), "params", "a record", "NoneType"),
            (partial(rule, tuple(PARAMS), GRADIENT, *state, 0.1), "params", "a record", "tuple"),
            (partial(rule, HOLED, GRADIENT, *state, 0.1), "params.b_h", "finite", "NaN"),
            (
                partial(rule, PARAMS, tuple(GRADIENT), *state, 0.1),
                "gradient",
                "Parameters",
                "tuple",
            ),
            (partial(rule, PARAMS, NETWORK, *state, 0.1), "gradient", "Parameters", "Network"),
            (partial(rule, PARAMS, HOLED, *state, 0.1), "gradient.b_h", "finite", "NaN"),
            (
                partial(rule, PARAMS, with_value(GRADIENT, "W_hh", np.inf), *state, 0.1),
                "gradient.W_hh",
                "finite",
                "infinity",
            ),
            (
                partial(rule, PARAMS, GRADIENT._replace(W_xh=GRADIENT.W_xh.T), *state, 0.1),
                "gradient.W_xh",
                f"shape ({N_X}, {N_H})",
                f"({N_H}, {N_X})",
            ),
            *[
                (
                    partial(rule, PARAMS, GRADIENT, *state, rate),
                    "learning_rate",
                    "a number between 0 and inf",
                    repr(rate),
                )
                for rate in (0, -0.1, np.nan, np.inf, "0.1", None)
            ],
        )
    ],
    (partial(sgd, NETWORK, NARROW, 0.1), "gradient.front.bias", f"shape ({N_E},)", "(2,)"),
    *[
        bad
        for rule in (momentum, adagrad)
        for bad in (
            (partial(rule, PARAMS, GRADIENT, None, 0.1), "state", "Parameters", "NoneType"),
            (partial(rule, PARAMS, GRADIENT, ADAM_STATE, 0.1), "state", "Param", "AdamState"),
            (partial(rule, PARAMS, GRADIENT, HOLED, 0.1), "state.b_h", "finite", "NaN"),
        )
    ],
    (partial(momentum, PARAMS, GRADIENT, STATE, 0.1, decay=1.0), "decay", "0 and 1", "1.0"),
    (partial(momentum, PARAMS, GRADIENT, STATE, 0.1, decay=-0.5), "decay", "0 and 1", "-0.5"),
    (partial(adagrad, PARAMS, GRADIENT, STATE, 0.1, epsilon=0), "epsilon", "0 and inf", "0"),
    (partial(adam, PARAMS, GRADIENT, STATE, 0.1), "state", "an AdamState", "Parameters"),
    *[
        (
            partial(adam, PARAMS, GRADIENT, ADAM_STATE._replace(steps=steps), 0.1),
            "state.steps",
            "a whole number, not negative",
            repr(steps),
        )
        for steps in (-1, 0.5, None)
    ],
    *[
        (
            partial(adam, PARAMS, GRADIENT, ADAM_STATE._replace(**{part: HOLED}), 0.1),
            f"state.{part}.b_h",
            "finite",
            "NaN",
        )
        for part in ("mean", "square")
    ],
    *[
        (
            partial(adam, PARAMS, GRADIENT, ADAM_STATE, 0.1, **{name: value}),
            name,
            f"a number between 0 and {limit}",
            repr(value),
        )
        for name, value, limit in (
            ("mean_decay", 1, "1"),
            ("square_decay", 1.5, "1"),
            ("epsilon", -1e-8, "inf"),
        )
    ],
    (partial(init_adam, HOLED), "params.b_h", "finite", "NaN"),
    (partial(init_adam, {"W_hh": PARAMS.W_hh}), "params", "a record of arrays", "dict"),
    (partial(zeros_like, [PARAMS.W_hh]), "record", "a record of arrays", "list"),
    (partial(arrays_of, PARAMS._replace(b_h=None)), "record", "a record of arrays", "NoneType"),
    (partial(each_array, np.add, PARAMS, NETWORK), "others", "Parameters as the", "Network"),
    (partial(each_array, np.add, PARAMS, PARAMS.b_h), "others", "Parameters as the", "ndarray"),
    (partial(check_record, "state", PARAMS, NETWORK), "state", "Network", "Parameters"),
    (partial(check_rate, "decay", 2, below=1), "decay", "a number between 0 and 1", "2"),
    (partial(global_norm, HOLED), "gradient.b_h", "finite", "NaN"),
    (partial(clip_by_norm, HOLED, 1.0), "gradient.b_h", "finite", "NaN"),
    (partial(clip_by_norm, 5.0, 1.0), "gradient", "a record of arrays", "float"),
    (partial(clip_by_norm, GRADIENT, 0.0), "max_norm", "a number between 0 and inf", "0.0"),
    (partial(clip_by_norm, GRADIENT, np.inf), "max_norm", "a number between 0 and inf", "inf"),
]
