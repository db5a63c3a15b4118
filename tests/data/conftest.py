"""A source small enough to render in a test, and shards of it."""

import pytest
from tiny_source import TinySource

from pokecolor.data.prepare import prepare


@pytest.fixture
def tiny_source():
    return TinySource()


@pytest.fixture(scope="session")
def tiny_shards(tmp_path_factory):
    """Shards of 40 drawings with two colorings each: 60 train, 10 val and 10 test samples."""
    return prepare(TinySource(), tmp_path_factory.mktemp("cache"))
