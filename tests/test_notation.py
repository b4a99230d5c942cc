"""One letter, one meaning: code and formulas use the symbols of the table, and no others."""

import ast
import re

import pytest

from chapters import NAMES, cells
from latex import Symbol, displayed, formulas, symbols
from rnnlib.notation import NOTATION
from test_layers import FILES, FLOORS

# A name that looks like mathematics: a letter, alone or with a suffix or a number; letters
# run together as in Wxh, dh or hs; the name of a Greek letter.
MATHS_LIKE = re.compile(
    r"[A-Za-z](\d+|_\w+)?|[a-z]s|b[a-z]|d[a-z](_\w+)?|d?[WUV][a-z]{0,2}\d?(_\w+)?"
    r"|(alpha|beta|gamma|delta|eta|theta|sigma|phi)(_\w+)?"
)
PYTHON = {symbol.python for symbol in NOTATION}
ALSO_IN_CODE = {
    "i", "j", "k",  # indices of components
    "n",  # one sample of the batch
    "m",  # the largest logit of a row
    "phi",  # any activation
    "z_y",  # the logit of the target class
    "n_in", "n_out",  # rows and columns of any weight matrix
    "n_classes",  # the length of any one-hot row
    "W_ch", "delta_context",  # from the context of a decoder to its state; its delta
    "p",  # any probability, or one of several sets of parameters
}  # fmt: skip

# Names that others give to what has a name here.
ALIASES = {"y_pred", "y_true"}

TABLE = {
    (first.base, "t" if re.fullmatch(r"t|t-1|-1|k", first.sub) else first.sub, first.sup)
    for first in (symbols(symbol.tex)[0] for symbol in NOTATION)
}
TIMED = {(base, sup) for base, sub, sup in TABLE if sub == "t"}
ALSO_IN_FORMULAS = {
    "i", "j", "k", "n", "m",  # as in code
    "e",  # the base of the exponential, beside e_t
    "c",  # any constant
    r"\phi", r"\sigma",  # any activation, and the logistic one
    r"\theta",  # any parameter
    "p", "q",  # any probabilities
}  # fmt: skip
TIME = re.compile(r"-?\d+|([tTks]|T_e)([+-](\d+|[a-z]))?|t[ijkn]+|tN\+n")
COPY = re.compile(r"\([tTks0-9]([+-]\d+)?\)")  # of a weight: the one that a step uses
NOT_THERE = "use the letter of rnnlib/notation.py, or give a new one its row there"
INDEX = re.compile(r"[ijknm]+")
OF_THE_TARGET = {("z", "y"), (r"\hat y", "y")}  # the component that the target class picks


def is_known_in_code(name):
    """Say whether a name is in the table, is one of several or a part of it, or no mathematics."""
    if not MATHS_LIKE.fullmatch(name) or name in PYTHON | ALSO_IN_CODE:
        return True
    whole, _, which = name.rpartition("_")
    if re.fullmatch(r"[a-z]{3,}", which):  # a word: W_hh_fresh
        return name not in ALIASES and whole in PYTHON
    # A time or an index: h_0, y_t, L_1, z_k.
    timed = re.fullmatch(r"t|\d+|[ijknm]", which)
    return bool(timed) and (whole.replace("y_hat", r"\hat y"), "") in TIMED


def is_known_in_formulas(symbol):
    """Say whether a symbol is in the table, at any time and with any index of a component."""
    base, sub, sup = symbol
    sub = sub.partition(",")[0]
    sup = sup if base == r"\delta" or sup.startswith("(") else ""
    sup = sup.partition("^")[0]  # of a block, as in δ^{a^f}: that of the whole
    if base in "Wb" and COPY.fullmatch(sup):
        sup = ""
    if (base, sub, sup) in TABLE:
        return True
    if (base, sub) in OF_THE_TARGET:
        return True
    if base in ALSO_IN_FORMULAS and not sup and re.fullmatch(r"\d*", sub):
        return True
    at_a_time = not sub or TIME.fullmatch(sub) or INDEX.fullmatch(sub)
    return bool(at_a_time) and (base, sup) in TIMED


def names_in(code):
    """List the names that a piece of Python binds or reads, but for attributes."""
    code = re.sub(r"^[%!].*$", "", code, flags=re.MULTILINE)
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.arg | ast.keyword):
            yield node.arg or ""
        elif isinstance(node, ast.FunctionDef):
            yield node.name
        elif isinstance(node, ast.alias):
            yield node.asname or ""


