import numpy as np

from pokecolor.core.colors import SYNONYMS, TERMS, find_color_words
from pokecolor.sources.text.sentences import SentenceSource, write_sentence


def test_a_sentence_names_its_parts_and_their_colors():
    for seed in range(200):
        prompt, parts = write_sentence(np.random.default_rng(seed))
        text = prompt.lower().replace("ice cream", "ice-treat")  # "cream" is no color there
        said = sorted(SYNONYMS.get(w.lower(), w.lower()) for _, _, w in find_color_words(text))
        told = sorted({part.color for part in parts})
        assert set(said) <= set(TERMS)
        assert set(told) == set(said), (prompt, parts)
        for part in parts:
            assert part.named
            assert part.name == "body" or part.name in prompt.lower()


def test_sentences_stand_on_blank_pages_and_do_not_change():
    source = SentenceSource(size=32, count=3, first_seed=7)
    assert list(source.drawings()) == ["sentence-000007", "sentence-000008", "sentence-000009"]
    (one,) = source.triplets("sentence-000008")
    (again,) = SentenceSource(size=32, count=9).triplets("sentence-000008")
    assert one.original_image.shape == (32, 32, 3)
    assert (one.original_image == 255).all()
    assert one.part_map.max() == 0
    assert one.edit_prompt == again.edit_prompt
    assert one.parts == again.parts


def test_a_share_is_held_out():
    source = SentenceSource(count=2000, val=0.1)
    splits = [source.split_of(drawing) for drawing in source.drawings()]
    assert 0.07 < splits.count("val") / len(splits) < 0.13
    assert "test" not in splits
