import dataclasses
import json

import pytest

from pokecolor.core.errors import UserError
from pokecolor.data.manifest import Manifest


@pytest.fixture
def text(tiny_shards):
    return tiny_shards.manifest.to_json()


def test_a_manifest_survives_the_round_trip(tiny_shards, text):
    assert Manifest.from_json(text, "here") == tiny_shards.manifest


def test_counts_are_those_of_the_splits(tiny_shards):
    assert tiny_shards.manifest.counts() == {"train": 60, "val": 10, "test": 10}


def test_the_digest_covers_the_contents(tiny_shards):
    manifest = tiny_shards.manifest
    other = dataclasses.replace(manifest, size=16)
    assert manifest.digest == dataclasses.replace(manifest).digest != other.digest


@pytest.mark.parametrize("name", ["pipe:id", "../train-000000.tar", "/etc/passwd", "train-0.tar"])
def test_files_outside_the_folder_are_refused(text, name):
    data = json.loads(text)
    data["splits"]["train"]["shards"][0]["name"] = name
    with pytest.raises(UserError, match="here: not a manifest"):
        Manifest.from_json(json.dumps(data), "here")


def test_counts_that_do_not_add_up_are_refused(text):
    data = json.loads(text)
    data["splits"]["val"]["samples"] += 1
    with pytest.raises(UserError, match="do not add up"):
        Manifest.from_json(json.dumps(data), "here")


@pytest.mark.parametrize("wrong", ["", "[]", "{}", '{"format": 1}', "<html>"])
def test_what_is_no_manifest_is_refused(wrong):
    with pytest.raises(UserError, match="here: not a manifest"):
        Manifest.from_json(wrong, "here")


def test_another_format_is_refused(text):
    with pytest.raises(UserError, match="prepare the shards again"):
        Manifest.from_json(json.dumps(json.loads(text) | {"format": 99}), "here")
