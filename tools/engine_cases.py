"""Write what Python answers, for the tests of web/engine: `python tools/engine_cases.py`.

They lie in web/engine/cases, gzipped JSON. Another folder and a number of drawings may be named:
`python tools/engine_cases.py /tmp/cases 30`; POKECOLOR_CASES=/tmp/cases npm test reads them.
"""

from __future__ import annotations

import argparse
import base64
import gzip
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from scipy import ndimage

from pokecolor.coloring.colorizer import Colorizer, _PreparedSketch
from pokecolor.coloring.compositing import LOOKS
from pokecolor.coloring.engines.dpm_solver import DPMSolver
from pokecolor.coloring.engines.noise import seeded_noise
from pokecolor.coloring.engines.onnx_engine import OnnxEngine
from pokecolor.coloring.instruction import read_instruction
from pokecolor.coloring.instruction.color_names import KNOWN
from pokecolor.core.images.conversion import resize
from pokecolor.model_files.mini import MINI
from pokecolor.sources.creatures.source import TEST_SEED, CreatureSource

ROOT = Path(__file__).parents[1]
CASES = ROOT / "web" / "engine" / "cases"
SENTENCES = ROOT / "tests" / "coloring" / "instruction" / "english_sentences.tsv"
COLORS = ("red", "dark green", "sky blue", "yellow", "purple", "#ff8800", "light brown", "pink")
NOUNS = ("body", "eyes", "wings", "tail", "belly", "scarf", "hat", "a dragon", "frog", "trowsers")
RESTS = (
    "a red body, everything else blue", "eyes green and the rest yellow", "the rest of it pink",
    "a frog with red eyes, all the other parts green", "the rest of the body is blue, tail red",
    "a blue dragon with yellow eyes and the remaining parts purple", "others brown, horns white",
)  # fmt: skip
ODD = (
    "", " ", "Ünïcödé İstanbul ΣΊΣΥΦΟΣ", "<|endoftext|> red", "it's the dog's we'll they'd",
    "초록 몸과 노란 눈", "🎨 blue\u00a0eyes\u3000red", "a1b22c333", "!!! --- '' 's", "x" * 90,
    "red " * 100, "ﬁre ｆｕｌｌ e\u0301", "TAB\tNEWLINE\nEND", "\u0085next\ufeff",
    "日本語 ไทย עברית",
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=CASES)
    parser.add_argument("drawings", type=int, nargs="?", default=2)
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    for name, cases in all_cases(arguments.drawings).items():
        text = json.dumps(cases, ensure_ascii=False, separators=(",", ":"))
        packed = gzip.compress(text.encode(), 9, mtime=0)
        (arguments.folder / f"{name}.json.gz").write_bytes(packed)
        print(f"{name}: {len(packed):,} bytes")


def all_cases(drawings: int) -> dict[str, Any]:
    """All cases by the name of their file."""
    return {
        "words": word_cases(),
        "sampling": sampling_cases(),
        "arrays": array_cases(),
        "pictures": picture_cases(drawings),
    }


def word_cases() -> dict[str, Any]:
    """Sentences with their tokens, and what is understood of them."""
    typed = [line.split("\t")[0] for line in SENTENCES.read_text(encoding="utf-8").splitlines()]
    made = [f"{noun} {color}, with a {color} {other}" for noun, other, color in zip(
        NOUNS * 8, NOUNS[3:] * 12, COLORS * 10, strict=False)]  # fmt: skip
    tokenizer = OnnxEngine.read(MINI)._tokenizer
    sentences = [*typed, *made, *RESTS, *ODD]
    return {
        "tokens": [[text, tokenizer.encode(text).ids] for text in sentences],
        "read": [
            [text, *_read(text)] for text in sentences if not any("가" <= c <= "힣" for c in text)
        ],
    }


def _read(text: str) -> list[Any]:
    found = read_instruction(text)
    return [found.model_prompt, found.subject, found.pairs, found.summary]


