"""Put the model and sketches into a page that was built: `python tools/browser_page.py DIR`.

The folder then is a whole site, which any server of files can serve; see `make demo`, `make site`.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import itertools
import json
import re
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image
from rich.progress import track

import pokecolor
from pokecolor.app.library import SIZES, Library
from pokecolor.app.limits import Limits
from pokecolor.app.prompts import COLORS, HINT, PARTS, names_of, words_of
from pokecolor.coloring.compositing import LOOKS
from pokecolor.commands.starting_sketches import CATEGORIES, creature_sketches, default_library
from pokecolor.model_files.mini import MINI
from pokecolor.model_files.sampling import Sampling

if TYPE_CHECKING:
    from pokecolor.app.library import Sketch

SKETCHES = 12
PAINTER = Path(__file__).parents[1] / "web" / "engine" / "src" / "model" / "painter.ts"
SHELL = re.compile(r"(?:index\.html|data\.json|assets/.+(?<!\.wasm))")
"""What a service worker keeps at once; the model and sketches it keeps as they are read."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="what `npm run demo` or `npm run site` has built")
    parser.add_argument(
        "--all", action="store_true", help="all sketches that pokecolor serve offers, not 12"
    )
    options = parser.parse_args()
    folder = options.folder
    library = default_library() if options.all else few_creatures()
    for sketch in track(library, f"{len(library)} sketches"):
        write_sketch(sketch, folder / "sketches" / sketch.id)
    text = json.dumps(data(library), ensure_ascii=False)
    (folder / "data.json").write_text(text, encoding="utf-8")
    # hosts of files answer with this where there is no such file: addresses within the page
    shutil.copy(folder / "index.html", folder / "404.html")
    for name in model_files():
        target = folder / "model" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(MINI / name, target)
    stamp(folder)
    files = [path for path in folder.rglob("*") if path.is_file()]
    packed = sum(len(gzip.compress(path.read_bytes(), 6)) for path in files)
    print(f"{folder}: {len(files)} files, {packed / 1e6:.1f} MB gzipped")


def few_creatures() -> Library:
    """`SKETCHES` creatures."""
    return Library(itertools.islice(creature_sketches(), SKETCHES), CATEGORIES)


def data(library: Library) -> dict[str, Any]:
    """What the page's engine in the browser knows without a server: `Data` of browser_engine.ts."""
    found = [
        {
            "id": sketch.id,
            "names": sketch.names,
            "categories": sketch.categories,
            "finished": sketch.finish is not None,
            "words": library.words(sketch.id),
        }
        for sketch in library
    ]
    defaults = Sampling.load(MINI)
    session = {
        "version": pokecolor.__version__,
        "model": {"name": "mini", "small": True},
        "limits": asdict(Limits()),
        "defaults": {
            "steps": defaults.steps,
            "guidance_scale": defaults.guidance,
            "image_guidance_scale": defaults.image_guidance,
            "look": LOOKS[0],
        },
        "looks": LOOKS,
        "abilities": [],
        "colors": [
            {"term": term, "names": {"en": term, "ko": ko}, "hex": value, "words": words_of(term)}
            for term, (value, ko) in COLORS.items()
        ],
        "parts": [{"name": part, "names": names_of(part)} for part in PARTS],
        "categories": [
            {"key": key, "names": names, "count": library.counts[key]}
            for key, names in library.categories.items()
        ],
        "credit": library.credit,
    }
    return {"session": session, "hint": HINT, "sketches": found}


def write_sketch(sketch: Sketch, folder: Path) -> None:
    """Write a sketch in each of `SIZES`, and small in color where that is known."""
    folder.mkdir(parents=True, exist_ok=True)
    for size in SIZES:
        Image.fromarray(sketch.render(size)).convert("L").save(
            folder / f"{size}.png", optimize=True
        )
    if sketch.finish:
        Image.fromarray(sketch.finish(SIZES[0])).save(folder / "color.png", optimize=True)


def model_files() -> list[str]:
    """The files that web/engine reads of a model."""
    source = PAINTER.read_text(encoding="utf-8")
    return sorted(set(re.findall(r'"((?:\w+/)?\w+\.(?:onnx|safetensors|json))"', source)))


def stamp(folder: Path) -> None:
    """Tell the service worker what to keep, and how to tell it from another version's."""
    names = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    digest = hashlib.sha256()
    for name in names:
        digest.update(name.encode() + b"\0" + (folder / name).read_bytes())
    first = ["./", *(name for name in names if SHELL.fullmatch(name) and name != "index.html")]
    worker = folder / "sw.js"
    text = worker.read_text(encoding="utf-8")
    listed = json.dumps("\n".join(first))[1:-1]
    text = text.replace("__VERSION__", digest.hexdigest()[:16]).replace("__FILES__", listed)
    worker.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
