r"""
Read a displayed equation: from the LaTeX that is printed to a tree that can be evaluated.

Juxtaposition is a product, a sum sign reaches to the next plus or minus, a subscript is part of
a name, a time or a component, and :math:`\mathrm dL` over :math:`\mathrm dh_t` is one name.
"""

import re

from . import equation_tokens as tex_tokens
from . import equation_tree as tree
from .equation_tree import Tree


def read_equation(tex: str) -> tree.Chain:
    r"""
    Read an equation.

    Parameters
    ----------
    tex : str
        What stands between the dollar signs.

    Returns
    -------
    Chain
        Its sides, and the relations between them; one side and no relation for a bare formula.

    Raises
    ------
    ValueError
        If something is not in the dialect, with the place at which reading stopped.

    Examples
    --------
    >>> read_equation(r"L = \sum_{t=0}^{T-1} L_t").relations
    ('=',)
    """
    reader = _Reader(tex_tokens.tokens_of(tex))
    chain = reader.chain()
    if reader.left:
        raise ValueError(f"tex: expected the end, got {' '.join(reader.left[:12])!r}")
    return chain


class _Reader:
    """A descent from the loosest sign, the relation, to the tightest, the script."""

    def __init__(self, tokens: list[str]) -> None:
        self.left = tokens

    def next_is(self, *tokens: str) -> bool:
        return self.left[:1] != [] and self.left[0] in tokens

    def take(self, *expected: str) -> str:
        if not self.left or (expected and self.left[0] not in expected):
            got = " ".join(self.left[:12]) or "the end"
            raise ValueError(f"tex: expected {' or '.join(expected) or 'more'}, got {got!r}")
        return self.left.pop(0)

    def group(self) -> list[str]:
        """Take one token, or what stands in braces."""
        token = self.take()
        if token != "{":
            self.left[:0] = list(token[1:]) if token[0].isdigit() else []
            return [token[0] if token[0].isdigit() else token]
        depth, inside = 1, []
        while depth:
            inside.append(self.take())
            depth += {"{": 1, "}": -1}.get(inside[-1], 0)
        return inside[:-1]

    def chain(self) -> tree.Chain:
        parts, relations = [self.sum()], []
        while self.left and self.left[0] in tex_tokens.RELATIONS:
            relations.append(tex_tokens.RELATIONS[self.take()])
            parts.append(self.sum())
        return tree.Chain(tuple(parts), tuple(relations))

    def sum(self) -> Tree:
        terms: list[tuple[int, Tree]] = []
        while not terms or self.next_is("+", "-"):
            sign = -1 if self.next_is("-") else 1
            if self.next_is("+", "-"):
                self.take()
            terms.append((sign, self.term()))
        return terms[0][1] if len(terms) == 1 and terms[0][0] == 1 else tree.Sum(tuple(terms))

    def term(self) -> Tree:
        value = self.product()
        while self.left and self.left[0] in tex_tokens.BETWEEN:
            value = tree.Between(tex_tokens.BETWEEN[self.take()], value, self.product())
        return value

    def product(self) -> Tree:
        factors = [self.factor()]
        while self.left and self.left[0] not in tex_tokens.ENDS:
            factors.append(self.factor())
        return factors[0] if len(factors) == 1 else tree.Product(tuple(factors))

    def factor(self) -> Tree:
        token = self.take()
        if token in tex_tokens.SUMS and (token != r"\max" or self.next_is("_")):
            return self.big(tex_tokens.SUMS[token])
        if token in tex_tokens.CLOSING:
            inside = self.chain()
            self.take(tex_tokens.CLOSING[token])
            value: Tree = tree.Bracket(token, inside if inside.relations else inside.parts[0])
        elif token == "{":
            self.left.insert(0, token)
            value = _read(self.group())
        elif token in (r"\frac", r"\tfrac", r"\dfrac"):
            return self.scripted(_fraction(_read(self.group()), _read(self.group())))
        elif token in (r"\underset", r"\underbrace", r"\overbrace"):
            return self.below(token)
        elif token.startswith(r"\begin"):
            return self.table(token)
        elif token == r"\cdots":
            return tree.Dots()
        elif token[0].isdigit():
            value = tree.Number(float(token))
        else:
            return self.symbol(token)
        return self.scripted(value)

    def big(self, kind: str) -> tree.Big:
        self.take("_")
        below, above = _read_list(self.group()), None
        if self.next_is("^"):
            self.take()
            above = _read(self.group())
        return tree.Big(kind, below, above, self.term())

    def below(self, token: str) -> Tree:
        if token == r"\underset":
            shape = self.group()
            inside = _read(self.group())
            if shape == [r"\text", "{", *"scalar", "}"]:
                return self.scripted(tree.Shaped((), inside))
            if shape[:1] != ["("] or shape[-1] != ")":
                return self.scripted(inside)
            return self.scripted(tree.Shaped(_read_list(shape[1:-1]), inside))
        value = tree.Bracket("(", _read(self.group()))
        if self.next_is("_", "^"):
            self.take()
            self.group()  # the words at the brace
        return self.scripted(value)

    def table(self, token: str) -> tree.Table:
        kind = token[7:-1]
        rows: list[tree.Trees] = [()]
        while not self.next_is(rf"\end{{{kind}}}"):
            if self.next_is(r"\\"):
                self.take()
                rows.append(())
            elif self.next_is("&"):
                self.take()
            else:
                chain = self.chain()
                rows[-1] += (chain if chain.relations else chain.parts[0],)
                if self.next_is(",", "."):
                    self.take()
        self.take()
        return tree.Table(kind, tuple(row for row in rows if row))

    def symbol(self, token: str) -> Tree:
        kind, base = "", ""
        if token == r"\partial":
            kind = "∂"
            if self.next_is("^"):
                self.take()
                kind = "∂+" if self.group() == ["+"] else kind
            token = self.take()
        elif token == r"\mathrm":
            word = self.group()
            if word == ["d"]:
                kind, token = "d", self.take()
            else:
                base = "".join(word)
        if token in tex_tokens.ACCENTS:
            inner = _read(self.group())
            if not isinstance(inner, tree.Symbol):
                raise ValueError(f"tex: expected a letter under {token}")
            base = f"{inner.base}_{tex_tokens.ACCENTS[token]}"
        elif token in (r"\mathbf", r"\mathbb", r"\boldsymbol", r"\operatorname", r"\mathcal"):
            base = "".join(self.group()).replace("1", "ones")
        elif not base:
            base = token.removeprefix("\\")
        if not re.fullmatch(r"[A-Za-z_]+", base):
            raise ValueError(f"tex: expected a symbol, got {token!r}")
        while self.next_is("'"):
            base += self.take()
        value = self.scripted(tree.Symbol(kind, base))
        if kind and self.next_is("/"):
            following = _Reader(list(self.left[1:]))
            by = following.factor() if following.left else None
            if isinstance(by, tree.Symbol) and by.kind:
                self.left = following.left
                return _fraction(value, by)
        return value

    def scripted(self, value: Tree) -> Tree:
        """Attach what stands below and above on the right."""
        while self.next_is("_", "^"):
            above, script = self.take() == "^", self.group()
            if not above and isinstance(value, tree.Symbol | tree.Bracket):
                value = value._replace(subscripts=value.subscripts + _labelled(script))
            elif not above:
                value = tree.Bracket("(", value, _labelled(script))
            else:
                value = _raised(value, script)
        return value


