"""An oracle for every derivative of the network: the tape, which knows nothing of BPTT."""

from collections import defaultdict
from collections.abc import Callable, Collection
from typing import NamedTuple

import numpy as np

from .arguments import check_array, check_choice, check_classes
from .bptt import BackwardTrace
from .parameters import Parameters, check_parameters
from .tape import Node

# In the few operations of the tape; the logistic function is e^(-log(1 + e^(-a))).
ON_THE_TAPE: dict[str, Callable[[Node], Node]] = {
    "tanh": Node.tanh,
    "sigmoid": lambda a: ((1.0 + (a * -1.0).exp()).log() * -1.0).exp(),
    "relu": lambda a: a * (a.value > 0),
    "identity": lambda a: a,
}


class Derivatives(NamedTuple):
    r"""
    What an oracle says: all that `rnnlib.bptt` computes.

    Attributes
    ----------
    back : BackwardTrace
        Derivatives by every intermediate value and every parameter, and the messages.
    shares : Parameters
        Each array has a leading axis of length T: entry :math:`t` is the derivative by the
        copy of the parameter that step :math:`t` uses.
    """

    back: BackwardTrace
    shares: Parameters


def tape_derivatives(
    params: Parameters,
    x: np.ndarray,
    y: np.ndarray,
    h_init: np.ndarray,
    activation: str = "tanh",
    loss_weight: np.ndarray | None = None,
    detach_at: Collection[int] = (),
) -> Derivatives:
    r"""
    Run the network on the tape, and read every derivative off its nodes.

    Parameters
    ----------
    params : Parameters
        The weights and biases.
    x : ndarray, shape (T, N, n_x), float
        Inputs.
    y : ndarray, shape (T, N), int
        Target classes.
    h_init : ndarray, shape (N, n_h), float
        The state before the first input.
    activation : {"tanh", "sigmoid", "relu", "identity"}
        Activation of the state.
    loss_weight : ndarray, shape (T,), float, optional
        How much the loss of each step counts; one each if not given. With a one at step
        :math:`t` and zeros elsewhere, the shares are row :math:`t` of the triangle
        :math:`\mathrm dL_t/\mathrm d\theta^{(k)}`.
    detach_at : collection of int, optional
        Steps that take the state before them as plain numbers: truncated BPTT.

    Returns
    -------
    Derivatives
        Of the total loss (nats, summed over steps and batch), float64.

    Raises
    ------
    ValueError
        If a shape, a dtype, a class number or a value is not what was expected.

    See Also
    --------
    rnnlib.nudges.complex_step_derivatives : the same without any chain rule.
    rnnlib.bptt.backward : what is held against it.

    Notes
    -----
    At every step each parameter, and the state on its way to the next step, passes through a
    node of its own. The gradients of these nodes are the shares, and the messages.

    Examples
    --------
    >>> from rnnlib import init_parameters
    >>> params = init_parameters(np.random.default_rng(0), n_x=5, n_h=3, n_y=7)
    >>> batch = np.ones((4, 2, 5)), np.zeros((4, 2), int), np.zeros((2, 3))
    >>> tape_derivatives(params, *batch).back.message[-1].tolist()
    [[0.0, 0.0, 0.0], [0.0, 0.0, 0.0]]
    """
    params, x, h_init, loss_weight = in_float64(params, x, y, h_init, activation, loss_weight)
    theta = {name: Node(array) for name, array in params._asdict().items()}
    before_all = Node(h_init)
    seen: dict[str, list[Node]] = defaultdict(list)

    def seen_as(name: str, node: Node) -> Node:
        seen[name].append(node + 0.0)
        return seen[name][-1]

    loss, h_prev = Node(0.0), before_all
    for t in range(len(x)):
        if t in detach_at:
            h_prev = h_prev.detach()
        W_xh, W_hh, W_hy, b_h, b_y = (seen_as(*named) for named in theta.items())
        a_t = seen_as("a", seen_as("x", Node(x[t])) @ W_xh + h_prev @ W_hh + b_h)
        h_t = seen_as("h", ON_THE_TAPE[activation](a_t))
        z_t = seen_as("z", h_t @ W_hy + b_y)
        shifted = z_t - z_t.value.max(axis=1, keepdims=True)
        rows = shifted.exp().sum(axis=1).log() - shifted[np.arange(len(y[t])), y[t]]
        loss = loss + rows.sum() * loss_weight[t]
        # The later steps see this node; the loss of this step does not.
        h_prev = seen_as("message", h_t)

    loss.backward()
    by = {name: np.stack([node.gradient for node in nodes]) for name, nodes in seen.items()}
    gradient = Parameters(*(node.gradient for node in theta.values()))
    return derivatives_by_name(by, before_all.gradient, gradient)


