"""Measures ways of doing the same in turn, so that what else the machine does slows all of them.

The ratios are of medians over the turns. Beside the time on the clock stands the processors' time,
which other programs lengthen less.
"""

from __future__ import annotations

import os
import statistics
import time
from typing import TYPE_CHECKING, NamedTuple

import torch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


class Cost(NamedTuple):
    """Of one unit of work, such as a picture."""

    seconds: float
    """On the clock."""
    processor: float
    """Seconds of all cores together."""


def timed(call: Callable[[], object], units: int = 1) -> Cost:
    """What one of `units` units of work costs in this process."""
    clock, processor = time.perf_counter(), time.process_time()
    call()
    clock, processor = time.perf_counter() - clock, time.process_time() - processor
    return Cost(clock / units, processor / units)


def take_turns(ways: Mapping[str, Callable[[], Cost]], repeats: int) -> dict[str, list[Cost]]:
    """The costs of each way, measured in turn."""
    costs: dict[str, list[Cost]] = {way: [] for way in ways}
    for _ in range(repeats):
        for way, measure in ways.items():
            costs[way].append(measure())
    return costs


def machine() -> str:
    """What was measured on."""
    device = torch.cuda.get_device_name() if torch.cuda.is_available() else "CPU"
    return (
        f"{device}, {torch.get_num_threads()} threads, PyTorch {torch.__version__}, "
        f"load {os.getloadavg()[0]:.1f}"
    )


def print_table(costs: Mapping[str, Sequence[Cost]], unit: str) -> None:
    """A row a way with its medians, ranges, and how many times the first way's time it takes.

    Args:
        costs: the first way is the own one.
        unit: of work, in words.
    """
    own = next(iter(costs.values()))
    print(f"| seconds a {unit} | clock | times | processor | times |\n|---|---|---|---|---|")
    for way, found in costs.items():
        cells = [way]
        for field in Cost._fields:
            values, first = ([getattr(cost, field) for cost in each] for each in (found, own))
            median = statistics.median(values)
            cells.append(f"{median:.4g} ({min(values):.4g} to {max(values):.4g})")
            cells.append(f"{median / statistics.median(first):.2f}")
        print(f"| {' | '.join(cells)} |", flush=True)
