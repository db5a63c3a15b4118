"""The service that the tests of the page are run against; it may be ended and started again."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from quick_service import QuickColorizer
from running_service import running


@dataclass
class Kept:
    """What outlives a restart."""

    folder: Path
    seconds: float = 0.5
    """What a picture takes."""

    def colors(self, creation: str) -> Image.Image:
        """The layer of colors of a creation's first picture."""
        return Image.open(self.folder / "pictures" / creation / "colors-0.png")


@contextlib.contextmanager
def serving(kept: Kept, port: int = 0):
    """Serve at a port of this machine until the block ends; yields the port."""
    colorizer = QuickColorizer(kept.seconds / QuickColorizer.sampling.steps)
    with running(kept.folder, colorizer, port=port) as service:
        yield int(service.url.rpartition(":")[2])
