r"""Misconceptions about the other forms of the gradient: paths, forward messages, layers, products.

They are data like those of `rnnlib.misconceptions`, and `rnnlib.naming` recognises both.
"""

from collections.abc import Callable

import numpy as np

from .bptt import BackwardTrace
from .forward_pass import Trace
from .misconceptions import Misconception
from .mistaken_walks import Walk, mistaken_walk, with_other_gradients
from .parameters import Parameters
from .products import sum_of_products


def _collected(delta_a: Callable[[np.ndarray, Trace, BackwardTrace], np.ndarray]) -> Walk:
    """Collect the gradients from another δᵃ; the function is handed what the own loss says."""

    def walk(params: Parameters, trace: Trace) -> BackwardTrace:
        def change(trace: Trace, back: BackwardTrace) -> dict[str, np.ndarray]:
            other = delta_a(back.delta_z @ params.W_hy.T, trace, back)
            return {
                "W_xh": sum_of_products(trace.x, other),
                "W_hh": sum_of_products(trace.h_prev, other),
                "b_h": other.sum(axis=(0, 1)),
            }

        return with_other_gradients(params, trace, change)

    return walk


def _bias_alone(own: np.ndarray, slope: np.ndarray) -> dict[str, np.ndarray]:
    return {"b_h": (own * slope).sum(axis=(0, 1))}


def _slope(trace: Trace) -> np.ndarray:
    slope: np.ndarray = 1 - trace.h**2
    return slope


def _earlier(own: np.ndarray) -> np.ndarray:
    """Add up what the losses of earlier steps say about their own states."""
    return np.cumsum(own, axis=0) - own


def _products_of_sums(trace: Trace, back: BackwardTrace) -> dict[str, np.ndarray]:
    pairs = {
        "W_xh": (trace.x, back.delta_a),
        "W_hh": (trace.h_prev, back.delta_a),
        "W_hy": (trace.h, back.delta_z),
    }
    sums = {name: [rows.sum(axis=0) for rows in pair] for name, pair in pairs.items()}
    return {name: left.T @ right for name, (left, right) in sums.items()}


# fmt: off
OTHER_FORMS = (
    Misconception("shortest paths lost", "eq:bptt-paths",
        "The inner sum stops before k = t: every path of no steps is lost, that of the own loss.",
        _collected(lambda own, s, b: b.delta_a - own * _slope(s))),
    Misconception("beyond the diagonal", "eq:bptt-cells",
        "The sum over k runs beyond t: a step collects from losses that came before it.",
        _collected(lambda own, s, b: b.delta_a + _earlier(own) * _slope(s))),
    Misconception("last path only", "eq:bptt-paths",
        "The gradient of W_hh was overwritten: it holds the last path alone. Add up with +=.",
        lambda p, s: with_other_gradients(p, s, lambda s, b: {"W_hh": s.h_prev[-1].T
            @ b.delta_a[-1]})),
    Misconception("no loss arrives", "eq:bptt-delta-h",
        "The message takes the place of every own loss, the last one's too: nothing is left of"
        " the losses below the output layer.",
        lambda p, s: mistaken_walk(p, s, arrives=lambda own, message, at_end: message)),
    Misconception("own past only", "eq:bptt-jacobian",
        "Each unit hears from itself alone: J has entries beside its diagonal, and they add up.",
        lambda p, s: mistaken_walk(p, s, W_back=np.diag(np.diag(p.W_hh)))),
    Misconception("no message in the bias", "eq:bptt-bias",
        "The gradient of b_h holds immediate parts only: the bias served at all earlier steps too.",
        lambda p, s: with_other_gradients(p, s, lambda s, b: _bias_alone(
            b.delta_z @ p.W_hy.T, _slope(s)))),
    Misconception("sums multiplied", "eq:bptt-weight",
        "Steps are mixed: sums over time are multiplied, where products are to be summed.",
        lambda p, s: with_other_gradients(p, s, _products_of_sums)),
    Misconception("mean over the batch below the output", "eq:bptt-weight-index",
        "The output layer is right; W_xh, W_hh and b_h are means over the samples, of a loss that"
        " is a sum.",
        _collected(lambda own, s, b: b.delta_a / s.x.shape[1])),
)
# fmt: on
