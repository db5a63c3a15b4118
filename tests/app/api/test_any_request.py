"""Requests that nobody would send: each gets an answer as the API describes it, and no fault."""

import json
import random
from urllib.parse import quote

import jsonschema
import pytest

from pokecolor.app.refusals import STATUS

VALUES = (
    None, True, False, 0, 1, -1, 2**70, 0.5, -0.0, 1e308, "", "a", "box-0", "é" * 50, "\ud800",
    "\x00", "x" * 2000, [], [[]], {}, {"a": {}}, ["box-0"], "data:image/png;base64,AAAA",
    "upload:", "' OR 1=1 --", "../../etc/passwd", "%00", "{{7*7}}", float("nan"), float("inf"),
)  # fmt: skip
BODIES = (
    b"", b"{", b"[]", b"7", b"null", b'"a"', b"\xff\xfe", b"[" * 19_000, b'{"prompt": 1e999}',
    b'{"prompt": "a red box", "prompt": "b"}', b"{}" * 9, b'{"__proto__": {}}', b"NaN",
)  # fmt: skip


@pytest.fixture(scope="module")
def spec(service):
    with service.visitor() as visitor:
        return visitor.get("/api/openapi.json").json()


@pytest.fixture
def visitor(service):
    with service.visitor() as client:
        yield client


def resolve(spec, schema):
    """A schema with the definitions that it refers to."""
    return schema | {"components": spec["components"]}


def check(spec, operation, answer):
    """An answer is one that the description has."""
    described = operation["responses"]
    known = described.get(str(answer.status_code), described.get(f"{answer.status_code // 100}XX"))
    assert known is not None, (answer.status_code, answer.text)
    if answer.status_code >= 400:
        assert answer.json()["error"] in STATUS
        assert answer.status_code == STATUS[answer.json()["error"]]
    schema = known.get("content", {}).get("application/json", {}).get("schema")
    if schema:
        jsonschema.validate(answer.json(), resolve(spec, schema))
    assert answer.status_code < 500 or answer.json()["error"] in ("busy", "disk_full"), answer.text


def operations(spec):
    for path, methods in spec["paths"].items():
        for method, operation in methods.items():
            if path != "/api/events":
                yield path, method, operation


def properties(spec, schema):
    """The fields of a body, those within fields too."""
    while "$ref" in schema:
        schema = spec["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema.get("properties", {})


def some_body(spec, schema, choose, depth=0):
    body = {}
    for name, field in properties(spec, schema).items():
        kinds = field.get("anyOf", [field])
        inner = next((kind for kind in kinds if "$ref" in kind), None)
        if choose.random() < 0.3:
            continue
        if inner and choose.random() < 0.6:
            body[name] = some_body(spec, inner, choose, depth + 1)
        else:
            body[name] = choose.choice((*VALUES, *field.get("enum", ()), "a red box"))
    if choose.random() < 0.1:
        body[choose.choice(("more", "", "\ud800", "__class__"))] = choose.choice(VALUES)
    return body


def test_the_description_is_whole(spec):
    assert spec["openapi"].startswith("3.1")
    for path, method, operation in operations(spec):
        assert operation.get("description"), (method, path)
        assert {"4XX", "5XX"} <= operation["responses"].keys(), (method, path)
        success = [status for status in operation["responses"] if status.startswith("2")]
        assert len(success) == 1


@pytest.mark.parametrize("seed", range(8))
def test_random_requests_are_answered_as_described(service, spec, visitor, seed):
    choose = random.Random(seed)
    for path, method, operation in operations(spec):
        for _ in range(6):
            filled, query = path, {}
            for parameter in operation.get("parameters", []):
                value = choose.choice(VALUES)
                text = value if isinstance(value, str) else json.dumps(value)
                text = text.encode("utf-8", "replace").decode()
                if parameter["in"] == "path":
                    filled = filled.replace(f"{{{parameter['name']}}}", quote(text, "") or "a")
                elif parameter["in"] == "query":
                    query[parameter["name"]] = text
            schema = (
                operation.get("requestBody", {})
                .get("content", {})
                .get("application/json", {})
                .get("schema")
            )
            body = b""
            if schema:
                body = json.dumps(some_body(spec, schema, choose)).encode()
                body = choose.choice((body, body, body, choose.choice(BODIES)))
            headers = {"content-type": "application/json"} if schema else {}
            answer = visitor.request(method, filled, params=query, content=body, headers=headers)
            if answer.status_code in (404, 405):  # some paths are others by now
                assert answer.json()["error"] in ("not_found", "method")
            else:
                check(spec, operation, answer)
    for job in visitor.get("/api/jobs").json()["jobs"]:
        visitor.delete(f"/api/jobs/{job['id']}")


@pytest.mark.parametrize("body", BODIES, ids=lambda body: str(body[:20]))
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api/jobs"), ("POST", "/api/understand"), ("PUT", "/api/language"),
        ("PUT", "/api/creations/a/share"), ("PUT", "/api/creations/a/pictures/0"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["application/json", "text/plain", "multipart/form-data", ""])
def test_a_body_that_is_no_wish_is_refused(visitor, method, path, body, kind):
    if path == "/api/understand" and b'"prompt": "b"' in body and kind == "application/json":
        return  # it is one: the last of two fields counts
    answer = visitor.request(method, path, content=body, headers={"content-type": kind})
    assert 400 <= answer.status_code < 500 and answer.json()["error"] in STATUS
