"""All contenders on all shapes, one line each, and how many targets are met."""

import sys

import numpy as np
import shapes
from contenders import MAKERS
from timing import ratio, take_turns

SECONDS = 3.5  # a shape in one type
PEERS = ["PyTorch", "tutorial", "JAX", "JAX tuned"]


def print_all():
    """Print a line for each problem, and a summary."""
    print(f"""
Our loss and gradient in milliseconds (± half the middle half of all rounds), then divided by
the time of each other. It is the time of the processor, of all threads together, so that what
others on this machine take does not count; in brackets, for JAX, by the clock on the wall.

floor     the products, element-wise functions and sums of the equations, bare: no loss, no
          targets, no check, no memory to be found (contenders.py says exactly what)
lower     a lower floor: products, tanh, exp and slopes alone, no sum and no division
PyTorch   nn.RNN and autograd, eager
tutorial  one step at a time in NumPy, as min-char-rnn does it, but for a batch
JAX       jit of a scan; the loss picks the logit of the target by its index, as optax does
tuned     the same, but by comparison with all classes

{"":34}{"ours":>7}{"±":>5}   floor            lower  PyTorch tutorial JAX         tuned""")
    results = []
    for dtype in shapes.DTYPES:
        for shape in shapes.SHAPES:
            results.append(compare(shapes.draw(shape, dtype)))
            print_line(shape, dtype, *results[-1])
    print_summary([ratios for _, ratios in results])


def compare(problem):
    """Time all contenders on a problem; return our seconds, and the ratios by name."""
    calls = {name: make(problem) for name, make in MAKERS.items()}
    calls = {name: call for name, call in calls.items() if call is not None}
    check_equal(calls, problem.dtype)
    times = take_turns(calls, SECONDS)
    ratios = {name: ratio(times["ours"], times[name]) for name in times if name != "ours"}
    for name in ratios.keys() & {"JAX", "JAX tuned"}:
        ratios[f"{name}, wall"] = ratio(times["ours"], times[name], "wall")
    ratios["aim"] = shapes.target_for_floor(problem.shape, problem.dtype)
    return times["ours"].cpu, ratios


def check_equal(calls, dtype):
    """Stop if a contender does not compute the same: its time would mean nothing."""
    loss, gradient = calls["ours"]()
    tolerance = 1e-10 if dtype == np.float64 else 1e-3
    for name in calls.keys() & set(PEERS):
        other_loss, other_gradient = calls[name]()
        pairs = [(loss, other_loss), *zip(gradient, other_gradient, strict=True)]
        for ours, theirs in pairs:
            theirs = np.asarray(theirs.detach() if hasattr(theirs, "detach") else theirs)
            if not np.abs(ours - theirs).max() <= tolerance * np.abs(theirs).max():
                sys.exit(f"{name} computes something else")


def print_line(shape, dtype, seconds, ratios):
    """Print one row of the table."""
    low, middle, high = np.quantile(seconds, [0.25, 0.5, 0.75])
    spread = f"{(high - low) / middle / 2:.0%}"
    print(f"{shape!s:25}{dtype!s:8}{1000 * middle:8.3f}{spread:>5}", end="   ")
    print(
        f"{ratios['floor']:.2f} ≤ {ratios['aim']:.2f} {met(ratios['floor'], ratios['aim']):<7}",
        end="",
    )
    print(f"{ratios['lower']:.2f}", end="   ")
    for name in PEERS:
        text = f"{ratios[name]:.2f}" if name in ratios else "–"
        if f"{name}, wall" in ratios:
            text += f" ({ratios[f'{name}, wall']:.2f})"
        print(f"{text:<{12 if name.startswith('JAX') else 8}}", end="")
    print(flush=True)


def print_summary(results):
    """Count the targets met."""
    total = len(results)
    for name in ("floor", "lower"):
        count = sum(ratios[name] <= ratios["aim"] for ratios in results)
        verdict = f" (aim: all) {met(total, count)}" if name == "floor" else ""
        print(
            f"{'' if verdict else '  '}{name}: as near as aimed at in {count} of {total}{verdict}"
        )
    for name, limit, aim in (
        ("PyTorch", shapes.FASTER, total),
        ("tutorial", shapes.FASTER, total),
        ("JAX", shapes.LEVEL, shapes.LEVEL_ON),
        ("JAX tuned", shapes.LEVEL, shapes.LEVEL_ON),
    ):
        if name not in results[0]:
            print(f"{name}: not installed")
            continue
        found = [ratios[name] for ratios in results]
        count = sum(value <= limit for value in found)
        print(f"{name}: at most {limit} of its time in {count} of {total}", end=" ")
        print(f"(aim: {aim}) {met(aim, count)}; from {min(found):.2f} to {max(found):.2f}")


def met(value, limit):
    """Say whether an aim is met."""
    return "met" if value <= limit else "missed"
