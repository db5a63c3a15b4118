import re
import unicodedata
from pathlib import Path

import pytest

from pokecolor.sources.ids import assign_ids, id_of, make_id, variant_id

ROOT = Path("root")


@pytest.mark.parametrize("name", ["0001", "a-b_C", "train"])
def test_clean_names_are_their_own_ids(name):
    assert make_id(name) == name


def test_other_names_get_distinct_clean_ids():
    names = ["a/b", "a b", "a.b", "a-b", "피카츄", "파이리", "...", "é", "A/b", "\udcc7\udcc7"]
    ids = [make_id(name) for name in names]
    assert len(set(ids)) == len(names)
    assert all(re.fullmatch(r"[A-Za-z0-9_-]+", id_) for id_ in ids)


def test_an_id_is_that_of_the_name_under_the_root_however_it_is_composed():
    assert id_of(ROOT / "a.png", ROOT) == "a"
    composed, decomposed = (unicodedata.normalize(form, "피카츄") for form in ("NFC", "NFD"))
    assert composed != decomposed
    assert id_of(ROOT / f"{composed}.png", ROOT) == make_id(composed)
    assert id_of(ROOT / f"{decomposed}.png", ROOT) == make_id(composed)


def test_no_two_files_share_an_id():
    clash = make_id("a b")  # a file that is named as another's id
    accents = ["\u00e9.png", "e\u0301.png"]  # the same, composed and decomposed
    names = ["a.png", "a.webp", "a.jpg", "a b.png", f"{clash}.png", *accents, "b/c.png"]
    ids = assign_ids([ROOT / name for name in names], ROOT)
    assert len(set(ids.values())) == len(ids) == len(names)
    assert all(re.fullmatch(r"[A-Za-z0-9_-]+", id_) for id_ in ids.values())
    # whatever the order, and the first of namesakes as though it were alone
    assert assign_ids(reversed(ids), ROOT) == ids
    assert ids[ROOT / "a.jpg"] == "a"


def test_a_file_that_is_given_twice_is_one():
    assert assign_ids([ROOT / "a.png", ROOT / "a.png"], ROOT) == {ROOT / "a.png": "a"}


def test_a_second_sample_of_a_drawing_is_not_taken_for_another_drawing():
    drawings = {"cat1": 3, "cat1-1": 2, "cat2": 1, "cat1-1-1": 1}
    ids = [
        variant_id(d, number, drawings) for d, count in drawings.items() for number in range(count)
    ]
    assert len(set(ids)) == len(ids)
    assert {"cat1", "cat1-1", "cat1-2", "cat2", "cat1-1-1"} < set(ids)
