"""Timing that a busy machine spoils as little as possible: contenders take turns."""

import gc
import time
from typing import NamedTuple

import numpy as np


class Times(NamedTuple):
    """Seconds a call of one contender took, one number for each round.

    By the clock on the wall; and of the processor, all threads together, without any wait.
    """

    wall: np.ndarray
    cpu: np.ndarray


def take_turns(calls, seconds, turn=0.004, at_least=7):
    """
    Time calls in rounds, until the time is up, and each round in another order.

    A turn is several calls, about `turn` seconds of them, and half as many before that do not
    count: they bring code and data back into the caches of the processor, from where the others
    have pushed them. In training, too, the same call is made again and again. Calls that take
    long have no such need.
    """
    names, rounds, repeats, warm_ups = list(calls), {}, {}, {}
    for name, call in calls.items():
        call()  # compiles
        once, _ = _measure(call, 1)
        repeats[name] = max(1, round(turn / once))
        warm_ups[name] = 0 if once > 5 * turn else 1 + repeats[name] // 2
        rounds[name] = []
    end, n = time.perf_counter() + seconds, 0
    gc.collect()
    gc.disable()
    try:
        while n < at_least or time.perf_counter() < end:
            for name in names[n % len(names) :] + names[: n % len(names)]:
                _measure(calls[name], warm_ups[name])
                rounds[name].append(_measure(calls[name], repeats[name]))
            n += 1
    finally:
        gc.enable()
    return {name: Times(*np.transpose(pairs)) for name, pairs in rounds.items()}


def _measure(call, repeats):
    """Return seconds a call, by the clock on the wall and on all cores."""
    cpu, wall = time.process_time(), time.perf_counter()
    for _ in range(repeats):
        call()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return wall / max(repeats, 1), cpu / max(repeats, 1)


def ratio(ours, theirs, clock="cpu"):
    """Take the median of the ratios of each round: what slows a round slows both."""
    return float(np.median(getattr(ours, clock) / getattr(theirs, clock)))
