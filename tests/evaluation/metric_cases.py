"""Cases for tests of single metrics, and what a metric computes of them."""

import numpy as np
import torch

from pokecolor.evaluation.cases import Case
from pokecolor.evaluation.drawing import Drawing
from pokecolor.evaluation.metric import Setup

WHITE = np.full((8, 8, 3), 255, np.uint8)


def case(picture=WHITE, sketch=WHITE, truth=WHITE, prompt="", parts=(), part_map=None, **more):
    """A drawing and a picture of it; without a picture it failed."""
    part_map = np.zeros(sketch.shape[:2], np.uint8) if part_map is None else part_map
    return Case(Drawing("d", sketch, truth, prompt, parts, part_map, "d-0"), picture, **more)


def seeing(network="clip", **seen):
    """A case of which a network sees this."""
    return case(seen={network: {what: torch.as_tensor(of_it) for what, of_it in seen.items()}})


def computed(metric, *batches, drawings=None, **setup):
    """The estimate of a metric's class; each case of the batches is another drawing."""
    count = sum(map(len, batches))
    drawings = drawings or [str(number) for number in range(count)]
    made = metric(Setup(drawings, frozenset(metric.needs), **setup))
    numbers = iter(range(count))
    for batch in batches:
        made.update([Case(**{**vars_of(each), "index": next(numbers)}) for each in batch])
    return made.compute()


def vars_of(one):
    return {name: getattr(one, name) for name in Case.__dataclass_fields__}
