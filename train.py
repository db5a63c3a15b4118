"""Train a model: `python train.py [group=choice] [key=value]`; `--help` lists the choices."""

from pathlib import Path

from pokecolor.commands.train import train
from pokecolor.running.launch import launch

if __name__ == "__main__":
    launch(train, Path(__file__).resolve().parent / "conf", "train")
