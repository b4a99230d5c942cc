"""The reader of equations reads what is printed, and refuses what it cannot judge."""

import numpy as np
import pytest

from rnnlib.bptt import backward
from rnnlib.equation_checks import Check, Statement, disagreement, examine, load_checks
from rnnlib.equation_reading import read_equation
from rnnlib.equation_sources import printed_equations, try_chapter
from rnnlib.equation_tree import Big, Derivative
from rnnlib.equation_values import sides
from rnnlib.forward_pass import forward
from rnnlib.network_worlds import NetworkValues, network_world, row_world
from rnnlib.parameters import Parameters
from rnnlib.worlds import Computed, Indexed, World

PAIR = World({"A": np.array([[1.0, 2.0], [3.0, 5.0]]), "v": np.array([1.0, -2.0]), "c": 3.0}, {})

TRUE = [
    (r"\mathrm dh_t = \partial^{+}h_t + J_t\,\mathrm dh_{t-1}", row_world, "t", {}, ""),
    (r"\delta^h_t = \delta^z_t W_{hy}^\top + \overleftarrow m_t", network_world, "t", {}, ""),
    (r"\overleftarrow m_t = \delta^a_{t+1} W_{hh}^\top", network_world, "t", {}, "t < T - 1"),
    (r"J_t = \mathrm{diag}(1 - h_t^2)\, W_{hh}^\top", row_world, "t", {}, ""),
    (
        r"\frac{\partial h_{t,j}}{\partial h_{t-1,i}} = (1 - h_{t,j}^2)\, W_{hh,ij}",
        row_world, "t i j", {"i": "n_h", "j": "n_h"}, "",
    ),
    (
        r"\frac{\mathrm dL}{\mathrm dW_{hh}} = \sum_{t=0}^{T-1} h_{t-1}^\top\,\delta^a_t"
        r" = \sum_s \frac{\mathrm dL}{\mathrm dW_{hh}^{(s)}}",
        network_world, "", {}, "",
    ),
    (
        r"\frac{\mathrm dL_t}{\mathrm dW_{hh}} = \sum_{s=0}^{t} \frac{\mathrm dL_t}{\mathrm dh_t}"
        r" J_t J_{t-1} \cdots J_{s+1} \frac{\partial^{+}h_s}{\partial W_{hh}}",
        row_world, "t", {}, "",
    ),
    (
        r"\frac{\mathrm dh_t}{\mathrm dh_s} = \prod_{k=s+1}^{t} J_k"
        r" = \frac{\partial h_t}{\partial h_{t-1}} \cdots \frac{\partial h_{s+1}}{\partial h_s}",
        row_world, "t s", {}, "s < t",
    ),
    (
        r"\frac{\partial \hat y_{t,i}}{\partial z_{t,k}} = \begin{cases}"
        r"\hat y_{t,i}(1 - \hat y_{t,i}) & \text{if } i = k, \\ -\hat y_{t,i}\hat y_{t,k} & i \ne k"
        r"\end{cases} = \hat y_{t,i}\bigl([i = k] - \hat y_{t,k}\bigr)",
        row_world, "t i k", {"i": "n_y", "k": "n_y"}, "",
    ),
    (
        r"\frac{\mathrm dL}{\mathrm db_y} = \sum_t \mathbf 1^\top (\hat y_t - y_t)",
        network_world, "", {}, "",
    ),
]  # fmt: skip

FALSE = [
    (r"\delta^h_t = \delta^z_t W_{hy}^\top", network_world, "t"),
    (r"\delta^a_t = \delta^h_t \odot (1 - a_t^2)", network_world, "t"),
    (r"\frac{\mathrm dL}{\mathrm dW_{hh}} = \sum_t h_t^\top \delta^a_t", network_world, ""),
    (r"P_t = \frac{\partial^{+}h_t}{\partial W_{hh}}", row_world, "t"),
    (r"L_t = \sum_n \log \hat y_{t,n,y_{t,n}}", network_world, "t"),
]

