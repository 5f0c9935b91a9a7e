"""Several songs saved at once: one archive with a folder for each, of one's own songs alone."""

from __future__ import annotations

import asyncio
import io
import zipfile
from typing import Any

import pytest
from django.test import Client

from studio.accounts.models import User
from studio.songs import generations, parcels
from tests.studio.rows import saved_song

pytestmark = pytest.mark.django_db(transaction=True)


def body(response: Any) -> bytes:
    """All of an answer that is written while it is sent."""

    async def read() -> bytes:
        return b"".join([piece async for piece in response.streaming_content])

    return asyncio.run(read())


def test_selected_songs_come_as_one_archive(alice: User, alice_client: Client) -> None:
    songs = [saved_song(alice, title) for title in ("Paper", "paper", "Über/Fluß")]
    sent = alice_client.post("/library/bulk/", {"do": "download", "songs": [str(song.pk) for song in songs]})
    assert sent.status_code == 303
    response = alice_client.get(sent["Location"])
    whole = body(response)
    assert len(whole) == int(response["Content-Length"])
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
    assert len({name.split("/")[0].casefold() for name in names}) == 3
    assert sum(name.endswith(".mp3") for name in names) == 6
    assert all(name.count("/") == 1 and ".." not in name for name in names)


def test_a_page_that_stays_is_sent_to_the_archive_by_the_browser(alice: User, alice_client: Client) -> None:
    song = saved_song(alice, "Paper")
    given = {"do": "download", "songs": [str(song.pk)]}
    sent = alice_client.post("/library/bulk/", given, headers={"HX-Request": "true"})
    assert sent["HX-Redirect"].startswith("/library/parcels/")


def test_archives_of_others_and_of_nothing_are_not_there(
    alice: User, alice_client: Client, bob_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    song, unmade = saved_song(alice, "Paper"), generations.create(alice, prompt="pop")
    sent = alice_client.post("/library/bulk/", {"do": "download", "songs": [str(song.pk)]})
    assert bob_client.get(sent["Location"]).status_code == 404
    refused = alice_client.post("/library/bulk/", {"do": "download", "songs": [str(unmade.pk)]}, follow=True)
    assert "None of these songs has a saved take yet." in refused.content.decode()
    monkeypatch.setattr(parcels, "MOST_SONGS", 1)
    both = {"do": "download", "songs": [str(song.pk), str(unmade.pk)]}
    assert "Select fewer." in alice_client.post("/library/bulk/", both, follow=True).content.decode()
