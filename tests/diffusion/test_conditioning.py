"""Conditioning dropout: its rates, that its three cases exclude one another, what it puts in."""

from __future__ import annotations

import pytest
import torch

from pokecolor.core.errors import UserError
from pokecolor.diffusion.conditioning import ConditioningDropout
from pokecolor.model_files.base_models.base_model import Conditions


def test_rates_are_those_asked_for():
    uniform = (torch.arange(1000) + 0.5) / 1000  # evenly spread: the counts are exact
    no_text, no_image = ConditioningDropout(text=0.05, image=0.1, both=0.02).masks(uniform)
    assert (no_text & ~no_image).sum() == 50
    assert (no_image & ~no_text).sum() == 100
    assert (no_text & no_image).sum() == 20


def test_original_rates_by_default():
    no_text, no_image = ConditioningDropout().masks((torch.arange(1000) + 0.5) / 1000)
    counts = [(no_text & ~no_image).sum(), (no_image & ~no_text).sum(), (no_text & no_image).sum()]
    assert counts == [50, 50, 50]


def test_no_dropout_drops_nothing():
    no_text, no_image = ConditioningDropout(0, 0, 0).masks(torch.rand(100))
    assert not (no_text | no_image).any()


def test_dropped_text_is_the_empty_prompt_and_a_dropped_image_zero():
    embeds, latents, null = torch.ones(3, 2, 4), torch.ones(3, 1, 2, 2), torch.full((1, 2, 4), 7.0)
    dropout, uniform = ConditioningDropout(0.1, 0.1, 0.0), torch.tensor([0.05, 0.15, 0.5])
    (image, text), has_text = dropout(Conditions(latents, embeds), null, uniform)
    assert has_text.tolist() == [False, True, True]
    assert text.mean((1, 2)).tolist() == [7.0, 1.0, 1.0]
    assert image.mean((1, 2, 3)).tolist() == [1.0, 0.0, 1.0]


@pytest.mark.parametrize("rates", [(-0.1, 0, 0), (0.5, 0.4, 0.2)])
def test_impossible_rates_are_refused(rates):
    with pytest.raises(UserError, match="each must"):
        ConditioningDropout(*rates)
