"""A song goes to a friend: its page, the page of somebody else's that it is put into, and the end of both."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.sounding_site import SoundingSite

PATIENCE = 20.0


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SoundingSite]:
    """A site of tones."""
    running = SoundingSite(Path(tmp_path_factory.mktemp("site")))
    running.start()
    try:
        yield running
    finally:
        running.stop()


@pytest.fixture
def elsewhere() -> Iterator[dict[str, str]]:
    """A site of somebody else's: its page is what `html` holds, its address what `url` holds."""
    held = {"html": ""}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = f"<!doctype html><title>Elsewhere</title>{held['html']}".encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    site = HTTPServer(("127.0.0.1", 0), Handler)
    held["url"] = f"http://127.0.0.1:{site.server_port}/"
    thread = threading.Thread(target=site.serve_forever, daemon=True)
    thread.start()
    yield held
    site.shutdown()
    thread.join()
    site.server_close()


def until(page: Page, script: str) -> None:
    """Wait until `script` is true there."""
    end = time.monotonic() + PATIENCE
    while not page.evaluate(script):
        assert time.monotonic() < end, script
        page.wait_for_timeout(50)


def made(page: Page, server: SoundingSite, title: str) -> str:
    """Sign in, make a song, and say its path."""
    page.goto(server.sign_in_link())
    page.goto(server.url)
    page.get_by_label("What should it sound like?").fill(title)
    page.get_by_role("button", name="Make two takes").click()
    page.locator(".session .line-item", has_text=title).wait_for(timeout=30_000)
    return str(page.get_by_role("link", name=title).first.get_attribute("href"))


def test_a_song_is_sent_to_a_friend_put_into_a_page_and_taken_back(
    browser: Browser, page: Page, server: SoundingSite, elsewhere: dict[str, str]
) -> None:
    song = made(page, server, "A song for Bob")
    page.goto(f"{server.url}{song}sharing/")
    page.get_by_label("Everyone").check()
    page.get_by_role("button", name="Save").click()
    link = str(page.get_by_label("Link to this song").input_value())

    with browser.new_context() as other:
        friend = other.new_page()
        friend.goto(link)
        assert friend.get_by_role("heading", name="A song for Bob").is_visible()
        friend.get_by_role("link", name="Embed").click()
        until(friend, "document.querySelectorAll('iframe').length === 3")
        elsewhere["html"] = friend.get_by_label("Code").first.input_value()

        complaints: list[str] = []
        friend.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
        friend.goto(elsewhere["url"])
        frame = friend.frame_locator("iframe")
        frame.get_by_role("button", name="Play A song for Bob").click()
        inside = friend.frames[1]
        end = time.monotonic() + PATIENCE
        while inside.evaluate("document.getElementById('audio').currentTime") < 0.5:
            assert time.monotonic() < end, "it does not play in the frame"
            friend.wait_for_timeout(50)
        frame.locator("#song .takes label").nth(1).click()
        while "take-2" not in inside.evaluate("document.getElementById('audio').currentSrc"):
            assert time.monotonic() < end, "the other take does not play in the frame"
            friend.wait_for_timeout(50)
        assert complaints == []

        page.reload()
        page.get_by_label("Only you").check()
        with page.expect_response(lambda answer: answer.request.method == "POST"):
            page.get_by_role("button", name="Save").click()
        answer = friend.goto(link)
        assert answer is not None
        assert answer.status == 404
        framed = friend.goto(link.replace("/s/", "/embed/"))
        assert framed is not None
        assert framed.status == 404


@pytest.mark.thorough
def test_listening_for_a_while_counts_once(browser: Browser, page: Page, server: SoundingSite) -> None:
    song = made(page, server, "Counted")
    page.goto(f"{server.url}{song}sharing/")
    page.get_by_label("Anyone with the link").check()
    page.get_by_role("button", name="Save").click()
    link = str(page.get_by_label("Link to this song").input_value())
    with browser.new_context() as other:
        friend = other.new_page()
        friend.goto(link)
        friend.get_by_role("button", name="Play Counted").click()
        with friend.expect_request("**/take-1/played/", timeout=25_000):
            pass
        page.reload()
        end = time.monotonic() + PATIENCE
        while "take A 1" not in page.inner_text("main"):
            assert time.monotonic() < end, "nothing was counted"
            page.reload()


def test_pages_of_others_cannot_frame_what_is_not_meant_for_it(
    page: Page, server: SoundingSite, elsewhere: dict[str, str]
) -> None:
    song = made(page, server, "Not framed")
    elsewhere["html"] = f'<iframe src="{server.url}{song}"></iframe>'
    page.goto(elsewhere["url"])
    page.wait_for_timeout(500)
    assert "Not framed" not in page.frames[1].content()
