"""The page in the browser gets all that it reads."""

import json

import numpy as np

from pokecolor.app.library import Library, Sketch
from pokecolor.commands.starting_sketches import CATEGORIES
from pokecolor.model_files.mini import MINI
from tools import browser_page


def sketch():
    return Sketch(
        "creature-1", {"en": "Momi", "ko": "모미"}, ("creatures",),
        lambda size: np.full((size, size, 3), 255, np.uint8),
    )  # fmt: skip


def test_the_files_of_the_model_are_all_there():
    names = browser_page.model_files()
    assert len(names) == 11
    assert "unet/model.onnx" in names and "sampling.json" in names
    assert not [name for name in names if not (MINI / name).is_file()]


def test_the_page_knows_its_sketches_limits_and_words():
    found = browser_page.data(Library([sketch()], CATEGORIES, "by us"))
    (listed,) = found["sketches"]
    assert listed["id"] == "creature-1" and not listed["finished"]
    assert {"momi", "모미", "creatures"} <= set(listed["words"].split())
    assert found["session"]["defaults"]["steps"] == 3 and found["session"]["credit"] == "by us"
    assert found["session"]["categories"] == [
        {"key": "creatures", "names": {"en": "Creatures", "ko": "상상 속 생물"}, "count": 1}
    ]
    assert found["session"]["limits"]["prompt_length"] == 300
    assert set(found["hint"]) == {"en", "ko"}
    json.dumps(found)


def test_the_service_worker_keeps_the_shell_and_tells_versions_apart(tmp_path):
    def stamped(text):
        (tmp_path / "index.html").write_text(text)
        (tmp_path / "sw.js").write_text('const v="__VERSION__",f="__FILES__"')
        browser_page.stamp(tmp_path)
        return (tmp_path / "sw.js").read_text()

    browser_page.write_sketch(sketch(), tmp_path / "sketches" / "creature-1")
    for name in ("index.js", "ort.wasm"):
        (tmp_path / "assets").mkdir(exist_ok=True)
        (tmp_path / "assets" / name).touch()
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "sampling.json").write_text("{}")
    one, other = stamped("one"), stamped("other")
    assert r'f="./\nassets/index.js"' in one
    assert one != other
    assert "__" not in one
