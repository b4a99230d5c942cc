"""Optimisers and clipping: side by side with PyTorch for several steps of training.

The tensors hold our parameters one to one. With the two biases of PyTorch's own recurrent layers
the sum of both would move twice as fast.
"""

import numpy as np
import pytest
import torch
from torch.nn.functional import cross_entropy

from layer_oracles import random_network, random_targets
from networks import random_case
from rnnlib import forward
from rnnlib.adam import adam, init_adam
from rnnlib.bptt import backward
from rnnlib.clipping import clip_by_norm, global_norm
from rnnlib.network import network_backward, network_forward
from rnnlib.optimisers import adagrad, momentum, sgd
from rnnlib.updates import arrays_of, each_array, zeros_like
from tensors import assert_close, leaves, values

STEPS = 7
# What differs by one rounding is passed on by every step: ten times as much as for one gradient.
TOLERANCE = 1e-9


class Simple:
    """The simple recurrent network on one batch."""

    def __init__(self):
        self.params, *self.batch = random_case()

    def gradient(self, params):
        """Compute the gradient by hand."""
        return backward(params, forward(params, *self.batch)).gradient

    def loss(self, params):
        """Compute the loss with tensors."""
        x, y, h_prev = map(torch.tensor, self.batch)
        losses = []
        for x_t, y_t in zip(x, y, strict=True):
            h_prev = torch.tanh(x_t @ params.W_xh + h_prev @ params.W_hh + params.b_h)
            losses.append(cross_entropy(h_prev @ params.W_hy + params.b_y, y_t, reduction="sum"))
        return sum(losses)


class Stack:
    """Dense, recurrent, dense on one batch: a record of records."""

    def __init__(self):
        self.params, self.x, self.h_init = random_network()
        self.y = random_targets("cross_entropy", T=len(self.x))

    def gradient(self, params):
        """Compute the gradient by hand."""
        return network_backward(
            params, network_forward(params, self.x, self.y, self.h_init)
        ).gradient

    def loss(self, params):
        """Compute the loss with tensors."""
        front, recurrent, back = params
        e = torch.tanh(torch.tensor(self.x) @ front.weights + front.bias)
        h_prev, losses = torch.tensor(self.h_init), []
        for e_t, y_t in zip(e, torch.tensor(self.y), strict=True):
            h_prev = torch.tanh(e_t @ recurrent.W_xh + h_prev @ recurrent.W_hh + recurrent.b_h)
            losses.append(cross_entropy(h_prev @ back.weights + back.bias, y_t, reduction="sum"))
        return sum(losses)


def leaves_of(record):
    """List the tensors of a record, and those of the records in it."""
    return [
        leaf for part in record for leaf in (leaves_of(part) if isinstance(part, tuple) else [part])
    ]


OPTIMISERS = {
    "sgd": (lambda tensors: torch.optim.SGD(tensors, lr=0.01), sgd, None, {"learning_rate": 0.01}),
    "momentum": (
        lambda tensors: torch.optim.SGD(tensors, lr=0.01, momentum=0.8),
        momentum,
        zeros_like,
        {"learning_rate": 0.01, "decay": 0.8},
    ),
    "adagrad": (
        lambda tensors: torch.optim.Adagrad(tensors, lr=0.1, eps=1e-3),
        adagrad,
        zeros_like,
        {"learning_rate": 0.1, "epsilon": 1e-3},
    ),
    "adam": (
        lambda tensors: torch.optim.Adam(tensors, lr=0.1, betas=(0.7, 0.95), eps=1e-3),
        adam,
        init_adam,
        {"learning_rate": 0.1, "mean_decay": 0.7, "square_decay": 0.95, "epsilon": 1e-3},
    ),
    "momentum by default": (
        lambda tensors: torch.optim.SGD(tensors, lr=0.01, momentum=0.9),
        momentum,
        zeros_like,
        {"learning_rate": 0.01},
    ),
    "adagrad by default": (
        lambda tensors: torch.optim.Adagrad(tensors, lr=0.1),
        adagrad,
        zeros_like,
        {"learning_rate": 0.1},
    ),
    "adam by default": (
        lambda tensors: torch.optim.Adam(tensors, lr=0.1),
        adam,
        init_adam,
        {"learning_rate": 0.1},
    ),
}


@pytest.mark.parametrize("task", [Simple, Stack])
@pytest.mark.parametrize("name", OPTIMISERS)
def test_several_steps_of_training_end_at_the_same_parameters(name, task):
    make, update, begin, settings = OPTIMISERS[name]
    task = task()
    params, state = task.params, begin and begin(task.params)
    tensors = leaves(task.params)
    optimiser = make(leaves_of(tensors))
    for _ in range(STEPS):
        if state is None:
            params = update(params, task.gradient(params), **settings)
        else:
            params, state = update(params, task.gradient(params), state, **settings)
        optimiser.zero_grad()
        task.loss(tensors).backward()
        optimiser.step()
        assert_close(params, values(tensors), "params", TOLERANCE)
    moved = each_array(np.subtract, params, task.params)
    assert all(np.abs(array).max() > 1e-4 for array in arrays_of(moved))


@pytest.mark.parametrize("max_norm", [0.5, 1e6])
def test_clipping_by_norm_is_that_of_pytorch_up_to_its_small_constant(max_norm):
    task = Stack()
    gradient = task.gradient(task.params)
    clipped, norm = clip_by_norm(gradient, max_norm)

    tensors = leaves(task.params)
    task.loss(tensors).backward()
    theirs = torch.nn.utils.clip_grad_norm_(leaves_of(tensors), max_norm)
    assert norm == pytest.approx(theirs.item(), rel=1e-12)
    # PyTorch divides by the norm plus 1e-6.
    factor = (norm + 1e-6) / norm if norm > max_norm else 1.0
    wanted = [factor * leaf.grad.numpy() for leaf in leaves_of(tensors)]
    for got, array in zip(arrays_of(clipped), wanted, strict=True):
        assert_close(got, array, "clipped")
    assert (norm > max_norm) == (global_norm(clipped) < norm)


def test_training_with_clipped_gradients_ends_at_the_same_parameters():
    task = Simple()
    params, state, tensors = task.params, init_adam(task.params), leaves(task.params)
    optimiser = torch.optim.Adam(tensors, lr=0.1)
    for _ in range(STEPS):
        gradient, norm = clip_by_norm(task.gradient(params), max_norm=5.0)
        assert norm > 5  # else nothing is clipped
        params, state = adam(params, gradient, state, learning_rate=0.1)
        optimiser.zero_grad()
        task.loss(tensors).backward()
        torch.nn.utils.clip_grad_norm_(tensors, 5.0)
        optimiser.step()
    # The 1e-6 that PyTorch adds to a norm above 5 makes 2e-7 at each of 7 steps of at most 0.1.
    for ours, theirs in zip(params, values(tensors), strict=True):
        assert np.abs(ours - theirs).max() <= 7 * 0.1 * 2e-7
