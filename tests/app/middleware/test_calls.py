"""Calls that fit no function, and answers that are another's."""

import io
import secrets
import threading
import time

import httpx
import numpy as np
import pytest
from PIL import Image
from quick_service import QuickColorizer
from running_service import data_url, running, sketch_url
from test_attacks import RED, call

from pokecolor.app import answers
from pokecolor.app.middleware import calls

API = "/gradio_api"
ORDER = [sketch_url(), RED, "Mine", 0, 1, 20, 4, 1.5, "clean"]


@pytest.fixture
def visitor(service):
    with service.visitor() as client:
        yield client


@pytest.fixture
def stranger(service):
    with service.visitor() as client:
        yield client


def functions(visitor, home=""):
    """The functions of a page by name, as it lists them."""
    listed = visitor.get(f"{home}/config").json()["dependencies"]
    return {function["api_name"]: function for function in listed}


def join(visitor, name, data, session, home=""):
    """Call a function in a session; its event."""
    index = functions(visitor, home)[name]["id"]
    body = {"fn_index": index, "data": data, "session_hash": session}
    answer = visitor.post(f"{home}{API}/queue/join", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()["event_id"]


def told(visitor, session, home=""):
    """All that a session's stream says."""
    return visitor.get(f"{home}{API}/queue/data", params={"session_hash": session}).text


BAD = {
    "no such function": 999,
    "a negative one": -1,
    "an enormous one": 2**70,
    "text": "0",
    "a fraction": 0.5,
    "truth": True,
    "a list": [0],
    "none": None,
    "a script of the page": "js_fn",
}


@pytest.mark.parametrize("path", ["/queue/join", "/run/predict", "/run/nothing", "/call/nothing"])
@pytest.mark.parametrize("home", ["", "/ko"])
@pytest.mark.parametrize("name", BAD)
def test_a_function_that_is_not_there(visitor, home, path, name):
    index = BAD[name]
    if index == "js_fn":
        index = functions(visitor, home)["js_fn"]["id"]
    body = {"data": [], "fn_index": index, "session_hash": "abc"}
    answer = visitor.post(home + API + path, json=body)
    assert (answer.status_code, answer.json()) == (404, {"error": "not_found"})


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b"7", b"null", b"\xff\xfe", b"[" * 19_000, b'{"data": 1e999}',
        b'{"fn_index": 0}', b'{"fn_index": 0, "data": []}', b'{"fn_index": 0, "data": {}}',
        b'{"fn_index": 0, "data": ["", "", "", ""]}',
        b'{"fn_index": 0, "data": ["", ""], "session_hash": 5}',
        b'{"fn_index": 0, "data": ["", ""], "session_hash": "../a"}',
        b'{"fn_index": 0, "data": ["", ""], "trigger_id": "x"}',
        b'{"fn_index": 0, "data": ["", ""], "batched": [], "simple_format": {}}',
    ],
    ids=str,
)  # fmt: skip
@pytest.mark.parametrize("path", ["/queue/join", "/run/predict", "/call/search", "/cancel"])
def test_a_body_that_is_no_call(visitor, path, body):
    headers = {"content-type": "application/json"}
    answer = visitor.post(API + path, content=body, headers=headers)
    assert 400 <= answer.status_code < 500, answer.text


@pytest.mark.parametrize(
    ("name", "arguments", "status"),
    [
        ("nothing", {}, 404), ("begin", {}, 404), ("search", {"texts": "fox"}, 422),
        ("colorize", {}, 422), ("colorize", {"sketch": "box-0"}, 422), ("search", {}, 200),
    ],
)  # fmt: skip
def test_arguments_by_name(visitor, name, arguments, status):
    assert visitor.post(f"{API}/call/v2/{name}", json=arguments).status_code == status


def test_a_refusal_of_a_direct_call_is_the_callers_fault(visitor):
    index = functions(visitor)["find_2"]["id"]
    body = {"fn_index": index, "data": ["x" * 1000], "session_hash": "abc"}
    answer = visitor.post(f"{API}/run/predict", json=body)
    assert answer.status_code == 422 and "too long" in answer.json()["error"]


@pytest.mark.parametrize("home", ["", "/ko"])
def test_a_session_is_another_for_another_visitor(visitor, stranger, home):
    call(visitor, "colorize", sketch=sketch_url(), prompt=RED, name="Secret")
    session = secrets.token_hex(8)
    join(visitor, "page", ["", 1], session, home)
    assert '"session_not_found": true' in told(stranger, session, home)
    with httpx.Client(base_url=str(visitor.base_url)) as nobody:
        assert '"session_not_found": true' in told(nobody, session, home)
    assert "Secret" in told(visitor, session, home)


