"""Requests as attackers send them: each is refused by its kind, and nothing is told or opened."""

import json
import socket
import time

import httpx
import psutil
import pytest
from quick_service import QuickColorizer
from running_service import RED, begin, data_url, ended, paint, running, sketch_url
from test_uploads import ATTACKS as IMAGES

from pokecolor.app.limits import Limits
from pokecolor.app.middleware.security_headers import HEADERS
from pokecolor.app.refusals import STATUS
from pokecolor.app.visitors import COOKIE, visitor_of

SECRETS = ("root:", "Traceback", "/work", "site-packages", "sqlite", "Error:")


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
        yield paint(client, name="Secret")


PATHS = (
    # paths of files
    "/../../etc/passwd", "/..%2f..%2fetc%2fpasswd", "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd",
    "/static/../../../../etc/passwd", "/static/..%2f..%2f..%2fetc/passwd",
    "/assets/....//....//etc/passwd", "/assets/..%2fstudio.py", "/assets/index.js%00.png",
    "/assets/%2fetc%2fpasswd", "/assets/..%5c..%5cstudio.py", "/static/shared.css", "/index.html",
    "/sketches/..%2f..%2fetc/192.png", "/sketches/box-0/999999999.png", "/sketches/box-0/-1.png",
    "/sketches/box-0/1e9.png", "/sketches/box-0/color.png?size=100000",
    "/creations/..%2f..%2f/color-0.png", "/shared/..%2f..%2fetc%2fpasswd", "/shared/%27%20OR%201=1",
    "/api/creations/..%2f..%2fetc%2fpasswd", "/api/creations/%27%20OR%201=1/regions/0.png",
    "/api/jobs/..%2fcollection.sqlite3", "/creations/a/painted-0.png", "/file=/etc/passwd",
    # what a framework may have and nobody needs
    "/docs", "/redoc", "/openapi.json", "/api/docs", "/api/redoc", "/api/", "/api", "/monitoring",
    "/proxy=http://localhost:1/", "/login", "/config",
    "/language/en%0d%0aset-cookie:a=b", "/api/session/", "/api/jobs/",
)  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_a_path_that_is_not_served_is_not_found(service, path):
    answer = raw(service, f"GET {path}", "Accept: text/html").decode()
    status = int(answer.split()[1])
    assert status in (401, 404, 422), answer[:200]
    assert not any(secret in answer for secret in SECRETS)
    assert "a=b" not in answer.partition("\r\n\r\n")[0]


POSTS = (
    "/api/upload", "/upload", "/api/session", "/api/creations", "/api/sketches", "/", "/login",
    "/creations/abc/color-0.png", "/assets/index.js", "/api/events",
)  # fmt: skip


@pytest.mark.parametrize("path", POSTS)
def test_nothing_is_taken_but_wishes(visitor, path):
    answer = visitor.post(path, files={"files": ("a.html", b"<script>alert(1)</script>")})
    assert (answer.status_code, answer.json()) == (405, {"error": "method"})


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "X"])
def test_other_methods_are_not_there(visitor, method):
    answer = visitor.request(method, "/")
    assert answer.status_code == 405 and answer.headers["allow"] == "GET"


def settings(**more):
    return {"sketch": sketch_url(), "prompt": RED} | more


def refused(answer):
    """The kind of a refusal."""
    assert answer.status_code >= 400
    told = answer.json()
    assert set(told) <= {"error", "field", "limit"} and told["error"] in STATUS
    assert not any(secret in answer.text for secret in SECRETS)
    return told["error"]


@pytest.mark.parametrize("name", IMAGES)
def test_a_bad_image_is_told_by_its_kind(service, visitor, name):
    data, kinds = IMAGES[name]
    before = psutil.Process().memory_info().rss
    painted = len(service.colorizer.batches)
    answer = visitor.post("/api/jobs", json=settings(sketch=data_url(data)))
    if len(data) <= Limits().upload_bytes:
        assert refused(answer) in (kinds if isinstance(kinds, tuple) else (kinds,))
    else:
        assert refused(answer) in ("image_bytes", "body_bytes")
    assert len(service.colorizer.batches) == painted
    assert visitor.get("/api/jobs").json() == {"jobs": []}
    assert psutil.Process().memory_info().rss - before < 200e6


@pytest.mark.parametrize("name", IMAGES)
@pytest.mark.parametrize("where", ["colors", "mask"])
def test_a_bad_layer_or_mask_is_told_by_its_kind(visitor, victims_like, name, where):
    url, made = data_url(IMAGES[name][0]), victims_like
    if where == "colors":
        answer = visitor.put(f"/api/creations/{made['id']}/pictures/0", json={"colors": url})
    else:
        keep = {"creation": made["id"], "number": 0, "mask": url}
        again = {"creation": made["id"], "number": 0}
        answer = visitor.post("/api/jobs", json={"again": again, "keep": keep, "prompt": RED})
    assert refused(answer).startswith(("image_", "body_bytes"))


@pytest.fixture
def victims_like(visitor):
    """A creation of the visitor's own."""
    return paint(visitor)


@pytest.mark.parametrize(
    "sketch",
    [
        "/etc/passwd", "file:///etc/passwd", "http://127.0.0.1:1/a.png", {"path": "/etc/passwd"},
        {"url": "http://169.254.169.254/", "path": "a"}, ["box-0"], 7, True, {"__proto__": {}},
        "upload:", "data:text/html;base64,PGI+", "\ud800",
    ],
    ids=ascii,
)  # fmt: skip
def test_what_a_client_names_is_never_opened(service, visitor, sketch):
    painted = len(service.colorizer.batches)
    body = json.dumps(settings(sketch=sketch)).encode()
    answer = visitor.post("/api/jobs", content=body, headers={"content-type": "application/json"})
    assert refused(answer) in ("image_type", "image_missing", "value")
    assert len(service.colorizer.batches) == painted


