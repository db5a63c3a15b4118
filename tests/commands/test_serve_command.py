import csv
import os
import socket
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from pokecolor import cli
from pokecolor.commands.own_sketches import TYPES, folder_library
from pokecolor.commands.serve import build_studio
from pokecolor.commands.starting_sketches import (
    ALSO_ANIMALS,
    CATEGORIES,
    KINDS,
    category_of,
    default_library,
)
from pokecolor.core.errors import UserError
from pokecolor.model_files.mini import MINI
from pokecolor.model_files.sampling import Sampling
from pokecolor.sources.creatures.plans import PLANS

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def library():
    return default_library()


def test_the_library_has_creatures_and_emoji_in_every_category(library):
    assert list(library.categories) == list(CATEGORIES)
    assert len(library) > 1000
    for text in ("fox", "여우", "dragon"):
        assert library.search(text, "", 1, 5).total > 0
    fox = library.search("fox", "animals", 1, 5).items[0]
    assert fox.names["ko"].startswith("여우")
    assert "OpenMoji" in library.credit and "CC BY-SA" in library.credit


@pytest.mark.parametrize("text", ["fox", "butterfly", "round creature"])
def test_sketches_are_lines_on_white(library, text):
    sketch = library.search(text, "", 1, 1).items[0]
    drawn = sketch.render(192)
    assert drawn.shape == (192, 192, 3) and drawn.dtype == np.uint8
    assert np.median(drawn) == 255 and drawn.min() < 40
    assert (drawn[..., 0] == drawn[..., 2]).mean() > 0.95  # no color


def test_every_kind_of_creature_has_a_name():
    assert {plan.draw.__name__ for plan in PLANS} == set(KINDS)
    assert set(ALSO_ANIMALS) < set(KINDS)


def test_every_creature_has_a_name_of_its_own(library):
    creatures = library.search("", "creatures", 1, 200).items
    for language in ("en", "ko"):
        names = {creature.names[language] for creature in creatures}
        assert len(names) == len(creatures) == 96
        assert not any(character.isdigit() for name in names for character in name)
    fish = library.search("물고기", "creatures", 1, 99).items
    assert fish and all(sketch.categories == ("creatures", "animals") for sketch in fish)
    assert library.search("dragon", "creatures", 1, 9).items[0].categories == ("creatures",)


@pytest.mark.parametrize("text", ["fox", "creatures dragon"])
def test_finished_pictures_show_the_same_drawing_in_color(library, text):
    sketch = library.search(text, "", 1, 1).items[0]
    drawn, finished = sketch.render(192).astype(int), sketch.finish(192).astype(int)
    assert finished.shape == drawn.shape
    assert (finished != drawn).any(-1).mean() > 0.05
    assert finished[drawn.max(-1) < 40].mean() < 110  # the lines are where they were


def test_faces_of_animals_are_in_both_categories(library):
    both = library.search("cat face", "faces", 1, 9).items
    assert both and set(both[0].categories) == {"animals", "faces"}


def test_synonyms_find_a_sketch(library):
    assert library.search("puppy", "", 1, 9).total > 0
    assert library.search("상상 용", "", 1, 9).total > 0


def test_code_points_have_one_category():
    assert category_of(ord("🦊")) == "animals" and category_of(ord("☕")) is None


