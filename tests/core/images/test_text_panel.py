"""Prompts fit their panel."""

from __future__ import annotations

import pytest
from PIL import ImageFont

from pokecolor.core.images.text_panel import FONTS, text_panel


@pytest.mark.parametrize("size", [32, 128, 256])
@pytest.mark.parametrize("text", ["red", "Turn it into a green creature with red eyes and horns"])
def test_there_are_letters_and_an_empty_margin(size, text):
    panel = text_panel(text, size)
    assert panel.shape == (size, size, 3)
    assert (panel < 128).any()
    if size > 32:
        assert (panel[-2:] == 255).all()
        assert (panel[:, -2:] == 255).all()


def test_japanese_is_broken_between_letters():
    # two lines of it reach to the right margin; one line would shrink to be small
    panel = text_panel("緑色の体に赤い目をした生き物", 128)
    rows = (panel < 128).any(axis=(1, 2))
    assert 10 < rows.nonzero()[0].max() < 124
    assert (panel[:, -2:] == 255).all()


def test_letters_of_other_scripts_differ_from_one_another():
    if not any(_is_there(name) for name in FONTS):
        pytest.skip("no font with Korean letters on this machine")
    one, other = text_panel("파란 몸", 64), text_panel("빨간 눈", 64)
    assert (one != other).any()


def _is_there(name):
    try:
        return bool(ImageFont.truetype(name, 12))
    except OSError:
        return False


def test_spaces_and_line_breaks_are_one_space():
    assert (text_panel("a  red\n fox", 64) == text_panel("a red fox", 64)).all()


def test_an_empty_prompt_is_white():
    assert (text_panel("", 64) == 255).all()
