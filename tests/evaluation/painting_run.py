"""Two processes paint a test set and the first one measures it: `python painting_run.py FOLDER`."""

import json
import sys
from pathlib import Path
from types import SimpleNamespace

import torch
from recorder import tiny_data, trainer

from pokecolor.evaluation import report
from pokecolor.evaluation.measure import measure_pipeline


class Colorings:
    """Notes the samples that each process is told to paint, and all that are measured."""

    cases, per_sample, set_metrics, failed = (), {}, None, {}

    def __init__(self, folder):
        self.folder, self.painted, self.measured = folder, [], []
        pipeline = SimpleNamespace(asked=set(), painted=0, to=lambda device: None)
        self.colorizer = SimpleNamespace(pipeline=pipeline)

    def require(self, drawings, have_truth):
        assert len(drawings) == 10 and have_truth

    def paint(self, batch):
        self.painted += batch["id"]
        rank = torch.distributed.get_rank()
        (self.folder / f"painted-{rank}.json").write_text(json.dumps(self.painted))

    def take(self, batches, training):
        files = sorted(path.name for path in self.folder.glob("painted-*"))
        measured = [sample for batch in batches for sample in batch["id"]]
        (self.folder / "measured.json").write_text(json.dumps([files, measured]))

    def results(self):
        return {"leak": 0.5}


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    report.write_report = lambda *_: None
    data = tiny_data(folder, eval_batch_size=3)
    both = trainer(folder, strategy="ddp", devices=2)
    found = measure_pipeline(
        Colorings(folder), both, data, folder, None, pipeline="x", command="", config=""
    )
    (folder / f"found-{both.global_rank}.json").write_text(json.dumps(found))
