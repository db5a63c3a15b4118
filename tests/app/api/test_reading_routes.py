"""Session, language, sketches and prompts over HTTP."""

import httpx
import pytest
from running_service import picture_at

from pokecolor.app.visitors import COOKIE


@pytest.fixture
def visitor(service):
    with service.visitor() as client:
        yield client


def test_the_session_tells_what_a_page_needs(visitor):
    session = visitor.get("/api/session").json()
    assert session["model"] == {"name": "quick", "small": True}
    assert session["defaults"] == {
        "steps": 4, "guidance_scale": 4.0, "image_guidance_scale": 1.5, "look": "clean",
    }  # fmt: skip
    assert session["looks"] == ["clean", "flat", "soft"]
    assert session["limits"]["side"] == 1536 and session["limits"]["prompt_length"] == 300
    assert session["categories"][0] == {
        "key": "even", "names": {"en": "Even", "ko": "짝수"}, "count": 30,
    }  # fmt: skip
    yellow = next(color for color in session["colors"] if color["term"] == "yellow")
    assert yellow["names"]["ko"] == "노랑" and "golden" in yellow["words"]
    assert {"name": "eyes", "names": {"en": "eyes", "ko": "눈"}} in session["parts"]
    assert session["credit"] == "Drawings: none" and session["visitor"] is True


def test_a_visitor_gets_one_key_and_keeps_it(service):
    with httpx.Client(base_url=service.url) as client:
        client.get("/api/session")
        key = client.cookies[COOKIE]
        assert "set-cookie" not in client.get("/api/session").headers
        assert client.get("/api/creations").json()["total"] == 0
        assert client.cookies[COOKIE] == key


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("ko-KR,ko;q=0.9,en;q=0.8", "ko"), ("fr, KO", "ko"), ("de", "en"), ("", "en"), ("en", "en")],
)
def test_the_language_is_the_browsers_until_another_is_chosen(visitor, accepted, language):
    headers = {"accept-language": accepted, "accept": "text/html"}
    assert visitor.get("/api/session", headers=headers).json()["language"] == language
    assert f'lang="{language}"' in visitor.get("/", headers=headers).text
    for chosen in ("ko", "en"):
        assert visitor.put("/api/language", json={"language": chosen}).status_code == 204
        assert visitor.get("/api/session", headers=headers).json()["language"] == chosen
        assert f'lang="{chosen}"' in visitor.get("/create", headers=headers).text
    assert visitor.put("/api/language", json={"language": "fr"}).status_code == 422


def test_sketches_are_listed_by_page_name_and_category(visitor):
    def ask(**query):
        return visitor.get("/api/sketches", params=query).json()

    first = ask()
    assert (first["page"], first["pages"], first["total"]) == (1, 3, 60)
    assert len(first["sketches"]) == 24
    assert ask(page=99)["page"] == 3
    (fox,) = ask(text="여우")["sketches"]
    assert fox == {
        "id": "box-0", "names": {"en": "fox", "ko": "여우"}, "categories": ["even", "round"],
        "finished": True,
    }  # fmt: skip
    assert ask(category="round")["total"] == 6 and ask(category="nothing")["total"] == 0
    assert ask(category="odd", text="둥근")["total"] == 0
    for query in ({"page": 0}, {"page": "a"}, {"text": "x" * 301}, {"page": 10**9}):
        assert visitor.get("/api/sketches", params=query).status_code == 422


def test_a_sketch_and_its_finished_picture_are_served(visitor):
    assert picture_at(visitor, "/sketches/box-3/192.png").size == (128, 128)
    assert picture_at(visitor, "/sketches/box-3/color.png").size == (768, 768)
    assert picture_at(visitor, "/sketches/box-3/color.png?size=192").size == (192, 192)
    for path in ("box-4/color.png", "box-3/100.png", "none/192.png"):
        assert visitor.get(f"/sketches/{path}").status_code == 404


def test_a_prompt_is_understood_before_it_is_painted(service, visitor):
    painted = len(service.colorizer.batches)
    answer = visitor.post("/api/understand", json={"prompt": "파란 몸, 빨간 눈"}).json()
    assert answer["understood"] == "body blue, eyes red" and answer["colors"] == 2
    assert answer["parts"][1] == {
        "part": "eyes", "names": {"en": "eyes", "ko": "눈"}, "color": "red", "hex": "#e53935",
    }  # fmt: skip
    assert answer["hint"] is None and answer["warnings"] == []
    headers = {"accept-language": "ko"}
    nothing = visitor.post("/api/understand", json={"prompt": "a fox"}, headers=headers).json()
    assert nothing["warnings"] == ["no_color"] and nothing["colors"] == 0
    assert "초록색" in nothing["hint"]
    long = visitor.post("/api/understand", json={"prompt": "x" * 301})
    assert long.json() == {"error": "text_length", "field": "prompt", "limit": 300}
    assert len(service.colorizer.batches) == painted
