"""A visitor's own creations over HTTP."""

import json
import shutil
import zipfile

import numpy as np
import pytest
from PIL import Image
from running_service import data_url, paint, picture_at, running

from pokecolor.app.creation import PAINTED


@pytest.fixture
def visitor(service):
    with service.visitor() as client:
        yield client


@pytest.fixture
def made(visitor):
    return paint(visitor, prompt="a red box with blue eyes", name="Mochi", seed=7)


def test_a_creation_tells_what_it_is(visitor, made):
    assert made["understood"] == "box red, eyes blue" and made["seeds"] == [7]
    (picture,) = made["pictures"]
    assert (picture["width"], picture["height"], picture["look"]) == (96, 96, "clean")
    whole, eyes = picture["verdicts"]
    assert (whole["part"], whole["state"], whole["share"]) == ("", "right", 1.0)
    assert (eyes["part"], eyes["state"], eyes["share"]) == ("eyes", "absent", None)
    assert eyes["names"]["ko"] == "눈"
    for kind in ("color", "clear", "colors", "small", "sketch"):
        assert max(picture_at(visitor, picture[kind]).size) == 96


def test_creations_are_listed_searched_and_deleted(visitor, made):
    other = paint(visitor, prompt="a green box")
    listed = visitor.get("/api/creations").json()
    assert [creation["id"] for creation in listed["creations"]] == [other["id"], made["id"]]
    assert (listed["page"], listed["pages"], listed["total"]) == (1, 1, 2)
    found = visitor.get("/api/creations", params={"text": "mochi RED"}).json()
    assert [creation["id"] for creation in found["creations"]] == [made["id"]]
    assert visitor.delete(f"/api/creations/{made['id']}").status_code == 204
    for answer in (
        visitor.get(f"/api/creations/{made['id']}"), visitor.get(made["pictures"][0]["color"]),
        visitor.delete(f"/api/creations/{made['id']}"),
    ):  # fmt: skip
        assert (answer.status_code, answer.json()) == (404, {"error": "not_found"})


def test_regions_are_those_of_the_composition(visitor, made):
    answer = visitor.get(f"/api/creations/{made['id']}/regions/0.png")
    assert answer.headers["content-type"] == "image/png"
    packed = np.asarray(picture_at(visitor, f"/api/creations/{made['id']}/regions/0.png"), int)
    regions = packed[..., 0] + 256 * packed[..., 1]
    assert not packed[..., 2].any() and regions.shape == (96, 96)
    sketch = np.asarray(picture_at(visitor, made["pictures"][0]["sketch"]).convert("L"))
    assert (regions[sketch < 60] == 0).all() and (regions[sketch == 255] > 0).all()
    assert regions[48, 48] != regions[2, 2]
    colors = np.asarray(picture_at(visitor, made["pictures"][0]["colors"]))
    inside = colors[regions == regions[48, 48]]
    assert len(np.unique(inside, axis=0)) == 1 and inside[0, 3] == 255
    for number in (1, -1, "a"):
        answer = visitor.get(f"/api/creations/{made['id']}/regions/{number}.png")
        assert answer.status_code in (404, 422)


def test_a_picture_is_finished_by_hand(visitor, made):
    home, picture = f"/api/creations/{made['id']}/pictures", made["pictures"][0]
    colors = np.array(picture_at(visitor, picture["colors"]))
    colors[colors[..., 3] > 0] = (1, 200, 3, 255)
    changed = visitor.put(f"{home}/0", json={"colors": data_url(Image.fromarray(colors))}).json()
    (now,) = changed["pictures"]
    assert now["color"] != picture["color"], "the address of other pixels is another"
    assert np.asarray(picture_at(visitor, now["color"]))[48, 48].tolist() == [1, 200, 3]
    assert np.array_equal(np.asarray(picture_at(visitor, now["colors"])), colors)
    assert [verdict["state"] for verdict in now["verdicts"]] == ["wrong", "absent"]
    assert visitor.get(f"/api/creations/{made['id']}").json() == changed
    again = visitor.put(f"{home}/0", json={"look": "flat"}).json()
    assert again["pictures"][0]["look"] == "flat"
    assert again["pictures"][0]["verdicts"][0]["state"] == "right"
    small = data_url(Image.new("RGBA", (9, 9)))
    for body, error in (
        ({}, "call"), ({"colors": small, "look": "flat"}, "call"), ({"colors": small}, "value"),
        ({"colors": "box-1"}, "image_type"), ({"look": "shiny"}, "value"),
    ):  # fmt: skip
        assert visitor.put(f"{home}/0", json=body).json()["error"] == error
    assert visitor.put(f"{home}/1", json={"look": "flat"}).status_code == 404


