import shutil

import numpy as np
import pytest
import torch
from transformers import CLIPConfig, CLIPImageProcessorPil, CLIPModel

from pokecolor.core.errors import UserError
from pokecolor.model_files.clip_model import ClipModel
from pokecolor.model_files.mini import mini_tokenizer

RED, BLUE = (210, 47, 39), (30, 80, 160)


def square(color, size=(40, 60)):
    image = np.full((*size, 3), 255, np.uint8)
    image[10:-10, 10:-10] = 0
    image[12:-12, 12:-12] = color
    return image


@pytest.fixture(scope="module")
def mini():
    return ClipModel()


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory):
    """A CLIP of the hub's layout with tiny random towers."""
    folder = tmp_path_factory.mktemp("clip")
    tokenizer = mini_tokenizer()
    text = {
        "vocab_size": len(tokenizer), "hidden_size": 16, "intermediate_size": 16,
        "num_hidden_layers": 1, "num_attention_heads": 2,
        "bos_token_id": tokenizer.bos_token_id, "eos_token_id": tokenizer.eos_token_id,
        "pad_token_id": tokenizer.pad_token_id,
    }  # fmt: skip
    vision = {
        "hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1,
        "num_attention_heads": 2, "image_size": 32, "patch_size": 8,
    }  # fmt: skip
    torch.manual_seed(0)
    config = CLIPConfig(text_config=text, vision_config=vision, projection_dim=8)
    CLIPModel(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    CLIPImageProcessorPil(size={"shortest_edge": 32}).save_pretrained(folder)
    return folder


@pytest.mark.parametrize("which", ["mini", "checkpoint"])
def test_embeddings_are_unit_vectors_one_of_each(which, request):
    found = request.getfixturevalue(which)
    clip = found if which == "mini" else ClipModel(str(found))
    images = clip.embed_images([square(RED), square(BLUE, (80, 32)), square(RED)])
    texts = clip.embed_texts(["a red creature", "a blue creature with very long ears " * 30])
    for embeds, count in ((images, 3), (texts, 2)):
        torch.testing.assert_close(embeds.norm(dim=1), torch.ones(count))
    assert images.shape[1] == texts.shape[1]
    torch.testing.assert_close(images[0], images[2])
    assert not torch.allclose(images[0], images[1])


def test_the_fingerprint_is_that_of_the_weights(mini, checkpoint, tmp_path):
    checkpoint = shutil.copytree(checkpoint, tmp_path / "copy")
    first = ClipModel(str(checkpoint)).fingerprint
    assert first == ClipModel(str(checkpoint)).fingerprint != mini.fingerprint
    weights = checkpoint / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"\x01")
    assert ClipModel(str(checkpoint)).fingerprint != first


def test_what_is_no_clip_is_told(tmp_path):
    with pytest.raises(UserError, match="no CLIP that can be read"):
        ClipModel(str(tmp_path)).embed_texts(["red"])


def test_a_clip_that_sees_nothing_finite_is_told(checkpoint):
    clip = ClipModel(str(checkpoint))
    for layer in (clip._loaded.model.visual_projection, clip._loaded.model.text_projection):
        layer.weight.data.fill_(float("nan"))
    for see in (lambda: clip.embed_images([square(RED)]), lambda: clip.embed_texts(["a fox"])):
        with pytest.raises(UserError, match=rf"{checkpoint}: what it sees .* is not finite"):
            see()
