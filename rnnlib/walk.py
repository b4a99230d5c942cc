"""One line of a walk is written once, with a t for its step, and read at every step."""

import re
from typing import NamedTuple

from .printing import format_number
from .wording import Sentence

STEP = re.compile(r"\[t([+-]1)?\]")
GROWING = re.compile(r"gradient_\w+\[")
SPOKEN = re.compile(r"\{t([+-]1)?\}")


class Line(NamedTuple):
    """
    What is computed at each step, for any step t.

    Attributes
    ----------
    phase : str
        ``"forward"`` or ``"backward"``.
    result : str
        Key of the value that is computed: ``"h[t]"``.
    right : tuple of str
        The right-hand side: keys of values, and LaTeX for what stands between them. A term
        that reads from beyond the last step falls away there.
    code : str
        The line of code, with a term for each term of the right-hand side.
    wording : Sentence
        What happens.
    """

    phase: str
    result: str
    right: tuple[str, ...]
    code: str
    wording: Sentence


def at_step(text: str, t: int) -> str:
    """
    Put a step into a text.

    Parameters
    ----------
    text : str
        A text with ``[t]``, ``[t-1]``, ``[t+1]`` in keys and code, and ``{t}`` in words.
    t : int
        The step.

    Returns
    -------
    str
        The text at that step.

    Examples
    --------
    >>> at_step("h[t] = np.tanh(a[t])", 2)
    'h[2] = np.tanh(a[2])'
    >>> at_step("the state of t = {t-1}", 0)
    'the state of t = −1'
    """
    text = STEP.sub(lambda found: f"[{t + int(found[1] or 0)}]", text)
    return SPOKEN.sub(lambda found: format_number(t + int(found[1] or 0)), text)


def sentence_at(wording: Sentence, t: int) -> Sentence:
    """
    Put a step into a sentence.

    Parameters
    ----------
    wording : Sentence
        The sentence for any step.
    t : int
        The step.

    Returns
    -------
    Sentence
        The sentence at that step.

    Examples
    --------
    >>> sentence_at(Sentence("t = {t}: {h[t]@j}", {"j": "widest h[t]"}), 1)
    Sentence(text='t = 1: {h[1]@j}', picks={'j': 'widest h[1]'}, at_end='', at_start='')
    """
    picks = {letter: at_step(how, t) for letter, how in wording.picks.items()}
    added = "" if t else at_step(wording.at_start, t)
    return Sentence(at_step(wording.text, t), picks, at_step(wording.at_end, t), added)


def equation_at(line: Line, t: int, T: int) -> tuple[tuple[str, ...], str]:
    """
    Write the equation and the code of a line at one step of a walk.

    Parameters
    ----------
    line : Line
        The line.
    t, T : int
        The step, and how many steps are walked.

    Returns
    -------
    equation : tuple of str
        Result, equals sign, right-hand side; the result alone if it is given. A gradient
        that grows takes the new sum: there an arrow stands.
    code : str
        The line of code. Terms that would read from beyond the last step are left out of
        both: no message arrives at step T - 1, and there each gradient begins.

    Examples
    --------
    >>> line = Line("backward", "s[t]", ("s[t+1]", "+", "x[t]"), "s = s + x[t]", Sentence(""))
    >>> equation_at(line, 0, 2)
    (('s[0]', '=', 's[1]', '+', 'x[0]'), 's = s + x[0]')
    >>> equation_at(line, 1, 2)
    (('s[1]', '=', 'x[1]'), 's = x[1]')
    """
    result, right = at_step(line.result, t), [at_step(part, t) for part in line.right]
    if not right:
        return (result,), at_step(line.code, t)
    left, _, code = at_step(line.code, t).partition(" = ")
    terms, spelled = _terms(right), code.split(" + ")
    kept = [not any(_is_beyond(part, T) for part in term) for term in terms]
    if len(spelled) == len(terms):
        code = " + ".join(word for word, keep in zip(spelled, kept, strict=True) if keep)
    equation = [result, r"\leftarrow" if GROWING.match(result) else "="]
    for term in (term for term, keep in zip(terms, kept, strict=True) if keep):
        equation += [*(["+"] if len(equation) > 2 else []), *term]
    return tuple(equation), f"{left} = {code}"


def _terms(right: list[str]) -> list[list[str]]:
    """Split a right-hand side at each plus that no bracket encloses."""
    terms: list[list[str]] = [[]]
    depth = 0
    for part in right:
        depth += (part == "(") - (part == ")")
        if part == "+" and not depth:
            terms.append([])
        else:
            terms[-1].append(part)
    return terms


def _is_beyond(part: str, T: int) -> bool:
    """Whether a value belongs to a step that is not walked; a message to the last one does."""
    found = re.match(r"(\w+)\[(-?\d+)\]", part)
    return found is not None and int(found[2]) >= (T - found[1].startswith("message"))
