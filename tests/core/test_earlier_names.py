"""What earlier versions saved is read in today's names."""

import pytest
from hydra.utils import get_object

from pokecolor.core.changed_settings import changes
from pokecolor.core.earlier_names import PLACES, to_present

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
    head = now["model"]["heads"]["parts"]
    assert head == {"_target_": "pokecolor.diffusion.auxiliary_losses.PartHead", "weight": 0.1}
    (source,) = now["data"]["source"]
    assert source == {"_target_": "pokecolor.sources.creatures.CreatureSource", "count": 3}


@pytest.mark.parametrize("target", [7, None, "os.system", "torch.optim.AdamW", "pokecolor.none.X"])
def test_others_stay(target):
    assert to_present({"_target_": target}) == {"_target_": target}


def test_todays_settings_stay():
    assert to_present(to_present(SAVED)) == to_present(SAVED)


@pytest.mark.parametrize("place", PLACES.values())
def test_each_place_is_there(place):
    assert get_object(f"pokecolor.{place}")


def test_a_move_is_no_change_of_a_run():
    assert changes(SAVED, to_present(SAVED)) == []
