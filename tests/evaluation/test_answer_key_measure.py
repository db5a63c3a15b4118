import csv
import json
from types import SimpleNamespace

import pytest
from PIL import Image, ImageDraw

from pokecolor.answer_key import AnswerKey
from pokecolor.evaluation.answer_key_measure import measure_answer_key
from pokecolor.evaluation.saved_report import load_report
from pokecolor.images import load_image
from pokecolor.no_picture import NoPicture

ABOUT = {"pipeline": "stand-in", "command": "python evaluate.py", "config": "x: 1"}


def ball(fill, stripe):
    image = Image.new("RGB", (120, 80), "white")
    draw = ImageDraw.Draw(image)
    draw.ellipse((30, 10, 90, 70), fill=fill, outline="black", width=3)
    draw.rectangle((45, 35, 75, 45), fill=stripe, outline="black")
    return image


class StandIn:
    """Paints what the instruction says with the seed 0, and the stripe like the ball with 1."""

    def __init__(self):
        self.engine = SimpleNamespace(asked={"a", "b"}, painted=2)

    def paint(self, sketches, prompts, seeds, **settings):
        assert settings == {"steps": 3}
        return [ball("red", "blue") if seed == 0 else ball("red", "red") for seed in seeds]


COLORINGS = SimpleNamespace(
    colorizer=StandIn(), settings={"steps": 3}, finished=lambda picture: picture
)


@pytest.fixture
def key(tmp_path):
    parts = [
        {"name": "ball", "colors": ["red"], "points": [[0.5, 0.25], [0.5, 0.75]]},
        {"name": "stripe", "colors": ["blue"], "points": [[0.5, 0.5]]},
        {"name": "background", "colors": ["white"], "points": [[0.05, 0.05]]},
    ]
    records = []
    for name, kind in (("one", "toy"), ("two", "sport")):
        ball("white", "white").save(tmp_path / f"{name}.png")
        about = {"id": name, "file": f"{name}.png", "kind": kind}
        records.append({**about, "instruction": "a red ball with a blue stripe", "parts": parts})
    (tmp_path / "key.json").write_text(json.dumps(records))
    return AnswerKey(tmp_path)


def measure(key, folder, is_first=True):
    trainer = SimpleNamespace(is_global_zero=is_first)
    return measure_answer_key(COLORINGS, trainer, key, folder, None, **ABOUT)


def test_figures_are_those_of_the_points(key, tmp_path):
    found = measure(key, tmp_path / "report")
    values = {name: measured["value"] for name, measured in found.items()}
    assert values["parts"] == 0.75  # of four pictures two have a red stripe
    assert values["first_part"] == 1.0
    assert values["other_parts"] == 0.5
    assert values["all_right"] == values["all_right/toy"] == 0.5
    assert values["parts/toy"] == values["parts/sport"] == 0.75
    assert values["background"] == values["every_background_point"] == 1.0
    assert values["lines_kept"] == 1.0
    assert found["parts"]["n"] == 8
    assert values["parts_of_sketch"] == 0.0
    assert values["parts_of_flood"] == 0.5
    assert values["first_part_of_flood"] == 1.0


def test_the_report_can_be_read_and_shows_what_is_wrong(key, tmp_path):
    folder = tmp_path / "report"
    found = measure(key, folder)
    saved = load_report(folder)
    assert saved.metrics["parts"]["value"] == found["parts"]["value"]
    assert saved.setting.test_set == key.fingerprint
    with (folder / "samples.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if row["metric"] == "parts"]
    assert [row["drawing_id"] for row in rows] == ["one"] * 4 + ["two"] * 4
    page = (folder / "index.html").read_text()
    assert "a red ball with a blue stripe" in page
    assert "0.750" in page
    table = (folder / "report.md").read_text()
    assert "| Parts right | 0.750 |" in table
    assert "| toy | 0.750 |" in table
    assert (folder / "pictures" / "one.png").exists()


def test_a_picture_that_failed_has_no_right_point(key, tmp_path):
    def finished(picture):
        if picture.getpixel((60, 40)) == (255, 0, 0):  # those of the seed 1
            raise NoPicture("not_finite")
        return picture

    broken = SimpleNamespace(**{**vars(COLORINGS), "finished": finished})
    folder, trainer = tmp_path / "report", SimpleNamespace(is_global_zero=True)
    found = measure_answer_key(broken, trainer, key, folder, None, **ABOUT)
    for name in ("parts", "background", "every_background_point", "lines_kept", "all_right/toy"):
        assert found[name]["value"] == 0.5
    assert found["parts"]["n"] == 8
    assert load_report(folder).setting.failed == {"not_finite": 2}
    for page in ("index.html", "report.md"):
        assert "2 of 2 pictures failed: 2 not finite" in (folder / page).read_text()


def test_a_model_that_always_fails_still_has_a_report(key, tmp_path):
    def finished(picture):
        raise NoPicture("blank")

    broken = SimpleNamespace(**{**vars(COLORINGS), "finished": finished})
    folder, trainer = tmp_path / "report", SimpleNamespace(is_global_zero=True)
    found = measure_answer_key(broken, trainer, key, folder, None, **ABOUT)
    floors = ("_of_sketch", "_of_flood")
    assert {m["value"] for name, m in found.items() if not name.endswith(floors)} == {0.0}
    assert load_image(folder / "pictures" / "one.png").size == (300, 300)  # words in its place


def test_ids_that_differ_in_a_special_character_have_pictures_of_their_own(key, tmp_path):
    records = json.loads(key.path.read_text())
    for record, drawing_id in zip(records, ("ball/1", "ball 1"), strict=True):
        record["id"] = drawing_id
    key.path.write_text(json.dumps(records))
    measure(AnswerKey(key.path), tmp_path / "report")
    assert len(list((tmp_path / "report" / "pictures").glob("*.png"))) == 2


def test_other_processes_leave_it_to_the_first(key, tmp_path):
    assert measure(key, tmp_path / "report", is_first=False) is None
    assert not (tmp_path / "report").exists()
