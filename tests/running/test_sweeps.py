import json
import signal

import pytest
from omegaconf import OmegaConf
from stand_in import write_script

from pokecolor.core.errors import UserError
from pokecolor.running.sweeps import (
    Outcome,
    list_runs,
    read_outcome,
    run_variant,
    variant_folder,
    write_outcome,
)


def settings(**values):
    return OmegaConf.create({"name": "x", "ckpt_path": None, "data": {"size": 8}, **values})


def explain(error):
    return str(error) if isinstance(error, UserError) else None


def test_a_folder_is_named_after_the_overrides():
    assert variant_folder("caption=clip,seed=1") == "caption=clip,seed=1"
    assert variant_folder("") == "default"


def test_what_no_file_can_be_called_is_replaced_and_kept_apart():
    names = {variant_folder(f"data.root={root},seed=1") for root in ("/a/b", "/a-b", "/a b")}
    assert len(names) == 3
    assert all(name.startswith("seed=1-") and "/" not in name for name in names)
    many = ",".join(f"data.setting{i}=1" for i in range(40))
    assert variant_folder(f"caption=clip,{many}") != variant_folder(f"caption=clip,{many},data.x=2")
    assert variant_folder(f"caption=clip,{many}").startswith("caption=clip-")


def test_what_is_done_is_not_done_again(tmp_path):
    calls = []
    task = lambda config: calls.append(config.name) or 0.25  # noqa: E731
    for _ in range(2):
        assert run_variant(task, settings(), tmp_path, ["seed=1"], explain) == 0.25
    assert calls == ["x"]
    outcome = read_outcome(tmp_path)
    assert (outcome.status, outcome.optimized_metric) == ("done", 0.25) and outcome.seconds >= 0


def test_an_outcome_of_an_earlier_version_is_read(tmp_path):
    run_variant(lambda config: 0.25, settings(), tmp_path, ["seed=1"], explain)
    path = tmp_path / "outcome.json"
    path.write_text(path.read_text().replace('"optimized_metric"', '"objective"'))
    assert read_outcome(tmp_path).optimized_metric == 0.25
    assert run_variant(lambda config: 2.0, settings(), tmp_path, ["seed=1"], explain) == 0.25


@pytest.mark.parametrize(
    ("error", "message"),
    [(UserError("bad seed"), "bad seed"), (ValueError("a bug\nin two lines"), "ValueError: a bug")],
)
def test_a_failure_is_noted_and_tried_again(tmp_path, error, message):
    def fail(config):
        raise error

    assert str(run_variant(fail, settings(), tmp_path, ["seed=1"], explain)) == "nan"
    assert (read_outcome(tmp_path).status, read_outcome(tmp_path).error) == ("failed", message)
    assert run_variant(lambda config: 1.0, settings(), tmp_path, ["seed=1"], explain) == 1.0
    assert read_outcome(tmp_path).error is None


def test_an_interrupted_run_goes_on_from_its_checkpoint(tmp_path):
    import torch

    def stop(config):
        (tmp_path / "checkpoints").mkdir()
        torch.save({"step": 3}, tmp_path / "checkpoints" / "step-3.ckpt")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_variant(stop, settings(), tmp_path, ["seed=1"], explain)
    assert read_outcome(tmp_path).status == "running"
    found = []
    run_variant(
        lambda config: found.append(config.ckpt_path), settings(), tmp_path, ["seed=1"], explain
    )
    assert found == [str(tmp_path / "checkpoints" / "step-3.ckpt")]


def test_other_settings_are_not_taken_for_the_same_run(tmp_path):
    run_variant(lambda config: 1.0, settings(), tmp_path, ["seed=1"], explain)
    message = "begun with data.size=8, now it is 16; delete the folder, or call the sweep"
    with pytest.raises(UserError, match=message):
        run_variant(lambda config: 1.0, settings(data={"size": 16}), tmp_path, ["seed=1"], explain)
    # what says where things lie may change
    assert run_variant(lambda config: 2.0, settings(name="y"), tmp_path, ["seed=1"], explain) == 1.0


def test_a_sweep_of_an_earlier_version_goes_on(tmp_path):
    before, now = (
        settings(data={"_target_": f"pokecolor.{place}.creatures.CreatureSource"})
        for place in ("data", "sources")
    )
    run_variant(lambda config: 1.0, before, tmp_path, ["seed=1"], explain)
    assert run_variant(lambda config: 2.0, now, tmp_path, ["seed=1"], explain) == 1.0


def test_a_run_without_a_checkpoint_may_begin_with_other_settings(tmp_path):
    def fail(config):
        raise UserError("too large")

    run_variant(fail, settings(), tmp_path, ["seed=1"], explain)
    assert (
        run_variant(lambda config: 2.0, settings(data={"size": 4}), tmp_path, ["seed=1"], explain)
        == 2.0
    )


