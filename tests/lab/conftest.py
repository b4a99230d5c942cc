"""A real JupyterLab, with nothing trusted and no settings of the person who runs the tests."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from browser import running_chromium

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """The chapters as they are after cloning: copied, so that no trust is inherited."""
    folder = tmp_path_factory.mktemp("clone")
    for chapter in (ROOT / "book").glob("*.ipynb"):
        shutil.copy(chapter, folder)
    shutil.copytree(ROOT / "book" / "figures", folder / "figures")
    return folder


@pytest.fixture(scope="session")
def lab(folder, tmp_path_factory):
    """The address of a running JupyterLab on `folder`."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = tmp_path_factory.mktemp("jupyter")
    names = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    env = os.environ | {name: str(own / name) for name in names}
    options = [
        f"--port={port}", "--port-retries=0", "--no-browser", "--allow-root",
        "--IdentityProvider.token=", f"--ServerApp.root_dir={folder}",
        "--LabApp.news_url=None", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]  # fmt: skip
    with (own / "log").open("w") as log:
        command = [sys.executable, "-m", "jupyterlab", *options]
        server = subprocess.Popen(command, env=env, stdout=log, stderr=subprocess.STDOUT)
    address = f"http://127.0.0.1:{port}/lab"
    try:
        wait_for(address, server, own / "log")
        yield address
    finally:
        server.terminate()
        server.wait(timeout=20)


def wait_for(address, server, log):
    for _ in range(240):
        assert server.poll() is None, f"JupyterLab stopped:\n{log.read_text()}"
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except OSError:
            time.sleep(0.25)
    pytest.fail(f"JupyterLab did not answer within a minute:\n{log.read_text()}")


@pytest.fixture(scope="session")
def chromium():
    """The browser that all tests share."""
    with running_chromium() as browser:
        yield browser


@pytest.fixture
def page(chromium):
    """A fresh page that collects what goes wrong in it."""
    context = chromium.new_context(viewport={"width": 1280, "height": 1000})
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.errors = []

    def record(error):
        # JupyterLab stumbles now and then over a cell that it is still laying out: not our script.
        raised_in = (error.stack or "").partition("\n    at ")[2].partition("\n")[0]
        if "/static/lab/" not in raised_in:
            page.errors.append(str(error))

    page.on("pageerror", record)
    yield page
    context.close()
