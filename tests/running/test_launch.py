import errno
import importlib
import signal

import pytest
import wandb
from hydra.errors import InstantiationException
from hydra.utils import instantiate
from omegaconf import OmegaConf
from stand_in import write_script

from pokecolor.core.errors import UserError
from pokecolor.core.images.conversion import ImageError
from pokecolor.running.launch import build_trainer, user_message


def refuse(kind):
    raise {"user": UserError, "image": ImageError, "bug": ValueError}[kind](f"{kind} trouble")


def import_module(name):
    """A target's own import of a package that is an extra."""
    return importlib.import_module(name)


def build(config):
    """Instantiate as a root script does, and return what is raised."""
    with pytest.raises(Exception) as caught:
        instantiate(OmegaConf.create(config))
    return caught.value


@pytest.mark.parametrize("kind", ["user", "image"])
def test_a_users_mistake_is_found_inside_hydras_wrapping(kind):
    inner = {"_target_": f"{__name__}.refuse", "kind": kind}
    error = build(
        {"_target_": "builtins.dict", "nested": {"_target_": "builtins.dict", "x": inner}}
    )
    assert isinstance(error, InstantiationException)
    assert user_message(error) == f"{kind} trouble"


def test_a_fault_of_the_code_is_not_blamed_on_the_user():
    assert user_message(build({"_target_": f"{__name__}.refuse", "kind": "bug"})) is None


def test_a_setting_that_must_be_given_is_named():
    error = build({"data": {"_target_": "builtins.dict", "root": "???"}})
    assert user_message(error) == "data.root is needed: add data.root=..."
    # data refers to the caption's settings
    caption = {"_target_": "builtins.dict", "csv": "???"}
    error = build({"data": {"_target_": "builtins.dict", "caption": caption}})
    assert user_message(error) == "caption.csv is needed: add caption.csv=..."


def test_an_argument_that_the_target_does_not_take_is_named():
    error = build({"data": {"_target_": f"{__name__}.refuse", "kind": "user", "sise": 1}})
    assert "data" in user_message(error)
    assert "sise" in user_message(error)


def test_a_mistake_ends_in_one_line_and_exit_code_2(tmp_path):
    script = write_script(
        tmp_path,
        "from pokecolor.core.errors import UserError\nraise UserError('no such folder: x')",
    )
    assert script.run() == (2, "", "train.py: no such folder: x\n")


def test_a_mistyped_override_ends_in_one_line_before_anything_is_written(tmp_path):
    script = write_script(tmp_path, "pass")
    code, _, error = script.run("data=openmojy")
    assert (code, error) == (
        2,
        "train.py: data=openmojy: no such data; did you mean data=openmoji?\n",
    )
    assert not (tmp_path / "run").exists()


def test_a_word_for_a_number_ends_in_one_line_before_the_task_begins(tmp_path):
    code, out, error = write_script(tmp_path, "print('begun')").run("data.batch_size=many")
    assert (code, out) == (2, "")
    assert error == "train.py: data.batch_size=many: not a number; the default is 2\n"


def test_a_run_that_could_not_begin_leaves_no_folder(tmp_path):
    body = (
        "from hydra.core.hydra_config import HydraConfig\nfrom pathlib import Path\n"
        "from pokecolor.core.errors import UserError\n"
        "if config.seed == 1: Path(HydraConfig.get().runtime.output_dir, 'metrics.csv').touch()\n"
        "raise UserError('no such folder')"
    )
    script = write_script(tmp_path, body)
    assert script.run()[0] == 2
    assert not (tmp_path / "run").exists()
    assert script.run("seed=1")[0] == 2
    assert (tmp_path / "run" / "metrics.csv").exists()


def test_a_fault_of_the_code_keeps_its_traceback(tmp_path):
    code, _, error = write_script(tmp_path, "raise ValueError('a bug')").run()
    assert code == 1
    assert "Traceback" in error
    assert error.endswith("ValueError: a bug\n")


def test_done_is_exit_code_0_in_a_single_run_and_in_a_sweep(tmp_path):
    script = write_script(tmp_path, "print('seed', config.seed)")
    assert script.run()[:2] == (0, "seed 42\n")
    code, out, _ = script.run("-m", "seed=1,2")
    assert code == 0
    assert "seed 1\n" in out and "seed 2\n" in out


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("raise KeyboardInterrupt", 130),
        # as Lightning leaves a training run after Ctrl-C
        ("import sys\ntry: raise KeyboardInterrupt\nexcept KeyboardInterrupt: sys.exit(1)", 130),
        # as Lightning leaves it after SIGTERM
        ("class SIGTERMException(SystemExit): pass\nraise SIGTERMException", 143),
    ],
)
def test_a_stopped_run_says_how_to_go_on(tmp_path, body, code):
    returned, _, error = write_script(tmp_path, body).run("seed=3", "ckpt_path=old.ckpt")
    assert returned == code
    assert error.endswith("to go on: python train.py seed=3 ckpt_path=latest\n")
    assert len(error.splitlines()) == 1


