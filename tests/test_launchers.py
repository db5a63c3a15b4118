"""Two runs of a sweep under each launcher and sweeper that is installed here."""

import importlib.util
import json
from pathlib import Path

import pytest
from hydra import compose, initialize_config_dir
from hydra.errors import ConfigCompositionException
from stand_in import write_script

from pokecolor.core.extras import hint
from pokecolor.running.overrides import explain

ROOT = Path(__file__).resolve().parent.parent
BODY = (
    "import os\nfrom pathlib import Path\nfrom hydra.core.hydra_config import HydraConfig\n"
    "run = Path(HydraConfig.get().runtime.output_dir)\n"
    "(run / 'pid').write_text(str(os.getpid()))\n"
    "if config.seed == 9: raise ValueError('a bug')\n"
    "return 1.0 / config.seed"
)


def requires(plugin):
    found = importlib.util.find_spec(f"hydra_plugins.{plugin}") if has_plugins() else None
    return pytest.mark.skipif(found is None, reason=f"{plugin} is not installed")


def has_plugins():
    return importlib.util.find_spec("hydra_plugins") is not None


LAUNCHERS = [
    pytest.param(["hydra/launcher=parallel"], marks=requires("hydra_joblib_launcher")),
    pytest.param(["hydra/launcher=local"], marks=requires("hydra_submitit_launcher")),
]


def script(tmp_path):
    """The stand-in, with the project's own configs of launchers and sweepers."""
    made = write_script(tmp_path, BODY)
    for path in (ROOT / "conf" / "hydra").glob("*/*.yaml"):
        copy = tmp_path / "conf" / path.relative_to(ROOT / "conf")
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(path.read_text())
    return made


def variants(tmp_path):
    return json.loads((tmp_path / "sweep" / "comparison" / "comparison.json").read_text())[
        "variants"
    ]


@pytest.mark.parametrize("launcher", LAUNCHERS)
def test_two_runs_in_processes_of_their_own(tmp_path, launcher):
    code, _, error = script(tmp_path).run("-m", *launcher, "seed=1,2")
    assert code == 0, error
    runs = [tmp_path / "sweep" / f"seed={seed}" for seed in (1, 2)]
    assert len({(run / "pid").read_text() for run in runs}) == 2
    assert [run["optimized_metric"] for run in variants(tmp_path)[0]["runs"]] == [1.0, 0.5]


@pytest.mark.parametrize("launcher", LAUNCHERS)
def test_a_failed_run_leaves_the_other_alone(tmp_path, launcher):
    code, _, error = script(tmp_path).run("-m", *launcher, "seed=9,1")
    assert code == 1, error
    assert error.endswith("1 of 2 runs failed; the same command tries them again\n")
    statuses = {run["seed"]: run["status"] for run in variants(tmp_path)[0]["runs"]}
    assert statuses == {"1": "done", "9": "failed"}


@requires("hydra_optuna_sweeper")
def test_optuna_finds_two_trials_and_finds_them_again(tmp_path):
    made = script(tmp_path)
    search = tmp_path / "conf" / "hydra" / "sweeper" / "learning_rate.yaml"
    text, rates = search.read_text(), "model.optimizer.lr: tag(log, interval(1e-5, 3e-3))"
    assert rates in text
    search.write_text(text.replace(rates, "seed: range(1, 8)"))
    command = ("-m", "hydra/sweeper=learning_rate", "hydra.sweeper.n_trials=2")
    for words in ("", "done before"):
        code, out, error = made.run(*command)
        assert code == 0, error
        assert words in out
        runs = [run for variant in variants(tmp_path) for run in variant["runs"]]
        assert 1 <= len(runs) <= 2  # it may ask for one seed twice
        assert all(run["status"] == "done" for run in runs)


def test_slurm_is_asked_for_what_the_config_says():
    pytest.importorskip("hydra_plugins.hydra_submitit_launcher")
    with initialize_config_dir(str(ROOT / "conf"), version_base="1.3"):
        config = compose("train", ["hydra/launcher=slurm"], return_hydra_config=True)
    launcher = config.hydra.launcher
    assert launcher._target_.endswith("SlurmLauncher")
    assert (launcher.gpus_per_node, launcher.timeout_min) == (1, 1440)


@pytest.mark.parametrize(
    ("config", "extra"),
    [
        ("launcher/joblib", "joblib"),
        ("launcher/submitit_slurm", "submitit"),
        ("sweeper/optuna",) * 2,
    ],
)
def test_an_extra_that_is_missing_is_named(config, extra):
    error = ConfigCompositionException(f"In 'hydra/x': Could not load 'hydra/{config}'.")
    group, _, name = config.partition("/")
    extra = extra.rpartition("/")[2]
    message = f"hydra/{group}={name}: {hint(extra)}"
    assert explain(error, ROOT / "conf", "train", []) == message