def sampling_cases() -> dict[str, Any]:
    """Noise of seeds, schedules, and the latents of one picture."""
    stated = (MINI / "scheduler" / "scheduler_config.json").read_text()
    schedule = json.loads(stated)
    engine = OnnxEngine.read(MINI)
    latents = []
    run = engine._run

    def keep(graph: str, **inputs: np.ndarray) -> list[np.ndarray]:
        if graph == "vae_decoder":
            latents.append(inputs["latent_sample"][0])
        return run(graph, **inputs)

    engine._run = keep
    sketch = _sketch(0)
    square = _PreparedSketch.of(sketch, engine.size).square
    sampling = Colorizer.from_pretrained(engine="onnx").sampling
    told = read_instruction("red body, yellow eyes").model_prompt
    (picture,) = engine.paint([told], [square], [7], sampling)
    cases = []
    for spacing in ("trailing", "leading", "linspace"):
        for steps in (1, 3, 20):
            solver = DPMSolver.of({**schedule, "timestep_spacing": spacing}, steps)
            cases.append([spacing, steps, solver.timesteps.tolist(), solver.levels.tolist()])
    return {
        "noise": [
            [seed, count, pack(seeded_noise(seed, (count,)))]
            for seed, count in ((0, 40), (7, 700), (2**32 + 5, 16), (4294967295, 33))
        ],
        "schedule": stated,
        "solvers": cases,
        "prompt": told,
        "seed": 7,
        "square": pack(square[..., 0]),
        "latents": pack(latents[0]),
        "picture": pack(picture[::4, ::4]),
    }


def array_cases() -> dict[str, Any]:
    """Operations on small arrays, with random input and what SciPy and Pillow make of it."""
    rng = np.random.default_rng(3)
    ink = ndimage.gaussian_filter(rng.random((21, 27)), 1.5)
    ink = np.round(40 * (ink - ink.min()) / np.ptp(ink)).astype(np.float32) / 40
    mask = ink > 0.55
    seeds = np.where(rng.random(ink.shape) < 0.01, rng.integers(1, 9, ink.shape), 0)
    colors = 16 * rng.integers(0, 16, (21, 27, 3), np.uint8)
    alpha = 16 * rng.integers(0, 16, (21, 27, 4), np.uint8)
    cost = np.round(255 * ink).astype(np.uint8)
    distance, nearest = ndimage.distance_transform_edt(mask, return_indices=True)
    full = np.ones((5, 6), bool)
    resized = []
    for name in ("BOX", "BILINEAR", "BICUBIC", "LANCZOS"):
        how = Image.Resampling[name]
        for shape in ((12, 7), (24, 30), (21, 10)):
            resized.append(
                [
                    name.lower(),
                    shape,
                    pack(resize(colors, shape, how)),
                    pack(resize(ink, shape, how)),
                    pack(np.asarray(Image.fromarray(alpha).resize(shape[::-1], how))),
                ]
            )
    boxed = Image.fromarray(ink).resize(
        (19, 13), Image.Resampling.BICUBIC, box=(3.2, 1.5, 20.1, 17)
    )
    gaps = [
        [shape, pack(np.asarray(Image.fromarray(big).resize(
            shape[::-1], Image.Resampling.LANCZOS, reducing_gap=3.0)))]
        for big in [np.kron(colors, np.ones((8, 8, 1), np.uint8))] for shape in ((21, 20), (10, 27))
    ]  # fmt: skip
    return {
        "ink": pack(ink),
        "mask": pack(mask),
        "seeds": pack(seeds.astype(np.int32)),
        "colors": pack(colors),
        "alpha": pack(alpha),
        "label4": pack(ndimage.label(mask)[0].astype(np.int32)),
        "label8": pack(ndimage.label(mask, np.ones((3, 3)))[0].astype(np.int32)),
        "distance": pack(distance),
        "nearest": pack((nearest[0] * 27 + nearest[1]).astype(np.int32)),
        "distance_full": pack(ndimage.distance_transform_edt(full)),
        "watershed": pack(ndimage.watershed_ift(cost, seeds.astype(np.int32))),
        "opening": pack(ndimage.grey_opening(ink, (5, 5))),
        "closing": pack(ndimage.grey_closing(ink, (7, 7))),
        "closing_even": pack(ndimage.grey_closing(ink, (6, 6))),
        "opening_even": pack(ndimage.grey_opening(ink, (4, 4))),
        "minimum0": pack(ndimage.minimum_filter(ink, 7, mode="constant")),
        "maximum": pack(ndimage.maximum_filter(ink, 9)),
        "holes": pack(ndimage.binary_fill_holes(mask)),
        "dilated": pack(ndimage.binary_dilation(mask, iterations=3)),
        "eroded1": pack(ndimage.binary_erosion(mask, np.ones((3, 3)), 2, border_value=1)),
        "propagated": pack(ndimage.binary_propagation(seeds > 0, mask=mask | (seeds > 0))),
        "gaussian": pack(ndimage.gaussian_filter(ink, 1, mode="nearest")),
        "gaussian_reflect": pack(ndimage.gaussian_filter(ink, 0.7)),
        "grey": pack(np.asarray(Image.fromarray(colors).convert("L"))),
        "composite": pack(np.asarray(Image.alpha_composite(
            Image.fromarray(alpha), Image.fromarray(alpha[::-1].copy())))),
        "resized": resized,
        "boxed": pack(np.asarray(boxed)),
        "gaps": gaps,
    }  # fmt: skip


