"""What is asked of `pokecolor colorize`: told as it is understood, or refused."""

import re

import pytest
from filled_in import FillIn


def test_a_seed_of_minus_1_is_drawn_and_said(run, fill_in, sketch, monkeypatch):
    seen = []
    paint = FillIn.paint
    monkeypatch.setattr(
        FillIn, "paint", lambda self, *given, **_: seen.append(given[2]) or paint(self, *given)
    )
    code, _, error = run("colorize", sketch, "--prompt", "x", "--seed", -1, "--layers")
    assert code == 0
    assert error.splitlines()[0] == f"seed: {seen[0][0]}" and 0 <= seen[0][0] < 2**32


@pytest.mark.parametrize(
    ("prompt", "said"),
    [
        ("a grene frog", "understood: frog green; grene read as green"),
        ("a nice frog", 'warning: no color found in "a nice frog"; name one, such as'),
    ],
)
def test_what_is_understood_is_said(run, fill_in, sketch, prompt, said):
    code, _, error = run("colorize", sketch, "--prompt", prompt)
    assert code == 0
    assert error.splitlines()[0].startswith(said)


@pytest.mark.parametrize("prompt", ["word " * 2000, "x" * 10_000, "red " * 2500, "빨강파랑" * 2500])
def test_of_a_long_instruction_the_beginning_is_shown(run, fill_in, sketch, prompt):
    code, _, error = run("colorize", sketch, "--prompt", prompt)
    assert code == 0
    assert max(map(len, error.splitlines())) < 300


def test_more_variants_than_memory_holds_are_refused(run, fill_in, sketch, tmp_path):
    code, _, error = run(
        "colorize", sketch, "--prompt", "a red box", "--out", tmp_path, "--variants", "100000000"
    )
    assert (code, error) == (2, "pokecolor: --variants 100000000: give 1000 at most\n")


@pytest.mark.parametrize(
    ("option", "value"),
    [("--steps", "1000000"), ("--guidance", "1e308"), ("--image-guidance", "1e30")],
)
def test_settings_out_of_all_bounds_are_refused(run, fill_in, sketch, option, value):
    code, _, error = run("colorize", sketch, "--prompt", "a red box", option, value)
    assert code == 2 and error.count("\n") == 1
    assert re.search(rf"{option[2:].replace('-', '_')} is .*; give a .*, 1 to 10+$", error.strip())


@pytest.mark.parametrize("option", ["--prompt", "--negative-prompt"])
def test_an_instruction_that_is_no_utf8_is_refused(run, fill_in, sketch, option):
    code, _, error = run("colorize", sketch, "--prompt", "a red box", option, "a r\udcff box")
    assert (code, error) == (
        2,
        f"pokecolor: {option}: is no text: a r\\udcff box; write it in UTF-8\n",
    )


def test_a_korean_noun_in_no_table_is_named(run, fill_in, sketch):
    code, _, error = run("colorize", sketch, "--prompt", "재킷은 검정 이너는 흰색")
    assert code == 0
    assert error.splitlines()[:2] == [
        "understood: jacket black",
        "warning: not known, and left out with its color: 이너",
    ]
