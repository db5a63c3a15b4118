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
        colorizer: the model at work; None where another program's images are scored.
        template: a prompt with "{color}" in it. Each sketch is colored by it in every basic color,
            to see whether that becomes its main one; None to leave that out.
        clip: compares each image with its prompt; None to leave that out.
        features: what FID and KID compare; `clip`'s if None, and neither of them without any.
        set_metrics: `kid_subset_size`, None to leave KID out, and `kid_subsets`, how many subsets
            it is the mean of; None to leave FID out, too.
        find_copies: look at all training images of the data for the nearest to each image.
        look: how colors are carried to the sketch, see `compositing.LOOKS`.
        steps: of `Colorizer.paint`; None for the model's own, as of both scales.
        guidance_scale: the same.
        image_guidance_scale: the same.
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
        """Of `Colorizer.paint`."""
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
