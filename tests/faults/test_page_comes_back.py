"""A page that stands open while the server dies goes on by itself, without being loaded anew."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.test_first_song import send, until
from tests.faults.host import SongHost
from tests.faults.site import HastySite
from tests.faults.test_killed import RESUME_SECONDS, TRUE_SECONDS

GONE = "Reconnecting"


@pytest.mark.faults
def test_a_page_shows_the_song_again_soon_after_the_server_is_back(browser: Browser, tmp_path: Path) -> None:
    prompt = "hold at 9"
    with SongHost() as host, browser.new_context() as context:
        site = HastySite(tmp_path, host)
        site.start()
        try:
            page = context.new_page()
            page.goto(site.sign_in_link())
            song = send(page, site, prompt, "")
            host.wait([prompt])
            until(lambda: site.rows()[prompt]["last_seq"] > 1)  # what the host has told by now is written
            page.evaluate("document.documentElement.dataset.same = '1'")
            said = page.locator(f"#card-{song} [data-say]")
            site.kill()
            until(lambda: GONE in said.inner_text(), 30)
            site.start()
            until(lambda: GONE not in said.inner_text(), RESUME_SECONDS)
            host.release()
            until(lambda: page.locator(f"article.line-item#card-{song}").count() == 1, TRUE_SECONDS)
            assert page.evaluate("document.documentElement.dataset.same") == "1"
            assert site.rows()[prompt]["status"] == "completed"
        finally:
            site.stop()
