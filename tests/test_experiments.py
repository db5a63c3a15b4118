"""The experiments' configurations compose, and each variant changes what it is called after."""

import csv
from pathlib import Path

import pytest
from hydra.utils import instantiate
from omegaconf import OmegaConf

from pokecolor.core.colors import find_color_words
from pokecolor.running.overrides import compose_config

ROOT = Path(__file__).resolve().parent.parent
CONF = ROOT / "conf"
RECIPES = ROOT / "experiments" / "002-training-recipe"
CHANGES = {
    "reference": {},
    "pure_noise": {"components.zero_terminal_snr": True, "objective.terminal_timestep_prob": 0.3},
    "min_snr": {"objective.min_snr_gamma": 5},
    "epsilon": {"components.prediction_type": "epsilon"},
    "epsilon_min_snr": {"components.prediction_type": "epsilon", "objective.min_snr_gamma": 5},
    "no_dropout": {"dropout.text": 0.0, "dropout.image": 0.0, "dropout.both": 0.0},
    "no_ema": {"ema": None},
    "no_region_balance": {"objective.region_loss_weight": 0.0},
}


def compose_recipe(*overrides):
    search = f"hydra.searchpath=[file://{RECIPES}]"
    return compose_config(CONF, "train", ["experiment=training_recipe", search, *overrides])


def test_each_recipe_has_its_file_and_is_swept_over():
    assert {path.stem for path in (RECIPES / "recipe").glob("*.yaml")} == set(CHANGES)
    experiment = OmegaConf.load(CONF / "experiment" / "training_recipe.yaml")
    assert experiment.hydra.sweeper.params["+recipe"].split(",") == list(CHANGES)


@pytest.mark.parametrize("recipe", CHANGES)
def test_a_recipe_changes_one_thing(recipe):
    before, after = compose_recipe().model, compose_recipe(f"+recipe={recipe}").model
    for key, value in CHANGES[recipe].items():
        assert OmegaConf.select(before, key) != value
        OmegaConf.update(before, key, value, merge=False)
    assert after == before


@pytest.mark.parametrize("recipe", CHANGES)
def test_a_recipe_can_be_trained(recipe):
    components = instantiate(compose_recipe(f"+recipe={recipe}").model.components)
    scheduler = components.scheduler.config
    assert scheduler.prediction_type == (
        "epsilon" if recipe.startswith("epsilon") else "v_prediction"
    )
    assert scheduler.rescale_betas_zero_snr == (recipe == "pure_noise")


def test_the_caption_variants_differ_in_their_captions_alone():
    experiment = OmegaConf.load(CONF / "experiment" / "caption_sources.yaml")
    variants = [
        compose_config(CONF, "train", ["experiment=caption_sources", f"caption={name}"])
        for name in experiment.hydra.sweeper.params.caption.split(",")
    ]
    assert len(variants) == 5
    for variant in variants:
        variant.caption = None
        assert variant == variants[0]


def test_the_prompt_set_is_in_one_wording_and_names_colors():
    with (ROOT / "experiments" / "001-caption-sources" / "prompts.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert len({row["id"] for row in rows}) == len(rows) == 74
    assert all(row["caption"].startswith("I would like the ") for row in rows)
    assert all(find_color_words(row["caption"]) for row in rows)
