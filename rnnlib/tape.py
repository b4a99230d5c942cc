"""A tape: each result remembers what it was made from, and how to send a derivative back."""

from typing import Any

import numpy as np


class Node:
    """
    An array on the tape: arithmetic makes new nodes, ``loss.backward()`` fills `gradient`.

    Examples
    --------
    Cross-entropy of softmax. The shift is no node: it is a constant, and changes nothing.

    >>> z = Node([[0.0, 1000.0]])
    >>> shifted = z - z.value.max(axis=1, keepdims=True)
    >>> loss = (shifted.exp().sum(axis=1).log() - shifted[[0], [0]]).sum()
    >>> loss.backward()
    >>> float(loss.value), z.gradient.tolist()
    (1000.0, [[-1.0, 1.0]])
    """

    def __init__(self, value: object, *made_from: tuple["Node", Any]) -> None:
        # Made from pairs: a node, and what a derivative by the result becomes on its way there.
        self.value, self.made_from = np.asarray(value), made_from
        self.gradient = np.zeros(self.value.shape)
        self.depth: int = 1 + max((node.depth for node, _ in made_from), default=0)

    def backward(self) -> None:
        """Differentiate this number by every node that led to it, afresh."""
        if self.value.ndim:
            raise ValueError(f"loss: expected a single number, got shape {self.value.shape}")
        self.gradient, waiting = np.ones(()), {self}
        while waiting:
            # The deepest first: it has heard from all that it went into, for they were deeper.
            waiting.remove(result := max(waiting, key=lambda node: node.depth))
            for node, pull_back in result.made_from:
                share = _undo_broadcasting(pull_back(result.gradient), node.value.shape)
                node.gradient = node.gradient + share if node in waiting else share  # uses add up
                waiting.add(node)

    def __add__(self, other: object) -> "Node":
        b = _as_node(other)
        return Node(self.value + b.value, (self, lambda d: d), (b, lambda d: d))

    def __mul__(self, other: object) -> "Node":
        a, b = self.value, _as_node(other)
        return Node(a * b.value, (self, lambda d: d * b.value), (b, lambda d: d * a))

    def __matmul__(self, other: object) -> "Node":
        a, b = self.value, _as_node(other)
        if not a.ndim == b.value.ndim == 2:
            raise ValueError(f"@: expected two matrices, got {a.shape} @ {b.value.shape}")
        return Node(a @ b.value, (self, lambda d: d @ b.value.T), (b, lambda d: a.T @ d))

    def __sub__(self, other: object) -> "Node":
        return self + _as_node(other) * -1.0

    __radd__, __rmul__, __array_ufunc__ = __add__, __mul__, None  # NumPy steps aside

    def __getitem__(self, index: Any) -> "Node":
        def put_back(d: np.ndarray) -> np.ndarray:
            picked = np.zeros(self.value.shape)
            np.add.at(picked, index, d)  # adds twice what was picked twice
            return picked

        return Node(self.value[index], (self, put_back))

    def sum(self, axis: int | None = None) -> "Node":
        """Add along one axis, or all: slope one."""
        kept, ones = self.value.sum(axis, keepdims=True).shape, np.ones(self.value.shape)
        return Node(self.value.sum(axis), (self, lambda d: d.reshape(kept) * ones))

    def exp(self) -> "Node":
        """Exponential: its own slope."""
        return Node(np.exp(self.value), (self, lambda d: d * np.exp(self.value)))

    def log(self) -> "Node":
        """Natural logarithm: slope one over the value."""
        return Node(np.log(self.value), (self, lambda d: d / self.value))

    def tanh(self) -> "Node":
        """Hyperbolic tangent: slope one minus the square of the result."""
        return Node(np.tanh(self.value), (self, lambda d: d * (1 - np.tanh(self.value) ** 2)))

    def detach(self) -> "Node":
        """Take the numbers, and forget where they came from."""
        return Node(self.value)


def _as_node(other: object) -> Node:
    return other if isinstance(other, Node) else Node(other)


def _undo_broadcasting(share: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Add up what went to the copies that broadcasting had made."""
    share = share.sum(axis=tuple(range(share.ndim - len(shape))))
    stretched = [axis for axis, length in enumerate(shape) if length != share.shape[axis]]
    return share.sum(axis=tuple(stretched), keepdims=True)
