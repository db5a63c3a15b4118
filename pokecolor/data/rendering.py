"""Renders the drawings of a source to encoded samples, in parallel processes."""

from __future__ import annotations

import collections
import multiprocessing
import os
import signal
import threading
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing.connection import wait
from typing import TYPE_CHECKING

from pokecolor.core.images.conversion import ImageError
from pokecolor.data import records

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pokecolor.core.schema import Source

CHUNK = 8
"""Drawings that a process renders at a time."""


@dataclass(frozen=True)
class Rendered:
    """One drawing, rendered."""

    drawing_id: str
    samples: tuple[dict[str, bytes], ...] = ()
    """One sample (file extension => content) for each of its triplets."""
    error: str | None = None
    """Why it cannot be read; then there are no samples."""


def render(source: Source, drawing_ids: Sequence[str], processes: int) -> Iterator[Rendered]:
    """Render drawings in the given order; with one process, in this one."""
    if processes == 1:
        for drawing_id in drawing_ids:
            yield _render_drawing(source, drawing_id)
        return
    chunks = (drawing_ids[i : i + CHUNK] for i in range(0, len(drawing_ids), CHUNK))
    # Not fork: the parent has threads of torch and the progress bar. Windows has only spawn.
    methods = multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
    pool = ProcessPoolExecutor(
        processes, mp_context=context, initializer=_start_process, initargs=(source,)
    )
    try:
        pending: collections.deque = collections.deque()
        for chunk in chunks:
            pending.append(pool.submit(_render_chunk, chunk))
            # bounded, so that a large source does not fill the memory
            if len(pending) > 4 * processes:
                yield from pending.popleft().result()
        while pending:
            yield from pending.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


def _render_chunk(drawing_ids: Sequence[str]) -> list[Rendered]:
    return [_render_drawing(_process_source, drawing_id) for drawing_id in drawing_ids]


def _render_drawing(source: Source, drawing_id: str) -> Rendered:
    try:
        triplets = source.triplets(drawing_id)
        return Rendered(drawing_id, tuple(records.encode_triplet(triplet) for triplet in triplets))
    except ImageError as error:
        return Rendered(drawing_id, error=str(error))


_process_source: Source
"""The source in a worker process. It is sent once, not with each chunk, because it may be large."""


def _start_process(source: Source) -> None:
    global _process_source
    _process_source = source
    # The parent handles Ctrl-C; and if it is killed, its processes must end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_exit_with_parent, daemon=True).start()


def _exit_with_parent() -> None:
    wait([multiprocessing.parent_process().sentinel])
    os._exit(1)
