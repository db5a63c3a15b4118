"""Reads the samples of a tar, and counts and names those that are broken.

webdataset's own reader leaves out files that it takes for no member, and puts samples that share a
key together; a broken caption comes up only when its batch does.
"""

from __future__ import annotations

import io
import re
import tarfile
from collections import defaultdict
from typing import TYPE_CHECKING

from pokecolor.core.errors import UserError
from pokecolor.data import records

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pokecolor.data.records import Members

_NAME = re.compile(r"((?:.*/|)[^./]+)\.([^/]*)")
"""As webdataset takes names apart: a key, and behind its first dot the member."""
_NOTE = re.compile(r"__[^/]*__")
"""Files that are no members, by webdataset's convention."""


def read_samples(data: bytes, where: str) -> list[Members]:
    """The samples of a tar in order, each a mapping of file extension to content.

    Two more entries say where a sample is from: `__key__`, and `__url__`, which is `where`.

    Raises:
        UserError: it is no tar, or some of its samples cannot be used: how many, why, and the first
            key of each kind of fault.
    """
    faults: dict[str, list[str]] = defaultdict(list)
    samples: dict[str, Members] = {}
    last = ""
    try:
        for name, content in _files(data):
            parts = _NAME.fullmatch(name)
            if content is None or parts is None:
                faults["file that is no member of a sample"].append(name)
                continue
            key, member = parts[1], parts[2].lower()
            if key in samples and (key != last or member in samples[key]):
                faults["key that comes twice"].append(key)
                continue
            samples.setdefault(key, {"__key__": key, "__url__": where})[member] = content
            last = key
    except (tarfile.TarError, ValueError, OSError) as error:
        raise UserError(f"{where}: not a tar of samples ({error})") from None
    have_target = any(records.has_target(members) for members in samples.values())
    for key, members in samples.items():
        if fault := records.fault_of(members, have_target):
            faults[fault].append(key)
    if faults:
        count = sum(map(len, faults.values()))
        raise UserError(
            f"{where}: {count} fault{'s' if count > 1 else ''} in {len(samples)} samples: "
            f"{in_words(faults)}; prepare or download the shards again"
        )
    return list(samples.values())


def in_words(faults: dict[str, list[str]]) -> str:
    """ "2 x broken JSON in meta.json (000000003, ...), 1 x ..."; fault => where it is."""
    return ", ".join(
        f"{len(places)} x {fault} ({places[0]}{', ...' if len(places) > 1 else ''})"
        for fault, places in faults.items()
    )


def _files(data: bytes) -> Iterator[tuple[str, bytes | None]]:
    """Name and content of each file of a tar; None for what is none, such as a link."""
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as tar:
        for entry in tar:
            if entry.isdir() or _NOTE.match(entry.name):
                continue
            file = tar.extractfile(entry) if entry.isreg() else None
            yield entry.name, file.read() if file else None
