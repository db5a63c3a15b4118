"""The lock files: packages by their hashes, tested versions, and none that is banned."""

import configparser
import re
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ("requirements.lock", "requirements-serve.lock")
BANNED = {"lightning": ("2.6.2", "2.6.3"), "pytorch-lightning": ("2.6.2", "2.6.3")}
"""Versions that were malware, and those of the same release under its other name."""


def read_lock(name):
    """Each package of a lock file, with its hashes."""
    text = (ROOT / name).read_text(encoding="utf-8")
    text = re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", "")
    found = {}
    for line in text.splitlines():
        requirement, *hashes = line.split(" --hash=")
        found[Requirement(requirement)] = [value.strip() for value in hashes]
    return found


def pins(name):
    """Each package's version in a file of pins."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    pairs = (line.split("==") for line in lines if line and not line.startswith("#"))
    return {canonicalize_name(package): version for package, version in pairs}


def refuse_banned(versions):
    """Fail if one of these packages has a version that is banned."""
    for package, version in versions.items():
        assert version not in BANNED.get(package, ()), f"{package} {version} is banned"


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_has_one_version_and_its_hashes(name):
    packages = read_lock(name)
    assert len(packages) > 40
    for requirement, hashes in packages.items():
        (specifier,) = requirement.specifier
        assert specifier.operator == "==" and not requirement.url
        assert hashes and all(re.fullmatch("sha256:[0-9a-f]{64}", value) for value in hashes)


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_index_and_no_build_of_pytorch(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text and not re.search(r"^\s*-(?!-hash=)", text, re.MULTILINE)
    named = {canonicalize_name(requirement.name) for requirement in read_lock(name)}
    assert not [package for package in named if re.match("(torch|triton)$|nvidia-|cuda-", package)]


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_has_the_versions_of_the_constraints(name):
    tested = pins("constraints.txt")
    for requirement in read_lock(name):
        package = canonicalize_name(requirement.name)
        if package in tested:
            assert str(requirement.specifier) == f"=={tested[package]}"
        else:  # of other machines alone
            assert requirement.marker is not None and not requirement.marker.evaluate(
                {
                    "sys_platform": "linux", "python_full_version": "3.11.7",
                    "python_version": "3.11", "implementation_name": "cpython",
                }
            ), package  # fmt: skip


def test_all_that_the_tests_run_with_is_locked():
    locked = {canonicalize_name(requirement.name) for requirement in read_lock(LOCKS[0])}
    assert set(pins("constraints.txt")) - locked == {"torch"}


@pytest.mark.parametrize("package", BANNED)
@pytest.mark.parametrize("version", BANNED["lightning"])
def test_banned_versions_are_noticed(package, version):
    with pytest.raises(AssertionError, match="is banned"):
        refuse_banned({package: version})


@pytest.mark.parametrize("name", LOCKS)
def test_no_banned_version_is_locked(name):
    refuse_banned(
        {
            canonicalize_name(requirement.name): str(requirement.specifier).removeprefix("==")
            for requirement in read_lock(name)
        }
    )
    refuse_banned(pins("constraints.txt"))


def declared():
    """What setup.cfg says that training needs."""
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg", encoding="utf-8")
    lines = setup["options.extras_require"]["train"].strip().splitlines()
    requirements = [Requirement(line) for line in lines if not line.startswith("#")]
    return {requirement.name: requirement.specifier for requirement in requirements}


def test_no_banned_version_is_installed():
    refuse_banned({package: metadata.version(package) for package in BANNED})


def test_setup_allows_no_banned_version():
    allowed = declared()["lightning"]
    for version in BANNED["lightning"]:
        assert Version(version) not in allowed
    assert Version("2.6.6") in allowed


def test_hydra_is_new_enough():
    assert Version("1.3.3") not in declared()["hydra-core"]
    assert Version("1.3.4") in declared()["hydra-core"]
