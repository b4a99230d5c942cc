"""Plant each mistake in turn, run the tests that should see it, and tabulate which did.

Run by `make mutants`. The table is written to _build/mutants.md. The run fails if a mistake
is seen by no test, or if the tests are red without one.
"""

import contextlib
import importlib.machinery
import io
import os
import sys
import time
from collections import Counter
from pathlib import Path

# Imported once here: each child process then starts with them.
import hypothesis.extra.numpy  # noqa: F401
import mpmath  # noqa: F401
import numpy as np  # noqa: F401
import pytest
from planted import MUTANTS, TESTS

ROOT = Path(__file__).parent.parent.parent
TABLE = ROOT / "_build" / "mutants.md"
WORKERS = os.cpu_count() or 1


class Planted(importlib.machinery.SourceFileLoader):
    """Loads a module from its file, with one piece of text replaced."""

    def __init__(self, name, path, mutant):
        super().__init__(name, path)
        self.mutant = mutant

    def get_code(self, fullname):
        source = Path(self.path).read_text(encoding="utf-8")
        return compile(plant(self.mutant, source), self.path, "exec")


class Finder:
    """Finds the module that holds the mistake; all others are found as ever."""

    def __init__(self, mutant):
        self.mutant = mutant

    def find_spec(self, name, path=None, target=None):
        if name != f"rnnlib.{self.mutant.module}":
            return None
        file = str(ROOT / "rnnlib" / f"{self.mutant.module}.py")
        loader = Planted(name, file, self.mutant)
        return importlib.util.spec_from_file_location(name, file, loader=loader)


class Failures:
    """A pytest plugin that notes which test functions failed, and how often."""

    def __init__(self):
        self.counts = Counter()

    def pytest_runtest_logreport(self, report):
        if report.failed:
            file, _, test = report.nodeid.partition("::")
            self.counts[f"{Path(file).stem}: {test.partition('[')[0]}"] += 1

    def pytest_collectreport(self, report):
        if report.failed:
            self.counts[f"{Path(report.nodeid).stem}: cannot be imported"] += 1


def plant(mutant, source):
    """Replace the one place that a mutant changes."""
    found = source.count(mutant.old)
    if found != 1:
        raise SystemExit(f"{mutant.module}.py: expected once, found {found} times: {mutant.old}")
    return source.replace(mutant.old, mutant.new)


def run_tests(mutant, module):
    """Run the tests of a module in this process, with a mistake or without; count failures."""
    if mutant:
        sys.meta_path.insert(0, Finder(mutant))
    sys.dont_write_bytecode = True
    os.environ["HYPOTHESIS_PROFILE"] = "mutants"
    failures = Failures()
    files = [str(ROOT / "tests" / f"test_{name}.py") for name in TESTS[module]]
    quiet = ["-q", "-o", "addopts=", "-p", "no:cacheprovider", "--tb=no", "--rootdir", str(ROOT)]
    quiet += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]  # of what was imported above
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        status = pytest.main([*quiet, *files], plugins=[failures])
    if status not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED) and not failures.counts:
        failures.counts[f"pytest: exit {int(status)}"] += 1
    return failures.counts


def in_a_child(mutant, module):
    """Start `run_tests` in a fork; return its process and the pipe that its answer comes by."""
    reading, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        return child, reading
    os.close(reading)
    counts = run_tests(mutant, module)
    with os.fdopen(writing, "w", encoding="utf-8") as pipe:
        pipe.writelines(f"{count} {test}\n" for test, count in counts.items())
    os._exit(0)


def answer(child, reading):
    """Wait for a child, and read which tests failed in it."""
    with os.fdopen(reading, encoding="utf-8") as pipe:
        lines = pipe.read().splitlines()
    _, status = os.waitpid(child, 0)
    if status:
        return Counter({"the tests did not come to an end": 1})
    pairs = (line.split(" ", 1) for line in lines)
    return Counter({test: int(count) for count, test in pairs})


def every_answer(jobs):
    """Run all jobs, a few at a time; list their answers in order."""
    waiting, running, answers = list(enumerate(jobs)), [], {}
    while waiting or running:
        while waiting and len(running) < WORKERS:
            number, job = waiting.pop(0)
            running.append((number, *in_a_child(*job)))
        number, child, reading = running.pop(0)
        answers[number] = answer(child, reading)
    return [answers[number] for number in range(len(answers))]


def table(answers):
    """Write the table: one row a mistake, with the tests that saw it."""
    yield "| planted mistake | module | seen by |"
    yield "|---|---|---|"
    for mutant, counts in zip(MUTANTS, answers, strict=True):
        seen = "; ".join(f"`{test}` × {count}" for test, count in counts.most_common())
        yield f"| {mutant.mistake} | `{mutant.module}` | {seen or '**nothing**'} |"


def main():
    """Try the tests without a mistake, then with each one."""
    start = time.monotonic()
    for mutant in MUTANTS:  # a mutant that cannot be planted stops the run at once
        plant(mutant, (ROOT / "rnnlib" / f"{mutant.module}.py").read_text(encoding="utf-8"))
    modules = sorted({mutant.module for mutant in MUTANTS})
    jobs = [(None, module) for module in modules]
    jobs += [(mutant, mutant.module) for mutant in MUTANTS]
    answers = every_answer(jobs)
    healthy, answers = answers[: len(modules)], answers[len(modules) :]
    for module, counts in zip(modules, healthy, strict=True):
        if counts:
            print(f"Red without a mistake, tests of {module}: {', '.join(counts)}")
    TABLE.parent.mkdir(exist_ok=True)
    TABLE.write_text("\n".join(table(answers)) + "\n", encoding="utf-8")
    for mutant, counts in zip(MUTANTS, answers, strict=True):
        verdict = f"seen by {len(counts)} tests" if counts else "SEEN BY NOTHING"
        print(f"{mutant.module:16} {mutant.mistake:75} {verdict}")
    missed = sum(not counts for counts in answers)
    print(f"{time.monotonic() - start:.0f} s; which test sees what: {TABLE.relative_to(ROOT)}")
    print(f"mutants: {len(answers) - missed} passed, {missed} failed")
    return bool(missed or any(healthy))


if __name__ == "__main__":
    sys.exit(main())
