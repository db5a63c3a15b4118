"""A folder of images, and the line that reading one says."""

import logging

import pytest
from picture_files import line_drawing, picture, save


@pytest.fixture
def root(tmp_path):
    """A folder of two color images and, in `lines`, their sketches."""
    for number in (1, 2):
        save(picture(number), tmp_path / f"color{number}.png")
        save(line_drawing(), tmp_path / "lines" / f"{number}.png")
    return tmp_path


@pytest.fixture
def said(caplog):
    """The one line that reading a folder says."""

    def line(source):
        caplog.clear()
        with caplog.at_level(logging.INFO):
            assert source.drawings()
        (record,) = [r for r in caplog.records if r.name == "pokecolor.sources.folder.source"]
        assert "\n" not in record.getMessage()
        return record.getMessage()

    return line
