"""Detects failed outputs of a model.

NaN would become black pixels, and a safety checker replaces a picture by a black one. Some metrics
would score such a black picture as good.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pokecolor.core.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import torch
    from diffusers import DiffusionPipeline

REASONS = {
    "not_finite": (
        "the model's answer is not finite (NaN or infinite numbers): its weights are broken or "
        "overflow; use another model, or one exported from an earlier checkpoint"
    ),
    "withheld": (
        "the model's safety checker withheld the picture; word the prompt otherwise or use a model "
        "without one"
    ),
    "blank": "the model painted one color all over, lines included",
}


LEVELS = 8
"""A picture whose values differ by less than this, of 255, is one color; strokes differ by 100."""


class NoPicture(UserError):
    """A failed output of a model; the message says why and what to do.

    Args:
        kind: one of `REASONS`.
    """

    def __init__(self, kind: Literal["not_finite", "withheld", "blank"]) -> None:
        super().__init__(REASONS[kind])
        self.kind = kind


class CheckedProcessor:
    """Wraps a pipeline's image processor: failed pictures become `NoPicture`.

    It checks the VAE's output before that is clipped: latents that are not finite decode to NaN,
    and a VAE can overflow by itself.

    Args:
        processor: diffusers' image processor.
    """

    def __init__(self, processor: Any) -> None:
        self._processor = processor

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):  # not set yet while a copy is made
            raise AttributeError(name)
        return getattr(self._processor, name)

    def postprocess(
        self,
        image: torch.Tensor,
        output_type: str = "pil",
        do_denormalize: Sequence[bool] | None = None,
    ) -> Any:
        """Pixels [batch, 3, height, width] to pictures, each an image or a `NoPicture`.

        Args:
            image: values from -1 to 1, not clipped yet.
            output_type: only "pil" is checked.
            do_denormalize: False for pictures that a safety checker has blackened.
        """
        settings = {"output_type": output_type, "do_denormalize": do_denormalize}
        if output_type != "pil":
            return self._processor.postprocess(image, **settings)
        finite = image.isfinite().flatten(1).all(1)
        # a cast of NaN to pixels would warn
        whole = image.where(finite[:, None, None, None], 0.0)
        pictures = self._processor.postprocess(whole, **settings)
        shown = do_denormalize or [True] * len(pictures)
        return [
            picture if ok and is_shown else NoPicture("withheld" if ok else "not_finite")
            for picture, ok, is_shown in zip(pictures, finite.tolist(), shown, strict=True)
        ]


def is_one_color(picture: np.ndarray) -> bool:
    """Whether a picture, uint8 [height, width, 3], is a single color."""
    pixels = picture.reshape(-1, 3)
    return bool((pixels.max(0) - pixels.min(0) <= LEVELS).all())


def check_pictures(pipeline: DiffusionPipeline) -> None:
    """Make a pipeline return a `NoPicture` in place of each failed picture."""
    if not isinstance(pipeline.image_processor, CheckedProcessor):
        pipeline.image_processor = CheckedProcessor(pipeline.image_processor)
