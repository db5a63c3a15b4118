from pathlib import Path

import pytest
from picture_files import line_drawing, picture, save, save_pairs, truncate

from pokecolor.core.errors import UserError
from pokecolor.core.images.conversion import ImageError, letterbox
from pokecolor.sources.pokemon.sketch2pokemon import PROMPT, Sketch2PokemonSource

NAMES = [f"{number:04d}" for number in range(30)]


def split_up(source):
    splits = {"train": set(), "val": set(), "test": set()}
    for drawing_id in source.drawings():
        splits[source.split_of(drawing_id)].add(drawing_id)
    return splits


def test_the_test_folders_alone_are_divided_into_all_splits(tmp_path):
    save_pairs(tmp_path, "test", NAMES)
    source = Sketch2PokemonSource(tmp_path, size=32, val=0.2, test=0.2)
    splits = split_up(source)
    assert all(splits.values())
    assert set.union(*splits.values()) == {f"test-{name}" for name in NAMES}


def test_with_training_folders_the_test_folders_are_the_test_split(tmp_path):
    save_pairs(tmp_path, "train", NAMES)
    save_pairs(tmp_path, "test", NAMES[:3])
    splits = split_up(Sketch2PokemonSource(tmp_path, size=32, val=0.2, test=0.5))
    assert splits["test"] == {f"test-{name}" for name in NAMES[:3]}
    assert splits["train"]
    assert splits["val"]
    assert splits["train"] | splits["val"] == {f"train-{name}" for name in NAMES}


def test_triplets(tmp_path):
    save(line_drawing(60, 40), tmp_path / "trainA" / "0001.png")
    save(picture(3, 60, 40), tmp_path / "trainB" / "0001.png")
    (triplet,) = Sketch2PokemonSource(tmp_path, size=48).triplets("train-0001")
    assert (triplet.id, triplet.drawing_id) == ("train-0001", "train-0001")
    assert triplet.edit_prompt == PROMPT
    assert (triplet.original_image == letterbox(line_drawing(60, 40).convert("RGB"), 48)).all()
    assert (triplet.edited_image == letterbox(picture(3, 60, 40), 48)).all()


def test_the_layout_of_kaggle(tmp_path):
    folder = tmp_path / "pokemon_pix2pix_dataset"
    save_pairs(folder, "train", NAMES[:4], kaggle=True)
    save_pairs(folder, "test", NAMES[:2], kaggle=True)
    # the same pairs once more, side by side in one file
    save(picture(0, 96, 48), folder / "train" / "0000.jpg")
    source = Sketch2PokemonSource(tmp_path, size=32)
    assert list(source.drawings()) == [
        *(f"train-{name}" for name in NAMES[:4]),
        *(f"test-{name}" for name in NAMES[:2]),
    ]
    assert next(source.triplets("test-0001")).edited_image.shape == (32, 32, 3)


def test_captions_beside_the_folders(tmp_path):
    save_pairs(tmp_path, "test", NAMES[:2])
    (tmp_path / "captions.csv").write_text(
        'sketch,color,caption\ntestA/0001.png,testB/0001.jpg,"Turn it red, please."\n'
    )
    source = Sketch2PokemonSource(tmp_path, size=32)
    prompts = {id_: next(source.triplets(id_)).edit_prompt for id_ in source.drawings()}
    assert prompts == {"test-0000": PROMPT, "test-0001": "Turn it red, please."}


def test_captions_from_a_function(tmp_path):
    save_pairs(tmp_path, "test", NAMES[:2])
    source = Sketch2PokemonSource(tmp_path, captions=lambda colors: {colors[1]: "blue"})
    assert [next(source.triplets(id_)).edit_prompt for id_ in source.drawings()] == [PROMPT, "blue"]


def test_captions_change_the_fingerprint_but_no_split(tmp_path):
    save_pairs(tmp_path, "test", NAMES)
    plain = Sketch2PokemonSource(tmp_path)
    captioned = Sketch2PokemonSource(tmp_path, captions=lambda colors: {colors[1]: "blue"})
    assert plain.fingerprint != captioned.fingerprint
    assert split_up(plain) == split_up(captioned)


