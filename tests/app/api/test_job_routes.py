"""Jobs and their events over HTTP."""

import dataclasses
import functools
import json
import threading
import time

import httpx
import numpy as np
import pytest
from PIL import Image
from quick_service import QuickColorizer
from running_service import (
    RED,
    ROOMY,
    begin,
    data_url,
    ended,
    paint,
    picture_at,
    running,
    sketch_url,
)

from pokecolor.app.api import jobs as job_routes
from pokecolor.core.images.failed_pictures import NoPicture


@pytest.fixture
def visitor(service):
    with service.visitor() as client:
        yield client


@pytest.fixture
def slow(tmp_path):
    with running(tmp_path, QuickColorizer(0.1)) as service, service.visitor() as client:
        yield client


def events(lines):
    """The jobs that a stream tells of."""
    for line in lines:
        if line.startswith("data:"):
            yield json.loads(line[5:])


def wait_until_running(client, job):
    """On a busy machine the painter may begin late."""
    end = time.monotonic() + 20
    while client.get(f"/api/jobs/{job['id']}").json()["state"] == "waiting":
        assert time.monotonic() < end
        time.sleep(0.01)


def test_several_jobs_wait_and_each_is_told_its_place_and_time(slow):
    ended(slow, begin(slow))
    first, second, third = (begin(slow, steps=10) for _ in range(3))
    wait_until_running(slow, first)
    listed = slow.get("/api/jobs").json()["jobs"][1:]
    assert [job["id"] for job in listed] == [first["id"], second["id"], third["id"]]
    assert [job["position"] for job in listed] == [0, 1, 2]
    assert [job["state"] for job in listed] == ["running", "waiting", "waiting"]
    first, second, third = (job["eta_seconds"] for job in listed)
    assert first < second
    # each has ten steps, of which the first may have taken some
    assert third == pytest.approx(1.5 * second, rel=0.2)


def test_events_tell_of_every_change_until_the_end(slow):
    with slow.stream("GET", "/api/events") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        lines = stream.iter_lines()
        assert next(lines) == "retry: 2000"
        first, second = begin(slow, name="one"), begin(slow, name="two")
        heard = []
        for job in events(lines):
            heard.append(job)
            if job["id"] == second["id"] and job["state"] == "done":
                break
    mine = [job for job in heard if job["id"] == second["id"]]
    assert [job["state"] for job in mine[:2]] != ["done"] and mine[0]["state"] == "waiting"
    assert mine[0]["position"] == 1 and "running" in [job["state"] for job in mine]
    shares = [job["progress"] for job in mine]
    assert shares == sorted(shares) and shares[-1] == 1 and len(set(shares)) > 3
    assert slow.get(f"/api/creations/{mine[-1]['creation']}").json()["name"] == "two"
    assert {job["name"] for job in heard if job["id"] == first["id"]} == {"one"}
    # whoever comes back is told of all that there is
    with slow.stream("GET", "/api/events") as stream:
        known = events(stream.iter_lines())
        assert [next(known)["id"] for _ in range(2)] == [first["id"], second["id"]]


def test_a_silent_stream_says_that_it_is_there(visitor, monkeypatch):
    monkeypatch.setattr(job_routes, "SILENCE", 0.05)
    with visitor.stream("GET", "/api/events") as stream:
        assert next(line for line in stream.iter_lines() if line.startswith(":"))


def test_too_many_streams_of_an_address_are_refused_until_one_is_closed(tmp_path, monkeypatch):
    monkeypatch.setattr("pokecolor.app.subscribers.STREAMS_OF_ONE", 1)
    with running(tmp_path) as service, service.visitor() as visitor:
        with visitor.stream("GET", "/api/events") as stream:
            lines = stream.iter_lines()  # which would close the stream as it is forgotten
            assert next(lines) == "retry: 2000"
            answer = visitor.get("/api/events", timeout=5)
            assert (answer.status_code, answer.json()) == (503, {"error": "busy"})
        end = time.monotonic() + 5
        status = 503
        while status == 503:
            assert time.monotonic() < end
            with visitor.stream("GET", "/api/events") as stream:
                status = stream.status_code
        assert status == 200


def test_a_job_is_given_up_and_then_forgotten(slow):
    running_one, waiting = begin(slow, steps=50), begin(slow)
    for job in (waiting, running_one):
        assert slow.delete(f"/api/jobs/{job['id']}").status_code == 204
        assert slow.get(f"/api/jobs/{job['id']}").json()["state"] == "canceled"
    assert paint(slow)["prompt"] == RED
    assert slow.delete(f"/api/jobs/{waiting['id']}").status_code == 204
    assert slow.get(f"/api/jobs/{waiting['id']}").json() == {"error": "not_found"}
    assert slow.delete(f"/api/jobs/{waiting['id']}").status_code == 404
    assert slow.get("/api/creations").json()["total"] == 1


def test_the_seed_is_random_told_and_can_be_used_again(visitor):
    first, second = paint(visitor), paint(visitor)
    assert first["seeds"] != second["seeds"]
    same = paint(visitor, seed=first["seeds"][0])
    one, again = (picture_at(visitor, made["pictures"][0]["color"]) for made in (first, same))
    assert same["seeds"] == first["seeds"] and np.array_equal(np.asarray(one), np.asarray(again))
    three = paint(visitor, seed=7, variants=3)
    assert three["seeds"] == [7, 8, 9] and len(three["pictures"]) == 3


def test_again_is_of_the_same_sketch_and_says_so(visitor):
    first = paint(visitor, sketch="box-3", name="Mochi")
    second = paint(visitor, sketch=None, again={"creation": first["id"], "number": 0})
    assert (second["parent"], second["sketch_id"]) == (first["id"], "box-3")
    assert first["parent"] is None and first["sketch_id"] == "box-3"


