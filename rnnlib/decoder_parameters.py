"""The parameters of a decoder, alone and behind an encoder."""

from typing import NamedTuple

import numpy as np

from .arguments import check_array, check_choice, check_size
from .parameters import init_parameters
from .recurrent import Recurrent


class Decoder(NamedTuple):
    """
    The parameters of a decoder. A gradient has the same type.

    Attributes
    ----------
    W_xh : ndarray, shape (n_y, n_h)
        From the word that is heard to the state.
    W_hh : ndarray, shape (n_h, n_h)
        From the state to the next state.
    W_ch : ndarray, shape (context, n_h)
        From the context to every state. Without a context it does nothing.
    W_hy : ndarray, shape (n_h, n_y)
        From the state to the logits.
    b_h : ndarray, shape (n_h,)
        Bias of the state.
    b_y : ndarray, shape (n_y,)
        Bias of the logits.
    """

    W_xh: np.ndarray
    W_hh: np.ndarray
    W_ch: np.ndarray
    W_hy: np.ndarray
    b_h: np.ndarray
    b_y: np.ndarray


class EncoderDecoder(NamedTuple):
    """
    The parameters of both networks. A gradient has the same type.

    Attributes
    ----------
    encoder : Recurrent
        Reads the inputs.
    decoder : Decoder
        Says the words. Its context is the last state of the encoder.
    """

    encoder: Recurrent
    decoder: Decoder


def init_decoder(
    rng: "np.random.Generator",
    n_y: int,
    n_h: int,
    width: int,
    dtype: np.dtype | type = np.float64,
) -> Decoder:
    """
    Draw random weights; set the biases to zero.

    Parameters
    ----------
    rng : numpy.random.Generator
        Where the numbers come from: ``np.random.default_rng(seed)``.
    n_y, n_h, width : int
        Sizes of word, state and context.
    dtype : dtype, default float64
        The floating-point type of all six arrays.

    Returns
    -------
    Decoder
        Weights of mean 0 and variance 1 / rows, biases 0.

    Raises
    ------
    ValueError
        If `rng` is no generator, a size is not a whole number of at least one, or
        `dtype` is not a floating-point type.

    See Also
    --------
    rnnlib.parameters.init_parameters : the same for the network, with the reason.

    Examples
    --------
    >>> init_decoder(np.random.default_rng(0), n_y=5, n_h=3, width=2).W_ch.shape
    (2, 3)
    """
    W_xh, W_hh, W_hy, b_h, b_y = init_parameters(rng, n_y, n_h, n_y, dtype)
    width = check_size("width", width)
    W_ch = (rng.standard_normal((width, n_h)) / np.sqrt(width)).astype(dtype)
    return Decoder(W_xh, W_hh, W_ch, W_hy, b_h, b_y)


def check_decoder(params: Decoder) -> tuple[int, int, int]:
    """
    Check that the six arrays fit together.

    Parameters
    ----------
    params : Decoder
        The arrays to check; their sizes are read off `W_xh` and `W_ch`.

    Returns
    -------
    n_y, n_h, width : int
        Sizes of word, state and context.

    Raises
    ------
    ValueError
        If `params` is no `Decoder`, or an array has a wrong shape, dtype or value.

    Examples
    --------
    >>> check_decoder(init_decoder(np.random.default_rng(0), n_y=5, n_h=3, width=2))
    (5, 3, 2)
    """
    if not isinstance(params, Decoder):
        raise ValueError(f"params: expected a Decoder, got {type(params).__name__}")
    n_y, n_h = check_array("W_xh", params.W_xh, ("n_y", "n_h")).shape
    check_array("W_hh", params.W_hh, (n_h, n_h))
    width, _ = check_array("W_ch", params.W_ch, ("context", n_h)).shape
    check_array("W_hy", params.W_hy, (n_h, n_y))
    check_array("b_h", params.b_h, (n_h,))
    check_array("b_y", params.b_y, (n_y,))
    return n_y, n_h, width


def init_encoder_decoder(
    rng: "np.random.Generator", n_x: int, n_h: int, n_y: int, dtype: np.dtype | type = np.float64
) -> EncoderDecoder:
    """
    Draw random weights for both networks; set the biases to zero.

    Parameters
    ----------
    rng : numpy.random.Generator
        Where the numbers come from: ``np.random.default_rng(seed)``.
    n_x, n_h, n_y : int
        Sizes of input, of both states, and of word.
    dtype : dtype, default float64
        The floating-point type of all arrays.

    Returns
    -------
    EncoderDecoder
        Weights of mean 0 and variance 1 / rows, biases 0.

    Raises
    ------
    ValueError
        As in `init_decoder`.

    Examples
    --------
    >>> params = init_encoder_decoder(np.random.default_rng(0), n_x=7, n_h=3, n_y=5)
    >>> params.encoder.W_xh.shape, params.decoder.W_xh.shape
    ((7, 3), (5, 3))
    """
    W_xh, W_hh, _, b_h, _ = init_parameters(rng, n_x, n_h, n_y, dtype)
    return EncoderDecoder(Recurrent(W_xh, W_hh, b_h), init_decoder(rng, n_y, n_h, n_h, dtype))


def check_encoder_decoder(params: EncoderDecoder, context: str) -> None:
    """
    Check that encoder and decoder fit together.

    Parameters
    ----------
    params : EncoderDecoder
        The arrays to check.
    context : {"first state", "every step", "both"}
        Where the last state of the encoder enters the decoder. "every step" lets the two
        states have different sizes.

    Raises
    ------
    ValueError
        If `params` is no `EncoderDecoder`, `context` is unknown, or a size does not fit.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> params = init_encoder_decoder(rng, n_x=7, n_h=3, n_y=5)
    >>> wider = params._replace(decoder=init_decoder(rng, n_y=5, n_h=11, width=3))
    >>> check_encoder_decoder(wider, "every step")
    >>> check_encoder_decoder(wider, "first state")
    Traceback (most recent call last):
        ...
    ValueError: decoder.W_hh: expected shape (3, 3), got (11, 11)
    """
    if not isinstance(params, EncoderDecoder):
        raise ValueError(f"params: expected an EncoderDecoder, got {type(params).__name__}")
    if not isinstance(params.encoder, Recurrent):
        raise ValueError(f"params: expected a Recurrent encoder, got {type(params[0]).__name__}")
    n_h = check_decoder(params.decoder)[1]
    width = len(check_array("encoder.W_hh", params.encoder.W_hh, ("n_h", "n_h")))
    check_array("decoder.W_ch", params.decoder.W_ch, (width, n_h))
    if check_choice("context", context, ["first state", "every step", "both"]) != "every step":
        check_array("decoder.W_hh", params.decoder.W_hh, (width, width))
