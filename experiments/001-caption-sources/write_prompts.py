"""Writes `prompts.csv`: one wording that no source of captions uses, for held-out drawings.

python experiments/001-caption-sources/write_prompts.py
"""

from __future__ import annotations

import csv
from pathlib import Path

from hydra.utils import instantiate

from pokecolor.core.grammar import join
from pokecolor.running.overrides import compose_config, find_config_dir

DRAWINGS = 80
"""The first of data=held_out, which mixes creatures and OpenMoji."""
CALLED = {"main": "main part"}


def main() -> None:
    overrides = [f"data.limit={DRAWINGS}"]
    config = compose_config(find_config_dir(), "evaluate", overrides)
    data = instantiate(config.data, caption=None, cache_latents=False, cache_text=False)
    data.prepare_data()
    path = Path(__file__).with_name("prompts.csv")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["id", "caption"])
        for triplet in data.triplets("test"):
            wishes = [
                f"the {CALLED.get(part.name, part.name)} in {part.color}"
                for part in triplet.parts
                if part.named
            ]
            writer.writerow([triplet.id, f"I would like {join(wishes)}."])
    print(f"written to {path}")


if __name__ == "__main__":
    main()
