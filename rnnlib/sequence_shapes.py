"""Sequences that enter or leave at some steps only: a delta starts only where a loss is."""

from typing import NamedTuple

import numpy as np

from .activations import softmax
from .arguments import check_array, check_classes
from .bptt import BackwardTrace
from .losses import cross_entropy, cross_entropy_delta
from .parameters import Parameters, check_parameters
from .products import sum_of_products
from .recurrent import Recurrent, RecurrentTrace, recurrent_backward, recurrent_forward


class SequenceTrace(NamedTuple):
    """
    What the forward pass stores: all states, and outputs for the last steps alone.

    Attributes
    ----------
    recurrent : RecurrentTrace
        Inputs, pre-activations and states of all T steps.
    y : ndarray of int, shape (losses, N)
        Target classes of the last steps.
    z : ndarray, shape (losses, N, n_y)
        Logits of the last steps.
    y_hat : ndarray, shape (losses, N, n_y)
        Predictions of the last steps.
    loss : ndarray, shape (losses,)
        Their losses in nats, summed over the batch.
    """

    recurrent: RecurrentTrace
    y: np.ndarray
    z: np.ndarray
    y_hat: np.ndarray
    loss: np.ndarray

    @property
    def delta_z(self) -> np.ndarray:
        """What each loss says about its logits, shape (losses, N, n_y): ŷ - onehot(y)."""
        return cross_entropy_delta(self.z, self.y)


def many_to_one(
    params: Parameters,
    x: np.ndarray,
    y: np.ndarray,
    h_init: np.ndarray | None = None,
    activation: str = "tanh",
) -> SequenceTrace:
    r"""
    Read a whole sequence, then name one class: a text and its mood.

    Parameters
    ----------
    params : Parameters
        The weights and biases.
    x : ndarray, shape (T, N, n_x), float
        Inputs, time first.
    y : ndarray, shape (N,), int
        The target class of each sequence.
    h_init : ndarray, shape (N, n_h), float, optional
        The state before the first input; zeros if not given.
    activation : {"tanh", "sigmoid", "relu", "identity"}
        Activation of the state.

    Returns
    -------
    SequenceTrace
        All states, and the output and loss (nats, summed over the batch) of the last one.

    Raises
    ------
    ValueError
        If a shape, a dtype, a class number or a value is not what was expected.

    See Also
    --------
    sequence_backward : the gradient by one walk back.
    rnnlib.rtrl.rtrl : the gradient on the way forward, from ``trace.recurrent`` and
        ``trace.delta_z``.

    Notes
    -----
    .. math:: L = L_{T-1}

    Examples
    --------
    >>> from rnnlib import init_parameters
    >>> params = init_parameters(np.random.default_rng(0), n_x=5, n_h=3, n_y=7)
    >>> many_to_one(params, x=np.ones((4, 2, 5)), y=np.zeros(2, int)).y_hat.shape
    (1, 2, 7)
    """
    layer, n_y = _layer(params)
    states = recurrent_forward(layer, x, h_init, activation)
    y = check_classes("y", y, states.x.shape[1:2], n_classes=n_y)
    return _with_losses(params, states, y[np.newaxis])


