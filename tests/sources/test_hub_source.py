"""Data sets with InstructPix2Pix's columns, made by the `datasets` library itself."""

import io
import logging
import pickle

import datasets
import numpy as np
import pytest
from hydra.utils import instantiate
from picture_files import line_drawing, picture
from test_data_configs import compose_data

from pokecolor.core.errors import UserError
from pokecolor.core.images.conversion import ImageError, letterbox
from pokecolor.sources.folder.source import PROMPT
from pokecolor.sources.hub_source import HubSource

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "datasets")
    datasets.disable_progress_bars()


def save(folder, columns, split="train"):
    """A data set in Parquet, as `push_to_hub` leaves one."""
    (folder / "data").mkdir(parents=True, exist_ok=True)
    path = folder / "data" / f"{split}-00000-of-00001.parquet"
    datasets.Dataset.from_dict(columns).to_parquet(str(path))
    return folder


def columns(numbers, sketch="original_image", text="edit_prompt", color="edited_image"):
    found = {sketch: [line_drawing() for _ in numbers]} if sketch else {}
    found |= {text: [f"Turn it into number {number}" for number in numbers]} if text else {}
    return found | {color: [picture(number) for number in numbers]}


@pytest.mark.parametrize("streaming", [False, True])
@pytest.mark.parametrize(
    "names",
    [
        ("original_image", "edit_prompt", "edited_image"),
        ("input_image", "edit_prompt", "edited_image"),
        ("conditioning_image", "text", "image"),
    ],
)
def test_rows_become_triplets(tmp_path, names, streaming):
    source = HubSource(str(save(tmp_path / "a", columns(range(6), *names))),
                       streaming=streaming, size=48)  # fmt: skip
    triplets = [triplet for drawing in source.drawings() for triplet in source.triplets(drawing)]
    assert [t.edit_prompt for t in triplets] == [f"Turn it into number {i}" for i in range(6)]
    assert (triplets[3].original_image == letterbox(line_drawing().convert("RGB"), 48)).all()
    assert (triplets[3].edited_image == letterbox(picture(3), 48)).all()


def test_without_sketches_and_captions_both_are_made(tmp_path, caplog):
    source = HubSource(str(save(tmp_path / "a", columns([1, 2], None, None, "image"))), size=48)
    with caplog.at_level(logging.WARNING):
        (triplet,) = source.triplets(source.drawings()[0])
    assert triplet.edit_prompt == PROMPT
    assert (np.ptp(triplet.original_image, axis=-1) == 0).all()
    assert "2 samples, 0 with a caption, 0 with a sketch; where no caption is" in caplog.text


def test_splits_that_are_given_are_kept_and_a_drawing_is_in_one(tmp_path):
    folder = save(tmp_path / "a", columns(range(5)))
    save(folder, columns(range(10, 13)), "validation")
    source = HubSource(str(folder))
    said = [source.split_of(drawing) for drawing in source.drawings()]
    assert said == ["train"] * 5 + ["val"] * 3
    save(folder, columns([2]), "test")
    with pytest.raises(UserError, match="test row 0 is of a drawing that train has, too"):
        HubSource(str(folder)).drawings()


def test_rows_of_one_color_image_or_drawing_id_are_one_drawing(tmp_path):
    two = columns([1, 1, 2]) | {"edit_prompt": ["one", "two", "three"]}
    source = HubSource(str(save(tmp_path / "a", two)))
    assert [len(list(source.triplets(d))) for d in source.drawings()] == [2, 1]
    source = HubSource(str(save(tmp_path / "b", two | {"drawing_id": ["a b", "c", "c"]})))
    (first, second), ids = source.drawings(), []
    assert second == "c" and first.startswith("a-b-")
    ids = [triplet.id for triplet in source.triplets("c")]
    assert ids == ["c", "c-1"]


@pytest.mark.parametrize("streaming", [False, True])
def test_no_more_rows_than_asked_for_are_read(tmp_path, streaming):
    folder = str(save(tmp_path / "a", columns(range(6))))
    assert len(HubSource(folder, streaming=streaming, rows=2).drawings()) == 2
    assert len(HubSource(folder, streaming=streaming, rows=9).drawings()) == 6


def test_it_is_sent_to_other_processes_and_its_fingerprint_follows_the_rows(tmp_path):
    source = HubSource(str(save(tmp_path / "a", columns(range(3)))), size=48)
    copy = pickle.loads(pickle.dumps(source))
    drawing = source.drawings()[1]
    (one,), (other,) = source.triplets(drawing), copy.triplets(drawing)
    assert (one.edited_image == other.edited_image).all()
    again = HubSource(str(save(tmp_path / "moved" / "a", columns(range(3)))), size=48)
    assert source.fingerprint == again.fingerprint
    changed = columns(range(3)) | {"edit_prompt": ["", "b", "c"]}
    assert (
        source.fingerprint
        != HubSource(str(save(tmp_path / "c" / "a", changed)), size=48).fingerprint
    )


def test_a_picture_that_cannot_be_read_is_named_by_its_row(tmp_path):
    buffer = io.BytesIO()
    picture(1).save(buffer, "PNG")
    broken = {"bytes": buffer.getvalue()[:60], "path": None}
    rows = datasets.Dataset.from_dict(
        {"image": [broken], "text": ["a"]},
        features=datasets.Features({"image": datasets.Image(), "text": datasets.Value("string")}),
    )
    (tmp_path / "a").mkdir()
    rows.to_parquet(str(tmp_path / "a" / "train.parquet"))
    source = HubSource(str(tmp_path / "a"))
    with pytest.raises(ImageError, match="train row 0: image"):
        list(source.triplets(source.drawings()[0]))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"text": ["a"]}, r"no column names the color images \(found text\)"),
        ({"image": ["a.png"], "text": ["a"]}, "column image holds Value.*where pictures are"),
        (
            columns([1]) | {"edit_prompt": [["a", "b"]]},
            "column edit_prompt holds .*where one",
        ),
    ],
)
def test_columns_that_do_not_fit_are_one_line(tmp_path, content, message):
    with pytest.raises(UserError, match=message) as caught:
        HubSource(str(save(tmp_path / "a", content))).drawings()
    assert "\n" not in str(caught.value)


def test_what_is_neither_here_nor_on_the_hub_is_one_line():
    with pytest.raises(UserError, match="could not download owner/nothing") as caught:
        HubSource("owner/nothing").drawings()
    assert "\n" not in str(caught.value)


def test_the_configuration_names_it_once(tmp_path):
    folder = save(tmp_path / "a", columns(range(4)))
    config = compose_data("hub", f"data.name={folder}", "data.source.size=48")
    data = instantiate(config, cache_dir=str(tmp_path / "cache"), caption=None)
    assert data.source.dataset == str(folder)
    assert data.source.hub_ids == () and HubSource("owner/lines").hub_ids == ("owner/lines",)
    assert data.name.startswith("hub-")
