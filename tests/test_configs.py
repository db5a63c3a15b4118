"""Every configuration in conf/ composes, and every experiment runs one step of itself."""

import configparser
import subprocess
import sys
from pathlib import Path

import pytest
from icon_package import save_package
from omegaconf import OmegaConf
from PIL import Image, ImageDraw

from pokecolor.core.errors import UserError
from pokecolor.running.overrides import compose_config
from pokecolor.running.run_folders import find_pipelines
from train import train

ROOT = Path(__file__).resolve().parent.parent
CONF = ROOT / "conf"
UNNAMED = ("answer_key", "avatars", "folder", "icons", "labeled", "shards", "sketches")
"""Data whose folder must be named."""
EXPERIMENTS = sorted(path.stem for path in (CONF / "experiment").glob("*.yaml"))
WITH_CAPTIONS = (
    "creatures",
    "drawings",
    "folder",
    "hub",
    "icons",
    "pokemon_blip",
    "shards",
    "sketch2pokemon",
)
CHOICES = sorted(
    f"{path.parent.relative_to(CONF).as_posix()}={path.stem}"
    for path in CONF.glob("*/*.yaml")
    if path.parent.name != "experiment" and not path.name.startswith("_")
)


@pytest.mark.parametrize("choice", CHOICES)
def test_each_choice_composes(choice):
    named = ["data.root=drawings"] if choice.removeprefix("data=") in UNNAMED else []
    named += ["data.name=owner/name"] if choice == "data=hub" else []
    group = choice.partition("=")[0]
    script = "evaluate" if group in ("features", "test_set") or "answer_key" in choice else "train"
    config = compose_config(CONF, script, [choice, "paths.run=run", *named])
    # raises where an interpolation leads nowhere
    OmegaConf.to_container(config[group], resolve=True)


def packages_of(node, owner=None):
    """(package of an object, package of an object that it is given) of nested `_target_`s."""
    if isinstance(node, dict):
        target = str(node.get("_target_", ""))
        mine = target.split(".")[1] if target.startswith("pokecolor.") else None
        if mine and owner:
            yield owner, mine
        node = list(node.values())
        owner = mine or owner
    if isinstance(node, list):
        for value in node:
            yield from packages_of(value, owner)


@pytest.mark.parametrize("experiment", EXPERIMENTS)
def test_targets_obey_the_import_rule(experiment):
    """Configs give an object only what its own package or a lower layer of setup.cfg has."""
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg")
    layers = setup["importlinter:contract:layers"]["layers"].split("\n")
    rank = {name.strip(): level for level, line in enumerate(layers) for name in line.split("|")}
    script = "evaluate" if experiment.startswith("shipped") else "train"
    config = compose_config(CONF, script, [f"experiment={experiment}", "paths.run=run"])
    pairs = set(packages_of(OmegaConf.to_container(config, resolve=False)))
    assert pairs
    assert {(a, b) for a, b in pairs if a != b and rank[b] <= rank[a]} == set()


def test_the_callbacks_of_pretraining_are_not_those_of_diffusion():
    text = (CONF / "callbacks" / "pretraining.yaml").read_text(encoding="utf-8")
    assert "pokecolor.diffusion" not in text


@pytest.mark.parametrize("callback", ["checkpoints", "samples", "readout", "progress", "export"])
def test_each_callback_can_be_turned_off(callback):
    config = compose_config(CONF, "train", [f"callbacks.{callback}=null", "paths.run=run"])
    OmegaConf.to_container(config, resolve=True)


@pytest.mark.parametrize(
    ("script", "group"),
    [
        *(("train", group) for group in ("caption", "callbacks", "logger", "experiment")),
        *(("evaluate", group) for group in ("features", "features@clip", "experiment")),
    ],
)
def test_each_group_that_can_be_left_out_composes_as_null(script, group):
    for others in ([], ["experiment=mini"] if group != "experiment" else ["data=creatures"]):
        overrides = [f"{group}=null", *others, "paths.run=run"]
        config = compose_config(CONF, script, overrides)
        parts = config.get(group.partition("@")[2] or group) or {}
        # an experiment may have settings of a part that is not there
        assert "_target_" not in parts and all("_target_" not in parts[name] for name in parts)
        OmegaConf.to_container(config, resolve=True)


@pytest.mark.parametrize("data", UNNAMED)
def test_a_folder_that_must_be_named_is_missing_and_not_null(data):
    # a null further up the defaults would win over "???", and end in a traceback
    script = "evaluate" if data == "answer_key" else "train"
    config = compose_config(CONF, script, [f"data={data}", "paths.run=run"])
    assert OmegaConf.is_missing(config.data, "root")


def test_data_of_another_script_are_told():
    with pytest.raises(UserError, match=r"data=answer_key: train\.py has no group test_set"):
        compose_config(CONF, "train", ["data=answer_key", "data.root=x"])


@pytest.mark.parametrize("experiment", EXPERIMENTS)
def test_each_experiment_has_a_name_of_its_own_and_resolves(experiment):
    config = compose_config(CONF, "train", [f"experiment={experiment}", "paths.run=run"])
    assert config.name == experiment
    if OmegaConf.is_missing(config.data, "root"):
        config.data.root = "drawings"
    OmegaConf.to_container(config, resolve=True)


