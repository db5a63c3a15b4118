import re

import pytest
from hydra.core.override_parser.overrides_parser import OverridesParser
from stand_in import write_configs

from pokecolor.core.errors import UserError
from pokecolor.running.command_line import quoted, readable
from pokecolor.running.overrides import compose_config


@pytest.fixture
def conf(tmp_path):
    return write_configs(tmp_path)


def root(conf, value, **options):
    """What data.root becomes."""
    words = readable([f"data.root={value}"], conf, "train", **options)
    return compose_config(conf, "train", ["data=folder", *words]).data.root


@pytest.mark.parametrize(
    "value",
    [
        "/data/폴더",
        "/x/my drawings (1)",
        "/x/a=b",
        "/x/a,b",
        "multirun/train/caption=clip,seed=1/checkpoints/last.ckpt",
        "/x/set[1]",
        "[set]/a",
        "{set}/a",
        "/x/it's",
        '/x/it\'s "mine"',
        "/x/100% #1 & more; é!",
        "C:\\drawings\\mine (2)",
        "ends (in)\\",
        "/x/plain",
    ],
)
def test_a_path_is_taken_as_it_was_typed(conf, value):
    assert root(conf, value) == value


@pytest.mark.parametrize("value", ["", "x", "it's", '"', "'", "a\\'b", "\\", "a\"b'c\\", "=,[]{}"])
def test_what_is_quoted_is_read_back(value):
    assert OverridesParser.create().parse_override(f"key={quoted(value)}").value() == value


def test_a_tilde_is_the_users_home(conf, monkeypatch):
    monkeypatch.setenv("HOME", "/home/한")
    assert root(conf, "~/my drawings") == "/home/한/my drawings"
    assert root(conf, "[~/a,b]") == ["/home/한/a", "b"]
    assert root(conf, "/x/~y") == "/x/~y"


def test_a_folder_may_be_called_by_a_number(conf):
    assert root(conf, "2026_01") == "2026_01"
    assert readable(["seed=1_000", "name=1_0"], conf, "train") == ["seed=1_000", "name='1_0'"]


def test_lists_may_hold_any_path(conf):
    assert root(conf, "[/x/폴더, /y/a b (1)]") == ["/x/폴더", "/y/a b (1)"]


@pytest.mark.parametrize("value", ["null", "true", "[1,2]", "{a:1}", "'a b'", "${name}"])
def test_what_hydra_reads_is_left_to_it(conf, value):
    assert readable([f"data.root={value}"], conf, "train") == [f"data.root={value}"]


def test_a_comma_parts_the_values_of_a_sweep_but_for_a_path_that_is_there(conf, tmp_path):
    words = ["seed=1,2", "data.root=/x,/폴더", f"ckpt_path={tmp_path}/a=1,b=2", "-m"]
    (tmp_path / "a=1,b=2").touch()
    assert readable(words, conf, "train", sweeps=True) == [
        "seed=1,2",
        "data.root=/x,'/폴더'",
        f"ckpt_path='{tmp_path}/a=1,b=2'",
        "-m",
    ]
    with pytest.raises(UserError, match="seed=1,2: several values; for a run of each add -m"):
        compose_config(conf, "train", ["seed=1,2"])


def test_reading_twice_changes_nothing(conf):
    # processes that Lightning starts are given the words that were read
    words = ["data.root=/x/폴더 (1)", "trainer=null", "experiment=null", "seed=3"]
    (conf / "train.yaml").write_text((conf / "train.yaml").read_text() + "trainer: null\n")
    once = readable(words, conf, "train")
    assert (
        readable(once, conf, "train") == once == ["data.root='/x/폴더 (1)'", "~trainer", "seed=3"]
    )
    assert compose_config(conf, "train", ["trainer=null"]).trainer is None


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("data=null", "data=null: it cannot be left out; choose from folder, openmoji"),
        ("trainer=true", "trainer=true: no such trainer; choose from ddp, default"),
        ("data=null,folder", "data=null,folder: null cannot be one of several; run it by itself"),
        ("data=5", "data=5: no such data; choose from folder, openmoji"),
    ],
)
def test_a_group_that_is_needed_is_told(conf, word, message):
    with pytest.raises(UserError) as caught:
        readable([word], conf, "train")
    assert str(caught.value) == message


@pytest.mark.parametrize("word", ["data.root=", "ckpt_path= ", "+new="])
def test_a_value_that_is_not_there_is_told(conf, word):
    key = word.strip()[:-1]
    with pytest.raises(UserError, match=rf"^{re.escape(word)}: no value; give one, .*=null"):
        readable([word], conf, "train")
    assert readable([f"{key}=''", "~seed="], conf, "train") == [f"{key}=''", "~seed="]
