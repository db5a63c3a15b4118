"""What earlier versions saved is read in today's names."""

from pathlib import Path

import pytest
from hydra.utils import get_object
from omegaconf import OmegaConf

from pokecolor.core.changed_settings import changes, leaves
from pokecolor.core.earlier_names import (
    PLACES,
    SETTINGS,
    present_metric,
    present_setting,
    to_present,
)
from pokecolor.core.errors import UserError
from pokecolor.running.override_values import require_present_names
from pokecolor.running.overrides import compose_config, find_config_dir

SAVED_SETTINGS = Path(__file__).with_name("saved_settings.yaml")

SAVED = {
    "model": {
        "_target_": "pokecolor.diffusion.module.InstructPix2PixModule",
        "heads": {"parts": {"_target_": "pokecolor.diffusion.heads.PartHead", "weight": 0.1}},
    },
    "data": {"source": [{"_target_": "pokecolor.data.creatures.CreatureSource", "count": 3}]},
}


def test_targets_that_moved_are_found_wherever_they_stand():
    now = to_present(SAVED)
    assert now["model"]["_target_"] == SAVED["model"]["_target_"]
    head = now["model"]["auxiliary_losses"]["parts"]
    assert head == {"_target_": "pokecolor.diffusion.auxiliary_losses.PartHead", "weight": 0.1}
    (source,) = now["data"]["source"]
    assert source == {"_target_": "pokecolor.sources.creatures.CreatureSource", "count": 3}


@pytest.mark.parametrize("target", [7, None, "os.system", "torch.optim.AdamW", "pokecolor.none.X"])
def test_others_stay(target):
    assert to_present({"_target_": target}) == {"_target_": target}


def test_todays_settings_stay():
    assert to_present(to_present(SAVED)) == to_present(SAVED)


def test_settings_that_were_renamed_are_found_in_the_whole_and_in_a_group():
    model = {"objective": {"terminal_share": 0.5, "region_balance": 0.2}, "heads": {}}
    today = {
        "objective": {"terminal_timestep_prob": 0.5, "region_loss_weight": 0.2},
        "auxiliary_losses": {},
    }
    assert to_present(model, "model") == today
    saved = {"objective": "val/loss", "model": model, "callbacks": {"samples": {"every": 7}}}
    assert to_present(saved) == {
        "optimized_metric": "val/loss",
        "model": today,
        "callbacks": {"samples": {"every_n_steps": 7}},
    }


def test_classes_that_moved_and_were_renamed_since():
    saved = {"_target_": "pokecolor.data.creatures.CrowdSource"}
    assert to_present(saved) == {"_target_": "pokecolor.sources.creatures.MultiCreatureSource"}


@pytest.mark.parametrize("key", SETTINGS)
def test_no_setting_has_an_earlier_name(key):
    assert present_setting(key) != key
    assert present_setting(present_setting(key)) == present_setting(key)
    assert present_setting(f"{key}.below") == f"{present_setting(key)}.below"


@pytest.mark.parametrize(
    ("saved", "today"),
    [
        ("leak", "off_target_change"),
        ("leak_to_named", "off_target_change_of_named"),
        ("leak_of_sketch", "off_target_change_of_sketch"),
        ("psnr_of_truth", "psnr_of_target"),
        ("region_color/wing", "region_color/wing"),
        ("leak/wing", "off_target_change/wing"),
        ("off_target_change_of_named", "off_target_change_of_named"),
        ("fid", "fid"),
    ],
)
def test_metrics_of_saved_reports(saved, today):
    assert present_metric(saved) == today


@pytest.mark.parametrize("place", PLACES.values())
def test_each_place_is_there(place):
    assert get_object(f"pokecolor.{place}")


def test_a_move_is_no_change_of_a_run():
    assert changes(SAVED, to_present(SAVED)) == []


@pytest.fixture(scope="module")
def saved():
    """What a run of `experiment=mini data=things` saved before settings were renamed."""
    return OmegaConf.to_container(OmegaConf.load(SAVED_SETTINGS))


def test_a_saved_run_is_the_run_of_today(saved):
    overrides = ["experiment=mini", "data=procedural_objects"]
    now = OmegaConf.to_container(compose_config(find_config_dir(), "train", overrides))
    assert changes(saved, now) == []
    assert dict(leaves(to_present(saved))).keys() == dict(leaves(now)).keys()


def test_a_renamed_setting_that_differs_is_still_a_change(saved):
    overrides = ["experiment=mini", "model.objective.terminal_timestep_prob=0.1"]
    now = OmegaConf.to_container(compose_config(find_config_dir(), "train", overrides))
    found = {change.key: change.before for change in changes(saved, now)}
    assert found["model.objective.terminal_timestep_prob"] == 0.5


def test_a_config_file_with_an_earlier_name_is_refused(saved):
    with pytest.raises(UserError, match="objective: it is called optimized_metric now"):
        require_present_names(OmegaConf.create(saved))
    require_present_names(OmegaConf.create(to_present(saved)))
