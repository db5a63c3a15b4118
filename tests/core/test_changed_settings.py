import pytest

from pokecolor.core.changed_settings import (
    Change,
    changes,
    describe_changes,
    require_allowed,
    require_fitting,
)
from pokecolor.core.errors import UserError

BEFORE = {
    "name": "mini",
    "seed": 42,
    "paths": {"cache": ".cache"},
    "data": {"batch_size": 16, "num_workers": 0},
    "model": {
        "optimizer": {"_target_": "AdamW", "lr": 3e-4, "betas": [0.9, 0.999]},
        "ema": {"decay": 0.999},
        "lora": {"rank": 0, "targets": ["to_q"]},
    },
    "trainer": {"max_steps": 4, "precision": "32-true"},
}


def changed(**groups):
    """`BEFORE` with some values of some groups replaced."""
    now = {**BEFORE}
    for name, values in groups.items():
        now[name] = {**BEFORE[name], **values} if isinstance(values, dict) else values
    return changes(BEFORE, now)


def test_what_differs_is_found_with_both_values_wherever_it_lies():
    found = changed(
        trainer={"max_steps": 8},
        model={"optimizer": {**BEFORE["model"]["optimizer"], "lr": 1e-6, "betas": [0.5, 0.9]}},
    )
    assert sorted(change.key for change in found) == [
        "model.optimizer.betas",
        "model.optimizer.lr",
        "trainer.max_steps",
    ]
    assert "trainer.max_steps=8 (was 4)" in describe_changes(found)
    require_fitting(found, allow_changes=False)


def test_where_things_lie_does_not_matter_and_what_one_side_lacks_is_no_change():
    assert changed(name="other", paths={"cache": "/tmp"}) == []
    assert changed(data={"new": 5}) == []


@pytest.mark.parametrize(
    ("groups", "message"),
    [
        ({"seed": 7}, "seed was 42 and is now 7"),
        ({"data": {"batch_size": 4}}, "data.batch_size was 16 and is now 4"),
    ],
)
def test_another_run_is_refused_unless_it_is_allowed(groups, message):
    with pytest.raises(UserError, match=f"ckpt_path: {message};.*resume.allow_changes=true"):
        require_fitting(changed(**groups), allow_changes=False)
    require_fitting(changed(**groups), allow_changes=True)


@pytest.mark.parametrize(
    ("model", "message"),
    [
        ({"ema": None}, "model.ema was on and is now null"),
        ({"lora": {"rank": 4, "targets": ["to_q"]}}, "model.lora.rank was 0 and is now 4"),
        ({"optimizer": {"_target_": "SGD"}}, "model.optimizer._target_ was AdamW and is now SGD"),
    ],
)
def test_what_the_checkpoint_does_not_fit_is_refused_whatever_is_allowed(model, message):
    for allow in (False, True):
        with pytest.raises(UserError, match=f"ckpt_path: {message}; .*start anew"):
            require_fitting(changed(model=model), allow_changes=allow)


def test_all_that_is_refused_stands_in_one_line():
    found = [Change("seed", 1, 2), Change("the digest of the data", "ab", "cd")]
    with pytest.raises(UserError) as caught:
        require_allowed(found, allow_changes=False)
    assert "\n" not in str(caught.value)
    assert "seed was 1 and is now 2, the digest of the data was ab and is now cd" in str(
        caught.value
    )
