"""What a visitor may ask for, and how much of the machine all of them may use."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """The bounds of a service; a test or a benchmark hands in others."""

    upload_bytes: int = 8_000_000
    """Of an uploaded image file."""
    upload_pixels: int = 12_600_000
    """Of an uploaded image, by its header: the camera of a phone. The page reduces larger ones
    before it sends them."""
    side: int = 1536
    """Larger sketches are reduced to so many pixels along the longer side."""
    prompt_length: int = 300
    name_length: int = 60
    variants: int = 4
    steps: int = 50
    guidance: float = 20.0
    waiting: int = 16
    """Jobs that wait for the model; the next visitor is told that it is busy."""
    own_waiting: int = 4
    """Of these, the jobs of one visitor."""
    jobs_per_minute: int = 20
    """Of one address."""
    requests_per_minute: int = 1200
    """Of one address; a page with its pictures makes some 60."""
    body_bytes: int = 20_000
    """Of a request's body, without the picture that may be in it."""
    bytes_per_minute: int = 100_000_000
    """Of all bodies from one address: nine of the largest pictures, or some fifty of the page's."""
    kept: int = 2000
    """Creations in one visitor's collection."""
    free_bytes: int = 500_000_000
    """What creations leave free on the disk."""
    page: int = 24
    """Sketches, or creations, on a page."""

    @property
    def picture_bytes(self) -> int:
        """Of an upload in base64, within a body and beside its `body_bytes`."""
        return self.upload_bytes * 4 // 3 + 100
