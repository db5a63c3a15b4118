"""A source small enough to render in a test, and shards of it."""

import pytest
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
