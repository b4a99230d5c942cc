"""What a decoder reports back, in letters: to the encoder's last state, and to a word it said."""

import numpy as np
import sympy as sp

from .symbolic_components import Derivation, elementwise, letters


def encoder_decoder_step(n_x: int, n_h: int, n_y: int, T: int = 1) -> Derivation:
    r"""
    Write one step of an encoder, and a decoder that uses the state it leaves in two ways.

    Parameters
    ----------
    n_x, n_h, n_y : int
        Sizes of input, of both states, and of the words that the decoder hears.
    T : int
        Steps of the decoder.

    Returns
    -------
    Derivation
        One sample. The loss is linear in the decoder's states, with a letter for what the
        layers above say about each component.

    Notes
    -----
    The encoder's state is the context :math:`c`. The decoder begins with it, and adds it at
    every step:

    .. math::
        c &= \tanh(x W^e_{xh} + h^e_{-1} W^e_{hh} + b^e_h), \quad h_{-1} = c \\
        h_t &= \tanh(x_t W_{xh} + h_{t-1} W_{hh} + c W_{ch} + b_h)

    Examples
    --------
    >>> encoder_decoder_step(n_x=1, n_h=1, n_y=1, T=2).values["h"].shape
    (2, 1)
    """
    by = {
        "x": letters("x^{e}", n_x),
        "h_prev": letters("h^{e}", n_h),
        "encoder_W_xh": letters("W^{e}_{xh}", n_x, n_h),
        "encoder_W_hh": letters("W^{e}_{hh}", n_h, n_h),
        "encoder_b_h": letters("b^{e}_{h}", n_h),
        "W_xh": letters("W_{xh}", n_y, n_h),
        "W_hh": letters("W_{hh}", n_h, n_h),
        "W_ch": letters("W_{ch}", n_h, n_h),
        "b_h": letters("b_{h}", n_h),
    }
    given = {"heard": letters("x", T, n_y), "upstream": letters("u", T, n_h)}
    values = {"context": letters("c", n_h), "h": letters("h", T, n_h)}
    x, h_prev, encoder_W_xh, encoder_W_hh, encoder_b_h, W_xh, W_hh, W_ch, b_h = by.values()
    context = elementwise(sp.tanh, x @ encoder_W_xh + h_prev @ encoder_W_hh + encoder_b_h)
    words = dict(zip(context, values["context"], strict=True))
    loss, h_t = sp.Integer(0), context
    for t in range(T):
        h_t = elementwise(sp.tanh, given["heard"][t] @ W_xh + h_t @ W_hh + context @ W_ch + b_h)
        words |= dict(zip(h_t, values["h"][t], strict=True))
        loss += (given["upstream"][t] * h_t).sum()
    return Derivation(by, given, values, loss, words)


def encoder_decoder_formulas(step: Derivation) -> dict[str, np.ndarray]:
    r"""
    Write the walk back through decoder and encoder, as the book has it.

    Parameters
    ----------
    step : Derivation
        What `encoder_decoder_step` has made.

    Returns
    -------
    dict of str to ndarray of sympy.Expr
        The derivative by each entry of ``step.by``.

    Notes
    -----
    The context hears of every use that was made of it, as the first state and at each step:

    .. math::
        \frac{\mathrm dL}{\mathrm dc} = \overleftarrow m_{-1} + \sum_t \delta^a_t W_{ch}^\top,
        \qquad \overleftarrow m_{-1} = \delta^a_0 W_{hh}^\top

    Examples
    --------
    >>> from rnnlib.symbolic_components import proven
    >>> step = encoder_decoder_step(n_x=1, n_h=1, n_y=1)
    >>> all(proven(encoder_decoder_formulas(step), step.by_sympy()).values())
    True
    """
    x, h_before, encoder_W_xh, encoder_W_hh, _, _, W_hh, W_ch, _ = step.by.values()
    heard, upstream = step.given.values()
    context, h = step.values.values()
    h_prev = np.stack([context, *h[:-1]])
    delta_a = np.empty_like(h)
    message = 0 * context
    for t in reversed(range(len(h))):
        delta_h = upstream[t] + message
        delta_a[t] = delta_h * (1 - h[t] * h[t])
        message = delta_a[t] @ W_hh.T
    delta_context = message + delta_a.sum(axis=0) @ W_ch.T
    at_encoder = delta_context * (1 - context * context)
    return {
        "x": at_encoder @ encoder_W_xh.T,
        "h_prev": at_encoder @ encoder_W_hh.T,
        "encoder_W_xh": np.outer(x, at_encoder),
        "encoder_W_hh": np.outer(h_before, at_encoder),
        "encoder_b_h": at_encoder,
        "W_xh": heard.T @ delta_a,
        "W_hh": h_prev.T @ delta_a,
        "W_ch": np.outer(context, delta_a.sum(axis=0)),
        "b_h": delta_a.sum(axis=0),
    }


def heard_word(n_y: int) -> Derivation:
    r"""
    Write the two losses that the logits of a word have a part in, if the word is heard next.

    Parameters
    ----------
    n_y : int
        Number of words.

    Returns
    -------
    Derivation
        The cross-entropy of this word against word 0, and what the next step says about
        what it has heard: linear in :math:`x_{t+1} = \hat y_t`, with a letter for each
        component of :math:`\delta^x_{t+1}`.

    Examples
    --------
    >>> heard_word(n_y=2).by["z"]
    array([z_{t,0}, z_{t,1}], dtype=object)
    """
    by = {"z": letters("z_{t}", n_y)}
    given = {"delta_x": letters(r"\delta^{x}", n_y)}
    values = {"y_hat": letters(r"\hat y_{t}", n_y)}
    exponentials = elementwise(sp.exp, by["z"])
    partition = exponentials.sum()
    loss = sp.log(partition) - by["z"][0] + (given["delta_x"] * exponentials / partition).sum()
    words = {partition: sp.Dummy(positive=True)}
    for long, short in zip(exponentials, values["y_hat"] * words[partition], strict=True):
        words |= {long: short, long**2: short**2}  # sympy writes the square as exp(2 z)
    return Derivation(by, given, values, loss, words)


def heard_word_formulas(step: Derivation) -> dict[str, np.ndarray]:
    r"""
    Write the delta of the logits of a word that is heard next, as the book has it.

    Parameters
    ----------
    step : Derivation
        What `heard_word` has made.

    Returns
    -------
    dict of str to ndarray of sympy.Expr
        The derivative by "z".

    Notes
    -----
    .. math::
        \delta^z_t = \hat y_t - \mathrm{onehot}(y_t)
        + \delta^x_{t+1} \bigl(\mathrm{diag}(\hat y_t) - \hat y_t^\top \hat y_t\bigr)

    Examples
    --------
    >>> from rnnlib.symbolic_components import proven
    >>> step = heard_word(n_y=3)
    >>> proven(heard_word_formulas(step), step.by_sympy())
    {'z': True}
    """
    y_hat, delta_x = step.values["y_hat"], step.given["delta_x"]
    one_hot = np.eye(len(y_hat), dtype=int)[0]
    return {"z": y_hat - one_hot + delta_x @ (np.diag(y_hat) - np.outer(y_hat, y_hat))}
