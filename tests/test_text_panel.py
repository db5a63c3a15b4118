"""Prompts fit their panel."""

from __future__ import annotations

import pytest

from pokecolor.text_panel import text_panel


@pytest.mark.parametrize("size", [32, 128, 256])
@pytest.mark.parametrize("text", ["red", "Turn it into a green creature with red eyes and horns"])
def test_there_are_letters_and_an_empty_margin(size, text):
    panel = text_panel(text, size)
    assert panel.shape == (size, size, 3)
    assert (panel < 128).any()
    if size > 32:
        assert (panel[-2:] == 255).all()
        assert (panel[:, -2:] == 255).all()


def test_an_empty_prompt_is_white():
    assert (text_panel("", 64) == 255).all()
