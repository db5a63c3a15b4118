"""What is too large, too often or too slow."""

import socket
import threading

import httpx
import pytest
from running_service import RED, ended, running
from test_attacks import raw

from pokecolor.app.limits import Limits


@pytest.fixture(scope="module")
def strict(tmp_path_factory):
    """A service with small limits."""
    limits = Limits(free_bytes=0, upload_bytes=3000, jobs_per_minute=3, requests_per_minute=300)
    with running(tmp_path_factory.mktemp("strict"), limits=limits) as service:
        yield service


def test_bodies_that_are_too_large_are_cut_off(strict):
    limit = strict.studio.limits.body_bytes
    url = f"{strict.url}/api/understand"
    told = httpx.post(url, content=b"x" * (limit + 1))
    assert (told.status_code, told.json()) == (413, {"error": "body_bytes"})

    def parts():  # without saying how much will come
        for _ in range(limit // 1000 + 2):
            yield b"x" * 1000

    assert httpx.post(url, content=parts()).status_code == 413
    for length in ("9" * 30, "-1", "1e9"):
        assert b" 413 " in raw(strict, "POST /api/understand", f"Content-Length: {length}") or (
            b" 400 " in raw(strict, "POST /api/understand", f"Content-Length: {length}")
        )


def test_an_address_that_orders_too_often_is_told(strict):
    with strict.visitor() as visitor:
        answers = []
        for _ in range(4):
            answers.append(visitor.post("/api/jobs", json={"sketch": "box-0", "prompt": RED}))
            if answers[-1].status_code == 202:
                ended(visitor, answers[-1].json())
    assert [answer.status_code for answer in answers] == [202] * 3 + [429]
    assert answers[-1].json() == {"error": "too_fast"}


def test_an_address_that_asks_too_often_is_told(strict):
    with strict.visitor() as visitor:
        assert 429 in [visitor.get("/healthy").status_code for _ in range(400)]


def test_many_addresses_are_not_one(service):
    # a second connection is served while the first one dawdles
    host, port = service.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as slow:
        slow.sendall(b"POST /api/understand HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n")
        done = threading.Event()
        threading.Thread(
            target=lambda: (httpx.get(f"{service.url}/healthy"), done.set()), daemon=True
        ).start()
        assert done.wait(5)