UNREADABLE = [
    (r"h_t = \tanh", "argument"),
    (r"h_t = \lim a_t", "value"),
    (r"h_t = (a_t", "expected"),
    (r"h_t = a_t)", "expected the end"),
    (r"h_t = h_{T}", "index"),
    (r"h_t = q_t", "value"),
    (r"h_t = h_{-2}", "index"),
    (r"h_t = W_{hh} h_t", "touching axes"),
    (r"\underset{(n_h,\,N)}{h_t} = \tanh a_t", "printed shape"),
    (r"h_t = L", "one shape"),
    (r"\delta^a_{T} = 0", "step from"),
]


@pytest.mark.parametrize(("tex", "world", "every", "over", "when"), TRUE)
def test_what_is_true_holds(tex, world, every, over, when):
    finding = examine(tex, Check("both sides", world, every, over, when))
    assert finding.holds
    assert finding.error < 1e-12
    assert finding.cases >= 6


@pytest.mark.parametrize(("tex", "world", "every"), FALSE)
def test_what_is_false_does_not_hold(tex, world, every):
    assert examine(tex, Check("both sides", world, every)).error > 1e-3


@pytest.mark.parametrize(("tex", "message"), UNREADABLE)
def test_what_cannot_be_judged_is_refused_with_a_reason(tex, message):
    with pytest.raises(ValueError, match=message):
        examine(tex, Check("both sides", network_world, "t"))


def test_an_equation_of_zeros_is_not_a_check():
    world = lambda rng: World({"c": 0.0}, {})  # noqa: E731
    with pytest.raises(ValueError, match="only zeros"):
        examine("c = c + c", Check("both sides", world))


@pytest.mark.parametrize(
    ("tex", "value"),
    [
        (r"c - 1 - 1", 1),
        (r"-c^2", -9),
        (r"\frac{c}{2} + c/2", 3),
        (r"\tfrac12 c", 1.5),
        (r"2c(c + 1)", 24),
        (r"v v^\top", 5),
        (r"(A v)_1", -7),
        (r"A_{0,1} + v_1", 0),
        (r"\mathrm{tr}(A)", 6),
        (r"\max_i v_i", 1),
        (r"\max(v)", 1),
        (r"\sum_{i \ne 1} v_i", 1),
        (r"\sum_{i,j} A_{ij}", 11),
        (r"\sum_{0 \le i \le j} A_{ij} [j = 1]", 7),
        (r"\lVert v \rVert^2", 5),
        (r"\lVert \mathrm{diag}(v) \rVert^2", 5),
        (r"\lVert \mathrm{diag}(v) \rVert_2^2", 4),
        (r"\lvert -c \rvert", 3),
        (r"e^{0} + \exp(0) + \log e^{c}", 5),
        (r"\tanh^2 0 + \cosh^2(0)", 1),
        (r"\underbrace{c + c}_{\text{twice}} c", 18),
        (r"A^{-1} A v v", 5),
        (r"\begin{pmatrix} 1 & c \\ 0 & 1 \end{pmatrix} v v", -1),
        (r"\begin{aligned} & c \\ & + c \end{aligned}", 6),
    ],
)
def test_a_formula_is_read_as_a_reader_reads_it(tex, value):
    world = World(PAIR.values, {"i": range(2), "j": range(2)})
    (side,) = sides(read_equation(tex), world, {})
    assert np.isclose(side, value, rtol=1e-14)


def test_a_product_of_steps_has_later_ones_further_left():
    turns = Indexed(np.random.default_rng(0).normal(size=(3, 2, 2)))
    world = World({"J": turns}, {})
    (got,) = sides(read_equation(r"\prod_{k=0}^{2} J_k"), world, {})
    assert np.allclose(got, turns.values[2] @ turns.values[1] @ turns.values[0])


