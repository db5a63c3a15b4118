"""Measures color binding: does a captioner know which part has which color?"""

from __future__ import annotations

import random
import re
import zlib
from typing import TYPE_CHECKING

from pokecolor.core.colors import find_color_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from pokecolor.captioning.captioner import Scorer

_ARTICLE = re.compile(r"\ban?(?= (?P<next>\w))", re.IGNORECASE)


def swap_colors(caption: str, rng: random.Random) -> str | None:
    """Swap two colors of a caption; None if it names fewer than two.

    "a green fox with an orange tail" to "an orange fox with a green tail".
    """
    words = find_color_words(caption)
    pairs = [(a, b) for a in words for b in words if a[0] < b[0] and a[2] != b[2]]
    if not pairs:
        return None
    (start, end, _), (other_start, other_end, _) = rng.choice(pairs)
    swapped = (
        caption[:start] + caption[other_start:other_end] + caption[end:other_start]
        + caption[start:end] + caption[other_end:]
    )  # fmt: skip
    # "an green fox" would reveal the swap
    return _ARTICLE.sub(_right_article, swapped)


def tells_apart(
    scorer: Scorer, images: Sequence[np.ndarray], captions: Sequence[str], ids: Sequence[str]
) -> list[float | None]:
    """Whether the true caption scores higher than the same with two colors swapped; chance is 0.5.

    Args:
        scorer: the captioner.
        images: uint8 [height, width, 3] each.
        captions: the true captions.
        ids: ids of the samples, which alone determine the swapped colors.

    Returns:
        1 or 0 for each image; None if its caption has fewer than two colors.
    """
    swaps = [
        swap_colors(caption, random.Random(zlib.crc32(name.encode())))
        for caption, name in zip(captions, ids, strict=True)
    ]
    rows = [i for i, swap in enumerate(swaps) if swap]
    found: list[float | None] = [None] * len(images)
    if rows:
        pictures = [images[i] for i in rows]
        right = scorer.score(pictures, [captions[i] for i in rows])
        wrong = scorer.score(pictures, [swaps[i] for i in rows])
        for i, better in zip(rows, (right > wrong).tolist(), strict=True):
            found[i] = float(better)
    return found


def _right_article(match: re.Match) -> str:
    article = "an" if match["next"].lower() in "aeiou" else "a"
    return article.capitalize() if match[0][0].isupper() else article
