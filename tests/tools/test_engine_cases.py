"""The known answers that web/engine is tested with are what Python answers now."""

import gzip
import json

import pytest

from tools import engine_cases


def committed(name):
    return json.loads(gzip.decompress((engine_cases.CASES / f"{name}.json.gz").read_bytes()))


@pytest.mark.parametrize("make", [engine_cases.word_cases, engine_cases.array_cases])
def test_the_cases_are_what_python_answers(make):
    name = {"word_cases": "words", "array_cases": "arrays"}[make.__name__]
    answers = json.loads(json.dumps(make()))
    assert answers == committed(name), "run python tools/engine_cases.py"


def test_the_picture_is_of_the_drawing_that_the_generator_makes():
    case, _ = committed("pictures")
    drawn = engine_cases.pack(engine_cases.np.asarray(engine_cases._sketch(0)))
    assert case["sketch"] == json.loads(json.dumps(drawn))


def test_all_cases_are_small():
    files = list(engine_cases.CASES.iterdir())
    assert len(files) == 4
    assert all(path.stat().st_size < 100_000 for path in files)