def test_a_sum_sign_reaches_to_the_next_plus_and_scripts_belong_to_names():
    _, right = read_equation(r"L = \sum_t \frac{\mathrm dL}{\mathrm dh_t} h_t + c").parts
    (_, first), (_, _) = right.terms
    assert isinstance(first, Big)
    assert isinstance(first.body.factors[0], Derivative)


def test_components_come_after_times():
    value = Computed(lambda t, s: np.full((2, 3), 10 * t + s), times=2)
    world = World({"∂h[]/∂h": value}, {})
    tex = r"\frac{\partial h_{5,1}}{\partial h_{4,2}}"
    assert sides(read_equation(tex), world, {}) == [54]


@pytest.mark.parametrize("one_sample", [True, False])
def test_the_world_agrees_with_backpropagation_though_it_shares_nothing_with_it(one_sample):
    values = NetworkValues(np.random.default_rng(3), one_sample, steps=4)
    params = Parameters(*(values[name] for name in Parameters._fields))
    y = values.target.argmax(axis=-1)
    trace = forward(params, values.given["x"], y, h_init=values.given["h_init"])
    back = backward(params, trace)
    for t in range(4):
        for name in ("delta_z", "delta_h", "delta_a", "delta_x"):
            assert np.allclose(values[name].function(t), getattr(back, name)[t], rtol=1e-12)
        assert np.allclose(values["m_back"].function(t), back.message[t], rtol=1e-12)
    for name in Parameters._fields:
        assert np.allclose(values[f"dL/d{name}"], getattr(back.gradient, name), rtol=1e-12)
        copies = [values[f"dL/d{name}()"].function(t) for t in range(4)]
        assert np.allclose(sum(copies), values[f"dL/d{name}"], rtol=1e-12)


def test_sizes_differ_so_that_a_transpose_cannot_pass():
    for seed in range(20):
        sizes = NetworkValues(np.random.default_rng(seed)).sizes
        assert len({sizes[name] for name in ("N", "n_x", "n_h", "n_y")}) == 4


def test_a_statement_is_bound_to_its_letters():
    statement = Statement("the sum of two numbers", "a + b", lambda rng: 0.0)
    assert examine(" a +\nb ", statement).holds
    with pytest.raises(ValueError, match="expected 'a\\+b', got 'a-b'"):
        examine("a - b", statement)
    assert not examine("a + b", statement._replace(measure=lambda rng: float("nan"))).holds


@pytest.mark.parametrize(
    ("left", "sign", "right", "error"),
    [
        (2.0, "=", 1.0, 0.5),
        (np.nan, "=", 1.0, np.inf),
        (1.0, "≠", 1.0, np.inf),
        (1.0, "≠", 2.0, 0.0),
        (1.0, "≤", 1.0, 0.0),
        (2.0, "≤", 1.0, np.inf),
        (2.0, "<", 2.0, np.inf),
        (2.0, ">", 1.0, 0.0),
        (np.ones((1, 3)), "=", np.ones(3), 0.0),
        (np.zeros((2, 3)), "=", 0.0, 0.0),
    ],
)
def test_relations_are_judged(left, sign, right, error):
    assert disagreement(left, sign, right) == error


def test_two_lists_may_not_claim_the_same_label(tmp_path):
    for name in ("a", "b"):
        (tmp_path / f"{name}.py").write_text("CHECKS = {'eq:x': None}")
    with pytest.raises(ValueError, match="eq:x"):
        load_checks(tmp_path)


def test_an_equation_without_a_check_is_told(tmp_path):
    cell = '{"cell_type": "markdown", "source": ["$$ a = a $$ (eq:alone)"]}'
    (tmp_path / "01_a.ipynb").write_text(f'{{"cells": [{cell}]}}')
    assert printed_equations(tmp_path)["eq:alone"].tex == " a = a "
    with pytest.raises(ValueError, match="eq:alone"):
        try_chapter(tmp_path, "01_a")
