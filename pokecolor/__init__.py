"""Color line drawings by instruction, with InstructPix2Pix."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pokecolor.coloring.colorizer import Colorizer

__all__ = ["Colorizer", "__version__"]


def __getattr__(name: str) -> object:
    # late, so that a command that only prints help stays light
    if name == "Colorizer":
        from pokecolor.coloring.colorizer import Colorizer

        return Colorizer
    if name == "__version__":
        from importlib.metadata import version

        return version("pokecolor")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