@pytest.fixture
def folder(tmp_path):
    for name in ("a/one_fox.png", "b/two.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        Image.new("RGB", (300, 200), "white").save(tmp_path / name)
    return tmp_path


def write_table(folder, rows):
    with (folder / "sketches.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def test_a_folder_of_ones_own_is_named_after_its_files(folder):
    library = folder_library(folder)
    assert [sketch.names["en"] for sketch in library.search("", "", 1, 9).items] == [
        "one fox",
        "two",
    ]
    assert list(library.categories) == ["a", "b"]
    assert library.get("a-one_fox").render(150).shape == (100, 150, 3)


def test_a_table_says_names_and_categories(folder):
    write_table(folder, [["sketch", "name", "category"], ["b/two.png", "Zwei", "numbers"]])
    library = folder_library(folder)
    (sketch,) = library.search("", "", 1, 9).items
    assert (sketch.names["en"], sketch.categories, sketch.id) == ("Zwei", ("numbers",), "b-two")


def colored(path, color, size=(32, 32)):
    path.parent.mkdir(exist_ok=True)
    Image.new("RGB", size, color).save(path)


@pytest.fixture
def sketch2pokemon(tmp_path):
    """A folder in that layout."""
    for half in ("trainA", "testA"):
        for name in ("0000.png", "0001.png"):
            colored(tmp_path / half / name, "white")
    colored(tmp_path / "testB" / "0000.png", "red")
    colored(tmp_path / "trainB" / "0001.jpg", "red")
    return tmp_path


def test_of_sketch2pokemon_only_the_sketches_are_taken_with_their_finished_pictures(sketch2pokemon):
    library = folder_library(sketch2pokemon)
    assert len(library) == 4 and list(library.categories) == ["trainA", "testA"]
    finished = [id_ for id_ in library._sketches if library.get(id_).finish]
    assert finished == ["trainA-0001", "testA-0000"]
    assert library.get("testA-0000").finish(32)[0, 0].tolist() == [255, 0, 0]


def test_the_captions_of_sketch2pokemon_say_names_types_and_finished_pictures(sketch2pokemon):
    (sketch2pokemon / "captions.csv").write_text(
        "sketch,color,caption,name_en,name_ko,types\n"
        'testA/0000.png,testB/0000.png,"a red bird",Emberling,불새,"Fire, Flying"\n'
        "testA/0001.png,,a blue fish,,물이,물/고스트\n"
        "trainA/0000.png,,Turn it into a green frog,,,Cosmic\n",
        encoding="utf-8",
    )
    library = folder_library(sketch2pokemon)
    first, second, third = library.search("", "", 1, 9).items
    assert first.names == {"en": "Emberling", "ko": "불새"}
    assert first.categories == ("fire", "flying") and first.finish(32)[0, 0, 0] > 250
    assert second.names == {"en": "물이", "ko": "물이"} and second.finish is None
    assert second.categories == ("water", "ghost")
    assert third.names == {"en": "frog 0000"} and third.categories == ("Cosmic",)
    assert list(library.categories) == ["fire", "water", "flying", "ghost", "Cosmic"]
    assert library.categories["fire"] == {"en": "Fire", "ko": "불꽃"}
    for text in ("불꽃", "fire", "비행", "불새"):
        assert library.search(text, "", 1, 9).items == [first]
    assert library.search("ghost water", "", 1, 9).items == [second]


def test_there_are_18_types_each_with_a_name_in_both_languages(tmp_path):
    assert len(TYPES) == len(set(TYPES.values())) == 18
    colored(tmp_path / "a.png", "white")
    for number, names in enumerate((TYPES, TYPES.values())):
        write_table(tmp_path, [["sketch", "types"], *(["a.png", name] for name in names)])
        library = folder_library(tmp_path)
        assert list(library.categories) == [name.casefold() for name in TYPES], number
        assert [names["ko"] for names in library.categories.values()] == list(TYPES.values())


def test_captions_of_another_kind_are_not_a_table_of_sketches(folder):
    (folder / "captions.csv").write_text("id,caption\n1,a fox\n")
    assert len(folder_library(folder)) == 2


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([["file"], ["b/two.png"]], "no column sketch"),
        ([["sketch"], ["b/three.png"]], "line 2: .*no such image"),
        ([["sketch"], ["../outside.png"]], "line 2: .*outside the folder"),
        ([["sketch", "color"], ["b/two.png", "../outside.png"]], "line 2: .*outside the folder"),
        ([["sketch", "color"], ["b/two.png", "none.png"]], "line 2: .*no such image"),
    ],
)
def test_a_wrong_table_is_told(folder, rows, message):
    Image.new("RGB", (9, 9)).save(folder.parent / "outside.png")
    write_table(folder, rows)
    with pytest.raises(UserError, match=message):
        folder_library(folder)


