r"""Misconceptions about the walk back, as data: each has a name, a sentence, and a wrong gradient.

Whoever wants to say what is wrong with a gradient, or to know what a check would notice, takes the
mistakes from here: `rnnlib.naming` recognises them, `rnnlib.check_tuning` plants them.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from .activations import softmax
from .bptt import BackwardTrace, backward, per_step
from .forward_pass import Trace
from .losses import cross_entropy_delta
from .mistaken_walks import (
    Walk,
    mistaken_walk,
    run_again,
    run_starting_anew,
    with_other_gradients,
)
from .parameters import Parameters
from .products import sum_of_products
from .text import one_hot


class Misconception(NamedTuple):
    r"""
    One mistake, and what comes out of it.

    Attributes
    ----------
    name : str
        A few words, as in a list.
    equation : str
        The label of the equation to look at.
    sentence : str
        What is wrong, for the one who made the mistake.
    wrong : callable
        From parameters and trace to the walk back that this mistake makes, as a
        `BackwardTrace`: from the place of the mistake on, all is computed from what is wrong.
    """

    name: str
    equation: str
    sentence: str
    wrong: Callable[[Parameters, Trace], BackwardTrace]

    @property
    def place(self) -> str:
        """Where the equation stands: its label can be searched for in the chapter's notebook."""
        return f"{self.equation} in chapter {6 if self.equation.startswith('eq:bptt-') else 1}"

    def __str__(self) -> str:
        return f"{self.sentence} See {self.place}."


def _delta_z(trace: Trace) -> np.ndarray:
    return cross_entropy_delta(trace.z, trace.y)


def _targets(trace: Trace, lower: int = 0) -> np.ndarray:
    n_y = trace.z.shape[-1]
    return one_hot((trace.y - lower) % n_y, n_y)


def _before(array: np.ndarray) -> np.ndarray:
    """Shift by one step: zeros, then all but the last."""
    return np.concatenate([0 * array[:1], array[:-1]])


def _over_the_steps(z: np.ndarray) -> np.ndarray:
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=0)


def _in_another_order(trace: Trace, back: BackwardTrace) -> dict[str, np.ndarray]:
    """Let samples run slower than steps on the left of each product, faster on the right."""
    pairs = {
        "W_xh": (trace.x, back.delta_a),
        "W_hh": (trace.h_prev, back.delta_a),
        "W_hy": (trace.h, back.delta_z),
    }
    turned = {name: left.swapaxes(0, 1).reshape(left.shape) for name, (left, _) in pairs.items()}
    return {name: sum_of_products(turned[name], right) for name, (_, right) in pairs.items()}


def _begin(change: Callable[[Trace], np.ndarray]) -> Walk:
    """Begin the walk with another δ of the logits."""
    return lambda params, trace: mistaken_walk(params, trace, delta_z=change(trace))


def _slope(change: Callable[[Trace], np.ndarray]) -> Walk:
    """Go back through tanh with another slope."""
    return lambda params, trace: mistaken_walk(params, trace, slope=change(trace))


def _collect(change: Callable[[Trace, BackwardTrace], dict[str, np.ndarray]]) -> Walk:
    """Walk rightly, and collect some of the gradients wrongly."""
    return lambda params, trace: with_other_gradients(params, trace, change)


def _along(change: Callable[[Parameters, Trace], Trace]) -> Walk:
    """Walk back rightly, along the trace of another run than the one whose loss is meant."""
    return lambda params, trace: backward(params, change(params, trace))


