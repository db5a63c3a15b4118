"""Writes files to a folder on a disk or in a bucket, with fsspec."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import urlparse

import fsspec

from pokecolor.core.errors import UserError
from pokecolor.core.extras import hint

if TYPE_CHECKING:
    from collections.abc import Iterator

WRITABLE = ("", "file", "s3", "gs")
"""The schemes of URLs that can be written to; s3 needs the package s3fs, gs gcsfs."""


class Store:
    """A folder of files, by name. Files are written atomically.

    Args:
        location: a path, or a URL of one of `WRITABLE`.

    Raises:
        UserError: another kind of URL, or a package for it is not installed.
    """

    def __init__(self, location: str) -> None:
        self.location = location.rstrip("/")
        scheme = urlparse(location).scheme
        if scheme not in WRITABLE:
            raise UserError(
                f"{location}: shards are written to a path, or to s3:// or gs://, not to {scheme}:"
            )
        try:
            self._files, self._root = fsspec.core.url_to_fs(self.location)
        except ImportError as error:
            raise UserError(f"{location}: {error}; {hint('cloud')}") from None
        self._is_disk = scheme in ("", "file")

    def read(self, name: str) -> bytes | None:
        """The content of a file; None if it does not exist."""
        with self._as_user_error(name):
            try:
                return self._files.cat_file(f"{self._root}/{name}")
            except FileNotFoundError:
                return None

    def write(self, name: str, data: bytes) -> None:
        """Write a file."""
        with self.writing(name) as file:
            file.write(data)

    @contextlib.contextmanager
    def writing(self, name: str) -> Iterator[BinaryIO]:
        """Yield a file to write to in pieces; it exists when the block ends."""
        path = f"{self._root}/{name}"
        with self._as_user_error(name):
            if self._is_disk:
                self._files.makedirs(path.rpartition("/")[0], exist_ok=True)
            with self._files.transaction, self._files.open(path, "wb") as file:
                yield file

    def names(self, folder: str) -> list[str]:
        """The names of the files in a folder; empty if it does not exist."""
        with self._as_user_error(folder):
            self._files.invalidate_cache()
            try:
                found = self._files.ls(f"{self._root}/{folder}", detail=False)
            except FileNotFoundError:
                return []
        return [path.rpartition("/")[2] for path in found]

    @contextlib.contextmanager
    def _as_user_error(self, name: str) -> Iterator[None]:
        try:
            yield
        except UserError:
            raise
        except Exception as error:  # those of fsspec's file systems share no base class
            reason = " ".join(str(error).split())[:200] or type(error).__name__
            raise UserError(f"{self.location}/{name}: {reason}") from error
