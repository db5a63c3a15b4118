"""What any model should exceed: colorizers for `pokecolor benchmark` that understand nothing."""

from __future__ import annotations

from PIL import Image

from pokecolor.evaluation.answer_key.flood_fill import flood_fill


def white_paper(sketch: Image.Image, prompt: str, seed: int) -> Image.Image:
    """The sketch as it is."""
    return sketch


def first_color(sketch: Image.Image, prompt: str, seed: int) -> Image.Image:
    """All closed regions in the first color that the instruction names."""
    return flood_fill(sketch, prompt)
