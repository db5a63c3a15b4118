"""The CLIP of `mini`: an image tower that segments parts, and a text transformer."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import torch
from torch import nn
from torch.nn import functional as F
from transformers import (
    AutoConfig,
    AutoModel,
    CLIPTextConfig,
    PreTrainedConfig,
    PreTrainedModel,
    VisionTextDualEncoderConfig,
    VisionTextDualEncoderModel,
)
from transformers.modeling_outputs import BaseModelOutputWithPooling
from transformers.models.clip.modeling_clip import CLIPOutput

if TYPE_CHECKING:
    from collections.abc import Sequence

    from transformers import CLIPTokenizer

STRIDE = 4
"""Pixels per cell of the part maps, along each side."""

IMAGE_FLOOR, TEXT_FLOOR = 0.5, 0.05
"""Minimum area of a part, in cells of an image and in tokens of a text; see `_pool`."""


class PartTowerConfig(PreTrainedConfig):
    """Settings of `PartTower`.

    Args:
        part_names: names of the parts, which are labels 1, 2, ...; 0 is background and lines.
        widths: channels at strides 4, 8, 16 and so on.
        decoder_width: channels of the decoder, up to stride 4.
        color_channels: channels of the color of each part.
    """

    model_type = "part_tower"

    def __init__(
        self,
        part_names: Sequence[str] = ("body",),
        widths: Sequence[int] = (32, 64, 128, 192),
        decoder_width: int = 64,
        color_channels: int = 24,
        **kwargs: object,
    ) -> None:
        self.part_names = list(part_names)
        self.widths = list(widths)
        self.decoder_width = decoder_width
        self.color_channels = color_channels
        # the name that transformers' dual encoders use
        self.hidden_size = (1 + len(self.part_names)) * color_channels
        super().__init__(**kwargs)


class PartTower(PreTrainedModel):
    """Segments the parts of an image and pools the colors of each part separately.

    A globally pooled vector would learn the main color and predict it for every part. Here a
    feature pyramid (Lin et al., 2017) segments the parts, and the cells' colors are averaged over
    each part: bilinear pooling (Lin et al., 2015, eq. 1), one factor of which is a part map that
    can be supervised.
    """

    config_class = PartTowerConfig
    main_input_name = "pixel_values"

    def __init__(self, config: PartTowerConfig) -> None:
        super().__init__(config)
        widths, decoder = config.widths, config.decoder_width
        self.stem = nn.Sequential(*_normed(nn.Conv2d(3, widths[0], STRIDE, STRIDE, bias=False)))
        self.down = nn.ModuleList(
            [ResidualBlock(widths[0], widths[0], 1)]
            + [ResidualBlock(*pair, 2) for pair in itertools.pairwise(widths)]
        )
        self.lateral = nn.ModuleList([nn.Conv2d(width, decoder, 1) for width in widths])
        self.smooth = nn.ModuleList(
            nn.Sequential(*_normed(nn.Conv2d(decoder, decoder, 3, padding=1, bias=False)))
            for _ in widths[1:]
        )
        self.parts = nn.Conv2d(decoder, 1 + len(config.part_names), 1)
        self.colors = nn.Conv2d(widths[0], config.color_channels, 1)
        self.post_init()

    def _init_weights(self, module: nn.Module) -> None:
        """Keep PyTorch's initialization."""

    def forward(self, pixel_values: torch.Tensor, **_: object) -> BaseModelOutputWithPooling:
        """Images [n, 3, height, width] in [-1, 1], sides divisible by the coarsest stride.

        Returns:
            `last_hidden_state`: logits of the part maps [n, 1 + parts, height / 4, width / 4];
            `pooler_output`: the colors of the background and of each part, [n, hidden_size].
        """
        fine = self.stem(pixel_values)
        colors = self.colors(fine).float()
        levels = []
        for block in self.down:
            fine = block(fine)
            levels.append(fine)
        found = self.lateral[-1](levels[-1])
        for i in range(len(levels) - 2, -1, -1):
            found = F.interpolate(found, scale_factor=2.0) + self.lateral[i](levels[i])
            found = self.smooth[i](found)
        logits = self.parts(found).float()
        share = logits.flatten(2).softmax(1)
        table = _pool(share, colors.flatten(2).transpose(1, 2), IMAGE_FLOOR)
        return BaseModelOutputWithPooling(last_hidden_state=logits, pooler_output=table)


