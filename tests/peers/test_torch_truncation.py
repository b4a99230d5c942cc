"""Truncated BPTT: PyTorch with the state detached drops the same cells of the triangle."""

import pytest
import torch
from torch.nn.functional import cross_entropy

from networks import LENGTHS, random_case
from rnnlib import forward
from rnnlib.truncation import truncated_backward
from tensors import assert_close, gradients, leaves


def run(params, x, y, h_prev):
    """Walk over some steps; give the loss of each, and the state after the last one."""
    losses = []
    for x_t, y_t in zip(x, y, strict=True):
        h_prev = torch.tanh(x_t @ params.W_xh + h_prev @ params.W_hh + params.b_h)
        z_t = h_prev @ params.W_hy + params.b_y
        losses.append(cross_entropy(z_t, y_t, reduction="sum"))
    return losses, h_prev


@pytest.mark.parametrize("every", [1, 2, 3, 7])
@pytest.mark.parametrize("T", LENGTHS)
def test_blocks_that_hand_on_a_detached_state(T, every):
    case = random_case(T=T)
    ours = truncated_backward(case.params, forward(*case), every, reach=every)

    params, h_prev = leaves(case.params), torch.tensor(case.h_init)
    x, y = torch.tensor(case.x), torch.tensor(case.y)
    for start in range(0, T, every):
        losses, h_prev = run(params, x[start:][:every], y[start:][:every], h_prev.detach())
        sum(losses).backward()
    assert_close(ours, gradients(params), "gradient")


@pytest.mark.parametrize(
    ("every", "reach"), [(1, 1), (1, 2), (1, 3), (2, 3), (2, 5), (3, 4), (1, 9)]
)
@pytest.mark.parametrize("T", LENGTHS)
def test_a_block_of_losses_that_reaches_back_to_a_detached_state(T, every, reach):
    case = random_case(T=T)
    trace = forward(*case)
    ours = truncated_backward(case.params, trace, every, reach)

    params, states = leaves(case.params), torch.tensor(trace.states)
    x, y = torch.tensor(case.x), torch.tensor(case.y)
    for start in range(0, T, every):
        first = max(start + every - reach, 0)
        end = min(start + every, T)
        losses, _ = run(params, x[first:end], y[first:end], states[first])
        sum(losses[start - first :]).backward()
    assert_close(ours, gradients(params), "gradient")