@pytest.mark.parametrize("row", ["testA/9.png,testB/0001.jpg", "testA/0001.png,testB/9.jpg"])
def test_a_row_whose_image_is_missing(tmp_path, row):
    save_pairs(tmp_path, "test", NAMES[:2])
    (tmp_path / "captions.csv").write_text(
        f"sketch,color,caption\ntestA/0000.png,testB/0000.jpg,a\n{row},b\n"
    )
    with pytest.raises(UserError, match=r"captions\.csv: line 3: .*9\.\w+: no such image"):
        Sketch2PokemonSource(tmp_path).drawings()


def test_a_row_about_another_image(tmp_path):
    save_pairs(tmp_path, "test", NAMES[:2])
    save(picture(), tmp_path / "other.png")
    (tmp_path / "captions.csv").write_text("sketch,color,caption\ntestA/0000.png,other.png,a\n")
    with pytest.raises(UserError, match=r"line 2: .*other\.png is not in trainB or testB"):
        Sketch2PokemonSource(tmp_path).drawings()


def test_a_missing_column(tmp_path):
    save_pairs(tmp_path, "test", NAMES[:2])
    (tmp_path / "captions.csv").write_text("sketch,color\ntestA/0000.png,testB/0000.jpg\n")
    with pytest.raises(UserError, match="no column caption"):
        Sketch2PokemonSource(tmp_path).drawings()


def test_an_explicit_caption_file_must_be_there(tmp_path):
    save_pairs(tmp_path, "test", NAMES[:2])
    with pytest.raises(UserError, match=r"none\.csv: no such file"):
        Sketch2PokemonSource(tmp_path, captions=tmp_path / "none.csv").drawings()


@pytest.mark.parametrize("side", ["A", "B"])
def test_an_image_without_its_partner_is_named(tmp_path, side):
    save_pairs(tmp_path, "test", NAMES[:2])
    lonely = save(picture(), tmp_path / f"test{side}" / "lonely.png")
    with pytest.raises(UserError, match=r"lonely\.png: no partner named lonely") as error:
        Sketch2PokemonSource(tmp_path).drawings()
    assert str(lonely) in str(error.value)


def test_two_images_of_one_name(tmp_path):
    save_pairs(tmp_path, "test", NAMES[:2])
    save(line_drawing(), tmp_path / "testA" / "0001.jpg")
    with pytest.raises(UserError, match=r"0001\.png: 0001\.jpg has the same name"):
        Sketch2PokemonSource(tmp_path).drawings()


def test_an_unreadable_image_is_left_to_prepare(tmp_path):
    save_pairs(tmp_path, "test", NAMES[:2])
    truncate(tmp_path / "testB" / "0001.jpg")
    source = Sketch2PokemonSource(tmp_path, size=32)
    assert len(list(source.triplets("test-0000"))) == 1
    with pytest.raises(ImageError, match=r"0001\.jpg"):
        list(source.triplets("test-0001"))


def test_missing_and_wrong_folders(tmp_path):
    with pytest.raises(UserError, match=r"nowhere: no such folder; set data\.root"):
        Sketch2PokemonSource(tmp_path / "nowhere").drawings()
    with pytest.raises(UserError, match="no folder trainA or testA"):
        Sketch2PokemonSource(tmp_path).drawings()
    (tmp_path / "trainA").mkdir()
    with pytest.raises(UserError, match="no images in trainA or testA"):
        Sketch2PokemonSource(tmp_path).drawings()


def test_the_real_pairs():
    root = Path(__file__).resolve().parents[3] / ".." / "shared" / "sketch2pokemon"
    if not root.is_dir():
        pytest.skip("the real pairs are not here")
    source = Sketch2PokemonSource(root, size=128)
    splits = split_up(source)
    assert sum(map(len, splits.values())) == 36
    assert all(splits.values())
    assert all(t.edit_prompt != PROMPT for id_ in source.drawings() for t in source.triplets(id_))