class ResidualBlock(nn.Module):
    """Two convolutions and a shortcut (He et al., 2016, fig. 2).

    [n, channels, h, w] to [n, out_channels, h / stride, w / stride].
    """

    def __init__(self, channels: int, out_channels: int, stride: int) -> None:
        super().__init__()
        first = nn.Conv2d(channels, out_channels, 3, stride, padding=1, bias=False)
        second = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.body = nn.Sequential(*_normed(first), second, nn.BatchNorm2d(out_channels))
        self.shortcut = nn.Identity()
        if stride > 1 or channels != out_channels:
            self.shortcut = nn.Sequential(
                nn.Conv2d(channels, out_channels, 1, stride, bias=False),
                nn.BatchNorm2d(out_channels),
            )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return F.relu(self.body(x) + self.shortcut(x))


class PartCLIP(VisionTextDualEncoderModel):
    """CLIP whose two towers predict the same table of parts and colors.

    OpenAI's CLIP embeds a text by the state of its end token, which must collect the whole sentence
    and learn each pair of part and color separately. Here each token predicts a part and a color,
    which are pooled to a table as for images. One projection maps both tables to the joint space.
    """

    def __init__(
        self,
        config: VisionTextDualEncoderConfig | None = None,
        vision_model: PreTrainedModel | None = None,
        text_model: PreTrainedModel | None = None,
    ) -> None:
        super().__init__(config, vision_model, text_model)
        tower, width = self.config.vision_config, self.config.text_config.hidden_size
        del self.text_projection
        self.text_parts = nn.Linear(width, 1 + len(tower.part_names))
        self.text_colors = nn.Linear(width, tower.color_channels)

    def forward(
        self,
        input_ids: torch.Tensor,
        pixel_values: torch.Tensor,
        attention_mask: torch.Tensor,
        **_: object,
    ) -> CLIPOutput:
        """Unit vectors of both, and `logits_per_image` [images, texts], as with stock CLIP."""
        images = F.normalize(self.get_image_features(pixel_values).pooler_output, dim=-1)
        texts = F.normalize(self.get_text_features(input_ids, attention_mask).pooler_output, dim=-1)
        logits = self.logit_scale.exp() * images @ texts.T
        return CLIPOutput(
            logits_per_image=logits,
            logits_per_text=logits.T,
            image_embeds=images,
            text_embeds=texts,
        )

    def get_text_features(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor, **kwargs: object
    ) -> BaseModelOutputWithPooling:
        """Tokens [n, tokens] and attention mask to embeddings [n, projection_dim].

        They are in the output's `pooler_output`, as in stock CLIP.
        """
        read = self.text_model(input_ids=input_ids, attention_mask=attention_mask, **kwargs)
        hidden = read.last_hidden_state
        share = self.text_parts(hidden).float().softmax(-1) * attention_mask.unsqueeze(-1)
        table = _pool(share.transpose(1, 2), self.text_colors(hidden).float(), TEXT_FLOOR)
        read.pooler_output = self.visual_projection(table)
        return read


def build_part_clip(
    tokenizer: CLIPTokenizer, text: dict, vision: dict, projection_dim: int
) -> PartCLIP:
    """A CLIP with random weights whose text tower fits `tokenizer`.

    Args:
        tokenizer: determines vocabulary size, special tokens and number of positions.
        text: further settings of `CLIPTextConfig`.
        vision: settings of `PartTowerConfig`.
        projection_dim: width of the joint space.
    """
    text_config = CLIPTextConfig(
        **text,
        vocab_size=len(tokenizer),
        max_position_embeddings=tokenizer.model_max_length,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    return PartCLIP(
        VisionTextDualEncoderConfig.from_vision_text_configs(
            PartTowerConfig(**vision), text_config, projection_dim=projection_dim
        )
    )


def _pool(share: torch.Tensor, colors: torch.Tensor, floor: float) -> torch.Tensor:
    """The mean color of each part: [n, parts * channels].

    Args:
        share: [n, parts, places], the probability of each part at each place.
        colors: [n, places, channels].
        floor: a part with less total probability than this is attenuated.
    """
    return (share @ colors / (share.sum(-1, keepdim=True) + floor)).flatten(1)


def _normed(convolution: nn.Conv2d) -> list[nn.Module]:
    return [convolution, nn.BatchNorm2d(convolution.out_channels), nn.ReLU()]


# so that `from_pretrained` finds the tower by its `model_type`
AutoConfig.register(PartTowerConfig.model_type, PartTowerConfig)
AutoModel.register(PartTowerConfig, PartTower)
