"""The first song, as somebody makes it: real server, real engine, real Chromium, nothing in between."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from tests.server import Server

PROMPT = "A cheerful pop song about friendship and adventure."
WORDS = "Through every road we roam, together we are home"
PATIENCE = 90.0


@pytest.fixture(scope="module")
def alice(browser: Browser, server: Server) -> Iterator[BrowserContext]:
    """A signed-in browser. What its consoles complain about ends up in `complaints` and fails the test."""
    with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        context.grant_permissions([])
        page = context.new_page()
        page.goto(server.sign_in_link())
        page.close()
        yield context


@pytest.fixture
def page(alice: BrowserContext) -> Iterator[Page]:
    complaints: list[str] = []
    page = alice.new_page()

    def hear(said: ConsoleMessage) -> None:
        # A refused form answers 422, which Chromium writes down as well: that is no fault of the page.
        if said.type in ("error", "warning") and "422" not in said.text:
            complaints.append(said.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    page.close()
    assert complaints == []


def until(met: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Ask again and again: the site's policy forbids the evaluation that Playwright's own waiting needs."""
    end = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


def sound(page: Page) -> float:
    return float(page.evaluate("document.getElementById('audio').currentTime"))


def is_playing(page: Page) -> bool:
    return not page.evaluate("document.getElementById('audio').paused")


def send(page: Page, server: Server, prompt: str = PROMPT, words: str = WORDS) -> str:
    """Fill in the form, press the button; the id of the song that stands on top then."""
    page.goto(server.url)
    before = page.locator("main [data-song]").count()
    page.get_by_label("What should it sound like?").fill(prompt)
    page.get_by_label("Lyrics").fill(words)
    page.get_by_role("button", name="Make two takes").click()
    until(lambda: page.locator("main [data-song]").count() > before)
    return page.locator("main [data-song]").first.get_attribute("data-song") or ""


def test_a_song_is_heard_while_it_is_made_kept_and_heard_by_a_friend(
    page: Page, server: Server, browser: Browser
) -> None:
    song = send(page, server)
    card = page.locator(f"#card-{song}")
    card.get_by_role("button", name="Play take A").click(timeout=PATIENCE * 1000)
    until(lambda: sound(page) > 0.3, 15)
    assert card.locator("[data-say]").count() == 1, "take A is heard before the song is complete"

    page.get_by_role("link", name="Library").click()
    page.get_by_role("heading", name="Library").wait_for()
    moved = sound(page)
    assert is_playing(page)
    until(lambda: sound(page) > moved + 0.3, 10)
    page.go_back()
    page.get_by_role("heading", name="Today’s session").wait_for()
    assert is_playing(page)

    page.reload()
    until(lambda: page.locator(f"article.line-item#card-{song}").count() == 1)

    page.goto(f"{server.url}/library/")
    tile = page.locator(f"#tile-{song}")
    assert "2 takes" in tile.inner_text()
    tile.get_by_role("link").click()
    page.locator("#song h1").wait_for()
    title = page.locator("#song h1").inner_text()
    assert "roam" in page.locator(".lyrics").first.inner_text()
    for number in (1, 2):
        address = page.locator("#song").get_attribute(f"data-audio-{number}")
        answer = page.request.get(f"{server.url}{address}")
        assert (answer.status, answer.headers["content-type"]) == (200, "audio/mpeg")

    page.get_by_text("Share", exact=True).click()
    page.get_by_label("Anyone with the link").check()
    page.get_by_role("button", name="Save").click()
    page.locator("[data-copy-from]").wait_for(state="attached")
    link = page.locator("[data-copy-from]").input_value()

    with browser.new_context() as elsewhere:
        friend = elsewhere.new_page()
        friend.goto(link)
        assert friend.get_by_role("heading", level=1).inner_text() == title
        for take in ("Take A", "Take B"):
            friend.locator("#song").get_by_role("radio", name=take).click()
            if not is_playing(friend):
                friend.locator("#song").get_by_role("button", name="Play").click()
            begun = sound(friend)
            until(lambda begun=begun: sound(friend) > begun + 0.3, 15)  # type: ignore[misc]  # bound at once
        assert friend.goto(f"{server.url}/songs/{song}/") is not None
        assert "/account/login/" in friend.url


@pytest.mark.thorough
def test_a_take_moves_from_its_stream_to_its_file_without_stopping(page: Page, server: Server) -> None:
    song = send(page, server)
    card = page.locator(f"#card-{song}")
    card.get_by_role("button", name="Play take A").click(timeout=PATIENCE * 1000)
    until(lambda: sound(page) > 0.2, 15)
    source = "document.getElementById('audio').currentSrc"
    assert "/stream/" in page.evaluate(source)
    last = 0.0

    def moved_on() -> bool:
        nonlocal last
        now = sound(page)
        assert now >= last - 0.15, "the song jumped back"
        last = now
        return "/songs/" in page.evaluate(source)

    until(moved_on)
    until(lambda: sound(page) > last + 0.5, 10)
    assert is_playing(page)


@pytest.mark.thorough
def test_the_other_take_goes_on_at_the_same_second(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/library/")
    page.locator(".tile .go").first.click(force=True)
    until(lambda: sound(page) > 1)
    before = sound(page)
    page.locator("#deck").get_by_role("radio", name="Take B").click()
    until(lambda: "take-2" in page.evaluate("document.getElementById('audio').currentSrc"), 10)
    assert before <= sound(page) < before + 3
    assert is_playing(page)


def test_without_javascript_the_page_shows_the_song_by_itself(browser: Browser, server: Server) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(server.sign_in_link())
        page.get_by_label("What should it sound like?").fill("A short calm piano piece, instrumental")
        page.get_by_role("button", name="Make two takes").click()
        until(lambda: page.locator("article.line-item").count() > 0 and page.locator("article.sess").count() == 0)
        page.locator("article.line-item a.t").first.click()
        assert page.locator("audio[controls]").count() == 2


@pytest.mark.thorough
def test_a_lost_socket_is_said_and_the_card_goes_on_by_asking(browser: Browser, server: Server) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(server.sign_in_link())
        page.route_web_socket("**/ws/**", lambda socket: socket.close(code=4000))
        song = send(page, server, "A short calm piano piece, instrumental", "")
        until(lambda: page.locator(f"article.line-item#card-{song}").count() == 1)


def test_a_refused_form_keeps_every_word(page: Page, server: Server) -> None:
    page.goto(server.url)
    page.get_by_label("What should it sound like?").fill("pop")
    page.get_by_label("Lyrics").fill("月亮代表我的心\n我们一起回家")
    page.get_by_role("button", name="Make two takes").click()
    page.get_by_role("alert").first.wait_for()
    assert page.get_by_label("Lyrics").input_value() == "月亮代表我的心\n我们一起回家"
    assert page.get_by_label("What should it sound like?").input_value() == "pop"
