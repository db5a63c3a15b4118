#!/usr/bin/env bash
# Trains mini from random weights, part after part: train.sh FOLDER [cpu|gpu|tiny] [data.root=ICONS ...]
#
# FOLDER/mini gets the parts, each made by a run of FOLDER/runs. Stopped, the same command goes on where it was. `cpu`
# takes about six hours on two cores, `gpu` needs one CUDA device; `tiny` tries every stage for two steps. What follows
# are overrides of the last stage, the UNet: with data.root=<packages of data=icons> it learns from icons, too.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
python=${PYTHON:-.venv/bin/python}
folder=$(realpath -m "${1:?give the folder of the new weights}")
machine=${2:-cpu}
shift $(($# < 2 ? $# : 2))
mini=$folder/mini
mkdir -p "$mini"

unet=mini
all=()
case $machine in
cpu) ;;
gpu)
    unet=mini_gpu
    all=(trainer=gpu)
    ;;
tiny)
    sources=data.source.sources
    all=(data.limit=24 data.batch_size=2 "$sources.creatures.count=24" "$sources.openmoji.recolorings=1"
        trainer.max_steps=2 trainer.val_check_interval=2 trainer.accelerator=cpu "paths.cache=$folder/cache")
    ;;
*)
    echo "train.sh: $machine: choose cpu, gpu or tiny" >&2
    exit 2
    ;;
esac

# stage PART EXPERIMENT [override ...]: train it unless it is there, from its last checkpoint if it has one
stage() {
    local part=$1 experiment=$2 resume=()
    shift 2
    if [[ -e $mini/$part/config.json ]]; then
        echo "$part: is there"
        return
    fi
    if compgen -G "$folder/runs/*-$experiment/checkpoints/*.ckpt" >/dev/null; then
        resume=(ckpt_path=latest)
    fi
    "$python" train.py "experiment=$experiment" "paths.runs=$folder/runs" "${resume[@]}" "${all[@]}" "$@"
    "$python" tools/ship.py "$folder/runs/latest" --to "$mini"
}

[[ -e $mini/tokenizer/tokenizer.json ]] ||
    "$python" tools/train_tokenizer.py --out "$mini/tokenizer" "${all[@]:0:$([[ $machine == tiny ]] && echo 4 || echo 0)}"
stage clip mini_clip "+model.tokenizer.folder=$mini"
stage vae mini_vae
stage text_encoder mini_text "+model.tokenizer.folder=$mini" "+model.text_encoder.folder=$mini" \
    model.text_encoder._target_=pokecolor.model_files.mini.mini_text_tower model.teacher=null
[[ $machine != tiny ]] || set -- callbacks.samples=null "$@"
stage unet "$unet" "model.components.checkpoint=$mini" "+model.auxiliary_losses.parts.part_names.folder=$mini" "$@"
echo "$mini: python -m pokecolor.cli colorize SKETCH \"a green frog\" --model $mini"
