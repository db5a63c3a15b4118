"""The web service under load: `python benchmarks/serving.py`.

It runs `pokecolor serve` with mini in a process of its own, and prints:

- how long it takes until the page is there;
- with 50 visitors who order at once, each with a stream of events: how many get a picture, how many
  are told that it is busy, whether each got their own, and how long one page of the gallery takes
  meanwhile;
- whether a seed gives the same picture alone and in company;
- how the process's memory grows over 300 pictures.
"""

from __future__ import annotations

import argparse
import collections
import concurrent.futures
import hashlib
import json
import secrets
import socket
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import httpx
import numpy as np
import psutil
from rich.progress import track

from pokecolor.app.limits import Limits
from pokecolor.app.visitors import COOKIE
from pokecolor.core.colors import TERMS

WAIT = 600


@dataclass
class Visitor:
    """A visitor with a connection and a collection of their own."""

    url: str

    def __post_init__(self) -> None:
        self.connection = httpx.Client(
            base_url=self.url, cookies={COOKIE: secrets.token_urlsafe(32)}, timeout=WAIT
        )

    def start(self, **wish: object) -> dict:
        """Start a job; the job, or why it was refused."""
        return self.connection.post("/api/jobs", json=wish).json()

    def made(self, job: dict) -> dict:
        """What a job has made, when the events say that it is done."""
        with self.connection.stream("GET", "/api/events") as stream:
            for line in stream.iter_lines():
                told = json.loads(line[5:]) if line.startswith("data:") else {}
                if told.get("id") == job["id"] and told["state"] not in ("waiting", "running"):
                    assert told["state"] == "done", told
                    return self.read(f"/api/creations/{told['creation']}").json()
        raise SystemExit("the events ended too early")

    def read(self, path: str) -> httpx.Response:
        """What is at a path."""
        return self.connection.get(path).raise_for_status()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--pictures", type=int, default=300)
    parser.add_argument("--steps", type=int, default=2, help="sampling steps of each picture")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        process, url = start(Path(folder))
        try:
            crowd(url, options.clients, options.steps)
            same_seed(url, options.steps)
            memory(url, psutil.Process(process.pid), options.pictures, options.steps)
        finally:
            process.terminate()
            process.wait()


def start(folder: Path) -> tuple[subprocess.Popen[bytes], str]:
    """Start the service and wait for its page."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE.format(limits=LIMITS), "serve", "--port", str(port),
         "--data-dir", str(folder)],
    )  # fmt: skip
    url = f"http://127.0.0.1:{port}"
    while True:
        try:
            httpx.get(url).raise_for_status()
            break
        except httpx.ConnectError:
            if process.poll() is not None:
                sys.exit("the service did not start")
            time.sleep(0.1)
    print(f"the page is there after {time.perf_counter() - began:.1f} s")
    return process, url


LIMITS = "jobs_per_minute=10**6, requests_per_minute=10**7, free_bytes=0"
# all visitors of this benchmark have one address
SERVE = """
import sys
from pokecolor.app import limits
from pokecolor.cli import main
usual = limits.Limits
limits.Limits = lambda: usual({limits})
sys.exit(main())
"""


def crowd(url: str, clients: int, steps: int) -> None:
    """All visitors order at once, while another one looks at the gallery."""
    ready = threading.Barrier(clients)

    def order(number: int) -> str:
        visitor = Visitor(url)
        wish = f"Turn it into a {TERMS[number % len(TERMS)]} creature"
        ready.wait()
        job = visitor.start(
            sketch=f"creature-{900_000 + number}", prompt=wish, name=f"n{number}", steps=steps,
            seed=number,
        )  # fmt: skip
        if "id" not in job:
            return job["error"]
        told = visitor.made(job)
        kept = visitor.read("/api/creations").json()["creations"]
        mine = (told["name"], told["prompt"], told["seeds"]) == (f"n{number}", wish, [number])
        return "served" if mine and [made["id"] for made in kept] == [told["id"]] else "mixed up"

    looker = Visitor(url)
    taken: list[float] = []
    ended = threading.Event()

    def look() -> None:
        number = 0
        while not ended.is_set():
            number += 1
            began = time.perf_counter()
            looker.read(f"/api/sketches?page={1 + number % 40}")
            taken.append(time.perf_counter() - began)
            time.sleep(0.05)

    watching = threading.Thread(target=look)
    watching.start()
    began = time.perf_counter()
    with concurrent.futures.ThreadPoolExecutor(clients) as pool:
        outcomes = collections.Counter(pool.map(order, range(clients)))
    seconds = time.perf_counter() - began
    ended.set()
    watching.join()
    print(f"{clients} visitors at once: {dict(outcomes)} in {seconds:.1f} s "
          f"({Limits().waiting} may wait)")  # fmt: skip
    median, high = (1000 * np.percentile(taken, share) for share in (50, 95))
    print(
        f"the gallery meanwhile: median {median:.0f} ms, 95% within {high:.0f} ms, n={len(taken)}"
    )


def same_seed(url: str, steps: int) -> None:
    """One order alone, and the same one among others."""
    wish = {"sketch": "creature-900003", "prompt": "a red creature", "steps": steps}

    def pixels(seed: int) -> str:
        visitor = Visitor(url)
        made = visitor.made(visitor.start(**wish | {"seed": seed}))
        picture = visitor.read(made["pictures"][0]["color"]).content
        return hashlib.sha256(picture).hexdigest()

    alone = pixels(5)
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        among = list(pool.map(pixels, (1, 2, 5, 3)))[2]
    print(f"the same seed alone and in company: {'equal' if alone == among else 'NOT equal'}")


def memory(url: str, process: psutil.Process, pictures: int, steps: int) -> None:
    """How the service's memory grows."""
    visitor = Visitor(url)
    sizes = []
    for number in track(range(pictures), "Coloring"):
        visitor.made(
            visitor.start(
                sketch=f"creature-{900_000 + number % 90}", prompt="a green creature", seed=number,
                steps=steps,
            )
        )  # fmt: skip
        sizes.append(process.memory_info().rss / 1e6)
    third = max(1, len(sizes) // 3)
    print(
        f"memory over {pictures} pictures: {sizes[0]:.0f} MB after the first, "
        f"{np.mean(sizes[third : 2 * third]):.0f} MB in the middle third, "
        f"{np.mean(sizes[-third:]):.0f} MB in the last"
    )


if __name__ == "__main__":
    main()