def test_a_script_that_keeps_what_is_done_says_so(tmp_path):
    script = write_script(tmp_path, "raise KeyboardInterrupt")
    text = script.path.read_text()
    script.path.write_text(text.replace('"train")', '"train", keeps_what_is_done=True)'))
    code, _, error = script.run("seed=3")
    assert code == 130
    assert error == "train.py: interrupted; the same command goes on where it was\n"


def test_ctrl_c_leaves_no_traceback(tmp_path):
    process = write_script(tmp_path, "import time\nprint('up', flush=True)\ntime.sleep(60)").start()
    assert process.stdout.readline() == "up\n"
    process.send_signal(signal.SIGINT)
    _, error = process.communicate(timeout=60)
    assert process.returncode == 130
    assert error == "train.py: interrupted before the first checkpoint\n"


def test_ctrl_c_after_a_checkpoint_says_how_to_go_on(tmp_path):
    body = (
        "from hydra.core.hydra_config import HydraConfig\nfrom pathlib import Path\n"
        "folder = Path(HydraConfig.get().runtime.output_dir) / 'checkpoints'\n"
        "folder.mkdir(parents=True)\n(folder / 'step-1.ckpt').touch()\nraise KeyboardInterrupt"
    )
    code, _, error = write_script(tmp_path, body).run("seed=3")
    assert code == 130
    assert error.endswith("interrupted; to go on: python train.py seed=3 ckpt_path=latest\n")


def test_what_the_machine_refuses_is_said_in_one_line():
    refused = PermissionError(errno.EACCES, "Permission denied", "runs/x")
    assert user_message(refused) == "runs/x: Permission denied"
    assert user_message(OSError(errno.ENOSPC, "No space left")) == "the disk: No space left"
    assert user_message(FileNotFoundError(errno.ENOENT, "No such file", "x")) is None


def test_wandb_without_a_key_is_the_users_mistake():
    message = user_message(wandb.errors.UsageError("No API key configured."))
    assert message.startswith("wandb: No API key configured. Or keep the log here")


def test_a_package_that_is_not_installed_is_named():
    error = build({"_target_": f"{__name__}.import_module", "name": "peftt"})
    expected = "No module named 'peftt': pip install peftt, or do without what needs it"
    assert user_message(error) == expected
    assert user_message(build({"_target_": "builtins.int", "_args_": ["x"]})) is None
    assert user_message(ModuleNotFoundError("no", name="pokecolor.nothing")) is None


def test_too_little_memory_is_said_in_one_line():
    error = build({"_target_": "torch.empty", "_args_": [1 << 60]})
    assert user_message(error).startswith("out of memory (")
    assert "\n" not in user_message(error)
    assert user_message(MemoryError()).startswith("out of memory (MemoryError); lower data.batch")


def test_a_trainer_that_lightning_refuses_is_the_users_mistake():
    settings = OmegaConf.create({"_target_": "lightning.Trainer", "precision": "17-mixed"})
    with pytest.raises(UserError, match="trainer: Precision '17-mixed' is invalid") as caught:
        build_trainer(settings, logger=False)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("precision", ["bf16-true", "16-true", "64-true"])
def test_a_precision_that_no_model_takes_is_the_users_mistake(precision):
    settings = OmegaConf.create({"_target_": "lightning.Trainer", "precision": precision})
    with pytest.raises(UserError, match=f"trainer.precision={precision}: .*choose 32-true, bf16"):
        build_trainer(settings, logger=False)


def test_a_path_with_any_character_is_taken_and_a_null_group_composes(tmp_path):
    script = write_script(tmp_path, "print(config.data.root, config.get('trainer'))")
    (tmp_path / "conf" / "train.yaml").write_text(
        (tmp_path / "conf" / "train.yaml").read_text() + "trainer: null\n"
    )
    root = "/x/폴더 (1), a=b"
    code, out, error = script.run("data=folder", f"data.root={root}", "trainer=null")
    assert (code, out) == (0, f"{root} None\n"), error


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("accumulate_grad_batches", 0),
        ("gradient_clip_val", -1),
        ("gradient_clip_val", float("nan")),
        ("val_check_interval", 0),
    ],
)
def test_numbers_that_lightning_stumbles_over_later_are_refused_at_once(name, value):
    settings = OmegaConf.create({"_target_": "lightning.Trainer", name: value})
    with pytest.raises(UserError, match=f"trainer.{name}={value}: give"):
        build_trainer(settings, logger=False)
