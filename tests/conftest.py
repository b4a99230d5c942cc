"""What holds for every test."""

import os

import pytest
from hypothesis import Phase, settings

# The same examples on every machine and every day: a red run can be run again.
settings.register_profile("book", derandomize=True, deadline=None, database=None)
# Of a planted mistake it is enough to know that it was seen, not its smallest example.
settings.register_profile("mutants", parent=settings.get_profile("book"), phases=[Phase.generate])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "book"))


def pytest_sessionfinish(session):
    """In CI, let a skipped test fail the session: a check that did not run holds nothing."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", [])
    if skipped and "CI" in os.environ:
        reporter.write_line(
            f"\nIn CI a skipped test counts as failed: {len(skipped)} here.", red=True
        )
        session.exitstatus = session.exitstatus or pytest.ExitCode.TESTS_FAILED
