"""Settings of an evaluation: how images are generated, and which networks score them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pokecolor.coloring.colorizer import Colorizer
    from pokecolor.coloring.compositing import Look
    from pokecolor.evaluation.features import Features, TextFeatures


class Settings:
    """Settings of the generated images and of their metrics.

    Args:
        colorizer: the model; None if images of another program are scored.
        template: a prompt with "{color}". Each sketch is colored with it in every basic color, to
            check that it becomes the main color; None to skip this.
        clip: CLIP model for CLIP score; None to skip it.
        features: features for FID and KID; None for those of `clip`.
        set_metrics: `kid_subset_size`, None to skip KID, and `kid_subsets`, the number of subsets;
            None to skip FID, too.
        find_copies: find the nearest training image of each image.
        look: how colors are transferred to the sketch, see `compositing.LOOKS`.
        steps: sampling steps; None for the model's default, as for both scales.
        guidance_scale: guidance scale of the prompt.
        image_guidance_scale: guidance scale of the sketch.
    """

    def __init__(
        self,
        colorizer: Colorizer | None,
        template: str | None = None,
        clip: TextFeatures | None = None,
        features: Features | None = None,
        set_metrics: Mapping[str, int | None] | None = None,
        find_copies: bool = False,
        look: Look = "clean",
        steps: int | None = None,
        guidance_scale: float | None = None,
        image_guidance_scale: float | None = None,
    ) -> None:
        self.colorizer, self.template = colorizer, template
        self.sampling: dict[str, float] = {}
        """Arguments of `Colorizer.paint`."""
        if colorizer:
            own = colorizer.sampling.but(steps, guidance_scale, image_guidance_scale)
            self.sampling = {
                "steps": own.steps,
                "guidance_scale": own.guidance,
                "image_guidance_scale": own.image_guidance,
            }
        self.clip, self.features = clip, features or clip
        self.set_metrics = set_metrics
        self.find_copies, self.look = find_copies, look
