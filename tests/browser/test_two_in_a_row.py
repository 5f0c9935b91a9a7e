"""Two Duplets in a row: the first orders from the second, over v6, and its listener notices nothing of that."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.test_first_song import PATIENCE, PROMPT, WORDS, is_playing, send, sound, until
from tests.server import Server


@pytest.fixture(scope="module")
def maker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The one with the engine."""
    running = Server(tmp_path_factory.mktemp("maker"))
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def relaying(tmp_path_factory: pytest.TempPathFactory, maker: Server) -> Iterator[Server]:
    """The one that orders from it, with a key of its own there."""
    maker.sign_in_link("relay@example.org")
    key = maker.command("api_key", "relay@example.org").splitlines()[-1]
    folder, place = tmp_path_factory.mktemp("relaying"), maker.url.removeprefix("http://")
    running = Server(folder, UPSTREAM_URL=maker.url, UPSTREAM_API_KEY=key, OUTBOUND_ALLOW=place)
    running.start()
    yield running
    running.stop()
    assert key not in running.log()


@pytest.mark.thorough
def test_the_first_plays_what_the_second_makes_before_it_is_finished_and_keeps_both_takes(
    browser: Browser, relaying: Server
) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(relaying.sign_in_link())
        song = send(page, relaying, PROMPT, WORDS)
        card = page.locator(f"#card-{song}")
        card.get_by_role("button", name="Play take A").click(timeout=PATIENCE * 1000)
        until(lambda: sound(page) > 0.3, 20)
        assert card.locator("[data-say]").count() == 1
        assert is_playing(page)
        page.mouse.move(0, 0)  # a card stays a card under the pointer
        until(lambda: page.locator(f"article.line-item#card-{song}").count() == 1)
        page.goto(f"{relaying.url}/songs/{song}/")
        assert "roam" in page.locator(".lyrics").first.inner_text()
        for number in (1, 2):
            address = page.locator("#song").get_attribute(f"data-audio-{number}")
            answer = page.request.get(f"{relaying.url}{address}", headers={"Range": "bytes=0-99"})
            assert (answer.status, len(answer.body())) == (206, 100)


def test_the_operator_sees_whether_the_host_answers(browser: Browser, relaying: Server) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(relaying.sign_in_link("owner@localhost"))
        page.goto(f"{relaying.url}/account/engine/")
        page.get_by_role("button", name="Test connection").click()
        page.get_by_text("It answers and accepts the key.").wait_for()
        assert relaying.env["UPSTREAM_API_KEY"] not in page.content()


@pytest.mark.thorough
def test_a_host_that_is_gone_is_said_in_a_sentence_and_costs_nothing(
    browser: Browser, relaying: Server, maker: Server
) -> None:
    maker.stop()
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(relaying.sign_in_link())
        song = send(page, relaying, "Nobody will make this", "")
        said = page.locator(f"#card-{song}").get_by_role("alert")
        said.wait_for(timeout=PATIENCE * 1000)
        assert "cannot be reached" in said.inner_text()
        assert page.locator(f"#card-{song}").get_by_role("button", name="Try again").count() == 1