def test_only_and_keep_change_a_picture_in_part(visitor):
    first = paint(visitor, prompt="a red box")
    again = {"creation": first["id"], "number": 0}
    before = np.asarray(picture_at(visitor, first["pictures"][0]["colors"]))
    mask = Image.new("L", (96, 96))
    mask.paste(255, (0, 0, 48, 96))
    kept = paint(
        visitor,
        sketch=None,
        again=again,
        prompt="a blue box",
        keep=again | {"mask": data_url(mask)},
    )
    after = np.asarray(picture_at(visitor, kept["pictures"][0]["colors"]))
    assert np.array_equal(after[:, :48], before[:, :48]) and not np.array_equal(after, before)
    same = paint(visitor, sketch=None, again=again, prompt="a red box with a blue hat", only="hat")
    assert same["pictures"][0]["warnings"] == ["unchanged"]
    whole = paint(visitor, sketch=None, again=again, prompt="a blue box", only="")
    assert whole["pictures"][0]["verdicts"][0]["state"] == "right"


@pytest.mark.parametrize(
    ("settings", "status", "error"),
    [
        ({"prompt": " "}, 422, {"error": "prompt_empty"}),
        ({"sketch": None}, 422, {"error": "image_missing"}),
        ({"sketch": "box-999"}, 404, {"error": "not_found"}),
        ({"steps": 10**6}, 422, {"error": "value", "field": "steps"}),
        ({"steps": 2.5}, 422, {"error": "value", "field": "steps"}),
        ({"seed": "1"}, 422, {"error": "value", "field": "seed"}),
        ({"seed": True}, 422, {"error": "value", "field": "seed"}),
        ({"look": "shiny"}, 422, {"error": "value", "field": "look"}),
        ({"guidance_scale": 0}, 422, {"error": "value", "field": "guidance_scale"}),
        ({"only": "belly"}, 422, {"error": "value", "field": "only"}),
        ({"again": {"creation": "none", "number": 0}, "sketch": None}, 404, {"error": "not_found"}),
        ({"surprise": 1}, 422, {"error": "value", "field": "surprise"}),
        ({"<script>": 1}, 422, {"error": "value", "field": "body"}),
        ({"prompt": "x" * 301}, 422, {"error": "text_length", "field": "prompt", "limit": 300}),
        ({"name": "x" * 61}, 422, {"error": "text_length", "field": "name", "limit": 60}),
    ],
    ids=str,
)
def test_what_cannot_be_is_told_by_its_kind(visitor, settings, status, error):
    answer = visitor.post("/api/jobs", json={"sketch": "box-0", "prompt": RED} | settings)
    assert (answer.status_code, answer.json()) == (status, error)


class NotFinite(QuickColorizer):
    """A model whose numbers overflow."""

    @functools.wraps(QuickColorizer.paint)
    def paint(self, *args, **settings):
        fault = NoPicture("not_finite")
        painted = super().paint(*args, **settings)
        return [dataclasses.replace(coloring, fault=fault) for coloring in painted]


def test_a_picture_that_is_not_finite_is_told_and_not_kept(tmp_path):
    with running(tmp_path, NotFinite()) as service, service.visitor() as visitor:
        job = ended(visitor, begin(visitor))
        assert (job["state"], job["error"]) == ("failed", "picture_not_finite")
        assert job["creation"] is None
        assert visitor.get("/api/creations").json()["total"] == 0


def test_a_full_queue_is_told_before_a_picture_is_read(tmp_path):
    limits = dataclasses.replace(ROOMY, waiting=1, own_waiting=1)
    slow = running(tmp_path, QuickColorizer(0.2), limits)
    with slow as service, service.visitor() as visitor, service.visitor() as other:
        for number in range(2):
            job = begin(visitor)
            if number == 0:
                wait_until_running(visitor, job)
        body = {"sketch": "data:image/png;base64,AAAA", "prompt": RED}
        for client in (visitor, other):
            answer = client.post("/api/jobs", json=body)
            assert (answer.status_code, answer.json()) == (503, {"error": "busy"})
        visitor.delete(f"/api/jobs/{job['id']}")
        begin(other)


def test_a_large_picture_is_colored_from_its_body(visitor):
    noise = np.random.default_rng(0).integers(0, 255, (90, 120, 3), dtype=np.uint8)
    sketch = data_url(Image.fromarray(noise))
    assert len(sketch) > 30_000
    made = paint(visitor, sketch=sketch, look="soft")
    kept = picture_at(visitor, made["pictures"][0]["sketch"])
    assert np.array_equal(np.asarray(kept), noise)
    assert visitor.post("/api/jobs", json={"sketch": sketch[:-4000], "prompt": RED}).json() == {
        "error": "image_broken"
    }
    assert visitor.post("/api/jobs", json={"sketch": "upload:", "prompt": RED}).json() == {
        "error": "image_missing"
    }


def test_uploads_do_not_keep_others_waiting(service, visitor, monkeypatch):
    gate, entered = threading.Event(), threading.Event()
    read = type(service.studio).read_image

    def threads(studio, image):
        entered.set()
        assert gate.wait(20)
        return read(studio, image)

    monkeypatch.setattr(type(service.studio), "read_image", threads)

    def send():
        with service.visitor() as other:
            other.post("/api/jobs", json={"sketch": sketch_url(), "prompt": RED})

    senders = [threading.Thread(target=send) for _ in range(45)]  # more than there are threads
    for sender in senders:
        sender.start()
    assert entered.wait(10)
    answer = httpx.get(f"{service.url}/sketches/box-1/192.png", timeout=5)
    gate.set()
    for sender in senders:
        sender.join(30)
    assert answer.status_code == 200
