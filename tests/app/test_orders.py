import pytest

from pokecolor.app.limits import Limits
from pokecolor.app.orders import LARGEST_SEED, OrderValidator
from pokecolor.app.refusals import Refusal
from pokecolor.model_files.sampling import Sampling

RED = "Turn it into a red box"
VALIDATOR = OrderValidator(Limits(), Sampling(4, 4.0, 1.5))


def test_seeds_begin_anew_after_the_last():
    assert VALIDATOR.order(RED, seed=LARGEST_SEED, variants=2).seeds == (LARGEST_SEED, 0)


def test_without_a_seed_it_is_another_one_each_time():
    seeds = {VALIDATOR.order(RED).seeds for _ in range(20)}
    assert len(seeds) == 20 and all(0 <= seed <= LARGEST_SEED for (seed,) in seeds)
    first, second = VALIDATOR.order(RED, variants=2).seeds
    assert second == (first + 1) % (LARGEST_SEED + 1)


@pytest.mark.parametrize(
    ("settings", "kind"),
    [
        ({"prompt": ""}, "prompt_empty"),
        ({"prompt": "  Turn it  INTO "}, "prompt_empty"),
        ({"prompt": None}, "value"),
        ({"prompt": ["a"]}, "value"),
        ({"prompt": {"$ne": 1}}, "value"),
        ({"prompt": "x" * 301}, "text_length"),
        ({"prompt": "x" * 10_000_000}, "text_length"),
        ({"name": "x" * 61}, "text_length"),
        ({"name": 5}, "value"),
        ({"seed": -1}, "value"),
        ({"seed": 2**31}, "value"),
        ({"seed": 10**400}, "value"),
        ({"seed": 1.5}, "value"),
        ({"seed": True}, "value"),
        ({"seed": "1"}, "value"),
        ({"variants": 5}, "value"),
        ({"variants": 0}, "value"),
        ({"steps": 10**9}, "value"),
        ({"steps": float("nan")}, "value"),
        ({"guidance_scale": float("inf")}, "value"),
        ({"guidance_scale": -1}, "value"),
        ({"image_guidance_scale": [1]}, "value"),
        ({"look": "shiny"}, "value"),
        ({"look": ["flat"]}, "value"),
    ],
)
def test_settings_out_of_range_are_refused(settings, kind):
    with pytest.raises(Refusal) as refused:
        VALIDATOR.order(**{"prompt": RED} | settings)
    assert refused.value.kind == kind


def test_a_refusal_says_what_is_meant_and_how_much_is_allowed():
    with pytest.raises(Refusal) as refused:
        VALIDATOR.order("x" * 301)
    assert refused.value.answer == {"error": "text_length", "field": "prompt", "limit": 300}
    with pytest.raises(Refusal) as refused:
        VALIDATOR.order(RED, steps=99)
    assert refused.value.answer == {"error": "value", "field": "steps"}


def test_texts_are_one_line_without_hidden_marks():
    order = VALIDATOR.order("a red\n\n\x00box\u202e", name=" 모찌\t\u2066떡 \ue000")
    assert (order.prompt, order.name) == ("a red box", "모찌 떡")
    assert VALIDATOR.order(RED, name="👩‍🎨").name == "👩‍🎨"


def test_settings_left_out_are_the_models_own():
    order = VALIDATOR.order(RED)
    assert (order.steps, order.guidance_scale, order.image_guidance_scale) == (4, 4.0, 1.5)
