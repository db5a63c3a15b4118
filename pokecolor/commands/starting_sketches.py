"""Chooses the sketches that `pokecolor serve` offers by itself."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from pokecolor.app.library import Library, Sketch

if TYPE_CHECKING:
    import numpy as np

    from pokecolor.sources.openmoji_drawing import OpenMojiDrawing

CREATURES = 96
"""Of the seeds that are kept for testing: the model has seen none of them."""
CREDIT = "Drawings: OpenMoji, the open-source emoji and icon project, CC BY-SA 4.0"

CATEGORIES = {
    "animals": {"en": "Animals", "ko": "동물"},
    "creatures": {"en": "Creatures", "ko": "상상 속 생물"},
    "faces": {"en": "Faces", "ko": "얼굴"},
    "people": {"en": "People", "ko": "사람"},
    "plants": {"en": "Plants and food", "ko": "식물과 음식"},
    "sky": {"en": "Sky and weather", "ko": "하늘과 날씨"},
    "travel": {"en": "Places and travel", "ko": "장소와 여행"},
    "leisure": {"en": "Play and festivals", "ko": "놀이와 축제"},
    "things": {"en": "Things", "ko": "물건"},
}
KINDS = {
    "ball": ("round creature", "동글이"),
    "biped": ("monster", "괴물"),
    "ghost": ("ghost", "유령"),
    "quadruped": ("beast", "네발짐승"),
    "dragon": ("dragon", "용"),
    "turtle": ("turtle", "거북이"),
    "bird": ("bird", "새"),
    "butterfly": ("butterfly", "나비"),
    "bee": ("bee", "벌"),
    "fish": ("fish", "물고기"),
    "octopus": ("octopus", "문어"),
    "crab": ("crab", "게"),
    "serpent": ("snake", "뱀"),
    "snail": ("snail", "달팽이"),
    "caterpillar": ("caterpillar", "애벌레"),
}
"""What each plan of a creature is called."""
ALSO_ANIMALS = ("turtle", "bird", "butterfly", "bee", "fish", "octopus", "crab", "serpent", "snail",
                "caterpillar")  # fmt: skip
"""Plans of animals that there are."""
FIRST = (
    ("Mo", "모"), ("Lu", "루"), ("Pi", "피"), ("Ta", "타"), ("Ko", "코"), ("Ni", "니"),
    ("Ba", "바"), ("Su", "수"), ("Ye", "예"), ("Do", "도"), ("Ri", "리"), ("Ha", "하"),
)  # fmt: skip
SECOND = (
    ("mi", "미"), ("bo", "보"), ("ru", "루"), ("ka", "카"), ("na", "나"), ("to", "토"),
    ("li", "리"), ("ppo", "뽀"),
)  # fmt: skip
"""What creatures are called by themselves: one of each, in English and Korean."""

RANGES = (
    ("animals", 0x1F400, 0x1F43F), ("animals", 0x1F54A, 0x1F54A), ("animals", 0x1F577, 0x1F578),
    ("animals", 0x1F648, 0x1F64A), ("animals", 0x1F980, 0x1F9AE), ("animals", 0x1FAB0, 0x1FAB3),
    ("animals", 0x1FABC, 0x1FABF), ("animals", 0x1FACE, 0x1FACF),
    ("faces", 0x1F600, 0x1F644), ("faces", 0x1F910, 0x1F917), ("faces", 0x1F920, 0x1F925),
    ("faces", 0x1F927, 0x1F92F), ("faces", 0x1F970, 0x1F97A), ("faces", 0x1F9D0, 0x1F9D0),
    ("faces", 0x1FAE0, 0x1FAE9), ("faces", 0x1F479, 0x1F480), ("faces", 0x1F916, 0x1F916),
    ("people", 0x1F440, 0x1F450), ("people", 0x1F464, 0x1F478), ("people", 0x1F481, 0x1F483),
    ("people", 0x1F486, 0x1F487), ("people", 0x1F574, 0x1F575), ("people", 0x1F57A, 0x1F57A),
    ("people", 0x1F645, 0x1F64F), ("people", 0x1F918, 0x1F91F), ("people", 0x1F926, 0x1F926),
    ("people", 0x1F930, 0x1F93E), ("people", 0x1F9B0, 0x1F9BB), ("people", 0x1F9CD, 0x1F9DF),
    ("people", 0x1FAC0, 0x1FAC6), ("people", 0x1FAF0, 0x1FAF8),
    ("plants", 0x1F32D, 0x1F37F), ("plants", 0x1F950, 0x1F96F), ("plants", 0x1F9C0, 0x1F9CB),
    ("plants", 0x1FAB4, 0x1FABB), ("plants", 0x1FAD0, 0x1FADF),
    ("sky", 0x1F300, 0x1F32C), ("sky", 0x2600, 0x2604),
    ("leisure", 0x1F380, 0x1F3D3), ("leisure", 0x1F3F8, 0x1F3F9), ("leisure", 0x1F941, 0x1F94F),
    ("leisure", 0x1FA80, 0x1FA89),
    ("travel", 0x1F3D4, 0x1F3F0), ("travel", 0x1F5FA, 0x1F5FF), ("travel", 0x1F680, 0x1F6A4),
    ("travel", 0x1F6E0, 0x1F6FC), ("things", 0x1F451, 0x1F463), ("things", 0x1F484, 0x1F485),
    ("things", 0x1F488, 0x1F4FF), ("things", 0x1F56F, 0x1F573), ("things", 0x1F587, 0x1F58D),
    ("things", 0x1F97B, 0x1F97F), ("things", 0x1F9AF, 0x1F9AF), ("things", 0x1F9BA, 0x1F9BF),
    ("things", 0x1F9E0, 0x1F9FF), ("things", 0x1FA70, 0x1FAAF),
)  # fmt: skip
"""The category of code points, first to last; drawings of others, such as signs, are left out."""


def default_library() -> Library:
    """Creatures that pokecolor draws, and the drawings of OpenMoji."""
    order = list(CATEGORIES)
    sketches = [*openmoji_sketches(), *creature_sketches()]
    sketches.sort(key=lambda sketch: order.index(sketch.categories[0]))
    return Library(sketches, CATEGORIES, CREDIT)


def creature_sketches() -> Iterator[Sketch]:
    """`CREATURES` creatures."""
    from pokecolor.sources.creatures.source import TEST_SEED, Creature, CreatureSource

    def render(seed: int, finished: bool, size: int) -> np.ndarray:
        triplet = next(CreatureSource(size=size, colorings=1).triplets(f"creature-{seed}"))
        return triplet.edited_image if finished else triplet.original_image

    called = itertools.product(SECOND, FIRST)
    for seed, (second, first) in zip(range(TEST_SEED, TEST_SEED + CREATURES), called, strict=True):
        plan = Creature(seed).plan.draw.__name__
        english, korean = KINDS[plan]
        names = {
            "en": f"{first[0]}{second[0]} the {english}",
            "ko": f"{korean} {first[1]}{second[1]}",
        }
        categories = ("creatures", "animals") if plan in ALSO_ANIMALS else ("creatures",)
        draw, finish = (functools.partial(render, seed, finished) for finished in (False, True))
        yield Sketch(f"creature-{seed}", names, categories, draw, finish)


def openmoji_sketches() -> Iterator[Sketch]:
    """OpenMoji's drawings of things, with their names."""
    import emoji

    from pokecolor.sources.openmoji_drawing import (
        OpenMojiDrawing,
        drawing_files,
        render_svg,
    )

    emoji.config.load_language("ko")

    @functools.lru_cache(64)
    def parse(path: Path) -> OpenMojiDrawing:
        return OpenMojiDrawing(path)

    for drawing_id, path in drawing_files().items():
        points = [int(point, 16) for point in path.stem.split("-")]
        category = category_of(points[0])
        text = "".join(map(chr, points))
        known = emoji.EMOJI_DATA.get(text) or emoji.EMOJI_DATA.get(f"{text}\ufe0f")
        if category is None or known is None:
            continue
        names = {
            language: known[language].strip(":").replace("_", " ").replace("’", "'")
            for language in ("en", "ko")
            if language in known
        }
        categories = {category: None}
        if names["en"].endswith(" face"):
            categories["faces"] = None
        yield Sketch(
            f"openmoji-{drawing_id}",
            names,
            tuple(categories),
            lambda size, path=path: parse(path).render_sketch(size),
            lambda size, path=path: render_svg(parse(path).repainted({}), size),
        )


def category_of(point: int) -> str | None:
    """The category of a Unicode code point, if it has one."""
    return next((name for name, first, last in RANGES if first <= point <= last), None)
