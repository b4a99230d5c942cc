"""Good and bad calls of forward mode and of the sequence shapes."""

from functools import partial

import numpy as np

from networks import random_case
from rnnlib import forward
from rnnlib.decoder import check_decoder_trace, decoder_forward
from rnnlib.decoder_backward import decoder_backward
from rnnlib.decoder_parameters import (
    check_decoder,
    check_encoder_decoder,
    init_decoder,
    init_encoder_decoder,
)
from rnnlib.decoder_rtrl import decoder_influences, decoder_rtrl
from rnnlib.encoder_decoder import encoder_decoder_backward, encoder_decoder_forward
from rnnlib.forward_messages import encoder_decoder_rtrl, forward_messages
from rnnlib.influence import carried, immediate, paired
from rnnlib.recurrent import Recurrent, recurrent_forward
from rnnlib.rtrl import influences, rtrl
from rnnlib.sequence_shapes import many_to_one, one_to_many, sequence_backward
from sequence_cases import WIDTH, random_decoder, random_encoder_decoder

CASE = random_case(T=2)
TRACE = forward(*CASE)
LAYER = Recurrent(CASE.params.W_xh, CASE.params.W_hh, CASE.params.b_h)
LAYER_TRACE = recurrent_forward(LAYER, CASE.x, CASE.h_init)
DELTA_Z = np.ones((1, 3, 13))
RNG = np.random.default_rng(0)
PARAMS, X, Y, H_INIT = CASE
LAST = many_to_one(PARAMS, X, Y[0], H_INIT)

# N = 2 samples; sizes of input, state and word 7, 3, 5; T = 2 steps.
DECODER = random_decoder(RNG)
WORDS = (RNG.standard_normal((2, 5)), RNG.integers(5, size=(2, 2)))
STATES = (RNG.standard_normal((2, 3)), RNG.standard_normal((2, WIDTH)))
SAID = decoder_forward(DECODER, *WORDS, *STATES, "predictions")
BOTH = random_encoder_decoder(0, T_in=2, T_out=2)
HEARD = encoder_decoder_forward(*BOTH, "both", "predictions")
WIDER = random_encoder_decoder(0, T_in=2, T_out=2, width=WIDTH)
WITHOUT_START = SAID.recurrent._replace(states=SAID.recurrent.h)
WITHOUT_MATRIX = BOTH[0]._replace(encoder=BOTH[0].encoder._replace(W_hh=BOTH[0].encoder.b_h))
WITHOUT_ENCODER = BOTH[0]._replace(encoder=tuple(BOTH[0].encoder))

