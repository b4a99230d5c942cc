"""Mistakes to plant: each changes one place of one module, as a tired hand would."""

from typing import NamedTuple


class Mutant(NamedTuple):
    """One mistake: where it is planted, what it replaces, and its name."""

    module: str
    old: str
    new: str
    mistake: str


# The tests that watch over each module.
TESTS = {
    "forward_pass": ["forward_pass", "bptt"],
    "losses": ["losses"],
    "derivatives": ["derivatives", "bptt"],
    "bptt": ["bptt"],
}

MUTANTS = [
    Mutant("forward_pass", "h_prev[t] @ W_hh", "h_prev[0] @ W_hh", "every step starts anew"),
    Mutant("forward_pass", "h_prev[t] @ W_hh", "h_prev[t] @ W_hh.T", "W_hh transposed, forward"),
    Mutant("forward_pass", " @ W_hh + b_h", " @ W_hh", "bias of the state forgotten"),
    Mutant("forward_pass", ".sum(axis=1)  # L_t", ".mean(axis=1)  # L_t", "mean over the batch"),
    Mutant("losses", "- z_y)[", "+ z_y)[", "sign of the target's logit"),
    Mutant("losses", "return softmax(z) - (", "return softmax(z) + (", "sign of the one-hot row"),
    Mutant("derivatives", "return 1 - h * h", "return 1 - h", "1 - h in place of 1 - h²"),
    Mutant(
        "bptt",
        "delta_h[t] = from_own_loss[t] + message[t]",
        "delta_h[t] = from_own_loss[t]",
        "message dropped",
    ),
    Mutant("bptt", "delta_h[t] * slope[t]", "delta_h[t]", "factor 1 - h² missing on the way back"),
]
