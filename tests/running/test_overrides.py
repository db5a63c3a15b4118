from pathlib import Path

import pytest
from stand_in import write_configs

from pokecolor.core.errors import UserError
from pokecolor.running.overrides import compose_config, find_config_dir, say_where

CONF = Path(__file__).resolve().parents[2] / "conf"


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("dta=openmoji", "dta=openmoji: no such setting; did you mean data?"),
        ("data=fold", "data=fold: no such data; did you mean data=folder?"),
        ("data=xyz", "data=xyz: no such data; choose from folder, openmoji"),
        ("experiment=quik", "experiment=quik: no such experiment; did you mean experiment=quick?"),
        ("sed=1", "sed=1: no such setting; did you mean seed?"),
        (
            "trainer.max_step=1",
            "trainer.max_step=1: no such setting; did you mean trainer.max_steps?",
        ),
        ("max_steps=1", "max_steps=1: no such setting; did you mean trainer.max_steps?"),
        ("xyz=1", "xyz=1: no such setting; choose from data, experiment, trainer"),
        ("~tariner", "~tariner: no such setting; did you mean trainer?"),
        ("objective=loss", "objective=loss: it is called optimized_metric now"),
        (
            "model.objective.terminal_share=0.5",
            "model.objective.terminal_share=0.5: it is called "
            "model.objective.terminal_timestep_prob now",
        ),
        ("seed", "seed: not of the form key=value or group=choice"),
        (
            "seed=[1",
            "seed=[1: not of the form key=value or group=choice; if it is one value, quote it for "
            "the shell and for Hydra: \"seed='[1'\"",
        ),
    ],
)
def test_a_wrong_override_is_named_with_the_nearest_right_one(tmp_path, override, message):
    with pytest.raises(UserError) as caught:
        compose_config(write_configs(tmp_path), "train", [override])
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("choice", "now"), [("crowds", "multi_creature"), ("things", "procedural_objects")]
)
def test_a_choice_of_an_earlier_name_is_answered_by_todays(choice, now):
    with pytest.raises(UserError, match=f"^data={choice}: it is called {now} now$"):
        compose_config(find_config_dir(), "train", [f"data={choice}"])


def test_keys_are_those_of_the_groups_chosen(tmp_path):
    conf = write_configs(tmp_path)
    assert compose_config(conf, "train", ["data=folder", "data.root=x"]).data.root == "x"
    with pytest.raises(UserError, match=r"data\.rot=x: no such setting; did you mean data\.root\?"):
        compose_config(conf, "train", ["data=folder", "data.rot=x"])


def test_a_setting_that_must_be_given_is_not_blamed_for_another(tmp_path):
    overrides = ["data=folder", "data.root=.", "trainer.max_stepz=5"]
    with pytest.raises(UserError) as caught:
        compose_config(write_configs(tmp_path), "train", overrides)
    message = "trainer.max_stepz=5: no such setting; did you mean trainer.max_steps?"
    assert str(caught.value) == message


def test_a_config_that_is_itself_at_fault_is_told_in_hydras_words(tmp_path):
    conf = write_configs(tmp_path)
    (conf / "data" / "broken.yaml").write_text("defaults: [nowhere]\n")
    with pytest.raises(UserError, match="nowhere") as caught:
        compose_config(conf, "train", ["data=broken"])
    assert "\n" not in str(caught.value)


def test_own_configs_are_found_beside(tmp_path):
    own = tmp_path / "my configs 내"
    (own / "experiment").mkdir(parents=True)
    (own / "experiment" / "blue.yaml").write_text("# @package _global_\nname: blue\n")
    assert compose_config(CONF, "train", ["experiment=blue"], own).name == "blue"
    with pytest.raises(UserError, match="did you mean experiment=blue"):
        compose_config(CONF, "train", ["experiment=blua"], own)
    with pytest.raises(UserError, match=r"--config-dir .*nothing: no such folder"):
        compose_config(CONF, "train", [], tmp_path / "nothing")


def test_outside_of_a_checkout_it_is_said_where_things_go(tmp_path, monkeypatch, capsys):
    config = compose_config(CONF, "train", ["paths.runs=r", "paths.cache=c"])
    monkeypatch.chdir(CONF.parent)
    say_where(config)
    assert capsys.readouterr().err == ""
    monkeypatch.chdir(tmp_path)
    say_where(config)
    expected = f"not in a checkout: runs go to {tmp_path / 'r'}, caches to {tmp_path / 'c'}\n"
    assert capsys.readouterr().err == expected
    assert find_config_dir() == CONF, "the one that comes along"
