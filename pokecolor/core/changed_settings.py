"""Resuming from a checkpoint with changed settings: each change takes effect or is refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from pokecolor.core.earlier_names import to_present
from pokecolor.core.errors import UserError

NO_MATTER = ("name", "ckpt_path", "paths", "resume", "optimized_metric", "logger", "callbacks")
"""Settings of paths, logging and reporting; they do not change what a run learns."""
BOUND = (
    "model._target_",
    "model.optimizer._target_",
    "model.ema",
    "model.lora.rank",
)
"""Settings that must stay the same: weights or optimizer state would not fit other values."""
KEPT = (
    "seed",
    "data.seed",
    "data.batch_size",
    "data.random_flip",
    "model.seed",
    "model.components",
    "model.lora.alpha",
)
"""Settings whose change makes it a different run; the user must allow it."""
SCHEDULE = ("model.lr_scheduler",)
"""The shape of the learning-rate schedule, not its length."""


class Change(NamedTuple):
    """A setting that differs from the checkpoint's."""

    key: str
    before: Any
    now: Any

    def within(self, keys: tuple[str, ...]) -> bool:
        """Whether it is one of these settings, or of these groups."""
        return any(self.key == key or self.key.startswith(f"{key}.") for key in keys)


def leaves(values: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the dotted name and the value of each nested setting."""
    if not isinstance(values, Mapping) or (prefix and not values):
        yield prefix, values
        return
    for key, value in values.items():
        yield from leaves(value, f"{prefix}.{key}" if prefix else str(key))


def changes(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[Change]:
    """The settings that both have, with different values; those of `NO_MATTER` are left out.

    A setting that only one of them has belongs to another option of a group or to another version.
    A group that was turned off or on, as by model.ema=null, is one change.
    """
    known, given = dict(leaves(to_present(before))), dict(leaves(now))
    found = [
        Change(key, known[key], given[key])
        for key in known
        if key in given and known[key] != given[key]
    ]
    for one, other in ((known, given), (given, known)):
        for key in one.keys() - other.keys():
            if one[key] is None and any(name.startswith(f"{key}.") for name in other):
                states = ["on" if side is other else None for side in (known, given)]
                found.append(Change(key, *states))
    return [change for change in found if not change.within(NO_MATTER)]


def require_fitting(found: list[Change], allow_changes: bool) -> None:
    """Refuse changes that a run cannot continue with.

    Args:
        found: the changed settings.
        allow_changes: whether to allow changes that make it a different run (`KEPT`).

    Raises:
        UserError: names each with both values.
    """
    bound = [change for change in found if change.key in BOUND]
    if bound:
        raise UserError(
            f"ckpt_path: {_list(bound)}; what is in the checkpoint does not fit: give the settings "
            "that it was made with, or start anew without ckpt_path"
        )
    require_allowed([change for change in found if change.within(KEPT)], allow_changes)


def require_allowed(found: list[Change], allow_changes: bool) -> None:
    """Refuse changes unless they are allowed.

    Raises:
        UserError: names each with both values.
    """
    if found and not allow_changes:
        raise UserError(
            f"ckpt_path: {_list(found)}; give what the checkpoint was made with, or go on with "
            "the change by resume.allow_changes=true"
        )


def describe_changes(found: list[Change]) -> str:
    """The changes as one line of text."""
    return ", ".join(
        f"{change.key}={_text(change.now)} (was {_text(change.before)})" for change in found
    )


def _list(found: list[Change]) -> str:
    return ", ".join(
        f"{change.key} was {_text(change.before)} and is now {_text(change.now)}"
        for change in found
    )


def _text(value: Any) -> str:
    return "null" if value is None else str(value)
