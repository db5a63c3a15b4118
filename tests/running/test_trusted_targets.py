"""Nothing but parts of pokecolor is built from a configuration that lies beside weights."""

import re
from pathlib import Path

import pytest
from hydra.utils import get_object
from omegaconf import OmegaConf

from pokecolor.core.errors import UserError
from pokecolor.diffusion.auxiliary_losses import AuxiliaryLoss
from pokecolor.running.trusted_targets import TARGETS, build_trusted

CONF = Path(__file__).resolve().parents[2] / "conf"

SOURCE = {"_target_": "pokecolor.sources.creatures.CreatureSource", "count": 3}
DATA = {"_target_": "pokecolor.data.datamodule.TripletDataModule", "source": SOURCE}


def build(data, kind=None, **rest):
    return build_trusted(OmegaConf.create({"data": data, **rest}), "data", kind=kind)


def test_a_group_is_built_with_what_it_refers_to():
    data = build({**DATA, "cache_dir": "${paths.cache}"}, paths={"cache": "here"})
    assert (data.name, str(data.cache_dir)) == ("creatures", "here")


def test_each_target_is_there_by_its_name():
    for target in TARGETS:
        assert callable(get_object(target)), target


def test_they_are_those_of_the_models_and_data_that_are_trained():
    places = [
        *CONF.glob("data/*.yaml"), *CONF.glob("experiment/mini*.yaml"),
        CONF / "model/instruct_pix2pix.yaml", CONF / "model/mini.yaml",
    ]  # fmt: skip
    named = set()
    for path in places:
        text = path.read_text(encoding="utf-8")
        named |= set(re.findall(r"^[^#\n]*_target_: (\S+)", text, re.MULTILINE))
    without = {  # what is left out of an export, and an answer key, which nothing is trained on
        "pokecolor.core.training.optimizers.lr_schedule",
        "pokecolor.sources.pokemon.pokemon_blip.MatchedCaptions",
        "pokecolor.evaluation.answer_key.key.AnswerKey",
    }
    of_parts = {name for name in named if name.startswith("pokecolor.pretraining")}
    losses = {
        "pokecolor.diffusion.auxiliary_losses.PartHead",
        "pokecolor.diffusion.auxiliary_losses.ColorHead",
    }
    assert named - without - of_parts == TARGETS | losses


def test_a_loss_is_built_by_its_own_name_alone():
    loss = {
        "_target_": "pokecolor.diffusion.auxiliary_losses.ColorHead",
        "layer": "conv_in",
        "channels": 8,
    }
    assert build({**DATA, "root": loss}, AuxiliaryLoss).root.layer
    with pytest.raises(UserError, match="it is not built"):
        build({**DATA, "root": loss})
    for target in (
        "pokecolor.diffusion.module.AuxiliaryLoss",
        "pokecolor.diffusion.auxiliary_losses.nn",
    ):
        with pytest.raises(UserError, match="it is not built"):
            build({**DATA, "root": {**loss, "_target_": target}}, AuxiliaryLoss)


@pytest.mark.parametrize(
    "target",
    [
        "os.system",
        "pathlib.Path.write_text",
        "pandas.read_pickle",
        "pokecolor.diffusion.export.shutil.rmtree",
        "pokecolor.sources.folder.source.Path.touch",
        "pokecolor.running.run_folders.discard_unused",
        "pokecolor.sources.mixture.MixtureSource.__init__",
        "pokecolor.diffusion.auxiliary_losses.LayerOutputs",
        "pokecolor.diffusion.no_such_module.Loss",
        7,
        None,
    ],
)
@pytest.mark.parametrize("place", ["data", "source", "argument", "list", "key"])
def test_any_other_is_refused_wherever_it_stands(target, place, tmp_path):
    other = {"_target_": target, "_args_": [str(tmp_path / "ran")]}
    data = {
        "data": other,
        "source": {**DATA, "source": other},
        "argument": {**DATA, "source": {**SOURCE, "val": other}},
        "list": {**DATA, "limit": [1, [other]]},
        "key": {**DATA, "source": {**SOURCE, "_target_": "${evil}"}},
    }[place]
    with pytest.raises(UserError, match=r"^data[^ ]*\._target_=.*: it is not built") as caught:
        build(data, evil=target)
    assert "\n" not in str(caught.value)
    assert not list(tmp_path.iterdir())


def test_settings_that_are_left_out_may_name_anything(tmp_path):
    config = OmegaConf.create({"data": {**DATA, "caption": {"_target_": "os.system"}}})
    assert build_trusted(config, "data", without=("caption",)).caption is None


@pytest.mark.parametrize("data", [None, "text", [1], {"source": "${nothing.there}"}])
def test_what_is_no_group_is_one_line(data):
    with pytest.raises(UserError, match="data: not a group of a run's settings"):
        build(data)


def test_a_run_of_an_earlier_version_names_what_has_moved():
    source = {"_target_": "pokecolor.data.creatures.CreatureSource", "count": 3}
    assert build({**DATA, "source": source}).source.name == "creatures"
