"""A byte-level BPE tokenizer in CLIP's format, trained on instructions."""

from __future__ import annotations

import json
from collections.abc import Iterable

from tokenizers import Regex, Tokenizer, models, pre_tokenizers, trainers
from transformers import CLIPTokenizer

START, END = "<|startoftext|>", "<|endoftext|>"
WORD = r"""'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"""
"""How CLIP's tokenizer cuts a text before merging (Radford et al., 2021)."""
MAX_LENGTH = 77
"""Tokens after which an encoded text is cut, as CLIP's."""


def train_tokenizer(texts: Iterable[str], merges: int) -> CLIPTokenizer:
    """Learn merges from lower-cased texts; every byte has a token, so no script is unknown.

    Args:
        texts: what to learn from.
        merges: how many merges at most; the vocabulary has 514 more entries.
    """
    tokenizer = Tokenizer(models.BPE(end_of_word_suffix="</w>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(WORD), behavior="removed", invert=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    trainer = trainers.BpeTrainer(
        vocab_size=2 * len(alphabet) + merges,
        initial_alphabet=alphabet,
        end_of_word_suffix="</w>",
        show_progress=False,
    )
    tokenizer.train_from_iterator((text.lower() for text in texts), trainer)
    learned = json.loads(tokenizer.to_str())["model"]["merges"][:merges]
    learned = [(left, right) for left, right in learned]
    tokens = dict.fromkeys([*alphabet, *(f"{character}</w>" for character in alphabet)])
    tokens.update(dict.fromkeys(left + right for left, right in learned))
    tokens.update(dict.fromkeys([START, END]))
    vocab = {token: index for index, token in enumerate(tokens)}
    return CLIPTokenizer(vocab=vocab, merges=learned, model_max_length=MAX_LENGTH)
