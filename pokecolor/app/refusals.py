"""Error messages for requests that are refused, by kind."""

from __future__ import annotations

STATUS = {
    "busy": 503,
    "canceled": 409,
    "cross_site": 403,
    "disk_full": 507,
    "failed": 500,
    "image_animated": 415,
    "image_broken": 422,
    "image_bytes": 413,
    "image_missing": 422,
    "image_pixels": 413,
    "image_type": 415,
    "body_bytes": 413,
    "collection_full": 409,
    "method": 405,
    "not_found": 404,
    "picture_not_finite": 500,
    "picture_withheld": 422,
    "prompt_empty": 422,
    "text_length": 422,
    "call": 422,
    "too_fast": 429,
    "too_slow": 408,
    "unknown_host": 421,
    "value": 422,
    "visitor": 401,
    "waiting_own": 429,
}
"""The kinds of refusal, and the HTTP status of each."""


class Refusal(Exception):
    """A request that is not met.

    Args:
        kind: one of `STATUS`; the page has words for each.
        **values: what these are filled in with: `field`, `limit` in bytes, pixels or pieces.
    """

    def __init__(self, kind: str, **values: object) -> None:
        super().__init__(kind)
        self.kind, self.values = kind, values

    @property
    def answer(self) -> dict[str, object]:
        """What a client is told, for JSON."""
        return {"error": self.kind, **self.values}

    @property
    def status(self) -> int:
        """The HTTP status."""
        return STATUS[self.kind]