def test_two_processes_are_not_at_one_run(tmp_path):
    def inner(config):
        with pytest.raises(UserError, match="another process is at work there"):
            run_variant(lambda config: 1.0, settings(), tmp_path, ["seed=1"], explain)

    run_variant(inner, settings(), tmp_path, ["seed=1"], explain)


def test_other_processes_of_a_run_leave_the_books_alone(tmp_path, monkeypatch):
    monkeypatch.setenv("LOCAL_RANK", "1")
    assert run_variant(lambda config: 1.0, settings(), tmp_path, ["seed=1"], explain) == 1.0
    assert read_outcome(tmp_path) is None
    monkeypatch.delenv("LOCAL_RANK")
    write_outcome(tmp_path, Outcome("done", [], OmegaConf.to_container(settings()), 0.5))
    monkeypatch.setenv("LOCAL_RANK", "1")
    assert run_variant(lambda config: 1.0, settings(), tmp_path, ["seed=1"], explain) == 0.5


def test_a_failure_among_several_processes_ends_the_sweep(tmp_path, monkeypatch):
    monkeypatch.setenv("LOCAL_RANK", "0")

    def fail(config):
        raise ValueError("a bug")

    with pytest.raises(SystemExit):
        run_variant(fail, settings(), tmp_path, ["seed=1"], explain)
    assert read_outcome(tmp_path).status == "failed"


def write_overrides(folder, *overrides):
    folder.mkdir()
    write_outcome(folder, Outcome("done", list(overrides), {}))


def test_runs_are_told_apart_by_what_varies(tmp_path):
    for caption in ("clip", "original"):
        for seed in ("1", "2"):
            overrides = (f"caption={caption}", f"seed={seed}", "trainer.max_steps=5")
            write_overrides(tmp_path / f"{caption}-{seed}", *overrides)
    runs = list_runs(tmp_path)
    assert [(label, seed) for label, seed, _ in runs] == [
        ("caption=clip", "1"),
        ("caption=clip", "2"),
        ("caption=original", "1"),
        ("caption=original", "2"),
    ]
    assert runs[0][2] == tmp_path / "clip-1"


def test_runs_that_differ_in_their_seed_are_called_by_the_sweep(tmp_path):
    for seed in ("1", "2"):
        write_overrides(tmp_path / seed, f"seed={seed}")
    assert [label for label, _, _ in list_runs(tmp_path)] == [tmp_path.name] * 2
    assert list_runs(tmp_path / "1") == []


def test_a_sweep_goes_on_where_it_was_killed(tmp_path):
    """The second of three runs ends the process, once; the first is not run again."""
    body = """
import os, signal, pathlib
killed = pathlib.Path('killed')
with open('calls', 'a') as file: print(config.seed, file=file)
if config.seed == 2 and not killed.exists():
    killed.touch()
    os.kill(os.getpid(), signal.SIGKILL)
return config.seed / 10
"""
    script = write_script(tmp_path, body.strip())
    code, _, _ = script.run("-m", "seed=1,2,3")
    assert code == -signal.SIGKILL
    code, out, error = script.run("-m", "seed=1,2,3")
    assert code == 0, error
    assert (tmp_path / "calls").read_text().split() == ["1", "2", "2", "3"]
    assert "seed=1: done before" in out
    found = json.loads((tmp_path / "sweep" / "comparison" / "comparison.json").read_text())
    (variant,) = found["variants"]
    assert [run["optimized_metric"] for run in variant["runs"]] == [0.1, 0.2, 0.3]


def test_a_failed_run_is_marked_and_the_others_finish(tmp_path):
    body = (
        "from pokecolor.core.errors import UserError\n"
        "if config.seed == 2: raise UserError('bad seed')\n"
        "if config.seed == 3: raise ValueError('a bug')\n"
        "return 1.0"
    )
    code, out, error = write_script(tmp_path, body).run("-m", "seed=1,2,3,4")
    assert code == 1
    assert "seed=2 failed: bad seed" in out and "ValueError: a bug" in out
    assert "failed: sweep, seed 2: bad seed" in out
    assert error.endswith("train.py: 2 of 4 runs failed; the same command tries them again\n")
    statuses = [read_outcome(tmp_path / "sweep" / f"seed={i}").status for i in range(1, 5)]
    assert statuses == ["done", "failed", "failed", "done"]
    assert "2 of 4 runs, 2 failed" in (tmp_path / "sweep" / "comparison" / "index.html").read_text()


def test_ctrl_c_ends_a_sweep_and_says_how_to_go_on(tmp_path):
    code, _, error = write_script(tmp_path, "raise KeyboardInterrupt").run("-m", "seed=1,2")
    assert code == 130
    assert error.endswith("train.py: interrupted; the same command goes on where it was\n")
    assert not (tmp_path / "sweep" / "seed=2").exists()
