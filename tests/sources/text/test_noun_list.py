from pokecolor.model_files.mini import mini_part_names
from pokecolor.sources.text.noun_list import all_nouns, noun_groups


def test_nouns_are_in_one_group_each():
    nouns = all_nouns()
    assert len(nouns) == len(set(nouns)) > 500
    assert sum(map(len, noun_groups().values())) == len(nouns)


def test_groups_hold_what_they_are_called():
    groups = noun_groups()
    assert "pants" in groups["people and clothes"]
    assert "roof" in groups["buildings and scenes"]
    assert "body" in groups["creature parts"]


def test_the_parts_of_mini_are_among_them():
    assert set(mini_part_names()) <= set(all_nouns())
