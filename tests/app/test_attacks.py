"""Requests as attackers send them: each is refused by its kind, and nothing is told or opened."""

import json
import socket
import threading

import httpx
import psutil
import pytest
from running_service import data_url, running, sketch_url
from test_uploads import ATTACKS as IMAGES

from pokecolor.app.limits import Limits
from pokecolor.app.middleware.security_headers import HEADERS
from pokecolor.app.visitors import COOKIE, visitor_of

RED = "Turn it into a red box"
SECRETS = ("root:", "Traceback", "/work", "site-packages", "sqlite", "Error:")


def call(visitor, function, **data):
    """Call a function of the API; "complete" or "error", and what came with it."""
    begun = visitor.post(f"/gradio_api/call/v2/{function}", json=data)
    begun.raise_for_status()
    answer = visitor.get(f"/gradio_api/call/v2/{function}/{begun.json()['event_id']}").text
    events = [line.removeprefix("event: ") for line in answer.splitlines() if line[:6] == "event:"]
    told = [json.loads(line[6:]) for line in answer.splitlines() if line[:5] == "data:"]
    return events[-1], told[-1][0] if events[-1] == "complete" else told[-1]


def raw(service, request, *headers):
    """An answer to a request that no client has tidied up."""
    host, port = service.url.removeprefix("http://").split(":")
    lines = [f"{request} HTTP/1.1", f"Host: {host}:{port}", "Connection: close", *headers, "", ""]
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall("\r\n".join(lines).encode())
        return b"".join(iter(lambda: connection.recv(65536), b""))


@pytest.fixture
def visitor(service):
    with service.visitor() as client:
        yield client


@pytest.fixture(scope="module")
def victim(service):
    """Another visitor's creation."""
    with service.visitor() as client:
        kind, made = call(client, "colorize", sketch=sketch_url(), prompt=RED, name="Secret")
        assert kind == "complete"
        yield made


PATHS = (
    # paths of files
    "/../../etc/passwd", "/..%2f..%2fetc%2fpasswd", "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd",
    "/static/../../../../etc/passwd", "/static/..%2f..%2f..%2fetc/passwd",
    "/assets/....//....//etc/passwd", "/look/..%2fstudio.py", "/look/pokecolor.js%00.png",
    "/sketches/..%2f..%2fetc/192.png", "/sketches/box-0/999999999.png", "/sketches/box-0/-1.png",
    "/creations/..%2f..%2f/color-0.png", "/shared/..%2f..%2fetc%2fpasswd", "/shared/%27%20OR%201=1",
    "/gradio_api/file=/etc/passwd", "/gradio_api/file=../../etc/passwd",
    "/gradio_api/file/etc/passwd",
    "/gradio_api/file%3D/etc/passwd", "/ko/gradio_api/file=/etc/passwd", "/file=/etc/passwd",
    # requests to other machines
    "/gradio_api/proxy=http://169.254.169.254/latest/meta-data",
    "/gradio_api/file=http://127.0.0.1:22/", "/proxy=http://localhost:1/",
    # what Gradio has and nobody needs
    "/gradio_api/runs", "/gradio_api/run-history/buckets", "/monitoring", "/monitoring/summary",
    "/gradio_api/deep_link", "/gradio_api/token", "/gradio_api/user", "/gradio_api/dev/reload",
    "/gradio_api/stream/a/b/1/playlist.m3u8", "/gradio_api/vibe-code", "/docs", "/openapi.json",
    "/gradio_api/queue/status", "/gradio_api/upload_progress?upload_id=1", "/login", "/pwa_icon",
    "/language/fr", "/language/en%0d%0aset-cookie:a=b",
)  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_a_path_that_is_not_served_is_not_found(service, path):
    answer = raw(service, f"GET {path}").decode()
    status = int(answer.split()[1])
    assert status in (401, 404, 422), answer[:200]
    assert not any(secret in answer for secret in SECRETS)


