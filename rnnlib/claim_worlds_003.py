"""
Worlds for the claims of document 003: single sequences, no biases, four kinds of wiring.

In those named *own units* each unit feeds only itself; in those named *own logits* each output
depends on its own logit alone.
"""

from collections import ChainMap
from functools import partial
from typing import Any

import numpy as np

from .network_worlds import NUDGE
from .pair_worlds import PairValues
from .shaped_worlds import ShapedValues
from .worlds import World

SIZES = (2, 3, 4, 5)
STEPS = (4, 5)
MATRICES = ("W_xh", "W_hh", "W_hy")
RECURRENT = ("W_hh", "W_e_hh", "W_ch")


def components(rng: np.random.Generator, own_units: bool = False, **kind: Any) -> World:
    """
    Draw a network without biases.

    Parameters
    ----------
    rng : numpy.random.Generator
        Draws it.
    own_units : bool
        If each unit feeds only itself.
    **kind : object
        As for `rnnlib.shaped_worlds.ShapedValues`.

    Returns
    -------
    World
        With ranges for two steps.

    Examples
    --------
    >>> bool(components(np.random.default_rng(0)).values["b_h"].any())
    False
    """
    settings = {"one_sample": True, "steps": int(rng.choice(STEPS)), "sizes": SIZES, **kind}
    values = ShapedValues(rng, **settings)
    _simplify(values.given, own_units)
    steps = range(values.T)
    return World(values, {"t": steps, "s": steps})


def without_time(rng: np.random.Generator) -> World:
    """
    Draw a network of one step, whose state before is zero.

    Parameters
    ----------
    rng : numpy.random.Generator
        Draws it.

    Returns
    -------
    World
        It reads a batch.

    Examples
    --------
    >>> without_time(np.random.default_rng(0)).values["T"]
    1
    """
    world = components(rng, one_sample=False, steps=1)
    world.values.given["h_init"][:] = 0  # type: ignore[attr-defined]
    return world


def pair(
    rng: np.random.Generator,
    steps: str = "T",
    own_units: bool = False,
    heard: str = "",
    **kind: Any,
) -> World:
    """
    Draw an encoder and a decoder, in which the context enters at every step.

    Parameters
    ----------
    rng : numpy.random.Generator
        Draws them.
    steps : {"T", "T_e"}
        What t runs over.
    own_units : bool
        If each unit feeds only itself.
    heard : {"", "targets", "predictions"}
        What the decoder hears; drawn if empty.
    **kind : object
        As for `rnnlib.pair_worlds.PairValues`.

    Returns
    -------
    World
        The state of the encoder before its first input is not zero, that of the decoder is.

    Examples
    --------
    >>> values = pair(np.random.default_rng(0)).values
    >>> bool(values["h"].values[0].any()), bool(values["h_e"].values[0].any())
    (False, True)
    """
    heard = heard or str(rng.choice(["targets", "predictions"]))
    tied = bool(kind.pop("tied", rng.integers(2)))
    values = PairValues(rng, "every step", heard, tied=tied, lengths=STEPS, **kind)
    _simplify(values.given, own_units)
    if tied:
        values.given["W_ch"] = values.given["W_e_hh"]
    return World(values, {"t": range(values.sizes[steps])})


def _simplify(given: dict[str, np.ndarray], own_units: bool) -> None:
    for name, value in given.items():
        if name.startswith("b_"):
            given[name] = np.zeros_like(value)
        elif own_units and name in RECURRENT:
            given[name] = np.diag(np.diag(value))


def moving(world: World, rng: np.random.Generator) -> World:
    """
    Move everything that can be learned, and see what the loss does.

    Parameters
    ----------
    world : World
        A network or a pair.
    rng : numpy.random.Generator
        Draws the direction.

    Returns
    -------
    World
        With the differentials of the loss and of each matrix.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> moving(components(rng), rng).values["dW_hy"].ndim
    2
    """
    values: Any = world.values
    before = dict(values.given)
    moved = {name: rng.normal(size=W.shape) for name, W in before.items() if name[0] == "W"}
    # Here the matrices themselves move; the derivatives by one matrix nudge its uses instead.
    values.given |= {name: before[name] + 1j * NUDGE * by for name, by in moved.items()}
    change = np.imag(values.run({})["L"].sum()) / NUDGE
    values.given |= before
    found = {f"d{name}": by for name, by in moved.items()} | {"dL": change}
    return World(ChainMap(found, values), world.ranges)


def _moving_network(rng: np.random.Generator) -> World:
    return moving(components(rng), rng)


def _moving_pair(rng: np.random.Generator, tied: bool) -> World:
    return moving(pair(rng, tied=tied), rng)


WORLDS = {
    "no time": without_time,
    "components": components,
    "own units": partial(components, own_units=True),
    "own logits": partial(components, outputs="logistic"),
    "one answer": partial(components, losses="last"),
    "one answer, own units": partial(components, losses="last", own_units=True),
    "one answer, own logits": partial(components, losses="last", outputs="logistic"),
    "one input": partial(components, inputs="first"),
    "one input, own units": partial(components, inputs="first", own_units=True),
    "all matrices moved": _moving_network,
    "encoder": partial(pair, steps="T_e"),
    "encoder, own units": partial(pair, steps="T_e", own_units=True),
    "pair": pair,
    "pair, own units": partial(pair, own_units=True, heard="targets"),
    "pair, own logits": partial(pair, outputs="logistic", heard="targets"),
    "pair, context through the encoder": partial(pair, tied=True, heard="predictions"),
    "pair, all matrices moved": partial(_moving_pair, tied=False),
    "pair, context through the encoder, all matrices moved": partial(_moving_pair, tied=True),
}
