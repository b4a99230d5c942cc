"""What the check laboratory shows: levers, errors as short codes, and a table without a script."""

import re
from collections.abc import Collection
from html import escape
from math import floor, isnan, log10
from typing import Any

from .check_networks import CheckSetting
from .check_tuning import (
    LEVELS,
    PLANTED,
    RIGHT,
    TOLERANCES,
    all_settings,
    errors_of,
    missed_by,
    same_as_right,
)
from .misconceptions import MISCONCEPTIONS

LABELS = {  # what a lever is called, and its levels
    "T": ("steps T", ("1", "2", "3", "5")),
    "N": ("samples N", ("1", "2")),
    "n_h": ("units of the state", ("1", "3")),
    "symmetric": ("W_hh", ("symmetric", "not symmetric")),
    "biases": ("biases", ("zero", "drawn")),
    "first_state": ("state before the first", ("zero", "drawn")),
    "scale": ("weights times", ("0.001", "0.1", "1", "10")),
}
SOUND, USUAL = CheckSetting(), 1e-6
WEAK: tuple[dict[str, Any], ...] = (  # one lever at a time
    {"T": 1},
    {"T": 2},
    {"N": 1},
    {"n_h": 1},
    {"symmetric": True},
    {"biases": False},
    {"first_state": False},
    {"scale": 0.001},
    {"scale": 10.0},
)


def lab_state() -> dict[str, Any]:
    """
    Say what the view shows: levers with their levels, and the mistakes with their sentences.

    Returns
    -------
    dict
        Ready for JSON.

    Examples
    --------
    >>> lab_state()["levers"][0]
    {'label': 'steps T', 'levels': ['1', '2', '3', '5']}
    """
    levers = [{"label": label, "levels": list(texts)} for label, texts in LABELS.values()]
    exponents = [round(-log10(tolerance)) for tolerance in TOLERANCES]
    sentences = {mistake.name: mistake.sentence for mistake in MISCONCEPTIONS}
    return {
        "levers": levers,
        "exponents": exponents,
        "mistakes": [{"name": name, "sentence": sentences[name]} for name in PLANTED],
    }


def encoded(errors: dict[str, float], same: Collection[str] = ()) -> str:
    """
    Write errors in two characters each: the first digit, and the power of ten as a letter.

    Parameters
    ----------
    errors : dict of str to float
        What `rnnlib.check_tuning.errors_of` found.
    same : collection of str, optional
        The mistakes that make no difference: their letter is a capital.

    Returns
    -------
    str
        ``"3c"`` is 3e-2, rounded down; an error of at least 10, or NaN, is ``"9a"``, one below
        1e-25 is ``"0z"``.

    Examples
    --------
    >>> encoded({"right": 2.4e-10, "wrong": 1.5, "nothing": 0.0})
    '2k1a0z'
    >>> encoded({"right": 2.4e-10, "wrong": 2.4e-10}, same=["wrong"])
    '2k2K'
    """
    codes = {name: _code(error) for name, error in errors.items()}
    return "".join(code.upper() if name in same else code for name, code in codes.items())


def error_table() -> str:
    """
    Measure every setting of the laboratory: what the static page looks up.

    Returns
    -------
    str
        What `encoded` gives for each of `rnnlib.check_tuning.all_settings`, one after the other.

    Examples
    --------
    >>> len(error_table())  # 512 settings, 20 mistakes and the right gradient
    21504
    """
    return "".join(
        encoded(errors_of(setting), same_as_right(setting)) for setting in all_settings()
    )


def weak_settings_table() -> str:
    """
    Write a table of what slips through when one lever of a sound setting is weak.

    Returns
    -------
    str
        HTML, for readers without JavaScript.

    Examples
    --------
    >>> "<td>first step lost</td>" in weak_settings_table()
    True
    """
    sizes = f"T = {SOUND.T}, N = {SOUND.N}, {SOUND.n_h} units, nothing zero or symmetric"
    rows = [(f"sound: {sizes}", SOUND, USUAL)]
    for weak in WEAK:
        [(name, value)] = weak.items()
        label, texts = LABELS[name]
        rows.append((f"{label}: {texts[LEVELS[name].index(value)]}", SOUND._replace(**weak), USUAL))
    rows.append(("weights times: 0.001, tolerance: 0.01", SOUND._replace(scale=0.001), 1e-2))
    rows.append(("tolerance: 1e-12", SOUND, 1e-12))
    return (
        f"<table><caption>A gradient check, and which of {len(PLANTED)} planted mistakes slip"
        " through. The tolerance is 1e-6 where nothing else is said.</caption><tbody><tr>"
        '<th scope="col">setting</th><th scope="col">is the right gradient there</th>'
        '<th scope="col">is off by less than the tolerance</th>'
        '<th scope="col">the right gradient</th></tr>'
        + "".join(_row(*row) for row in rows)
        + "</tbody></table>"
    )


def _row(label: str, setting: CheckSetting, tolerance: float) -> str:
    errors, same = errors_of(setting), same_as_right(setting)
    missed = missed_by(errors, tolerance)
    kinds = [name for name in missed if name in same], [n for n in missed if n not in same]
    passes = "passes" if errors[RIGHT] <= tolerance else "fails too"
    texts = [*(_pretty(", ".join(names) or "nothing") for names in kinds), passes]
    cells = "".join(f"<td>{text}</td>" for text in texts)
    return f'<tr><th scope="row">{_pretty(label)}</th>{cells}</tr>'


def _pretty(text: str) -> str:
    """Set what hangs below a letter."""
    return re.sub(r"_\{([^}]*)\}|_([a-z]+)", r"<sub>\1\2</sub>", escape(text))


def _code(error: float) -> str:
    if isnan(error) or error >= 10:
        return "9a"
    if error < 1e-25:
        return "0z"
    power = floor(log10(error))
    digit = min(9, floor(error / 10.0**power + 1e-9))
    return f"{digit}{chr(ord('a') - power)}" if power <= 0 else "9a"
