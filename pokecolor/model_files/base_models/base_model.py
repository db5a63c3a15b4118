"""The interface of base models, by which training, export and sampling use an architecture."""

from __future__ import annotations

import functools
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Self

from pokecolor.core.errors import UserError
from pokecolor.model_files.parts import read_model, read_tokenizer
from pokecolor.model_files.sampling import Sampling

if TYPE_CHECKING:
    import torch
    from diffusers import DDPMScheduler, DiffusionPipeline, ModelMixin, SchedulerMixin

    from pokecolor.core.schema import Batch


class Conditions(NamedTuple):
    """The conditioning of a prediction."""

    image: torch.Tensor
    """float32 [batch, channels, h, w]: latents of the sketch, unscaled."""
    prompt: torch.Tensor
    """float32 [batch, tokens, dim]: the instruction, encoded by `encode_prompt`."""


class BaseModel(ABC):
    """A pretrained model that edits an image by instruction.

    `parts` become attributes. One of them, the network, is trained; the others are frozen. It is
    not an `nn.Module`, so that a LightningModule neither saves nor synchronizes frozen parts.

    Args:
        parts: the parts, by their names in `parts`.
        scheduler: the noise schedule and the prediction type (epsilon or v).
        origin: description of the starting weights, for the model card.
        sampling: sampling settings; None for the architecture's default.
        where: name of the model in messages.

    Raises:
        UserError: the parts do not fit together.
    """

    pipeline: ClassVar[str]
    """Name of its pipeline class in diffusers."""
    pipeline_settings: ClassVar[Mapping[str, Any]] = {}
    """Arguments of the pipeline class besides the parts."""
    parts: ClassVar[Mapping[str, str]]
    """Part => class, without the scheduler, named as in the pipeline class."""
    trained: ClassVar[str] = "unet"
    """Name of the trained part, the network."""
    extra_inputs: ClassVar[Mapping[str, str]] = {}
    """Further inputs of the network, as settings of its configuration."""
    widens: ClassVar[bool] = True
    """Whether the sketch enters through additional input channels of `conv_in`."""
    lora_targets: ClassVar[tuple[str, ...]]
    """Suffixes of the names of layers that LoRA adapts."""
    sampling: Sampling = Sampling()
    """Default sampling settings, for checkpoints without `sampling.json`."""

    def __init__(
        self,
        parts: Mapping[str, Any],
        scheduler: DDPMScheduler,
        origin: str = "",
        sampling: Sampling | None = None,
        where: str = "the model",
    ) -> None:
        self.__dict__.update(parts)
        self.scheduler, self.origin = scheduler, origin
        if sampling is not None:
            self.sampling = sampling
        self.require_fit(where)
        for part in self.frozen:
            part.requires_grad_(False).eval()

    # ---- files

    @classmethod
    def read_parts(
        cls, root: str, revision: str | None = None, without: Iterable[str] = ()
    ) -> dict[str, Any]:
        """Read the parts from a folder in diffusers layout, a single file or the hub, in float32.

        Raises:
            UserError: a part is missing, damaged, pickled, or of another architecture.
        """
        if Path(root).is_file():
            return cls.read_file(Path(root))
        return {
            name: read_tokenizer(root, name, revision)
            if kind.endswith("Tokenizer")
            else read_model(_find_class(kind), root, name, revision, cls.extra_inputs)
            for name, kind in cls.parts.items()
            if name not in without
        }

    @classmethod
    def read_file(cls, path: Path) -> dict[str, Any]:
        """Read the parts from a single file; raises UserError if the architecture has no such
        format.
        """
        raise UserError(
            f"{path}: this architecture is not read from a single file; give a folder in diffusers "
            "layout"
        )

    @abstractmethod
    def require_fit(self, where: str) -> None:
        """Check that the parts belong to one model; raises UserError."""

    # ---- training

    @abstractmethod
    def predict(
        self, noisy: torch.Tensor, timesteps: torch.Tensor, given: Conditions
    ) -> torch.Tensor:
        """The network's prediction, [batch, channels, h, w].

        Args:
            noisy: noisy latents, [batch, channels, h, w].
            timesteps: int64 [batch].
            given: the conditions.
        """

    def encode(self, batch: Batch) -> tuple[torch.Tensor, Conditions]:
        """The scaled latents of the color images, and the conditions; cached ones are used."""
        if "original_latents" in batch:
            original, edited = batch["original_latents"], batch["edited_latents"]
        else:
            original = self.encode_original(batch["original_image"])
            edited = self.encode_edited(batch["edited_image"])
        prompt = batch.get("prompt_embeds")
        if prompt is None:
            prompt = self.encode_prompt(batch["edit_prompt"])
        return edited.float(), Conditions(original.float(), prompt.float())

    @functools.cached_property
    def null_prompt(self) -> torch.Tensor:
        """The embedding of no instruction, float32 [1, tokens, dim], as in the pipeline."""
        return self.encode_prompt([""]).float()

    @abstractmethod
    def encode_original(self, images: torch.Tensor) -> torch.Tensor:
        """Images [n, 3, height, width] in [-1, 1] to unscaled latents [n, channels, h, w]."""

    @abstractmethod
    def encode_edited(self, images: torch.Tensor) -> torch.Tensor:
        """Images [n, 3, height, width] in [-1, 1] to scaled latents [n, channels, h, w]."""

    @abstractmethod
    def unscaled(self, latents: torch.Tensor) -> torch.Tensor:
        """Convert latents of `encode_edited` to the scale of `encode_original`."""

    @abstractmethod
    def encode_prompt(self, prompts: list[str]) -> torch.Tensor:
        """Encode prompts as one tensor, [n, tokens, dim], for `predict`."""

    @property
    @abstractmethod
    def max_tokens(self) -> int:
        """Maximum number of tokens of a prompt, including start and end."""

    @abstractmethod
    def cut_prompts(self, prompts: list[str]) -> list[str]:
        """The prompts that are longer than `max_tokens`, whose ends are ignored."""

    @abstractmethod
    def decode(self, latents: torch.Tensor) -> torch.Tensor:
        """Unscaled latents [n, channels, h, w] to images [n, 3, height, width] near [-1, 1]."""

    @abstractmethod
    def blocks(self) -> list[torch.nn.Module]:
        """Blocks of the network to shard, in the order of their use."""

    @property
    def takes_image(self) -> bool:
        """Whether it takes a sketch; a text-to-image model does not."""
        return True

    @property
    @abstractmethod
    def cell(self) -> int:
        """Pixels per latent cell, along each side."""

    # ---- its parts

    @property
    def network(self) -> ModelMixin:
        """The part that is trained."""
        return getattr(self, self.trained)

    @property
    def frozen(self) -> list[torch.nn.Module]:
        """The other parts with weights."""
        kept = (getattr(self, name) for name in self.parts if name != self.trained)
        return [part for part in kept if hasattr(part, "requires_grad_")]

    def to(self, device: torch.device) -> Self:
        """Move the frozen parts to a device, in place."""
        for part in self.frozen:
            part.to(device)
        return self

    @property
    def device(self) -> torch.device:
        """The device of the frozen parts."""
        return self.frozen[0].device

    @property
    @abstractmethod
    def image_fingerprint(self) -> str:
        """Hex digest of the image encoder."""

    @property
    @abstractmethod
    def text_fingerprint(self) -> str:
        """Hex digest of the text encoder."""

    @property
    def fingerprint(self) -> str:
        """Digests of both encoders: a network only works with the encoders that it was trained
        with.
        """
        return f"{self.image_fingerprint} {self.text_fingerprint}"

    def to_pipeline(
        self, scheduler: SchedulerMixin, network: ModelMixin | None = None
    ) -> DiffusionPipeline:
        """diffusers' pipeline with the same weights, not copied.

        Args:
            scheduler: the sampler.
            network: a network to use instead.
        """
        parts = {name: getattr(self, name) for name in self.parts}
        if network is not None:
            parts[self.trained] = network
        settings = {"scheduler": scheduler, **self.pipeline_settings}
        return _find_class(self.pipeline)(**parts, **settings)


def _find_class(name: str) -> type:
    """A class of diffusers or transformers."""
    import diffusers
    import transformers

    return getattr(diffusers, name, None) or getattr(transformers, name)
