import json

import pytest
import torch

from pokecolor.coloring.engines.diffusers_engine import DiffusersEngine
from pokecolor.model_files.mini import MINI


@pytest.mark.parametrize("part", ["unet", "vae", "text_encoder", "scheduler"])
def test_another_part_is_another_fingerprint(part):
    engine, other = DiffusersEngine.read(MINI), DiffusersEngine.read(MINI)
    before = json.dumps(engine.fingerprint(), default=str)
    assert json.dumps(other.fingerprint(), default=str) == before
    if part == "scheduler":
        other.pipeline.scheduler.register_to_config(solver_order=1)
    else:
        weight = next(iter(getattr(other.pipeline, part).parameters()))
        with torch.no_grad():
            weight.add_(1)
    assert json.dumps(other.fingerprint(), default=str) != before
