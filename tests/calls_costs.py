"""Good and bad calls of the formulas of costs."""

from functools import partial

from rnnlib.costs import (
    check_sizes,
    gru_parameter_count,
    lstm_parameter_count,
    parameter_count,
    shapes,
)
from rnnlib.memory_costs import (
    backward_bytes,
    checkpoint_costs,
    held_numbers,
    rtrl_state,
    trace_bytes,
)
from rnnlib.operation_costs import backward_work, forward_work, rtrl_multiply_adds

TAKES = {
    check_sizes: "T n_h",
    parameter_count: "n_x n_h n_y n_e",
    lstm_parameter_count: "n_x n_h",
    gru_parameter_count: "n_x n_h",
    shapes: "T N n_x n_h n_y n_e",
    forward_work: "T N n_x n_h n_y",
    backward_work: "T N n_x n_h n_y",
    rtrl_multiply_adds: "T N n_x n_h",
    trace_bytes: "N n_x n_h n_y itemsize",
    backward_bytes: "N n_x n_h n_y itemsize",
    held_numbers: "T N n_x n_e n_h n_y",
    rtrl_state: "n_x n_h",
    checkpoint_costs: "T stride",
}
SIZES = {function: dict.fromkeys(names.split(), 3) for function, names in TAKES.items()}

GOOD = [partial(function, **sizes) for function, sizes in SIZES.items()]
BAD = [
    (partial(function, **{**sizes, name: bad}), name, "a whole number of at least 1", repr(bad))
    for function, sizes in SIZES.items()
    for name, bad in zip(sizes, [0, -1, 2.0, True, "3", 0], strict=False)
]
