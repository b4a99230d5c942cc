"""A network that says one word at every step, and hears the word before."""

from typing import NamedTuple

import numpy as np

from .activations import ACTIVATIONS, softmax
from .arguments import check_array, check_choice, check_classes
from .decoder_parameters import Decoder, check_decoder
from .losses import cross_entropy
from .recurrent import RecurrentTrace
from .text import one_hot


class DecoderTrace(NamedTuple):
    """
    What the forward pass stores.

    Attributes
    ----------
    recurrent : RecurrentTrace
        The words that were heard, shape (T, N, n_y), as its `x`; pre-activations and states.
    context : ndarray, shape (N, context)
        What was added at every step, before `W_ch`; zeros if nothing was.
    y : ndarray of int, shape (T, N)
        Target words.
    z : ndarray, shape (T, N, n_y)
        Logits.
    y_hat : ndarray, shape (T, N, n_y)
        The words that were said, each as a probability distribution.
    loss : ndarray, shape (T,)
        Loss of each step in nats, summed over the batch.
    feedback : str
        Which words were heard after the first: "targets" or "predictions".
    """

    recurrent: RecurrentTrace
    context: np.ndarray
    y: np.ndarray
    z: np.ndarray
    y_hat: np.ndarray
    loss: np.ndarray
    feedback: str


def decoder_forward(
    params: Decoder,
    start: np.ndarray,
    y: np.ndarray,
    h_init: np.ndarray | None = None,
    context: np.ndarray | None = None,
    feedback: str = "targets",
    activation: str = "tanh",
) -> DecoderTrace:
    r"""
    Say one word a step, and hear the one before.

    Parameters
    ----------
    params : Decoder
        The weights and biases.
    start : ndarray, shape (N, n_y), float
        The word that is heard first: a start token, or a first word.
    y : ndarray, shape (T, N), int
        Target words, time first.
    h_init : ndarray, shape (N, n_h), float, optional
        The state before the first word; zeros if not given.
    context : ndarray, shape (N, context), float, optional
        What is added to every pre-activation through `W_ch`; zeros if not given.
    feedback : {"targets", "predictions"}
        Which words are heard after the first: the right ones (teacher forcing [1]_), or the
        network's own, as the probabilities of all words.
    activation : {"tanh", "sigmoid", "relu", "identity"}
        Activation of the state.

    Returns
    -------
    DecoderTrace
        Every intermediate value of every step; the loss in nats, summed over the batch.

    Raises
    ------
    ValueError
        If a shape, a dtype, a class number or a value is not what was expected.

    See Also
    --------
    rnnlib.decoder_backward.decoder_backward : the gradient by one walk back.
    rnnlib.encoder_decoder.encoder_decoder_forward : first state and context from a sequence.

    Notes
    -----
    With the context :math:`c`, for :math:`t = 0, \dots, T-1`, where :math:`x_0` is the start,

    .. math::
        x_t &= \mathrm{onehot}(y_{t-1}) \quad\text{or}\quad x_t = \hat y_{t-1} \\
        a_t &= x_t W_{xh} + h_{t-1} W_{hh} + c W_{ch} + b_h \\
        h_t &= \tanh a_t \\
        z_t &= h_t W_{hy} + b_y, \quad \hat y_t = \mathrm{softmax}(z_t)

    A single most likely word in place of :math:`\hat y_{t-1}` would have no derivative.

    References
    ----------
    .. [1] R. J. Williams and D. Zipser, "A learning algorithm for continually running fully
       recurrent neural networks", Neural Computation 1 (1989) 270-280.

    Examples
    --------
    >>> from rnnlib.decoder_parameters import init_decoder
    >>> params = init_decoder(np.random.default_rng(0), n_y=5, n_h=3, width=2)
    >>> trace = decoder_forward(params, start=np.eye(5)[[0, 0]], y=np.zeros((4, 2), int))
    >>> trace.recurrent.h.shape, trace.loss.shape
    ((4, 2, 3), (4,))
    """
    n_y, n_h, width = check_decoder(params)
    start = check_array("start", start, ("N", n_y))
    y = check_classes("y", y, ("T", len(start)), n_classes=n_y)
    T, N = y.shape
    h_init = np.zeros((N, n_h), start.dtype) if h_init is None else h_init
    h_init = check_array("h_init", h_init, (N, n_h))
    context = np.zeros((N, width), start.dtype) if context is None else context
    context = check_array("context", context, (N, width))
    check_choice("feedback", feedback, ["targets", "predictions"])
    phi = ACTIVATIONS[check_choice("activation", activation, ACTIVATIONS)]
    W_xh, W_hh, W_ch, W_hy, b_h, b_y = params

    # All values have the type that the products will have.
    dtype = np.result_type(start, h_init, context, *params)
    x, z, y_hat = np.empty((3, T, N, n_y), dtype)
    a = np.empty((T, N, n_h), dtype)
    states = np.empty((T + 1, N, n_h), dtype)
    states[0] = h_init
    h_prev, h = states[:-1], states[1:]
    x[0] = start
    if feedback == "targets":
        x[1:] = one_hot(y[:-1], n_y)

    # In time, outputs and all: a word may be heard that was said one step before.
    for t in range(T):
        # a_t = x_t W_xh + h_{t-1} W_hh + c W_ch + b_h
        a[t] = x[t] @ W_xh + h_prev[t] @ W_hh + context @ W_ch + b_h
        # h_t = tanh a_t
        h[t] = phi(a[t])
        # z_t = h_t W_hy + b_y
        z[t] = h[t] @ W_hy + b_y
        # ŷ_t = softmax(z_t)
        y_hat[t] = softmax(z[t])
        if feedback == "predictions":
            x[t + 1 : t + 2] = y_hat[t]  # x_{t+1} = ŷ_t, if there is a next step
    loss = cross_entropy(z, y).sum(axis=1)
    recurrent = RecurrentTrace(x, states, a, activation)
    return DecoderTrace(recurrent, context, y, z, y_hat, loss, feedback)


def check_decoder_trace(params: Decoder, trace: DecoderTrace) -> None:
    """
    Check that a trace can have come from these parameters.

    Parameters
    ----------
    params : Decoder
        The parameters.
    trace : DecoderTrace
        What a forward pass stored.

    Raises
    ------
    ValueError
        If `params` is no `Decoder`, `trace` no `DecoderTrace`, or a shape does not fit.

    Examples
    --------
    >>> from rnnlib.decoder_parameters import init_decoder
    >>> params = init_decoder(np.random.default_rng(0), n_y=5, n_h=3, width=2)
    >>> check_decoder_trace(params, "no trace")
    Traceback (most recent call last):
        ...
    ValueError: trace: expected a DecoderTrace, got str
    """
    n_y, n_h, width = check_decoder(params)
    if not isinstance(trace, DecoderTrace):
        raise ValueError(f"trace: expected a DecoderTrace, got {type(trace).__name__}")
    T, N, _ = check_array("trace.z", trace.z, ("T", "N", n_y)).shape
    check_array("trace.recurrent.states", trace.recurrent.states, (T + 1, N, n_h))
    check_array("trace.context", trace.context, (N, width))
