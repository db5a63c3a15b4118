import csv
import re

import pytest
from PIL import Image

from pokecolor import cli


@pytest.fixture
def folders(tmp_path):
    for name, color in (("model7", "red"), ("model9", "blue")):
        (tmp_path / name).mkdir()
        for number in range(3):
            Image.new("RGB", (900, 30), color).save(tmp_path / name / f"frog{number}.png")
    (tmp_path / "prompts.csv").write_text('id,caption\nfrog0,"a ""red"" frog </script>"\n')
    return str(tmp_path / "model7"), str(tmp_path / "model9")


def test_a_page_does_not_tell_whose_picture_is_whose(folders, tmp_path, capsys):
    page, key = tmp_path / "p.html", tmp_path / "p.key.csv"
    prompts = str(tmp_path / "prompts.csv")
    assert cli.main(["prefer", *folders, "--out", str(page), "--prompts", prompts]) == 0
    text = page.read_text()
    assert text.count("data:image/png;base64,") == 6
    assert text.count("</script>") == 1  # a caption does not end the script
    said = re.sub(r"base64,[^\"]*", "", text)
    assert not re.search(r"model7|model9|frog\d", said)
    assert "2 pairs have no caption" in capsys.readouterr().out

    with key.open() as file:
        rows = list(csv.DictReader(file))
    assert sorted((row["set"], row["name"]) for row in rows) == [
        (set_name, f"frog{n}") for set_name in "AB" for n in range(3)
    ]
    ids = {(row["name"], row["set"]): row["id"] for row in rows}
    chosen = [(ids[f"frog{n}", "A"], ids[f"frog{n}", "B"], ids[f"frog{n}", "B"]) for n in range(3)]
    with (tmp_path / "r.csv").open("w", newline="") as file:
        csv.writer(file).writerows([("left", "right", "chosen"), *chosen])
    assert cli.main(["prefer", "--count", str(tmp_path / "r.csv"), "--key", str(key)]) == 0
    out = capsys.readouterr().out
    assert "A was preferred 0 times, B 3 times, of 3" in out
    assert "exact sign test p = 0.25" in out


def test_a_page_that_people_may_have_is_not_replaced(folders, tmp_path, capsys):
    page = tmp_path / "p.html"
    page.write_text("mine")
    assert cli.main(["prefer", *folders, "--out", str(page)]) == 2
    assert "p.html: is there already" in capsys.readouterr().err
    assert page.read_text() == "mine"


@pytest.mark.parametrize("arguments", [[], ["a"], ["a", "b", "c"], ["--count", "r.csv"]])
def test_what_is_missing_is_one_line(arguments, capsys):
    assert cli.main(["prefer", *arguments]) == 2
    assert capsys.readouterr().err.startswith("pokecolor: prefer")
