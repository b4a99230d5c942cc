"""`make bench` is a report that nobody waits for: that it still runs, and times equals, is here."""

import sys
from pathlib import Path

import numpy as np
import pytest

BENCH = Path(__file__).parent / "bench"


@pytest.fixture
def bench(monkeypatch):
    """Import the modules of the bench, with nothing in them that is not NumPy, and no patience."""
    monkeypatch.syspath_prepend(BENCH)
    import compare
    import shapes

    for peer in ("PyTorch", "JAX", "JAX tuned"):
        monkeypatch.delitem(compare.MAKERS, peer)
    monkeypatch.setattr(compare, "SECONDS", 0)
    small = [shapes.Shape(3, 2, 5, 7, 11, 13), shapes.Shape(2, 1, 5, None, 3, 7)]
    monkeypatch.setattr(shapes, "SHAPES", small)
    yield compare
    for path in BENCH.glob("*.py"):
        sys.modules.pop(path.stem, None)


def test_the_bench_reports_on_each_shape_in_each_type(bench, capsys):
    bench.print_all()
    report = capsys.readouterr().out
    assert report.count("float64") == report.count("float32") == len(bench.shapes.SHAPES)
    assert "floor: as near as aimed at in" in report
    assert "PyTorch: not installed" in report


def test_a_contender_that_computes_something_else_is_not_timed(bench, monkeypatch):
    wrong = bench.MAKERS["tutorial"]

    def doubled(problem):
        loss, gradient = wrong(problem)()
        return lambda: (2 * loss, gradient)

    monkeypatch.setitem(bench.MAKERS, "tutorial", doubled)
    with pytest.raises(SystemExit, match="tutorial computes something else"):
        bench.print_all()


def test_contenders_take_turns_in_another_order_each_round(bench):
    asked = []
    calls = {name: lambda name=name: asked.append(name) for name in "abc"}
    times = bench.take_turns(calls, seconds=0, turn=0, at_least=3)
    assert "".join(asked[-9:]) == "abc" + "bca" + "cab"
    assert all(len(clock) == 3 for pair in times.values() for clock in pair)
    assert bench.ratio(times["a"], times["a"]) == pytest.approx(1)


def test_targets_are_those_of_the_issue(bench):
    of, Shape = bench.shapes.target_for_floor, bench.shapes.Shape
    wanted = {(1, 25): (2.2, 2.6), (128, 3): (1.5, 2.0), (32, 50): (1.35, 1.6)}
    for (N, T), (double, single) in wanted.items():
        shape = Shape(T, N, 65, None, 64, 65)
        assert of(shape, np.dtype(np.float64)) == double
        assert of(shape, np.dtype(np.float32)) == single
