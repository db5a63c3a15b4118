from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from omegaconf import OmegaConf

from pokecolor.running.overrides import find_config_dir
from pokecolor.running.run_folder_callback import RunFolder
from pokecolor.running.run_folders import claim_folder


def start(folder, overrides=()):
    config = OmegaConf.create(
        {"hydra": {"run": {"dir": str(folder)}, "overrides": {"hydra": list(overrides)}}}
    )
    OmegaConf.set_readonly(config, True)
    RunFolder().on_run_start(config)
    return Path(config.hydra.run.dir)


def test_runs_of_the_same_second_have_folders_of_their_own(tmp_path):
    folder = tmp_path / "runs" / "2026-12-31_23-59-59-mini"
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: start(folder), range(8)))
    assert len(set(found)) == 8 and all(path.is_dir() for path in found)
    # each named as runs are, so that ckpt_path=latest finds it
    assert sorted(path.name for path in found)[:3] == [
        "2026-12-31_23-59-59-mini",
        "2027-01-01_00-00-00-mini",
        "2027-01-01_00-00-01-mini",
    ]


def test_a_folder_that_was_named_is_taken_as_it_is(tmp_path, monkeypatch):
    folder = tmp_path / "2026-12-31_23-59-59-mini"
    folder.mkdir()
    assert start(folder, [f"hydra.run.dir={folder}"]) == folder
    monkeypatch.setenv("LOCAL_RANK", "1")
    assert start(folder) == folder


def test_what_has_no_time_or_cannot_be_made_is_left_to_hydra(tmp_path):
    assert claim_folder(tmp_path / "run") == tmp_path / "run"
    (tmp_path / "file").touch()
    folder = tmp_path / "file" / "2026-12-31_23-59-59-mini"
    assert claim_folder(folder) == folder


def test_training_claims_its_folder():
    text = (find_config_dir() / "train.yaml").read_text(encoding="utf-8")
    assert "_target_: pokecolor.running.run_folder_callback.RunFolder" in text
