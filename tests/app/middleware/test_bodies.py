"""Bodies that are large, slow, many or no pictures."""

import asyncio
import gc
import json

import pytest
from PIL import Image
from running_service import data_url

from pokecolor.app.limits import Limits
from pokecolor.app.middleware import bodies, body_memory
from pokecolor.app.middleware.bodies import KEY, Bodies
from pokecolor.app.middleware.rates import RateLimit
from pokecolor.app.refusals import Refusal
from pokecolor.app.uploads import PLACEHOLDER

LIMITS = Limits(upload_bytes=60_000)
JOBS, PROMPT = "/api/jobs", "/api/understand"
PICTURE = data_url(Image.effect_noise((200, 200), 90))
assert len(PICTURE) > LIMITS.body_bytes


class Asked:
    """Sends bodies, and keeps what is behind gets."""

    def __init__(self, traffic=10**9):
        self.body, self.scope = None, None
        self.bodies = Bodies(self._app, LIMITS, RateLimit(traffic))

    async def _app(self, scope, receive, send):
        self.scope, self.body = scope, (await receive())["body"]
        await send({"type": "http.response.start", "status": 200})

    def send(self, path, *parts, declared=None, address="10.0.0.1", pause=0.0, method="POST"):
        """The answer's status; how much is taken of the parts is in `read`."""
        sent, left = [], list(parts)
        headers = [] if declared is None else [(b"content-length", str(declared).encode())]
        scope = {
            "type": "http", "method": method, "path": path, "headers": headers,
            "client": (address, 1),
        }  # fmt: skip

        async def receive():
            await asyncio.sleep(pause)
            part = left.pop(0)
            return {"type": "http.request", "body": part, "more_body": bool(left)}

        async def send(message):
            sent.append(message)

        self.body = self.scope = None
        asyncio.run(self.bodies(scope, receive, send))
        self.read = len(parts) - len(left)
        return sent[0]["status"]


def order(sketch, **more):
    return json.dumps({"sketch": sketch, "prompt": "a red box", **more}).encode()


def test_a_picture_is_cut_out_and_read_once():
    asked = Asked()
    body = order(PICTURE, seed=3)
    assert asked.send(JOBS, body[:100], body[100:]) == 200
    assert json.loads(asked.body) == {
        "sketch": PLACEHOLDER, "prompt": "a red box", "seed": 3,
    }  # fmt: skip
    upload = asked.scope[KEY]
    assert upload.read(LIMITS).size == (200, 200)
    with pytest.raises(Refusal, match="image_missing"):
        upload.read(LIMITS)


@pytest.mark.parametrize("escape", [("/", "\\/"), ("+", "\\u002B")])
def test_what_encoders_of_json_escape_is_the_same_picture(escape):
    asked = Asked()
    body = order(PICTURE).replace(*(part.encode() for part in escape))
    assert asked.send("/api/creations/a/pictures/0", body, method="PUT") == 200
    assert asked.scope[KEY].read(LIMITS).size == (200, 200)


def test_a_small_body_is_left_alone():
    asked = Asked()
    body = order(data_url(Image.new("L", (8, 8))))
    assert asked.send(JOBS, body) == 200 and asked.body == body and KEY not in asked.scope


LARGE = LIMITS.body_bytes + 1


@pytest.mark.parametrize(
    "body",
    [
        b'{"data": [' + b"[]," * LARGE + b"[]]}",
        b"[" * LARGE,
        order("x" * LARGE),
        order(PICTURE, more="x" * LARGE),
        order(PICTURE, more=PICTURE),
        b" " * LARGE + order(PICTURE),
        b'{"data": ["data:image/png;base64,' + b"A" * 30_000,
        b"\0" * LARGE,
    ],
    ids=lambda body: str(body[:15]) + str(len(body)),
)
def test_nothing_large_but_one_picture_is_taken(body):
    asked = Asked()
    assert asked.send(JOBS, body) == 413 and asked.scope is None


def test_a_body_without_a_picture_is_not_read_to_its_end():
    asked = Asked()
    assert asked.send(JOBS, *[b"[]," * 1000] * 50) == 413 and asked.read < 10
    assert asked.send(JOBS, b"", declared=10**7) == 413 and asked.read == 0


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", PROMPT), ("PUT", JOBS), ("POST", "/api/jobs/a"), ("PUT", "/api/creations/a/share"),
        ("POST", "/api/creations/a/pictures/0"), ("PUT", "/api/creations/a/pictures/0/b"),
    ],
)  # fmt: skip
def test_elsewhere_no_picture_is_taken(method, path):
    assert Asked().send(path, order(PICTURE), method=method) == 413
    assert Asked().send(path, b"x" * LIMITS.body_bytes, method=method) == 200


@pytest.mark.parametrize("method", ["GET", "HEAD", "DELETE"])
def test_no_body_is_read_where_none_belongs(method):
    asked = Asked()
    assert asked.send(PROMPT, b"x", method=method) == 200 and asked.body == b"" and asked.read == 0


def test_an_address_sends_so_many_bytes_in_a_minute():
    body = order(PICTURE)
    asked = Asked(traffic=3 * len(body))
    sizes = (len(body), None, len(body), None)
    assert [asked.send(JOBS, body, declared=size) for size in sizes] == [200, 200, 200, 429]
    assert asked.send(JOBS, body, address="10.0.0.2") == 200


def test_a_client_that_dawdles_is_told(monkeypatch):
    monkeypatch.setattr(bodies, "PART_SECONDS", 0.05)
    assert Asked().send(PROMPT, b"{", b"}", pause=0.2) == 408
    monkeypatch.setattr(bodies, "PART_SECONDS", 1)
    monkeypatch.setattr(bodies, "BODY_SECONDS", 0.1)
    assert Asked().send(PROMPT, *[b" "] * 50, pause=0.02) == 408


def test_what_is_held_is_bounded_and_given_back(monkeypatch):
    body = order(PICTURE)
    monkeypatch.setattr(body_memory, "HELD_OF_ONE", 2 * len(body))
    monkeypatch.setattr(body_memory, "HELD_BYTES", 3 * len(body))
    asked = Asked()
    kept = []
    for address, status in (("a", 200), ("a", 200), ("a", 503), ("b", 200), ("c", 503)):
        assert asked.send(JOBS, body, address=address) == status
        if status == 200:
            kept.append(asked.scope[KEY])
    kept.pop(0).read(LIMITS)
    assert asked.send(JOBS, body, address="c") == 200
    kept.clear()
    asked.scope = None
    gc.collect()
    assert asked.bodies._held.total == 0
