"""The Frechet distance against scipy and torchmetrics: `python benchmarks/peers/fid.py`.

Features are random, correlated numbers of Inception's width; what the three find is printed.
"""

from __future__ import annotations

import argparse
import functools

import numpy as np
import scipy.linalg
import torch
from alternating import Cost, machine, print_table, take_turns, timed
from torchmetrics.image.fid import FrechetInceptionDistance

from pokecolor.evaluation.metrics.fid import frechet_distance


def by_scipy(features: np.ndarray, true_features: np.ndarray) -> float:
    """By the matrix square root of the product of the covariances, as most programs have it."""
    first, second = (np.cov(each, rowvar=False) for each in (features, true_features))
    root = scipy.linalg.sqrtm(first @ second)
    shift = features.mean(0) - true_features.mean(0)
    return float(shift @ shift + np.trace(first) + np.trace(second) - 2 * np.trace(root).real)


def by_torchmetrics(features: torch.Tensor, true_features: torch.Tensor) -> float:
    """By its metric, given the features in place of images."""
    metric = FrechetInceptionDistance(Given(features.shape[1])).set_dtype(torch.float64)
    metric.update(features, real=False)
    metric.update(true_features, real=True)
    return float(metric.compute())


class Given(torch.nn.Module):
    """An extractor that gives back what it is given."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.num_features = width

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        return features


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pictures", type=int, default=830)
    parser.add_argument("--width", type=int, default=2048, help="of the features")
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    generator = torch.Generator().manual_seed(0)
    mix = torch.randn(options.width, options.width, generator=generator) / options.width**0.5
    sets = [
        torch.randn(options.pictures, options.width, generator=generator) @ mix + shift
        for shift in (0.0, 0.1)
    ]
    doubles = [each.double() for each in sets]
    calls = {
        "pokecolor": (frechet_distance, sets),
        "torchmetrics": (by_torchmetrics, doubles),
        "scipy's sqrtm": (by_scipy, [each.numpy() for each in doubles]),
    }
    found: dict[str, float] = {}

    def measure(name: str) -> Cost:
        distance, given = calls[name]
        return timed(lambda: found.update({name: distance(*given)}))

    ways = {name: functools.partial(measure, name) for name in calls}
    print(f"{machine()}; {options.pictures} pictures, {options.width} features")
    costs = take_turns(ways, options.repeats + 1)
    print_table({name: of_it[1:] for name, of_it in costs.items()}, "distance")
    print("; ".join(f"{name} finds {value:.6f}" for name, value in found.items()))


if __name__ == "__main__":
    main()
