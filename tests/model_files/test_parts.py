"""A part is read whole, or refused in one line that names it."""

import json
import re

import pytest
import torch
from diffusers import AutoencoderKL, DDPMScheduler, UNet2DConditionModel
from safetensors.torch import load_file, save_file
from transformers import BlipForConditionalGeneration, CLIPModel, CLIPTextModel

from pokecolor.core.errors import UserError
from pokecolor.model_files.parts import (
    FAILURES,
    read_model,
    read_scheduler,
    read_tokenizer,
    read_whole_model,
)
from tools.random_checkpoint import build_blip, build_clip

KINDS = {
    "vae": AutoencoderKL,
    "text_encoder": CLIPTextModel,
    "unet": UNet2DConditionModel,
}


def read(model, part):
    return read_model(KINDS[part], str(model), part)


def refusal(model, part):
    with pytest.raises(UserError) as caught:
        read(model, part)
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith(f"{model}")
    return str(caught.value)


def drop(what):
    return lambda tensors: {k: v for k, v in tensors.items() if what not in k}


@pytest.mark.parametrize("part", KINDS)
def test_a_whole_part_is_read_in_float32(model, part):
    stored = load_file(model.weights(part))
    model.change(part, lambda tensors: {k: v.half() for k, v in tensors.items()})
    read_now = read(model, part)
    assert {parameter.dtype for parameter in read_now.parameters()} == {torch.float32}
    total = sum(value.double().sum() for value in read_now.state_dict().values())
    assert float(total) == pytest.approx(
        float(sum(v.double().sum() for v in stored.values())), rel=1e-2
    )


@pytest.mark.parametrize(
    ("part", "what"), [("vae", "decoder.conv_out"), ("text_encoder", "layers."), ("unet", "mid_")]
)
def test_missing_tensors_are_named(model, part, what):
    model.change(part, drop(what))
    told = rf"{part}: \d+ tensors? (are|is) missing \(such as .*{re.escape(what)}"
    assert re.search(told, refusal(model, part))


@pytest.mark.parametrize("part", KINDS)
def test_unexpected_tensors_are_named(model, part):
    model.change(part, lambda tensors: {**tensors, "strange.weight": torch.zeros(2)})
    assert "1 tensor is unexpected (such as strange.weight)" in refusal(model, part)


@pytest.mark.parametrize("part", KINDS)
def test_tensors_of_another_shape_are_named(model, part):
    name = sorted(load_file(model.weights(part)))[0]
    model.change(part, lambda tensors: {**tensors, name: torch.zeros(3, 5)})
    assert f"of another shape than config.json says (such as {name})" in refusal(model, part)


def test_two_sets_of_weights_are_refused(model):
    model.weights("unet").with_suffix(".safetensors.index.json").write_text("{}")
    assert "both diffusion_pytorch_model.safetensors and" in refusal(model, "unet")


@pytest.mark.parametrize("part", KINDS)
def test_a_cut_file_is_refused(model, part):
    file = model.weights(part)
    file.write_bytes(file.read_bytes()[:-50])
    assert f"{part}: cannot be read" in refusal(model, part)


@pytest.mark.parametrize(
    "text", ["", "[1]", "{]", '{"_class_name": "UNet2DConditionModel", "layers_per_block": "many"}']
)
def test_a_damaged_configuration_is_refused(model, text):
    (model.path / "unet" / "config.json").write_text(text)
    assert "unet: cannot be read" in refusal(model, "unet")


def test_names_of_older_files_are_no_other_tensors(model):
    """As the hub's files of 2022: "text_model." before all, position ids, another attention."""
    model.change(
        "text_encoder",
        lambda tensors: {
            **{f"text_model.{k.removeprefix('text_model.')}": v for k, v in tensors.items()},
            "text_model.embeddings.position_ids": torch.arange(77)[None],
        },
    )
    older = {"to_q": "query", "to_k": "key", "to_v": "value", "to_out.0": "proj_attn"}

    def rename(name):
        for new, old in older.items():
            name = name.replace(f"attentions.0.{new}.", f"attentions.0.{old}.")
        return name

    model.change("vae", lambda tensors: {rename(k): v for k, v in tensors.items()})
    assert any("proj_attn" in name for name in load_file(model.weights("vae")))
    for part in ("text_encoder", "vae"):
        read(model, part)


