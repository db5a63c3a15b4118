import pytest

from pokecolor.commands.output_paths import output_paths
from pokecolor.errors import UserError


def test_outputs_lie_beside_the_sketches_or_where_out_says(tmp_path):
    a, b = tmp_path / "a.png", tmp_path / "b.jpg"
    assert output_paths([a, b], None) == [[tmp_path / "a-color.png"], [tmp_path / "b-color.png"]]
    assert output_paths([a], tmp_path / "x.webp") == [[tmp_path / "x.webp"]]
    folder = tmp_path / "new"
    assert output_paths([a], folder, variants=2) == [
        [folder / "a-color-1.png", folder / "a-color-2.png"]
    ]


def test_no_result_overwrites_another(tmp_path):
    with pytest.raises(UserError, match="2 pictures need a folder"):
        output_paths([tmp_path / "a.png", tmp_path / "b.png"], tmp_path / "x.png")
    with pytest.raises(UserError, match="2 pictures need a folder"):
        output_paths([tmp_path / "a.png"], tmp_path / "x.png", variants=2)
    with pytest.raises(UserError, match="two sketches would be written there"):
        output_paths([tmp_path / "1" / "a.png", tmp_path / "2" / "a.png"], tmp_path / "out")
