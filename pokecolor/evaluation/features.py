"""Networks that compute feature vectors of pictures."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Protocol

import numpy as np
import torch
from PIL import Image

from pokecolor.core.errors import UserError
from pokecolor.core.extras import hint
from pokecolor.core.images.conversion import letterbox

if TYPE_CHECKING:
    from collections.abc import Sequence

BATCH_SIZE = 32
"""Images per forward pass."""


class Features(Protocol):
    """Encodes images. Metrics of different features are not comparable; reports name the
    network.
    """

    name: str
    """The backbone: "mini CLIP", "openai/clip-vit-large-patch14", "Inception v3"."""

    def image_features(self, images: Sequence[np.ndarray]) -> torch.Tensor:
        """Images, uint8 [height, width, 3] of any sizes, to float32 [n, width] on the CPU."""


class TextFeatures(Features, Protocol):
    """Encodes images and texts: `pokecolor.model_files.clip_model.ClipModel`."""

    def text_features(self, texts: Sequence[str]) -> torch.Tensor:
        """Texts to float32 [n, width] on the CPU, in the space of the images."""


class InceptionFeatures:
    """The features of published FID and KID values: Inception v3's last pooling layer, 2048 wide.

    Images are padded to squares, and scaled to 299 pixels by the network. It needs torch-fidelity,
    which downloads the weights once.

    Args:
        weights: a file of torch-fidelity's weights; None to download them.
    """

    name = "Inception v3"

    def __init__(self, weights: str | None = None) -> None:
        self.weights = weights

    @torch.inference_mode()
    def image_features(self, images: Sequence[np.ndarray]) -> torch.Tensor:
        """See `Features`.

        Raises:
            UserError: torch-fidelity or its weights are missing.
        """
        network, device = self._network
        found = []
        # one by one if sizes differ; the network scales its input
        sides = [max(image.shape[:2]) for image in images]
        step = BATCH_SIZE if len(set(sides)) == 1 else 1
        for start in range(0, len(images), step):
            chunk = [
                letterbox(Image.fromarray(image), side)
                for image, side in zip(
                    images[start : start + step], sides[start : start + step], strict=True
                )
            ]
            pixels = torch.from_numpy(np.stack(chunk)).permute(0, 3, 1, 2)
            found.append(network(pixels.to(device)).float().cpu())
        return torch.cat(found)

    @functools.cached_property
    def _network(self) -> tuple[torch.nn.Module, str]:
        try:
            from torchmetrics.image.fid import NoTrainInceptionV3

            network = NoTrainInceptionV3("inception-v3-compat", ["2048"], self.weights)
        except (ImportError, OSError, RuntimeError) as error:
            reason = " ".join(str(error).split())[:120]
            raise UserError(
                f"features=inception: no weights at hand; {hint('inception')}, go "
                f"online once, give features.weights=<file>, or use features=mini ({reason})"
            ) from error
        device = "cuda" if torch.cuda.is_available() else "cpu"
        return network.to(device), device
