"""Put the model and sketches into a built page of web/engine: `python tools/browser_page.py DIR`.

The folder then is a whole page, which any server of files can serve; see `make demo`.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import re
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image

import pokecolor
from pokecolor.app.limits import Limits
from pokecolor.app.prompts import COLORS, HINT, PARTS, names_of, words_of
from pokecolor.coloring.compositing import LOOKS
from pokecolor.commands.starting_sketches import CATEGORIES, creature_sketches
from pokecolor.model_files.mini import MINI

if TYPE_CHECKING:
    from pokecolor.app.library import Sketch

SKETCHES = 12
SIZES = (192, 768)
PAINTER = Path(__file__).parents[1] / "web" / "engine" / "src" / "model" / "painter.ts"
SHELL = re.compile(r"(?:index\.html|data\.json|assets/.+|sketches/.+/192\.png)")
"""What a service worker keeps at once; the model and large sketches it keeps as they are read."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="what `npm run demo` has built")
    folder = parser.parse_args().folder
    sketches = [sketch for sketch, _ in zip(creature_sketches(), range(SKETCHES), strict=False)]
    for sketch in sketches:
        write_sketch(sketch, folder / "sketches" / sketch.id)
    (folder / "data.json").write_text(json.dumps(data(sketches), ensure_ascii=False))
    for name in model_files():
        target = folder / "model" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(MINI / name, target)
    stamp(folder)
    files = [path for path in folder.rglob("*") if path.is_file()]
    packed = sum(len(gzip.compress(path.read_bytes(), 6)) for path in files)
    print(f"{folder}: {len(files)} files, {packed / 1e6:.1f} MB gzipped")


def data(sketches: list[Sketch]) -> dict[str, Any]:
    """What the page's engine in the browser knows without a server: `Data` of browser_engine.ts."""
    found = [
        {"id": s.id, "names": s.names, "categories": s.categories, "finished": False}
        for s in sketches
    ]
    session = {
        "version": pokecolor.__version__,
        "model": {"name": "mini", "small": True},
        "limits": asdict(Limits()),
        "looks": LOOKS,
        "colors": [
            {"term": term, "names": {"en": term, "ko": ko}, "hex": value, "words": words_of(term)}
            for term, (value, ko) in COLORS.items()
        ],
        "parts": [{"name": part, "names": names_of(part)} for part in PARTS],
        "categories": [
            {"key": key, "names": names, "count": count}
            for key, names in CATEGORIES.items()
            if (count := sum(key in sketch.categories for sketch in sketches))
        ],
        "credit": "",
    }
    return {"session": session, "hint": HINT, "sketches": found}


def write_sketch(sketch: Sketch, folder: Path) -> None:
    """Write a sketch in each of `SIZES`."""
    folder.mkdir(parents=True, exist_ok=True)
    for size in SIZES:
        Image.fromarray(sketch.render(size)).convert("L").save(
            folder / f"{size}.png", optimize=True
        )


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
