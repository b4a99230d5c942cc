"""The tokens of an equation: what LaTeX prints, without what only moves things about."""

import re

TOKEN = re.compile(r"\\begin\{\w+\}|\\end\{\w+\}|\\[A-Za-z]+|\\.|[A-Za-z]|\d+(?:\.\d+)?|\S")
SKIPPED = set(r"\, \; \: \! \  \quad \qquad \left \right \displaystyle \limits \nonumber".split())
SKIPPED |= {f"\\{size}{side}" for size in ("big", "Big", "bigg", "Bigg") for side in ("l", "r", "")}
SKIPPED |= {r"\ ", r"\begin{aligned}", r"\end{aligned}"}
RELATIONS = {
    "=": "=", r"\ne": "≠", r"\neq": "≠", r"\le": "≤", r"\leq": "≤", r"\ge": "≥", r"\geq": "≥",
    "<": "<", ">": ">", r"\approx": "≈", r"\leftarrow": "←",
}  # fmt: skip
BETWEEN = {r"\odot": "⊙", r"\otimes": "⊗", r"\times": "×", r"\cdot": "·", "/": "/"}
ACCENTS = {
    r"\hat": "hat", r"\bar": "bar", r"\tilde": "tilde",
    r"\overleftarrow": "back", r"\overrightarrow": "forth",
}  # fmt: skip
CLOSING = {"(": ")", "[": "]", r"\{": r"\}", r"\lVert": r"\rVert", r"\lvert": r"\rvert"}
# What a product does not run past.
ENDS = {*RELATIONS, *BETWEEN, *CLOSING.values(), "+", "-", ",", ".", ";", "&", r"\\", "}"}
ENDS |= {r"\end{cases}", r"\end{pmatrix}", r"\end{bmatrix}", r"\end{matrix}"}
SUMS = {r"\sum": "sum", r"\prod": "product", r"\max": "max"}


def tokens_of(tex: str) -> list[str]:
    r"""
    Cut an equation into tokens.

    Parameters
    ----------
    tex : str
        What stands between the dollar signs.

    Returns
    -------
    list of str
        Letters, numbers, commands and signs. Line breaks are tokens only in a table.

    Examples
    --------
    >>> tokens_of(r"\bigl(a_t\,b\bigr)")
    ['(', 'a', '_', 't', 'b', ')']
    """
    if not re.search(r"\\begin\{(cases|\w?matrix)\}", tex):
        tex = re.sub(r"\\\\(\[[^]]*\])?|&", " ", tex)  # the lines of one long equation
    tex = re.sub(r"\\text\{(?!scalar)[^{}]*\}", " ", tex.replace(r"\mathrel{+}=", "="))
    tex = tex.replace(r"\ldots", r"\cdots").replace(r"\dots", r"\cdots").replace(":=", "=")
    return [token for token in TOKEN.findall(tex) if token not in SKIPPED]


def split_at_commas(tokens: list[str]) -> list[list[str]]:
    """
    Part a list of tokens at its outermost commas.

    Parameters
    ----------
    tokens : list of str
        The tokens.

    Returns
    -------
    list of list of str
        The parts that are not empty.

    Examples
    --------
    >>> split_at_commas(["x", "h", ",", "i"])
    [['x', 'h'], ['i']]
    """
    parts: list[list[str]] = [[]]
    depth = 0
    for token in tokens:
        depth += {"{": 1, "(": 1, "}": -1, ")": -1}.get(token, 0)
        if token == "," and depth == 0:
            parts.append([])
        else:
            parts[-1].append(token)
    return [part for part in parts if part]


def plain(tex: str) -> str:
    r"""
    Drop the white space of a formula.

    Parameters
    ----------
    tex : str
        A formula.

    Returns
    -------
    str
        Its letters.

    Examples
    --------
    >>> plain("a\n+ b")
    'a+b'
    """
    return "".join(tex.split())
