"""Train mini's tokenizer on the instructions of its data: `python tools/train_tokenizer.py`."""

from __future__ import annotations

import argparse
from pathlib import Path

from hydra import compose, initialize_config_dir
from hydra.utils import instantiate

from pokecolor.model_files.mini import MINI
from pokecolor.pretraining.tokenizer import train_tokenizer

CONF = Path(__file__).resolve().parent.parent / "conf"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--merges", type=int, default=1500)
    parser.add_argument("--out", type=Path, default=MINI / "tokenizer")
    parser.add_argument("overrides", nargs="*", help="of experiment=mini_clip, as for train.py")
    arguments = parser.parse_args()

    with initialize_config_dir(str(CONF), version_base="1.3"):
        config = compose("train", ["experiment=mini_clip", *arguments.overrides])
    datamodule = instantiate(config.data)
    datamodule.prepare_data()
    prompts = (triplet.edit_prompt for triplet in datamodule.triplets("train"))
    tokenizer = train_tokenizer(prompts, arguments.merges)
    tokenizer.save_pretrained(arguments.out)
    print(f"{len(tokenizer)} tokens, written to {arguments.out}")


if __name__ == "__main__":
    main()
