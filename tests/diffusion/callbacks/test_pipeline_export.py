"""A run ends with a pipeline whose card tells its recipe."""

from __future__ import annotations

from types import SimpleNamespace

import lightning
import pytest
from huggingface_hub import HfApi
from huggingface_hub import ModelCard as HubCard
from tiny_model import Stream, tiny_module, tiny_trainer

from pokecolor.core.errors import UserError
from pokecolor.diffusion.callbacks.pipeline_export import ExportPipeline

# most runs here need no validation
pytestmark = pytest.mark.filterwarnings("ignore:You defined a `validation_step`")


class Credited(lightning.LightningDataModule):
    """Drawings that ask to name their owners, from the hub."""

    source = SimpleNamespace(
        name="lines", attribution="Its images belong to their owners.", hub_ids=("owner/lines",)
    )

    def train_dataloader(self):
        return Stream()


def test_a_run_ends_with_a_pipeline(tmp_path):
    trainer = tiny_trainer(tmp_path, max_steps=3, callbacks=[ExportPipeline(tmp_path)])
    trainer.fit(tiny_module(), datamodule=Credited())
    assert (tmp_path / "pipeline" / "model_index.json").is_file()
    card = (tmp_path / "pipeline" / "README.md").read_text()
    for line in ("| optimizer steps | 3 |", "| samples seen | 6 |", "| EMA decay | 0.99 |"):
        assert line in card
    assert "images belong to their owners" in card
    assert HubCard(card).data.datasets == ["owner/lines"]


def test_a_sampler_that_does_not_exist_is_told_before_training(tmp_path):
    with pytest.raises(UserError, match="sampler=Foo: diffusers has no such"):
        ExportPipeline(tmp_path, sampler="Foo")


class Counted(Stream):
    batches = 0

    def __iter__(self):
        for batch in super().__iter__():
            Counted.batches += 1
            yield batch


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"hub_repository": "me/model"}, "hub_repository=me/model: the upload could not work"),
        ({"single_file": True}, "models of Stable Diffusion 1"),
    ],
)
def test_what_could_not_be_exported_is_told_before_the_first_step(
    tmp_path, settings, message, monkeypatch
):
    monkeypatch.setattr(Counted, "batches", 0)
    export = ExportPipeline(tmp_path, **settings)
    trainer = tiny_trainer(tmp_path, callbacks=[export])
    with pytest.raises(UserError, match=message) as caught:
        trainer.fit(tiny_module(), Counted())
    assert "\n" not in str(caught.value)
    assert Counted.batches == 0 and not (tmp_path / "pipeline").exists()


def test_an_upload_happens_where_it_is_asked_for(tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(HfApi, "whoami", lambda *_: {"name": "me"})
    monkeypatch.setattr(
        HfApi,
        "create_repo",
        lambda *_, **__: type("Address", (), {"repo_id": "me/model"}),
    )
    monkeypatch.setattr(HfApi, "upload_folder", lambda *_, **settings: asked.append(settings))
    for repository in (None, "model"):
        export = ExportPipeline(tmp_path, hub_repository=repository)
        tiny_trainer(tmp_path, max_steps=1, callbacks=[export]).fit(tiny_module(), Stream())
    assert asked == [{"repo_id": "me/model", "folder_path": tmp_path / "pipeline"}]
