"""What a first visit brings over the line: everything of a page, compressed, with its typefaces and covers."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext

from generator.engine.art import cover
from tests.browser.sounding_site import SoundingSite

MOST = 200_000
"""Bytes, headers included."""
SONGS = 25
IDIOMS = ("pop", "rock", "ballad", "house", "lofi", "jazz", "soul", "funk", "ambient", "folk", "country", "cinematic")
SIZES = {"desk": (1280, 800), "phone": (390, 844)}
FILL = """
from pathlib import Path
from django.core.files.base import ContentFile
from studio.accounts.models import User
from studio.songs import generations
from studio.songs.models import Visibility
from tests.studio.rows import saved_song
alice = User.objects.get(email="alice@example.org")
for path in sorted(Path({folder!r}).glob("*.webp")):
    row = saved_song(alice, f"A song of {{path.stem}} and of rain")
    row.album_art.save(f"songs/{{row.pk}}/cover-1-0000abcd.webp", ContentFile(path.read_bytes()))
generations.share(row, Visibility.PUBLIC)
row.refresh_from_db()
print(row.pk, row.share_id)
"""


@pytest.fixture(scope="module")
def pages(site: SoundingSite, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The addresses that are weighed: of a library of 25 songs, all of them made today."""
    site.sign_in_link()
    folder = tmp_path_factory.mktemp("covers")
    for n in range(SONGS):
        idiom = IDIOMS[n % len(IDIOMS)]
        (folder / f"{idiom} {n}.webp").write_bytes(cover(f"A song of {idiom}", idiom, n))
    told = site.command("shell", "--no-imports", "-c", FILL.format(folder=str(folder)))
    pk, share_id = told.split()[-2:]
    return {"create": "/", "library": "/library/", "song": f"/songs/{pk}/", "shared": f"/s/{share_id}/"}


@pytest.fixture(scope="module")
def signed_in(browser: Browser, site: SoundingSite, pages: dict[str, str]) -> Any:
    """Alice's cookies. Her covers have been looked at before: who asks first has them made."""
    with browser.new_context() as context:
        page = context.new_page()
        page.set_default_timeout(180_000)
        page.goto(site.sign_in_link())
        for address in pages.values():
            page.goto(f"{site.url}{address}", wait_until="networkidle")
        return context.storage_state()


def brought(context: BrowserContext, address: str) -> int:
    """Bytes that came for this page and all that it needs, as the browser counts them on the line."""
    page = context.new_page()
    page.set_default_timeout(60_000)
    devtools = context.new_cdp_session(page)
    came: list[float] = []
    devtools.on("Network.loadingFinished", lambda told: came.append(told["encodedDataLength"]))
    devtools.send("Network.enable")
    devtools.send("Network.setCacheDisabled", {"cacheDisabled": True})
    page.goto(address, wait_until="networkidle")
    assert page.evaluate("[...document.images].some((image) => image.complete && image.naturalWidth > 0)")
    return round(sum(came))


@pytest.mark.parametrize("size", [pytest.param("desk", marks=pytest.mark.thorough), "phone"])
@pytest.mark.parametrize("name", ["create", "library", "song", "shared"])
def test_a_first_visit_brings_at_most_200_kilobytes(
    browser: Browser, site: SoundingSite, pages: dict[str, str], signed_in: Any, name: str, size: str
) -> None:
    width, height = SIZES[size]
    cookies = None if name == "shared" else signed_in
    with browser.new_context(viewport={"width": width, "height": height}, storage_state=cookies) as context:
        assert 50_000 < brought(context, f"{site.url}{pages[name]}") <= MOST


def test_pages_stand_on_one_script_and_one_sheet(browser: Browser, site: SoundingSite, signed_in: Any) -> None:
    with browser.new_context(storage_state=signed_in) as context:
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{site.url}/", wait_until="networkidle")
        assert len([url for url in asked if "/static/js/" in url]) == 2  # the other one sets light or dark at once
        assert len([url for url in asked if "/static/css/" in url]) == 1
