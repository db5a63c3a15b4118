"""Two-alternative forced choice between two sets of pictures, and its statistics."""

from __future__ import annotations

import csv
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pokecolor.core.errors import UserError
from pokecolor.core.images.listing import list_images
from pokecolor.core.tables import read_csv

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

KEY_COLUMNS = ("id", "set", "name")
RESULT_COLUMNS = ("left", "right", "chosen")
LEVEL = 0.95
"""Confidence level of the interval."""


@dataclass(frozen=True)
class ImagePair:
    """One picture of each set, in random order, with ids that do not reveal the set."""

    name: str
    """Name of both files, without extension."""
    left: str
    right: str
    """Ids of the pictures."""
    files: Mapping[str, Path]
    """Id => file."""


@dataclass(frozen=True)
class Preference:
    """The result of people's choices."""

    wins: dict[str, int]
    """Wins of each set."""
    p_value: float
    """Two-sided p-value of the exact sign test."""
    interval: tuple[float, float]
    """Interval of the first set's share of wins, at `LEVEL`."""


def pair_pictures(
    first: Path, second: Path, seed: int | None = None
) -> tuple[list[ImagePair], str]:
    """Pair pictures with the same name, in random order and on random sides.

    Args:
        first: a folder of images, such as `generated/` of a report.
        second: another.
        seed: seed of order, sides and ids; None for a random one.

    Returns:
        The pairs, and one line on pictures that have no partner; "" where all have one.

    Raises:
        UserError: no two pictures have the same name, or both folders are the same.
    """
    if first.resolve() == second.resolve():
        raise UserError(f"{first}: both folders are the same; give two sets of pictures")
    ones, others = ({path.stem: path for path in list_images(each)} for each in (first, second))
    names = sorted(ones.keys() & others.keys())
    if not names:
        raise UserError(f"{first} and {second}: no two images in them have the same name")
    rng = np.random.default_rng(secrets.randbits(128) if seed is None else seed)
    pairs = []
    for index in rng.permutation(len(names)):
        name = names[index]
        ids = [f"{rng.integers(2**48):012x}" for _ in range(2)]
        files = dict(zip(ids, (ones[name], others[name]), strict=True))
        left, right = rng.permutation(ids).tolist()
        pairs.append(ImagePair(name, left, right, files))
    alone = len(ones) + len(others) - 2 * len(names)
    return pairs, f"{alone} images have no partner of their name; left out" if alone else ""


def write_key(path: Path, pairs: Iterable[ImagePair]) -> None:
    """Write the set ("A" or "B") of each id. People who choose must not see it."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(KEY_COLUMNS)
        for pair in pairs:
            for set_name, id_ in zip("AB", pair.files, strict=True):
                writer.writerow((id_, set_name, pair.name))


def count_choices(key: Path, results: Sequence[Path]) -> Preference:
    """Count the choices of several result files.

    Args:
        key: the file of `write_key`.
        results: CSV files that the page saved, one per person.

    Raises:
        UserError: a file is not such a table, contains a picture that the key lacks, or contains
            a pair twice.
    """
    known = {row["id"]: row for _, row in _read(key, KEY_COLUMNS)}
    wins = {"A": 0, "B": 0}
    for path in results:
        seen = set()
        for line, row in _read(path, RESULT_COLUMNS):
            pair = frozenset((row["left"], row["right"]))
            rows = [known.get(id_, {}) for id_ in pair]
            of_a_pair = len({each.get("name") for each in rows}) == 1 and len(rows) == 2
            if not all(rows) or not of_a_pair or row["chosen"] not in pair:
                raise UserError(f"{path}: line {line}: no pair of {key}; give the page's own key")
            if pair in seen:
                raise UserError(f"{path}: line {line}: this pair is there twice; delete one row")
            seen.add(pair)
            wins[known[row["chosen"]]["set"]] += 1
    return preference(wins)


def preference(wins: Mapping[str, int]) -> Preference:
    """The exact sign test (Dixon and Mood 1946) and the interval of Clopper and Pearson (1934).

    Args:
        wins: wins of two sets, at least one in total.
    """
    from scipy.stats import binomtest

    first, second = wins.values()
    test = binomtest(first, first + second)
    low, high = test.proportion_ci(LEVEL, "exact")
    return Preference(dict(wins), float(test.pvalue), (float(low), float(high)))


def _read(path: Path, columns: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    table = read_csv(path)
    if missing := [name for name in columns if name not in table.columns]:
        raise UserError(f"{path}: no column {missing[0]}; it needs {','.join(columns)}")
    return list(table.rows)
