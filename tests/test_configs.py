"""Every configuration in conf/ composes, and every experiment runs one step of itself."""

from pathlib import Path

import numpy as np
import pytest
from hydra import compose, initialize_config_dir
from hydra.core.hydra_config import HydraConfig
from omegaconf import OmegaConf
from PIL import Image, ImageDraw

from pokecolor.overrides import compose_config

ROOT = Path(__file__).resolve().parent.parent
CONF = ROOT / "conf"
EXPERIMENTS = sorted(path.stem for path in (CONF / "experiment").glob("*.yaml"))
CHOICES = sorted(
    f"{path.parent.relative_to(CONF).as_posix()}={path.stem}"
    for path in CONF.glob("*/*.yaml")
    if path.parent.name != "experiment"
)


@pytest.mark.parametrize("choice", CHOICES)
def test_each_choice_composes(choice):
    config = compose_config(CONF, "train", [choice, "paths.run=run"])
    group = choice.partition("=")[0]
    # raises where an interpolation leads nowhere
    OmegaConf.to_container(config[group], resolve=True)


@pytest.mark.parametrize("experiment", EXPERIMENTS)
def test_each_experiment_has_a_name_of_its_own_and_resolves(experiment):
    config = compose_config(CONF, "train", [f"experiment={experiment}", "paths.run=run"])
    assert config.name == experiment
    OmegaConf.to_container(config, resolve=True)


def test_evaluation_takes_the_same_settings_as_training():
    train = compose_config(CONF, "train", ["seed=5"])
    evaluate = compose_config(CONF, "evaluate", ["seed=5"])
    del train.ckpt_path, evaluate.ckpt_path, evaluate.split
    assert evaluate == train