def test_evaluation_takes_the_same_settings_as_training():
    train, evaluate = (
        OmegaConf.to_container(compose_config(CONF, name, ["seed=5"]), resolve=False)
        for name in ("train", "evaluate")
    )
    of_evaluation = {"ckpt_path", "split", "pipeline", "images", "report", "colorings", "guidance"}
    of_evaluation |= {"clip", "features", "test_set", "caption", "data", "optimized_metric"}
    of_training = {"resume"}
    assert {key: value for key, value in evaluate.items() if key not in of_evaluation} == {
        key: value for key, value in train.items() if key not in of_evaluation | of_training
    }


@pytest.mark.parametrize(
    ("script", "overrides", "caption"),
    [
        ("train", [], "clip"),
        ("train", ["data=openmoji"], "clip"),
        # what comes with captions of its own keeps them, unless others are asked for
        *(("train", [f"data={data}"], None) for data in WITH_CAPTIONS),
        ("train", ["data=folder", "caption=clip"], "clip"),
        ("train", ["experiment=mini", "caption=clip"], "clip"),
        # what is measured is measured against what a drawing is known to have
        ("evaluate", ["data=openmoji_test"], None),
        ("evaluate", ["data=openmoji_test", "caption=clip"], "clip"),
        *(("train", [f"experiment={experiment}"], None) for experiment in EXPERIMENTS),
    ],
)
def test_where_instructions_come_from(script, overrides, caption):
    config = compose_config(CONF, script, [*overrides, "paths.run=run"])
    captioner = config.caption.get("captioner") or {"_target_": None}
    written_by = {None: None, "clip": "pokecolor.captioning.clip_captioner.ClipCaptioner"}
    assert captioner["_target_"] == written_by[caption]


@pytest.fixture(scope="module")
def pairs(tmp_path_factory):
    """A tiny Sketch2Pokemon: squares to be colored, in the folders of the real one."""
    root = tmp_path_factory.mktemp("sketch2pokemon")
    for number in range(24):
        split = "test" if number >= 20 else "train"
        for side, fill in (("A", "white"), ("B", ("red", "green", "blue")[number % 3])):
            image = Image.new("RGB", (32, 40), "white")
            ImageDraw.Draw(image).rectangle((4, 4, 20 + number % 8, 30), fill, "black")
            (root / f"{split}{side}").mkdir(exist_ok=True)
            image.save(root / f"{split}{side}" / f"{number:04d}.png")
    return root


@pytest.fixture(scope="module")
def icons(tmp_path_factory):
    """Icons, squares, where experiments look for them: here and in icons/; and avatars."""
    root = tmp_path_factory.mktemp("sets")
    square = '<path fill="#f00" d="M4 4h16v16H4z"/>'
    chars = {f"1f{number:03x}": f"square-{number}" for number in range(40)}
    bodies = dict.fromkeys(chars.values(), square)
    for folder in (root, root / "icons"):
        folder.mkdir(exist_ok=True)
        save_package(folder / "iconify-json-squares-1.0.tgz", bodies, chars)
    face = '<path fill="#ff8001" d="M4 4h16v16H4z"/>'
    (root / "avatars").mkdir()
    for number in range(40):
        svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">{face}</svg>'
        (root / "avatars" / f"square-{number}.svg").write_text(svg)
    return root


@pytest.fixture(scope="module")
def hub_checkpoint(tmp_path_factory):
    """A checkpoint of the hub's layout, with tiny random parts."""
    folder = tmp_path_factory.mktemp("hub") / "checkpoint"
    tool = ROOT / "tools" / "random_checkpoint.py"
    subprocess.run([sys.executable, tool, "--tiny", folder], check=True)
    return folder


@pytest.mark.parametrize("experiment", EXPERIMENTS)
def test_each_experiment_runs_a_step(experiment, request, tmp_path):
    overrides = [
        f"experiment={experiment}",
        f"paths.cache={tmp_path / 'cache'}",
        f"paths.runs={tmp_path / 'runs'}",
        f"paths.run={tmp_path / 'runs' / 'run'}",
        # what this machine may lack, and what would take long
        "trainer.accelerator=cpu",
        "trainer.precision=32-true",
        "trainer.fast_dev_run=true",
        "data.batch_size=2",
        "data.eval_batch_size=2",
        "data.limit=4",
        "logger=csv",
    ]
    config = compose_config(CONF, "train", overrides)
    if "root" in config.data.source:
        config.data.root = str(request.getfixturevalue("pairs"))
    if OmegaConf.is_missing(config.data, "root"):
        config.data.root = str(request.getfixturevalue("icons"))
    if config.model.get("components"):
        config.model.acceleration.attention = "sdpa"
        if config.model.components.checkpoint != "mini":
            config.model.components.checkpoint = str(request.getfixturevalue("hub_checkpoint"))
            config.callbacks.export.hub_repository = None
    train(config)
    # nothing of it is taken for the latest run, or for a model
    assert not (tmp_path / "runs" / "latest").exists()
    assert find_pipelines("latest", tmp_path / "runs") == ["mini"]
    assert not list((tmp_path / "runs").rglob("*.safetensors"))