POSTS = (
    "/gradio_api/upload", "/upload", "/ko/gradio_api/upload", "/gradio_api/component_server",
    "/gradio_api/stream/abc", "/gradio_api/process_recording", "/gradio_api/vibe-edit",
    "/gradio_api/run-history/connect", "/gradio_api/reset", "/login", "/gradio_api/api/colorize",
    "/creations/abc/color-0.png",
)  # fmt: skip


@pytest.mark.parametrize("path", POSTS)
def test_nothing_is_taken_but_calls(visitor, path):
    answer = visitor.post(path, files={"files": ("a.html", b"<script>alert(1)</script>")})
    assert (answer.status_code, answer.json()) == (404, {"error": "not_found"})


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods_are_not_there(visitor, method):
    assert visitor.request(method, "/").status_code == 404


@pytest.mark.parametrize("name", IMAGES)
def test_a_bad_image_is_told_in_words(service, visitor, name):
    data, _ = IMAGES[name]
    before = psutil.Process().memory_info().rss
    painted = len(service.colorizer.batches)
    kind, told = call(visitor, "colorize", sketch=data_url(data), prompt=RED)
    assert kind == "error" and told["error"] and told["title"] == "That did not work"
    assert len(service.colorizer.batches) == painted
    assert psutil.Process().memory_info().rss - before < 200e6


