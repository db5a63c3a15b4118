from types import SimpleNamespace

import pytest
import torch
from recorder import Recorder, tiny_data, trainer
from tiny_encoder import embeddings_of
from tiny_source import TinySource

from pokecolor.core.errors import UserError
from pokecolor.core.images.conversion import to_uint8
from pokecolor.data.datamodule import TripletDataModule


def test_a_source_is_prepared_and_trained_on(tmp_path):
    model = Recorder()
    trainer(tmp_path).fit(model, datamodule=tiny_data(tmp_path, eval_batch_size=4))
    assert [len(ids) for ids in model.trained] == [7] * 8
    assert [len(ids) for ids in model.validated] == [3, 3, 4]
    assert set(model.batches[0]) == {
        "id", "drawing_id", "edit_prompt", "parts", "original_image", "edited_image", "part_map",
    }  # fmt: skip


def test_shards_are_trained_on_without_their_source(tmp_path, tiny_shards):
    model = Recorder()
    data = TripletDataModule(shards=tiny_shards.location, cache_dir=tmp_path, batch_size=7)
    trainer(tmp_path).fit(model, datamodule=data)
    assert len(model.trained) == 8
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("num_workers", [0, 2])
def test_caches_hold_what_the_encoder_gives(tmp_path, num_workers):
    plain, cached = Recorder(), Recorder()
    trainer(tmp_path).fit(plain, datamodule=tiny_data(tmp_path))
    data = tiny_data(tmp_path, cache_latents=True, cache_text=True, num_workers=num_workers)
    trainer(tmp_path).fit(cached, datamodule=data)
    assert cached.trained == plain.trained
    for images, latents in zip(plain.batches, cached.batches, strict=True):
        assert "original_image" not in latents
        for name, encode in (
            ("original", plain.encoder.encode_original),
            ("edited", plain.encoder.encode_edited),
        ):
            expected = encode(images[f"{name}_image"])
            found = latents[f"{name}_latents"].float()
            torch.testing.assert_close(found, expected, atol=2e-3, rtol=0)
        expected = embeddings_of(images["edit_prompt"])
        torch.testing.assert_close(latents["prompt_embeds"].float(), expected)


def test_caches_are_built_once(tmp_path):
    first, second = Recorder(), Recorder()
    for model in (first, second):
        data = tiny_data(tmp_path, cache_latents=True, cache_text=True)
        trainer(tmp_path).fit(model, datamodule=data)
    assert first.encoder.images_encoded == 2 * 70  # the test's are not trained on
    assert second.encoder.images_encoded == second.encoder.prompts_encoded == 0


def test_only_what_is_read_is_encoded(tmp_path):
    model = Recorder()
    data = tiny_data(tmp_path, cache_latents=True)
    trainer(tmp_path).validate(model, datamodule=data, verbose=False)
    assert model.encoder.images_encoded == 2 * 10


class Numbered:
    """Writes a sample's id and the sum of its color image before the original instruction."""

    def __init__(self):
        self.written, self.known = {}, {}

    def prepare(self, data, ids, images, progress):
        for sample in images():
            if sample.id in ids:
                self.written[data, sample.id] = sample.image.astype(int).sum()
                progress("Counting", 1, len(ids))

    def load(self, data, ids):
        self.known = {name: self.written[data, name] for name in ids}

    def prompt(self, triplet_id, original):
        return f"{triplet_id}:{self.known[triplet_id]}: {original}"


@pytest.mark.parametrize("num_workers", [0, 2])
def test_captions_are_written_of_what_is_trained_on_before_training(tmp_path, num_workers):
    model, caption = Recorder(), Numbered()
    data = tiny_data(tmp_path, caption=caption, random_flip=False, num_workers=num_workers)
    trainer(tmp_path).fit(model, datamodule=data)
    assert len(caption.written) == 60 + 10  # the test's are not read
    batch = model.batches[0]
    sums = [int(prompt.split(":")[1]) for prompt in batch["edit_prompt"]]
    assert sums == [int(image.sum()) for image in to_uint8(batch["edited_image"]).astype(int)]


def test_another_caption_reuses_the_latents_and_embeds_its_own_prompts(tmp_path):
    trainer(tmp_path).fit(Recorder(), datamodule=tiny_data(tmp_path, cache_latents=True))
    model = Recorder()
    data = tiny_data(tmp_path, cache_latents=True, cache_text=True, caption=Numbered())
    trainer(tmp_path).fit(model, datamodule=data)
    assert model.encoder.images_encoded == 0
    assert model.encoder.prompts_encoded == 60 + 10 + 1  # and the empty one
    batch = model.batches[0]
    assert [prompt.split(":")[0] for prompt in batch["edit_prompt"]] == batch["id"]
    torch.testing.assert_close(batch["prompt_embeds"].float(), embeddings_of(batch["edit_prompt"]))


class Long:
    """Gives every second sample an instruction of 80 characters."""

    def prepare(self, data, ids, images, progress): ...

    def load(self, data, ids): ...

    def prompt(self, triplet_id, original):
        return 80 * "x" if triplet_id.endswith("1") else original


