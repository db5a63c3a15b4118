"""What releases and contributions rest on: one version everywhere, files that hosts can read."""

import configparser
import re
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def load(path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def metadata():
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg", encoding="utf-8")
    return setup["metadata"]


def headings():
    return re.findall(r"^## \[([^]]+)\]", read("CHANGELOG.md"), re.MULTILINE)


def test_the_version_is_the_one_that_the_changelog_tells_of(metadata):
    assert metadata["version"] == headings()[0]
    assert metadata["version"] == load(ROOT / "CITATION.cff")["version"]


def test_each_tag_has_its_part_of_the_changelog():
    tags = subprocess.run(["git", "tag", "-l", "v*"], cwd=ROOT, capture_output=True, text=True)
    assert {tag.removeprefix("v") for tag in tags.stdout.split()} <= set(headings())


def test_the_pythons_that_are_promised_are_those_that_are_tested(metadata):
    promised = re.findall(r"Python :: (3\.\d+)", metadata["classifiers"])
    matrix = load(ROOT / ".github" / "workflows" / "tests.yml")["jobs"]["tests"]["strategy"][
        "matrix"
    ]
    assert promised == matrix["python-version"] == ["3.11", "3.12", "3.13"]
    assert {name.partition("-")[0] for name in matrix["os"]} == {"ubuntu", "macos", "windows"}


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_can_do_no_more_than_it_must(path):
    workflow = load(path)
    allowed = {"contents": "write" if path.stem == "release" else "read"}
    assert workflow["permissions"] == allowed
    assert all(job["runs-on"] and job["steps"] for job in workflow["jobs"].values())


@pytest.mark.parametrize("path", [f for f in FORMS if f.stem != "config"], ids=lambda p: p.stem)
def test_a_form_asks_for_what_is_needed(path):
    form = load(path)
    assert form["name"] and form["description"]
    asked = [part for part in form["body"] if part["type"] != "markdown"]
    assert any(part.get("validations", {}).get("required") for part in asked)
    assert all(part["attributes"]["label"] for part in asked)


def test_commits_are_checked_by_the_versions_that_the_tests_run_with():
    pins = set(read("constraints.txt").splitlines())
    hooks = [
        hook for repo in load(ROOT / ".pre-commit-config.yaml")["repos"] for hook in repo["hooks"]
    ]
    assert {hook["entry"].split()[0] for hook in hooks} == {"ruff", "lint-imports"}
    assert {pin for hook in hooks for pin in hook["additional_dependencies"]} <= pins


TEXTS = (".py", ".md", ".yaml", ".yml", ".ipynb", ".cfg", ".toml", ".html")
BY_NAME = re.compile(r"pip3? install (?:-\S+ )*['\"]?pokecolor(?! @|\[\S+ @|[-\w])")


def test_nothing_tells_to_install_the_package_by_its_name_alone():
    assert BY_NAME.search("pip install 'pokecolor[train]'")
    assert BY_NAME.search("pip install -U pokecolor")
    assert not BY_NAME.search("pip install 'pokecolor[train] @ file:///pokecolor-0.1.0.whl'")
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    for name in listing.stdout.decode().split("\0"):
        if Path(name).suffix in TEXTS and not name.startswith("tests/"):
            assert not BY_NAME.search(read(name)), name