def test_files_may_be_kept_by_browsers_only_under_an_address_that_changes(visitor, made):
    address = made["pictures"][0]["color"]
    assert "immutable" in visitor.get(address).headers["cache-control"]
    bare = visitor.get(address.partition("?")[0])
    assert bare.headers["cache-control"] == "private, no-cache"


def test_what_is_shared_has_a_page_until_it_is_taken_back(service, visitor, made):
    home = f"/api/creations/{made['id']}/share"
    token = visitor.put(home, json={"public": True}).json()["share"]
    assert visitor.put(home, json={"public": True}).json()["share"] == token
    with service.visitor() as stranger:
        page = stranger.get(f"/shared/{token}")
        assert page.status_code == 200 and "Mochi" in page.text
        for name in ("color-0.png", "sketch.png"):
            assert stranger.get(f"/shared/{token}/{name}").status_code == 200
        assert visitor.put(home, json={"public": False}).json()["share"] is None
        assert stranger.get(f"/shared/{token}").status_code == 404
        assert stranger.get(f"/shared/{token}/color-0.png").status_code == 404
    assert visitor.put(home, json={"public": "yes"}).status_code == 422


def as_before(folder):
    """A creation as earlier versions kept it, without layers and what the model painted."""
    for path in folder.iterdir():
        if path.name.startswith(("colors-", PAINTED[:8])):
            path.unlink()


def test_a_creation_of_an_earlier_version_is_shown_and_finished(service, visitor, made):
    folder = service.studio.collection.folder_of(
        service.studio.collection.get(_visitor_of(visitor), made["id"])
    )
    colors = np.asarray(picture_at(visitor, made["pictures"][0]["colors"]))
    as_before(folder)
    assert np.array_equal(np.asarray(picture_at(visitor, made["pictures"][0]["colors"])), colors)
    assert visitor.get(f"/api/creations/{made['id']}/regions/0.png").status_code == 200
    home = f"/api/creations/{made['id']}/pictures/0"
    assert visitor.put(home, json={"look": "flat"}).json() == {"error": "call"}
    assert visitor.put(home, json={"colors": data_url(Image.fromarray(colors))}).status_code == 200
    with zipfile.ZipFile(folder / "layers-0.ora") as layers:
        assert layers.testzip() is None


def _visitor_of(client):
    from pokecolor.app.visitors import visitor_of

    return visitor_of(client.cookies["pokecolor"])


def test_a_restart_keeps_the_collection(tmp_path):
    with running(tmp_path) as service, service.visitor() as visitor:
        made = paint(visitor)
        picture = visitor.get(made["pictures"][0]["color"]).content
        cookies = dict(visitor.cookies)
    with running(tmp_path) as service, service.visitor() as visitor:
        visitor.cookies.update(cookies)
        assert visitor.get("/api/creations").json()["creations"] == [made]
        assert visitor.get(made["pictures"][0]["color"]).content == picture
    shutil.rmtree(tmp_path / "pictures")
    with running(tmp_path) as service, service.visitor() as visitor:
        visitor.cookies.update(cookies)
        assert json.dumps(visitor.get("/api/creations").json()["creations"]) == "[]"
