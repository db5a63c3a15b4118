"""The page in a real browser: reload and Back at every step, two tabs, a server that is killed."""

from __future__ import annotations

import time

import pytest
from page_browser import DARK, Visits, chromium, draw_box, needs_browser, paint, prompt_of, until
from page_service import Kept, serving

pytestmark = needs_browser


@pytest.fixture(scope="module")
def browser():
    with chromium() as started:
        yield started


@pytest.fixture
def kept(tmp_path):
    return Kept(tmp_path, 1.0)


@pytest.fixture
def visits(browser, kept):
    with serving(kept) as port:
        started = Visits(browser, f"http://127.0.0.1:{port}")
        yield started
        started.close()


def test_reload_and_back_at_every_step(visits):
    page = visits.open()
    draw_box(page)
    drawn = page.evaluate(DARK)
    prompt_of(page).fill("a red box")
    page.locator(".name input").fill("Mochi")
    time.sleep(0.6)  # the drawing is kept a moment after the last stroke

    def all_is_there():
        page.wait_for_selector(".begun canvas")
        assert page.evaluate(DARK) == drawn
        assert prompt_of(page).input_value() == "a red box"
        assert page.locator(".name input").input_value() == "Mochi"

    page.reload()
    all_is_there()
    page.locator(".language").click()
    page.wait_for_selector("html[lang=ko]")
    all_is_there()
    page.reload()
    page.wait_for_selector("html[lang=ko]")
    all_is_there()
    # a job goes on over a reload, and its picture replaces the sketch
    page.locator(".go button").click()
    page.wait_for_selector(".job")
    page.reload()
    page.wait_for_selector(".job")
    page.wait_for_url("**/result/*")
    result = page.url
    until(page, "document.querySelector('.compare .colored')?.naturalWidth > 0")
    page.reload()
    until(page, "document.querySelector('.compare .colored')?.naturalWidth > 0")
    # a prompt that was changed beside the result, too
    prompt_of(page).fill("a green box")
    page.go_back()
    all_is_there()
    page.go_forward()
    page.wait_for_url(result)
    until(page, "document.querySelector('.prompt textarea').value === 'a green box'")
    # lists
    page.locator('.places a[href="/sketches"]').click()
    page.locator(".pager a[rel=next]").click()
    page.wait_for_url("**/sketches?page=2")
    page.wait_for_selector('.pager [aria-current="page"] >> text="2"')
    page.reload()
    page.wait_for_selector('.pager [aria-current="page"] >> text="2"')
    page.go_back()
    page.wait_for_selector('.pager [aria-current="page"] >> text="1"')
    page.go_back()
    page.wait_for_url(result)


def test_several_wait_while_one_goes_on_drawing_and_nobody_is_thrown_elsewhere(visits):
    page = visits.open()
    draw_box(page)
    prompt_of(page).fill("a red box")
    page.locator(".go button").click()
    page.wait_for_selector(".job")
    prompt_of(page).fill("a blue box")
    page.locator(".go button").click()
    until(page, "document.querySelectorAll('.job').length === 2")
    prompt_of(page).fill("a green b")  # goes on typing
    page.wait_for_selector('.job[data-state="done"]')
    assert page.url.endswith("/create") and prompt_of(page).input_value() == "a green b"
    page.locator('.job:not([data-state="done"]) [data-tool="cancel"]').click()
    until(page, "document.querySelectorAll('.job').length === 1")
    page.locator(".job a").click()
    page.wait_for_url("**/result/*")
    assert prompt_of(page).input_value() == "a red box"
    page.locator('.places a[href="/collection"]').click()
    page.wait_for_selector(".card")
    time.sleep(1.5)
    assert page.locator(".card").count() == 1  # the canceled one never came


def test_two_tabs_see_the_same_jobs_and_keep_drafts_of_their_own(visits):
    one = visits.open()
    draw_box(one)
    prompt_of(one).fill("a red box")
    two = visits.open(context=one.context)
    prompt_of(two).fill("a purple box")
    one.locator(".go button").click()
    two.wait_for_selector(".job")
    one.wait_for_url("**/result/*")
    two.wait_for_selector('.job[data-state="done"]')
    assert two.url.endswith("/create")
    for tab, text in ((one, "a red box"), (two, "a purple box")):
        tab.reload()
        until(tab, f"document.querySelector('.prompt textarea')?.value === {text!r}")


def test_a_server_that_is_killed_in_the_middle_of_a_job(browser, kept):
    kept.seconds = 3.0
    with serving(kept) as port:
        visits = Visits(browser, f"http://127.0.0.1:{port}")
        page = visits.open()
        draw_box(page)
        prompt_of(page).fill("a red box")
        page.locator(".go button").click()
        page.wait_for_selector('.job[data-state="running"]')
    page.get_by_role("alert").get_by_text("The server does not answer").wait_for()
    # the page stays usable, and a request that cannot be sent is told, not lost
    page.locator('.places a[href="/sketches"]').click()
    page.locator('.places a[href="/create"]').click()
    prompt_of(page).fill("a blue box")
    page.locator(".go button").click()
    page.get_by_role("alert").get_by_text("Nothing is lost").wait_for()
    assert page.evaluate(DARK) > 0 and prompt_of(page).input_value() == "a blue box"
    with serving(kept, port):
        until(page, "document.querySelector('.offline').textContent === ''")
        page.wait_for_selector('.job[data-state="done"]')
        page.locator(".job a").click()
        page.wait_for_selector(".compare")
        # what is finished by hand while the server is away is saved when it is back
        page.locator('[data-tool="fill"]').click()
        page.wait_for_selector(".finishing canvas")
    page.locator(".finishing").click(position={"x": 150, "y": 150})
    page.get_by_text("Not saved:").wait_for()
    with serving(kept, port):
        page.get_by_text("Saved", exact=True).wait_for()
        paint(page, "a yellow box")
        visits.close()
