"""What holds for every test."""

import os

from hypothesis import settings

# The same examples on every machine and every day: a red run can be run again.
settings.register_profile("book", derandomize=True, deadline=None, database=None)
settings.load_profile("book")


def pytest_terminal_summary(terminalreporter):
    """Say in CI that a skipped test is a failed one; the exit status follows below."""
    skipped = len(terminalreporter.stats.get("skipped", []))
    if skipped and "CI" in os.environ:
        terminalreporter.write_line(
            f"{skipped} skipped in CI: here a check that did not run counts as failed.", red=True
        )


def pytest_sessionfinish(session, exitstatus):
    """Fail a session in CI that skipped a test."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if exitstatus == 0 and "CI" in os.environ and reporter.stats.get("skipped"):
        session.exitstatus = 1
