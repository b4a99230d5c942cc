"""Plant each mistake in turn, run the tests that should see it, and tabulate which did.

`make mutants` plants all of them and writes _build/mutants.md, and the same in numbers as
_build/mutants.json. With names of modules behind it, `python tests/mutants/run.py lstm gru` plants
only theirs, and writes nothing. The run fails if a mistake is seen by no test, or if the tests are
red without one.
"""

import contextlib
import importlib.machinery
import io
import json
import os
import signal
import sys
import tempfile
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
NUMBERS = TABLE.with_suffix(".json")
WORKERS = os.cpu_count() or 1
PATIENCE = 300  # seconds: a mistake may make a loop that never ends


class Planted(importlib.machinery.SourceFileLoader):
    """Loads a module from its file, with one piece of text replaced."""

    def __init__(self, name, path, mutant):
        super().__init__(name, path)
        self.mutant = mutant

    def get_code(self, fullname):
        return compile(plant(self.mutant), self.path, "exec")


class Finder:
    """Finds the module that holds the mistake; all others are found as ever."""

    def __init__(self, mutant):
        self.mutant = mutant

    def find_spec(self, name, path=None, target=None):
        if name != f"rnnlib.{self.mutant.module}":
            return None
        file = str(file_of(self.mutant))
        loader = Planted(name, file, self.mutant)
        return importlib.util.spec_from_file_location(name, file, loader=loader)


class Reports:
    """A pytest plugin that notes which tests failed and which passed, and how often."""

    def __init__(self):
        self.failed, self.passed = Counter(), Counter()

    def pytest_runtest_logreport(self, report):
        file, _, test = report.nodeid.partition("::")
        if report.failed:
            self.failed[f"{in_words(Path(file).stem)}: {in_words(test)}"] += 1
        elif report.when == "call":
            self.passed[f"{in_words(Path(file).stem)}: {in_words(test)}"] += 1

    def pytest_collectreport(self, report):
        if report.failed:
            self.failed[f"{in_words(Path(report.nodeid).stem)}: cannot be imported"] += 1


def in_words(name):
    """Turn the name of a test, which is a claim, into words."""
    return name.partition("[")[0].removeprefix("test_").replace("_", " ")


def file_of(mutant):
    """Find the file that a mistake is planted in."""
    return ROOT / "rnnlib" / f"{mutant.module}.py"


def plant(mutant):
    """Replace the one place that a mistake changes."""
    source = file_of(mutant).read_text(encoding="utf-8")
    found = source.count(mutant.old)
    if found != 1:
        raise SystemExit(f"{mutant.module}.py: expected once, found {found} times: {mutant.old}")
    return source.replace(mutant.old, mutant.new)


def run_tests(mutant, names):
    """Run some files of tests in this process, with a mistake or without; count what failed."""
    if mutant:
        sys.meta_path.insert(0, Finder(mutant))
    sys.dont_write_bytecode = True
    # Plugins are for notebooks and browsers, and each takes a while to load.
    os.environ |= {"HYPOTHESIS_PROFILE": "mutants", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    reports = Reports()
    files = [str(ROOT / "tests" / f"test_{name}.py") for name in names]
    quiet = ["-q", "-o", "addopts=", "-p", "no:cacheprovider", "--tb=no", "--rootdir", str(ROOT)]
    quiet += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]  # of what was imported above
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        status = pytest.main([*quiet, *files], plugins=[reports])
    red = status != pytest.ExitCode.OK
    if red and not reports.failed:
        reports.failed[f"pytest: exit {int(status)}"] += 1
    return reports.failed, reports.passed


def in_a_child(job, file):
    """Start `run_tests` in a fork, its answer to be written to a file; return its number."""
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        signal.alarm(PATIENCE)
        file.write_text(json.dumps(run_tests(*job)), encoding="utf-8")
        status = 0
    finally:
        os._exit(status)


