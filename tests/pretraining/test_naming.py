import pytest

from pokecolor.core.schema import Part
from pokecolor.pretraining.naming import find_named_parts


def parts(**colors):
    return [Part(name.replace("_", " "), color, (0, 0, 0), True) for name, color in colors.items()]


def words(caption, found):
    """The text up to each place found, and its color."""
    return [(caption[: part.place + 1], part.color) for part in found]


def test_a_part_is_found_where_its_name_ends():
    caption = "A green fox with red eyes"
    found = find_named_parts(caption, parts(eyes="red", body="green"))
    assert words(caption, found) == [("A green fox with red eyes", "red")]


def test_a_longer_name_is_not_taken_for_the_shorter_one_in_it():
    caption = "pink inner ears and blue ears"
    found = find_named_parts(caption, parts(ears="blue", inner_ears="pink"))
    assert words(caption, found) == [("pink inner ears", "pink"), (caption, "blue")]


def test_several_parts_share_a_color_and_shades_count_as_their_term():
    caption = "crimson spots and head"
    found = find_named_parts(caption, parts(spots="red", head="red"))
    assert found == [
        (caption.index("spots") + 4, "spots", "red"), (caption.index("head") + 3, "head", "red"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "caption",
    ["Make its tail green", "a red fox with a tail", "a green fox with a red hat, a tail", "a fox"],
)
def test_a_part_without_its_color_before_it_is_left_out(caption):
    assert find_named_parts(caption, parts(tail="green")) == []
