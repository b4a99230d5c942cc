"""Formulas as tests read them: where they stand in a text, and which symbols they hold."""

import re
from typing import NamedTuple

FENCE = re.compile(r"\s*(`{3,}|:{3,})(.*)")
INLINE_CODE = re.compile(r"(?<!\{math\})`[^`\n]+`")
DISPLAYED = re.compile(r"\$\$(?P<tex>.+?)\$\$(?:[ \t]*\((?P<label>[^)\n]*)\))?", re.DOTALL)
INLINE = re.compile(r"(?<![\\$])\$(?P<tex>[^$]+?)(?<!\\)\$|\{math\}`(?P<role>[^`]+)`")

TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[A-Za-z]|\d+|\S")
WORDS = {r"\text", r"\mathrm", r"\operatorname", r"\mathbb", r"\begin", r"\end", r"\label"}
ACCENTS = {r"\hat", r"\bar", r"\tilde", r"\vec", r"\dot", r"\overleftarrow", r"\overrightarrow"}
GREEK = {
    f"\\{name}"
    for name in (
        "alpha beta gamma delta epsilon varepsilon zeta eta theta iota kappa lambda mu nu xi pi "
        "rho sigma tau phi varphi chi psi omega ell Gamma Delta Theta Lambda Sigma Phi Psi Omega"
    ).split()
}


class Symbol(NamedTuple):
    """A letter with its accent, subscript and superscript."""

    base: str
    sub: str = ""
    sup: str = ""


def without_code(text):
    """Leave out listings and inline code, in which a dollar sign is only a dollar sign."""
    kept, around = [], []  # the fences around a line, each with what follows it
    for line in text.splitlines():
        fence = FENCE.match(line)
        if fence and around and fence[0].strip() == around[-1][0]:
            around.pop()
        elif fence:
            around.append(fence.groups())
        elif all(word.startswith("{") and not word.startswith("{code") for _, word in around):
            kept.append(line)
    return INLINE_CODE.sub(" ", "\n".join(kept))


def displayed(text):
    """List the displayed equations of a text, each with its label or None."""
    return [(m["tex"], m["label"]) for m in DISPLAYED.finditer(without_code(text))]


def formulas(text):
    """List all formulas of a text, displayed and inline."""
    text = without_code(text)
    rest = DISPLAYED.sub(" ", text)
    return [m["tex"] for m in DISPLAYED.finditer(text)] + [
        m["tex"] or m["role"] for m in INLINE.finditer(rest)
    ]


def argument(tokens, i):
    """Read what follows a command: one token, or a group in braces without them."""
    if tokens[i] != "{":
        return tokens[i : i + 1], i + 1
    depth = 0
    for end in range(i, len(tokens)):
        depth += {"{": 1, "}": -1}.get(tokens[end], 0)
        if depth == 0:
            return tokens[i + 1 : end], end + 1
    raise ValueError(f"a brace is not closed in {' '.join(tokens)}")


def symbols(tex):
    """List the symbols of a formula, and those in the exponents."""
    return read_symbols(TOKEN.findall(tex))


def read_symbols(tokens):
    found, i = [], 0
    while i < len(tokens):
        token, i = tokens[i], i + 1
        if token in WORDS:
            _, i = argument(tokens, i)
        elif token in ACCENTS or token in GREEK or re.fullmatch("[A-Za-z]", token):
            symbol = Symbol(token)
            if token in ACCENTS:
                inside, i = argument(tokens, i)
                inner = read_symbols(inside)
                symbol = inner[0]._replace(base=f"{token} {inner[0].base}")
                found += inner[1:]
            while i < len(tokens) and tokens[i] in "_^":
                script, after = argument(tokens, i + 1)
                name = "sub" if tokens[i] == "_" else "sup"
                symbol, i = symbol._replace(**{name: "".join(script)}), after
                if name == "sup" and symbol.base != r"\delta":
                    found += read_symbols(script)
            found.append(symbol)
    return found
