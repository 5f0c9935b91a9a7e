"""A picture of one's own: drawn anew as a square, shown where its owner stands, and gone when they say so."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.conf import settings as site
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from pytest_django import Settings

from studio.accounts.models import User
from studio.songs import leaving
from studio.songs.profiles import Profile
from tests.generator.foreign_files import PAGE, noted, picture, text_bomb

pytestmark = pytest.mark.django_db
CHANGE, OWN, PUBLIC = "/account/picture/", "/account/picture.webp", "/people/alice/picture.webp"


@pytest.fixture(autouse=True)
def a_folder_of_its_own(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def send(client: Client, data: bytes) -> str:
    answer = client.post(CHANGE, {"picture": SimpleUploadedFile("me.png", data)}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def body(answer: Any) -> bytes:
    async def whole() -> bytes:
        return b"".join([piece async for piece in answer.streaming_content])

    return async_to_sync(whole)()


def shown(client: Client, path: str) -> Image.Image:
    return Image.open(io.BytesIO(body(client.get(path))))


def kept(user: User) -> list[Path]:
    return [path for path in Path(site.MEDIA_ROOT, "people", str(user.pk)).glob("*") if path.is_file()]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_it_is_drawn_anew_as_a_square(alice: User, alice_client: Client, kind: str) -> None:
    assert "Saved." in send(alice_client, picture(kind))
    whole, small = shown(alice_client, OWN), shown(alice_client, f"{OWN}?w=96")
    assert (whole.format, whole.size, small.size) == ("WEBP", (240, 240), (96, 96))
    assert 'class="face"' in alice_client.get("/library/").content.decode()


def test_notes_of_places_and_cameras_are_not_kept(alice_client: Client) -> None:
    send(alice_client, noted("JPEG"))
    assert not {"exif", "icc_profile", "xmp", "comment"} & set(shown(alice_client, OWN).info)


@pytest.mark.parametrize("data", [b"", b"no picture", PAGE, text_bomb(), b"\x89PNG\r\n\x1a\n" + b"\0" * 500])
def test_what_is_no_picture_is_refused_kindly_and_changes_nothing(
    alice: User, alice_client: Client, data: bytes
) -> None:
    send(alice_client, picture("PNG"))
    before = [path.read_bytes() for path in kept(alice)]
    page = send(alice_client, data)
    assert "This picture cannot be read." in page or "Choose a picture first." in page
    assert [path.read_bytes() for path in kept(alice)] == before


def test_what_is_too_large_or_too_often_is_refused(alice_client: Client, settings: Settings) -> None:
    settings.LIMIT_PICTURE = 100
    assert "This picture is larger than 100\xa0bytes." in send(alice_client, picture("PNG"))
    settings.LIMIT_PICTURE = 10**6
    told = [send(alice_client, b"no picture") for _ in range(7)]
    assert ["That was too often." in page for page in told] == [False] * 6 + [True]


def test_it_stands_on_the_page_of_its_owner_and_goes_with_that(
    alice: User, alice_client: Client, client: Client
) -> None:
    send(alice_client, picture("PNG"))
    assert client.get(PUBLIC).status_code == 404  # no page, no picture for others
    profile = Profile.objects.create(owner=alice, handle="alice")
    assert f'src="{PUBLIC}?w=400"' in client.get("/people/alice/").content.decode()
    answer = client.get(PUBLIC)
    assert answer["Content-Type"] == "image/webp"
    assert client.get(PUBLIC, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert client.get(OWN).status_code == 302
    profile.delete()
    assert client.get(PUBLIC).status_code == 404


def test_another_one_takes_its_place_and_none_is_left_behind(alice: User, alice_client: Client) -> None:
    send(alice_client, picture("PNG"))
    shown(alice_client, f"{OWN}?w=96")
    first = set(kept(alice))
    assert len(first) == 5
    send(alice_client, picture("JPEG"))
    assert len(kept(alice)) == 1
    assert not first & set(kept(alice))
    assert "Your picture is removed." in alice_client.post(CHANGE, {"remove": "1"}, follow=True).content.decode()
    assert kept(alice) == []
    assert alice_client.get(OWN).status_code == 404


def test_it_goes_with_the_account(alice: User, alice_client: Client) -> None:
    send(alice_client, picture("PNG"))
    assert kept(alice)
    leaving.leave(alice)
    assert kept(alice) == []
