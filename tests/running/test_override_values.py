"""Values of overrides that make no sense are refused before a run begins."""

import pytest
from hydra import initialize_config_dir
from stand_in import write_configs

from pokecolor.core.errors import UserError
from pokecolor.running.override_values import check_values


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("data.batch_size=many", "data.batch_size=many: not a number; the default is 2"),
        ("trainer.max_steps=1k", "trainer.max_steps=1k: not a number; the default is 2"),
        ("data.flip=perhaps", "data.flip=perhaps: give true or false"),
        ("trainer.max_steps=1.5", "trainer.max_steps=1.5: give a whole number; the default is 2"),
        ("trainer.max_steps=true", "trainer.max_steps=true: not a number; the default is 2"),
        ("seed=-1", "seed=-1: give a whole number from 0 to 4294967295"),
        ("seed=1.5", "seed=1.5: give a whole number from 0 to 4294967295"),
        ("seed=4294967296", "seed=4294967296: give a whole number from 0 to 4294967295"),
        ("seed=null", "seed=null: give a whole number from 0 to 4294967295"),
        ("seed=x", "seed=x: give a whole number from 0 to 4294967295"),
        ("trainer.max_steps=${name}", "trainer.max_steps=${name}: not a number; the default is 2"),
        (
            "+model.heads.flat=1",
            "+model.heads.flat=1: it is called model.auxiliary_losses.flat now",
        ),
        ("seed=${nope}", "seed=${nope}: Interpolation key 'nope' not found"),
    ],
)
def test_a_word_for_a_number_is_refused(tmp_path, override, message):
    with initialize_config_dir(str(write_configs(tmp_path)), version_base="1.3"):
        with pytest.raises(UserError) as caught:
            check_values("train", ["trainer=ddp", override])
    assert str(caught.value) == message


@pytest.mark.parametrize(
    "override",
    [
        "data.batch_size=8", "trainer.max_steps=auto", "name=best", "data.flip=false",
        "+data.new=x", "trainer.max_steps=${data.batch_size}",
        "data.flip='${oc.decode:${oc.env:FLIP,true}}'",
    ],
)  # fmt: skip
def test_other_values_are_not(tmp_path, override):
    with initialize_config_dir(str(write_configs(tmp_path)), version_base="1.3"):
        check_values("train", ["trainer=ddp", override])


def test_numbers_of_batches_may_be_shares(tmp_path):
    conf = write_configs(tmp_path)
    (conf / "trainer" / "default.yaml").write_text("{limit_val_batches: 4, val_check_interval: 9}")
    with initialize_config_dir(str(conf), version_base="1.3"):
        check_values("train", ["trainer.limit_val_batches=0.5", "trainer.val_check_interval=0.5"])


def test_a_group_that_the_defaults_lack_may_be_added(tmp_path):
    conf = write_configs(tmp_path)
    (conf / "recipe").mkdir()
    (conf / "recipe" / "longer.yaml").write_text("# @package trainer\nmax_steps: 4\n")
    with initialize_config_dir(str(conf), version_base="1.3"):
        check_values("train", ["+recipe=longer", "data.batch_size=8"])
        with pytest.raises(UserError, match=r"data\.batch_size=many: not a number"):
            check_values("train", ["+recipe=longer", "data.batch_size=many"])
