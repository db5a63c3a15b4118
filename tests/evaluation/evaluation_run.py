"""Processes generate and score a test set: `python evaluation_run.py FOLDER PROCESSES`."""

import json
import sys
import time
from pathlib import Path

import lightning
import torch

sys.path.append(str(Path(__file__).resolve().parents[1]))

from stand_ins import Eye, Loader, Painter, batch, test_set

from pokecolor.evaluation.generate import generate
from pokecolor.evaluation.guidance import GuidanceCurves
from pokecolor.evaluation.image_folder import ImageFolder
from pokecolor.evaluation.score import score


class Noting(Painter):
    """Notes the seeds of what this process paints."""

    def paint(self, sketches, prompts, seeds, **settings):
        self.seeds = [*getattr(self, "seeds", []), *seeds]
        return super().paint(sketches, prompts, seeds, **settings)


def batches():
    """Five, each of two drawings of its own, some of them darker."""
    found = []
    for number in range(5):
        one = batch()
        for kind in ("id", "drawing_id"):
            one[kind] = [f"{name}{number}" for name in one[kind]]
        one["edited_image"] = one["edited_image"] * (1 - number / 10)
        found.append(one)
    return found


if __name__ == "__main__":
    folder, ranks = Path(sys.argv[1]), int(sys.argv[2])
    folder.mkdir(exist_ok=True)
    painter, all_batches = Noting(), batches()
    settings = {"clip": Eye(), "set_metrics": {"kid_subset_size": 4, "kid_subsets": 3}}
    guidance = GuidanceCurves([2.0, 9.0], [1.5], 3)
    of_it = test_set(painter, all_batches, guidance=guidance, **settings)

    def trainer():
        made = lightning.Trainer(
            accelerator="cpu", devices=ranks, strategy="ddp" if ranks > 1 else "auto",
            logger=False, enable_checkpointing=False, enable_progress_bar=False,
            enable_model_summary=False, default_root_dir=folder, use_distributed_sampler=False,
        )  # fmt: skip
        # the first process has three batches, the second two
        of_it.loaders = lambda _: {
            "dataloaders": Loader(all_batches[made.global_rank :: made.world_size])
        }
        return made

    images = ImageFolder(folder / "images")
    generate(of_it.settings, images, of_it, trainer())
    second = trainer()
    about = {"pipeline": "painter", "command": "", "config": "", "painted": 0}
    start = time.monotonic()
    results = score(images, of_it, second, folder / "report", start, **about)
    rank = second.global_rank
    (folder / f"painted-{rank}.json").write_text(json.dumps(painter.seeds))
    found = {"results": results} if results else None
    (folder / f"found-{rank}.json").write_text(json.dumps(found))
    if torch.distributed.is_initialized():
        torch.distributed.destroy_process_group()