def test_who_knows_a_session_neither_ends_it_nor_speaks_in_it(tmp_path):
    with (
        running(tmp_path, QuickColorizer(0.05)) as service,
        service.visitor() as visitor,
        service.visitor() as stranger,
    ):
        session = secrets.token_hex(8)
        event = join(visitor, "colorize", ORDER, session)
        heard = []
        listening = threading.Thread(target=lambda: heard.append(told(visitor, session)))
        listening.start()
        # as a page does that is left
        with stranger.stream("GET", f"{API}/heartbeat/{session}") as stream:
            next(stream.iter_raw())
        end = {"session_hash": session, "fn_index": 0, "event_id": event}
        assert stranger.post(f"{API}/cancel", json=end).status_code == 404
        assert visitor.post(f"{API}/cancel", json=end | {"event_id": "0"}).status_code == 404
        join(stranger, "search", ["fox", "", 1], session)
        listening.join(30)
    assert "Mine" in heard[0] and "box-0" not in heard[0]


def test_a_caller_may_end_what_they_asked_for(tmp_path):
    with running(tmp_path, QuickColorizer(0.2)) as service, service.visitor() as visitor:
        session = secrets.token_hex(8)
        event = join(visitor, "colorize", ORDER, session)
        end = {"session_hash": session, "fn_index": 0, "event_id": event}
        assert visitor.post(f"{API}/cancel", json=end).json() == {"success": True}


def test_an_event_is_not_there_for_another_visitor(visitor, stranger):
    call(visitor, "colorize", sketch=sketch_url(), prompt=RED, name="Secret")
    plain = {"data": ["", 1]}
    ways = (("call", plain), ("call/v2", {}), ("call", plain | {"session_hash": "abc"}))
    for path, body in ways:
        event = visitor.post(f"{API}/{path}/page", json=body).json()["event_id"]
        for other in (event, event[:32], event[:-32] + "0" * 32, "a", "0" * 64):
            answer = stranger.get(f"{API}/{path}/page/{other}")
            assert (answer.status_code, answer.json()) == (404, {"error": "not_found"})
        assert "Secret" in visitor.get(f"{API}/{path}/page/{event}").text


@pytest.mark.parametrize("home", ["", "/ko"])
def test_a_large_picture_is_colored_from_the_page_and_from_a_program(service, visitor, home):
    noise = np.random.default_rng(0).integers(0, 255, (90, 120, 3), dtype=np.uint8)
    sketch = data_url(Image.fromarray(noise))
    assert len(sketch) > 30_000
    join(visitor, "begin", [sketch, RED, "A", 0, 1, 2, 4, 1.5, "soft"], "a", home)
    assert "/color-0.png" in told(visitor, "a", home)
    join(visitor, "colorize", [sketch, RED, "B", 0, 1, 2, 4, 1.5, "soft"], "b", home)
    assert '"name":"B"' in told(visitor, "b", home)
    made = call(visitor, "colorize", sketch=sketch, prompt=RED, look="soft")[1]
    answer = visitor.get(f"/creations/{made['id']}/sketch.png")
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(answer.content))), noise)
    kind, refused = call(visitor, "colorize", sketch=sketch[:-4000], prompt=RED)
    assert kind == "error" and "cannot be read" in refused["error"]
    kind, refused = call(visitor, "colorize", sketch="upload:", prompt=RED)
    assert kind == "error" and "no sketch yet" in refused["error"]


def kept(page):
    """How much Gradio keeps of those who called its page."""
    queue = page._queue
    return sum(
        len(table)
        for table in (
            queue.pending_messages_per_session,
            queue.pending_event_ids_session,
            queue.event_ids_to_events,
            page.state_holder.session_data,
        )
    )


def test_answers_that_nobody_comes_for_are_forgotten(tmp_path, monkeypatch):
    class Watched(answers.Answers):
        def __init__(self, page):
            super().__init__(page)
            pages.append(page)

    pages = []
    monkeypatch.setattr(answers, "KEPT_SECONDS", 1)
    monkeypatch.setattr(calls, "Answers", Watched)
    with running(tmp_path) as service, service.visitor() as visitor:
        for number in range(5):
            visitor.post(f"{API}/call/v2/search", json={"text": "fox"})
            join(visitor, "search", ["fox", "", 1], f"session-{number}")
            call(visitor, "search", text="fox")
        find = {"fn_index": 4, "data": [""], "session_hash": "another"}
        assert visitor.post(f"{API}/run/predict", json=find).status_code == 200
        assert sum(map(kept, pages)) > 20
        for _ in range(100):
            if not sum(map(kept, pages)):
                break
            time.sleep(0.1)
        assert sum(map(kept, pages)) == 0


def test_an_answer_is_kept_while_it_is_made_and_listened_to(tmp_path, monkeypatch):
    monkeypatch.setattr(answers, "KEPT_SECONDS", 1)
    order = {"sketch": "box-0", "prompt": RED, "steps": 30}
    with running(tmp_path, QuickColorizer(0.1)) as service, service.visitor() as visitor:
        begun = visitor.post(f"{API}/call/v2/colorize", json=order).json()["event_id"]
        time.sleep(2.5)  # longer than answers are kept
        assert "event: complete" in visitor.get(f"{API}/call/v2/colorize/{begun}").text
