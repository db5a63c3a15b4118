import csv

import pytest
from PIL import Image

from pokecolor.core.errors import UserError
from pokecolor.evaluation.preference import count_choices, pair_pictures, preference, write_key


@pytest.fixture
def folders(tmp_path):
    for name, color in (("one", "red"), ("other", "blue")):
        (tmp_path / name).mkdir()
        for number in range(40):
            Image.new("RGB", (8, 8), color).save(tmp_path / name / f"{number:02}.png")
    (tmp_path / "one" / "39.png").unlink()
    return tmp_path / "one", tmp_path / "other"


def test_pictures_pair_up_by_name_on_random_sides(folders):
    pairs, left_out = pair_pictures(*folders, seed=1)
    assert sorted(pair.name for pair in pairs) == [f"{number:02}" for number in range(39)]
    assert [pair.name for pair in pairs] != sorted(pair.name for pair in pairs)
    assert left_out == "1 images have no partner of their name; left out"
    first_left = sum(pair.files[pair.left].parent == folders[0] for pair in pairs)
    assert 8 < first_left < 31
    assert len({id_ for pair in pairs for id_ in (pair.left, pair.right)}) == 78


def test_ids_do_not_tell_the_set(folders):
    pairs, _ = pair_pictures(*folders)
    again, _ = pair_pictures(*folders)
    assert {pair.left for pair in pairs}.isdisjoint({pair.left for pair in again})


def test_choices_are_counted_by_set(folders, tmp_path):
    pairs, _ = pair_pictures(*folders, seed=2)
    write_key(tmp_path / "key.csv", pairs)
    prefers_red = [
        (pair.left, pair.right, next(iter(pair.files)) if n % 4 else list(pair.files)[1])
        for n, pair in enumerate(pairs[:12])
    ]
    save(tmp_path / "results.csv", prefers_red)
    found = count_choices(tmp_path / "key.csv", [tmp_path / "results.csv"])
    assert found.wins == {"A": 9, "B": 3}


def test_the_sign_test_gives_known_values():
    # two-sided: 2 * (C(10, 0) + C(10, 1)) / 2**10
    found = preference({"A": 9, "B": 1})
    assert found.p_value == pytest.approx(22 / 1024)
    # Clopper and Pearson's interval of 9 of 10, as tables have it
    assert found.interval == pytest.approx((0.5550, 0.9975), abs=1e-4)
    assert preference({"A": 5, "B": 5}).p_value == pytest.approx(1)


def test_results_of_another_page_are_refused(folders, tmp_path):
    pairs, _ = pair_pictures(*folders, seed=2)
    write_key(tmp_path / "key.csv", pairs)
    one, two = pairs[:2]
    wrong = {
        "another page": [("0" * 12, one.right, one.right)],
        "two pairs mixed": [(one.left, two.left, one.left)],
        "chosen of another pair": [(one.left, one.right, two.left)],
    }
    for name, rows in wrong.items():
        save(tmp_path / f"{name}.csv", rows)
        with pytest.raises(UserError, match=f"{name}.csv: line 2: no pair of .*key.csv"):
            count_choices(tmp_path / "key.csv", [tmp_path / f"{name}.csv"])
    save(tmp_path / "twice.csv", [(one.left, one.right, one.left)] * 2)
    with pytest.raises(UserError, match="line 3: this pair is there twice"):
        count_choices(tmp_path / "key.csv", [tmp_path / "twice.csv"])


def test_folders_that_do_not_pair_up_are_refused(folders, tmp_path):
    with pytest.raises(UserError, match="both folders are the same"):
        pair_pictures(folders[0], folders[0])
    (tmp_path / "empty").mkdir()
    with pytest.raises(UserError, match="no two images in them have the same name"):
        pair_pictures(folders[0], tmp_path / "empty")


def save(path, rows):
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([("left", "right", "chosen"), *rows])
