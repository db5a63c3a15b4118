"""The page's build that is in the package: made of the present sources, and small."""

import gzip
import hashlib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WEB = ROOT / "web"
BUILD = ROOT / "pokecolor" / "app" / "static" / "page"
SOURCES = [path for path in (WEB / "page").rglob("*") if path.suffix in (".ts", ".tsx", ".css")]


def sources_hash():
    """As web/page/sources_hash.ts has it."""
    tests = (".test.ts", ".test.tsx")
    page = [path for path in (WEB / "page").rglob("*") if path.is_file()]
    paths = [path for path in page if not path.name.endswith(tests)] + [WEB / "package-lock.json"]
    digest = hashlib.sha256()
    for name, path in sorted((path.relative_to(WEB).as_posix(), path) for path in paths):
        digest.update(f"{name}\n".encode())
        digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


def test_the_build_is_of_these_sources():
    built = (BUILD / "sources.sha256").read_text().strip()
    assert built == sources_hash(), "the page has changed since: cd web && npm ci && npm run build"


def test_what_a_visitor_loads_is_below_300_kilobytes():
    loaded = [BUILD / "index.html", *(BUILD / "assets").iterdir()]
    assert sum(len(gzip.compress(path.read_bytes())) for path in loaded) < 300_000


def test_the_document_names_the_assets_that_are_there():
    document = (BUILD / "index.html").read_text()
    assert 'lang="en"' in document
    for path in (BUILD / "assets").iterdir():
        assert f"assets/{path.name}" in document


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(WEB)))
def test_a_source_is_short(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300
