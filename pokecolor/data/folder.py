"""A user's own images: with a CSV, as an imagefolder, or color images alone."""

from __future__ import annotations

from pathlib import Path

from pokecolor.data.pairs import (
    PairSource,
    Record,
    find_row_image,
    make_id,
    read_csv,
    require_folder,
)
from pokecolor.errors import UserError
from pokecolor.image_listing import list_images

PROMPT = "Turn it into a color drawing."
"""The instruction of images without a caption."""

# In the order of preference. In an imagefolder of `datasets`, a column that names a second file may
# end in "_file_name".
SKETCH_COLUMNS = (
    "sketch", "original_image", "original_image_file_name", "input_image", "input_image_file_name",
)  # fmt: skip
COLOR_COLUMNS = (
    "color", "edited_image", "edited_image_file_name", "output_image", "output_image_file_name",
    "image",
)  # fmt: skip
CAPTION_COLUMNS = ("caption", "edit_prompt", "prompt", "text")
FILE_COLUMN = "file_name"
"""An imagefolder's own column: the color image, or the sketch where another names the color."""


class FolderSource(PairSource):
    """Triplets from a folder of images of any size, aspect ratio and mode.

    One of three layouts:

    - a CSV with the columns `sketch,color,caption`;
    - an imagefolder with `metadata.csv`: `file_name` and the fields of diffusers' InstructPix2Pix,
      `original_image` or `input_image`, `edit_prompt`, `edited_image`;
    - color images alone, in subfolders too.

    Paths in a CSV start from the CSV's folder. Where there is no sketch, it is extracted from the
    color image; where there is no caption, the instruction is `PROMPT`. A drawing is a color image:
    rows that share one stay in one split.
    """

    name = "folder"

    def __init__(
        self,
        root: str | Path,
        size: int = 128,
        csv: str | Path | None = None,
        style: str = "edges",
        val: float = 0.05,
        test: float = 0.05,
    ) -> None:
        """
        Args:
            root: the folder of the images.
            size: triplets are squares of so many pixels, padded with white.
            csv: a CSV, from `root`; None for `metadata.csv`, if there, else for all color images.
            style: how missing sketches are extracted, one of `pokecolor.data.sketch.STYLES`.
            val: share of the drawings held out for validation, 0 to 1.
            test: share of the drawings held out for the test, 0 to 1.
        """
        super().__init__(size, style, val, test)
        self.root, self.csv = Path(root).expanduser(), csv

    def read_records(self) -> list[Record]:
        require_folder(self.root)
        if self.csv is not None:
            return self._read_table(self.root / Path(self.csv).expanduser())
        if (self.root / "metadata.csv").exists():
            return self._read_table(self.root / "metadata.csv")
        images = list_images(self.root)
        if not images:
            raise UserError(f"{self.root}: no images in it; set data.root to the folder of yours")
        return [Record(self._id(path), path, None, PROMPT) for path in images]

    def _read_table(self, table: Path) -> list[Record]:
        rows = read_csv(table)
        sketch_column, color_column, caption_column = find_columns(table, list(rows[0][1]))
        records = []
        for number, row in rows:
            color = find_row_image(table, number, row[color_column])
            drawn = row.get(sketch_column, "")
            records.append(
                Record(
                    drawing_id=self._id(color),
                    color=color,
                    sketch=find_row_image(table, number, drawn) if drawn else None,
                    prompt=row.get(caption_column, "") or PROMPT,
                )
            )
        return records

    def _id(self, path: Path) -> str:
        inside = path.is_relative_to(self.root)
        name = path.relative_to(self.root) if inside else path
        return make_id(name.with_suffix("").as_posix())


def find_columns(table: Path, columns: list[str]) -> tuple[str, str, str]:
    """Which columns hold the sketch, the color image and the caption; "" where none does.

    Raises:
        UserError: no column holds the color image.
    """
    drawn, color, caption = (
        next((name for name in names if name in columns), "")
        for names in (SKETCH_COLUMNS, COLOR_COLUMNS, CAPTION_COLUMNS)
    )
    if FILE_COLUMN in columns:
        if not color:
            color = FILE_COLUMN
        elif not drawn:
            drawn = FILE_COLUMN
    if not color:
        raise UserError(
            f"{table}: no column names the color images (found {', '.join(columns)}); "
            "name the columns sketch,color,caption"
        )
    return drawn, color, caption
