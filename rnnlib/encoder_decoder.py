"""Two networks in a row: one reads a sequence to its end, the other says another sequence."""

from typing import NamedTuple

import numpy as np

from .arguments import check_array
from .decoder import DecoderTrace, decoder_forward
from .decoder_backward import DecoderBackward, decoder_backward
from .decoder_parameters import EncoderDecoder, check_encoder_decoder
from .recurrent import RecurrentBackward, RecurrentTrace, recurrent_backward, recurrent_forward


class EncoderDecoderTrace(NamedTuple):
    """
    What the forward pass stores.

    Attributes
    ----------
    encoder : RecurrentTrace
        Inputs, pre-activations and states of the encoder, for all steps of the input.
    decoder : DecoderTrace
        Every value of the decoder, for all steps of the output.
    context : str
        Where the last state of the encoder enters the decoder.
    """

    encoder: RecurrentTrace
    decoder: DecoderTrace
    context: str

    def by_last_state(self, by_h_init: np.ndarray, by_context: np.ndarray) -> np.ndarray:
        """Add up derivatives by the last state of the encoder: one for each use of it."""
        if self.context == "both":
            return by_h_init + by_context
        return by_h_init if self.context == "first state" else by_context


class EncoderDecoderBackward(NamedTuple):
    r"""
    What the backward pass computes.

    Attributes
    ----------
    encoder : RecurrentBackward
        Deltas of the encoder. Its last message is what the decoder reports back.
    decoder : DecoderBackward
        Deltas of the decoder.
    gradient : EncoderDecoder
        :math:`\mathrm dL/\mathrm d\theta`, summed over steps and samples.
    """

    encoder: RecurrentBackward
    decoder: DecoderBackward
    gradient: EncoderDecoder


def encoder_decoder_forward(
    params: EncoderDecoder,
    x: np.ndarray,
    start: np.ndarray,
    y: np.ndarray,
    h_init: np.ndarray | None = None,
    context: str = "first state",
    feedback: str = "targets",
    activation: str = "tanh",
) -> EncoderDecoderTrace:
    r"""
    Read a sequence, then say another one, of any length.

    Parameters
    ----------
    params : EncoderDecoder
        The parameters of both networks.
    x : ndarray, shape (steps of the input, N, n_x), float
        Inputs, time first.
    start : ndarray, shape (N, n_y), float
        The word that the decoder hears first.
    y : ndarray, shape (steps of the output, N), int
        Target words, time first.
    h_init : ndarray, shape (N, n_h), float, optional
        The state of the encoder before its first input; zeros if not given.
    context : {"first state", "every step", "both"}
        Where the last state of the encoder enters: as the state that the decoder begins with
        [1]_ (zeros otherwise), added at every step through `W_ch`, or both, much as in [2]_.
    feedback : {"targets", "predictions"}
        Which words the decoder hears after the first: see `rnnlib.decoder.decoder_forward`.
    activation : {"tanh", "sigmoid", "relu", "identity"}
        Activation of all states.

    Returns
    -------
    EncoderDecoderTrace
        Every intermediate value; the loss in nats, summed over the batch.

    Raises
    ------
    ValueError
        If a shape, a dtype, a class number or a value is not what was expected.

    See Also
    --------
    encoder_decoder_backward : the gradient by one walk back.
    rnnlib.forward_messages.encoder_decoder_rtrl : the gradient on the way forward.

    Notes
    -----
    "every step" lets the two networks have states of different sizes. With an input of one
    step, this is a network that says many words about one thing, and hears what it has said.

    The context may enter through the recurrent matrix of the encoder: pass that matrix as
    `W_ch` as well. It then has two uses, and its gradient is the sum of the two gradients.

    References
    ----------
    .. [1] I. Sutskever, O. Vinyals and Q. V. Le, "Sequence to sequence learning with neural
       networks", Advances in Neural Information Processing Systems 27 (2014).
    .. [2] K. Cho et al., "Learning phrase representations using RNN encoder-decoder for
       statistical machine translation", Proceedings of EMNLP (2014) 1724-1734.

    Examples
    --------
    >>> from rnnlib.decoder_parameters import init_encoder_decoder
    >>> params = init_encoder_decoder(np.random.default_rng(0), n_x=7, n_h=3, n_y=5)
    >>> x, start, y = np.ones((6, 2, 7)), np.eye(5)[[0, 0]], np.zeros((4, 2), int)
    >>> encoder_decoder_forward(params, x, start, y).decoder.loss.shape
    (4,)
    """
    check_encoder_decoder(params, context)
    encoder = recurrent_forward(params.encoder, x, h_init, activation)
    last = encoder.h[-1]
    check_array("start", start, (len(last), "n_y"))
    decoder = decoder_forward(
        params.decoder,
        start,
        y,
        h_init=last if context in ("first state", "both") else None,
        context=last if context in ("every step", "both") else None,
        feedback=feedback,
        activation=activation,
    )
    return EncoderDecoderTrace(encoder, decoder, context)


def encoder_decoder_backward(
    params: EncoderDecoder, trace: EncoderDecoderTrace
) -> EncoderDecoderBackward:
    r"""
    Walk back through the decoder, then through the encoder.

    Parameters
    ----------
    params : EncoderDecoder
        The parameters that made the trace.
    trace : EncoderDecoderTrace
        What the forward pass stored.

    Returns
    -------
    EncoderDecoderBackward
        Derivatives of the total loss (nats, summed over steps and batch).

    Raises
    ------
    ValueError
        If `params` and `trace` do not fit together.

    See Also
    --------
    encoder_decoder_forward : makes the trace.

    Notes
    -----
    The encoder has no loss of its own. All it hears arrives at its last state,

    .. math::
        \overleftarrow m = \frac{\mathrm dL}{\mathrm dh^d_{-1}} + \frac{\mathrm dL}{\mathrm dc} ,

    one term for each way in which the decoder has used that state: as its first state, and as
    its context :math:`c`.

    Examples
    --------
    >>> from rnnlib.decoder_parameters import init_encoder_decoder
    >>> params = init_encoder_decoder(np.random.default_rng(0), n_x=7, n_h=3, n_y=5)
    >>> x, start, y = np.ones((6, 2, 7)), np.eye(5)[[0, 0]], np.zeros((4, 2), int)
    >>> trace = encoder_decoder_forward(params, x, start, y)
    >>> encoder_decoder_backward(params, trace).gradient.encoder.W_xh.shape
    (7, 3)
    """
    if not isinstance(trace, EncoderDecoderTrace):
        raise ValueError(f"trace: expected an EncoderDecoderTrace, got {type(trace).__name__}")
    check_encoder_decoder(params, trace.context)
    decoder = decoder_backward(params.decoder, trace.decoder)
    h = trace.encoder.h
    from_decoder = trace.by_last_state(decoder.delta_h_init, decoder.delta_context)
    # No state of the encoder has a loss of its own: nothing comes from above.
    encoder = recurrent_backward(
        params.encoder, trace.encoder, upstream=np.zeros_like(h), message_last=from_decoder
    )
    gradient = EncoderDecoder(encoder.gradient, decoder.gradient)
    return EncoderDecoderBackward(encoder, decoder, gradient)
