"""Evaluate pipelines, a folder of images or a checkpoint: `python evaluate.py [pipeline=...]`."""

from pathlib import Path

from pokecolor.commands.evaluate import evaluate
from pokecolor.running.launch import launch

if __name__ == "__main__":
    launch(evaluate, Path(__file__).resolve().parent / "conf", "evaluate", keeps_what_is_done=True)