@pytest.mark.parametrize("text", ["' OR '1'='1", "%", "a' UNION SELECT * FROM creation --"])
def test_no_search_shows_anothers_creations(visitor, victim, text):
    assert visitor.get("/api/creations", params={"text": text}).json()["total"] == 0


def test_anothers_creation_is_not_there(visitor, victim):
    for name in ("color-0.png", "sketch.png", "layers-0.ora", "colors-0.png", "small-0.webp"):
        assert visitor.get(f"/creations/{victim['id']}/{name}").status_code == 404
    for made in (victim["id"], "' OR 1=1 --"):
        home = f"/api/creations/{made}"
        again = {"creation": made, "number": 0}
        for answer in (
            visitor.get(home),
            visitor.delete(home),
            visitor.put(f"{home}/share", json={"public": True}),
            visitor.get(f"{home}/regions/0.png"),
            visitor.put(f"{home}/pictures/0", json={"look": "flat"}),
            visitor.put(f"{home}/pictures/0", json={"colors": sketch_url()}),
            visitor.post("/api/jobs", json={"again": again, "prompt": RED}),
            visitor.post("/api/jobs", json=settings(keep=again | {"mask": sketch_url()})),
        ):
            assert (answer.status_code, answer.json()) == (404, {"error": "not_found"})


def test_anothers_job_is_not_there(tmp_path):
    slow = running(tmp_path, QuickColorizer(0.2))
    with slow as service, service.visitor() as owner, service.visitor() as stranger:
        job = begin(owner, name="Secret")
        for answer in (
            stranger.get(f"/api/jobs/{job['id']}"), stranger.delete(f"/api/jobs/{job['id']}"),
        ):  # fmt: skip
            assert (answer.status_code, answer.json()) == (404, {"error": "not_found"})
        assert stranger.get("/api/jobs").json() == {"jobs": []}
        with stranger.stream("GET", "/api/events") as stream:
            lines = stream.iter_lines()
            assert next(lines) == "retry: 2000"
            assert ended(owner, job)["state"] == "done"
            begin(stranger)
            heard = next(line for line in lines if line.startswith("data:"))
        assert "Secret" not in heard and job["id"] not in heard


@pytest.mark.parametrize("key", ["", "a", "' OR 1=1", "../../etc", "a" * 44, "é" * 43])
def test_a_key_that_was_not_given_is_none(service, victim, key):
    assert visitor_of(key) is None
    answer = httpx.get(
        f"{service.url}/creations/{victim['id']}/color-0.png",
        headers=[("cookie", f"{COOKIE}={key}".encode())],
    )
    assert answer.status_code in (400, 401)


def test_without_a_key_nothing_is_made_or_told(service):
    with httpx.Client(base_url=service.url) as client:
        for answer in (
            client.post("/api/jobs", json=settings(sketch="box-0")), client.get("/api/jobs"),
            client.get("/api/events"), client.get("/api/creations"), client.delete("/api/jobs/a"),
            client.get("/creations/a/color-0.png"), client.delete("/api/creations/a"),
            client.put("/api/creations/a/share", json={"public": True}),
        ):  # fmt: skip
            assert (answer.status_code, answer.json()) == (401, {"error": "visitor"})
            assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("path", ["/", "/create", "/api/session", "/sketches"])
def test_the_key_is_out_of_reach_of_scripts_and_other_sites(service, path):
    given = httpx.get(service.url + path).headers["set-cookie"]
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
    for method, path in (
        ("POST", "/api/understand"), ("POST", "/api/jobs"), ("DELETE", "/api/creations/a"),
        ("PUT", "/api/language"), ("PUT", "/api/creations/a/share"), ("DELETE", "/api/jobs/a"),
    ):  # fmt: skip
        answer = visitor.request(method, path, json={"prompt": RED}, headers=headers)
        assert (answer.status_code, answer.json()) == (403, {"error": "cross_site"})


@pytest.mark.parametrize(
    "path", ["/", "/create", "/healthy", "/nowhere", "/shared/none", "/api/session", "/api/jobs"]
)
def test_every_answer_has_its_headers(service, path):
    answer = httpx.get(service.url + path)
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert "server" not in answer.headers or "uvicorn" in answer.headers["server"]


def test_no_script_from_elsewhere_or_within_a_page_is_run():
    policy = dict(
        part.strip().split(" ", 1) for part in HEADERS["content-security-policy"].split(";")
    )
    assert policy["default-src"] == "'none'" and policy["connect-src"] == "'self'"
    assert policy["script-src"] == "'self' 'wasm-unsafe-eval'"
    assert policy["worker-src"] == "'self'" and policy["img-src"] == "'self' data: blob:"
    assert "unsafe-inline" not in HEADERS["content-security-policy"]


def test_files_are_served_as_what_they_are(service, visitor):
    name = '"><script>.html'
    made = paint(visitor, name=name)
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
    answer = visitor.get("/api/creations")
    assert (answer.status_code, answer.json()) == (500, {"error": "failed"})
    monkeypatch.setattr(type(service.studio.library), "picture", fail)
    answer = visitor.get("/sketches/box-0/192.png")
    assert (answer.status_code, answer.json()) == (500, {"error": "failed"})
    end = time.monotonic() + 5
    while caplog.text.count("RuntimeError: secret") < 2:  # but the operator is told
        assert time.monotonic() < end
        time.sleep(0.01)
