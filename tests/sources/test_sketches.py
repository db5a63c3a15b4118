import pytest
from picture_files import line_drawing, save
from recorder import Recorder, trainer

from pokecolor.core.errors import UserError
from pokecolor.core.images.conversion import letterbox
from pokecolor.data.datamodule import TripletDataModule
from pokecolor.sources.sketches import SketchSource


@pytest.fixture
def root(tmp_path):
    for name in ("a", "sub/b"):
        save(line_drawing(), tmp_path / "sketches" / f"{name}.png")
    return tmp_path / "sketches"


def test_all_images_get_the_one_prompt(root):
    source = SketchSource(root, size=32, prompt="Turn it blue")
    triplets = [t for drawing in source.drawings() for t in source.triplets(drawing)]
    assert [t.edit_prompt for t in triplets] == ["Turn it blue"] * 2
    assert {source.split_of(t.drawing_id) for t in triplets} == {"test"}
    assert all(t.edited_image is None and t.parts == () for t in triplets)
    assert (triplets[0].original_image == letterbox(line_drawing().convert("RGB"), 32)).all()


def test_a_table_has_several_prompts_of_one_sketch(root):
    (root / "mine.csv").write_text("sketch,caption\na.png,red\na.png,blue\n")
    source = SketchSource(root, csv="mine.csv")
    assert source.drawings() == ["a"]
    assert [(t.id, t.edit_prompt) for t in source.triplets("a")] == [("a", "red"), ("a-1", "blue")]


def test_sketches_of_one_name_are_two_drawings(root):
    save(line_drawing(30, 30), root / "a.webp")
    save(line_drawing(), root / "a-1.png")
    (root / "mine.csv").write_text(
        "sketch,caption\na.png,red\na.png,blue\na.webp,green\na-1.png,grey\n"
    )
    source = SketchSource(root, size=32, csv="mine.csv")
    triplets = [t for drawing in source.drawings() for t in source.triplets(drawing)]
    assert len({t.id for t in triplets}) == 4
    assert len({t.drawing_id for t in triplets}) == 3
    assert {t.id: t.edit_prompt for t in triplets}["a-1"] == "grey"


def test_prompts_and_images_are_part_of_the_fingerprint(root):
    first = SketchSource(root, prompt="red").fingerprint
    assert SketchSource(root, prompt="red").fingerprint == first
    assert SketchSource(root, prompt="blue").fingerprint != first
    save(line_drawing(40, 40), root / "a.png")
    assert SketchSource(root, prompt="red").fingerprint != first


def test_bare_sketches_are_streamed_without_a_target(root, tmp_path):
    data = TripletDataModule(SketchSource(root, size=32, prompt="red"), cache_dir=tmp_path)
    trainer(tmp_path).predict(Recorder(), datamodule=data)
    (batch,) = data.predict_dataloader()
    assert "edited_image" not in batch and batch["original_image"].shape == (2, 3, 32, 32)
    assert not data.has_target
    assert next(data.triplets("test")).edited_image is None


def test_what_is_missing_is_told(root, tmp_path):
    for settings in ({}, {"csv": "mine.csv", "prompt": "red"}):
        with pytest.raises(UserError, match=r"give either data.source.prompt=\.\.\. for all"):
            SketchSource(root, **settings)
    with pytest.raises(UserError, match="no such folder"):
        SketchSource(tmp_path / "gone", prompt="red").drawings()
    (tmp_path / "empty").mkdir()
    with pytest.raises(UserError, match="no images in it"):
        SketchSource(tmp_path / "empty", prompt="red").drawings()
    (root / "mine.csv").write_text("file,caption\na.png,red\n")
    with pytest.raises(UserError, match=r"no column sketch \(found file, caption\)"):
        SketchSource(root, csv="mine.csv").drawings()
    (root / "mine.csv").write_text("sketch,caption\na.png,red\nsub/b.png,\n")
    with pytest.raises(UserError, match=r"mine\.csv: line 3: no caption"):
        SketchSource(root, csv="mine.csv").drawings()
