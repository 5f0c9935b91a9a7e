"""Stored sound by byte ranges, as RFC 9110 has it and as players ask for it."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage
from django.http import StreamingHttpResponse
from django.test import RequestFactory

from studio.songs.media import LARGEST_ANSWER, ranged

DATA = bytes(range(256)) * 8192  # 2 MiB


@pytest.fixture(scope="module")
def storage() -> InMemoryStorage:
    kept = InMemoryStorage()
    kept.save("take.mp3", ContentFile(DATA))
    return kept


async def ask(storage: InMemoryStorage, method: str = "GET", **headers: str) -> tuple[Any, bytes]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = RequestFactory().generic(method, "/take.mp3", headers=named)
    response = ranged(request, storage, "take.mp3", size=len(DATA), etag="abc")
    if not isinstance(response, StreamingHttpResponse):
        return response, b""
    return response, b"".join([piece async for piece in response])


async def test_without_a_range_it_gives_the_whole_file(storage: InMemoryStorage) -> None:
    response, body = await ask(storage)
    assert (response.status_code, body) == (200, DATA)
    assert response["Accept-Ranges"] == "bytes"
    assert response["ETag"] == '"abc"'


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-99", 0, 99),
        ("bytes=100-", 100, 100 + LARGEST_ANSWER - 1),
        ("bytes=-100", len(DATA) - 100, len(DATA) - 1),
        ("bytes=2097151-", len(DATA) - 1, len(DATA) - 1),
        ("bytes=2097100-9999999", 2097100, len(DATA) - 1),
        ("bytes=-99999999", 0, LARGEST_ANSWER - 1),
    ],
)
async def test_a_range_is_given_exactly_and_never_more_than_a_mebibyte(
    storage: InMemoryStorage, asked: str, first: int, last: int
) -> None:
    response, body = await ask(storage, range=asked)
    assert response.status_code == 206
    assert response["Content-Range"] == f"bytes {first}-{last}/{len(DATA)}"
    assert body == DATA[first : last + 1]
    assert response["Content-Length"] == str(len(body))


@pytest.mark.parametrize("asked", ["bytes=2097152-", "bytes=99999999-", "bytes=-0"])
async def test_a_range_beyond_the_end_is_told_the_length(storage: InMemoryStorage, asked: str) -> None:
    response, _ = await ask(storage, range=asked)
    assert (response.status_code, response["Content-Range"]) == (416, f"bytes */{len(DATA)}")


@pytest.mark.parametrize(
    "asked", ["bytes=5-2", "bytes=-", "bytes=a-b", "lines=0-5", "bytes=0-1,4-5", "bytes=" + "9" * 400]
)
async def test_a_range_it_cannot_read_is_answered_with_the_whole(storage: InMemoryStorage, asked: str) -> None:
    response, body = await ask(storage, range=asked)
    assert (response.status_code, body) == (200, DATA)


async def test_a_changed_file_is_given_whole_to_a_player_that_knows_the_old_one(storage: InMemoryStorage) -> None:
    response, body = await ask(storage, range="bytes=0-9", if_range='"old"')
    assert (response.status_code, body) == (200, DATA)
    response, body = await ask(storage, range="bytes=0-9", if_range='"abc"')
    assert (response.status_code, body) == (206, DATA[:10])


async def test_a_known_file_is_not_sent_again(storage: InMemoryStorage) -> None:
    response, _ = await ask(storage, if_none_match='W/"abc", "other"')
    assert response.status_code == 304


async def test_head_tells_the_length_and_sends_nothing(storage: InMemoryStorage) -> None:
    response, body = await ask(storage, method="HEAD")
    assert (response.status_code, response["Content-Length"], body) == (200, str(len(DATA)), b"")
