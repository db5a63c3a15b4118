"""Pagination of long lists."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Generic, TypeVar

Item = TypeVar("Item")


@dataclass(frozen=True)
class Page(Generic[Item]):
    """One page of a list."""

    items: list[Item]
    number: int
    """From 1 on."""
    pages: int
    """At least 1."""
    total: int
    """Items on all pages."""


def clamp_page(number: int, total: int, size: int) -> tuple[int, int]:
    """The page number within what there is, and the number of pages."""
    pages = max(1, math.ceil(total / size))
    return min(max(number, 1), pages), pages