@pytest.mark.parametrize(
    "sketch",
    [
        "/etc/passwd", "file:///etc/passwd", "http://127.0.0.1:1/a.png", {"path": "/etc/passwd"},
        {"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}},
        {"url": "http://169.254.169.254/", "path": "a", "meta": {"_type": "gradio.FileData"}},
        ["box-0"], 7, True, {"__proto__": {}},
    ],
    ids=str,
)  # fmt: skip
def test_what_a_client_names_is_never_opened(visitor, sketch, monkeypatch):
    asked = []
    monkeypatch.setattr(httpx.AsyncClient, "get", lambda *args, **kwargs: asked.append(args))
    kind, told = call(visitor, "colorize", sketch=sketch, prompt=RED)
    assert kind == "error" and not asked
    assert not any(secret in json.dumps(told) for secret in SECRETS)


@pytest.mark.parametrize("text", ["' OR '1'='1", "%", "a' UNION SELECT * FROM creation --"])
def test_no_search_shows_anothers_creations(visitor, victim, text):
    kind, found = call(visitor, "page", text=text)
    assert kind == "complete" and found["total"] == 0


def test_anothers_creation_is_not_there(visitor, victim):
    for name in ("color-0.png", "sketch.png", "layers-0.ora"):
        assert visitor.get(f"/creations/{victim['id']}/{name}").status_code == 404
    assert call(visitor, "delete", creation=victim["id"])[0] == "error"
    assert call(visitor, "delete", creation="' OR 1=1 --")[0] == "error"


@pytest.mark.parametrize("key", ["", "a", "' OR 1=1", "../../etc", "a" * 44, "é" * 43])
def test_a_key_that_was_not_given_is_none(service, victim, key):
    assert visitor_of(key) is None
    answer = httpx.get(
        f"{service.url}/creations/{victim['id']}/color-0.png",
        headers=[("cookie", f"{COOKIE}={key}".encode())],
    )
    assert answer.status_code in (400, 401)


def test_without_a_key_nothing_is_made(service):
    with httpx.Client(base_url=service.url) as client:
        kind, told = call(client, "colorize", sketch="box-0", prompt=RED)
    assert kind == "error" and "cookie" in told["error"]


def test_the_key_is_out_of_reach_of_scripts_and_other_sites(service):
    given = httpx.get(service.url).headers["set-cookie"]
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= {part.strip() for part in given.split(";")}
    assert "set-cookie" not in httpx.get(f"{service.url}/healthy").headers


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_another_sites_page_cannot_call(visitor, headers):
    answer = visitor.post("/gradio_api/call/search", json={"data": []}, headers=headers)
    assert (answer.status_code, answer.json()) == (403, {"error": "cross_site"})


@pytest.mark.parametrize("path", ["/", "/ko/", "/healthy", "/nowhere", "/shared/none", "/config"])
def test_every_answer_has_its_headers(service, path):
    answer = httpx.get(service.url + path)
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert "server" not in answer.headers or "uvicorn" in answer.headers["server"]


def test_files_are_served_as_what_they_are(service, visitor):
    name = '"><script>.html'
    made = call(visitor, "colorize", sketch=sketch_url(), prompt=RED, name=name)[1]
    kinds = {"color-0.png": "image/png", "small-0.webp": "image/webp", "sketch.png": "image/png"}
    for name, kind in kinds.items():
        assert visitor.get(f"/creations/{made['id']}/{name}").headers["content-type"] == kind
    layers = visitor.get(f"/creations/{made['id']}/layers-0.ora")
    assert layers.headers["content-disposition"].startswith("attachment")
    picture = visitor.get(f"/creations/{made['id']}/color-0.png?download")
    assert picture.headers["content-disposition"].startswith("attachment")
    assert "<" not in picture.headers["content-disposition"]
    for name in ("../collection.sqlite3", "color-9.png", "index.html", "evil.svg"):
        assert visitor.get(f"/creations/{made['id']}/{name}").status_code == 404


def test_a_fault_here_tells_a_client_nothing(service, visitor, monkeypatch, caplog):
    def fail(*args, **kwargs):
        raise RuntimeError("secret of /work/here")

    monkeypatch.setattr(type(service.studio.collection), "page", fail)
    kind, told = call(visitor, "page", text="")
    assert kind == "error" and "secret" not in json.dumps(told)
    monkeypatch.setattr(type(service.studio.library), "picture", fail)
    answer = visitor.get("/sketches/box-0/192.png")
    assert answer.status_code == 500 and "secret" not in answer.text


@pytest.fixture(scope="module")
def strict(tmp_path_factory):
    """A service with small limits."""
    limits = Limits(free_bytes=0, upload_bytes=3000, jobs_per_minute=3, requests_per_minute=40)
    with running(tmp_path_factory.mktemp("strict"), limits=limits) as service:
        yield service


def test_bodies_that_are_too_large_are_cut_off(strict):
    limit = strict.studio.limits.body_bytes
    url = f"{strict.url}/gradio_api/call/search"
    told = httpx.post(url, content=b"x" * (limit + 1))
    assert (told.status_code, told.json()) == (413, {"error": "body_bytes"})

    def parts():  # without saying how much will come
        for _ in range(limit // 1000 + 2):
            yield b"x" * 1000

    assert httpx.post(url, content=parts()).status_code == 413
    for length in ("9" * 30, "-1", "1e9"):
        assert b" 413 " in raw(strict, "POST /gradio_api/cancel", f"Content-Length: {length}") or (
            b" 400 " in raw(strict, "POST /gradio_api/cancel", f"Content-Length: {length}")
        )


def test_an_address_that_orders_too_often_is_told(strict):
    with strict.visitor() as visitor:
        answers = [call(visitor, "colorize", sketch="box-0", prompt=RED) for _ in range(4)]
    assert [kind for kind, _ in answers] == ["complete"] * 3 + ["error"]
    assert "too fast" in answers[-1][1]["error"]


def test_an_address_that_asks_too_often_is_told(strict):
    with strict.visitor() as visitor:
        assert 429 in [visitor.get("/healthy").status_code for _ in range(200)]


def test_many_addresses_are_not_one(service):
    # a second connection is served while the first one dawdles
    host, port = service.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as slow:
        slow.sendall(
            b"POST /gradio_api/call/search HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n"
        )
        done = threading.Event()
        threading.Thread(
            target=lambda: (httpx.get(f"{service.url}/healthy"), done.set()), daemon=True
        ).start()
        assert done.wait(5)
