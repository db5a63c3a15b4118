"""What holds for the project as a whole: who may import whom, and how large a file may grow."""

import ast
import configparser
import functools
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "pokecolor"
MAX_LINES = 300
"""One concept a file; a longer file holds two."""


def python_files():
    roots = [PACKAGE, ROOT / "tests", ROOT / "tools"]
    return [*ROOT.glob("*.py"), *(path for root in roots for path in root.rglob("*.py"))]


def contract(name):
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg")
    return setup[f"importlinter:contract:{name}"]


def test_the_packages_do_not_import_one_another():
    # a process of its own: it turns off all loggers that are there
    lint = "from importlinter.cli import lint_imports_command as lint; lint()"
    command = [sys.executable, "-c", lint, "--config", ROOT / "setup.cfg", "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_import_rule_covers_every_package():
    packages = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    layers = contract("layers")
    assert layers["exhaustive"] == "true"
    assert set(layers["layers"].replace("|", " ").split()) == {*packages, "cli"}


@pytest.mark.parametrize("path", python_files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_is_short_and_says_what_it_holds(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_LINES
    assert path.stem not in ("util", "utils", "helpers", "misc", "common")


def test_a_name_means_one_thing():
    """Classes and public functions; the web service names its schemas after what they describe."""
    found = defaultdict(list)
    for path in PACKAGE.rglob("*.py"):
        folder = path.relative_to(PACKAGE).parts[0]
        if folder == "app":
            continue
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            a_class = isinstance(node, ast.ClassDef)
            public = isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
            if a_class or (public and folder != "commands"):  # each has `add_to` and `run`
                found[node.name].append(str(path.relative_to(PACKAGE)))
    assert {name: paths for name, paths in found.items() if len(paths) > 1} == {}


@functools.cache
def names_of(path):
    """The names that a module defines or imports; None if there is no such module."""
    path = path if path.is_file() else path.with_suffix("") / "__init__.py"
    if not path.is_file():
        return None
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    imports = [each for node in nodes if hasattr(node, "names") for each in node.names]
    return {
        *(node.name for node in nodes if hasattr(node, "name")),
        *(node.id for node in nodes if isinstance(node, ast.Name)),
        *(each.asname or each.name for each in imports if isinstance(each, ast.alias)),
        *(submodule.stem for submodule in path.parent.iterdir() if path.name == "__init__.py"),
    }


@pytest.mark.parametrize("path", python_files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_what_a_file_imports_exists(path):
    """Also in tools that no test runs, and in imports for types alone."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("pokecolor"):
            names = names_of(ROOT.joinpath(*node.module.split(".")).with_suffix(".py"))
            assert names is not None, node.module
            assert "__getattr__" in names or {each.name for each in node.names} <= names


def test_what_git_tracks_is_small_and_holds_no_pickles():
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    tracked = [ROOT / name.decode() for name in listing.stdout.split(b"\0") if name]
    assert not [path for path in tracked if path.suffix in (".ckpt", ".pt", ".pth", ".pkl", ".bin")]
