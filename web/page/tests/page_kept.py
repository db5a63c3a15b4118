"""What the stand-in for the page's API keeps: it paints by filling regions."""

from __future__ import annotations

import base64
import io
import itertools
import random
import time

import numpy as np
from PIL import Image

from pokecolor.app.prompts import COLORS
from pokecolor.coloring.instruction import read_instruction
from pokecolor.coloring.lineart import ink_of
from pokecolor.coloring.regions import find_regions

SWATCHES = {term: value for term, (value, _) in COLORS.items()}


def png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def image_of(url: str) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2])))


class Kept:
    """What outlives a restart."""

    def __init__(self, library, seconds: float = 0.5) -> None:
        self.library, self.seconds = library, seconds
        self.language = None
        self.jobs: dict[str, dict] = {}
        self.orders: dict[str, dict] = {}
        self.creations: dict[str, dict] = {}
        self.files: dict[str, bytes] = {}
        self.count = itertools.count(1)

    def understand(self, prompt: str) -> dict:
        read = read_instruction(prompt)
        pairs = [
            {
                "part": "" if pair.noun in ("creature", "body") else pair.noun or "",
                "color": pair.color,
                "hex": SWATCHES[pair.color],
            }
            for pair in read.pairs
            if pair.color in SWATCHES
        ]
        said = ", ".join(f"{pair['part'] or 'body'} {pair['color']}" for pair in pairs)
        return {
            "understood": said,
            "parts": pairs,
            "colors": len(pairs),
            "warnings": [],
            "hint": None,
        }

    def paint(self, job: dict, order: dict) -> None:
        if again := order.get("again"):
            sketch = Image.open(io.BytesIO(self.files[f"{again['creation']}/sketch.png"]))
        elif order["sketch"].startswith("data:"):
            sketch = image_of(order["sketch"]).convert("RGB")
        else:
            sketch = Image.open(io.BytesIO(self.library.picture(order["sketch"], 768)))
        ink = ink_of(sketch)
        regions, _ = find_regions(ink, 1 / 50)
        identity = f"c{next(self.count)}"
        understood = self.understand(order["prompt"])
        hexes = [part["hex"] for part in understood["parts"]] or ["#cccccc"]
        first = order["seed"] if order["seed"] is not None else random.randrange(1, 2**31)
        map_ = np.zeros((*regions.shape, 3), np.uint8)
        map_[..., 0], map_[..., 1] = regions % 256, regions // 256
        map_[ink > 0.5] = 0
        self.files[f"{identity}/regions"] = png(Image.fromarray(map_))
        self.files[f"{identity}/sketch.png"] = png(sketch)
        for number in range(order["variants"]):
            choice = random.Random(first + number)
            colors = np.zeros((*regions.shape, 4), np.uint8)
            for region in range(2, regions.max() + 1):
                value = choice.choice(hexes)
                colors[regions == region] = (*bytes.fromhex(value[1:]), 255)
            if keep := order.get("keep"):
                mask = np.asarray(image_of(keep["mask"]).convert("L")) > 127
                old = Image.open(
                    io.BytesIO(self.files[f"{keep['creation']}/colors-{keep['number']}.png"])
                )
                colors[mask] = np.asarray(old)[mask]
            self.write(identity, number, Image.fromarray(colors))
        states = itertools.cycle(["right", "wrong", "ink"])
        verdicts = [part | {"state": next(states), "share": 0.8} for part in understood["parts"]]
        self.creations[identity] = {
            key: order[key]
            for key in ("name", "prompt", "steps", "guidance_scale", "image_guidance_scale", "look")
        } | {
            "id": identity,
            "understood": understood["understood"],
            "created": time.time(),
            "share": None,
            "seeds": [first + number for number in range(order["variants"])],
            "parent": again["creation"] if again else None,
            "size": sketch.size,
            "verdicts": verdicts,
        }
        job |= {"state": "done", "creation": identity, "progress": 1}

    def write(self, identity: str, number: int, colors: Image.Image) -> None:
        sketch = Image.open(io.BytesIO(self.files[f"{identity}/sketch.png"])).convert("RGB")
        white = Image.new("RGBA", colors.size, "white")
        white.alpha_composite(colors)
        whole = np.asarray(white.convert("RGB")) * (np.asarray(sketch) / 255)
        color = Image.fromarray(whole.astype(np.uint8))
        for kind, image in (
            ("colors", colors),
            ("color", color),
            ("clear", color),
            ("small", color.resize((240, 240))),
        ):
            self.files[f"{identity}/{kind}-{number}.png"] = png(image)

    def creation(self, identity: str) -> dict:
        kept = dict(self.creations[identity])
        (width, height), verdicts = kept.pop("size"), kept.pop("verdicts")
        version = kept.get("version", 0)

        def url(name):
            return f"/creations/{identity}/{name}.png?v={version}"

        return kept | {
            "pictures": [
                {kind: url(f"{kind}-{number}") for kind in ("color", "clear", "small", "colors")}
                | {
                    "layers": url(f"clear-{number}"),
                    "sketch": url("sketch"),
                    "width": width,
                    "height": height,
                    "verdicts": verdicts,
                    "warnings": [],
                }
                for number in range(len(kept["seeds"]))
            ]
        }
