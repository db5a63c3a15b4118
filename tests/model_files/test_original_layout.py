"""A model in the layout of Stable Diffusion's authors: the names, the shapes, and back again."""

import itertools

import numpy as np
import pytest
import torch
from accelerate import init_empty_weights
from diffusers import (
    AutoencoderKL,
    DDPMScheduler,
    StableDiffusionInstructPix2PixPipeline,
    UNet2DConditionModel,
)
from PIL import Image
from safetensors import safe_open
from transformers import CLIPTextConfig, CLIPTextModel

from pokecolor.core.errors import UserError
from pokecolor.model_files.base_models.reading import read_pipeline
from pokecolor.model_files.original_layout import (
    original_tensors,
    require_original_layout,
    write_original_layout,
)
from pokecolor.model_files.single_file import STABLE_DIFFUSION_1, read_single_file
from tools.random_checkpoint import TINY


def linear(name, inputs, outputs):
    return {f"{name}.weight": (outputs, inputs), f"{name}.bias": (outputs,)}


def conv(name, inputs, outputs, side=3):
    return {f"{name}.weight": (outputs, inputs, side, side), f"{name}.bias": (outputs,)}


def norm(name, width):
    return {f"{name}.weight": (width,), f"{name}.bias": (width,)}


def unet_resnet(name, inputs, outputs):
    found = norm(f"{name}.in_layers.0", inputs) | conv(f"{name}.in_layers.2", inputs, outputs)
    found |= linear(f"{name}.emb_layers.1", 1280, outputs)
    found |= norm(f"{name}.out_layers.0", outputs) | conv(f"{name}.out_layers.3", outputs, outputs)
    if inputs != outputs:
        found |= conv(f"{name}.skip_connection", inputs, outputs, 1)
    return found


def unet_attention(name, width):
    block = f"{name}.transformer_blocks.0"
    found = norm(f"{name}.norm", width)
    found |= conv(f"{name}.proj_in", width, width, 1) | conv(f"{name}.proj_out", width, width, 1)
    for which, context in (("attn1", width), ("attn2", 768)):
        found[f"{block}.{which}.to_q.weight"] = (width, width)
        found[f"{block}.{which}.to_k.weight"] = (width, context)
        found[f"{block}.{which}.to_v.weight"] = (width, context)
        found |= linear(f"{block}.{which}.to_out.0", width, width)
    found |= linear(f"{block}.ff.net.0.proj", width, 8 * width)
    found |= linear(f"{block}.ff.net.2", 4 * width, width)
    for number in (1, 2, 3):
        found |= norm(f"{block}.norm{number}", width)
    return found


def openai_unet(in_channels):
    """Stable Diffusion 1's `UNetModel`, as openaimodel.py builds it from v1-inference.yaml."""
    found = linear("time_embed.0", 320, 1280) | linear("time_embed.2", 1280, 1280)
    found |= conv("input_blocks.0.0", in_channels, 320)
    widths, skips, number = (320, 640, 1280, 1280), [320], 0
    width = 320
    for level, wide in enumerate(widths):
        for _ in range(2):
            number += 1
            found |= unet_resnet(f"input_blocks.{number}.0", width, wide)
            width = wide
            if level < 3:
                found |= unet_attention(f"input_blocks.{number}.1", width)
            skips.append(width)
        if level < 3:
            number += 1
            found |= conv(f"input_blocks.{number}.0.op", width, width)
            skips.append(width)
    found |= unet_resnet("middle_block.0", width, width) | unet_attention("middle_block.1", width)
    found |= unet_resnet("middle_block.2", width, width)
    for number, (level, layer) in enumerate(itertools.product((3, 2, 1, 0), range(3))):
        found |= unet_resnet(f"output_blocks.{number}.0", width + skips.pop(), widths[level])
        width = widths[level]
        if level < 3:
            found |= unet_attention(f"output_blocks.{number}.1", width)
        if layer == 2 and level > 0:
            place = 1 if level == 3 else 2
            found |= conv(f"output_blocks.{number}.{place}.conv", width, width)
    return found | norm("out.0", 320) | conv("out.2", 320, 4)


def vae_resnet(name, inputs, outputs):
    found = norm(f"{name}.norm1", inputs) | conv(f"{name}.conv1", inputs, outputs)
    found |= norm(f"{name}.norm2", outputs) | conv(f"{name}.conv2", outputs, outputs)
    return found | (conv(f"{name}.nin_shortcut", inputs, outputs, 1) if inputs != outputs else {})


def vae_middle(name, width):
    found = vae_resnet(f"{name}.block_1", width, width) | vae_resnet(
        f"{name}.block_2", width, width
    )
    found |= norm(f"{name}.attn_1.norm", width)
    for part in ("q", "k", "v", "proj_out"):
        found |= conv(f"{name}.attn_1.{part}", width, width, 1)
    return found


