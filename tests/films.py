"""Claims that hold of every film: what its frames say is what they compute."""

import numpy as np

from equations import evaluate
from rnnlib.film import is_given, node_of
from rooms import base, run_line

# A few sums of products of size 1, in another order: relative to the largest number.
TOLERANCE = 1e-11


def computing(film):
    return [frame for frame in film.frames if len(frame.equation) > 1]


def assert_close(got, wanted, what=""):
    np.testing.assert_allclose(got, wanted, rtol=TOLERANCE, atol=1e-13, err_msg=what)


def check_equations(film):
    """Every equation, evaluated on its operands, gives its result."""
    for frame in computing(film):
        operands = {key: film.values[key].array for key in frame.operands}
        got = evaluate(frame.equation, operands)
        assert_close(got, film.values[frame.result].array, frame.result)


def check_code(film):
    """Every line of code, run on its operands, gives its result."""
    for frame in computing(film):
        assert_close(run_line(frame, film.values), film.values[frame.result].array, frame.code)


def check_order(film):
    """A frame reads only what is given or was computed; each value is computed once."""
    given = {key for key in film.values if is_given(film, key)}
    for position, frame in enumerate(film.frames):
        known = {base(key) for key in film.computed(position - 1)} | given
        assert {base(key) for key in frame.operands} <= known
        assert frame.result not in known - given
    results = [frame.result for frame in film.frames]
    addresses = [film.address(i) for i in range(len(film.frames))]
    assert len(set(results)) == len(set(addresses)) == len(film.frames)


def check_graph(film):
    """Every edge is a use; return the uses of values with a step that have no edge there."""
    uses = {(node_of(key), frame.result) for frame in film.frames for key in frame.operands}
    edges = {(edge.source, edge.end) for edge in film.graph.edges}
    assert edges <= uses
    assert {node.key for node in film.graph.nodes} <= set(film.values)
    assert {node.delta for node in film.graph.nodes} - {""} <= set(film.values)
    return {use for use in uses if "delta" not in use[1] and "[" in use[0]} - edges


def check_boxes(film):
    """No box stands on another, or outside the picture."""
    size = film.graph.width, film.graph.height
    for i, one in enumerate(film.graph.nodes):
        for s, half, end in zip(one.spot, np.divide(one.size, 2), size, strict=True):
            assert half <= s <= end - half, one.key
        for other in film.graph.nodes[i + 1 :]:
            apart = np.abs(np.subtract(one.spot, other.spot)) - np.add(one.size, other.size) / 2
            assert apart.max() >= 0, (one.key, other.key)


def check_shorter(film, answers, films):
    """Walks with fewer steps, as the calculator gives them, are films of their own."""
    assert len(answers) == film.T
    for wanted, answer in zip(films, answers, strict=True):
        shown = answer["frames"]
        assert len(shown) == len(wanted.frames)
        for position, (frame, got) in enumerate(zip(wanted.frames, shown, strict=True)):
            assert got["equation"] == list(frame.equation)
            assert (got["code"], got["sentence"]) == (frame.code, frame.sentence)
            assert got["address"] == wanted.address(position)
