"""Fits in two processes, from the start and from step 4: `python ddp_run.py FOLDER`."""

import json
import sys
from pathlib import Path

from lightning.pytorch.callbacks import Callback, ModelCheckpoint
from recorder import Recorder, tiny_data, trainer


class WriteSeen(Callback):
    """Writes the ids of this rank's batches to `<name>-rank<rank>.json`."""

    def __init__(self, folder, name):
        self.folder, self.name = folder, name

    def on_train_end(self, trainer, module):
        seen = {"trained": module.trained, "validated": module.validated}
        path = self.folder / f"{self.name}-rank{trainer.global_rank}.json"
        path.write_text(json.dumps(seen))


def fit(folder, name, ckpt_path=None):
    saving = ModelCheckpoint(folder / name, every_n_train_steps=1, save_top_k=-1, filename="{step}")
    data = tiny_data(
        folder, batch_size=5, eval_batch_size=3, num_workers=2, cache_latents=True, cache_text=True
    )
    fitting = trainer(
        folder,
        max_epochs=2,
        strategy="ddp_fork",
        devices=2,
        enable_checkpointing=True,
        callbacks=[saving, WriteSeen(folder, name)],
    )
    fitting.fit(Recorder(), datamodule=data, ckpt_path=ckpt_path, weights_only=False)


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    fit(folder, "whole")
    fit(folder, "resumed", folder / "whole" / "step=4.ckpt")
