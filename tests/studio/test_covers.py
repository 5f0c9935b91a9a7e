"""Covers come in the sizes in which they are shown: made once, kept beside the whole one, gone with the song."""

from __future__ import annotations

import io
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from PIL import Image

from generator import thumbnails
from generator.engine.art import cover
from studio.accounts.models import User
from studio.songs import addresses, audit, covers, generations
from studio.songs.models import Generation, Visibility
from tests.studio.rows import saved_song

pytestmark = pytest.mark.either_database


@pytest.fixture
def song(alice: User) -> Generation:
    """A song of hers with a cover of 1024 by 1024."""
    row = saved_song(alice, "Lantern Street")
    row.album_art.save(f"songs/{row.pk}/cover-1-0000abcd.webp", ContentFile(cover(row.title, "jazz", 7)))
    return row


def body_of(answer: Any) -> bytes:
    """What a streaming answer carries."""

    async def read() -> bytes:
        return b"".join([piece async for piece in answer])

    return async_to_sync(read)()


def width_of(body: bytes) -> int:
    with Image.open(io.BytesIO(body)) as picture:
        return picture.width


@pytest.mark.parametrize("width", thumbnails.WIDTHS)
def test_a_cover_can_be_had_as_wide_as_it_is_shown(alice_client: Client, song: Generation, width: int) -> None:
    answer = alice_client.get(f"{addresses.cover(song)}&w={width}")
    body = body_of(answer)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
    assert width_of(body) == width
    assert int(answer["Content-Length"]) == len(body)


@pytest.mark.parametrize("width", ["", "0", "95", "97", "100000", "-96", "x", "٩٦"])
def test_other_widths_are_answered_with_the_whole(alice_client: Client, song: Generation, width: str) -> None:
    answer = alice_client.get(addresses.cover(song), {"w": width})
    assert width_of(body_of(answer)) == 1024


def test_a_size_is_made_once_and_known_again(
    alice_client: Client, song: Generation, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"{addresses.cover(song)}&w=96"
    first = alice_client.get(address)
    monkeypatch.setattr(thumbnails, "made", None)
    again = alice_client.get(address)
    assert again["ETag"] == first["ETag"]
    assert alice_client.get(address, headers={"if-none-match": first["ETag"]}).status_code == 304
    assert alice_client.get(f"{addresses.cover(song)}&w=192")["ETag"] != first["ETag"]


def test_a_shared_cover_has_its_sizes_too_until_it_is_private(song: Generation, client: Client) -> None:
    generations.share(song, Visibility.PUBLIC)
    song.refresh_from_db()
    address = f"{addresses.shared_cover(str(song.share_id))}?w=400"
    assert width_of(body_of(client.get(address))) == 400
    generations.share(song, Visibility.PRIVATE)
    assert client.get(address).status_code == 404


def test_a_cover_that_cannot_be_made_smaller_is_shown_whole(alice: User, alice_client: Client) -> None:
    row = saved_song(alice, "Broken")
    row.album_art.save(f"songs/{row.pk}/cover-1-0000abcd.webp", ContentFile(b"RIFF\0\0\0\0WEBPVP8 broken"))
    answer = alice_client.get(f"{addresses.cover(row)}&w=96")
    assert (answer.status_code, body_of(answer)) == (200, b"RIFF\0\0\0\0WEBPVP8 broken")


def test_sizes_belong_to_the_song_and_go_with_it(
    alice_client: Client, song: Generation, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice_client.get(f"{addresses.cover(song)}&w=96")
    kept = covers.all_of(str(song.album_art.name))
    assert all(map(default_storage.exists, kept))
    monkeypatch.setattr(audit, "LITTER", -audit.LITTER)
    assert [told for told in audit.findings() if "belongs to no song" in told and str(song.pk) in told] == []
    generations.delete(song)
    assert not any(map(default_storage.exists, kept))
