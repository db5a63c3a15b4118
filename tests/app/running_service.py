"""A service at an address of this machine, and what is sent to it."""

from __future__ import annotations

import base64
import contextlib
import io
import secrets
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import uvicorn
from PIL import Image
from quick_service import QuickColorizer, box, quick_studio

from pokecolor.app.limits import Limits
from pokecolor.app.listening import listen
from pokecolor.app.server import build_server
from pokecolor.app.studio import Studio
from pokecolor.app.visitors import COOKIE

RED = "Turn it into a red box"
ROOMY = Limits(
    free_bytes=0, jobs_per_minute=100_000, requests_per_minute=1_000_000, own_waiting=1000
)
"""Limits that tests of other things do not meet."""


@dataclass(frozen=True)
class Service:
    """A service at an address of this machine."""

    url: str
    studio: Studio
    colorizer: QuickColorizer

    def visitor(self) -> httpx.Client:
        """A new visitor's connection."""
        return httpx.Client(
            base_url=self.url, cookies={COOKIE: secrets.token_urlsafe(32)}, timeout=60
        )


@contextlib.contextmanager
def running(
    folder: Path,
    colorizer: QuickColorizer | None = None,
    limits: Limits = ROOMY,
    port: int = 0,
    **settings,
) -> Iterator[Service]:
    """Serve from a folder until the block ends."""
    colorizer = colorizer or QuickColorizer()
    studio = quick_studio(folder, colorizer, limits=limits, **settings)
    bound = listen("127.0.0.1", port)
    config = uvicorn.Config(
        build_server(studio), log_level="error", timeout_graceful_shutdown=1, proxy_headers=False
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.02)
        yield Service(f"http://127.0.0.1:{bound.getsockname()[1]}", studio, colorizer)
    finally:
        server.should_exit = True
        thread.join(10)
        bound.close()
        studio.close()


def begin(visitor: httpx.Client, **settings) -> dict:
    """Have something colored; the job."""
    answer = visitor.post("/api/jobs", json={"sketch": sketch_url(), "prompt": RED} | settings)
    assert answer.status_code == 202, answer.text
    return answer.json()


def ended(visitor: httpx.Client, job: dict, seconds: float = 30) -> dict:
    """The job when it has ended."""
    end = time.monotonic() + seconds
    while job["state"] in ("waiting", "running"):
        assert time.monotonic() < end, job
        time.sleep(0.01)
        job = visitor.get(f"/api/jobs/{job['id']}").json()
    return job


def paint(visitor: httpx.Client, **settings) -> dict:
    """Have something colored, and wait for it; the creation."""
    job = ended(visitor, begin(visitor, **settings))
    assert job["state"] == "done", job
    return visitor.get(f"/api/creations/{job['creation']}").json()


def picture_at(visitor: httpx.Client, address: str) -> Image.Image:
    """A picture that is served."""
    return Image.open(io.BytesIO(visitor.get(address).raise_for_status().content))


def data_url(image: Image.Image | bytes, kind: str = "PNG", **options) -> str:
    """An image, or a file's bytes, as a `data:` URL."""
    if isinstance(image, Image.Image):
        buffer = io.BytesIO()
        image.save(buffer, kind, **options)
        image = buffer.getvalue()
    return "data:image/png;base64," + base64.b64encode(image).decode()


def sketch_url(inset: float = 0.2) -> str:
    """A box to color."""
    return data_url(Image.fromarray(box(96, inset)))
