"""What all numbers depend on. Import this first: it asks libraries for one thread."""

import os

for library in ("OPENBLAS", "OMP", "MKL", "VECLIB_MAXIMUM"):
    os.environ[f"{library}_NUM_THREADS"] = "1"  # read when NumPy is loaded

import platform  # noqa: E402
import time  # noqa: E402
from importlib import metadata  # noqa: E402

import numpy as np  # noqa: E402


def start():
    """Start the clock; the result tells the seconds since."""
    started = time.perf_counter()
    return lambda: time.perf_counter() - started


def print_description():
    """Say where and with what all this runs; keep to one core."""
    core = "free to use all cores: this system keeps no process on one"
    if hasattr(os, "sched_setaffinity"):
        chosen = max(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {chosen})
        core = f"kept to core {chosen}"
    blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    print(f"{processor()}, {os.cpu_count()} cores; {core}")
    print(f"{platform.system()}, Python {platform.python_version()}, one thread of", end=" ")
    print(blas["name"], blas.get("version", ""))
    print("; ".join(f"{name} {version_of(name)}" for name in ("numpy", "torch", "jax")))
    if hasattr(os, "getloadavg") and (load := os.getloadavg()[0]) > 0.5:
        print(f"Other processes are busy (load {load:.1f}): take the numbers with care.")


def processor():
    """Name the processor."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            return next(line.split(":")[1].strip() for line in file if "model name" in line)
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def version_of(package):
    """Give the version of a package, or say that it is not there."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"
