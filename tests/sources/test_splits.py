import pytest

from pokecolor.core.errors import UserError
from pokecolor.sources.splits import assign_splits, split_of

IDS = [f"drawing-{i}" for i in range(4000)]


@pytest.mark.parametrize(("split", "share"), [("train", 0.8), ("val", 0.15), ("test", 0.05)])
def test_shares_are_those_asked_for(split, share):
    found = sum(split_of(i, val=0.15, test=0.05) == split for i in IDS) / len(IDS)
    assert found == pytest.approx(share, abs=0.02)


def test_a_split_never_moves():
    # SHA-256 of these ids, read as a fraction: 0.0002, 0.0566, 0.4786
    found = [split_of(i) for i in ("drawing-13", "drawing-40", "drawing-1")]
    assert found == ["test", "val", "train"]


def test_another_share_of_validation_leaves_the_test_split():
    small = {i for i in IDS if split_of(i, val=0.01) == "test"}
    assert small == {i for i in IDS if split_of(i, val=0.3) == "test"}


def divided(given, val=0.1, test=0.1, names=None):
    return assign_splits(names or {name: name for name in IDS[:40]}, given, val, test)


def test_without_splits_that_are_given_the_id_decides():
    splits, taken = divided({}, 0.3, 0.3)
    assert splits == {name: split_of(name, 0.3, 0.3) for name in IDS[:40]}
    assert not taken
    for lone in ("train", "val", "test"):  # as where the whole is in a folder "train", or "dev"
        assert divided(dict.fromkeys(IDS[:40], lone), 0.3, 0.3) == (splits, "")


def test_splits_that_are_given_are_kept():
    given = dict(zip(IDS[:40], 20 * ["train"] + 10 * ["val"] + 10 * ["test"], strict=True))
    assert divided(given, 0.9, 0.05) == (given, "")


def test_a_validation_that_is_not_given_comes_from_the_training():
    given = {name: "test" for name in IDS[:10]}
    splits, _ = divided(given, 0.3, 0.3)
    assert {name for name in splits if splits[name] == "test"} == set(given)
    others = IDS[10:40]
    assert [splits[name] for name in others] == [split_of(name, 0.3, 0.0) for name in others]


@pytest.mark.parametrize("count", [3, 4, 5, 8])
def test_a_small_folder_has_something_to_train_on_and_to_validate_with(count):
    for start in range(0, 400, count):
        names = {name: name for name in IDS[start : start + count]}
        splits, taken = divided({}, 0.05, 0.05, names)
        assert {"train", "val"} <= set(splits.values())
        plain = {name: split_of(name) for name in names}
        changed = [name for name in names if splits[name] != plain[name]]
        assert all(name in taken for name in changed)
        assert bool(taken) == bool(changed)


def test_shares_that_leave_none_are_kept():
    assert set(divided({}, val=0.0, test=1.0)[0].values()) == {"test"}
    assert set(divided({}, val=0.0, test=0.0)[0].values()) == {"train"}


def test_one_or_two_drawings_are_not_held_out_for_the_test():
    for name in IDS[:100]:
        assert divided({}, 0.05, 0.9, {name: name})[0][name] != "test"


@pytest.mark.parametrize(("val", "test"), [(1.5, 0.0), (-0.1, 0.5), (0.6, 0.6), (float("nan"), 0)])
def test_what_is_no_share_is_refused(val, test):
    with pytest.raises(UserError, match="give shares from 0 to 1"):
        split_of("drawing", val, test)