def _raised(value: Tree, script: list[str]) -> Tree:
    if isinstance(value, tree.Symbol) and script[:1] == ["("] and ")" in script:
        end = script.index(")")
        value = value._replace(copies=value.copies + _read_list(script[1:end]))
        script = script[end + 1 :]
    transposed = script[-1:] == [r"\top"]
    script = script[: len(script) - transposed]
    if script and isinstance(value, tree.Symbol) and not value.label and value.base != "e":
        value = value._replace(label="".join(script), exponent=_read(script))
    elif script and value == tree.Symbol("", "e"):
        value = tree.Product((tree.Symbol("", "exp"), tree.Bracket("(", _read(script))))
    elif script:
        value = tree.Power(value, _read(script))
    return tree.Transpose(value) if transposed else value


def _fraction(of: Tree, by: Tree) -> Tree:
    if isinstance(of, tree.Symbol) and isinstance(by, tree.Symbol) and of.kind and by.kind:
        return tree.Derivative(of, by)
    return tree.Between("/", of, by)


def _read(tokens: list[str]) -> Tree:
    reader = _Reader(list(tokens))
    chain = reader.chain()
    if reader.left:
        raise ValueError(f"tex: expected the end, got {' '.join(reader.left[:12])!r}")
    return chain if chain.relations else chain.parts[0]


def _read_list(tokens: list[str]) -> tree.Trees:
    return tuple(_read(part) for part in tex_tokens.split_at_commas(tokens))


def _labelled(script: list[str]) -> tree.Scripts:
    return tuple(("".join(part), _read(part)) for part in tex_tokens.split_at_commas(script))
