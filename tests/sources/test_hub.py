import sys
import types

import huggingface_hub
import pytest
from picture_files import save_pairs

from pokecolor.core.errors import UserError
from pokecolor.sources import hub
from pokecolor.sources.pokemon.pokemon_blip import PokemonBlipSource
from pokecolor.sources.pokemon.sketch2pokemon import Sketch2PokemonSource


def install_kagglehub(monkeypatch, download):
    module = types.ModuleType("kagglehub")
    module.dataset_download = download
    monkeypatch.setitem(sys.modules, "kagglehub", module)


def test_without_a_root_the_pairs_come_from_kaggle(monkeypatch, tmp_path):
    asked = []

    def download(handle):
        asked.append(handle)
        save_pairs(tmp_path / "pokemon_pix2pix_dataset", "train", ["0001"], kaggle=True)
        return str(tmp_path)

    install_kagglehub(monkeypatch, download)
    source = Sketch2PokemonSource()
    assert asked == []  # not before it is read
    assert list(source.drawings()) == ["train-0001"]
    assert source.split_of("train-0001") in ("train", "val")
    assert asked == ["norod78/sketch2pokemon"]


def test_kaggle_out_of_reach(monkeypatch):
    def download(handle):
        raise ConnectionError("Name or service not known\nand a long story")

    install_kagglehub(monkeypatch, download)
    with pytest.raises(UserError, match="Kaggle: could not download norod78/") as error:
        Sketch2PokemonSource().drawings()
    assert "data=openmoji works without a network" in str(error.value)
    assert "\n" not in str(error.value)


def test_kagglehub_not_installed(monkeypatch):
    monkeypatch.setitem(sys.modules, "kagglehub", None)
    with pytest.raises(UserError, match=r"pip install .*\[hub\]'.*data=openmoji"):
        hub.download_sketch2pokemon()


def test_without_a_root_the_captions_come_from_hugging_face(monkeypatch, tmp_path):
    asked = {}

    def download(name, **options):
        asked.update(options, name=name)
        return str(tmp_path)

    monkeypatch.setattr(huggingface_hub, "snapshot_download", download)
    source = PokemonBlipSource()
    assert asked == {}
    with pytest.raises(UserError, match="no parquet files"):
        source.drawings()
    assert asked["name"] == "svjack/pokemon-blip-captions-en-ja"
    assert asked["repo_type"] == "dataset"


def test_hugging_face_out_of_reach(monkeypatch, tmp_path):
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(UserError, match=r"Hugging Face: could not download svjack/") as error:
        PokemonBlipSource().drawings()
    assert "HF_HUB_OFFLINE is set" in str(error.value)
    assert "data=openmoji works without a network" in str(error.value)
    assert "\n" not in str(error.value)
