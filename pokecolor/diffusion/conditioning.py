"""Conditioning dropout, for classifier-free guidance by text and by image."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from pokecolor.core.errors import UserError
from pokecolor.model_files.base_models.base_model import Conditions


@dataclass(frozen=True)
class ConditioningDropout:
    """Drops text, image or both for a share of samples (Brooks et al. 2023, section 3.2.1).

    The three cases are exclusive: with 5% each, 10% of all samples have no text and 10% no image.
    """

    text: float = 0.05
    """Share of samples without text, but with image."""
    image: float = 0.05
    """Share of samples without image, but with text."""
    both: float = 0.05
    """Share of samples without both."""

    def __post_init__(self) -> None:
        if min(self.text, self.image, self.both) < 0 or self.text + self.image + self.both > 1:
            raise UserError(
                f"model.dropout: text={self.text}, image={self.image}, both={self.both}; each must "
                "be 0 or more and their sum 1 or less"
            )

    def __call__(
        self, given: Conditions, null_prompt: torch.Tensor, uniform: torch.Tensor
    ) -> tuple[Conditions, torch.Tensor]:
        """Replace dropped prompts by the null prompt and dropped images by zeros.

        Args:
            given: the conditions of a batch.
            null_prompt: embedding of the empty prompt, [1, tokens, dim].
            uniform: random numbers from [0, 1), [batch].

        Returns:
            the conditions, and bool [batch]: whether the prompt was kept.
        """
        no_text, no_image = self.masks(uniform)
        image = given.image.masked_fill(no_image[:, None, None, None], 0.0)
        null_prompt = null_prompt.to(given.prompt.device)
        prompt = torch.where(no_text[:, None, None], null_prompt, given.prompt)
        return Conditions(image, prompt), ~no_text

    def masks(self, uniform: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Choose the samples without text and those without image.

        Args:
            uniform: random numbers from [0, 1), [batch].

        Returns:
            bool [batch], true where the text is dropped; the same for the image.
        """
        no_text = uniform < self.text + self.both
        no_image = (uniform >= self.text) & (uniform < self.text + self.both + self.image)
        return no_text, no_image
