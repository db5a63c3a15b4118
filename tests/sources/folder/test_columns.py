from pathlib import Path

import pytest

from pokecolor.core.errors import UserError
from pokecolor.sources.folder.columns import Columns, choose_columns

TABLE = Path("t.csv")


@pytest.mark.parametrize(
    ("columns", "color", "sketch", "caption"),
    [
        ("sketch,color,caption", "color", "sketch", "caption"),
        # diffusers: InstructPix2Pix, ControlNet, text to image
        (
            "original_image,edited_image,edit_prompt",
            "edited_image", "original_image", "edit_prompt",
        ),
        ("input_image,edit_prompt,edited_image", "edited_image", "input_image", "edit_prompt"),
        ("image,conditioning_image,text", "image", "conditioning_image", "text"),
        ("image,text", "image", "", "text"),
        ("source,target,prompt", "target", "source", "prompt"),
        ("source_img,target_img,instruction", "target_img", "source_img", "instruction"),
        # as `datasets` writes names of files
        (
            "conditioning_image_file_name,image_file_name,prompt",
            "image_file_name", "conditioning_image_file_name", "prompt",
        ),
        ("file_name,edited_image,edit_prompt", "edited_image", "file_name", "edit_prompt"),
        ("image,edited_image,prompt", "edited_image", "image", "prompt"),
        ("file_name,conditioning_image,text", "file_name", "conditioning_image", "text"),
        # as people write them
        ("sketch_path,color,prompt_text", "color", "sketch_path", "prompt_text"),
        ("Sketch,Color Image,Edit-Prompt", "Color Image", "Sketch", "Edit-Prompt"),
        ("color", "color", "", ""),
    ],
)  # fmt: skip
def test_columns_are_known_by_their_names(columns, color, sketch, caption):
    found = choose_columns(TABLE, columns.split(","))
    assert found == Columns(color, sketch, caption, "", "", ())


def test_the_others_are_told():
    found = choose_columns(TABLE, ["", "text", "Split", "image", "source", "caption"])
    assert found == Columns("image", "", "caption", "Split", "", ("", "text", "source"))


def test_columns_that_name_no_color_image():
    with pytest.raises(UserError, match=r"no column names the color images \(found a, sketch\)"):
        choose_columns(TABLE, ["a", "sketch"])
    with pytest.raises(UserError, match=r"found sketch\|color.* separate the columns by commas"):
        choose_columns(TABLE, ["sketch|color"])
