"""`caption=cnn_lstm`: trains on the captioned images and writes captions for the others."""

from __future__ import annotations

import functools
import hashlib
import itertools
import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from PIL import Image
from rich import print as rich_print
from torch.nn import functional as F

from pokecolor.captioning.cnn_lstm.beam import beam_search
from pokecolor.captioning.cnn_lstm.network import CnnLstm
from pokecolor.captioning.cnn_lstm.vocabulary import END, PAD, SPECIAL, START, Vocabulary
from pokecolor.core.atomic_folders import build_folder, set_aside
from pokecolor.core.errors import UserError
from pokecolor.core.images.conversion import letterbox, to_tensor
from pokecolor.model_files import checksums

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from transformers import ResNetModel

    from pokecolor.core.schema import ColorImage

WEIGHTS, WORDS = "captioner.safetensors", "vocabulary.json"
BATCH_SIZE = 64
"""Images captioned at a time."""


class CnnLstmCaptioner:
    """Trains a CNN-LSTM on the data set's captions, then captions images with it.

    The defaults are those of the project that pokecolor reproduces: 307 captions, and `<unk>` for
    every rare word.

    Args:
        folder: folder of trained captioners.
        encoder: builds the convolutional encoder.
        captioned: number of training samples; None for all.
        min_count: less frequent words are unknown.
        max_steps: optimizer steps.
        batch_size: samples per step.
        lr: learning rate.
        size: side of the padded images, in pixels.
        beams: number of beams; 1 is greedy search.
        max_words: maximum length of a caption.
        seed: seed of the initial weights and the order of samples.
    """

    def __init__(
        self,
        folder: str | Path,
        encoder: Callable[[], ResNetModel],
        captioned: int | None = 307,
        min_count: int = 5,
        max_steps: int = 600,
        batch_size: int = 16,
        lr: float = 1e-3,
        size: int = 128,
        beams: int = 3,
        max_words: int = 40,
        seed: int = 0,
    ) -> None:
        self.folder, self.encoder = Path(folder), encoder
        self.captioned, self.min_count, self.max_steps = captioned, min_count, max_steps
        self.batch_size, self.lr, self.size = batch_size, lr, size
        self.beams, self.max_words, self.seed = beams, max_words, seed
        self._trained: tuple[CnnLstm, Vocabulary] | None = None

    @functools.cached_property
    def fingerprint(self) -> str:
        """See `Captioner`."""
        depends = [
            _name(self.encoder),
            self.captioned,
            self.min_count,
            self.max_steps,
            self.batch_size,
            self.lr,
            self.size,
            self.beams,
            self.max_words,
            self.seed,
        ]
        return hashlib.sha256(json.dumps(depends).encode()).hexdigest()

    def fit(self, data: str, images: Callable[[], Iterable[ColorImage]]) -> None:
        """See `TrainedCaptioner`."""
        folder = self.folder / f"{data[:12]}-{self.fingerprint[:12]}-captioner"
        # the surrounding run must not depend on whether the captioner was trained or cached
        with torch.random.fork_rng():
            set_aside(folder, _find_damage)
            with build_folder(folder) as building:
                if building is not None:
                    self._train(building, images())
                    checksums.write_sums(building)
            self._load(folder)

    def load_newest(self) -> None:
        """See `TrainedCaptioner`."""
        folders = self.folder.glob(f"*-{self.fingerprint[:12]}-captioner")
        newest = max(folders, key=lambda folder: folder.stat().st_mtime, default=None)
        if newest is None:
            raise UserError(
                f"{self.folder}: no CNN-LSTM trained yet; it learns from a data set's captions: "
                "pokecolor train caption=cnn_lstm data=..."
            )
        if damage := _find_damage(newest):
            raise UserError(f"{newest}: damaged ({damage}); remove it and train with it again")
        self._load(newest)

    def _load(self, folder: Path) -> None:
        vocabulary = Vocabulary(json.loads((folder / WORDS).read_text(encoding="utf-8")))
        network = self._build(vocabulary)
        from safetensors.torch import load_file

        network.load_state_dict(load_file(folder / WEIGHTS))
        device = "cuda" if torch.cuda.is_available() else "cpu"
        self._trained = network.eval().to(device), vocabulary

    @torch.inference_mode()
    def caption(self, images: Sequence[np.ndarray]) -> list[str]:
        """See `Captioner`; after `fit`."""
        network, vocabulary = self._require_trained()
        texts = []
        for start in range(0, len(images), BATCH_SIZE):
            cells = network.see(self._pixels(images[start : start + BATCH_SIZE]))
            words = beam_search(
                network.step,
                network.start(cells),
                cells,
                START,
                END,
                banned=(PAD, START),
                width=self.beams,
                max_words=self.max_words,
            )
            texts += [vocabulary.decode(row) for row in words.tolist()]
        return [text[:1].upper() + text[1:] or "<unk>" for text in texts]

    @torch.inference_mode()
    def score(self, images: Sequence[np.ndarray], captions: Sequence[str]) -> torch.Tensor:
        """See `Scorer`: the log-likelihood; after `fit`."""
        network, vocabulary = self._require_trained()
        scores = []
        for start in range(0, len(images), BATCH_SIZE):
            pixels = self._pixels(images[start : start + BATCH_SIZE])
            words = vocabulary.encode(captions[start : start + BATCH_SIZE], self.max_words)
            words = words.to(pixels.device)
            logits = network(pixels, words).transpose(1, 2)
            losses = F.cross_entropy(logits, words[:, 1:], ignore_index=PAD, reduction="none")
            scores.append(-losses.sum(1).cpu())
        return torch.cat(scores)

    def _require_trained(self) -> tuple[CnnLstm, Vocabulary]:
        if self._trained is None:
            raise UserError(
                "caption=cnn_lstm: it learns from a data set's captions first; name one by data="
            )
        return self._trained

    def _pixels(self, images: Sequence[np.ndarray]) -> torch.Tensor:
        """[n, 3, size, size] in [-1, 1], on the network's device."""
        squares = np.stack([self._square(image) for image in images])
        return to_tensor(squares).to(self._trained[0].write.weight.device)

    def _train(self, folder: Path, images: Iterable[ColorImage]) -> None:
        import lightning
        from safetensors.torch import save_file
        from torch.utils.data import DataLoader

        from pokecolor.captioning.cnn_lstm.module import CnnLstmModule

        learned = itertools.islice(
            (sample for sample in images if sample.split == "train" and sample.caption.strip()),
            self.captioned,
        )
        samples = [(self._square(sample.image), sample.caption) for sample in learned]
        vocabulary = Vocabulary.of([caption for _, caption in samples], self.min_count)
        if not samples or len(vocabulary) == len(SPECIAL):
            raise UserError(
                f"caption=cnn_lstm: nothing to learn from in {len(samples)} captions; lower "
                "caption.captioner.min_count, or use caption=clip"
            )
        rich_print(
            f"No captioner for this data yet: training one on {len(samples)} captions, "
            f"{len(vocabulary)} words."
        )
        loader = DataLoader(
            samples,
            self.batch_size,
            shuffle=True,
            generator=torch.Generator().manual_seed(self.seed),
            collate_fn=_collate,
        )
        trainer = lightning.Trainer(
            max_steps=self.max_steps,
            max_epochs=-1,
            gradient_clip_val=5.0,
            logger=False,
            enable_checkpointing=False,
            enable_model_summary=False,
        )
        # initial weights and dropout depend on the seed
        torch.manual_seed(self.seed)
        module = CnnLstmModule(self._build(vocabulary), vocabulary, self.lr, self.max_words)
        trainer.fit(module.train(), loader)
        weights = {k: v.contiguous() for k, v in module.network.cpu().state_dict().items()}
        save_file(weights, folder / WEIGHTS)
        words = vocabulary.words[len(SPECIAL) :]
        (folder / WORDS).write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")

    def _build(self, vocabulary: Vocabulary) -> CnnLstm:
        return CnnLstm(self.encoder(), len(vocabulary))

    def _square(self, image: np.ndarray) -> np.ndarray:
        return letterbox(Image.fromarray(image), self.size)


def _name(builder: Callable) -> str:
    """A name for a function or a partial, the same in every process."""
    function = getattr(builder, "func", builder)
    settings = getattr(builder, "args", ()), getattr(builder, "keywords", {})
    return f"{function.__module__}.{function.__qualname__}{settings}"


def _collate(samples: list[tuple[np.ndarray, str]]) -> dict:
    """The fields of a `Batch` that the module reads."""
    images, captions = zip(*samples, strict=True)
    return {"edited_image": to_tensor(np.stack(images)), "edit_prompt": list(captions)}


def _find_damage(folder: Path) -> str | None:
    """What is damaged in a trained captioner; None if nothing is."""
    if not (folder / checksums.NAME).is_file():  # earlier versions wrote no checksums
        missing = [name for name in (WEIGHTS, WORDS) if not (folder / name).is_file()]
        return f"{missing[0]} is missing" if missing else None
    return next(iter(checksums.find_changes(folder)), None)
