#!/usr/bin/env bash
# Trains the arms, measures their pictures, compares them; stopped, the same command goes on.
# Arguments are added to those of the training, such as hydra/launcher=parallel.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
here=experiments/001-caption-sources
python=${PYTHON:-.venv/bin/python}

"$python" train.py experiment=caption_sources "$@"
"$python" evaluate.py "pipeline=[multirun/caption_sources,mini]" data.limit=80 caption=csv \
    caption.csv="$here/prompts.csv" colorings.steps=6 colorings.guidance_scale=4 guidance=null
"$python" -m pokecolor.cli compare multirun/caption_sources runs/mini --reference caption=shuffled \
    --out "$here/result"
