"""Prompt-color F1: the colors that an instruction names against those in the picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pokecolor.colors import TERMS, find_color_words
from pokecolor.evaluation.metric import ImageMetric
from pokecolor.palette import color_shares, f1_of, present_colors

if TYPE_CHECKING:
    import numpy as np

    from pokecolor.evaluation.cases import Case


def prompt_color_f1(
    image: np.ndarray, prompt: str, left_out: np.ndarray | None = None
) -> float | None:
    """F1 of the named colors against those that are there; None if the prompt names none.

    It needs no masks, and so it does not know which part should have which color.

    Args:
        image: uint8 [height, width, 3].
        prompt: the instruction.
        left_out: bool [height, width], as for `color_shares`.
    """
    named = {term for _, _, term in find_color_words(prompt)}
    return f1_of(named, present_colors(image, left_out)) if named else None


def has_main_color(image: np.ndarray, term: str, left_out: np.ndarray | None = None) -> bool:
    """Whether a color is the foreground's most frequent one.

    Args:
        image: uint8 [height, width, 3].
        term: a basic color term.
        left_out: bool [height, width], as for `color_shares`.
    """
    (main, share), *_ = color_shares(image, left_out).items()
    return share > 0 and main == term


class PromptColorF1(ImageMetric):
    """The mean of `prompt_color_f1`, over the images whose prompts name colors."""

    key, label, worst = "prompt_color_f1", "Prompt-color F1", 0.0
    meaning = "colors named against colors there"
    needs = ("color words",)

    def score(self, case: Case) -> float | None:
        """See `prompt_color_f1`."""
        left_out = case.drawing.left_out(case.picture)
        return prompt_color_f1(case.picture, case.drawing.prompt, left_out)


class MainColor(ImageMetric):
    """How often `has_main_color` holds, of a prompt for each basic color."""

    key, label, worst = "main_color", "Main color", 0.0
    meaning = "the picture's main color is the one asked for"
    needs = ("template",)
    baselines = ()

    def counted(self, case: Case) -> list[float]:
        """1 or 0 for each color; 0 for an image that failed."""
        colored = ((term, case.by_color[term]) for term in TERMS if term in case.by_color)
        return [
            float(
                picture is not None
                and has_main_color(picture, term, case.drawing.left_out(picture))
            )
            for term, picture in colored
        ]