def one_to_many(
    params: Parameters,
    x: np.ndarray,
    y: np.ndarray,
    h_init: np.ndarray | None = None,
    activation: str = "tanh",
) -> SequenceTrace:
    r"""
    Read one input, then name a class at every step: a picture and the words below it.

    Parameters
    ----------
    params : Parameters
        The weights and biases.
    x : ndarray, shape (N, n_x), float
        The input of the first step. Nothing enters at any later step.
    y : ndarray, shape (T, N), int
        Target classes, time first.
    h_init : ndarray, shape (N, n_h), float, optional
        The state before the input; zeros if not given.
    activation : {"tanh", "sigmoid", "relu", "identity"}
        Activation of the state.

    Returns
    -------
    SequenceTrace
        States, outputs and losses (nats, summed over the batch) of all T steps.

    Raises
    ------
    ValueError
        If a shape, a dtype, a class number or a value is not what was expected.

    See Also
    --------
    rnnlib.decoder.decoder_forward : the words that were said are heard again.

    Notes
    -----
    .. math::
        a_0 &= x_0 W_{xh} + h_{-1} W_{hh} + b_h \\
        a_t &= h_{t-1} W_{hh} + b_h, \quad t \ge 1

    Nothing is a row of zeros: then every formula of the gradient holds as it stands, and
    :math:`W_{xh}` has its immediate part at :math:`t = 0` alone.

    Examples
    --------
    >>> from rnnlib import init_parameters
    >>> params = init_parameters(np.random.default_rng(0), n_x=5, n_h=3, n_y=7)
    >>> one_to_many(params, x=np.ones((2, 5)), y=np.zeros((4, 2), int)).loss.shape
    (4,)
    """
    layer, n_y = _layer(params)
    x = check_array("x", x, ("N", len(params.W_xh)))
    y = check_classes("y", y, ("T", len(x)), n_classes=n_y)
    nothing = np.zeros((len(y) - 1, *x.shape), x.dtype)
    states = recurrent_forward(layer, np.concatenate([x[np.newaxis], nothing]), h_init, activation)
    return _with_losses(params, states, y)


def sequence_backward(params: Parameters, trace: SequenceTrace) -> BackwardTrace:
    r"""
    Walk back through all steps; hear a loss where there is one.

    Parameters
    ----------
    params : Parameters
        The parameters that made the trace.
    trace : SequenceTrace
        What `many_to_one` or `one_to_many` stored.

    Returns
    -------
    BackwardTrace
        Derivatives of the total loss (nats, summed over losses and batch).

    Raises
    ------
    ValueError
        If `params` and `trace` do not fit together.

    See Also
    --------
    rnnlib.bptt.backward : for a loss at every step.
    rnnlib.rtrl.rtrl : the gradient on the way forward, from ``trace.recurrent`` and
        ``trace.delta_z``.

    Notes
    -----
    A step without a loss has :math:`\delta^z_t = 0`, and the message is all that it hears:
    :math:`\delta^h_t = \overleftarrow m_t`.

    Examples
    --------
    >>> from rnnlib import init_parameters
    >>> params = init_parameters(np.random.default_rng(0), n_x=5, n_h=3, n_y=7)
    >>> trace = many_to_one(params, x=np.ones((4, 2, 5)), y=np.zeros(2, int))
    >>> sequence_backward(params, trace).delta_h.shape
    (4, 2, 3)
    """
    layer, n_y = _layer(params)
    if not isinstance(trace, SequenceTrace):
        raise ValueError(f"trace: expected a SequenceTrace, got {type(trace).__name__}")
    check_array("trace.z", trace.z, ("losses", "N", n_y))
    h = trace.recurrent.h
    # δ^z_t = ŷ_t - onehot(y_t) where a loss is, and 0 where none is
    delta_z = np.zeros((*h.shape[:2], n_y), trace.z.dtype)
    delta_z[-len(trace.z) :] = trace.delta_z
    back = recurrent_backward(layer, trace.recurrent, upstream=delta_z @ params.W_hy.T)
    gradient = Parameters(
        W_xh=back.gradient.W_xh,
        W_hh=back.gradient.W_hh,
        W_hy=sum_of_products(h, delta_z),  # sum over t of h_t' δ^z_t
        b_h=back.gradient.b_h,
        b_y=delta_z.sum(axis=(0, 1)),
    )
    return BackwardTrace(
        delta_z,
        back.message,
        back.delta_h,
        back.delta_a,
        back.delta_x,
        back.delta_h_init,
        gradient,
    )


def _layer(params: Parameters) -> tuple[Recurrent, int]:
    """Take the recurrent layer out of the network; count the classes."""
    n_y = check_parameters(params)[-1]
    return Recurrent(params.W_xh, params.W_hh, params.b_h), n_y


def _with_losses(params: Parameters, states: RecurrentTrace, y: np.ndarray) -> SequenceTrace:
    """Put an output and a loss on each of the last steps, as many as there are targets."""
    z = states.h[-len(y) :] @ params.W_hy + params.b_y
    return SequenceTrace(states, y, z, softmax(z), cross_entropy(z, y).sum(axis=1))
