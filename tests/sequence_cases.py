"""Random decoders and encoder-decoders for tests, with a batch, in every wiring."""

from itertools import product

import numpy as np
import pytest

from networks import LENGTHS
from rnnlib.decoder_parameters import Decoder, EncoderDecoder
from rnnlib.recurrent import Recurrent
from sequence_loops import relative_error

# A complex step has no truncation error, and each number is a sum of at most a few hundred
# products of size 1: 1e-13 or so, relative to the largest. The issue asks for 1e-10.
TOLERANCE = 1e-10

# Pairwise different primes. Only "every step" allows a size of its own for each state.
N, N_X, N_H, N_Y, WIDTH = 2, 7, 3, 5, 11
CONTEXTS = ("first state", "every step", "both")
FEEDBACKS = ("targets", "predictions")
WIRINGS = pytest.mark.parametrize(("context", "feedback"), [*product(CONTEXTS, FEEDBACKS)])
LENGTH_PAIRS = pytest.mark.parametrize(("T_in", "T_out"), [*product(LENGTHS, LENGTHS)])


def assert_close(got, wanted, name):
    error = relative_error(got, wanted)
    assert error <= TOLERANCE, f"{name}: relative error {error:.1e}"


def random_decoder(rng, n_h=N_H, width=WIDTH):
    """Draw a decoder in which nothing is zero, small enough not to saturate."""
    shapes = ((N_Y, n_h), (n_h, n_h), (width, n_h), (n_h, N_Y), (n_h,), (N_Y,))
    return Decoder(*(rng.standard_normal(shape) / np.sqrt(shape[0]) for shape in shapes))


def random_encoder_decoder(seed, T_in=7, T_out=7, width=N_H):
    """Draw both networks and a batch: the first arguments of `encoder_decoder_forward`."""
    rng = np.random.default_rng(seed)
    shapes = ((N_X, width), (width, width), (width,))
    encoder = Recurrent(*(rng.standard_normal(shape) / np.sqrt(shape[0]) for shape in shapes))
    params = EncoderDecoder(encoder, random_decoder(rng, width=width))
    x, start = rng.standard_normal((T_in, N, N_X)), rng.standard_normal((N, N_Y))
    return params, x, start, rng.integers(N_Y, size=(T_out, N)), rng.standard_normal((N, width))


def values_of(params, x, start, y, h_init):
    """Name the numbers of a case for the loops; nothing is added to what the encoder hands on."""
    n_h, width = len(params.decoder.W_hh), len(h_init[0])
    return {
        **{f"encoder.{name}": array for name, array in params.encoder._asdict().items()},
        **{f"decoder.{name}": array for name, array in params.decoder._asdict().items()},
        "encoder.x": x,
        "encoder.h_init": h_init,
        "decoder.start": start,
        "decoder.h_init": np.zeros((N, n_h)),
        "decoder.context": np.zeros((N, width)),
    }
