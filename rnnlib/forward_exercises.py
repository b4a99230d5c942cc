"""The exercises on the forward pass: what is asked, and the mistakes that are known."""

from typing import NamedTuple

import numpy as np

from .activations import sigmoid, softmax
from .exercises import Exercise
from .losses import cross_entropy


class Sequence(NamedTuple):
    """The arguments of an unrolling."""

    x: np.ndarray
    h_init: np.ndarray
    W_xh: np.ndarray
    W_hh: np.ndarray
    b_h: np.ndarray


class Step(NamedTuple):
    """The arguments of one step."""

    x_t: np.ndarray
    h_prev: np.ndarray
    W_xh: np.ndarray
    W_hh: np.ndarray
    b_h: np.ndarray


class Row(NamedTuple):
    """The argument of softmax."""

    z: np.ndarray


class Outcome(NamedTuple):
    """The arguments of a loss."""

    z: np.ndarray
    y: np.ndarray


class Sizes(NamedTuple):
    """The arguments of a count."""

    T: int
    N: int
    n_x: int
    n_h: int
    n_y: int


def _draw_sequence(rng):
    """Draw weights of order one, so that no term is too small to be missed."""
    T, N, n_x, n_h = 5, 2, 7, 3
    return Sequence(
        x=rng.standard_normal((T, N, n_x)),
        h_init=rng.uniform(-0.9, 0.9, (N, n_h)),
        W_xh=rng.standard_normal((n_x, n_h)) / np.sqrt(n_x),
        W_hh=rng.standard_normal((n_h, n_h)),
        b_h=rng.standard_normal(n_h),
    )


def _draw_step(rng):
    x, *others = _draw_sequence(rng)
    return Step(x[0], *others)


def _draw_logits(rng, shape=(3, 5)):
    """Draw multiples of 1/1024: float32 still holds them exactly after a shift by 1024."""
    return Row(rng.integers(-2048, 2049, shape) / 1024)


def _draw_huge_logits(rng):
    """Draw one row that would overflow and one that would underflow."""
    return Row(_draw_logits(rng).z + np.array([[0.0], [1024.0], [-1024.0]]))


def _draw_outcome(rng):
    T, N, n_y = 5, 3, 7
    return Outcome(_draw_logits(rng, (T, N, n_y)).z, rng.integers(0, n_y, (T, N)))


def _draw_surprise(rng):
    """Draw one target whose probability is rounded to 0."""
    z, y = _draw_outcome(rng)
    z[1, 2, y[1, 2]] -= 1024.0
    return Outcome(z, y)


def _draw_sizes(rng):
    """Draw five different primes."""
    return Sizes(*map(int, rng.choice([5, 7, 11, 13, 17, 19, 23, 29], 5, replace=False)))


def _step(s):
    return np.tanh(s.x_t @ s.W_xh + s.h_prev @ s.W_hh + s.b_h)


def _unroll(s, squash=np.tanh):
    h, states = s.h_init, []
    for x_t in s.x:
        h = squash(x_t @ s.W_xh + h @ s.W_hh + s.b_h)
        states.append(h)
    return np.stack(states)


def _losses(s):
    return cross_entropy(s.z, s.y)


def _count(s):
    return s.T * s.N * (s.n_x * s.n_h + s.n_h * s.n_h + s.n_h * s.n_y)


def _normalised(e, axis=-1):
    return e / e.sum(axis=axis, keepdims=True)


def _at_targets(values, y):
    return np.take_along_axis(values, y[..., np.newaxis], axis=-1)[..., 0]


STEP = Exercise(
    name="One step",
    settings=(_draw_step,) * 3,
    solution=_step,
    mistakes={
        "The bias b_h is missing.": lambda s: _step(s._replace(b_h=0.0)),
        "The bias is added after tanh; it belongs inside.": lambda s: (
            _step(s._replace(b_h=0.0)) + s.b_h
        ),
        "tanh is missing: this is the pre-activation.": lambda s: (
            s.x_t @ s.W_xh + s.h_prev @ s.W_hh + s.b_h
        ),
        "Each product has a tanh of its own; tanh goes around the whole sum.": lambda s: (
            np.tanh(s.x_t @ s.W_xh) + np.tanh(s.h_prev @ s.W_hh + s.b_h)
        ),
        "The logistic function stands where tanh is meant.": lambda s: sigmoid(
            s.x_t @ s.W_xh + s.h_prev @ s.W_hh + s.b_h
        ),
        "W_hh is transposed: rows times stored weights is h_prev @ W_hh.": lambda s: _step(
            s._replace(W_hh=s.W_hh.T)
        ),
        "W_hh is missing: the old state is added as it is.": lambda s: _step(
            s._replace(W_hh=np.eye(len(s.b_h)))
        ),
        "The old state does not enter: h_prev @ W_hh is missing.": lambda s: _step(
            s._replace(W_hh=0.0 * s.W_hh)
        ),
        "The input does not enter: x_t @ W_xh is missing.": lambda s: _step(
            s._replace(W_xh=0.0 * s.W_xh)
        ),
    },
)


SOFTMAX = Exercise(
    name="Softmax",
    settings=(_draw_logits, _draw_logits, _draw_huge_logits),
    solution=lambda s: softmax(s.z),
    mistakes={
        "The exponentials are not divided by their sum.": lambda s: np.exp(s.z),
        "The exponential is missing: the logits themselves are divided by their sum.": lambda s: (
            _normalised(s.z)
        ),
        "The sum runs over the batch, axis 0; each row must sum to 1.": lambda s: _normalised(
            np.exp(s.z - s.z.max()), axis=0
        ),
        "One sum for the whole array: each row needs its own.": lambda s: _normalised(
            np.exp(s.z - s.z.max()), axis=None
        ),
        "Each class is shifted by its own maximum; shift whole rows.": lambda s: _normalised(
            np.exp(s.z - s.z.max(axis=0))
        ),
        "This is the logarithm of softmax.": lambda s: np.log(softmax(s.z)),
        "The base is 2 where e is meant.": lambda s: softmax(s.z * np.log(2)),
        "It overflows: subtract the largest logit of each row before the exponential.": lambda s: (
            _normalised(np.exp(s.z))
        ),
        "One maximum for the whole batch: a row far below it is rounded to 0, and 0/0 is left.": (
            lambda s: _normalised(np.exp(s.z - s.z.max()))
        ),
    },
)


