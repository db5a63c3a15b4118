import numpy as np
import pytest

from pokecolor.core.colors import (
    EXEMPLARS,
    SYNONYMS,
    TERMS,
    find_color_words,
    format_hex,
    lab_to_rgb,
    name_color,
    name_colors,
    parse_hex,
    rgb_to_lab,
    sample_color,
)


@pytest.mark.parametrize(
    ("text", "rgb"), [("#e27022", (226, 112, 34)), ("E27022", (226, 112, 34)), ("#fff", (255,) * 3)]
)
def test_parse_hex(text, rgb):
    assert parse_hex(text) == rgb


def test_hex_round_trip():
    assert format_hex(parse_hex("#0a0b0c")) == "#0a0b0c"


@pytest.mark.parametrize(
    ("rgb", "lab"),
    [
        # Lindbloom's values for sRGB's corners under D65
        ((255, 255, 255), (100.0, 0.0, 0.0)),
        ((0, 0, 0), (0.0, 0.0, 0.0)),
        ((255, 0, 0), (53.24, 80.09, 67.20)),
        ((0, 255, 0), (87.73, -86.18, 83.18)),
        ((0, 0, 255), (32.30, 79.19, -107.86)),
    ],
)
def test_lab_of_known_colors(rgb, lab):
    assert rgb_to_lab(np.array(rgb)) == pytest.approx(lab, abs=0.02)


def test_lab_agrees_with_scikit_image():
    reference = pytest.importorskip("skimage.color")
    rgb = np.random.default_rng(0).integers(0, 256, (4, 5, 3))
    assert rgb_to_lab(rgb) == pytest.approx(reference.rgb2lab(rgb / 255), abs=0.01)


@pytest.mark.parametrize(
    ("rgb", "name"),
    [
        ((255, 0, 0), "red"),
        ((255, 140, 0), "orange"),
        ((255, 255, 0), "yellow"),
        ((0, 128, 0), "green"),
        ((0, 0, 255), "blue"),
        ((128, 0, 128), "purple"),
        ((255, 192, 203), "pink"),
        ((139, 69, 19), "brown"),
        ((0, 0, 0), "black"),
        ((128, 128, 128), "grey"),
        ((255, 255, 255), "white"),
    ],
)
def test_plain_colors_have_their_names(rgb, name):
    assert name_color(rgb) == name


def test_exemplars_bear_the_name_they_stand_for():
    for term, colors in EXEMPLARS.items():
        assert {name_color(parse_hex(color)) for color in colors} == {term}


def test_name_colors_keeps_the_shape():
    image = np.zeros((2, 3, 3), np.uint8)
    image[0, 1] = (255, 255, 255)
    expected = np.full((2, 3), TERMS.index("black"))
    expected[0, 1] = TERMS.index("white")
    assert (name_colors(image) == expected).all()


@pytest.mark.parametrize("term", TERMS)
def test_sampled_colors_bear_the_name(term):
    rng = np.random.default_rng(0)
    colors = [sample_color(term, rng) for _ in range(20)]
    assert {name_color(color) for color in colors} == {term}
    assert len(set(colors)) > 1


def test_sampling_is_repeatable():
    one, other = (sample_color("red", np.random.default_rng(7)) for _ in range(2))
    assert one == other


def test_color_words_with_their_places():
    text = "A Red cat, golden eyes and a gray-green tail"
    found = find_color_words(text)
    assert [(text[start:end], term) for start, end, term in found] == [
        ("Red", "red"),
        ("golden", "yellow"),
        ("gray", "grey"),
        ("green", "green"),
    ]


@pytest.mark.parametrize("text", ["a colored creature", "reddish blues", "evergreen tanned", ""])
def test_no_color_words_inside_other_words(text):
    assert find_color_words(text) == []


def test_synonyms_count_as_basic_terms():
    assert set(SYNONYMS.values()) <= set(TERMS)
    assert not set(SYNONYMS) & set(TERMS)
    assert [term for *_, term in find_color_words("teal and beige")] == ["green", "brown"]


def test_lab_becomes_the_color_it_came_from():
    rgb = np.random.default_rng(0).integers(0, 256, (50, 3))
    assert lab_to_rgb(rgb_to_lab(rgb)) == pytest.approx(rgb, abs=1e-3)
    assert lab_to_rgb([150, 0, 0]) == pytest.approx([255, 255, 255])
