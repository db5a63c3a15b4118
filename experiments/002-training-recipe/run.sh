#!/usr/bin/env bash
# Trains the arms, measures their pictures, compares them; stopped, the same command goes on.
# Arguments are added to those of the training, such as hydra/launcher=parallel.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
here=experiments/002-training-recipe
python=${PYTHON:-.venv/bin/python}

"$python" train.py --config-dir "$here" experiment=training_recipe "$@"
"$python" evaluate.py pipeline=multirun/training_recipe data.limit=100 colorings.steps=6 colorings.guidance_scale=4 \
    guidance=null data.source.sources.creatures.size=64 data.source.sources.openmoji.size=64
"$python" -m pokecolor.cli compare multirun/training_recipe --reference recipe=reference \
    --out "$here/result"