LOSS = Exercise(
    name="Loss of a sequence",
    settings=(_draw_outcome, _draw_outcome, _draw_surprise),
    solution=lambda s: _losses(s).sum(),
    mistakes={
        "A probability was rounded to 0, and its logarithm is infinite: "
        "work with log_sum_exp of the logits.": lambda s: (
            -np.log(_at_targets(softmax(s.z), s.y)).sum()
        ),
        "This is the mean over steps and batch; the loss is the sum.": lambda s: _losses(s).mean(),
        "The steps are averaged; the loss is their sum.": lambda s: _losses(s).sum(axis=1).mean(),
        "The batch is averaged; the loss is its sum.": lambda s: _losses(s).mean(axis=1).sum(),
        "One number for each step and sample: add them up.": _losses,
        "One number for each step: add them up.": lambda s: _losses(s).sum(axis=1),
        "One number for each sample: add them up.": lambda s: _losses(s).sum(axis=0),
        "The minus sign is missing.": lambda s: -_losses(s).sum(),
        "The logarithm has base 2, so these are bits: nats need the natural logarithm.": lambda s: (
            _losses(s).sum() / np.log(2)
        ),
        "The logarithm has base 10: nats need the natural logarithm.": lambda s: (
            _losses(s).sum() / np.log(10)
        ),
        "These are the probabilities of the targets: take minus their logarithms.": lambda s: (
            _at_targets(softmax(s.z), s.y).sum()
        ),
        "This is 1 minus each probability: take minus the logarithm of each.": lambda s: (
            1 - _at_targets(softmax(s.z), s.y)
        ).sum(),
        "Softmax is missing: these are minus the logits of the targets.": lambda s: (
            -_at_targets(s.z, s.y).sum()
        ),
        "Every class counts here, not only the target.": lambda s: -np.log(softmax(s.z)).sum(),
        "This is the entropy of the prediction: the target y does not enter.": lambda s: (
            -(softmax(s.z) * np.log(softmax(s.z))).sum()
        ),
        "Softmax runs over the batch, axis 1; it belongs to the last axis.": lambda s: (
            -np.log(_at_targets(_normalised(np.exp(s.z), axis=1), s.y)).sum()
        ),
    },
)


UNROLL = Exercise(
    name="Unrolling",
    settings=(_draw_sequence,) * 3,
    solution=_unroll,
    mistakes={
        "The bias b_h is missing.": lambda s: _unroll(s._replace(b_h=0.0)),
        "tanh is missing: these are pre-activations.": lambda s: _unroll(s, squash=np.positive),
        "W_hh is transposed: rows times stored weights is h_prev @ W_hh.": lambda s: _unroll(
            s._replace(W_hh=s.W_hh.T)
        ),
        "The first step starts from zeros; h_init must enter at t = 0 "
        "(if you wrote h[t - 1]: at t = 0 that is h[-1], the last row).": lambda s: _unroll(
            s._replace(h_init=0.0 * s.h_init)
        ),
        "Every step starts from zeros: h[t] was read before it was written. Read h[t - 1].": (
            lambda s: _unroll(s._replace(h_init=0.0 * s.h_init, W_hh=0.0 * s.W_hh))
        ),
        "Only the first step has a state before it; hand each state on to the next step.": (
            lambda s: np.concatenate(
                [_unroll(s)[:1], np.tanh(s.x[1:] @ s.W_xh + s.b_h)]  # h_t read before it exists
            )
        ),
        "Every step starts from h_init; hand each state on to the next step.": lambda s: np.tanh(
            s.x @ s.W_xh + s.h_init @ s.W_hh + s.b_h
        ),
        "These are the states before each step; return the states after it.": lambda s: np.stack(
            [s.h_init, *_unroll(s)[:-1]]
        ),
        "h_init is among the states; return the T states after it.": lambda s: np.stack(
            [s.h_init, *_unroll(s)]
        ),
        "This is the last state; return all of them.": lambda s: _unroll(s)[-1],
        "Time runs backwards; begin with x[0].": lambda s: _unroll(s._replace(x=s.x[::-1])),
    },
)


COUNT = Exercise(
    name="Multiplications",
    settings=(_draw_sizes,) * 3,
    solution=_count,
    mistakes={
        "This is one step: there are T of them.": lambda s: _count(s._replace(T=1)),
        "This is one sequence: there are N of them side by side.": lambda s: _count(
            s._replace(N=1)
        ),
        "These are the weights, each once; T steps and N samples use each of them again.": (
            lambda s: _count(s._replace(T=1, N=1))
        ),
        "The product with W_xh is missing.": lambda s: _count(s._replace(n_x=0)),
        "The product with W_hh is missing.": lambda s: _count(s) - s.T * s.N * s.n_h**2,
        "The product with W_hy is missing.": lambda s: _count(s._replace(n_y=0)),
        "The additions are counted too.": lambda s: 2 * _count(s),
        "The biases are counted too, but they are added, not multiplied.": lambda s: (
            _count(s) + s.T * s.N * (s.n_h + s.n_y)
        ),
    },
)

EXERCISES = (STEP, SOFTMAX, LOSS, UNROLL, COUNT)
