"""Color line drawings by instruction, with InstructPix2Pix."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pokecolor.colorizer import Colorizer

__all__ = ["Colorizer"]


def __getattr__(name: str) -> object:
    # late, so that a command that only prints help stays light
    if name == "Colorizer":
        from pokecolor.colorizer import Colorizer

        return Colorizer
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
