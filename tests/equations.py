"""Evaluate the equation of a frame by its symbols alone, as a reader would with a calculator."""

import numpy as np

FUNCTIONS = {
    r"\tanh": np.tanh,
    r"\mathrm{sigmoid}": lambda a: 1 / (1 + np.exp(-a)),
    r"\mathrm{relu}": lambda a: np.maximum(a, 0),
    r"\mathrm{softmax}": lambda z: np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True),
    r"\log": lambda p: np.log(p)[0],
    r"\sum_n \log": lambda p: np.log(p).sum(),
    r"\sum_n": lambda delta: delta.sum(axis=0),
    r"\sum_k": lambda row: row.sum(),
    r"\exp": np.exp,
    r"\max": np.max,
    r"\mathrm{diag}": lambda row: np.diag(row[0]),
}
BETWEEN = {r"\odot": np.multiply, r"\otimes": np.kron, "/": np.divide}


def evaluate(equation, arrays):
    """Evaluate the right-hand side: sums of products, ⊙ and / element by element, [ ] picks."""
    _, equals, *rest = equation
    assert equals in ("=", r"\leftarrow")  # a sum that grows takes its new value
    value, left = _sum(rest, arrays)
    assert not left
    return value


def _sum(parts, arrays):
    sign = -1 if parts[0] == "-" else 1
    value, parts = _product(parts[parts[0] == "-" :], arrays)
    value = sign * value
    while parts and parts[0] in "+-":
        term, rest = _product(parts[1:], arrays)
        value, parts = (value + term if parts[0] == "+" else value - term), rest
    return value, parts


def _product(parts, arrays):
    value, parts = _factor(parts, arrays)
    while parts and parts[0] not in "+-)":
        operation = BETWEEN.get(parts[0])
        factor, parts = _factor(parts[operation is not None :], arrays)
        value = (operation or np.matmul)(value, factor)
    return value, parts


def _factor(parts, arrays):
    head, *rest = parts
    if head in FUNCTIONS:
        value, rest = _factor(rest, arrays)
        return FUNCTIONS[head](value), rest
    if head == "(":
        value, rest = _sum(rest, arrays)
        assert rest[0] == ")"
        return value, rest[1:]
    value = 1 if head == "1" else arrays[head]
    if rest[:1] == ["["]:
        _, target, _, *rest = rest
        value = value[np.arange(len(arrays[target])), arrays[target]]
    return value, rest
