"""What is written for others comes back as it was, through `datasets` and through `data=folder`."""

import datasets
import numpy as np
import pytest
from tiny_source import TinySource

from pokecolor.core.errors import UserError
from pokecolor.core.schema import SPLITS
from pokecolor.data import records
from pokecolor.data.prepare import prepare
from pokecolor.data.publishing import FORMATS, PUBLIC_NAMES, publish
from pokecolor.sources.folder.source import FolderSource
from pokecolor.sources.hub_source import HubSource

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


class Large(TinySource):
    """Of 16 x 16 pixels, the least that a source of files takes."""

    def triplets(self, drawing_id):
        for triplet in super().triplets(drawing_id):
            pictures = {
                name: np.kron(getattr(triplet, name), np.ones((2, 2, 1), np.uint8))
                for name in ("original_image", "edited_image")
            }
            part_map = np.kron(triplet.part_map, np.ones((2, 2), np.uint8))
            yield triplet.__class__(**{**vars(triplet), **pictures, "part_map": part_map})


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "datasets")
    datasets.disable_progress_bars()


@pytest.fixture(scope="module")
def shards(tmp_path_factory):
    return prepare(Large(), tmp_path_factory.mktemp("cache"))


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("streaming", [False, True])
def test_datasets_read_back_what_was_written(shards, tmp_path, form, streaming):
    publish(shards, tmp_path / "out", form)
    found = datasets.load_dataset(str(tmp_path / "out"), streaming=streaming)
    assert set(found) == set(PUBLIC_NAMES.values())
    for split in SPLITS:
        rows = list(found[PUBLIC_NAMES[split]])
        triplets = [records.decode_triplet(sample) for sample in shards.samples(split)]
        assert len(rows) == len(triplets)
        for row, triplet in zip(rows, triplets, strict=True):
            assert (row["id"], row["drawing_id"]) == (triplet.id, triplet.drawing_id)
            assert row["edit_prompt"] == triplet.edit_prompt
            for name in ("original_image", "edited_image", "part_map"):
                assert (np.asarray(row[name]) == getattr(triplet, name)).all()
            (part,) = row["parts"]
            assert part == {**triplet.parts[0]._asdict(), "rgb": list(triplet.parts[0].rgb)}


def test_parquet_says_itself_that_its_columns_are_pictures(shards, tmp_path):
    publish(shards, tmp_path / "out", "parquet")
    (file,) = (tmp_path / "out" / "data").glob("validation-*.parquet")
    features = datasets.Dataset.from_parquet(str(file)).features
    assert isinstance(features["edited_image"], datasets.Image)


def test_an_imagefolder_comes_back_as_a_folder_of_ones_own(shards, tmp_path):
    publish(shards, tmp_path / "out", "imagefolder")
    require_same_source(shards, FolderSource(tmp_path / "out", size=16))


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("streaming", [False, True])
def test_both_come_back_as_a_data_set_of_the_hub(shards, tmp_path, form, streaming):
    publish(shards, tmp_path / "out", form)
    require_same_source(shards, HubSource(str(tmp_path / "out"), size=16, streaming=streaming))


def require_same_source(shards, source):
    for split in SPLITS:
        drawings = {}
        for sample in shards.samples(split):
            triplet = records.decode_triplet(sample)
            drawings.setdefault(triplet.drawing_id, []).append(triplet)
        assert {d for d in source.drawings() if source.split_of(d) == split} == drawings.keys()
        for drawing, triplets in drawings.items():
            for triplet, other in zip(triplets, source.triplets(drawing), strict=True):
                assert (triplet.original_image == other.original_image).all()
                assert (triplet.edited_image == other.edited_image).all()
                assert triplet.edit_prompt == other.edit_prompt


def test_what_is_there_is_not_written_over(shards, tmp_path):
    (tmp_path / "out").mkdir()
    with pytest.raises(UserError, match="out: exists already"):
        publish(shards, tmp_path / "out", "parquet")
    assert not list((tmp_path / "out").iterdir())


def test_samples_without_a_part_map_or_a_color_image_are_written(tmp_path):
    class Bare(Large):
        def triplets(self, drawing_id):
            for triplet in super().triplets(drawing_id):
                left_out = {"edited_image": None, "part_map": None, "parts": ()}
                yield triplet.__class__(**{**vars(triplet), **left_out})

    bare = prepare(Bare(), tmp_path / "cache")
    for form in FORMATS:
        publish(bare, tmp_path / form, form)
        row = next(iter(datasets.load_dataset(str(tmp_path / form), split="test")))
        assert row.get("edited_image") is None and row["parts"] == []
        assert np.asarray(row["original_image"]).shape == (16, 16, 3)
