"""Recurrent networks and backpropagation through time, written to be read."""

from .activations import ACTIVATIONS, identity, log_sum_exp, relu, sigmoid, softmax, tanh
from .bptt import BackwardTrace, backward, per_step, state_jacobian
from .forward_pass import Trace, forward
from .losses import cross_entropy
from .parameters import Parameters, init_parameters
from .text import encode, next_character_task, one_hot, symbols_of

__version__ = "0.1.0"
__all__ = [
    "ACTIVATIONS",
    "BackwardTrace",
    "Parameters",
    "Trace",
    "backward",
    "cross_entropy",
    "encode",
    "forward",
    "identity",
    "init_parameters",
    "log_sum_exp",
    "next_character_task",
    "one_hot",
    "per_step",
    "relu",
    "sigmoid",
    "softmax",
    "state_jacobian",
    "symbols_of",
    "tanh",
]
