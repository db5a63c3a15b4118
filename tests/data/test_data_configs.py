from pathlib import Path

import pytest
from hydra import compose, initialize_config_dir
from hydra.utils import instantiate
from icon_package import save_package
from picture_files import picture, save, save_pairs

from pokecolor.sources.folder.source import FolderSource
from pokecolor.sources.icons import IconSource
from pokecolor.sources.pokemon.pokemon_blip import MatchedCaptions, PokemonBlipSource
from pokecolor.sources.pokemon.sketch2pokemon import Sketch2PokemonSource

CONF = Path(__file__).resolve().parents[2] / "conf"


def compose_data(name, *overrides):
    with initialize_config_dir(str(CONF), version_base="1.3"):
        return compose("train", overrides=[f"data={name}", *overrides]).data


def test_sketch2pokemon(tmp_path):
    save_pairs(tmp_path, "test", ["0000", "0001"])
    source = instantiate(compose_data("sketch2pokemon", f"data.root={tmp_path}").source)
    assert isinstance(source, Sketch2PokemonSource)
    assert list(source.drawings()) == ["test-0000", "test-0001"]


def test_sketch2pokemon_with_matched_captions():
    config = compose_data("sketch2pokemon_blip", "data.source.captions.language=ja")
    source = instantiate(config.source)
    assert isinstance(source, Sketch2PokemonSource)
    assert isinstance(source.captions, MatchedCaptions)
    assert source.captions.language == "ja"


def test_folder(tmp_path):
    save(picture(), tmp_path / "a.png")
    source = instantiate(compose_data("folder", f"data.root={tmp_path}").source)
    assert isinstance(source, FolderSource)
    assert list(source.drawings()) == ["a"]


def test_icons(tmp_path):
    icons = {"dot": '<circle fill="#f00" cx="12" cy="12" r="9"/>'}
    save_package(tmp_path / "iconify-json-dots-1.0.tgz", icons, {"1f534": "dot"})
    source = instantiate(compose_data("icons", f"data.root={tmp_path}").source)
    assert isinstance(source, IconSource)
    assert source.drawings() == ["dots-1F534"]


def test_pokemon_blip():
    source = instantiate(compose_data("pokemon_blip", "data.source.style=xdog").source)
    assert isinstance(source, PokemonBlipSource)
    assert source.style == "xdog"


@pytest.mark.parametrize("root", ["shards/openmoji", "https://example.org/shards"])
def test_shards(root):
    assert compose_data("shards", f"data.root={root}").shards == root
