import pytest

from pokecolor.app.prompts import find_wishes, replace_color, with_color


@pytest.mark.parametrize(
    ("prompt", "part", "term", "expected"),
    [
        ("", "", "blue", "Turn it into a blue creature"),
        ("Turn it into ", "", "orange", "Turn it into an orange creature"),
        ("Turn it into", "eyes", "red", "Turn it into a creature with red eyes"),
        ("Turn it into a fox", "", "red", "Turn it into a red fox"),
        ("Turn it into a blue fox", "", "orange", "Turn it into an orange fox"),
        ("Turn it into an orange fox.", "", "blue", "Turn it into a blue fox"),
        ("Turn it into a blue fox", "tail", "white", "Turn it into a blue fox with a white tail"),
        (
            "Turn it into a blue fox with a white tail",
            "eyes",
            "red",
            "Turn it into a blue fox with a white tail and red eyes",
        ),
        (
            "Turn it into a blue fox with a white tail and red eyes",
            "belly",
            "yellow",
            "Turn it into a blue fox with a white tail, red eyes and a yellow belly",
        ),
        (
            "Turn it into a blue fox with a white tail and red eyes",
            "tail",
            "orange",
            "Turn it into a blue fox with an orange tail and red eyes",
        ),
        ("Turn it into a fox with red eyes", "", "green", "Turn it into a green fox with red eyes"),
        ("파란 여우", "", "blue", "파란 여우, blue"),
    ],
)
def test_clicks_write_the_instruction(prompt, part, term, expected):
    assert with_color(prompt, part, term) == expected


def test_clicks_in_any_order_give_a_whole_sentence():
    prompt = "Turn it into "
    for part, term in (("eyes", "red"), ("", "green"), ("wings", "blue"), ("eyes", "black")):
        prompt = with_color(prompt, part, term)
    assert prompt == "Turn it into a green creature with black eyes and blue wings"


def test_each_color_word_is_found_with_what_it_colors():
    wishes = find_wishes("Turn it into a dark red fox with a blue tail fin, white and green spots")
    assert [(wish.term, wish.thing) for wish in wishes] == [
        ("red", "fox"),
        ("blue", "tail fin"),
        ("white", ""),
        ("green", "spots"),
    ]


def test_a_synonym_is_replaced_whole():
    prompt = "a crimson fox"
    (wish,) = find_wishes(prompt)
    assert replace_color(prompt, wish.start, wish.end, "orange") == "an orange fox"
