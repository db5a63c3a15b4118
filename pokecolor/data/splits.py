"""Which split a drawing belongs to."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from pokecolor.errors import UserError

if TYPE_CHECKING:
    from pokecolor.schema import Split


def split_of(drawing_id: str, val: float = 0.05, test: float = 0.05) -> Split:
    """The split of a drawing, from the SHA-256 of its id alone.

    Adding or removing other drawings moves none, and another `val` leaves the test split as it is.

    Args:
        drawing_id: the id of the drawing, shared by all its variants.
        val: expected share of drawings held out for validation, 0 to 1.
        test: expected share of drawings held out for the test, 0 to 1.

    Raises:
        UserError: they are no shares, or more than 1 together.
    """
    require_shares(val, test)
    digest = hashlib.sha256(drawing_id.encode()).digest()
    place = int.from_bytes(digest[:8], "big") / 2**64  # uniform in [0, 1)
    if place < test:
        return "test"
    return "val" if place < test + val else "train"


def require_shares(val: float, test: float = 0.0) -> None:
    """Check the shares of drawings that are held out.

    Raises:
        UserError: they are no shares, or more than 1 together.
    """
    numbers = isinstance(val, int | float) and isinstance(test, int | float)
    if not (numbers and val >= 0 and test >= 0 and val + test <= 1 + 1e-9):
        raise UserError(
            f"data.source: val={val}, test={test}: give shares from 0 to 1, of 1 at most together"
        )
