"""A source of 8 x 8 drawings. In a module of its own, so that other processes can import it."""

from dataclasses import dataclass

import numpy as np

from pokecolor.core.images.conversion import ImageError
from pokecolor.core.schema import Part, Triplet


@dataclass(frozen=True)
class TinySource:
    """Drawings "d0", "d1", ...: of every eight, one is for validation and one for the test."""

    count: int = 40
    colorings: int = 2
    unreadable: tuple[str, ...] = ()
    name: str = "tiny"
    attribution: str = "Drawings: none of anybody's."

    @property
    def fingerprint(self):
        return f"{self.count:06d}{self.colorings:06d}"

    def drawings(self):
        return [f"d{i}" for i in range(self.count)]

    def split_of(self, drawing_id):
        return {6: "val", 7: "test"}.get(int(drawing_id[1:]) % 8, "train")

    def triplets(self, drawing_id):
        if drawing_id in self.unreadable:
            raise ImageError(f"{drawing_id}.png: truncated")
        rng = np.random.default_rng(int(drawing_id[1:]))
        sketch = rng.integers(0, 256, (8, 8, 3), np.uint8)
        for i in range(self.colorings):
            yield Triplet(
                id=f"{drawing_id}-{i}",
                drawing_id=drawing_id,
                original_image=sketch,
                edited_image=rng.integers(0, 256, (8, 8, 3), np.uint8),
                edit_prompt=f"Turn it into a réd {drawing_id}.",
                parts=(Part("belly", "red", (200, 10, 10), True),),
                part_map=rng.integers(0, 2, (8, 8), np.uint8),
            )
