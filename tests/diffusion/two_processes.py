"""A short run on two processes: `two_processes.py STRATEGY FOLDER`, for test_strategies.py."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import torch
from lightning.pytorch.strategies import DDPStrategy, ModelParallelStrategy
from tiny_model import Stream, tiny_module, tiny_trainer

from pokecolor.core.training.checkpoint_io import AtomicCheckpointIO
from pokecolor.diffusion.card import ModelCard
from pokecolor.diffusion.export import export_pipeline

STRATEGIES = {
    "ddp": lambda: DDPStrategy(process_group_backend="gloo"),
    "fsdp": lambda: ModelParallelStrategy(2, 1, False, process_group_backend="gloo"),
}


class Share(Stream):
    """Each rank's half of the batches of `PoisonedStream`, so that rank 1 alone sees the NaN."""

    def __iter__(self):
        rank = int(os.environ.get("LOCAL_RANK", 0))
        half = self.batch_size // 2
        for batch in super().__iter__():
            yield {key: value[rank * half : (rank + 1) * half] for key, value in batch.items()}


class Poisoned:
    """A stream whose second batch has a NaN in its last sample."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream

    def __len__(self) -> int:
        return len(self.stream)

    def __iter__(self):
        for i, batch in enumerate(self.stream):
            if i == 1 and os.environ.get("LOCAL_RANK", "1") == "1":
                batch["edited_latents"][-1, 0, 0, 0] = float("nan")
            yield batch


def train(folder: Path, stream: Stream, steps: int = 3, ckpt_path: Path | None = None, **settings):
    module = tiny_module(schedule={"name": "constant"})  # independent of the number of steps
    trainer = tiny_trainer(
        folder,
        max_steps=steps,
        gradient_clip_val=1.0,
        use_distributed_sampler=False,
        plugins=[AtomicCheckpointIO()],
        **settings,
    )
    trainer.fit(module, Poisoned(stream), ckpt_path=ckpt_path)
    return module, trainer


def main(strategy: str, folder: Path) -> None:
    torch.set_num_threads(1)
    settings = {"strategy": STRATEGIES[strategy](), "devices": 2}
    module, trainer = train(folder, Share(batch_size=4), **settings)
    trainer.save_checkpoint(folder / "end.ckpt")
    export_pipeline(module, folder / "pipeline", ModelCard("tiny", "none", {}))
    settings["strategy"] = STRATEGIES[strategy]()
    module, trainer = train(folder, Share(batch_size=4), 4, folder / "end.ckpt", **settings)
    trainer.save_checkpoint(folder / "resumed.ckpt")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
