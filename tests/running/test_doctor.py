import importlib.metadata
import shutil
import socket
import sys
from types import SimpleNamespace

import psutil
import pytest

from pokecolor import cli
from pokecolor.core import extras
from pokecolor.model_files.mini import MINI
from pokecolor.running import doctor


@pytest.fixture
def requirements(monkeypatch):
    def require(*lines):
        monkeypatch.setattr(importlib.metadata, "requires", lambda name: list(lines))
        extras.needs.cache_clear()

    yield require
    extras.needs.cache_clear()


def test_packages_are_held_against_what_the_core_asks_for(requirements):
    requirements("numpy>=1", "pillow>=999", "no-such-package>=1", "rich; extra == 'dev'")
    found = {finding.subject: finding for finding in doctor.check_packages()}
    assert found["numpy"].level == "ok"
    assert found["pillow"].level == "fail" and ">=999 is needed" in found["pillow"].detail
    assert found["no-such-package"].level == "fail"
    assert "rich" not in found


def test_each_command_is_told_what_it_lacks(requirements):
    requirements("numpy; extra == 'eval'", "no-such; extra == 'serve'", "nor-this; extra == 'hub'")
    found = {finding.subject: finding for finding in doctor.check_commands()}
    assert found["evaluate"].level == "ok"
    assert found["serve"].level == "note"
    assert found["serve"].detail.startswith("no-such is not installed: pip install ")
    assert "hub (data=hub, data=sketch2pokemon" in found["extras"].detail
    assert "train" not in found, "nothing is known of it"


def test_memory_is_told(monkeypatch):
    memory = SimpleNamespace(available=2 * 2**30, total=8 * 2**30)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: memory)
    found = doctor.check_memory()
    assert found.level == "note" and found.detail.startswith("2.0 of 8.0 GiB free: training mini")
    memory.available *= 3
    assert doctor.check_memory().level == "ok"


def test_the_device_is_not_known_without_pytorch(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    assert doctor.check_device().detail == "not known without PyTorch"


def test_shipped_weights_are_held_against_their_sums(tmp_path, monkeypatch):
    assert doctor.check_weights().level == "ok"
    copy = shutil.copytree(MINI, tmp_path / "mini")
    monkeypatch.setattr("pokecolor.model_files.mini.MINI", copy)
    file = copy / "unet" / "diffusion_pytorch_model.safetensors"
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    found = doctor.check_weights()
    assert found.level == "fail"
    assert "unet/diffusion_pytorch_model.safetensors was changed; install" in found.detail


def test_the_hub_is_not_asked_when_offline(monkeypatch):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    monkeypatch.setattr(socket, "create_connection", None)  # calling it would raise
    assert doctor.check_hub().level == "note"


def test_a_hub_out_of_reach_is_told_and_no_failure(monkeypatch):
    def refuse(address, timeout):
        assert timeout <= 5
        raise TimeoutError("timed out")

    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    monkeypatch.setattr(socket, "create_connection", refuse)
    finding = doctor.check_hub()
    assert finding.level == "note"
    assert "timed out" in finding.detail and "model=mini needs no hub" in finding.detail


@pytest.mark.parametrize(("free", "level"), [(1e9, "fail"), (5e9, "note"), (50e9, "ok")])
def test_space_is_judged_where_the_cache_would_be(monkeypatch, tmp_path, free, level):
    asked = []

    def usage(path):
        asked.append(path)
        return SimpleNamespace(free=free)

    monkeypatch.setattr(shutil, "disk_usage", usage)
    assert doctor.check_space(tmp_path / "not" / "yet").level == level
    assert asked == [tmp_path]


def test_a_folder_that_cannot_be_made_fails(tmp_path):
    (tmp_path / "file").touch()
    assert doctor.check_writable(tmp_path / "new" / "cache").level == "ok"
    assert doctor.check_writable(tmp_path / "file" / "cache").level == "fail"
    assert not (tmp_path / "new").exists()


def test_the_command_prints_a_line_each_and_fails_when_something_does(capsys, monkeypatch):
    findings = [doctor.Check("ok", "python", "3.11"), doctor.Check("note", "hub", "offline")]
    monkeypatch.setattr(doctor, "examine", lambda cache, runs: findings)
    assert cli.main(["doctor"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 2
    findings.append(doctor.Check("fail", "disk", "full"))
    assert cli.main(["doctor"]) == 2
