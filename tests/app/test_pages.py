"""The page's document, its assets, and public pages."""

import html
import re

import pytest
from running_service import paint

from pokecolor.app import pages

ATTACKS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' autofocus onfocus='alert(1)",
    "javascript:alert(1)",
    "${alert(1)}",
    "{{constructor.constructor('alert(1)')()}}",
    "{% raw %}",
    "</textarea><script>",
    "&lt;script&gt;",
)


@pytest.fixture
def visitor(service):
    with service.visitor() as client:
        client.headers["accept"] = "text/html,*/*"
        yield client


def tags(page):
    """All tags with the names of their attributes."""
    found = []
    for tag in re.findall(r"<[a-zA-Z][^>]*>", page):
        name = re.match(r"<([a-zA-Z0-9]+)", tag).group(1)
        found.append((name, tuple(re.findall(r"""([a-zA-Z:-]+)(?==["'])""", tag))))
    return found


def shared(visitor, language="en", **settings):
    made = paint(visitor, **settings)
    answer = visitor.put(f"/api/creations/{made['id']}/share", json={"public": True})
    token = answer.json()["share"]
    return visitor.get(f"/shared/{token}", headers={"accept-language": language}).text, token


@pytest.mark.parametrize("path", ["/", "/create", "/result/abc", "/collection?page=2", "/sketches"])
def test_every_place_of_the_page_is_the_same_document(visitor, path):
    answer = visitor.get(path)
    assert answer.status_code == 200 and answer.text == visitor.get("/").text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("path", ["/nowhere", "/result", "/result/a/b", "/create/x", "/ko/"])
def test_a_place_that_is_not_there_is_the_page_that_says_so(visitor, path):
    answer = visitor.get(path)
    assert answer.status_code == 404 and answer.text == visitor.get("/").text
    programs = visitor.get(path, headers={"accept": "application/json"})
    assert (programs.status_code, programs.json()) == (404, {"error": "not_found"})


@pytest.fixture
def built(tmp_path, monkeypatch):
    """A page that is built."""
    (tmp_path / "page" / "assets").mkdir(parents=True)
    document = '<!doctype html><html lang="en"><script src="/assets/a-1.js"></script></html>'
    (tmp_path / "page" / "index.html").write_text(document)
    for name in ("a-1.js", "a-2.css", "a-3.wasm"):
        (tmp_path / "page" / "assets" / name).write_text("x")
    monkeypatch.setattr(pages, "STATIC", tmp_path)
    pages._document.cache_clear()
    pages._assets.cache_clear()
    yield tmp_path
    pages._document.cache_clear()
    pages._assets.cache_clear()


def test_the_built_page_is_served_with_its_assets(visitor, built):
    assert (
        '<html lang="ko"><script src="/assets/a-1.js">'
        in visitor.get("/create", headers={"accept-language": "ko"}).text
    )
    kinds = {"a-1.js": "text/javascript", "a-2.css": "text/css", "a-3.wasm": "application/wasm"}
    for name, kind in kinds.items():
        answer = visitor.get(f"/assets/{name}")
        assert answer.headers["content-type"].partition(";")[0] == kind
        assert "immutable" in answer.headers["cache-control"]
    (built / "page" / "assets" / "later.js").write_text("x")
    for name in ("later.js", "index.html", "", "..%2findex.html"):
        assert visitor.get(f"/assets/{name}").status_code == 404


def test_a_public_page_has_what_previews_need(service, visitor):
    page, token = shared(visitor, name="Mochi", prompt="a red box", variants=2)
    home = f"{service.url}/shared/{token}"
    said = dict(re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)">', page))
    assert said["og:title"] == said["twitter:title"] == "Mochi"
    assert said["og:image"] == said["twitter:image"] == f"{home}/color-0.png"
    assert said["og:url"] == home and said["og:description"] == "a red box"
    assert said["twitter:card"] == "summary_large_image"
    assert (said["og:image:width"], said["og:image:height"]) == ("96", "96")
    assert "<title>Mochi · pokecolor</title>" in page and 'href="/create"' in page
    for address in re.findall(r'(?:src|href)="([^"]+)"', page):
        assert visitor.get(address).status_code == 200, address
    assert page.count("<img") == 3 and page.count("alt=") == 3


def test_a_public_page_speaks_the_visitors_language(visitor):
    page, _ = shared(visitor, "ko", prompt="a red box")
    assert '<html lang="ko">' in page and "내 그림도 색칠해 보기" in page
    assert "<h1>a red box</h1>" in page, "without a name its prompt is its title"
    gone = visitor.get("/shared/none", headers={"accept-language": "ko"})
    assert gone.status_code == 404 and "공유가 끝났습니다" in gone.text


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_words_of_a_visitor_become_markup(visitor, attack):
    harmless, _ = shared(visitor, name="words", prompt="words red words")
    harmful, _ = shared(visitor, name=attack, prompt=f"{attack} red {attack}")
    assert tags(harmful) == tags(harmless)
    assert html.escape(attack).replace("&#x27;", "&#39;").replace("&quot;", "&#34;") in harmful
