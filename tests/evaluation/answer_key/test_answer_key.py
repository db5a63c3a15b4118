import json
import shutil

import pytest
from PIL import Image

from pokecolor.core.errors import UserError
from pokecolor.evaluation.answer_key.key import AnswerKey

PART = {"name": "body", "colors": ["red"], "points": [[0.5, 0.5]]}
FROG = {"id": "frog", "file": "frog.png", "instruction": "a red frog", "parts": [PART]}


@pytest.fixture
def save(tmp_path):
    Image.new("RGBA", (40, 30), (255, 255, 255, 0)).save(tmp_path / "frog.png")

    def write(content):
        text = content if isinstance(content, str) else json.dumps(content)
        (tmp_path / "key.json").write_text(text, encoding="utf-8")
        return tmp_path

    return write


def test_a_key_is_read_by_its_folder_or_its_path(save):
    folder = save([{**FROG, "kind": "creature"}])
    for root in (folder, folder / "key.json"):
        (drawing,) = AnswerKey(root).drawings
        assert drawing.kind == "creature"
        assert drawing.parts[0].points == ((0.5, 0.5),)
        assert drawing.load().size == (40, 30)
        assert drawing.load().mode == "RGBA"


def test_a_kind_need_not_be_given(save):
    assert AnswerKey(save([FROG])).drawings[0].kind == "drawing"


def test_the_fingerprint_follows_key_drawings_and_seeds(save, tmp_path):
    root = save([FROG])
    first = AnswerKey(root).fingerprint
    assert AnswerKey(root).fingerprint == first
    assert AnswerKey(root, seeds=[3]).fingerprint != first
    Image.new("RGB", (40, 30), "white").save(tmp_path / "frog.png")
    assert AnswerKey(root).fingerprint != first


def test_the_fingerprint_does_not_depend_on_where_the_key_lies(save, tmp_path):
    root = save([FROG])
    moved = shutil.copytree(root, tmp_path / "moved")
    assert AnswerKey(moved).fingerprint == AnswerKey(root).fingerprint


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("no json", "cannot be read"),
        ([], "must be a list"),
        ({"id": "frog"}, "must be a list"),
        (["frog"], "drawing 1: must be an object"),
        ([{**FROG, "instruction": ""}], "drawing 1: instruction is missing"),
        ([{**FROG, "file": "toad.png"}], r"frog: no file .*toad\.png"),
        ([FROG, FROG], "two drawings have the id frog"),
        ([{**FROG, "parts": [{**PART, "colors": ["crimson"]}]}], "body: no color 'crimson'"),
        ([{**FROG, "parts": [{**PART, "points": [[0.5, 1.5]]}]}], r"not \[0\.5, 1\.5\]"),
        ([{**FROG, "parts": [{**PART, "points": [0.5, 0.5]}]}], "a point is"),
        ([{**FROG, "parts": 5}], "frog: parts must be a list, not 5"),
        ([{**FROG, "parts": [{**PART, "colors": "red"}]}], "colors must be a list, not 'red'"),
        ([{**FROG, "parts": [{**PART, "points": 5}]}], "body: points must be a list, not 5"),
        ([{**FROG, "parts": [{"name": "body"}]}], "a part needs a name, colors and points"),
        ([{**FROG, "parts": [{**PART, "name": "background"}]}], "no part but the background"),
        (
            [{**FROG, "parts": [PART, *[{**PART, "name": "background"}] * 2]}],
            "frog: two parts named background; put all of its points into one",
        ),
    ],
)
def test_what_is_wrong_with_a_key_is_said_in_a_line(save, content, message):
    with pytest.raises(UserError, match=message) as error:
        _ = AnswerKey(save(content)).drawings
    assert "\n" not in str(error.value)


def test_a_folder_without_a_key_and_a_broken_drawing_are_named(save, tmp_path):
    with pytest.raises(UserError, match="no answer key there"):
        _ = AnswerKey(tmp_path).drawings
    root = save([FROG])
    (root / "frog.png").write_bytes(b"no image")
    with pytest.raises(UserError, match="drawing frog"):
        AnswerKey(root).drawings[0].load()


def test_it_is_a_test_set_and_needs_seeds(tmp_path):
    with pytest.raises(UserError, match="split=val"):
        AnswerKey(tmp_path, predict_split="val")
    for seeds in ([], [-1], [0.5], 0, None):
        with pytest.raises(UserError, match=r"data\.seeds"):
            AnswerKey(tmp_path, seeds=seeds)
