"""Sentences with holes: the words are fixed, the numbers are looked up when it is read.

The view fills the same holes when the reader changes a number, by the same few rules.
"""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from .printing import format_number

HOLE = re.compile(r"\{([#']?)([^@}:]+)(?:@(\w))?(?::(\d))?\}")


class Sentence(NamedTuple):
    """
    What the live region says at a frame.

    Attributes
    ----------
    text : str
        Words with holes. ``{#j}`` is the number j, ``{'k}`` the name of class k,
        ``{z[0]@k}`` entry k of the first row of a value, ``{x[0]·W_xh@j}`` entry j of the
        first row of a product, ``{loss[0]}`` a number, ``{T*1.5}`` that number for
        each step. A ``:4`` asks for four decimals.
    picks : dict of str to str
        Where the letters of the holes point: ``"widest a[0]"`` to the entry of largest
        size, ``"narrowest a[0]"`` to that of smallest size, ``"largest z[0]"`` to the largest
        entry, ``"class y[0]"`` to the target; all in the first row.
    at_end : str
        The words for the last step, if they are others.
    at_start : str
        What is added at step 0, where a walk back ends.
    """

    text: str
    picks: Mapping[str, str] = {}
    at_end: str = ""
    at_start: str = ""


def fill(
    sentence: Sentence,
    arrays: Mapping[str, np.ndarray],
    classes: Sequence[str] = (),
    is_last: bool = False,
    T: int = 1,
) -> str:
    """
    Fill the holes of a sentence.

    Parameters
    ----------
    sentence : Sentence
        Words and holes.
    arrays : mapping of str to ndarray
        The values by their keys.
    classes : sequence of str, optional
        The name of each class; without it, classes are called by number.
    is_last : bool, optional
        Whether this is the last step of the walk.
    T : int, default 1
        How many steps are walked.

    Returns
    -------
    str
        Plain words.

    Examples
    --------
    >>> said = Sentence("Unit {#j} holds {h[0]@j}.", {"j": "widest h[0]"})
    >>> fill(said, {"h[0]": np.array([[0.1, -0.7]])})
    'Unit 1 holds −0.70.'
    """

    def row(key: str) -> np.ndarray:
        left, _, right = key.partition("·")
        array = np.atleast_2d(arrays[left])[0]
        return array @ arrays[right] if right else array

    def pick(how: str) -> int:
        way, _, key = how.partition(" ")
        if way == "class":
            return int(row(key)[0])
        signs = {"widest": np.abs(row(key)), "narrowest": -np.abs(row(key))}
        return int(signs.get(way, row(key)).argmax())

    at = {letter: pick(how) for letter, how in sentence.picks.items()}

    def look_up(hole: re.Match[str]) -> str:
        kind, key, letter, digits = hole.groups()
        if kind == "#":
            return str(at[key])
        if kind == "'":
            return f"‘{classes[at[key]]}’" if classes else f"class {at[key]}"
        if key.startswith("T*"):
            return format_number(T * float(key[2:]))
        return format_number(float(row(key)[at[letter] if letter else 0]), int(digits or 2))

    words = sentence.at_end if is_last and sentence.at_end else sentence.text
    return HOLE.sub(look_up, words + sentence.at_start)
