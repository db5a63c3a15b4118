"""Inference engines: diffusers, or ONNX Runtime without PyTorch."""

from __future__ import annotations

import ctypes
import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

from pokecolor.coloring.engines.graphs import GRAPHS
from pokecolor.core import extras
from pokecolor.core.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    import torch

    from pokecolor.core.images.failed_pictures import NoPicture
    from pokecolor.model_files.sampling import Sampling

EngineName = Literal["onnx", "diffusers"]


class Engine(Protocol):
    """A loaded model. The same seed gives the same image with each engine."""

    size: int
    """Side of the model's square, in pixels."""
    vocabulary: int
    """Tokens that its tokenizer knows."""
    on_gpu: bool

    def paint(
        self,
        prompts: Sequence[str],
        squares: Sequence[np.ndarray],
        seeds: Sequence[int],
        sampling: Sampling,
        on_step: Callable[[float], None] | None = None,
        negative_prompt: str = "",
    ) -> list[np.ndarray | NoPicture]:
        """Generate a batch of images.

        Args:
            prompts: the model's prompts.
            squares: line art, uint8 [size, size, 3] each.
            seeds: seeds of the noise, one each, 0 to 2**64 - 1.
            sampling: steps and guidance.
            on_step: called after each step with the completed share, 0 to 1; an exception that it
                raises stops the sampling.
            negative_prompt: replaces the empty prompt of guidance.

        Returns:
            uint8 [size, size, 3] each, or the reason why there is none.
        """
        ...

    def to(self, device: torch.device) -> None:
        """Move the model to a device, if the engine supports devices."""
        ...

    def fingerprint(self) -> list[Any]:
        """Everything that images depend on besides the arguments of `paint`, for JSON."""
        ...


def open_engine(
    location: str | Path,
    name: EngineName | None = None,
    device: str | None = None,
    lora: str | Path | None = None,
) -> Engine:
    """Load a model.

    Args:
        location: the folder of a pipeline, a single file, or an id on the model hub.
        name: by default ONNX Runtime if the folder has ONNX graphs, it is installed, PyTorch has
            no GPU, and neither a GPU nor LoRA is requested; otherwise diffusers.
        device: "cuda", "mps" or "cpu"; None for the fastest available.
        lora: a file of LoRA weights to merge into the model.

    Raises:
        UserError: the model is missing or incomplete, or the engine is not installed.
    """
    if name is None:
        plain = lora is None and device in (None, "cpu")
        name = _choose(Path(location), device) if plain else "diffusers"
    missing = [module for module in NEEDED[name] if not _installed(module)]
    if missing and name == "diffusers":
        raise UserError(
            f"{location}: to run this model {missing[0]} is needed, which is not installed: "
            f"{extras.hint('torch')}; or convert the model where it is, by pokecolor export "
            "--format onnx"
        )
    if missing:
        raise UserError(f"{missing[0]} is not installed: {extras.hint('')}")
    if name == "onnx":
        from pokecolor.coloring.engines.onnx_engine import OnnxEngine

        return OnnxEngine.read(Path(location))
    from pokecolor.coloring.engines.diffusers_engine import DiffusersEngine

    return DiffusersEngine.read(location, device, lora)


NEEDED: dict[EngineName, tuple[str, ...]] = {
    "onnx": ("onnxruntime", "tokenizers"),
    "diffusers": ("torch", "diffusers", "transformers"),
}
"""The packages that each engine runs on."""


def _choose(location: Path, device: str | None) -> EngineName:
    if not any((location / graph).is_file() for graph in GRAPHS.values()):
        return "diffusers"
    if not _installed("torch"):
        return "onnx"
    gpu = device is None and _has_gpu()
    return "diffusers" if gpu or not _installed("onnxruntime") else "onnx"


def _installed(module: str) -> bool:
    return importlib.util.find_spec(module) is not None


def _has_gpu() -> bool:
    """Whether PyTorch has a GPU. Importing it takes seconds, so the driver is looked for first."""
    for library in ("libcuda.so.1", "nvcuda.dll"):
        try:
            ctypes.CDLL(library)
        except OSError:
            continue
        from torch.cuda import is_available

        return is_available()
    return False