def test_a_folder_without_sketches_is_told(tmp_path):
    with pytest.raises(UserError, match="no images in it"):
        folder_library(tmp_path)
    with pytest.raises(UserError, match="no such folder"):
        folder_library(tmp_path / "none")


@pytest.mark.parametrize("port", ["-1", "70000", "many"])
def test_a_port_is_a_port(capsys, port):
    with pytest.raises(SystemExit) as stopped:
        cli.main(["serve", "--port", port])
    assert stopped.value.code == 2
    assert "is not a port" in capsys.readouterr().err


def test_a_port_in_use_is_told_before_the_model_is_read(run):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        code, _, errors = run("serve", "--port", taken.getsockname()[1])
    assert code == 2
    assert errors.splitlines()[-1].startswith("pokecolor: 127.0.0.1:")
    assert "try another --port" in errors


def test_a_model_that_is_not_there_is_told(run, tmp_path):
    code, _, errors = run(
        "serve", "--port", "0", "--model", tmp_path, "--data-dir", tmp_path / "served"
    )
    assert code == 2 and "no pipeline there" in errors


def test_the_parts_are_put_together(tmp_path):
    studio = build_studio("mini", tmp_path / "served", None)
    try:
        assert studio.painter._batch_size == 1 or studio.painter._batch_size == 4
        assert studio.validator.defaults == Sampling.load(MINI)
        assert (studio.model.name, studio.model.small) == ("mini", True)
        assert studio.collection.page("anyone", "", 1, 9).total == 0
    finally:
        studio.close()


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("--proxy", "nginx", "is not an address or a network"),
        ("--proxy", "*", "is not an address or a network"),
        ("--allow-host", "https://colors.example", "goes without a scheme"),
        ("--allow-host", "colors.example:443", "goes without a scheme"),
        ("--allow-host", "*", "goes without a scheme"),
    ],
)
def test_a_proxy_is_an_address_and_a_host_a_name(capsys, option, value, message):
    with pytest.raises(SystemExit) as stopped:
        cli.main(["serve", option, value])
    assert stopped.value.code == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(("host", "reachable"), [("127.0.0.1", False), ("0.0.0.0", True)])
def test_what_the_operator_names_is_handed_on(run, monkeypatch, host, reachable):
    built = {}
    studio = SimpleNamespace(close=lambda: None)
    monkeypatch.setattr("pokecolor.commands.serve.build_studio", lambda *parts: studio)
    monkeypatch.setattr(
        "pokecolor.app.server.build_server", lambda *_, **named: built.update(named)
    )
    monkeypatch.setattr("pokecolor.app.server.serve", lambda server, bound: None)
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "*")
    code, _, errors = run(
        "serve", "--port", "0", "--host", host, "--allow-host", "a.example",
        "--allow-host", "b.example", "--proxy", "10.0.0.2", "--proxy", "10.1.0.0/16",
    )  # fmt: skip
    assert code == 0
    assert built["hosts"] == [host, "a.example", "b.example"]
    assert built["reachable"] is reachable
    assert [str(network) for network in built["proxies"]] == ["10.0.0.2/32", "10.1.0.0/16"]
    assert "FORWARDED_ALLOW_IPS is not read" in errors


def test_the_service_needs_no_pytorch(tmp_path):
    """It would take seconds to import, and gigabytes."""
    program = f"""
import sys
for name in ("torch", "diffusers", "transformers", "torchmetrics", "lightning"):
    sys.modules[name] = None
from pathlib import Path
from pokecolor.commands.serve import build_studio
import pokecolor.app.server
build_studio("mini", Path({str(tmp_path / "served")!r}), None).close()
"""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", program], env=environment, check=True)
