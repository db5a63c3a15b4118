"""Reports as `evaluate.py` leaves them, of a few drawings, for tests of what reads them."""

import numpy as np
import torch

from pokecolor.core.bootstrap import bootstrap_interval
from pokecolor.evaluation.cases import Case
from pokecolor.evaluation.drawing import Drawing
from pokecolor.evaluation.feature_sets import FeatureSets
from pokecolor.evaluation.reports.saved_report import Setting, save_report

DRAWINGS = [f"d{i}" for i in range(12)]


def write(folder, shift=0.0, noise=0, test_set="abc", with_sets=True, **setting):
    """A report whose region color is a wave plus `shift`, its off-target change half of that.

    `noise` is the seed of small deviations of the run.
    """
    wave = 0.5 + 0.2 * np.sin(np.arange(len(DRAWINGS)))
    deviation = 0.01 * np.random.default_rng(noise).normal(size=len(DRAWINGS)) if noise else 0.0
    per_sample = {
        name: list(zip(DRAWINGS, (share * (wave + shift) + deviation).tolist(), strict=True))
        for name, share in (("region_color", 1.0), ("off_target_change", 0.5))
    }
    results = {
        name: {
            "value": float(np.mean([value for _, value in measured])),
            "ci95": bootstrap_interval([value for _, value in measured], DRAWINGS),
            "n": len(DRAWINGS),
            "backbone": None,
        }
        for name, measured in per_sample.items()
    }
    sets = None
    if with_sets:
        generator = torch.Generator().manual_seed(3)
        target = torch.randn(len(DRAWINGS), 3, generator=generator)
        seen = {"target": target, "output": target + shift, "sketch": target + 5}
        sets = FeatureSets(DRAWINGS, seen, 6, 4)
        rows = np.arange(len(DRAWINGS))
        fid = sets.fid(rows)
        results["fid"] = {"value": fid, "ci95": (0.0, 1.0), "n": 12, "backbone": "eye"}
    about = {
        "pipeline": "mini", "data": "creatures", "split": "test", "test_set": test_set,
        "command": "python evaluate.py", "config": "", "seconds": 1.0, "asked": 2, "painted": 2,
        "versions": "Python 3",
    }  # fmt: skip
    save_report(folder, Setting(**{**about, **setting}), results, per_sample, sets, cases(shift))
    return folder


def cases(shift):
    white = np.full((16, 16, 3), 255, np.uint8)
    output = np.full((16, 16, 3), int(100 + 100 * shift), np.uint8)
    no_map = np.zeros((16, 16), np.uint8)
    return [
        Case(Drawing(name, white, white, f"a fox <{name}>", (), no_map, name), output)
        for name in DRAWINGS[:3]
    ]
