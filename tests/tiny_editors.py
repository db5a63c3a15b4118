"""Tiny pipelines of random weights, such as adapters of `pokecolor benchmark` run."""

from diffusers import (
    AutoencoderKLFlux2,
    AutoencoderKLQwenImage,
    FlowMatchEulerDiscreteScheduler,
    Flux2KleinPipeline,
    Flux2Transformer2DModel,
    QwenImageEditPipeline,
    QwenImageTransformer2DModel,
)
from transformers import (
    Qwen2_5_VLConfig,
    Qwen2_5_VLForConditionalGeneration,
    Qwen2Tokenizer,
    Qwen3Config,
    Qwen3ForCausalLM,
)
from transformers.convert_slow_tokenizer import bytes_to_unicode

SPECIAL = ("<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|image_pad|>")


def qwen_tokenizer():
    """Bytes are its words; a chat is its messages, one after the other."""
    words = [*bytes_to_unicode().values(), *SPECIAL]
    tokenizer = Qwen2Tokenizer(
        vocab={word: number for number, word in enumerate(words)}, merges=[],
        pad_token="<|endoftext|>", additional_special_tokens=list(SPECIAL[1:]),
    )  # fmt: skip
    tokenizer.chat_template = "{% for message in messages %}{{ message['content'] }}{% endfor %}"
    return tokenizer


def flux2_klein():
    text = Qwen3Config(
        vocab_size=300, hidden_size=16, intermediate_size=16, num_hidden_layers=27,
        num_attention_heads=2, num_key_value_heads=2, head_dim=8,
    )  # fmt: skip
    transformer = Flux2Transformer2DModel(
        in_channels=16, num_layers=1, num_single_layers=1, attention_head_dim=16,
        num_attention_heads=2, joint_attention_dim=48, timestep_guidance_channels=16,
        axes_dims_rope=(4, 4, 4, 4), guidance_embeds=False,
    )  # fmt: skip
    vae = AutoencoderKLFlux2(
        down_block_types=("DownEncoderBlock2D",), up_block_types=("UpDecoderBlock2D",),
        block_out_channels=(4,), layers_per_block=1, latent_channels=4, norm_num_groups=1,
    )  # fmt: skip
    return Flux2KleinPipeline(
        FlowMatchEulerDiscreteScheduler(), vae, Qwen3ForCausalLM(text), qwen_tokenizer(),
        transformer, is_distilled=True,
    )  # fmt: skip


def qwen_image_edit():
    """Its processor joins a tokenizer and images; the text alone is read here."""
    text = {"vocab_size": 300, "hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1,
            "num_attention_heads": 2, "num_key_value_heads": 2,
            "rope_scaling": {"type": "default", "mrope_section": [1, 1, 2]}}  # fmt: skip
    vision = {"depth": 1, "hidden_size": 16, "num_heads": 2, "out_hidden_size": 16,
              "intermediate_size": 16}  # fmt: skip
    encoder = Qwen2_5_VLForConditionalGeneration(
        Qwen2_5_VLConfig(text_config=text, vision_config=vision)
    )
    transformer = QwenImageTransformer2DModel(
        in_channels=16, out_channels=4, num_layers=1, attention_head_dim=16, num_attention_heads=2,
        joint_attention_dim=16, axes_dims_rope=(8, 4, 4),
    )  # fmt: skip
    vae = AutoencoderKLQwenImage(
        base_dim=8, z_dim=4, dim_mult=[1, 1], num_res_blocks=1, temperal_downsample=[False],
        latents_mean=[0.0] * 4, latents_std=[1.0] * 4,
    )  # fmt: skip
    tokenizer = qwen_tokenizer()
    made = QwenImageEditPipeline(
        FlowMatchEulerDiscreteScheduler(), vae, encoder, tokenizer, None, transformer
    )
    made.processor = lambda text, images, **asked: tokenizer(text, **asked)
    return made
