"""The API, as programs call it."""

import base64
import dataclasses
import functools
import io

import httpx
import numpy as np
import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError
from PIL import Image
from quick_service import QuickColorizer
from running_service import running, sketch_url

from pokecolor.core.images.failed_pictures import NoPicture

RED = "Turn it into a red box"


def connect(url, key=None):
    cookies = {"pokecolor": key} if key else {}
    return Client(url, verbose=False, analytics_enabled=False, httpx_kwargs={"cookies": cookies})


def open_picture(url):
    return Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2])))


@pytest.fixture(scope="module")
def client(service):
    return connect(service.url)


def test_a_round_trip(client):
    found = client.predict(text="fox", api_name="/search")
    assert [sketch["id"] for sketch in found["sketches"]] == ["box-0"]
    made = client.predict(
        sketch="box-0", prompt=RED, name="Mochi", seed=7, variants=2, api_name="/colorize"
    )
    assert made["seeds"] == [7, 8] and len(made["pictures"]) == 2
    assert open_picture(made["pictures"][0]).size == (128, 128)
    assert made["judgments"][0]["colors"]["red"] > 0.9
    kept = client.predict(text="mochi", api_name="/page")
    assert [creation["id"] for creation in kept["creations"]] == [made["id"]]
    assert client.predict(creation=made["id"], api_name="/delete") == {"deleted": made["id"]}
    assert client.predict(api_name="/page")["total"] == 0


def test_the_same_seed_and_sketch_give_the_same_picture(client):
    one, same, other = (
        np.asarray(
            open_picture(
                client.predict(sketch=sketch_url(), prompt=RED, seed=seed, api_name="/colorize")[
                    "pictures"
                ][0]
            )
        )
        for seed in (1, 1, 2)
    )
    assert np.array_equal(one, same) and not np.array_equal(one, other)


def test_another_client_has_another_collection(service, client):
    made = client.predict(sketch="box-0", prompt=RED, api_name="/colorize")
    stranger = connect(service.url)
    assert stranger.predict(api_name="/page")["total"] == 0
    with pytest.raises(AppError, match="not there"):
        stranger.predict(creation=made["id"], api_name="/delete")
    assert client.predict(creation=made["id"], api_name="/delete")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ({"sketch": "box-0", "prompt": " "}, "say what it should become"),
        ({"sketch": "", "prompt": RED}, "no sketch yet"),
        ({"sketch": "/etc/passwd", "prompt": RED}, "no image that can be taken"),
        ({"sketch": "http://127.0.0.1:1/", "prompt": RED}, "no image that can be taken"),
        ({"sketch": {"path": "/etc/passwd"}, "prompt": RED}, "no sketch yet"),
        ({"sketch": "box-0", "prompt": RED, "steps": 10**6}, "out of its range: steps"),
        ({"sketch": "box-0", "prompt": "x" * 1000}, "too long"),
    ],
)
def test_what_cannot_be_is_told_in_words(client, call, message):
    with pytest.raises(AppError, match=message):
        client.predict(**call, api_name="/colorize")


class NotFinite(QuickColorizer):
    """A model whose numbers overflow."""

    @functools.wraps(QuickColorizer.paint)
    def paint(self, *args, **settings):
        fault = NoPicture("not_finite")
        painted = super().paint(*args, **settings)
        return [dataclasses.replace(coloring, fault=fault) for coloring in painted]


@pytest.mark.parametrize(
    ("home", "message"),
    [("", "could not paint this: its numbers overflowed"), ("/ko", "계산 값이 범위를 벗어났")],
)
def test_a_picture_that_is_not_finite_is_told_and_not_kept(tmp_path, home, message):
    with running(tmp_path, NotFinite()) as service:
        client = connect(service.url + home)
        with pytest.raises(AppError, match=message):
            client.predict(sketch="box-0", prompt=RED, api_name="/colorize")
        assert client.predict(api_name="/page")["total"] == 0


def test_a_restart_keeps_the_collection(tmp_path):
    with running(tmp_path) as service:
        key = httpx.get(service.url).cookies["pokecolor"]
        made = connect(service.url, key).predict(sketch="box-0", prompt=RED, api_name="/colorize")
    with running(tmp_path) as service:
        kept = connect(service.url, key).predict(api_name="/page")
        assert [creation["id"] for creation in kept["creations"]] == [made["id"]]
        picture = httpx.get(
            f"{service.url}/creations/{made['id']}/color-0.png", cookies={"pokecolor": key}
        )
        assert picture.content == base64.b64decode(made["pictures"][0].partition(",")[2])
