"""Generates images with ONNX Runtime and numpy, without PyTorch."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pokecolor.coloring.engines.dpm_solver import DPMSolver, require_supported
from pokecolor.coloring.engines.graphs import GRAPHS, HEADER, header_digest, weights_of
from pokecolor.coloring.engines.noise import seeded_noise
from pokecolor.core.errors import UserError
from pokecolor.core.images.failed_pictures import NoPicture

if TYPE_CHECKING:
    import torch
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

    from pokecolor.model_files.sampling import Sampling


class OnnxEngine:
    """See `Engine`.

    Args:
        sessions: sessions by the names of `GRAPHS`.
        tokenizer: pads and truncates to the text encoder's length.
        schedule: contents of `scheduler_config.json`.
        files: files of the graphs and weights.
    """

    on_gpu = False

    def __init__(
        self,
        sessions: dict[str, InferenceSession],
        tokenizer: Tokenizer,
        schedule: dict[str, Any],
        files: Sequence[Path],
    ) -> None:
        self._sessions, self._tokenizer = sessions, tokenizer
        self._schedule, self._files = schedule, files
        self.size = int(sessions["vae_encoder"].get_inputs()[0].shape[-1])
        self.vocabulary = tokenizer.get_vocab_size()

    @classmethod
    def read(cls, folder: Path) -> OnnxEngine:
        """Read the graphs of a pipeline, their weights, its tokenizer and its noise schedule.

        Raises:
            UserError: a file is missing, damaged, of another model or not supported.
        """
        graphs = {name: folder / path for name, path in GRAPHS.items()}
        schedule_file = folder / "scheduler" / "scheduler_config.json"
        schedule = _read_json(schedule_file)
        require_supported(schedule, str(schedule_file))
        with ThreadPoolExecutor() as pool:
            sessions = dict(zip(graphs, pool.map(_open, graphs.values()), strict=True))
        _require_fit(sessions, folder)
        length = sessions["text_encoder"].get_inputs()[0].shape[-1]
        tokenizer = _read_tokenizer(folder / "tokenizer", length)
        files = [*graphs.values(), *map(weights_of, graphs.values())]
        return cls(sessions, tokenizer, schedule, files)

    def paint(
        self,
        prompts: Sequence[str],
        squares: Sequence[np.ndarray],
        seeds: Sequence[int],
        sampling: Sampling,
        on_step: Callable[[float], None] | None = None,
        negative_prompt: str = "",
    ) -> list[np.ndarray | NoPicture]:
        """See `Engine.paint`; Brooks et al. 2023, eq. 3, as in diffusers."""
        guided = sampling.guidance > 1 and sampling.image_guidance >= 1
        count = len(prompts)
        text = self._embed([*prompts, *([negative_prompt] if guided else [])])
        pixels = np.stack(squares).astype(np.float32).transpose(0, 3, 1, 2) / 255
        (drawn,) = self._run("vae_encoder", sample=2 * pixels - 1)
        if guided:  # text and image, image only, neither
            text = np.concatenate([text[:-1], *[text[-1:]] * (2 * count)])
            drawn = np.concatenate([drawn, drawn, np.zeros_like(drawn)])
        noise = np.stack([seeded_noise(seed, drawn.shape[1:]) for seed in seeds])

        def predict(step: int, timestep: int, sample: np.ndarray) -> np.ndarray:
            if on_step and step:
                on_step(step / len(solver.timesteps))
            several = np.concatenate([sample] * 3) if guided else sample
            (found,) = self._run(
                "unet",
                sample=np.concatenate([several, drawn], axis=1),
                timestep=np.array([timestep]),
                encoder_hidden_states=text,
            )
            if not guided:
                return found
            both, image, neither = np.split(found, 3)
            of_text = np.float32(sampling.guidance) * (both - image)
            of_image = np.float32(sampling.image_guidance) * (image - neither)
            return neither + of_text + of_image

        solver = DPMSolver.of(self._schedule, sampling.steps)
        with np.errstate(invalid="ignore", over="ignore"):  # checked for each image below
            latents = solver.solve(noise, predict)
            if on_step:
                on_step(1.0)
            (painted,) = self._run("vae_decoder", latent_sample=latents)
        return [_picture(each) for each in painted]

    def to(self, device: torch.device) -> None:
        """See `Engine.to`; this engine runs on the CPU only."""

    def fingerprint(self) -> list[Any]:
        """See `Engine.fingerprint`."""
        version = importlib.metadata.version("onnxruntime")
        digests = [hashlib.sha256(path.read_bytes()).hexdigest() for path in self._files]
        return ["onnxruntime", version, digests, self._tokenizer.to_str(), self._schedule]

    def _embed(self, prompts: list[str]) -> np.ndarray:
        tokens = [found.ids for found in self._tokenizer.encode_batch(prompts)]
        (text,) = self._run("text_encoder", input_ids=np.array(tokens, np.int64))
        return text

    def _run(self, graph: str, **inputs: np.ndarray) -> list[np.ndarray]:
        return self._sessions[graph].run(None, inputs)


def _picture(painted: np.ndarray) -> np.ndarray | NoPicture:
    """[3, size, size] in -1 to 1 as uint8 [size, size, 3]."""
    if not np.isfinite(painted).all():
        return NoPicture("not_finite")
    light = np.clip(painted / 2 + 0.5, 0, 1).transpose(1, 2, 0)
    return np.round(255 * light).astype(np.uint8)


def _open(path: Path) -> InferenceSession:
    import onnxruntime

    if not path.is_file():
        raise UserError(f"{path}: missing; copy the whole folder, or pokecolor export it again")
    weights = weights_of(path)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = int(os.environ.get("OMP_NUM_THREADS") or 0)  # as PyTorch
    options.log_severity_level = 4  # failures are raised
    # prepacking weights takes a third of the loading time, and makes inference no faster
    options.add_session_config_entry("session.disable_prepacking", "1")
    try:
        session = onnxruntime.InferenceSession(path, options, ["CPUExecutionProvider"])
    except Exception as error:  # its exceptions have no common base class
        header_digest(weights)
        reason = " ".join(str(error).split())[:160]
        raise UserError(
            f"{path}: cannot be read ({reason}); if {weights.name} was changed, make the graphs "
            "anew by pokecolor export --format onnx"
        ) from error
    if session.get_modelmeta().custom_metadata_map.get(HEADER) != header_digest(weights):
        raise UserError(
            f"{path}: made for other weights than {weights.name} beside it; make it anew by "
            "pokecolor export --format onnx"
        )
    return session


def _require_fit(sessions: dict[str, InferenceSession], folder: Path) -> None:
    """Check that the graphs are of one model.

    Raises:
        UserError: they are not.
    """
    noisy, _, text = (each.shape for each in sessions["unet"].get_inputs())
    drawn = sessions["vae_encoder"].get_outputs()[0].shape
    found = {
        "a width of texts": (text[-1], sessions["text_encoder"].get_outputs()[0].shape[-1]),
        "a number of channels": (noisy[1], 2 * drawn[1]),
        "a side of latents": (noisy[-1], drawn[-1]),
    }
    for what, (of_unet, of_other) in found.items():
        if of_unet != of_other:
            raise UserError(
                f"{folder}: its graphs are of two models ({what}: {of_unet} and {of_other})"
            )


def _read_tokenizer(folder: Path, length: int) -> Tokenizer:
    """A tokenizer that pads and truncates every text to `length` tokens.

    Raises:
        UserError: it cannot be read.
    """
    from tokenizers import Tokenizer

    path = folder / "tokenizer.json"
    if not path.is_file():
        raise UserError(f"{path}: missing; copy the whole folder again")
    padding = _read_json(folder / "tokenizer_config.json").get("pad_token")
    padding = padding["content"] if isinstance(padding, dict) else padding
    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # the library raises no narrower one
        raise UserError(f"{path}: cannot be read ({' '.join(str(error).split())})") from error
    number = tokenizer.token_to_id(padding or "")
    if number is None:
        raise UserError(f"{path}: has no token {padding} to fill texts with")
    tokenizer.enable_truncation(length)
    tokenizer.enable_padding(length=length, pad_id=number, pad_token=padding)
    return tokenizer


def _read_json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(found, dict):
            raise ValueError("it is no JSON object")
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror})") from error
    except ValueError as error:
        raise UserError(f"{path}: cannot be read ({error})") from error
    return found