def every_answer(jobs):
    """Run all jobs, a few at a time; list in their order what failed and what passed."""
    waiting, running, answers = list(enumerate(jobs)), {}, {}
    with tempfile.TemporaryDirectory() as folder:
        while waiting or running:
            while waiting and len(running) < WORKERS:
                number, job = waiting.pop(0)
                file = Path(folder) / str(number)
                running[in_a_child(job, file)] = number, file
            child, status = os.wait()
            number, file = running.pop(child)
            answers[number] = json.loads(file.read_text()) if status == 0 else UNFINISHED
    return [answers[number] for number in range(len(jobs))]


UNFINISHED = {"pytest: the tests did not come to an end": 1}, {}


def by_file(counts):
    """Take the claims of one file of tests together: how often each of them was red."""
    files = {}
    for claim, count in counts.items():
        file, _, words = claim.partition(": ")
        files.setdefault(file, {})[words] = count
    return files


def table(mutants, answers):
    """Write the table: one row a mistake, with the tests that saw it."""
    yield "| planted mistake | module | seen by |"
    yield "|---|---|---|"
    for mutant, counts in zip(mutants, answers, strict=True):
        seen = [f"**{file}**: {'; '.join(claims)}" for file, claims in by_file(counts).items()]
        yield f"| {mutant.mistake} | `{mutant.module}` | {'<br>'.join(seen) or '**nothing**'} |"


def numbers(mutants, answers, claims):
    """Collect what the table says, and which claims saw none of the mistakes."""
    rows = [
        {**mutant._asdict(), "seen_by": by_file(counts)}
        for mutant, counts in zip(mutants, answers, strict=True)
    ]
    saw_none = [claim for claim in claims if not any(claim in counts for counts in answers)]
    return {"mistakes": rows, "saw_none": saw_none}


def chosen(modules):
    """List the mistakes of some modules, or all if none is named; each can be planted."""
    unknown = set(modules) - {mutant.module for mutant in MUTANTS}
    if unknown:
        raise SystemExit(f"No mistake is planted in {', '.join(sorted(unknown))}.")
    mutants = [mutant for mutant in MUTANTS if not modules or mutant.module in modules]
    for mutant in mutants:  # one that cannot be planted stops the run at once
        compile(plant(mutant), mutant.module, "exec")
    return mutants


def main(modules):
    """Try the tests without a mistake, then with each one."""
    start = time.monotonic()
    mutants = chosen(modules)
    files = sorted({name for mutant in mutants for name in TESTS[mutant.module]})
    jobs = [(None, [name]) for name in files]
    jobs += [(mutant, TESTS[mutant.module]) for mutant in mutants]
    answers = every_answer(jobs)
    healthy, found = answers[: len(files)], [failed for failed, _ in answers[len(files) :]]

    red = [claim for failed, _ in healthy for claim in failed]
    for claim in red:
        print(f"RED WITHOUT A MISTAKE: {claim}")
    for mutant, counts in zip(mutants, found, strict=True):
        plural = "" if len(counts) == 1 else "s"
        verdict = f"seen by {len(counts)} test{plural}" if counts else "SEEN BY NOTHING"
        print(f"{mutant.module:16} {mutant.mistake:75} {verdict}")
    if not modules:
        claims = [claim for _, passed in healthy for claim in passed]
        TABLE.parent.mkdir(exist_ok=True)
        TABLE.write_text("\n".join(table(mutants, found)) + "\n", encoding="utf-8")
        summary = json.dumps(numbers(mutants, found, claims), indent=1, ensure_ascii=False)
        NUMBERS.write_text(summary + "\n", encoding="utf-8")
        print(f"Which test sees what: {TABLE.relative_to(ROOT)}")
    seen = sum(map(bool, found))
    failed = len(found) - seen + len(red)
    print(f"{time.monotonic() - start:.0f} s")
    print(f"mutants: {seen} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
