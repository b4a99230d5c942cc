"""The browser that the page tests drive: found if there is one, else installed."""

import contextlib
import os
import platform
import shutil
import subprocess
import sys

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


def find_chromium():
    """
    Look for an installed Chromium or Chrome.

    Returns
    -------
    str or None
        Its path. With None as ``executable_path``, Playwright starts the browser that it
        installed itself, or fails with a sentence: a missing browser never skips a test.
    """
    return next(filter(None, map(shutil.which, NAMES)), None)


@contextlib.contextmanager
def running_chromium():
    """Run the browser without a window, and without its own talk to other hosts."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        yield browser
        browser.close()


def install_commands():
    """List the commands that install a browser in the way documented for this platform."""
    system = platform.freedesktop_os_release()["ID"] if sys.platform == "linux" else sys.platform
    root = sys.platform != "win32" and os.geteuid() == 0
    if system == "debian" and root:
        return [["apt-get", "update", "-q"], ["apt-get", "install", "-qy", "chromium"]]
    dependencies = ["--with-deps"] if root else []
    return [[sys.executable, "-m", "playwright", "install", *dependencies, "chromium"]]


if __name__ == "__main__":
    if find_chromium() is None:
        for command in install_commands():
            print("No browser found:", *command, flush=True)
            subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    print("Browser for the page tests:", find_chromium() or "the one of Playwright")
