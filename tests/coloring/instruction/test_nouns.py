from pokecolor.coloring.instruction.nouns import find_noun, table
from pokecolor.sources.text.noun_list import all_nouns


def test_the_table_has_many_nouns_with_synonyms_and_korean_names():
    rows = table()
    assert len(rows) >= 450
    assert len({row.name for row in rows}) == len(rows)
    assert sum(bool(row.synonyms) for row in rows) > 200
    assert sum(bool(row.korean) for row in rows) > 400


def test_synonyms_and_plurals_are_found():
    for phrase, name in (
        ("trousers", "pants"), ("jeans", "pants"), ("bill", "beak"), ("moustache", "mustache"),
        ("tummy", "belly"), ("ponytail", "hair"), ("foxes", "fox"), ("doggies", "dog"),
    ):  # fmt: skip
        assert find_noun(phrase).name == name


def test_most_words_of_training_are_known():
    known = [noun for noun in all_nouns() if find_noun(noun)]
    assert len(known) / len(all_nouns()) > 0.8
