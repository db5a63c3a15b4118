"""Reads the samples of a tar file, and reports broken ones.

webdataset's own reader silently skips files whose names are no members and merges samples with the
same key, and finds a broken caption only when its batch is read.
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
"""webdataset's naming: a key and, after its first dot, the member."""
_NOTE = re.compile(r"__[^/]*__")
"""Files that webdataset ignores by convention."""


def read_samples(data: bytes, where: str) -> list[Members]:
    """The samples of a tar file in order, each a dict of file extension => content.

    Two more entries tell the origin of a sample: `__key__`, and `__url__`, which is `where`.

    Raises:
        UserError: it is no tar file, or some samples cannot be used; the message has the number,
            the reasons, and the first key for each reason.
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
            f"{describe_faults(faults)}; prepare or download the shards again"
        )
    return list(samples.values())


def describe_faults(faults: dict[str, list[str]]) -> str:
    """ "2 x broken JSON in meta.json (000000003, ...), 1 x ..."; fault => where it is."""
    return ", ".join(
        f"{len(places)} x {fault} ({places[0]}{', ...' if len(places) > 1 else ''})"
        for fault, places in faults.items()
    )


def _files(data: bytes) -> Iterator[tuple[str, bytes | None]]:
    """Yield the name and content of each entry of a tar file; None for links and the like."""
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as tar:
        for entry in tar:
            if entry.isdir() or _NOTE.match(entry.name):
                continue
            file = tar.extractfile(entry) if entry.isreg() else None
            yield entry.name, file.read() if file else None