def derivatives_by_name(
    by: dict[str, np.ndarray], delta_h_init: np.ndarray, gradient: Parameters
) -> Derivatives:
    """
    Sort what an oracle has found.

    Parameters
    ----------
    by : dict of str to ndarray, shape (T, ...)
        Derivatives by "z", "message", "h", "a", "x", and by each step's copy of each
        parameter.
    delta_h_init : ndarray, shape (N, n_h)
        The derivative by the state before the first input.
    gradient : Parameters
        The derivatives by the parameters that all steps share.

    Returns
    -------
    Derivatives
        The same arrays.

    Examples
    --------
    >>> from rnnlib import init_parameters
    >>> theta = init_parameters(np.random.default_rng(0), n_x=5, n_h=3, n_y=7)
    >>> by = {name: np.ones(4) for name in ("z", "message", "h", "a", "x", *theta._fields)}
    >>> derivatives_by_name(by, np.ones(3), theta).back.delta_a.tolist()
    [1.0, 1.0, 1.0, 1.0]
    """
    z, message, h, a, x = (by[name] for name in ("z", "message", "h", "a", "x"))
    shares = Parameters(*(by[name] for name in Parameters._fields))
    return Derivatives(BackwardTrace(z, message, h, a, x, delta_h_init, gradient), shares)


def in_float64(
    params: Parameters,
    x: np.ndarray,
    y: np.ndarray,
    h_init: np.ndarray,
    activation: str,
    loss_weight: np.ndarray | None,
) -> tuple[Parameters, np.ndarray, np.ndarray, np.ndarray]:
    """
    Check the arguments of an oracle, and give it all the digits there are.

    Parameters
    ----------
    params : Parameters
        The weights and biases.
    x, y, h_init : ndarray, shapes (T, N, n_x), (T, N) of int, (N, n_h)
        Inputs, target classes, and the state before the first input.
    activation : {"tanh", "sigmoid", "relu", "identity"}
        Activation of the state.
    loss_weight : ndarray, shape (T,), float, optional
        How much the loss of each step counts; one each if not given.

    Returns
    -------
    params : Parameters
        The same numbers in float64, as all that follow.
    x, h_init, loss_weight : ndarray, shapes (T, N, n_x), (N, n_h), (T,)
        The weights are ones if none were given.

    Raises
    ------
    ValueError
        If an argument is not what was expected.

    Examples
    --------
    >>> from rnnlib import init_parameters
    >>> params = init_parameters(np.random.default_rng(0), 5, 3, 7, dtype=np.float32)
    >>> batch = np.ones((4, 2, 5)), np.zeros((4, 2), int), np.zeros((2, 3))
    >>> wide, *_, loss_weight = in_float64(params, *batch, "tanh", None)
    >>> wide.W_hh.dtype.name, loss_weight.tolist()
    ('float64', [1.0, 1.0, 1.0, 1.0])
    """
    n_x, n_h, n_y = check_parameters(params)
    T, N, _ = check_array("x", x, ("T", "N", n_x)).shape
    check_classes("y", y, (T, N), n_classes=n_y)
    check_array("h_init", h_init, (N, n_h))
    check_choice("activation", activation, ON_THE_TAPE)
    loss_weight = np.ones(T) if loss_weight is None else loss_weight
    check_array("loss_weight", loss_weight, (T,))
    wide = [np.asarray(array, np.float64) for array in (*params, x, h_init, loss_weight)]
    return Parameters(*wide[:5]), wide[5], wide[6], wide[7]
