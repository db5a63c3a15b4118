"""A run ends with a pipeline whose card tells its recipe."""

from __future__ import annotations

import pytest
from tiny_model import Stream, tiny_module, tiny_trainer

from pokecolor.diffusion.callbacks.pipeline_export import ExportPipeline
from pokecolor.errors import UserError

# most runs here need no validation
pytestmark = pytest.mark.filterwarnings("ignore:You defined a `validation_step`")


def test_a_run_ends_with_a_pipeline(tmp_path):
    export = ExportPipeline(tmp_path, data="sketch2pokemon")
    tiny_trainer(tmp_path, max_steps=3, callbacks=[export]).fit(tiny_module(), Stream())
    assert (tmp_path / "pipeline" / "model_index.json").is_file()
    card = (tmp_path / "pipeline" / "README.md").read_text()
    for line in ("| optimizer steps | 3 |", "| samples seen | 6 |", "| EMA decay | 0.99 |"):
        assert line in card
    assert "images belong to their owners" in card


def test_a_sampler_that_does_not_exist_is_told_before_training(tmp_path):
    with pytest.raises(UserError, match="sampler=Foo: diffusers has no such"):
        ExportPipeline(tmp_path, sampler="Foo")
