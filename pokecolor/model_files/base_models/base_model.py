"""The interface of a base model: all that training, export and sampling know of an architecture."""

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
    """float32 [batch, tokens, dim]: what `encode_prompt` makes of the instruction."""


class BaseModel(ABC):
    """A pretrained model that edits an image by instruction.

    `parts` become attributes. One of them, the network, is trained; the others are frozen. It is
    no `nn.Module`, so that a LightningModule that holds one neither saves nor synchronizes them.

    Args:
        parts: by their names in `parts`.
        scheduler: the noise schedule, and what the network predicts: epsilon or v.
        origin: what training starts from, in words for the model card.
        sampling: how it is drawn with; None for what its architecture has.
        where: names the model in messages.

    Raises:
        UserError: the parts do not fit together.
    """

    pipeline: ClassVar[str]
    """The class in diffusers that draws with it."""
    pipeline_settings: ClassVar[Mapping[str, Any]] = {}
    """Arguments of that class beside its parts."""
    parts: ClassVar[Mapping[str, str]]
    """What it consists of, the scheduler apart, as that class names it, and each one's class."""
    trained: ClassVar[str] = "unet"
    """The name of the network among the parts."""
    extra_inputs: ClassVar[Mapping[str, str]] = {}
    """What the network takes beside latents, timestep and text: settings of its configuration."""
    widens: ClassVar[bool] = True
    """Whether the image enters through further input channels of the network's `conv_in`."""
    lora_targets: ClassVar[tuple[str, ...]]
    """Ends of the names of the layers that LoRA adapts."""
    sampling: Sampling = Sampling()
    """Steps and guidance scales to draw with where a checkpoint states none."""

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
        """Its parts from a folder in diffusers layout, a single file or the hub, in float32.

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
        """Its parts from a single file; a UserError where there is no such format."""
        raise UserError(
            f"{path}: this architecture is not read from a single file; give a folder in diffusers "
            "layout"
        )

    @abstractmethod
    def require_fit(self, where: str) -> None:
        """Check that the parts are of one model; a UserError names what is not."""

    # ---- training

    @abstractmethod
    def predict(
        self, noisy: torch.Tensor, timesteps: torch.Tensor, given: Conditions
    ) -> torch.Tensor:
        """What the network answers, [batch, channels, h, w].

        Args:
            noisy: latents with noise, [batch, channels, h, w].
            timesteps: int64 [batch].
            given: sketch and instruction.
        """

    def encode(self, batch: Batch) -> tuple[torch.Tensor, Conditions]:
        """The latents to be denoised, scaled, and the conditions: cached, or computed now."""
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
        """What stands for no instruction, float32 [1, tokens, dim], as the pipeline has it."""
        return self.encode_prompt([""]).float()

    @abstractmethod
    def encode_original(self, images: torch.Tensor) -> torch.Tensor:
        """Images [n, 3, height, width] in [-1, 1] to unscaled latents [n, channels, h, w]."""

    @abstractmethod
    def encode_edited(self, images: torch.Tensor) -> torch.Tensor:
        """Images [n, 3, height, width] in [-1, 1] to scaled latents [n, channels, h, w]."""

    @abstractmethod
    def unscaled(self, latents: torch.Tensor) -> torch.Tensor:
        """Latents as `encode_original` gives them, of those that `encode_edited` gives."""

    @abstractmethod
    def encode_prompt(self, prompts: list[str]) -> torch.Tensor:
        """Prompts to one tensor [n, tokens, dim] with all that the network is told of them."""

    @property
    @abstractmethod
    def max_tokens(self) -> int:
        """Tokens of a prompt that are read, those of its beginning and end included."""

    @abstractmethod
    def cut_prompts(self, prompts: list[str]) -> list[str]:
        """Those of the prompts that are longer: their ends are not read."""

    @abstractmethod
    def decode(self, latents: torch.Tensor) -> torch.Tensor:
        """Unscaled latents [n, channels, h, w] to images [n, 3, height, width] near [-1, 1]."""

    @abstractmethod
    def blocks(self) -> list[torch.nn.Module]:
        """Parts of the network that are sharded one by one, in the order of their use."""

    @property
    def takes_image(self) -> bool:
        """Whether it edits an image; a text-to-image model learns to, first."""
        return True

    @property
    @abstractmethod
    def cell(self) -> int:
        """Side of a latent's cell in pixels."""

    # ---- its parts

    @property
    def network(self) -> ModelMixin:
        """The part that is trained."""
        return getattr(self, self.trained)

    @property
    def frozen(self) -> list[torch.nn.Module]:
        """The other parts that have weights."""
        kept = (getattr(self, name) for name in self.parts if name != self.trained)
        return [part for part in kept if hasattr(part, "requires_grad_")]

    def to(self, device: torch.device) -> Self:
        """Move what is frozen, in place; nothing happens where it is there already."""
        for part in self.frozen:
            part.to(device)
        return self

    @property
    def device(self) -> torch.device:
        """Where what is frozen is."""
        return self.frozen[0].device

    @property
    @abstractmethod
    def image_fingerprint(self) -> str:
        """Hex digest of what encodes images."""

    @property
    @abstractmethod
    def text_fingerprint(self) -> str:
        """Hex digest of what encodes prompts."""

    @property
    def fingerprint(self) -> str:
        """Both: a network understands no other latents and no other text encoder's words."""
        return f"{self.image_fingerprint} {self.text_fingerprint}"

    def to_pipeline(
        self, scheduler: SchedulerMixin, network: ModelMixin | None = None
    ) -> DiffusionPipeline:
        """diffusers' own pipeline over the same weights.

        Args:
            scheduler: walks down the noise schedule.
            network: instead of the own.
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
