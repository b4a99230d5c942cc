"""Activations and losses: PyTorch's functions, their derivatives, and both reductions."""

import numpy as np
import pytest
import torch
from torch.autograd.functional import jacobian

from gated_networks import drawer
from rnnlib import ACTIVATIONS, cross_entropy, log_sum_exp, softmax
from rnnlib.derivatives import DERIVATIVES, softmax_backward, softmax_derivative, softmax_jacobian
from rnnlib.losses import LOSSES, reduction_factor
from tensors import PHI, ROW_LOSS, TOLERANCES, assert_close, gradients, leaves, values

T, N, N_Y = 7, 3, 13


def outputs_and_targets(loss, dtype=np.float64):
    """Draw outputs, with targets of the kind that a loss takes."""
    draw = drawer(0, dtype)
    z = 3 * draw(T, N, N_Y)
    y = np.random.default_rng(1).integers(N_Y, size=(T, N))
    return z, y if loss == "cross_entropy" else draw(T, N, N_Y)


@pytest.mark.parametrize("dtype", TOLERANCES)
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activations_and_their_slopes(name, dtype):
    a = 3 * drawer(0, dtype)(T, N, N_Y)
    theirs = leaves(a)
    h = PHI[name](theirs)
    h.sum().backward()
    assert_close(ACTIVATIONS[name](a), values(h), name, TOLERANCES[dtype])
    assert_close(DERIVATIVES[name](values(h)), gradients(theirs), name, TOLERANCES[dtype])


@pytest.mark.parametrize("dtype", TOLERANCES)
def test_softmax_with_its_jacobian_and_the_way_back_through_it(dtype):
    z, upstream = 3 * drawer(0, dtype)(T, N, N_Y), drawer(1, dtype)(T, N, N_Y)
    theirs = leaves(z)
    y_hat = torch.softmax(theirs, dim=-1)
    (torch.tensor(upstream) * y_hat).sum().backward()
    tolerance = TOLERANCES[dtype]
    assert_close(softmax(z), values(y_hat), "softmax", tolerance)
    assert_close(log_sum_exp(z)[..., 0], values(torch.logsumexp(theirs, -1)), "lse", tolerance)
    assert_close(softmax_backward(softmax(z), upstream), gradients(theirs), "back", tolerance)

    row = torch.tensor(z[0, 0])
    wanted = jacobian(lambda row: torch.softmax(row, dim=-1), row).numpy()
    y_hat = softmax(z[0, 0])
    assert_close(softmax_jacobian(y_hat), wanted, "softmax_jacobian", tolerance)
    entries = [[softmax_derivative(y_hat, i, k) for k in range(N_Y)] for i in range(N_Y)]
    assert_close(np.array(entries), wanted, "softmax_derivative", tolerance)


@pytest.mark.parametrize("dtype", TOLERANCES)
@pytest.mark.parametrize("reduction", ["sum", "mean"])
@pytest.mark.parametrize("loss", LOSSES)
def test_losses_and_their_slopes_under_both_reductions(loss, reduction, dtype):
    z, y = outputs_and_targets(loss, dtype)
    factor = reduction_factor(reduction, rows=T * N)
    theirs = leaves(z)
    rows = ROW_LOSS[loss](theirs.flatten(0, 1), torch.tensor(y).flatten(0, 1))
    getattr(rows, reduction)().backward()
    tolerance = TOLERANCES[dtype]
    assert_close(LOSSES[loss].rows(z, y).ravel(), values(rows), loss, tolerance)
    assert_close(factor * LOSSES[loss].delta_z(z, y), gradients(theirs), loss, tolerance)


@pytest.mark.parametrize("reduction", ["sum", "mean"])
@pytest.mark.parametrize(
    ("loss", "module", "ratio"),
    [
        ("cross_entropy", torch.nn.CrossEntropyLoss, {"sum": 1, "mean": 1}),
        # MSELoss adds, or averages, over the components too, and has no half.
        ("half_squared_error", torch.nn.MSELoss, {"sum": 1 / 2, "mean": N_Y / 2}),
        ("mean_squared_error", torch.nn.MSELoss, {"sum": 1 / N_Y, "mean": 1}),
    ],
)
def test_what_pytorch_calls_by_that_name_differs_by_this_factor(loss, module, ratio, reduction):
    z, y = outputs_and_targets(loss)
    theirs = module(reduction=reduction)(
        torch.tensor(z).flatten(0, 1), torch.tensor(y).flatten(0, 1)
    )
    ours = reduction_factor(reduction, rows=T * N) * LOSSES[loss].rows(z, y).sum()
    assert ours == pytest.approx(ratio[reduction] * theirs.item(), rel=1e-12)


def test_logits_far_apart_give_the_same_finite_loss():
    z = np.array([[0.0, -800.0, 800.0]])
    for k in range(3):
        theirs = torch.nn.functional.cross_entropy(torch.tensor(z), torch.tensor([k]))
        assert cross_entropy(z, np.array([k])) == pytest.approx(theirs.item(), rel=1e-12)
