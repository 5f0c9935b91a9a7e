"""A library moves house: exported on one site, brought in on a fresh one, where its songs play."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.sounding_site import SoundingSite

PATIENCE = 20.0


@pytest.fixture
def sites(tmp_path: Path) -> Iterator[list[SoundingSite]]:
    """Two sites with a database and files of their own."""
    running = [SoundingSite(tmp_path / name) for name in ("old", "new")]
    for site in running:
        site.data_dir.mkdir()
        site.start()
    yield running
    for site in running:
        site.stop()


def test_songs_that_were_exported_on_one_site_play_on_another(
    browser: Browser, page: Page, sites: list[SoundingSite], tmp_path: Path
) -> None:
    old, new = sites
    page.goto(old.sign_in_link())
    page.goto(old.url)
    page.get_by_label("What should it sound like?").fill("A song that moves")
    page.get_by_role("button", name="Make two takes").click()
    page.locator(".session .line-item", has_text="A song that moves").wait_for(timeout=30_000)
    page.goto(f"{old.url}/account/export/")
    with page.expect_download() as saving:
        page.get_by_role("link", name="Save ZIP").click()
    saving.value.save_as(tmp_path / "all.zip")
    assert (tmp_path / "all.zip").stat().st_size > 1024**2, "it has to be larger than what other pages may send"

    complaints: list[str] = []
    with browser.new_context() as other:
        there = other.new_page()
        there.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
        there.goto(new.sign_in_link("bob@example.org"))
        there.goto(f"{new.url}/account/export/")
        there.get_by_label("Archive", exact=True).set_input_files(tmp_path / "all.zip")
        there.get_by_role("button", name="Bring in").click()
        there.get_by_text("1 song came in.").wait_for(timeout=20_000)
        there.goto(f"{new.url}/library/")
        there.get_by_role("button", name="Play A song that moves").first.click()
        end = time.monotonic() + PATIENCE
        while there.evaluate("document.getElementById('audio').currentTime") < 0.5:
            assert time.monotonic() < end, "it does not play there"
            there.wait_for_timeout(50)
    assert complaints == []
