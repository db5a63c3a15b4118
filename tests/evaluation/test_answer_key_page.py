import pytest

from pokecolor.evaluation.answer_key_page import file_stem


@pytest.mark.parametrize("plain", ["frog", "frog-2_b", "개구리"])
def test_a_picture_is_called_by_its_drawings_id(plain):
    assert file_stem(plain) == plain


@pytest.mark.parametrize(
    "ids", [("a b", "a_b", "a/b", "a.b", "a?b"), ("Frog", "frog"), ("x" * 300, "x" * 301)]
)
def test_no_two_ids_share_a_file(ids):
    stems = [file_stem(drawing_id) for drawing_id in ids]
    assert len({stem.lower() for stem in stems}) == len(ids)
    assert all("/" not in stem and len(stem.encode()) < 200 for stem in stems)
