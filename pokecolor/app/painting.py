"""Makes a creation of what the model has painted, and changes its pictures by hand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pokecolor.app import pictures
from pokecolor.app.color_check import check_parts
from pokecolor.app.creation import SKETCH, PictureInfo
from pokecolor.app.merging import change_part, keep_colors
from pokecolor.app.pictures import Picture
from pokecolor.app.refusals import Refusal
from pokecolor.coloring.instruction import read_instruction
from pokecolor.coloring.region_map import pack_regions, region_map

if TYPE_CHECKING:
    from pathlib import Path

    from PIL import Image

    from pokecolor.app.collection import Collection
    from pokecolor.app.creation import Creation, Warned
    from pokecolor.app.jobs import JobRecord
    from pokecolor.coloring.colored_sketch import ColoredSketch
    from pokecolor.coloring.compositing import Look


@dataclass(frozen=True)
class Painting:
    """A job whose pictures are being painted.

    Args:
        mask: where the colors of the picture that is changed stay, L, white there.
    """

    collection: Collection
    job: JobRecord
    sketch: Image.Image
    mask: Image.Image | None

    def finish(self, colorings: list[ColoredSketch]) -> Creation:
        """Put the pictures together and keep them.

        Raises:
            Refusal: the picture that was to be changed is not there any more.
            NoPicture: the model has painted nothing.
        """
        order = self.job.order
        finished = [self._finish(coloring) for coloring in colorings]

        def write(folder: Path) -> None:
            self.sketch.save(folder / SKETCH)
            for number, (picture, _) in enumerate(finished):
                picture.write(folder, number)
                pictures.write_painted(folder, number, colorings[number].painted)

        infos = [info for _, info in finished]
        return self.collection.add(self.job.visitor, order, infos, write, self.job.id)

    def _finish(self, coloring: ColoredSketch) -> tuple[Picture, PictureInfo]:
        order, base = self.job.order, self.job.base
        picture = Picture.of(coloring, order.look)
        warnings: tuple[Warned, ...] = ("in_color",) if coloring.in_color else ()
        asked = read_instruction(order.prompt)
        if base is not None:
            creation = self.collection.get(self.job.visitor, base.creation)
            old = pictures.read_picture(self.collection.folder_of(creation), base.number).colors
            colors = picture.colors
            if base.only is not None:
                before = read_instruction(creation.order.prompt)
                regions = region_map(coloring.line_art, coloring.painted, coloring.box)
                colors = change_part(colors, old, regions, base.only, asked, before)
                if colors.tobytes() == old.tobytes():
                    warnings += ("unchanged",)
            if self.mask is not None:
                colors = keep_colors(colors, old, self.mask)
            picture = replace(picture, colors=colors)
        verdicts = check_parts(picture.colors, picture.line_art, asked)
        return picture, PictureInfo(order.look, warnings, verdicts, coloring.box)


def recolor(
    collection: Collection,
    visitor: str,
    creation: Creation,
    number: int,
    colors: Image.Image | None = None,
    look: Look | None = None,
) -> Creation:
    """Give a picture other colors: those of an RGBA layer, or the model's in another look.

    Raises:
        Refusal: the layer is not of the picture's size, or the model's picture was not kept.
    """
    folder, info = collection.folder_of(creation), creation.pictures[number]
    prompt = creation.order.prompt
    if look is not None:
        picture = pictures.recompose(folder, number, info, prompt, look)
        if picture is None:
            raise Refusal("call")
        info = replace(info, look=look)
    else:
        picture = pictures.read_picture(folder, number)
        if colors.size != picture.colors.size:
            raise Refusal("value", field="colors")
        picture = replace(picture, colors=colors.convert("RGBA"))
    verdicts = check_parts(picture.colors, picture.line_art, read_instruction(prompt))
    picture.write(folder, number)
    return collection.change(visitor, creation, number, replace(info, verdicts=verdicts))


def read_regions(folder: Path, number: int, box: tuple[int, int, int, int] | None) -> bytes:
    """The regions of a picture's drawing as PNG, see `pack_regions`."""
    painted = pictures.read_painted(folder, number)
    line_art = pictures.read_picture(folder, number).line_art
    return pictures.encode(pack_regions(region_map(line_art, painted, box)))
