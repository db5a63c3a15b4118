"""Tiny image files of every kind, and broken ones, for the sources that read files."""

import csv
import zlib
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw


def picture(seed: int = 0, width: int = 48, height: int = 48) -> Image.Image:
    """An outlined disk in a random color on white, RGB."""
    rng = np.random.default_rng(seed)
    image = Image.new("RGB", (width, height), "white")
    color = tuple(int(value) for value in rng.integers(40, 220, 3))
    box = [width // 6, height // 6, 5 * width // 6, 5 * height // 6]
    ImageDraw.Draw(image).ellipse(box, fill=color, outline="black", width=2)
    return image


def line_drawing(width: int = 48, height: int = 48) -> Image.Image:
    """The outline of `picture`."""
    image = Image.new("L", (width, height), 255)
    box = [width // 6, height // 6, 5 * width // 6, 5 * height // 6]
    ImageDraw.Draw(image).ellipse(box, outline=0, width=2)
    return image


def save(image: Image.Image, path: Path, **options) -> Path:
    """Save an image and make the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path, **options)
    return path


def save_pairs(root: Path, half: str, names: list[str], kaggle: bool = False) -> None:
    """Pairs in `<half>A` and `<half>B`, named as Kaggle names them or alike in both."""
    for name in names:
        a, b = (f"{name}_A.jpg", f"{name}_B.jpg") if kaggle else (f"{name}.png", f"{name}.jpg")
        save(line_drawing(), root / f"{half}A" / a)
        save(picture(zlib.crc32(name.encode())), root / f"{half}B" / b)


def truncate(path: Path) -> Path:
    """Cut a file in half."""
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    return path


def save_odd_modes(folder: Path) -> dict[str, Path]:
    """A readable image of every mode that users have, by what is odd about it."""
    color = picture(5)
    grey16 = Image.fromarray((np.asarray(color.convert("L")).astype(np.uint16)) * 257)
    transparent = color.convert("RGBA")
    transparent.putalpha(line_drawing().point(lambda value: 255 - value))
    palette = color.convert("P", palette=Image.Palette.ADAPTIVE, colors=8)
    exif = Image.Exif()
    exif[0x0112] = 6
    return {
        "rgba": save(transparent, folder / "rgba.png"),
        "la": save(transparent.convert("LA"), folder / "la.png"),
        "grey": save(color.convert("L"), folder / "grey.jpg"),
        "grey16": save(grey16, folder / "grey16.png"),
        "cmyk": save(color.convert("CMYK"), folder / "cmyk.jpg"),
        "palette": save(palette, folder / "palette.gif", transparency=0),
        "bilevel": save(color.convert("1"), folder / "bilevel.bmp"),
        "rotated": save(picture(5, 64, 32), folder / "rotated.jpg", exif=exif),
        "wide": save(picture(5, 300, 20), folder / "wide.webp"),
        "tall": save(picture(5, 20, 300), folder / "tall.tif"),
        "upper case": save(color, folder / "UPPER.PNG"),
    }


def write_csv(path: Path, rows: list[list]) -> None:
    """A table of these rows, the header first."""
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)


def all_triplets(source) -> list:
    """The triplets of all drawings of a source."""
    return [triplet for id_ in source.drawings() for triplet in source.triplets(id_)]
