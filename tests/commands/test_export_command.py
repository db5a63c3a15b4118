"""A run's checkpoint becomes a pipeline, and a stranger's settings beside it run nothing."""

import functools
from pathlib import Path

import pytest
import torch
from diffusers import UNet2DConditionModel
from hydra.utils import instantiate
from omegaconf import OmegaConf

from pokecolor import cli
from pokecolor.running.overrides import compose_config
from tools.random_checkpoint import build_checkpoint

CONF = Path(__file__).resolve().parent.parent.parent / "conf"


@pytest.fixture(scope="module")
def start(tmp_path_factory):
    """The folder of a tiny Stable Diffusion."""
    folder = tmp_path_factory.mktemp("start")
    build_checkpoint(folder, tiny=True)
    return folder


@pytest.fixture(scope="module")
def trained(start):
    """The settings of a run and what its checkpoint holds, by its overrides."""

    @functools.cache
    def make(*overrides):
        settings = ["data=creatures", "model=sd15", f"model.components.checkpoint={start}"]
        config = compose_config(CONF, "train", [*settings, "paths.run=here", *overrides])
        module = instantiate(config.model)
        checkpoint = {
            "pytorch-lightning_version": "2.6",
            "global_step": 3,
            "state_dict": module.state_dict(),
        }
        module.on_save_checkpoint(checkpoint)
        module.record.on_save_checkpoint(None, module, checkpoint)
        return config, checkpoint

    return make


@pytest.fixture
def run(trained, tmp_path):
    """Makes a run as train.py leaves one, and returns its checkpoint's path."""

    def make(*overrides, **settings):
        config, checkpoint = trained(*overrides)
        config = config.copy()
        for key, value in settings.items():
            OmegaConf.update(config, key.replace("__", "."), value, merge=False, force_add=True)
        path = tmp_path / "run" / "checkpoints" / "last.ckpt"
        path.parent.mkdir(parents=True)
        torch.save(checkpoint, path)
        (tmp_path / "run" / ".hydra").mkdir()
        OmegaConf.save(config, tmp_path / "run" / ".hydra" / "config.yaml")
        return path

    return make


@pytest.mark.parametrize(
    "overrides",
    [(), ("model.lora.rank=2", "model.acceleration.channels_last=true"), ("model.ema=null",)],
)
def test_a_checkpoint_becomes_a_pipeline(run, overrides, tmp_path, capsys):
    assert cli.main(["export", str(run(*overrides))]) == 0
    pipeline = tmp_path / "run" / "pipeline"
    assert str(pipeline) in capsys.readouterr().out
    assert UNet2DConditionModel.from_pretrained(pipeline / "unet").config.in_channels == 8
    assert "creatures" in (pipeline / "README.md").read_text()
    assert (pipeline / "lora").is_dir() == bool(len(overrides) == 2)


def test_a_run_of_an_earlier_version_is_exported(run, tmp_path):
    """Its settings and the names of its weights are those that were usual then."""
    loss = (
        "{_target_: pokecolor.diffusion.auxiliary_losses.PartHead, layer: up_blocks.0.resnets.0, "
        "channels: 16, part_names: [belly]}"
    )
    path = run(f"+model.auxiliary_losses.parts={loss}")
    settings = tmp_path / "run" / ".hydra" / "config.yaml"
    text = settings.read_text()
    for earlier, now in (
        ("heads:", "auxiliary_losses:"),
        ("diffusion.heads.PartHead", "diffusion.auxiliary_losses.PartHead"),
        ("terminal_share", "terminal_timestep_prob"),
        ("region_balance", "region_loss_weight"),
    ):
        assert now in text
        text = text.replace(now, earlier)
    settings.write_text(text)
    checkpoint = torch.load(path)
    state = checkpoint["state_dict"]
    names = [name for name in state if name.startswith("auxiliary_losses.")]
    assert names
    for name in names:
        state[name.replace("auxiliary_losses", "heads")] = state.pop(name)
    torch.save(checkpoint, path)
    assert cli.main(["export", str(path)]) == 0


def refusal(capsys, path):
    assert cli.main(["export", str(path)]) == 2
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 1
    return lines[0]


EVIL = {"_target_": "pathlib.Path.write_text", "_args_": ["ran", "it ran"]}


@pytest.mark.parametrize(
    "key", ["model", "model__ema", "model__auxiliary_losses__own", "data", "data__source"]
)
def test_a_strangers_settings_run_nothing(run, key, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    place = key.replace("__", ".")
    assert f"{place}._target_=pathlib.Path.write_text: " in refusal(capsys, run(**{key: EVIL}))
    assert not (tmp_path / "ran").exists()


def test_what_an_export_does_not_need_is_not_built(run, tmp_path, monkeypatch):
    """Whatever optimizer and captioner a run had; they may be another machine's."""
    monkeypatch.chdir(tmp_path)
    path = run(model__optimizer=EVIL, model__lr_scheduler=EVIL, data__caption=EVIL)
    assert cli.main(["export", str(path)]) == 0
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("text", ["", "[1]", "a: [", "model: 3"])
def test_damaged_settings_are_one_line(run, text, capsys):
    path = run()
    (path.parent.parent / ".hydra" / "config.yaml").write_text(text)
    refusal(capsys, path)


def test_a_damaged_checkpoint_is_one_line(run, capsys):
    path = run()
    path.write_bytes(path.read_bytes()[:-100])
    assert "not a whole checkpoint" in refusal(capsys, path)


def test_weights_of_others_are_one_line(run, capsys):
    path = run()
    torch.save({"state_dict": {"a": torch.zeros(1)}}, path)
    assert "no checkpoint of a run" in refusal(capsys, path)


def test_a_folder_with_anything_else_is_not_replaced(run, capsys, tmp_path):
    path = run()
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "notes.txt").touch()
    assert cli.main(["export", str(path), "--out", str(mine)]) == 2
    assert "mine: is no pipeline" in capsys.readouterr().err
    assert (mine / "notes.txt").exists()
