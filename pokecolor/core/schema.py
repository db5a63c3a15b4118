"""The records that packages exchange: parts, triplets, batches, and the interface of sources.

Field names are those of diffusers' InstructPix2Pix. `data`, `captioning`, `diffusion`,
`pretraining`, `evaluation` and `app` do not import one another; they share these types.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol, TypedDict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    import torch

Split = Literal["train", "val", "test"]
SPLITS: tuple[Split, ...] = ("train", "val", "test")


class Part(NamedTuple):
    """A part of a drawing whose color is known, such as the belly of a creature.

    A named tuple, because Lightning traverses batches and refuses frozen dataclasses.
    """

    name: str
    """Its name in the instruction: "belly", "eyes"."""
    color: str
    """Its basic color term, one of `pokecolor.core.colors.TERMS`."""
    rgb: tuple[int, int, int]
    """The flat color it was painted with, 0 to 255."""
    named: bool
    """Whether `edit_prompt` asks for this color."""


@dataclass(frozen=True, eq=False)
class Triplet:
    """One training sample: a sketch, an instruction, and the color image."""

    id: str
    """Unique and stable; letters, digits, '-' and '_' only, because a shard's key ends at a dot."""
    drawing_id: str
    """The drawing it comes from. Variants of a drawing are in the same split."""
    original_image: np.ndarray
    """The sketch: uint8 [height, width, 3], black lines on white."""
    edited_image: np.ndarray | None
    """The color image: uint8 [height, width, 3], same size. None for sketches without ground truth,
    which can be colored but not trained on; either all triplets of a source have one, or none."""
    edit_prompt: str
    """The instruction: "Turn it into a green creature with red eyes." """
    parts: tuple[Part, ...] = ()
    """The parts whose color is known; empty if none is."""
    part_map: np.ndarray | None = None
    """uint8 [height, width]: 0 outside all parts and on lines, i where `parts[i - 1]` shows."""


class ColorImage(NamedTuple):
    """The part of a sample that captioners use."""

    id: str
    """Id of the triplet."""
    image: np.ndarray
    """uint8 [height, width, 3], in color."""
    caption: str
    """The instruction in the data set."""
    split: Split


class Source(Protocol):
    """A source of drawings. It is small, picklable, and reads files only on demand."""

    name: str
    """Letters, digits and '-'; part of the name of its shards' folder."""
    attribution: str
    """The attribution that model cards must show, in Markdown."""

    @property
    def fingerprint(self) -> str:
        """Hex digest of everything its triplets depend on; the cache key of its shards."""

    def drawings(self) -> Sequence[str]:
        """The ids of all drawings, in a fixed order."""

    def split_of(self, drawing_id: str) -> Split:
        """The split of a drawing; adding other drawings does not change it."""

    def triplets(self, drawing_id: str) -> Iterator[Triplet]:
        """All triplets of one drawing.

        Raises:
            pokecolor.core.images.conversion.ImageError: a file of this drawing cannot be read.
        """


class Batch(TypedDict, total=False):
    """What a data loader yields. It contains either images or latents."""

    id: list[str]
    drawing_id: list[str]
    edit_prompt: list[str]
    parts: list[tuple[Part, ...]]
    original_image: torch.Tensor
    """float32 [batch, 3, height, width] in [-1, 1]."""
    edited_image: torch.Tensor
    """float32 [batch, 3, height, width] in [-1, 1], flipped where `original_image` is; absent for
    sketches without ground truth."""
    part_map: torch.Tensor
    """uint8 [batch, height, width]: 0 outside all parts and on lines, i where `parts[i - 1]` shows;
    flipped like the images. All 0 for a sample without a map. If no sample has one, it may have the
    size of the latents."""
    original_latents: torch.Tensor
    """float16 [batch, latent_channels, h, w]: mode of the VAE posterior, not scaled."""
    edited_latents: torch.Tensor
    """float16 [batch, latent_channels, h, w]: mode of the VAE posterior times `scaling_factor`."""
    prompt_embeds: torch.Tensor
    """float16 [batch, tokens, dim]: the output of the model's `encode_prompt`."""
    has_text: torch.Tensor
    """bool [batch]: false where training has dropped the prompt. Added by the training step."""
