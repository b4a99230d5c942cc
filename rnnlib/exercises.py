"""Exercises that name the mistake: an answer is compared with what known mistakes produce."""

from collections import Counter
from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any, NamedTuple

import numpy as np


class Exercise(NamedTuple):
    """
    One exercise, and the mistakes that it can tell apart.

    Attributes
    ----------
    name : str
        What is asked for, as the feedback calls it.
    settings : tuple of callable
        Each draws a setting from a random generator: a named tuple with the arguments
        of the answer. Ordinary settings come before extreme ones.
    solution : callable
        From a setting to the right result.
    mistakes : mapping of str to callable
        The sentence that names a mistake, and a function from a setting to what this
        mistake produces.
    lead : callable, optional
        From a setting and a wrong answer of the right shape to a sentence on where it first
        goes wrong, for a mistake that is not known; an empty one if it has nothing to say.
    """

    name: str
    settings: tuple[Callable[[np.random.Generator], Any], ...]
    solution: Callable[[Any], Any]
    mistakes: Mapping[str, Callable[[Any], Any]]
    lead: Callable[[Any, np.ndarray], str] = lambda setting, answer: ""


class Feedback(NamedTuple):
    """
    What the check found.

    Attributes
    ----------
    right : bool
        Whether the answer is right.
    sentence : str
        What to tell the reader; this is what ``print`` shows.
    """

    right: bool
    sentence: str

    def __str__(self) -> str:
        return self.sentence


# A sum of n float32 products is off by about n · 6e-8 of its size. With n up to 11, and five
# steps of which each at most doubles the error it is handed, that is 11 · 2**5 · 6e-8 = 2e-5,
# which must pass. The known mistakes differ by 1e-3 and more.
TOLERANCE = 1e-4


def check(exercise: Exercise, answer: Callable[..., Any], rng: np.random.Generator) -> Feedback:
    """
    Try an answer on random settings, and say in one sentence what came out.

    Parameters
    ----------
    exercise : Exercise
        The question.
    answer : callable
        The reader's function. If it returns None or ``...``, it is not attempted.
    rng : numpy.random.Generator
        Where the settings come from: ``np.random.default_rng(seed)``.

    Returns
    -------
    Feedback
        Right; not attempted; a mistake by its name; or where the first difference is.

    Raises
    ------
    ValueError
        If `exercise` is no `Exercise`, or `rng` no generator.

    Examples
    --------
    >>> import rnnlib
    >>> from rnnlib.forward_exercises import SOFTMAX
    >>> rng = np.random.default_rng(0)
    >>> print(check(SOFTMAX, lambda z: None, rng))
    Softmax: not attempted yet.
    >>> print(check(SOFTMAX, np.exp, rng))
    Softmax: not yet. The exponentials are not divided by their sum.
    >>> print(check(SOFTMAX, rnnlib.softmax, rng))
    Softmax: right, in 3 random settings.
    """
    if not isinstance(exercise, Exercise):
        raise ValueError(f"exercise: expected an Exercise, got {type(exercise).__name__}")
    if not isinstance(rng, np.random.Generator):
        raise ValueError(f"rng: expected a numpy.random.Generator, got {rng!r}")
    name, differences = exercise.name, []
    explanations: Counter[str] = Counter()
    for draw in exercise.settings:
        setting = draw(rng)
        with np.errstate(all="ignore"):  # a sentence says it better than a warning
            try:
                # A copy, so that an answer may overwrite its arguments.
                got = answer(*deepcopy(setting))
                if got is None or got is ...:
                    raise NotImplementedError
                got = np.asarray(got)
            except NotImplementedError:
                return Feedback(False, f"{name}: not attempted yet.")
            except Exception as error:
                sentence = f"It stopped with {type(error).__name__}: {error}"
                return Feedback(False, f"{name}: not yet. {sentence}")

            want = np.asarray(exercise.solution(setting))
            difference = _difference(got, want)
            if difference:
                comparable = got.shape == want.shape and np.issubdtype(got.dtype, np.number)
                differences.append((comparable and exercise.lead(setting, got)) or difference)
                explanations.update(
                    sentence
                    for sentence, mistake in exercise.mistakes.items()
                    if _agree(got, np.asarray(mistake(setting)))
                )
    if not differences:
        return Feedback(True, f"{name}: right, in {len(exercise.settings)} random settings.")
    # One number may agree by chance, so the mistake that explains most settings is named.
    [(sentence, _)] = explanations.most_common(1) or [(differences[0], 0)]
    return Feedback(False, f"{name}: not yet. {sentence}")


def _tolerance(want: np.ndarray) -> float:
    """Relative to the largest finite number; a count must be exact."""
    sizes = np.abs(want[np.isfinite(want)])
    return TOLERANCE * sizes.max(initial=0) if np.issubdtype(want.dtype, np.inexact) else 0


def _agree(got: np.ndarray, mistaken: np.ndarray) -> bool:
    """Whether an answer is what a mistake produces. Here NaN agrees with NaN."""
    return (
        got.shape == mistaken.shape
        and np.issubdtype(got.dtype, np.number)
        and np.allclose(got, mistaken, rtol=0, atol=_tolerance(mistaken), equal_nan=True)
    )


def _difference(got: np.ndarray, want: np.ndarray) -> str:
    """Say where an answer first differs from the right one; nothing if it does not."""
    if not np.issubdtype(got.dtype, np.number):
        return f"Expected numbers, got dtype {got.dtype}."
    if got.shape != want.shape:
        return f"Expected shape {want.shape}, got {got.shape}."
    # "No difference above the tolerance" would let NaN pass: NaN is not above anything.
    close = np.abs(got - want) <= _tolerance(want)
    if close.all():
        return ""
    at = tuple(map(int, np.argwhere(~close)[0]))
    where = f"At index {at}: e" if at else "E"
    return f"{where}xpected {want[at]:.6g}, got {got[at]:.6g}."