def autoencoder():
    """Stable Diffusion 1's `AutoencoderKL`, as its model.py builds it."""
    widths = (128, 256, 512, 512)
    found = conv("encoder.conv_in", 3, 128)
    width = 128
    for level, wide in enumerate(widths):
        for block in range(2):
            found |= vae_resnet(f"encoder.down.{level}.block.{block}", width, wide)
            width = wide
        if level < 3:
            found |= conv(f"encoder.down.{level}.downsample.conv", width, width)
    found |= vae_middle("encoder.mid", 512) | norm("encoder.norm_out", 512)
    found |= conv("encoder.conv_out", 512, 8)
    found |= conv("decoder.conv_in", 4, 512) | vae_middle("decoder.mid", 512)
    for level in (3, 2, 1, 0):
        for block in range(3):
            found |= vae_resnet(f"decoder.up.{level}.block.{block}", width, widths[level])
            width = widths[level]
        if level > 0:
            found |= conv(f"decoder.up.{level}.upsample.conv", width, width)
    found |= norm("decoder.norm_out", 128) | conv("decoder.conv_out", 128, 3)
    return found | conv("quant_conv", 8, 8, 1) | conv("post_quant_conv", 4, 4, 1)


def clip_text():
    """CLIP ViT-L/14's text tower."""
    found = {
        "embeddings.token_embedding.weight": (49408, 768),
        "embeddings.position_embedding.weight": (77, 768),
    }
    for number in range(12):
        layer = f"encoder.layers.{number}"
        for part in ("q_proj", "k_proj", "v_proj", "out_proj"):
            found |= linear(f"{layer}.self_attn.{part}", 768, 768)
        found |= linear(f"{layer}.mlp.fc1", 768, 3072) | linear(f"{layer}.mlp.fc2", 3072, 768)
        found |= norm(f"{layer}.layer_norm1", 768) | norm(f"{layer}.layer_norm2", 768)
    return found | norm("final_layer_norm", 768)


def test_names_and_shapes_are_those_of_stable_diffusion_1():
    """As ComfyUI tells InstructPix2Pix: this UNet, with eight input channels."""
    with init_empty_weights():
        unet = UNet2DConditionModel(**STABLE_DIFFUSION_1["unet"], in_channels=8)
        vae = AutoencoderKL(**STABLE_DIFFUSION_1["vae"])
        text = CLIPTextModel(CLIPTextConfig(**STABLE_DIFFUSION_1["text_encoder"]))
    found = original_tensors(*(part.state_dict() for part in (unet, vae, text)), 2, 4)
    expected = {
        **{f"model.diffusion_model.{name}": shape for name, shape in openai_unet(8).items()},
        **{f"first_stage_model.{name}": shape for name, shape in autoencoder().items()},
        **{
            f"cond_stage_model.transformer.text_model.{name}": shape
            for name, shape in clip_text().items()
        },
    }
    # of the 1,131 of v1-5-pruned-emaonly all but the text encoder's position_ids
    assert (len(openai_unet(8)), len(autoencoder()), len(clip_text())) == (686, 248, 196)
    assert {name: tuple(value.shape) for name, value in found.items()} == expected
    assert expected["model.diffusion_model.input_blocks.0.0.weight"] == (320, 8, 3, 3)


@pytest.fixture
def pipeline(model):
    model.index()
    return read_pipeline(model.path)


def test_diffusers_reads_the_file_and_draws_the_same(pipeline, model):
    path = model.path / "model.safetensors"
    write_original_layout(pipeline, path, {"modelspec.title": "tiny"})
    stock = StableDiffusionInstructPix2PixPipeline.from_single_file(
        path, config=str(model.path), local_files_only=True
    )
    halves = pipeline.to(dtype=torch.float16).to(dtype=torch.float32)
    sketch = Image.fromarray(np.full((64, 64, 3), 255, np.uint8))

    def draw(drawer):
        drawer.scheduler = DDPMScheduler.from_config(pipeline.scheduler.config)
        generator = torch.Generator().manual_seed(3)
        drawer.set_progress_bar_config(disable=True)
        return drawer(
            "green", image=sketch, num_inference_steps=2, generator=generator, output_type="np"
        ).images

    assert np.array_equal(draw(stock), draw(halves))
    with safe_open(path, "pt") as file:
        assert file.metadata() == {"format": "pt", "modelspec.title": "tiny"}


def test_it_comes_back_as_it_was(pipeline, model):
    path = model.path / "model.safetensors"
    write_original_layout(pipeline, path, {})
    found = read_single_file(path, TINY)
    for part in ("unet", "vae", "text_encoder"):
        written, read = getattr(pipeline, part).state_dict(), getattr(found, part).state_dict()
        assert written.keys() == read.keys()
        assert all(torch.equal(written[name].half().float(), read[name]) for name in written)


def test_what_such_a_file_cannot_hold_is_refused(pipeline):
    require_original_layout(pipeline, TINY)
    with pytest.raises(
        UserError, match=r"here vae.block_out_channels is \[8, 8, 8, 8\], not \[128"
    ):
        require_original_layout(pipeline)
    pipeline.scheduler.register_to_config(prediction_type="v_prediction")
    with pytest.raises(UserError, match="this model predicts v_prediction"):
        require_original_layout(pipeline, TINY)
