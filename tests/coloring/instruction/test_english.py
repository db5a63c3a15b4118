import pytest

from pokecolor.coloring.instruction import WHOLE, read_instruction


def pairs(text):
    return [(pair.noun, pair.color) for pair in read_instruction(text).pairs]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("give her a red scarf and blue shoes", [("scarf", "red"), ("shoes", "blue")]),
        ("red hat, blue pants", [("hat", "red"), ("pants", "blue")]),
        ("color it green but leave the belly white", [(WHOLE, "green"), ("belly", "white")]),
        ("the eyes should be red", [("eyes", "red")]),
        ("hair: red, eyes: green", [("hair", "red"), ("eyes", "green")]),
        ("make the hat brown and the band red", [("hat", "brown"), ("band", "red")]),
        (
            "a yellow duck with an orange beak and orange feet",
            [("duck", "yellow"), ("beak", "orange"), ("feet", "orange")],
        ),
        (
            "a man in a red shirt, blue trousers and brown shoes",
            [("shirt", "red"), ("pants", "blue"), ("shoes", "brown")],
        ),
        (
            "purple dinosaur on yellow sand with green palm trees",
            [("dinosaur", "purple"), ("sand", "yellow"), ("palm trees", "green")],
        ),
        (
            "a blue whale, an orange octopus and a grey dolphin",
            [("whale", "blue"), ("octopus", "orange"), ("dolphin", "grey")],
        ),
        (
            "Turn it into a green creature with red eyes and a white belly.",
            [("creature", "green"), ("eyes", "red"), ("belly", "white")],
        ),
        ("a dark green frog with a white belly and tail", [
            ("frog", "dark green"), ("belly", "white"), ("tail", "white"),
        ]),
    ],
)  # fmt: skip
def test_each_color_belongs_to_its_noun(text, expected):
    assert pairs(text) == expected


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a grene frog", "a green frog"),
        ("yelow bill", "yellow beak"),
        ("purpel trousers", "purple pants"),
        ("a man with a grey moustache", "a man with a grey mustache"),
        ("#ff0000 hat", "bright red hat"),
        ("a hat in rgb(255, 0, 0)", "a hat in bright red"),
        ("a cornflowerblue hat", "a blue hat"),
        ("make the hair blonde", "make the hair yellow"),
        ("a green creature with red eyes", "a green creature with red eyes"),
    ],
)
def test_words_are_replaced_by_those_that_mini_knows(text, told):
    assert read_instruction(text).model_prompt == told


@pytest.mark.parametrize("word", ["read", "back", "tang", "bed", "brow", "think", "blew"])
def test_other_words_are_no_misspelled_colors(word):
    assert read_instruction(f"a {word} hat").pairs == ()


def test_values_are_kept_exactly():
    (pair,) = read_instruction("#3fa7d6 body").pairs
    assert pair.noun == "body"
    assert pair.exact == (0x3F, 0xA7, 0xD6)
    assert read_instruction("a red hat").pairs[0].exact is None


def test_what_was_taken_for_what_is_said():
    read = read_instruction("a grene frog with blue trousers")
    assert [(each.written, each.read) for each in read.replaced] == [
        ("grene", "green"),
        ("trousers", "pants"),
    ]
    assert read.summary == "frog green, pants blue; grene read as green, trousers read as pants"


@pytest.mark.parametrize("text", ["", "a frog", "make it nice", "!!!", "a" * 500])
def test_a_text_without_colors_has_no_pairs_and_keeps_its_words(text):
    read = read_instruction(text)
    assert read.pairs == ()
    assert read.model_prompt == text


def test_the_subject_is_what_the_drawing_shows():
    assert read_instruction("a grey elephant in a blue shirt").subject == "elephant"
    assert read_instruction("a blue whale and an orange octopus").subject is None


@pytest.mark.parametrize(
    ("text", "prompt"),
    [
        ("green head, the rest purple", "Turn it into a purple creature with a green head"),
        ("a dragon with a green head and the rest purple",
         "Turn it into a purple dragon with a green head"),
        ("make the eyes red and everything else blue",
         "Turn it into a blue creature with red eyes"),
        ("yellow wings, other parts white", "Turn it into a white creature with yellow wings"),
        ("all other parts black, eyes yellow",
         "Turn it into a black creature with yellow eyes"),
        ("eyes green others pink", "Turn it into a pink creature with green eyes"),
        ("the remaining areas in orange, head brown",
         "Turn it into an orange creature with a brown head"),
        ("the rest of the picture yellow, a brown hat",
         "Turn it into a yellow creature with a brown hat"),
        # the whole has a color: the rest is what is on it
        ("a green frog with red eyes and the rest purple",
         "Turn it into a green frog with red eyes and purple parts"),
        ("a blue whale, an orange octopus and the rest white",
         "a blue whale, an orange octopus and white parts"),
        # no rest of all
        ("the rest of the body is blue, the tail red", "the body is blue, the tail red"),
        ("a resting cat, yellow", "a resting cat, yellow"),
    ],
)  # fmt: skip
def test_the_rest_is_told_in_words_that_the_model_learned(text, prompt):
    assert read_instruction(text).model_prompt == prompt


def test_a_rest_without_a_color_changes_nothing():
    assert read_instruction("red eyes, leave the rest").model_prompt == "red eyes, leave the rest"
