import subprocess

import pytest

from pokecolor.model_files.checksums import NAME, find_changes, write_sums
from pokecolor.model_files.mini import MINI


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "unet").mkdir()
    (tmp_path / "unet" / "model.safetensors").write_bytes(b"abc")
    (tmp_path / "model_index.json").write_text("{}")
    (tmp_path / "README.md").write_text("a card")
    write_sums(tmp_path)
    return tmp_path


def test_the_shipped_weights_are_those_that_were_shipped():
    assert find_changes(MINI) == []


def test_a_sum_is_the_known_one(folder):
    """Of "abc", FIPS 180-2, appendix B.1."""
    digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert f"{digest}  unet/model.safetensors\n" in (folder / NAME).read_text()


def test_the_tool_that_everybody_has_reads_them(folder):
    subprocess.run(["sha256sum", "--strict", "-c", NAME], cwd=folder, check=True)


def test_a_flipped_bit_a_lost_file_and_a_strange_one_are_told(folder):
    (folder / "README.md").write_text("a better card")
    assert find_changes(folder) == []
    (folder / "unet" / "model.safetensors").write_bytes(b"abb")
    (folder / "model_index.json").unlink()
    (folder / "more.safetensors").touch()
    assert find_changes(folder) == [
        "model_index.json is missing",
        "more.safetensors is not of this model",
        "unet/model.safetensors was changed",
    ]


@pytest.mark.parametrize("text", [None, "no sums"])
def test_sums_that_cannot_be_read_are_told(folder, text):
    (folder / NAME).write_text(text) if text else (folder / NAME).unlink()
    (change,) = find_changes(folder)
    assert change.startswith("SHA256SUMS cannot be read")
