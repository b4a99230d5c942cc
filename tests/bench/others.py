"""What else is promised about time: imports, checkpoints, and the price of going forward."""

import subprocess
import sys
from functools import partial

import numpy as np
import shapes
from compare import met
from timing import ratio, take_turns

from rnnlib import forward, init_parameters, one_hot
from rnnlib.bptt import backward
from rnnlib.checkpoint import checkpointed_gradient
from rnnlib.rtrl import rtrl


def print_imports():
    """Time imports in fresh processes that take turns."""
    seconds = {"numpy": [], "rnnlib": []}
    program = "import time; t = time.perf_counter(); import {}; print(time.perf_counter() - t)"
    for _ in range(11):
        for name, found in seconds.items():
            command = [sys.executable, "-c", program.format(name)]
            run = subprocess.run(command, capture_output=True, text=True, check=True)
            found.append(float(run.stdout))
    share = float(np.median(np.divide(seconds["rnnlib"], seconds["numpy"])))
    verdict = met(share, shapes.IMPORT)
    print(f"\nimport rnnlib / import numpy: {share:.2f} ≤ {shapes.IMPORT} {verdict}\n")


def gradient_of(params, x, y):
    """Go forward and back in the readable form."""
    return backward(params, forward(params, x, y))


def print_checkpoints():
    """Time the gradient with few states kept against the one with all of them."""
    for N, n_h, T in ((32, 128, 100), (64, 256, 50), (128, 64, 196)):
        rng = np.random.default_rng(0)
        params = init_parameters(rng, 65, n_h, 65)
        x, y = one_hot(rng.integers(65, size=(T, N)), 65), rng.integers(65, size=(T, N))
        few, all_kept = (partial(f, params, x, y) for f in (checkpointed_gradient, gradient_of))
        times = take_turns({"few": few, "all": all_kept}, seconds=2)
        share = ratio(times["few"], times["all"])
        print(f"checkpointed / plain gradient, N={N} n_h={n_h} T={T}: ", end="")
        print(f"{share:.2f} ≤ {shapes.CHECKPOINTS} {met(share, shapes.CHECKPOINTS)}")


def print_forward_mode():
    """Time the price of going forward: no target, it is what a chapter tells."""
    print()
    for n_h in (16, 32, 64):
        rng = np.random.default_rng(0)
        params = init_parameters(rng, 5, n_h, 7)
        x, y = rng.standard_normal((10, 1, 5)), rng.integers(7, size=(10, 1))
        trace = forward(params, x, y)
        calls = {"forward": partial(rtrl, params, trace), "back": partial(backward, params, trace)}
        times = take_turns(calls, seconds=1)
        share = ratio(times["forward"], times["back"])
        print(f"forward messages (RTRL) / BPTT, N=1 n_h={n_h} T=10: {share:.0f}")