@pytest.mark.parametrize("cache_text", [False, True])
def test_captions_that_are_not_read_to_their_end_are_told_once(tmp_path, caplog, cache_text):
    for _ in range(2):  # each run says it, whatever is cached
        caplog.clear()
        data = tiny_data(tmp_path, caption=Long(), cache_text=cache_text)
        trainer(tmp_path).fit(Recorder(), datamodule=data)
        (said,) = [r.getMessage() for r in caplog.records if "longer than" in r.getMessage()]
        assert said.startswith("35 of 70 captions are longer than the 77 tokens that the text")
        assert said.endswith(f'such as that of "{60 * "x"}..."')
    caplog.clear()
    trainer(tmp_path).fit(Recorder(), datamodule=tiny_data(tmp_path, cache_text=cache_text))
    assert "longer than" not in caplog.text


def test_half_precision_takes_the_batches(tmp_path):
    model = Recorder()
    trainer(tmp_path, precision="bf16-true").fit(model, datamodule=tiny_data(tmp_path))
    assert model.batches[0]["original_image"].dtype == torch.bfloat16
    assert model.batches[0]["parts"][0][0].name == "belly"


def test_tensors_are_moved_and_all_else_is_handed_on(tiny_shards):
    batch = {"prompt_embeds": torch.zeros(2, 3), "parts": [("a",), ()]}
    data = TripletDataModule(shards=tiny_shards.location)
    moved = data.transfer_batch_to_device(batch, torch.device("meta"), 0)
    assert moved["prompt_embeds"].is_meta
    assert moved["prompt_embeds"].shape == (2, 3)
    assert moved["parts"] is batch["parts"]


def test_flips_can_be_turned_off(tmp_path):
    data = tiny_data(tmp_path, random_flip=False)
    data.prepare_data()
    target = {t.id: t for t in data.triplets("train")}
    for batch in data.train_dataloader():
        for sample_id, image in zip(batch["id"], batch["edited_image"], strict=True):
            pixels = torch.from_numpy(target[sample_id].edited_image.copy()).permute(2, 0, 1)
            torch.testing.assert_close(image, pixels / 127.5 - 1)


def test_evaluation_is_in_order_and_never_flipped(tmp_path):
    data = tiny_data(tmp_path)
    data.prepare_data()
    for split, loader in (("val", data.val_dataloader()), ("test", data.test_dataloader())):
        triplets = list(data.triplets(split))
        assert [i for batch in loader for i in batch["id"]] == [t.id for t in triplets]
        (batch,) = list(loader)
        expected = torch.from_numpy(triplets[0].edited_image.copy()).permute(2, 0, 1) / 127.5 - 1
        torch.testing.assert_close(batch["edited_image"][0], expected)


@pytest.mark.parametrize("given", [{}, {"source": TinySource(), "shards": "somewhere"}])
def test_exactly_one_of_source_and_shards(given):
    with pytest.raises(UserError, match="either a source or a folder of shards"):
        TripletDataModule(**given)


def test_too_little_memory_for_the_loaders_is_named(tmp_path, monkeypatch):
    data = tiny_data(tmp_path)
    data.prepare_data()
    monkeypatch.setattr("psutil.virtual_memory", lambda: SimpleNamespace(available=1000))
    with pytest.raises(UserError, match=r"the loaders would hold .* lower data\.num_workers"):
        data.train_dataloader()


def test_a_batch_larger_than_the_split_is_named(tmp_path):
    with pytest.raises(UserError, match="60 train samples do not fill a batch of 61"):
        trainer(tmp_path).fit(Recorder(), datamodule=tiny_data(tmp_path, batch_size=61))


def test_a_model_that_encodes_nothing_cannot_fill_a_cache(tmp_path):
    model = Recorder()
    model.encoder = None
    with pytest.raises(UserError, match=r"set data\.cache_text=false"):
        trainer(tmp_path).fit(model, datamodule=tiny_data(tmp_path, cache_text=True))


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("batch_size", 0),
        ("eval_batch_size", 2.5),
        ("batch_size", None),
        ("num_workers", -1),
        ("limit", "few"),
    ],
)
def test_numbers_that_make_no_sense_are_refused(tmp_path, setting, value):
    message = rf"^data\.{setting}={value}: give a whole number, \d or more$"
    with pytest.raises(UserError, match=message):
        tiny_data(tmp_path, **{setting: value})


@pytest.mark.parametrize("split", ["val", "test"])
def test_prediction_goes_through_the_split_that_is_named(tmp_path, split):
    model = Recorder()
    data = tiny_data(tmp_path, predict_split=split, eval_batch_size=4)
    trainer(tmp_path).predict(model, datamodule=data)
    drawings = [d for d in TinySource().drawings() if TinySource().split_of(d) == split]
    seen = [sample for ids in model.predicted for sample in ids]
    assert sorted(seen) == sorted(f"{drawing}-{i}" for drawing in drawings for i in range(2))
    assert [batch["id"] for batch in data.predict_dataloader()] == model.predicted
    assert data.has_target


def test_prediction_needs_and_captions_its_split_alone(tmp_path):
    class OnlyTest(TinySource):
        name = "onlytest"

        def split_of(self, drawing_id):
            return "test"

    class Caption:
        def prepare(self, data, ids, images, progress):
            self.ids = ids

        def load(self, data, ids):
            assert ids == self.ids

        def prompt(self, triplet_id, original):
            return f"caption of {triplet_id}"

    data = TripletDataModule(OnlyTest(count=3), cache_dir=tmp_path, caption=Caption())
    trainer(tmp_path).predict(Recorder(), datamodule=data)
    assert len(data.caption.ids) == 6
    (batch,) = data.predict_dataloader()
    assert batch["edit_prompt"] == [f"caption of {name}" for name in batch["id"]]
    with pytest.raises(UserError, match="nothing to train on"):
        trainer(tmp_path).fit(Recorder(), datamodule=data)
