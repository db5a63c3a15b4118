#!/usr/bin/env bash
# Measures the shipped mini on drawings that nothing was trained on:
# measure.sh [folder of Sketch2Pokemon [folder of packages of icons [folder of labeled sets [answer key]]]]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
python=${PYTHON:-.venv/bin/python}
out=reports/mini

evaluate() {
    "$python" evaluate.py pipeline=mini guidance=null report="$out/$1" "${@:2}"
}

evaluate creatures data=creatures_test
evaluate openmoji data=openmoji_test data.source.recolorings=2
# words that stand for one color each: how far off are the shades?
evaluate creatures_shades data=creatures_test +data.source.palette=typical data.source.test_count=200
# bellies, chests, cheeks and tail tips that no line bounds
evaluate creatures_unlined data=creatures_test +data.source.unlined=1.0 data.source.test_count=200
# the same drawings, one color for each region that lines close
evaluate creatures_flat data=creatures_test colorings.look=flat
evaluate openmoji_flat data=openmoji_test data.source.recolorings=2 colorings.look=flat
"$python" evaluate.py experiment=shipped_vae data.limit=80
"$python" evaluate.py experiment=shipped_clip
"$python" benchmarks/engines.py
du -bc pokecolor/weights/mini/*/* | tail -n 1

# real sketches: the 36 pairs whose license does not let them come along, by their captions and by color
if [[ $# -gt 0 ]]; then
    real=(data=sketch2pokemon "data.root=$1" data.source.size=256 data.source.test=1.0 data.source.val=0.0
        colorings.set_metrics=null) # too few for FID and KID
    evaluate sketches "${real[@]}"
    evaluate sketches_flat "${real[@]}" colorings.look=flat
    evaluate sketches_by_color "${real[@]}" 'colorings.template="Turn it into a {color} creature"'
fi

# icons of subjects that were held out; they were drawn by others than OpenMoji's
if [[ $# -gt 1 ]]; then
    evaluate icons data=icons "data.root=$2" data.source.recolorings=1
fi

# parts with names on drawings by many hands, of subjects that were held out, alone and several on a page
if [[ $# -gt 2 ]]; then
    evaluate labeled data=labeled "data.root=$3" data.source.recolorings=2
fi

# drawings by strangers, point by point
if [[ $# -gt 3 ]]; then
    evaluate strangers data=answer_key "data.root=$4"
    evaluate strangers_flat data=answer_key "data.root=$4" colorings.look=flat
fi