@pytest.mark.parametrize("part", KINDS)
def test_weights_of_a_variant_are_read_where_there_are_no_others(model, part, caplog):
    file = model.weights(part)
    name = sorted(load_file(file))[0]
    other = file.with_name(f"{file.stem}.non_ema.safetensors")
    other.write_bytes(b"not looked at")
    variant = file.rename(file.with_name(f"{file.stem}.fp16.safetensors"))
    read_now = read(model, part)
    assert "variant fp16" in caplog.text
    names = {k.removeprefix("text_model."): v for k, v in read_now.state_dict().items()}
    assert torch.equal(names[name.removeprefix("text_model.")], load_file(variant)[name])


def test_a_hub_that_has_a_variant_alone_is_asked_for_it(model, monkeypatch, caplog):
    file = model.weights("vae")
    file.rename(file.with_name(f"{file.stem}.fp16.safetensors"))
    monkeypatch.setattr(
        "huggingface_hub.hf_hub_download", lambda root, name, revision: str(model.path / name)
    )

    class AutoencoderKL(KINDS["vae"]):
        """Reads as though the folder were on the hub."""

        @classmethod
        def from_pretrained(cls, root, revision, **options):
            assert (root, revision) == ("owner/name", "main")
            return KINDS["vae"].from_pretrained(model.path, **options)

    AutoencoderKL.__module__ = KINDS["vae"].__module__
    found = read_model(AutoencoderKL, "owner/name", "vae", "main")
    assert found.config.latent_channels == 4
    assert "owner/name: vae: its weights of the variant fp16" in caplog.text


def test_weights_of_a_variant_may_be_in_several_files(model):
    unet = read(model, "unet")
    model.weights("unet").unlink()
    unet.save_pretrained(model.path / "unet", variant="fp16", max_shard_size="20KB")
    assert len(list((model.path / "unet").glob("*.safetensors"))) > 1
    again = read(model, "unet")
    assert torch.equal(again.conv_out.weight, unet.conv_out.weight)


def test_plain_weights_come_before_a_variant(model, caplog):
    model.weights("unet").with_name("diffusion_pytorch_model.fp16.safetensors").write_bytes(b"")
    read(model, "unet")
    assert not caplog.text


@pytest.mark.parametrize("name", ["pytorch_model.bin", "diffusion_pytorch_model.bin", "x.pt"])
def test_pickled_weights_are_refused_unread(model, name, tmp_path):
    class Code:
        def __reduce__(self):
            return open, (str(tmp_path / "ran"), "w")

    for part in KINDS:
        model.weights(part).unlink()
        torch.save({"a": Code()}, model.path / part / name)
        assert f"its weights are pickled ({name})" in refusal(model, part)
    assert not (tmp_path / "ran").exists()


def test_a_part_without_weights_is_refused(model):
    model.weights("vae").unlink()
    assert "vae: no weights in it" in refusal(model, "vae")


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"addition_embed_type": "text_time"}, "SDXL's text_time"),
        ({"class_embed_type": "timestep"}, "class_embed_type=timestep"),
        ({"_class_name": "FluxTransformer2DModel"}, "FluxTransformer2DModel, where UNet2D"),
    ],
)
def test_another_unet_is_named_before_its_weights_are_read(model, settings, named):
    model.configure("unet", **settings)
    model.weights("unet").unlink()
    assert named in refusal(model, "unet")


def test_another_text_encoder_is_named(model):
    model.configure("text_encoder", architectures=["T5EncoderModel"])
    assert "T5EncoderModel, where CLIPTextModel is needed" in refusal(model, "text_encoder")


def test_a_transformer_in_place_of_a_unet_is_named(model):
    (model.path / "unet").rename(model.path / "transformer")
    assert "has no folder unet/" in (message := refusal(model, "unet"))
    assert "transformer/ is there" in message


