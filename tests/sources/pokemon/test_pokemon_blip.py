import io
import pickle

import numpy as np
import pytest
from picture_files import picture, save_pairs
from PIL import Image

from pokecolor.core.errors import UserError
from pokecolor.core.images.conversion import ImageError, load_image
from pokecolor.sources.pokemon.pokemon_blip import MatchedCaptions, PokemonBlipSource
from pokecolor.sources.pokemon.sketch2pokemon import PROMPT, Sketch2PokemonSource

pyarrow = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")


def png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def write_repository(root, rows, name="train-00000-of-00001-b976ba0e28fc7cf1.parquet"):
    """The data set's layout: data/train-*.parquet, images as a struct of bytes and path."""
    (root / "data").mkdir(parents=True, exist_ok=True)
    table = pyarrow.table(
        {
            "image": [{"bytes": data, "path": None} for data, _, _ in rows],
            "en_text": [en for _, en, _ in rows],
            "ja_text": [ja for _, _, ja in rows],
        }
    )
    parquet.write_table(table, root / "data" / name)
    return root


@pytest.fixture
def repository(tmp_path):
    rows = [(png(picture(seed)), f"a drawing of number {seed}", f"{seed}番") for seed in range(40)]
    return write_repository(tmp_path / "blip", rows)


def test_english_captions_become_instructions(repository):
    source = PokemonBlipSource(repository, size=48)
    assert len(source.drawings()) == 40
    (triplet,) = source.triplets(source.drawings()[3])
    assert triplet.edit_prompt == "Turn it into a drawing of number 3"
    assert triplet.edited_image.shape == (48, 48, 3)
    assert (np.ptp(triplet.original_image, axis=-1) == 0).all()
    assert (triplet.original_image < 220).any()


def test_japanese_captions_are_taken_as_they_are(repository):
    source = PokemonBlipSource(repository, size=48, language="ja")
    assert next(source.triplets(source.drawings()[3])).edit_prompt == "3番"


def test_ids_and_splits_follow_the_image_not_its_place(repository, tmp_path):
    before = PokemonBlipSource(repository, val=0.3, test=0.3)
    rows = [(png(picture(seed)), "a drawing", "絵") for seed in reversed(range(60))]
    half = write_repository(tmp_path / "more", rows[:30], "train-00000-of-00002.parquet")
    after = PokemonBlipSource(
        write_repository(half, rows[30:], "train-00001-of-00002.parquet"), val=0.3, test=0.3
    )
    assert len(after.drawings()) == 60
    assert set(before.drawings()) < set(after.drawings())
    splits = {id_: before.split_of(id_) for id_ in before.drawings()}
    assert set(splits.values()) == {"train", "val", "test"}
    assert {id_: after.split_of(id_) for id_ in splits} == splits
    assert before.fingerprint != after.fingerprint


def test_an_image_twice_is_one_drawing(tmp_path):
    data = png(picture(1))
    source = PokemonBlipSource(write_repository(tmp_path, [(data, "one", ""), (data, "two", "")]))
    (drawing_id,) = source.drawings()
    triplets = list(source.triplets(drawing_id))
    assert [t.id for t in triplets] == [drawing_id, f"{drawing_id}-1"]
    assert [t.edit_prompt for t in triplets] == ["Turn it into one", "Turn it into two"]


def test_rows_without_image_or_caption_are_left_out(tmp_path):
    rows = [(None, "a", "a"), (png(picture(1)), "", "a"), (png(picture(2)), "b", "b")]
    assert len(PokemonBlipSource(write_repository(tmp_path, rows)).drawings()) == 1


def test_a_broken_image_is_left_to_prepare(tmp_path):
    source = PokemonBlipSource(write_repository(tmp_path, [(b"broken", "a", "a")]))
    (drawing_id,) = source.drawings()
    with pytest.raises(ImageError, match=f"pokemon-blip {drawing_id}"):
        list(source.triplets(drawing_id))


def test_workers_do_not_get_the_images_sent(repository):
    source = PokemonBlipSource(repository)
    drawings = source.drawings()
    sent = pickle.dumps(source)
    assert len(sent) < 1000
    assert pickle.loads(sent).drawings() == drawings


def test_mistakes(tmp_path):
    with pytest.raises(UserError, match="language=fr: no such captions; take en or ja"):
        PokemonBlipSource(tmp_path, language="fr")
    with pytest.raises(UserError, match="no such sketch style"):
        PokemonBlipSource(tmp_path, style="pencil")
    with pytest.raises(UserError, match="nowhere: no such folder"):
        PokemonBlipSource(tmp_path / "nowhere").drawings()
    with pytest.raises(UserError, match="no parquet files"):
        PokemonBlipSource(tmp_path).drawings()


def test_other_parquet_files(tmp_path):
    parquet.write_table(pyarrow.table({"text": ["a"]}), tmp_path / "a.parquet")
    with pytest.raises(UserError, match=r"a\.parquet: no columns image and en_text"):
        PokemonBlipSource(tmp_path).drawings()
    (tmp_path / "a.parquet").write_bytes(b"PAR1 but cut")
    with pytest.raises(UserError, match=r"a\.parquet: not a readable parquet file"):
        PokemonBlipSource(tmp_path).drawings()


def test_captions_are_matched_to_pairs_by_likeness(tmp_path):
    names = ["0000", "0001", "0002"]
    save_pairs(tmp_path / "pairs", "test", names)
    colors = [load_image(tmp_path / "pairs" / "testB" / f"{name}.jpg") for name in names]
    # another size, another order, and two images with the same caption
    rows = [(png(image.resize((200, 200))), "a red one", "") for image in (colors[2], colors[0])]
    rows.append((png(picture(77)), "a stranger", ""))
    captions = MatchedCaptions(write_repository(tmp_path / "blip", rows))
    source = Sketch2PokemonSource(tmp_path / "pairs", size=48, captions=captions)
    assert [next(source.triplets(id_)).edit_prompt for id_ in source.drawings()] == [
        "Turn it into a red one",
        PROMPT,
        "Turn it into a red one",
    ]
