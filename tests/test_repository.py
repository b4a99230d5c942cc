"""What the repository says about itself in several places is the same everywhere."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

import rnnlib

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
REQUIREMENTS = [
    line
    for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
CITATION = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
WORKFLOWS = {
    path.name: path.read_text(encoding="utf-8")
    for path in sorted((ROOT / ".github" / "workflows").glob("*.yml"))
}


def test_one_version_everywhere():
    assert PROJECT["version"] == rnnlib.__version__ == str(CITATION["version"])


def test_citation_has_what_the_format_asks_for():
    assert {"cff-version", "message", "title", "authors"} <= set(CITATION)
    assert CITATION["cff-version"] == "1.2.0"
    assert CITATION["type"] == "software"
    assert all("name" in author for author in CITATION["authors"])


def test_one_title_and_one_author_everywhere():
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert config["title"] == CITATION["title"]
    assert readme.startswith(f"# {CITATION['title']}\n")
    author = CITATION["authors"][0]["name"]
    assert config["author"] == author == PROJECT["authors"][0]["name"]
    assert author in (ROOT / "LICENSE").read_text(encoding="utf-8")


@pytest.mark.parametrize("line", REQUIREMENTS)
def test_each_requirement_has_a_range_and_a_why(line):
    wanted = "name>=oldest,<too-new # why"
    assert re.fullmatch(r"[\w-]+>=[\w.]+,<[\w.]+ +# \S.+", line), f"expected {wanted}, got {line}"


def test_the_package_asks_for_the_ranges_of_the_book():
    pins = {line.partition("#")[0].strip() for line in REQUIREMENTS}
    extras = [extra for name, extra in PROJECT["optional-dependencies"].items() if name != "torch"]
    assert {*PROJECT["dependencies"], *(pin for extra in extras for pin in extra)} <= pins


def test_pytorch_has_a_range_and_comes_with_its_own_extra_only():
    [pin] = PROJECT["optional-dependencies"]["torch"]
    assert re.fullmatch(r"torch>=[\w.]+,<[\w.]+", pin)
    assert not [line for line in REQUIREMENTS if line.startswith("torch")]


def test_readme_names_only_commands_that_exist():
    targets = re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE)
    for page in ("README.md", "CONTRIBUTING.md"):
        named = re.findall(r"(?:^|`)make ([a-z-]+)", (ROOT / page).read_text(), re.MULTILINE)
        assert named
        assert set(named) <= set(targets), page


def test_readme_example_runs(capsys):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    exec(re.search(r"```python\n(.*?)```", readme, re.DOTALL)[1], {})
    assert re.match(r"\d+\.\d{4} nats\n-?\d+\.\d{4} nats for each", capsys.readouterr().out)


def test_tests_run_on_the_oldest_python_that_is_promised():
    matrix = yaml.safe_load(WORKFLOWS["test.yml"])["jobs"]["test"]["strategy"]["matrix"]
    assert f">={matrix['python'][0]}" == PROJECT["requires-python"]


@pytest.mark.parametrize("name", WORKFLOWS)
def test_actions_are_pinned_to_a_major_version(name):
    used = re.findall(r"uses: (\S+)", WORKFLOWS[name])
    assert used
    assert all(re.fullmatch(r"actions/[a-z-]+@v\d+", action) for action in used), used
