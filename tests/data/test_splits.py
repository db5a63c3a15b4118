import pytest

from pokecolor.data.splits import split_of
from pokecolor.errors import UserError

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


@pytest.mark.parametrize(("val", "test"), [(1.5, 0.0), (-0.1, 0.5), (0.6, 0.6), (float("nan"), 0)])
def test_what_is_no_share_is_refused(val, test):
    with pytest.raises(UserError, match="give shares from 0 to 1"):
        split_of("drawing", val, test)