def picture_cases(drawings: int) -> list[dict[str, Any]]:
    """Drawings, what the model is shown of them, what it paints, and the pictures.

    Where there are but two, the pictures are of a small painting: a small file.
    """
    colorizer = Colorizer.from_pretrained(engine="onnx")
    cases = []
    small = drawings == 2
    for number in (0, 4) if small else range(drawings):
        sketch = _sketch(number)
        prompt = f"{COLORS[number % 8]} body, {COLORS[(number + 3) % 8]} eyes and tail"
        (colored,) = colorizer.paint([sketch], [prompt], [number])
        if small:
            colored = replace(colored, painted=resize(colored.painted, (32, 32), Image.BOX))
        view = _PreparedSketch.of(sketch, colorizer.engine.size)
        pairs = colored.instruction.pairs
        looks = ("clean",) if small and cases else ("clean", "soft") if small else LOOKS
        cases.append(
            {
                "sketch": pack(np.asarray(sketch)),
                "prompt": prompt,
                "seed": number,
                "line_art": pack(np.asarray(colored.line_art)),
                "in_color": colored.in_color,
                "box": view.box,
                "square": pack(view.square[..., 0]),
                "painted": pack(colored.painted),
                "wanted": [{"typical": KNOWN[p.color], "exact": p.exact} for p in pairs],
                "images": {look: pack(np.asarray(colored.image(look))) for look in looks},
            }
        )
    return cases


def _sketch(number: int) -> Image.Image:
    """A drawing by the generator, in the place and on the paper that its number says."""
    size = (200, 512, 768, 1200)[number % 4]
    source = CreatureSource(size=size, colorings=1)
    drawn = next(source.triplets(f"creature-{TEST_SEED + 200 + number}")).original_image
    image = Image.fromarray(drawn)
    kind = number % 5
    if kind == 2:  # small on a wide page
        page = Image.new("RGB", (2 * size, size + 40), "white")
        page.paste(image, (size // 3, 20))
        return page
    if kind == 3:  # on grey paper
        paper = np.linspace(0.65, 0.85, size)[:, None, None] * np.asarray([1, 0.98, 0.93])
        grain = np.random.default_rng(number).normal(0, 0.01, (size, size, 1))
        values = np.clip(np.asarray(image) / 255 * paper + grain, 0, 1)
        return Image.fromarray(np.round(255 * values).astype(np.uint8))
    if kind == 4:  # chalk on a blackboard
        return Image.fromarray(np.round(30 + 0.8 * (255 - np.asarray(image))).astype(np.uint8))
    return image


def pack(values: np.ndarray) -> dict[str, Any]:
    """An array for JSON."""
    values = values.astype(np.uint8) if values.dtype == bool else np.ascontiguousarray(values)
    data = base64.b64encode(values.astype(values.dtype.newbyteorder("<")).tobytes()).decode()
    return {"kind": values.dtype.str[1:], "shape": values.shape, "data": data}


if __name__ == "__main__":
    main()
