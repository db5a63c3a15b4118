"""A browser for the tests of the page; whatever it complains of fails the test."""

from __future__ import annotations

import contextlib
import functools
import importlib.util
import shutil
import time

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
needs_browser = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here (apt install chromium)"),
    pytest.mark.skipif(
        importlib.util.find_spec("playwright") is None,
        reason="no Playwright here (pip install playwright)",
    ),
]
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
DARK = """() => {
    const c = document.querySelector('.sheet canvas');
    const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
    let n = 0;
    for (let i = 0; i < d.length; i += 4) n += d[i] < 128;
    return n;
}"""
"""How many pixels of the canvas are dark."""


@contextlib.contextmanager
def chromium():
    """A browser until the block ends."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


class Visits:
    """Opens the page as visitors of their own, and notes what the browser complains of."""

    def __init__(self, browser, url: str) -> None:
        self.browser, self.url = browser, url
        self.contexts, self.complaints = [], []

    def open(self, address="/create", language="en", width=1280, context=None, **settings):
        """A new visitor's page, or another tab of one."""
        if context is None:
            context = self.browser.new_context(
                viewport={"width": width, "height": 800},
                locale={"en": "en-US", "ko": "ko-KR"}[language],
                **settings,
            )
            self.contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._note)
        page.on("request", functools.partial(self._note_outside))
        page.goto(self.url + address)
        page.wait_for_selector("main h1", state="attached")
        return page

    def _note(self, said) -> None:
        # that the server is gone, or refuses, is told by the page itself
        if said.type == "error" and "Failed to load resource" not in said.text:
            self.complaints.append(said.text)

    def _note_outside(self, request) -> None:
        if not request.url.startswith((self.url, "data:", "blob:")):
            self.complaints.append(f"asked {request.url}")

    def close(self) -> None:
        """End all visits."""
        for context in self.contexts:
            context.close()
        assert self.complaints == []


def until(page, expression: str, seconds: float = 20) -> None:
    """Wait for something to be true. Playwright's own waiting breaks the page's security policy."""
    end = time.monotonic() + seconds
    while not page.evaluate(expression):
        assert time.monotonic() < end, f"never true: {expression}"
        time.sleep(0.05)


def draw_box(page) -> None:
    """Draw a closed box with the pen."""
    frame = page.locator(".sheet canvas").bounding_box()
    side = min(frame["width"], frame["height"])
    corners = [(0.2, 0.2), (0.8, 0.2), (0.8, 0.8), (0.2, 0.8), (0.2, 0.2)]
    points = [(frame["x"] + x * side, frame["y"] + y * side) for x, y in corners]
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point, steps=5)
    page.mouse.up()


def prompt_of(page):
    """The field for the prompt."""
    return page.locator(".prompt textarea")


def paint(page, prompt: str) -> None:
    """Have what is there painted, and wait for the picture."""
    prompt_of(page).fill(prompt)
    page.locator(".go button").click()
    page.wait_for_url("**/result/*")
    until(page, "document.querySelector('.compare .colored, .variants.grid img')?.naturalWidth > 0")
