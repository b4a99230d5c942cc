"""Good and bad calls of training: its tasks, its loop, and the model that has read a text."""

from functools import partial

import numpy as np

from networks import random_case
from rnnlib import init_parameters
from rnnlib.character_model import last_state, nats_per_character, sample
from rnnlib.tasks import adding, streams
from rnnlib.training import mean_loss, train

PARAMS = init_parameters(np.random.default_rng(0), n_x=5, n_h=3, n_y=5)
UNEQUAL = random_case().params
X, Y, H = np.zeros((4, 2), int), np.ones((4, 2), int), np.zeros((2, 3))
TEXT = np.arange(40) % 5

# A generator would be changed by a good call: these are drawn from, so each call gets its own.
GOOD = [
    lambda: adding(np.random.default_rng(0), T=4, N=2),
    lambda: sample(PARAMS, "abcde", np.random.default_rng(0), "ab", length=3),
]
for call, function in zip(GOOD, (adding, sample), strict=True):
    call.func, call.args, call.keywords = function, (), {}
GOOD += [
    partial(streams, TEXT, N=2, T=3),
    partial(mean_loss, PARAMS, X, Y, H),
    partial(last_state, PARAMS, X),
    partial(last_state, PARAMS, X, H),
    partial(nats_per_character, PARAMS, TEXT, N=2),
    partial(train, PARAMS, [(X, Y)], 0.1),
    partial(next, train(PARAMS, [(X, Y)], 0.1)),
]

RNG = np.random.default_rng(0)
BAD = [
    (partial(adding, 0, T=4, N=2), "rng", "a numpy.random.Generator", "0"),
    (partial(adding, RNG, T=1, N=2), "T", "at least 2 steps", "1"),
    (partial(adding, RNG, T=2.5, N=2), "T", "a whole number", "2.5"),
    (partial(adding, RNG, T=4, N=0), "N", "a whole number", "0"),
    (partial(streams, X, N=2, T=3), "classes", "shape (length,)", "(4, 2)"),
    (partial(streams, TEXT / 2, N=2, T=3), "classes", "whole numbers", "float64"),
    (partial(streams, TEXT, N=8, T=5), "classes", "at least 41 characters", "40"),
    (partial(streams, TEXT, N=0, T=5), "N", "a whole number", "0"),
    (partial(streams, TEXT, N=2, T=-1), "T", "a whole number", "-1"),
    (partial(mean_loss, PARAMS, X + 5, Y), "x", "class numbers from 0 to 4", "5"),
    (partial(mean_loss, PARAMS, X, Y, H.T), "h_init", "shape (2, 3)", "(3, 2)"),
    (partial(train, PARAMS, [], 0.0), "learning_rate", "a number between 0", "0.0"),
    (partial(train, PARAMS, [], 0.1, max_norm=-1), "max_norm", "a number between 0", "-1"),
    (partial(train, [PARAMS], [], 0.1), "params", "a record of arrays", "list"),
    (partial(last_state, PARAMS, TEXT), "x", "shape (T, N)", "(40,)"),
    (partial(last_state, PARAMS, X, H.T), "h_init", "shape (2, 3)", "(3, 2)"),
    (partial(last_state, None, X), "params", "Parameters", "NoneType"),
    (partial(nats_per_character, PARAMS, TEXT + 1), "classes", "numbers from 0 to 4", "5"),
    (partial(nats_per_character, PARAMS, TEXT, N=40), "classes", "at least 41", "40"),
    (partial(sample, UNEQUAL, "abcde", RNG, "a", 3), "symbols", "one a class", "'abcde'"),
    (partial(sample, PARAMS, "abcd", RNG, "a", 3), "symbols", "5 characters", "'abcd'"),
    (partial(sample, PARAMS, "abcde", 1, "a", 3), "rng", "a numpy.random.Generator", "1"),
    (partial(sample, PARAMS, "abcde", RNG, "", 3), "start", "at least one", "''"),
    (partial(sample, PARAMS, "abcde", RNG, "axe", 3), "start", "characters of", "'x'"),
    (partial(sample, PARAMS, "abcde", RNG, "a", 0), "length", "a whole number", "0"),
    (
        partial(sample, PARAMS, "abcde", RNG, "a", 3, temperature=0),
        "temperature",
        "a number between 0",
        "0",
    ),
]
