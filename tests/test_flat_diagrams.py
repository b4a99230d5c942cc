"""The pictures of the chapter without time show its network, and its numbers."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest

from rnnlib.flat_diagrams import DRAWINGS, FIGURES, tensor_picture, two_layer_network
from test_diagrams import SVG, symbols_in

N, N_IN, N_OUT = 5, 2, 3


def tensor_of(x, n_out=N_OUT):
    return np.einsum("ni,jk->iknj", x, np.eye(n_out))


def filled(picture):
    """Read the signs off a picture: where they stand, and what they are."""
    texts = ElementTree.fromstring(picture.svg).iter(f"{SVG}text")
    signs = [(t, "".join(t.itertext())) for t in texts]
    return [(float(t.get("x")), float(t.get("y")), s) for t, s in signs if s in "+−"]


@pytest.mark.parametrize("draw", DRAWINGS, ids=lambda draw: draw.__name__)
def test_file_is_what_the_function_draws(draw):
    written = (FIGURES / f"{draw.__name__}.svg").read_text(encoding="utf-8")
    assert written == draw(), "run: python -m rnnlib.flat_diagrams"


def test_network_has_every_value_and_parameter_and_no_recurrent_arrow():
    expected = {"x", "a", "h", "z", r"\hat y", "y", "L", "W_{xh}", "W_{hy}", "b_h", "b_y"}
    assert set(symbols_in(two_layer_network())) == expected
    assert not any('class="edge recurrent"' in draw() for draw in DRAWINGS)


PICTURES = [draw() for draw in DRAWINGS] + [tensor_picture(tensor_of(np.eye(N, 2))).svg]


@pytest.mark.parametrize("svg", PICTURES, ids=["network", "way back", "tensor"])
def test_pictures_are_legible_on_a_phone_and_say_what_they_show(svg):
    root = ElementTree.fromstring(svg)
    width = float(root.get("viewBox").split()[2])
    sizes = [float(node.get("font-size")) for node in root.iter(f"{SVG}text")]
    assert min(sizes) * min(1, 350 / width) > 10.5
    assert len(root.findtext(f"{SVG}title")) > 10
    assert len(root.findtext(f"{SVG}desc")) > 60
    assert not re.search(r" id=|url\(", svg)


def test_each_number_that_is_not_zero_is_one_filled_cell_with_its_sign():
    x = np.random.default_rng(0).standard_normal((N, N_IN))
    picture = tensor_picture(tensor_of(x))
    signs = [sign for *_, sign in sorted(filled(picture), key=lambda cell: (cell[1], cell[0]))]
    rows = [row for i in range(N_IN) for row in x[:, i]]
    assert signs == ["+" if number > 0 else "−" for number in rows for _ in range(N_OUT)]


def test_a_zero_is_an_empty_cell_and_a_transposed_block_would_show():
    x = np.zeros((N, N_IN))
    x[3, 1] = 2.0
    cells = filled(tensor_picture(tensor_of(x)))
    assert len(cells) == N_OUT
    assert len({top for _, top, _ in cells}) == 1  # one sample, so one height
    assert repr(tensor_picture(tensor_of(x))) == "6 blocks of 5 × 3 cells, 3 of 90 not zero"


@pytest.mark.parametrize(
    ("tensor", "said"),
    [
        (np.ones((2, 3)), r"tensor: expected shape \(n_in, n_out, N, n_out\)"),
        (np.full((1, 2, 3, 2), np.nan), "tensor: expected .*finite"),
        (np.ones((1, 9, 2, 9)), "tensor: expected at most 640 px of blocks, got"),
    ],
)
def test_what_cannot_be_drawn_is_refused(tensor, said):
    with pytest.raises(ValueError, match=said):
        tensor_picture(tensor)
