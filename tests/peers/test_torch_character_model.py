"""The character model: the first updates on the novel, side by side with PyTorch."""

import numpy as np
import torch
from torch.nn.functional import cross_entropy

from rnnlib import encode, init_parameters, symbols_of
from rnnlib.adam import adam, init_adam
from rnnlib.character_model import last_state
from rnnlib.clipping import clip_by_norm
from rnnlib.corpora import austen
from rnnlib.tasks import streams
from rnnlib.training import mean_loss
from tensors import assert_close, leaves, values

UPDATES, N, T, UNITS, RATE = 12, 8, 16, 24, 0.005
# PyTorch adds 1e-6 to the norm that it divides by when it clips. Adam forgets a common factor of
# all gradients, so what is left of it is far below one part in a million.
TOLERANCE = 1e-6


def theirs(pieces, params):
    """Train the same model by autograd; the state is handed on, the gradient is not."""
    tensors = leaves(params)
    optimiser, h = torch.optim.Adam(tensors, lr=RATE), torch.zeros(N, UNITS, dtype=torch.float64)
    for x, y in pieces:
        h, logits = h.detach(), []
        for x_t in torch.tensor(x):
            h = torch.tanh(tensors.W_xh[x_t] + h @ tensors.W_hh + tensors.b_h)
            logits.append(h @ tensors.W_hy + tensors.b_y)
        loss = cross_entropy(torch.cat(logits), torch.tensor(y).reshape(-1))  # a mean
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(tensors, 1.0)
        optimiser.step()
        yield loss.item(), values(tensors)


def ours(pieces, params):
    """Train it as the chapter does."""
    state, h = init_adam(params), None
    for x, y in pieces:
        loss, gradient = mean_loss(params, x, y, h)
        h = last_state(params, x, h)
        gradient, _ = clip_by_norm(gradient, max_norm=1.0)
        params, state = adam(params, gradient, state, RATE)
        yield loss, params


def test_the_first_updates_on_the_novel_are_those_of_pytorch():
    text = austen()[: N * T * (UPDATES + 1)]
    symbols = symbols_of(text)
    pieces = streams(encode(text, symbols), N, T)[:UPDATES]
    params = init_parameters(np.random.default_rng(0), len(symbols), UNITS, len(symbols))
    losses = []
    for got, wanted in zip(ours(pieces, params), theirs(pieces, params), strict=True):
        assert abs(got[0] - wanted[0]) <= TOLERANCE * wanted[0]
        assert_close(got[1], wanted[1], "params", TOLERANCE)
        losses.append(got[0])
    assert len(losses) == UPDATES
    assert losses[-1] < losses[0] - 0.2  # something was learned