@pytest.mark.parametrize("setting", ["_attn_implementation", "attn_implementation"])
@pytest.mark.parametrize("kind", [CLIPTextModel, CLIPModel, BlipForConditionalGeneration])
def test_a_kernel_that_a_configuration_names_is_not_fetched(
    model, kind, setting, tmp_path, monkeypatch
):
    """transformers would get it from the hub and import it where `kernels` is installed."""
    monkeypatch.setattr("transformers.integrations.hub_kernels.load_and_register_attn_kernel", None)
    if kind is CLIPTextModel:
        model.configure("text_encoder", **{setting: "owner/kernel"})
        assert read(model, "text_encoder").config._attn_implementation == "sdpa"
        return
    build, attention = (build_clip, "sdpa") if kind is CLIPModel else (build_blip, "eager")
    build(tmp_path / "other", tiny=True)
    file = tmp_path / "other" / "config.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), setting: "owner/kernel"}))
    found = read_whole_model(kind, str(tmp_path / "other"), None, attention)
    assert found.config._attn_implementation == attention


def test_code_that_configurations_name_is_not_run(model, tmp_path):
    code = f"open({str(tmp_path / 'ran')!r}, 'w')\nclass Own: pass\n"
    named = {"auto_map": {"AutoModel": "own.Own", "AutoTokenizer": ["own.Own", "own.Own"]}}
    files = {**dict.fromkeys(KINDS, "config.json"), "tokenizer": "tokenizer_config.json"}
    for part, file in files.items():
        (model.path / part / "own.py").write_text(code)
        path = model.path / part / file
        path.write_text(json.dumps({**json.loads(path.read_text()), **named}))
    for part in KINDS:
        read(model, part)
    read_tokenizer(str(model), "tokenizer")
    assert not (tmp_path / "ran").exists()


def test_quantized_weights_are_refused(model):
    model.configure("unet", quantization_config={"quant_method": "torchao"})
    assert "unet: quantized weights are not supported" in refusal(model, "unet")


def test_a_whole_model_that_lacks_tensors_or_is_pickled_is_refused(tmp_path):
    build_clip(tmp_path, tiny=True)
    file = tmp_path / "model.safetensors"
    tensors = load_file(file)
    more = {**tensors, "of.another.use": torch.zeros(1)}
    save_file(more, file, metadata={"format": "pt"})
    read_whole_model(CLIPModel, str(tmp_path), None, "sdpa")
    del tensors["logit_scale"]
    save_file(tensors, file, metadata={"format": "pt"})
    with pytest.raises(UserError, match=r"1 tensor is missing \(such as logit_scale\)"):
        read_whole_model(CLIPModel, str(tmp_path), None, "sdpa")
    file.unlink()
    torch.save(tensors, tmp_path / "pytorch_model.bin")
    with pytest.raises(FAILURES, match="safetensors"):
        read_whole_model(CLIPModel, str(tmp_path), None, "sdpa")


@pytest.mark.parametrize("keep", [(), ("tokenizer_config.json",), ("vocab.json",)])
def test_an_empty_tokenizer_is_refused(model, keep):
    folder = model.path / "tokenizer"
    (folder / "vocab.json").write_text("{}")
    for path in folder.iterdir():
        if path.name not in keep:
            path.unlink()
    with pytest.raises(UserError, match=r"tokenizer: no tokenizer\.json, and no "):
        read_tokenizer(str(model), "tokenizer")


@pytest.mark.parametrize("text", ["", "{}", "cut"])
def test_a_damaged_tokenizer_is_refused(model, text):
    file = model.path / "tokenizer" / "tokenizer.json"
    file.write_text(file.read_text()[:500] if text == "cut" else text)
    with pytest.raises(UserError, match=r"tokenizer: (cannot be read|its vocabulary is empty)"):
        read_tokenizer(str(model), "tokenizer")


def test_a_tokenizer_without_words_is_refused(model):
    file = model.path / "tokenizer" / "tokenizer.json"
    rules = json.loads(file.read_text())
    rules["model"]["vocab"], rules["model"]["merges"] = {}, []
    file.write_text(json.dumps(rules))
    with pytest.raises(UserError, match="tokenizer: "):
        read_tokenizer(str(model), "tokenizer")


def test_a_schedule_is_read_or_refused(model):
    assert read_scheduler(DDPMScheduler, str(model), "scheduler").config.beta_start == 0.00085
    (model.path / "scheduler" / "scheduler_config.json").write_text("{")
    with pytest.raises(UserError, match="scheduler: cannot be read"):
        read_scheduler(DDPMScheduler, str(model), "scheduler")
