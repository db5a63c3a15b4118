"""Assigns drawings to the training, validation and test splits."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from pokecolor.core.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pokecolor.core.schema import Split

FEW = 2
"""With at most so many drawings, none is held out."""


def split_of(drawing_id: str, val: float = 0.05, test: float = 0.05) -> Split:
    """The split of a drawing, by the SHA-256 of its id.

    It does not depend on other drawings, and the test split does not depend on `val`.

    Args:
        drawing_id: the id of the drawing, shared by all its variants.
        val: expected share of drawings held out for validation, 0 to 1.
        test: expected share of drawings held out for the test, 0 to 1.

    Raises:
        UserError: they are no shares, or more than 1 together.
    """
    require_shares(val, test)
    place = _place(drawing_id)
    if place < test:
        return "test"
    return "val" if place < test + val else "train"


def assign_splits(
    names: Mapping[str, str], given: Mapping[str, Split], val: float, test: float
) -> tuple[dict[str, Split], str]:
    """Assign the drawings of a user's folder to splits.

    Given splits are kept; if there is no validation split, the training split is divided. Without
    given splits, `split_of` decides. If that leaves training or validation empty, a drawing of
    another split is moved there, unless the shares require it or there are too `FEW`. In that case
    there is no test split, and `pokecolor.data.prepare` validates on the training drawings.

    Args:
        names: drawing => argument of `split_of`.
        given: drawing => given split; ignored if all drawings have the same.
        val: expected share of drawings held out for validation, 0 to 1.
        test: expected share of drawings held out for the test, 0 to 1.

    Returns:
        the split of each drawing, and a message on moved drawings, or "".
    """
    shared = val > 0 and val + test < 1
    kinds = {given.get(drawing, "train") for drawing in names}
    held = kinds - {"train"} if len(kinds) > 1 else set()
    if held:
        val, test = (0.0 if "val" in held else val), 0.0
    elif shared and len(names) <= FEW:
        test = 0.0
    splits = {
        drawing: given[drawing]
        if held and given.get(drawing, "train") != "train"
        else split_of(name, val, test)
        for drawing, name in names.items()
    }
    taken = _fill(splits, names, given if held else {}) if shared and len(names) > FEW else []
    return splits, "; ".join(taken)


def _fill(
    splits: dict[str, Split], names: Mapping[str, str], given: Mapping[str, Split]
) -> list[str]:
    """Give empty splits a drawing, the one whose place is nearest; says which."""
    said = []
    for split, sources, nearest in _FILLED_FROM:
        free = [
            [d for d in names if splits[d] == source and given.get(d, "train") == "train"]
            for source in sources
        ]
        spare = next((drawings for drawings in free if len(drawings) > 1), free[-1])
        if split not in splits.values() and spare:
            drawing = nearest(spare, key=lambda name: _place(names[name]))
            said.append(
                f"{split} takes {drawing} from {splits[drawing]}, for no drawing fell to it"
            )
            splits[drawing] = split
    return said


_FILLED_FROM = (("train", ("test", "val"), max), ("val", ("train", "test"), min))
"""Where an empty split takes a drawing from, and whether the one of the highest place or lowest."""


def _place(name: str) -> float:
    """Uniform in [0, 1), from the SHA-256 of a name."""
    digest = hashlib.sha256(name.encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


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
