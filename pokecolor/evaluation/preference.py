"""Forced choice between two sets of pictures: which does a person prefer?"""

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
"""Of the interval."""


@dataclass(frozen=True)
class ImagePair:
    """A picture of each set, in random order, known by ids that do not tell the set."""

    name: str
    """What both files are called, without the ending."""
    left: str
    right: str
    """The ids."""
    files: Mapping[str, Path]
    """By id."""


@dataclass(frozen=True)
class Preference:
    """The choices that people made."""

    wins: dict[str, int]
    """Of each of the two sets."""
    p_value: float
    """Exact, two-sided: how probable so uneven a count is where neither is preferred."""
    interval: tuple[float, float]
    """Of the share of the first set's wins, at `LEVEL`."""


def pair_pictures(
    first: Path, second: Path, seed: int | None = None
) -> tuple[list[ImagePair], str]:
    """Pictures of the same name, in random order and on random sides.

    Args:
        first: a folder of images, such as `generated/` of a report.
        second: another.
        seed: of the order, the sides and the ids; None for one that nobody knows.

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
    """Write which id is of which set, "A" or "B": keep it from who chooses."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(KEY_COLUMNS)
        for pair in pairs:
            for set_name, id_ in zip("AB", pair.files, strict=True):
                writer.writerow((id_, set_name, pair.name))


def count_choices(key: Path, results: Sequence[Path]) -> Preference:
    """Count what the people of several result files chose.

    Args:
        key: as `write_key` has written it.
        results: CSV files as the page saves them, one of each person.

    Raises:
        UserError: a file is no such table, names a picture that is not in the key, or a pair is
            there twice in one file.
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
        wins: of two sets; at least one in all.
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
