import csv
import json
import time
from types import SimpleNamespace

import pytest
from PIL import Image, ImageDraw
from stand_ins import Painter, trainer

from pokecolor.core.images.conversion import load_image
from pokecolor.core.images.failed_pictures import NoPicture
from pokecolor.evaluation.answer_key.key import AnswerKey
from pokecolor.evaluation.answer_key.key_set import KeySet
from pokecolor.evaluation.generate import generate
from pokecolor.evaluation.image_folder import ImageFolder
from pokecolor.evaluation.reports.saved_report import load_report
from pokecolor.evaluation.score import score
from pokecolor.evaluation.settings import Settings

ABOUT = {"pipeline": "stand-in", "command": "python evaluate.py", "config": "x: 1"}


def ball(fill, stripe):
    image = Image.new("RGB", (120, 80), "white")
    draw = ImageDraw.Draw(image)
    draw.ellipse((30, 10, 90, 70), fill=fill, outline="black", width=3)
    draw.rectangle((45, 35, 75, 45), fill=stripe, outline="black")
    return image


class StandIn(Painter):
    """Paints what the instruction says with the seed 0, and the stripe like the ball with 1."""

    def paint(self, sketches, prompts, seeds, **settings):
        assert settings["steps"] == 4 and settings["guidance_scale"] == 2.0
        return [Painted(seed) for seed in seeds]


class Painted:
    is_blank = False

    def __init__(self, seed):
        self.seed = seed

    def image(self, look):
        return ball("red", "blue" if self.seed == 0 else "red")


class Fails(StandIn):
    """At some seeds, in a way of its own."""

    def __init__(self, kind, *seeds):
        super().__init__()
        self.kind, self.seeds = kind, seeds

    def paint(self, sketches, prompts, seeds, **settings):
        found = super().paint(sketches, prompts, seeds, **settings)
        for one in found:
            if one.seed in self.seeds:
                one.image = self.fail
        return found

    def fail(self, look):
        raise NoPicture(self.kind)


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


def evaluate(key, folder, painter=None, images=None):
    """The figures; those of another program's images, where they are given."""
    of_it = KeySet(key, Settings(painter or StandIn(), steps=4))
    pictures = ImageFolder(images or folder / "generated")
    if images is None:
        generate(of_it.settings, pictures, of_it, trainer(folder))
    return score(pictures, of_it, trainer(folder), folder, time.monotonic(), painted=0, **ABOUT)


def test_figures_are_those_of_the_points(key, tmp_path):
    found = evaluate(key, tmp_path / "report")
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
    found = evaluate(key, folder)
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
    folder = tmp_path / "report"
    found = evaluate(key, folder, Fails("not_finite", 1))
    for name in ("parts", "background", "every_background_point", "lines_kept", "all_right/toy"):
        assert found[name]["value"] == 0.5
    assert found["parts"]["n"] == 8
    assert load_report(folder).setting.failed == {"not_finite": 2}
    for page in ("index.html", "report.md"):
        assert "2 of 4 pictures failed: 2 not finite" in (folder / page).read_text()


def test_a_model_that_always_fails_still_has_a_report(key, tmp_path):
    folder = tmp_path / "report"
    found = evaluate(key, folder, Fails("blank", 0, 1))
    floors = ("_of_sketch", "_of_flood")
    assert {m["value"] for name, m in found.items() if not name.endswith(floors)} == {0.0}
    assert load_image(folder / "pictures" / "one.png").size == (300, 300)  # words in its place


def test_another_programs_pictures_need_not_be_of_every_seed(key, tmp_path):
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    ball("red", "blue").resize((240, 160)).save(theirs / "one.png")
    ball("red", "red").save(theirs / "two.webp", lossless=True)
    found = evaluate(key, tmp_path / "report", images=theirs)
    assert found["parts"]["value"] == 0.75 and found["parts"]["n"] == 4
    assert "1 picture of each" in (tmp_path / "report" / "report.md").read_text()
    (theirs / "two.webp").unlink()
    found = evaluate(key, tmp_path / "report", images=theirs)
    assert found["parts"]["value"] == 0.5
    for page in ("index.html", "report.md"):
        text = (tmp_path / "report" / page).read_text()
        assert "1 of 2 pictures failed: 1 missing" in text and "Missing: two.png" in text


def test_ids_that_differ_in_a_special_character_have_pictures_of_their_own(key, tmp_path):
    records = json.loads(key.path.read_text())
    for record, drawing_id in zip(records, ("ball/1", "ball 1"), strict=True):
        record["id"] = drawing_id
    key.path.write_text(json.dumps(records))
    evaluate(AnswerKey(key.path), tmp_path / "report")
    assert len(list((tmp_path / "report" / "pictures").glob("*.png"))) == 2


def test_processes_divide_the_drawings(key):
    of_it = KeySet(key, Settings(None))
    shares = [
        list(of_it.loaders(SimpleNamespace(global_rank=r, world_size=2))["dataloaders"])
        for r in range(2)
    ]
    assert shares == [[0], [1]]
