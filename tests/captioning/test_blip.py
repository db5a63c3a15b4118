import numpy as np
import pytest
import torch
from transformers import (
    BertTokenizer,
    BlipConfig,
    BlipForConditionalGeneration,
    BlipImageProcessorPil,
)

from pokecolor.captioning.blip import BlipBase
from pokecolor.core.errors import UserError

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "[DEC]", "a", "red", "fox", "drawing", "of"]


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory):
    """A BLIP of the hub's layout with tiny random parts."""
    folder = tmp_path_factory.mktemp("blip")
    (folder / "vocab.txt").write_text("\n".join(WORDS))
    BertTokenizer(str(folder / "vocab.txt")).save_pretrained(folder)
    size = {
        "hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1,
        "num_attention_heads": 2,
    }  # fmt: skip
    text = {
        **size, "vocab_size": len(WORDS), "encoder_hidden_size": 16, "max_position_embeddings": 32,
        "bos_token_id": 5, "pad_token_id": 0, "eos_token_id": 3, "sep_token_id": 3,
    }  # fmt: skip
    config = BlipConfig(text_config=text, vision_config={**size, "image_size": 32, "patch_size": 8})
    torch.manual_seed(0)
    model = BlipForConditionalGeneration(config)
    with torch.no_grad():  # as they are initialized, all images would read alike
        for parameter in model.parameters():
            parameter.normal_(0, 0.5)
    model.save_pretrained(folder)
    BlipImageProcessorPil(size={"height": 32, "width": 32}).save_pretrained(folder)
    return folder


def images():
    rng = np.random.default_rng(0)
    return [rng.integers(0, 256, (20 + 4 * i, 30, 3), np.uint8) for i in range(5)]


def test_a_batch_says_what_each_image_says_alone(checkpoint):
    together = BlipBase(str(checkpoint), batch_size=3, max_new_tokens=6).describe(images())
    alone = BlipBase(str(checkpoint), batch_size=1, max_new_tokens=6).describe(images())
    assert together == alone
    assert len(set(together)) > 1
    assert {word for text in together for word in text.split()} <= set(WORDS)


def test_what_is_no_blip_is_told(tmp_path):
    with pytest.raises(UserError, match=r"no BLIP that can be read.*base=null"):
        BlipBase(str(tmp_path)).describe(images()[:1])
