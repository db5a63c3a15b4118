from pathlib import Path


def test_prepare_renders_and_needs_no_model(run, tmp_path):
    code, printed, _ = run("prepare", "data=openmoji", "data.limit=1", f"paths.cache={tmp_path}")
    assert code == 0
    folder = Path(printed.splitlines()[-1])
    assert (folder / "manifest.json").is_file()
    assert folder.is_relative_to(tmp_path)


def test_prepare_refuses_a_mistyped_override(run):
    code, _, error = run("prepare", "seeed=1")
    assert code == 2
    assert "did you mean seed?" in error
    assert len(error.splitlines()) == 1