GOOD = [
    partial(immediate, np.ones((3, 11, 11)), np.ones((3, 5))),
    partial(carried, np.ones((3, 11, 7)), np.ones((3, 7, 5, 2))),
    partial(paired, np.ones((3, 11)), np.ones((3, 11, 5))),
    partial(influences, CASE.params, TRACE),
    partial(influences, LAYER, LAYER_TRACE),
    partial(rtrl, CASE.params, TRACE),
    partial(rtrl, CASE.params, TRACE, "diagonal"),
    partial(rtrl, CASE.params, LAYER_TRACE, delta_z=DELTA_Z),
    partial(many_to_one, *CASE._replace(y=Y[0])),
    partial(one_to_many, *CASE._replace(x=X[0])),
    partial(sequence_backward, PARAMS, LAST),
    partial(init_decoder, RNG, 5, 3, 2),
    partial(init_encoder_decoder, RNG, 7, 3, 5),
    partial(check_decoder, DECODER),
    partial(check_decoder_trace, DECODER, SAID),
    partial(check_encoder_decoder, BOTH[0], "both"),
    partial(decoder_forward, DECODER, *WORDS),
    partial(decoder_forward, DECODER, *WORDS, *STATES, "predictions"),
    partial(decoder_backward, DECODER, SAID),
    partial(decoder_influences, DECODER, SAID),
    partial(decoder_rtrl, DECODER, SAID),
    partial(encoder_decoder_forward, *BOTH, "both", "predictions"),
    partial(encoder_decoder_forward, *WIDER, "every step"),
    partial(encoder_decoder_backward, BOTH[0], HEARD),
    partial(forward_messages, BOTH[0], HEARD),
    partial(encoder_decoder_rtrl, BOTH[0], HEARD),
]
BAD = [
    (partial(immediate, np.ones((3, 11)), np.ones((3, 5))), "reach", "n_out", "(3, 11)"),
    (partial(immediate, np.ones((3, 2, 2)), np.ones((2, 5))), "row", "(3, n_in)", "(2, 5)"),
    (partial(carried, np.ones((3, 11)), np.ones((3, 11))), "jacobian", "n_out", "(3, 11)"),
    (
        partial(carried, np.ones((3, 11, 7)), np.ones((3, 11, 5))),
        "influence",
        "shape (3, 7, 5)",
        "(3, 11, 5)",
    ),
    (partial(paired, np.ones(11), np.ones((3, 11))), "delta_h", "(N, n_h)", "(11,)"),
    (
        partial(paired, np.ones((3, 11)), np.ones((2, 11, 5))),
        "influence",
        "shape (3, 11, 5)",
        "(2, 11, 5)",
    ),
    (
        partial(influences, tuple(CASE.params), TRACE),
        "params",
        "Parameters or Recurrent",
        "tuple",
    ),
    *[
        (partial(influences, LAYER._replace(**{name: PARAMS.b_h}), TRACE), name, shape, "(11,)")
        for name, shape in (("W_xh", "shape (n_x, n_h)"), ("W_hh", "shape (11, 11)"))
    ],
    (partial(influences, CASE.params, CASE.x), "trace", "a RecurrentTrace", "ndarray"),
    (
        partial(influences, random_case(n_x=2).params, TRACE),
        "trace.x",
        "shape (T, N, 2)",
        "(2, 3, 5)",
    ),
    (
        partial(influences, random_case(n_h=2).params, TRACE),
        "trace.states",
        "shape (3, 3, 2)",
        "(3, 3, 11)",
    ),
    (partial(influences, CASE.params, TRACE, "own"), "jacobian", "'diagonal'", "'own'"),
    (partial(rtrl, LAYER, TRACE), "params", "Parameters", "Recurrent"),
    (partial(rtrl, CASE.params, CASE.x), "trace", "a RecurrentTrace", "ndarray"),
    (partial(rtrl, CASE.params, LAYER_TRACE), "trace", "a Trace", "RecurrentTrace"),
    (
        partial(rtrl, random_case(n_y=2).params, TRACE),
        "trace.z",
        "shape (2, 3, 2)",
        "(2, 3, 13)",
    ),
    (partial(rtrl, CASE.params, TRACE, "own"), "jacobian", "'full'", "'own'"),
    (
        partial(rtrl, CASE.params, TRACE, delta_z=np.ones((2, 3, 5))),
        "delta_z",
        "(losses, 3, 13)",
        "(2, 3, 5)",
    ),
    (
        partial(rtrl, CASE.params, TRACE, delta_z=np.ones((7, 3, 13))),
        "delta_z",
        "at most 2 losses",
        "7",
    ),
    (partial(many_to_one, LAYER, X, Y[0]), "params", "Parameters", "Recurrent"),
    (partial(many_to_one, PARAMS, X[0], Y[0]), "x", "shape (T, N, 5)", "(3, 5)"),
    (partial(many_to_one, PARAMS, X, Y), "y", "shape (3,)", "(2, 3)"),
    (partial(many_to_one, PARAMS, X, Y[0], H_INIT[0]), "h_init", "shape (3, 11)", "(11,)"),
    (partial(one_to_many, LAYER, X[0], Y), "params", "Parameters", "Recurrent"),
    (partial(one_to_many, PARAMS, X, Y), "x", "shape (N, 5)", "(2, 3, 5)"),
    (partial(one_to_many, PARAMS, X[0], Y[0]), "y", "shape (T, 3)", "(3,)"),
    (
        partial(one_to_many, PARAMS, X[0], Y, activation="cosine"),
        "activation",
        "'tanh'",
        "'cosine'",
    ),
    (partial(sequence_backward, LAYER, LAST), "params", "Parameters", "Recurrent"),
    (partial(sequence_backward, PARAMS, TRACE), "trace", "a SequenceTrace", "Trace"),
    (
        partial(sequence_backward, random_case(n_y=2).params, LAST),
        "trace.z",
        "shape (losses, N, 2)",
        "(1, 3, 13)",
    ),
    (partial(init_decoder, 0, 5, 3, 2), "rng", "Generator", "0"),
    (partial(init_decoder, RNG, 5, 3, 0), "width", "at least 1", "0"),
    (partial(init_encoder_decoder, RNG, 7, 0, 5), "n_h", "at least 1", "0"),
    (partial(check_decoder, tuple(DECODER)), "params", "a Decoder", "tuple"),
    *[
        (partial(check_decoder, DECODER._replace(**{name: np.ones(2)})), name, shape, "(2,)")
        for name, shape in (
            ("W_xh", "shape (n_y, n_h)"),
            ("W_hh", "shape (3, 3)"),
            ("W_ch", "shape (context, 3)"),
            ("W_hy", "shape (3, 5)"),
            ("b_h", "shape (3,)"),
            ("b_y", "shape (5,)"),
        )
    ],
    (partial(check_decoder_trace, DECODER, TRACE), "trace", "a DecoderTrace", "Trace"),
    (
        partial(check_decoder_trace, DECODER, SAID._replace(z=SAID.recurrent.h)),
        "trace.z",
        "shape (T, N, 5)",
        "(2, 2, 3)",
    ),
    (
        partial(check_decoder_trace, DECODER, SAID._replace(recurrent=WITHOUT_START)),
        "trace.recurrent.states",
        "shape (3, 2, 3)",
        "(2, 2, 3)",
    ),
    (
        partial(check_decoder_trace, DECODER, SAID._replace(context=STATES[0])),
        "trace.context",
        "shape (2, 11)",
        "(2, 3)",
    ),
    (partial(check_encoder_decoder, DECODER, "both"), "params", "an EncoderDecoder", "Decoder"),
    (partial(check_encoder_decoder, WITHOUT_ENCODER, "both"), "params", "a Recurrent", "tuple"),
    (partial(check_encoder_decoder, WITHOUT_MATRIX, "both"), "encoder.W_hh", "(n_h, n_h)", "(3,)"),
    (partial(check_encoder_decoder, BOTH[0], "never"), "context", "'both'", "'never'"),
    (
        partial(check_encoder_decoder, WIDER[0], "first state"),
        "decoder.W_hh",
        "shape (11, 11)",
        "(3, 3)",
    ),
    (
        partial(check_encoder_decoder, BOTH[0]._replace(decoder=DECODER), "every step"),
        "decoder.W_ch",
        "shape (3, 3)",
        "(11, 3)",
    ),
    (partial(decoder_forward, PARAMS, *WORDS), "params", "a Decoder", "Parameters"),
    (partial(decoder_forward, DECODER, WORDS[0][0], WORDS[1]), "start", "(N, 5)", "(5,)"),
    (partial(decoder_forward, DECODER, WORDS[0], WORDS[1][0]), "y", "(T, 2)", "(2,)"),
    (partial(decoder_forward, DECODER, *WORDS, STATES[1]), "h_init", "(2, 3)", "(2, 11)"),
    (
        partial(decoder_forward, DECODER, *WORDS, context=STATES[0]),
        "context",
        "(2, 11)",
        "(2, 3)",
    ),
    (
        partial(decoder_forward, DECODER, *WORDS, feedback="argmax"),
        "feedback",
        "'predictions'",
        "'argmax'",
    ),
    (
        partial(decoder_forward, DECODER, *WORDS, activation="cosine"),
        "activation",
        "'tanh'",
        "'cosine'",
    ),
    *[
        bad
        for function in (decoder_backward, decoder_influences, decoder_rtrl)
        for bad in (
            (partial(function, PARAMS, SAID), "params", "a Decoder", "Parameters"),
            (partial(function, DECODER, LAST), "trace", "a DecoderTrace", "SequenceTrace"),
        )
    ],
    (
        partial(encoder_decoder_forward, *BOTH, context="never"),
        "context",
        "'every step'",
        "'never'",
    ),
    (
        partial(encoder_decoder_forward, BOTH[0], BOTH[1], BOTH[2][:1], BOTH[3]),
        "start",
        "shape (2, n_y)",
        "(1, 5)",
    ),
    *[
        bad
        for function in (encoder_decoder_backward, forward_messages, encoder_decoder_rtrl)
        for bad in (
            (partial(function, DECODER, HEARD), "params", "an EncoderDecoder", "Decoder"),
            (partial(function, BOTH[0], SAID), "trace", "an EncoderDecoderTrace", "DecoderTrace"),
        )
    ],
    (
        partial(forward_messages, BOTH[0], HEARD._replace(encoder=SAID.recurrent)),
        "trace.x",
        "shape (T, N, 7)",
        "(2, 2, 5)",
    ),
]
