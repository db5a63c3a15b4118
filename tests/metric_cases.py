"""Cases for tests of single metrics, and what a metric computes of them."""

from dataclasses import replace

import numpy as np
import torch

from pokecolor.evaluation.cases import Case
from pokecolor.evaluation.drawing import Drawing
from pokecolor.evaluation.metrics.metric import Setup
from pokecolor.evaluation.metrics.registry import METRICS

WHITE = np.full((8, 8, 3), 255, np.uint8)


def case(picture=WHITE, sketch=WHITE, target=WHITE, prompt="", parts=(), part_map=None, **more):
    """A drawing and a picture of it; without a picture it failed."""
    part_map = np.zeros(sketch.shape[:2], np.uint8) if part_map is None else part_map
    return Case(Drawing("d", sketch, target, prompt, parts, part_map, "d-0"), picture, **more)


def seeing(network="clip", **seen):
    """A case of which a network sees this."""
    return case(seen={network: {what: torch.as_tensor(of_it) for what, of_it in seen.items()}})


def computed(metric, *batches, drawings=None, **setup):
    """What a metric, or the one of this key, finds of batches of cases, each another drawing."""
    if isinstance(metric, str):
        (metric,) = (each for each in METRICS if each.key == metric)
    count = sum(map(len, batches))
    drawings = drawings or [str(number) for number in range(count)]
    of_these = metric.of(Setup(drawings, frozenset(metric.needs), **setup))
    numbers = iter(range(count))
    for batch in batches:
        of_these.update([replace(each, index=next(numbers)) for each in batch])
    return of_these.compute()
