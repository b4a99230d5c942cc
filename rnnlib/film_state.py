"""A film as data for the view: what is given, and the lines of the walk that lead on from it."""

import json
import re
from typing import Any

import numpy as np
from math_core import LatexToMathML

from .film import Film, is_given, node_of
from .printing import shape_of, visible
from .walk import Line

_to_mathml = LatexToMathML().convert_with_local_state


def mathml(tex: str) -> str:
    """
    Convert LaTeX to the inside of a ``<math>`` element.

    Parameters
    ----------
    tex : str
        LaTeX, such as ``h_{0}``.

    Returns
    -------
    str
        MathML Core.

    Examples
    --------
    >>> mathml("h_{0}")
    '<msub><mi>h</mi><mn>0</mn></msub>'
    """
    return _to_mathml(tex, displaystyle=False).removeprefix("<math>").removesuffix("</math>")


def film_state(film: Film) -> dict[str, Any]:
    """
    Write a film as JSON-ready data: what is given, and the equations that lead on from it.

    Parameters
    ----------
    film : Film
        The film.

    Returns
    -------
    dict
        What is given as numbers; every other value as the equation of its frame; symbols
        and operators as MathML, with a τ where the step goes.

    Examples
    --------
    >>> import numpy as np
    >>> from rnnlib import forward, init_parameters, next_character_task
    >>> from rnnlib.frames import forward_frames
    >>> params = init_parameters(np.random.default_rng(0), 2, 3, 2)
    >>> trace = forward(params, *next_character_task(["aba"], "ab"))
    >>> state = film_state(forward_frames(params, trace))
    >>> state["given"]["h[-1]"], state["groups"]["b_h"][:2]
    ([[0.0, 0.0, 0.0]], ['<msub><mi>b</mi><mi>h</mi></msub>', '(3,)'])
    """
    given = [key for key in film.values if is_given(film, key)]
    groups: dict[str, list[Any]] = {}
    labels: list[tuple[str, ...]] = [()]  # each set of names once
    shown = {part for frame in film.frames for part in frame.equation}
    for key, value in film.values.items():
        # A transpose, a square or a sign is described only if an equation uses it.
        if _group(key) not in groups and (key in shown or key == node_of(key)):
            groups[_group(key)] = [  # symbol, shape, scale, rows, columns
                mathml(_any_step(value.tex, key)),
                shape_of(value.array),
                round(film.scale(key), 4),
                _number_of(value.rows, labels),
                _number_of(value.columns, labels),
            ]
    operators = {
        # Alone, a sign is set without space around it; between symbols it needs some.
        part: mathml(part).replace(' lspace="0" rspace="0"', "")
        for frame in film.frames
        for part in ("=", "+", *frame.equation[1:])
        if part not in film.values
    }
    lines = list(dict.fromkeys(map(_as_json, (frame.line for frame in film.frames))))
    walk = [(lines.index(_as_json(frame.line)), frame.t, frame.marks) for frame in film.frames]
    return {
        "title": film.title,
        "T": film.T,
        "switches": film.switches,
        "classes": [visible(symbol) for symbol in film.symbols],
        "given": {key: np.atleast_2d(film.values[key].array).tolist() for key in given},
        "labels": labels,
        "groups": groups,
        "operators": operators,
        "lines": [json.loads(line) for line in lines],
        "walk": [entry if entry[2] else entry[:2] for entry in walk],
    }


def _number_of(names: tuple[str, ...], labels: list[tuple[str, ...]]) -> int:
    """Find a set of names in a list, to which it is added if it is new."""
    if names not in labels:
        labels.append(names)
    return labels.index(names)


def _as_json(line: Line) -> str:
    wording = {name: part for name, part in line.wording._asdict().items() if part}
    return json.dumps(line._asdict() | {"wording": wording})


def _group(key: str) -> str:
    """The key without its step: values that differ only in the step share a description."""
    return re.sub(r"\[-?\d+\]", "", key)


def _any_step(tex: str, key: str) -> str:
    """The symbol with a τ for its step."""
    step = re.search(r"\[(-?\d+)\]", key)
    return tex.replace(f"{{{step[1]}}}", r"{\tau}") if step else tex