@pytest.mark.parametrize("module", sorted(FLOORS["the mathematics"]))
def test_names_in_the_mathematics_are_in_the_table(module):
    names = set(names_in(FILES[module].read_text(encoding="utf-8")))
    assert not {name for name in names if not is_known_in_code(name)}, NOT_THERE


@pytest.mark.parametrize("chapter", NAMES)
def test_names_in_code_cells_are_in_the_table(chapter):
    names = {
        n for cell in cells(chapter, "code", ["documents-letters"]) for n in names_in(cell.source)
    }
    assert not {name for name in names if not is_known_in_code(name)}, NOT_THERE


@pytest.mark.parametrize("chapter", NAMES)
def test_symbols_in_formulas_are_in_the_table(chapter):
    texts = [cell.source for cell in cells(chapter, "markdown", ["documents-letters"])]
    unknown = {
        (tex, symbol)
        for text in texts
        for tex in formulas(text)
        for symbol in symbols(tex)
        if not is_known_in_formulas(symbol)
    }
    assert not unknown, NOT_THERE


@pytest.mark.parametrize("symbol", NOTATION, ids=lambda symbol: symbol.python)
def test_the_table_knows_itself(symbol):
    assert all(map(is_known_in_formulas, symbols(symbol.tex)))


def test_each_symbol_and_each_name_is_in_the_table_once():
    for column in ("tex", "python", "meaning"):
        entries = [getattr(symbol, column) for symbol in NOTATION]
        assert len(set(entries)) == len(entries), column


@pytest.mark.parametrize(
    "name",
    (
        "Wxh Whh W_hx W_h W_xh_0 W_fresh W1 U V b bh by b_z hs xs s h0 h_t_1 dh dWhh dh_next dy "
        "s_t o_t y_pred delta delta_o alpha sigma_x H D"
    ).split(),
)
def test_an_alias_in_code_is_seen(name):
    assert not is_known_in_code(name)


@pytest.mark.parametrize("name", "W_xh x_t h_0 h_12 L_1 z_k y_hat_1 W_hh_fresh trace rows".split())
def test_a_name_of_the_table_and_a_word_pass_in_code(name):
    assert is_known_in_code(name)


@pytest.mark.parametrize(
    "tex",
    (
        r"W_{hx} W_h W U V^\top b b_z o_t s_{t-1} h^{(t)} \hat{p}_t \hat{h}_t \bar{h} H n_o h_y "
        r"\delta^o_t \delta_t e^{-\beta} \alpha_t"
    ).split(),
)
def test_a_foreign_symbol_in_a_formula_is_seen(tex):
    assert not all(map(is_known_in_formulas, symbols(tex)))


@pytest.mark.parametrize(
    "tex",
    [
        r"h_t = \tanh(x_t W_{xh} + h_{t-1} W_{hh} + b_h)",
        r"L_t = -\sum_n \log \hat y_{t,n,y_{t,n}}",
        r"\hat{y}_{t,k} = \frac{e^{z_{t,k}}}{\sum_{j=0}^{n_y-1} e^{z_{t,j}}}",
        r"\underset{(N, n_h)}{h_2} = \mathrm{softmax}(z + c)",
        r"\overleftarrow m_t = \delta^a_{t+1} W_{hh}^\top, \frac{\mathrm d L}{\mathrm d \theta}",
        r"J_t = \mathrm{diag}(1 - h_t^2)\, W_{hh}^\top, \quad h_{-1} = 0, \quad t = 0, \dots, T-1",
    ],
)
def test_a_formula_in_our_letters_passes(tex):
    assert [symbol for symbol in symbols(tex) if not is_known_in_formulas(symbol)] == []


def test_symbols_are_read_with_their_scripts():
    assert symbols(r"\hat{y}_{t,k}^2 \text{ for } W_{hh}^\top") == [
        Symbol(r"\hat y", "t,k", "2"),
        Symbol("W", "hh", r"\top"),
    ]


def test_formulas_are_found_and_code_is_not():
    text = """
$a$ costs `$5` and
$$
b_h
$$ (eq:b)
:::{figure} drawing.svg
:alt: a drawing
The state {math}`h_t`
:::
```python
$$ not $$
```
and $x_t$.
"""
    assert formulas(text) == ["\nb_h\n", "a", "h_t", "x_t"]
    assert displayed(text) == [("\nb_h\n", "eq:b")]
