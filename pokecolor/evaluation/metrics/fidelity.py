"""PSNR and SSIM: pixel-wise similarity to the ground truth.

A right coloring may be far from the ground truth, such as another green. White background raises
both: the scores of the bare sketch show by how much.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from torchmetrics.functional.image import (
    peak_signal_noise_ratio,
    structural_similarity_index_measure,
)

from pokecolor.core.images.conversion import to_tensor

if TYPE_CHECKING:
    import numpy as np

MAX_PSNR = 10 * math.log10(255**2 * 12)
"""58.9 dB, the value of equal pictures: rounding to 8 bits has a mean squared error of 1/12."""

SSIM_WINDOW = 11
"""Side of SSIM's window, in pixels."""


def psnr(image: np.ndarray, target: np.ndarray) -> float:
    """Peak signal-to-noise ratio in dB over all channels, 58.9 at most.

    Args:
        image: uint8 [height, width, 3].
        target: the same.
    """
    if (image == target).all():
        return MAX_PSNR
    pair = to_tensor(image), to_tensor(target)
    return min(MAX_PSNR, float(peak_signal_noise_ratio(*pair, data_range=(-1.0, 1.0))))


def ssim(image: np.ndarray, target: np.ndarray) -> float | None:
    """Structural similarity, -1 to 1, the mean of the channels'; None below 11 pixels a side.

    Wang et al., 2004, "Image quality assessment", eq. 13, with their Gaussian window and constants;
    at the border the picture is mirrored.

    Args:
        image: uint8 [height, width, 3].
        target: the same.
    """
    if min(image.shape[:2]) < SSIM_WINDOW:
        return None
    # in [0, 1], because the constants assume that black is 0
    pair = (to_tensor(values)[None].add(1).div(2) for values in (image, target))
    return float(structural_similarity_index_measure(*pair, data_range=1.0))
