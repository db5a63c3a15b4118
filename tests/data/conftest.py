"""A source small enough to render in a test, and shards of it."""

import logging

import pytest
from picture_files import line_drawing, picture, save
from tiny_source import TinySource

from pokecolor.data import shards
from pokecolor.data.prepare import prepare


@pytest.fixture
def tiny_source():
    return TinySource()


@pytest.fixture(scope="session")
def tiny_shards(tmp_path_factory):
    """Shards of 40 drawings with two colorings each: 60 train, 10 val and 10 test samples."""
    return prepare(TinySource(), tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="session")
def many_shards(tmp_path_factory):
    """The same as `tiny_shards`, but three samples to a shard."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shards, "SHARD_SAMPLES", 3)
        return prepare(TinySource(), tmp_path_factory.mktemp("cache"))


@pytest.fixture
def root(tmp_path):
    """A folder of two color images and, in `lines`, their sketches."""
    for number in (1, 2):
        save(picture(number), tmp_path / f"color{number}.png")
        save(line_drawing(), tmp_path / "lines" / f"{number}.png")
    return tmp_path


@pytest.fixture
def said(caplog):
    """The one line that reading a folder says."""

    def line(source):
        caplog.clear()
        with caplog.at_level(logging.INFO):
            assert source.drawings()
        (record,) = [r for r in caplog.records if r.name == "pokecolor.data.folder"]
        assert "\n" not in record.getMessage()
        return record.getMessage()

    return line
