import pytest

from pokecolor.captioning.caption_filter import COLORLESS, CaptionFilter, drop_unsupported


@pytest.mark.parametrize(
    ("caption", "mended"),
    [
        ("a green fox with blue eyes", "a green fox with eyes"),
        ("Blue ears, red tail", "ears, red tail"),
        ("a fox that is yellow", "a fox that is"),
        ("초록색 몸 green", "초록색 몸 green"),
    ],
)
def test_unsupported_color_words_are_dropped(caption, mended):
    assert drop_unsupported(caption, {"green", "red"}) == mended


def test_captions_that_are_mostly_wrong_say_nothing():
    caption_filter = CaptionFilter(min_f1=0.5)
    assert (
        caption_filter.apply("a green fox with blue eyes", {"green": 1.0})
        == "a green fox with blue eyes"
    )
    assert caption_filter.apply("a blue fox with white ears", {"green": 1.0}) == COLORLESS
    assert caption_filter.apply("a fox", {"green": 1.0}) == COLORLESS


def test_by_default_nothing_is_touched():
    caption_filter = CaptionFilter()
    assert not caption_filter.does_something
    assert caption_filter.apply("a blue fox", {"red": 1.0}) == "a blue fox"
