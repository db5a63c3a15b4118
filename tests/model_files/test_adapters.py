"""LoRA's factors from a file change a model as its trainer meant, or are refused in one line."""

import logging

import pytest
import torch
from safetensors.torch import save_file

from pokecolor.core.errors import UserError
from pokecolor.model_files.adapters import merge_lora
from pokecolor.model_files.base_models.reading import read_pipeline

KOHYA = "lora_unet_mid_block_attentions_0_transformer_blocks_0_attn1_to_q"
LAYER = "mid_block.attentions.0.transformer_blocks.0.attn1.to_q"


@pytest.fixture
def pipeline(model):
    model.index()
    return read_pipeline(model.path)


def factors(rank=2, width=16):
    generator = torch.Generator().manual_seed(0)
    down = torch.randn(rank, width, generator=generator)
    return down, torch.randn(width, rank, generator=generator)


def kohya(down, up, layer=KOHYA, alpha=1.0):
    return {
        f"{layer}.lora_down.weight": down,
        f"{layer}.lora_up.weight": up,
        f"{layer}.alpha": torch.tensor(alpha),
    }


def test_kohyas_factors_are_added_scaled_by_alpha_over_rank(pipeline, tmp_path):
    down, up = factors()
    save_file(kohya(down, up), tmp_path / "a.safetensors")
    before = {name: value.clone() for name, value in pipeline.unet.state_dict().items()}
    merge_lora(pipeline, tmp_path / "a.safetensors")
    after = pipeline.unet.state_dict()
    assert after.keys() == before.keys()  # plain layers again
    changed = after.pop(f"{LAYER}.weight") - before[f"{LAYER}.weight"]
    torch.testing.assert_close(changed, up @ down / 2, rtol=1e-4, atol=1e-5)
    assert all(torch.equal(value, before[name]) for name, value in after.items())


def test_factors_of_diffusers_do_the_same(pipeline, model, tmp_path):
    down, up = factors()
    save_file(kohya(down, up), tmp_path / "a.safetensors")
    layers = {f"{LAYER}.lora_A.weight": down, f"{LAYER}.lora_B.weight": up / 2}
    pipeline.save_lora_weights(tmp_path / "b", unet_lora_layers=layers)
    (file,) = (tmp_path / "b").iterdir()
    other = read_pipeline(model.path)
    merge_lora(pipeline, tmp_path / "a.safetensors")
    merge_lora(other, file)
    for name, value in other.unet.state_dict().items():
        torch.testing.assert_close(value, pipeline.unet.state_dict()[name])


def test_layers_that_the_model_has_not_are_counted(pipeline, tmp_path, caplog):
    tensors = kohya(*factors()) | kohya(*factors(), layer=KOHYA.replace("blocks_0", "blocks_7"))
    save_file(tensors, tmp_path / "a.safetensors")
    with caplog.at_level(logging.WARNING):
        merge_lora(pipeline, tmp_path / "a.safetensors")
    assert "1 of its 2 layers are not in this model and were ignored" in caplog.text


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (kohya(*factors(width=24)), "does not fit this model"),
        (kohya(*factors(), layer="lora_unet_input_blocks_99_1_proj_in"), "does not fit this model"),
        ({"model.diffusion_model.out.2.bias": torch.zeros(4)}, "no factors of LoRA in it"),
        (b"nothing", "cannot be read"),
        (None, "no such .safetensors file"),
    ],
)
def test_what_does_not_fit_is_one_line(pipeline, tmp_path, content, message):
    path = tmp_path / "a.safetensors"
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif content is not None:
        save_file({name: value.clone() for name, value in content.items()}, path)
    with pytest.raises(UserError, match=message) as caught:
        merge_lora(pipeline, path)
    assert "\n" not in str(caught.value)
