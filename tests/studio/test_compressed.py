"""Text is sent compressed; sound, pictures and what comes piece by piece are sent as they are."""

from __future__ import annotations

import gzip

import pytest
from django.test import Client

from studio.accounts.models import User
from studio.songs import addresses
from tests.studio.rows import saved_song

pytestmark = pytest.mark.either_database

READS_GZIP = {"accept-encoding": "gzip, br"}


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/account/login/", "/developers/", "/v6/openapi.json", "/nowhere/"])
def test_text_is_compressed_for_whoever_reads_that(client: Client, path: str) -> None:
    plain, packed = client.get(path), client.get(path, headers=READS_GZIP)
    assert packed["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed["Vary"]
    assert int(packed["Content-Length"]) == len(packed.content) < len(plain.content) / 1.8
    assert "Content-Encoding" not in plain
    if path.endswith("json"):
        assert gzip.decompress(packed.content) == plain.content


@pytest.mark.django_db
def test_two_answers_with_the_same_page_differ_in_length_so_that_secrets_cannot_be_guessed(client: Client) -> None:
    lengths = {len(client.get("/v6/openapi.json", headers=READS_GZIP).content) for _ in range(20)}
    assert len(lengths) > 1


def test_sound_pictures_and_ranges_stay_as_they_are_stored(alice: User, alice_client: Client) -> None:
    row = saved_song(alice, "Lantern Street")
    version = row.versions.get(number=1)
    whole = alice_client.get(addresses.audio(row, version), headers=READS_GZIP)
    part = alice_client.get(addresses.audio(row, version), headers={**READS_GZIP, "range": "bytes=0-99"})
    assert "Content-Encoding" not in whole
    assert int(whole["Content-Length"]) == version.size
    assert not whole["ETag"].startswith("W/")
    assert (part.status_code, part["Content-Length"], "Content-Encoding" in part) == (206, "100", False)


def test_a_print_is_text_and_compressed(alice: User, alice_client: Client) -> None:
    row = saved_song(alice, "Lantern Street")
    answer = alice_client.get(addresses.cover(row), headers=READS_GZIP)
    assert (answer["Content-Type"], answer["Content-Encoding"]) == ("image/svg+xml", "gzip")
