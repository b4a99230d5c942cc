"""Worlds for the claims of document 000: dense, recurrent, dense, in its own sizes and others."""

from collections import ChainMap
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from .claim_worlds import STEPS
from .layer_worlds import PARAMETERS, Kind, LayerValues
from .worlds import Computed, World, world_of

SIZES = (2, 3, 5, 6, 8)
PRINTED = (10, 20, 5, 100, 128)  # of input, front layer, state, output and batch
IN_LAYER = ("W_xe", "W_hh", "W_hy")  # one parameter of each layer, from the front


def letters_of(values: LayerValues) -> dict[str, Any]:
    r"""
    Add what only document 000 speaks of.

    Parameters
    ----------
    values : LayerValues
        A network of three layers.

    Returns
    -------
    dict of str to object
        Copies of each parameter, and what the loss of one step says to them; how many numbers
        are held; and :math:`\delta^a_T = 0`, since nothing comes after the last step.

    Examples
    --------
    >>> values = LayerValues(np.random.default_rng(0), Kind(PRINTED, steps=3))
    >>> letters_of(values)["held"]
    52480
    """
    N, n_h = values.N, values.sizes["n_h"]

    def delta_a(t: int) -> Any:
        return np.zeros((N, n_h)) if t == values.T else values.total("a", t)

    def of_one_loss(name: str, t: int, s: int) -> Any:
        return values.slopes(name, s)[values.step(t)]

    def copied(name: str, s: int) -> Any:
        return values.theta[name] if values.step(s) == s else None

    held = sum(values.plain[name].size for name in ("x", "e", "h", "y_hat"))
    return {
        "held": held,
        "eta": 0.1,
        "delta_a": Computed(delta_a),
        "layers": len(IN_LAYER),
        "dL[]/dtheta()": Computed(lambda t, s, k: of_one_loss(IN_LAYER[k], t, s), times=3),
        "dL/dtheta": Computed(lambda k: values.total(IN_LAYER[k], None)),
        "dL/dtheta()": Computed(lambda s, k: values.total(IN_LAYER[k], s), times=2),
        **{f"dL[]/d{p}()": Computed(partial(of_one_loss, p), times=2) for p in PARAMETERS},
        **{f"{p}()": Computed(partial(copied, p)) for p in PARAMETERS},
    }


def layers(
    rng: np.random.Generator, sizes: tuple[int, ...] = (), steps: int = 0, **kind: Any
) -> World:
    """
    Draw a network of three layers.

    Parameters
    ----------
    rng : numpy.random.Generator
        Draws it.
    sizes : tuple of int
        Of input, front layer, state, output and batch; drawn if not given.
    steps : int
        Number of steps; drawn if not given.
    **kind : object
        Output, loss and so on, as `rnnlib.layer_worlds.Kind` has them.

    Returns
    -------
    World
        With the letters of document 000 that the book does not have.

    Examples
    --------
    >>> layers(np.random.default_rng(0)).values["T"]
    7
    """
    steps = steps or int(rng.choice(STEPS))
    sizes = sizes or tuple(int(size) for size in rng.permutation(SIZES))
    values = LayerValues(rng, Kind(sizes, steps, **kind))
    return world_of(ChainMap(letters_of(values), values))  # type: ignore[arg-type]


def table(rng: np.random.Generator) -> World:
    """
    Draw a network for the tables of sizes: one draw in four has the sizes that are printed.

    Parameters
    ----------
    rng : numpy.random.Generator
        Draws it.

    Returns
    -------
    World
        As `layers`; in the printed sizes without a last activation, which costs less.

    Examples
    --------
    >>> {table(np.random.default_rng(seed)).values["N"] for seed in range(5)} >= {128}
    True
    """
    if rng.integers(4) == 1:
        return layers(rng, PRINTED, min(STEPS), output="identity")
    return layers(rng)


def waiting(rng: np.random.Generator) -> World:
    """
    Draw three layers, and count only those whose shares of the gradient have to wait.

    Parameters
    ----------
    rng : numpy.random.Generator
        Draws it.

    Returns
    -------
    World
        As `layers`, where an index of layers stops before the output.

    Examples
    --------
    >>> waiting(np.random.default_rng(0)).values["layers"]
    2
    """
    drawn = layers(rng)
    return World(ChainMap({"layers": 2}, drawn.values), drawn.ranges)  # type: ignore[arg-type]


WORLDS: dict[str, Callable[[np.random.Generator], World]] = {
    "layers": layers,
    "one_step": partial(layers, steps=1),
    "three_steps": partial(layers, steps=3),
    "squared": partial(layers, loss="squared error"),
    "classes": partial(layers, output="softmax", loss="cross-entropy"),
    "from_zero": partial(layers, from_zero=True),
    "table": table,
    "waiting": waiting,
}
