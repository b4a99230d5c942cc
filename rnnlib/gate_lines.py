"""What the films of an LSTM and of a GRU share: the values and lines of a block, and the walk."""

from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from .film import Value
from .gated_parameters import GRUParameters, LSTMParameters
from .walk import Line
from .wording import Sentence


def block_values(
    params: LSTMParameters | GRUParameters, letters: Mapping[str, str]
) -> Iterator[tuple[str, Value]]:
    """
    Name the parameters block by block.

    Parameters
    ----------
    params : LSTMParameters or GRUParameters
        The parameters; those that have no blocks are left out.
    letters : mapping of str to str
        Name and LaTeX of each block, in the order in which they stand in the arrays.

    Yields
    ------
    (str, Value)
        Weights and bias of a block under names of their own, such as ``"W_hh_f"``, and
        ``"W_hh_f.T"`` for the way back.

    Examples
    --------
    >>> from rnnlib.gated_parameters import init_gru
    >>> params = init_gru(np.random.default_rng(0), n_x=5, n_h=3)
    >>> [key for key, _ in block_values(params, {"r": "r", "u": "u", "g": "g"})][:4]
    ['W_xh_r', 'W_hh_r', 'b_h_r', 'W_hh_r.T']
    """
    inputs, units = (tuple(map(str, range(len(array)))) for array in params[:2])
    wide = (np.split(array, len(letters), axis=-1) for array in params[:3])
    for (gate, letter), W_xh, W_hh, b_h in zip(letters.items(), *wide, strict=True):
        yield f"W_xh_{gate}", Value(f"W_{{xh}}^{letter}", W_xh, inputs, units)
        yield f"W_hh_{gate}", Value(f"W_{{hh}}^{letter}", W_hh, units, units)
        yield f"b_h_{gate}", Value(f"b_h^{letter}", b_h, (), units)
        yield f"W_hh_{gate}.T", Value(f"W_{{hh}}^{{{letter}\\top}}", W_hh.T, units, units)


def block_line(gate: str, wording: Sentence, squash: str = "sigmoid") -> Line:
    """
    Write how a block is computed.

    Parameters
    ----------
    gate : str
        Its name.
    wording : Sentence
        What happens.
    squash : str, default "sigmoid"
        Its activation: ``"sigmoid"`` or ``"tanh"``.

    Returns
    -------
    Line
        The activation of a weighted sum of input, state and bias.

    Examples
    --------
    >>> block_line("f", Sentence("")).code
    'f[t] = sigmoid(x[t] @ W_xh_f + h_prev[t] @ W_hh_f + b_h_f)'
    """
    tex, call = (r"\tanh", "np.tanh") if squash == "tanh" else (r"\mathrm{sigmoid}", "sigmoid")
    W_xh, W_hh, b_h = f"W_xh_{gate}", f"W_hh_{gate}", f"b_h_{gate}"
    right = (tex, "(", "x[t]", W_xh, "+", "h[t-1]", W_hh, "+", b_h, ")")
    code = f"{gate}[t] = {call}(x[t] @ {W_xh} + h_prev[t] @ {W_hh} + {b_h})"
    return Line("forward", f"{gate}[t]", right, code, wording)


def gate_slope(gate: str) -> tuple[str, ...]:
    r"""
    Write the slope of a gate as a last factor of an equation.

    Parameters
    ----------
    gate : str
        Its name.

    Returns
    -------
    tuple of str
        Keys, and LaTeX for what stands between them, as in a `Line`.

    Examples
    --------
    >>> "".join(gate_slope("f"))
    '\\odotf[t]\\odot(1-f[t])'
    """
    return r"\odot", f"{gate}[t]", r"\odot", "(", "1", "-", f"{gate}[t]", ")"


def there_and_back(
    there: Iterable[Line], back: Iterable[Line], T: int
) -> Iterator[tuple[Line, int | None]]:
    """
    List the lines of a walk with their steps.

    Parameters
    ----------
    there : iterable of Line
        The start, then what each step computes on the way there.
    back : iterable of Line
        What each step computes on the way back; last two messages, and the same two as they
        leave the first step.
    T : int
        Number of steps.

    Yields
    ------
    (Line, int or None)
        Each line with its step; None for the start.

    Examples
    --------
    >>> lines = [Line("forward", name, (), "", Sentence("")) for name in "abcdef"]
    >>> [(line.result, t) for line, t in there_and_back(lines[:2], lines[2:], T=2)]
    [('a', None), ('b', 0), ('b', 1), ('c', 1), ('d', 1), ('e', 0), ('f', 0)]
    """
    start, *steps = there
    *lines, first, second, first_leaves, second_leaves = back
    yield start, None
    for t in range(T):
        yield from ((line, t) for line in steps)
    for t in reversed(range(T)):
        messages = (first, second) if t else (first_leaves, second_leaves)
        yield from ((line, t) for line in (*lines, *messages))


def spoken(said: Mapping[str, str], picks: Mapping[str, Mapping[str, str]]) -> dict[str, Sentence]:
    """
    Make sentences of words with holes.

    Parameters
    ----------
    said : mapping of str to str
        The words for each quantity.
    picks : mapping of str to mapping of str to str
        Where their letters point; a ``j`` that is not named here points to the widest number
        of the quantity itself.

    Returns
    -------
    dict of str to Sentence
        A sentence for each quantity.

    Examples
    --------
    >>> spoken({"u": "Unit {#j} keeps {u[t]@j}."}, {})["u"].picks
    {'j': 'widest u[t]'}
    """
    return {
        name: Sentence(text, picks.get(name, {"j": f"widest {name}[t]"} if "@j" in text else {}))
        for name, text in said.items()
    }
