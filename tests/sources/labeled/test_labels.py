from collections import Counter

from pokecolor.core.colors import find_color_words
from pokecolor.model_files.mini import mini_part_names
from pokecolor.sources.labeled.labels import BACKGROUND, load_labels, part_names


def test_labels_are_of_different_drawings_and_name_parts():
    labels = load_labels()
    assert len(labels) > 300
    assert len({label.id for label in labels}) == len(labels)
    for label in labels:
        assert label.subject
        assert set(label.parts) - {BACKGROUND}, label.id
        for points in label.parts.values():
            assert all(0 <= x <= 1 and 0 <= y <= 1 for x, y in points), label.id


def test_no_name_holds_a_color_word():
    # "a blue red block" would be no instruction; "cream" in "ice cream" is no color
    for label in load_labels():
        for name in (label.subject, *label.parts):
            assert not find_color_words(name.replace("ice cream", "")), (label.id, name)


def test_part_names_are_those_of_creatures_and_the_frequent_ones():
    names = part_names(least=8)
    counts = Counter(name for label in load_labels() for name in label.parts)
    assert set(mini_part_names()) <= set(names)
    assert BACKGROUND not in names
    assert all(counts[name] >= 8 for name in set(names) - set(mini_part_names()))
    assert len(part_names(least=2)) > len(names)