# fmt: off
MISCONCEPTIONS = (
    # What the loss says about its own logits.
    Misconception("onehot forgotten", "eq:bptt-delta-z",
        "The target is never subtracted: δ of the logits is ŷ − onehot(y), here it is ŷ.",
        _begin(lambda s: s.y_hat)),
    Misconception("onehot added", "eq:bptt-delta-z",
        "The target is added where it has to be subtracted: δ of the logits is ŷ − onehot(y).",
        _begin(lambda s: s.y_hat + _targets(s))),
    Misconception("sign of the loss", "eq:bptt-delta-z",
        "Every sign is turned around: onehot(y) − ŷ is the way downhill, not the gradient.",
        _begin(lambda s: -_delta_z(s))),
    Misconception("wrong class", "eq:bptt-delta-z",
        "The loss is that of another class: each target is one too low.",
        _begin(lambda s: s.y_hat - _targets(s, lower=1))),
    Misconception("target of the next step", "eq:bptt-delta-z",
        "Each step is held against the target of the step after it.",
        _begin(lambda s: s.y_hat - np.roll(_targets(s), -1, axis=0))),
    Misconception("slope of the output twice", "eq:bptt-delta-z",
        "ŷ − onehot(y) is the derivative by the logits already; here it is multiplied by ŷ (1 −"
        " ŷ) once more.",
        _begin(lambda s: _delta_z(s) * s.y_hat * (1 - s.y_hat))),
    Misconception("softmax over the batch", "eq:prediction",
        "Softmax was taken along the wrong axis: the samples share 1, not the classes.",
        _begin(lambda s: softmax(s.z.swapaxes(1, 2)).swapaxes(1, 2) - _targets(s))),
    Misconception("softmax over the steps", "eq:prediction",
        "Softmax was divided by sums along the first axis: the steps share 1, not the classes.",
        _begin(lambda s: _over_the_steps(s.z) - _targets(s))),
    Misconception("last loss only", "eq:bptt-losses",
        "Only the loss of the last step is counted; every step has one.",
        _begin(lambda s: _delta_z(s) * (np.arange(len(s.x)) == len(s.x) - 1)[:, None, None])),
    # The walk.
    Misconception("message dropped", "eq:bptt-delta-h",
        "The message from step t + 1 is dropped, as in the slices of document 000: two arrows"
        " meet in h_t.",
        lambda p, s: mistaken_walk(p, s, arrives=lambda own, message, at_end: own)),
    Misconception("own loss dropped", "eq:bptt-delta-h",
        "The message takes the place of what the own loss says; the two have to be added.",
        lambda p, s: mistaken_walk(p, s, arrives=lambda own, message, at_end: own if at_end else
            message)),
    Misconception("sign of the message", "eq:bptt-delta-h",
        "The message is subtracted; the two arrows that meet in h_t are added.",
        lambda p, s: mistaken_walk(p, s, arrives=lambda own, message, at_end: own - message)),
    Misconception("message of one step", "eq:bptt-message",
        "The message holds the loss of step t + 1 only, and nothing from the steps after that.",
        lambda p, s: mistaken_walk(p, s, leaves=lambda delta_a, delta_h, own: own)),
    Misconception("message before tanh", "eq:bptt-message",
        "The message was made of δ of the state; it leaves from the pre-activation.",
        lambda p, s: mistaken_walk(p, s, leaves=lambda delta_a, delta_h, own: delta_h)),
    Misconception("message by W_hh", "eq:bptt-message",
        "The message went through W_hh; on the way back it has to be transposed.",
        lambda p, s: mistaken_walk(p, s, W_back=p.W_hh)),
    Misconception("walk from the first step", "eq:bptt-message",
        "The walk goes from the first step to the last; a message comes from later steps.",
        lambda p, s: mistaken_walk(p, s, forwards=True)),
    Misconception("1 − h² missing", "eq:bptt-delta-a",
        "The slope of tanh, 1 − h², is missing on the way back.",
        _slope(lambda s: np.ones_like(s.h))),
    Misconception("1 − h for 1 − h²", "eq:bptt-delta-a",
        "The square is missing: the slope of tanh is 1 − h².",
        _slope(lambda s: 1 - s.h)),
    Misconception("slope of the step before", "eq:bptt-delta-a",
        "The slope is that of the step before: 1 − h² needs h_t, not h_{t−1}.",
        _slope(lambda s: 1 - s.h_prev**2)),
    Misconception("tanh taken twice", "eq:bptt-delta-a",
        "h is the value of tanh already; in 1 − tanh(h)² it is taken twice.",
        _slope(lambda s: 1 - np.tanh(s.h) ** 2)),
    Misconception("δ squared", "eq:bptt-delta-a",
        "The delta was squared, as document 002 prints it; 1 − h² squares the state.",
        lambda p, s: mistaken_walk(p, s, squash=lambda delta_h, slope: 1 - delta_h**2)),
    # What each parameter collects.
    Misconception("h_t for h_{t−1}", "eq:bptt-weight",
        "h_t stands where h_{t−1} is meant: W_hh carries the state before the step.",
        _collect(lambda s, b: {"W_hh": sum_of_products(s.h, b.delta_a)})),
    Misconception("first step lost", "eq:bptt-weight",
        "The sum for W_hh begins at t = 1: the state before the first input is taken for zero.",
        _collect(lambda s, b: {"W_hh": sum_of_products(_before(s.h), b.delta_a)})),
    Misconception("last state before the first", "eq:bptt-weight",
        "At t = 0 the last state is read: in Python h[-1] is the last row.",
        _collect(lambda s, b: {"W_hh": sum_of_products(np.roll(s.h, 1, axis=0), b.delta_a)})),
    Misconception("gradient of W_hh transposed", "eq:bptt-weight-index",
        "The gradient of W_hh is transposed: its rows are where the weight comes from.",
        _collect(lambda s, b: {"W_hh": b.gradient.W_hh.T})),
    Misconception("x_{t−1} for x_t", "eq:bptt-input-weight",
        "x_{t−1} stands where x_t is meant: an input enters at its own step.",
        _collect(lambda s, b: {"W_xh": sum_of_products(_before(s.x), b.delta_a)})),
    Misconception("first input lost", "eq:bptt-input-weight",
        "The sum for W_xh begins at t = 1, as document 001 prints it: the first input is lost.",
        _collect(lambda s, b: {"W_xh": sum_of_products(s.x[1:], b.delta_a[1:])})),
    Misconception("h_{t−1} for h_t in the output", "eq:bptt-output-weight",
        "The logits read h_t; the gradient of W_hy was collected with the state before.",
        _collect(lambda s, b: {"W_hy": sum_of_products(s.h_prev, b.delta_z)})),
    Misconception("rows in another order", "eq:bptt-weight",
        "Steps and samples are mixed up: the rows that are multiplied have to be of the same step"
        " and of the same sample.",
        _collect(_in_another_order)),
    Misconception("bias forgotten", "eq:bptt-bias",
        "The gradient of b_h is zero: the sum of δᵃ over steps and samples is missing.",
        _collect(lambda s, b: {"b_h": 0 * b.gradient.b_h})),
    Misconception("mean for sum in the bias", "eq:bptt-bias",
        "The gradient of b_h is a mean over steps and samples; all others are sums.",
        _collect(lambda s, b: {"b_h": b.delta_a.mean(axis=(0, 1))})),
    Misconception("first step only", "eq:bptt-copies",
        "The sum was overwritten: this is the share of step 0, where a walk back ends. Add up"
        " with +=.",
        _collect(lambda s, b: {k: v[0] for k, v in per_step(s, b)._asdict().items()})),
    Misconception("last step only", "eq:bptt-copies",
        "This is the share of the last step alone: the walk stops where it begins, or the sum was"
        " overwritten on the way forward.",
        _collect(lambda s, b: {k: v[-1] for k, v in per_step(s, b)._asdict().items()})),
    Misconception("mean over the batch", "eq:step-loss",
        "Everything is divided by the number of samples N: the gradient of a mean, of a loss"
        " that is a sum.",
        _begin(lambda s: _delta_z(s) / s.x.shape[1])),
    Misconception("mean over the steps", "eq:total-loss",
        "Everything is divided by the number of steps T: the gradient of a mean, of a loss that"
        " is a sum.",
        _begin(lambda s: _delta_z(s) / len(s.x))),
    Misconception("mean over steps and batch", "eq:total-loss",
        "Everything is divided by T · N: the gradient of a mean, of a loss that is a sum.",
        _begin(lambda s: _delta_z(s) / (len(s.x) * s.x.shape[1]))),
    # Another run than the one whose loss is meant.
    Misconception("first state taken for zero", "eq:pre-activation",
        "The walk goes back along a run that began at zero, not at the h_{−1} of the loss.",
        _along(lambda p, s: run_again(p, s, 0 * s.h_init))),
    Misconception("b_h forgotten in the run", "eq:pre-activation",
        "The walk goes back along a run without b_h.",
        _along(lambda p, s: run_again(p._replace(b_h=0 * p.b_h), s))),
    Misconception("b_y forgotten in the run", "eq:logits",
        "The walk goes back along a run without b_y.",
        _along(lambda p, s: run_again(p._replace(b_y=0 * p.b_y), s))),
    Misconception("W_hh transposed in the run", "eq:pre-activation",
        "On the way there W_hh was transposed; a row times a matrix needs no transpose.",
        _along(lambda p, s: run_again(p._replace(W_hh=p.W_hh.T), s))),
    Misconception("every step starts anew", "eq:pre-activation",
        "On the way there every step began with h_{−1}, not with the state of the step before.",
        _along(run_starting_anew)),
)
# fmt: on
