"""What training tells is understood as it was meant."""

import numpy as np

from pokecolor.coloring.instruction import read_instruction
from pokecolor.coloring.instruction.nouns import find_noun
from pokecolor.core.colors import SYNONYMS
from pokecolor.sources.text.sentences import write_sentence


def term(word):
    return SYNONYMS.get(word, word.split()[-1])


def name(noun):
    known = find_noun(noun)  # "pigeon" is told as "bird"
    return known.name if known else noun


def test_the_colors_of_generated_sentences_are_found_and_bound():
    found = told = kept = 0
    for seed in range(400):
        prompt, parts = write_sentence(np.random.default_rng(seed))
        read = read_instruction(prompt)
        pairs = {(pair.noun, term(pair.color)) for pair in read.pairs}
        kept += read.model_prompt == prompt
        for part in parts:
            told += 1
            if part.name == "body":  # the color of the whole is bound to the subject
                found += part.color in {color for _, color in pairs}
            else:
                found += (name(part.name), part.color) in pairs
    assert found / told > 0.97
    assert kept / 400 > 0.75
