"""Whatever kind of sound a host sends, the player plays it, seeks in it and saves it, though no cache keeps it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.test_first_song import is_playing, send, sound, until
from tests.flows.scripted_site import NO_LIMITS
from tests.generator import foreign_files
from tests.server import Server
from tests.upstream_host import SONG, STREAM, Asked, Host, Wire, answer

SECONDS = 100.0
"""Long enough that no answer to a range holds the whole of any kind but Ogg."""
KINDS = {"mp3": "MP3", "wav": "WAV", "flac": "FLAC", "ogg": "Ogg"}
THOROUGH = {kind: [pytest.mark.thorough] for kind in ("wav", "flac")}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Host() as host:
        host.on(SONG, _tell)
        host.on("GET /mp3", answer(200, foreign_files.mp3(SECONDS)))
        for kind in ("wav", "flac", "ogg"):
            host.on(f"GET /{kind}", answer(200, foreign_files.sound(kind.upper(), seconds=SECONDS)))
        place = host.url.removeprefix("http://")
        server = Server(
            tmp_path_factory.mktemp("kinds"),
            **NO_LIMITS,
            UPSTREAM_URL=host.url,
            UPSTREAM_API_KEY="a-key",
            OUTBOUND_ALLOW=place,
        )
        server.start()
        yield server
        server.stop()


@pytest.fixture(scope="module")
def alice(browser: Browser, site: Server) -> Iterator[Page]:
    with browser.new_context(accept_downloads=True) as context:
        page = context.new_page()
        page.goto(site.sign_in_link())
        yield page


async def _tell(host: Host, wire: Wire, asked: Asked) -> None:
    """Both takes of the kind that the prompt names."""
    kind = str(asked.json["prompt"]).split()[0]
    named = {"message_id": kind, "song_name": f"A song in {kind}"}
    events: list[dict[str, Any]] = [{"status": "validated", **named}]
    for version in (1, 2):
        events.append({"status": "completed", **named, "version": version, "audio_url": f"{host.url}/{kind}"})
        events.append({"status": "completed", "message_id": kind, "version": version, "lyrics_sections": []})
    await wire.head(200, STREAM)
    for count, event in enumerate(events):
        await wire.send(f"data: {json.dumps({'isComplete': False, 'chunkIndex': count, **event})}\n\n".encode())
    await wire.finish()


@pytest.mark.parametrize("kind", [pytest.param(kind, marks=THOROUGH.get(kind, [])) for kind in KINDS])
def test_it_plays_seeks_and_is_saved_as_what_it_is(alice: Page, site: Server, kind: str, tmp_path: Path) -> None:
    song = send(alice, site, f"{kind} please", "")
    until(lambda: alice.locator(f"article.line-item#card-{song}").count() == 1)
    alice.goto(f"{site.url}/songs/{song}/")
    answers = []
    alice.on("response", lambda one: answers.append(one) if "/take-" in one.url else None)
    alice.locator("#song [data-play]").first.click()
    until(lambda: sound(alice) > 0.2, 20)
    for place in (80.0, 20.0, 95.0):
        begun = time.monotonic()
        alice.evaluate(f"document.getElementById('audio').currentTime = {place}")
        until(lambda place=place: sound(alice) > place + 0.1, 20)  # type: ignore[misc]  # bound at once
        assert time.monotonic() - begun < 10
        assert sound(alice) < place + 5
        assert is_playing(alice)
    assert abs(alice.evaluate("document.getElementById('audio').duration") - SECONDS) < 0.2
    assert {one.status for one in answers} == {206}
    assert {one.headers["cache-control"] for one in answers} == {"private, no-store"}

    alice.get_by_text("Download", exact=True).click()
    with alice.expect_download() as saving:
        alice.get_by_role("list", name="Take A").get_by_role("link", name=KINDS[kind]).first.click()
    assert saving.value.suggested_filename == f"A song in {kind} (take A).{kind}"
    saving.value.save_as(tmp_path / "saved")
    head = (tmp_path / "saved").read_bytes()[:4]
    assert head.startswith({"mp3": b"ID3", "wav": b"RIFF", "flac": b"fLaC", "ogg": b"OggS"}[kind])
