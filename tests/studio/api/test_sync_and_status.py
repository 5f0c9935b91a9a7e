"""The synchronous answer, and the status endpoint under its three addresses."""

from __future__ import annotations

import asyncio
import json
import uuid
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.test import AsyncClient

from generator.protocol import events as v6
from studio.accounts.models import User
from studio.api import stream
from studio.songs import generations
from studio.songs.models import Generation, Version
from tests.flows.scripted import Scripted, whole_song
from tests.flows.test_pipeline import until, working
from tests.studio.api.program import SYNC, Program, pieces
from tests.studio.rows import saved_song

pytestmark = pytest.mark.django_db(transaction=True)


async def test_the_synchronous_answer_has_the_documents_fields_sound_first(
    alice_program: Program, upstream: Scripted
) -> None:
    async with working(upstream):
        body = await alice_program.wait()
    assert list(body) == ["message_id", "audio_data", "album_art", "song_name"]
    assert [list(audio) for audio in body["audio_data"]] == [["audio_url", "song_name"]] * 2
    assert body["song_name"] == body["audio_data"][0]["song_name"] == "Home Again"
    assert body["message_id"] == str((await Generation.objects.aget()).pk)


async def test_its_addresses_play_without_a_key_and_belong_to_one_version_each(
    alice_program: Program, upstream: Scripted
) -> None:
    async with working(upstream):
        body = await alice_program.wait()
    found = []
    for audio in body["audio_data"]:
        path = audio["audio_url"].removeprefix("http://localhost:8000")
        answer = await AsyncClient().get(path, headers={"range": "bytes=0-99"})
        assert answer.status_code == 206
        found.append(answer["Content-Range"])
    assert len(set(found)) == 2


async def test_a_program_that_waits_is_sent_white_space_and_then_json(
    alice_program: Program, upstream: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "KEEP_ALIVE_SECONDS", 0.05)
    gate, script = asyncio.Event(), whole_song()
    upstream.script = [*script[:2], gate, *script[2:]]
    async with working(upstream):
        response = await alice_program.open(path=SYNC)
        assert response["Content-Type"] == "application/json"
        reading = asyncio.create_task(pieces(response))
        await asyncio.sleep(0.3)
        gate.set()
        written = await reading
    assert len(written) > 3
    assert set(written[:-1]) == {b" "}
    assert json.loads(b"".join(written))["song_name"] == "Home Again"


async def test_a_song_that_failed_after_it_was_accepted_is_no_http_error(
    alice_program: Program, upstream: Scripted
) -> None:
    upstream.script = [*whole_song()[:4], v6.Failed(error="No room.", extra={"error_code": "upstream_busy"})]
    async with working(upstream):
        body = await alice_program.wait()
    assert body == {
        "success": False,
        "message": "This song could not be made.",
        "error": "No room.",
        "error_code": "upstream_busy",
        "message_id": str((await Generation.objects.aget()).pk),
    }


async def test_of_a_song_with_one_take_the_take_and_the_reason_are_answered(
    alice_program: Program, upstream: Scripted
) -> None:
    upstream.files["audio:2"] = b"<html>Not found</html>" * 1000
    async with working(upstream):
        body = await alice_program.wait()
    assert len(body["audio_data"]) == 1
    assert body["error"]
    assert body["error_code"] == "audio_rejected"


async def test_a_song_deleted_meanwhile_is_answered_as_failed(
    alice_program: Program, upstream: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    from studio.live import journal

    monkeypatch.setattr(journal, "READ_AGAIN_SECONDS", 0.05)
    upstream.script = [*whole_song()[:3], asyncio.Event()]
    async with working(upstream):
        waiting = asyncio.create_task(alice_program.wait())
        async with asyncio.timeout(5):
            while not (row := await Generation.objects.afirst()):
                await asyncio.sleep(0.02)
        await until(row.pk, lambda row: row.last_seq >= 1)
        await sync_to_async(generations.delete)(row)
        body = await waiting
    assert (body["success"], body["error_code"]) == (False, "cancelled")


@pytest.mark.parametrize("address", ["/status/generation/{}", "/status/generations/{}", "/v5/status?message_id={}"])
def test_a_finished_song_is_told_whole_under_every_address(alice_program: Program, alice: User, address: str) -> None:
    row = saved_song(alice, "Kept")
    response = alice_program.get(address.format(row.pk))
    body = response.json()
    assert (response.status_code, response["Content-Type"]) == (200, "application/json")
    assert list(body) == [
        "message_id",
        "audio_data",
        "album_art",
        "song_name",
        "status",
        "progress",
        "isComplete",
        "versions",
        "credits_charged",
    ]
    assert (body["status"], body["progress"], body["isComplete"]) == ("completed", 100, True)
    assert body["credits_charged"] == 0
    assert [audio["audio_url"] for audio in body["audio_data"]] == [v["audio_url"] for v in body["versions"]]
    first = body["versions"][0]
    assert (first["version"], first["status"]) == (1, "completed")
    assert [section["section_type"] for section in first["lyrics_sections"]] == ["intro", "verse"]


def test_a_song_that_waits_has_no_address_of_sound_anywhere(alice_program: Program, alice: User) -> None:
    row = generations.create(alice, prompt="pop")
    body = alice_program.get(f"/status/generation/{row.pk}").json()
    assert (body["status"], body["isComplete"], body["audio_data"]) == ("queued", False, [])
    assert body["versions"] == [{"version": 1, "status": "queued"}, {"version": 2, "status": "queued"}]
    assert "error" not in body


async def test_a_song_that_can_be_heard_early_has_no_address_of_sound_yet(
    alice_program: Program, upstream: Scripted
) -> None:
    script = whole_song()
    upstream.script = [*script[:6], asyncio.Event()]
    async with working(upstream):
        opened = await alice_program.open()
        row = await until((await Generation.objects.aget()).pk, lambda row: row.last_seq >= 2)
        body = (await sync_to_async(alice_program.get)(f"/status/generation/{row.pk}")).json()
        await aiter(opened).aclose()
    assert body["status"] == "running"
    assert [version["status"] for version in body["versions"]] == ["running", "running"]
    assert ".mp3" not in json.dumps(body)


def test_a_failed_song_says_why(alice_program: Program, alice: User) -> None:
    row = generations.create(alice, prompt="pop")
    Generation.objects.filter(pk=row.pk).update(status="failed", error="No room.", error_code="upstream_busy")
    Version.objects.filter(generation=row).update(state="failed")
    body = alice_program.get(f"/status/generation/{row.pk}").json()
    assert (body["status"], body["error"], body["error_code"]) == ("failed", "No room.", "upstream_busy")
    assert [version["status"] for version in body["versions"]] == ["failed", "failed"]


def test_a_song_in_the_trash_has_no_address_that_would_not_play(alice_program: Program, alice: User) -> None:
    row = saved_song(alice, "Thrown away")
    generations.trash(row)
    body = alice_program.get(f"/status/generation/{row.pk}").json()
    assert (body["status"], body["audio_data"]) == ("completed", [])


@pytest.mark.parametrize("address", ["/status/generation/{}", "/status/generations/{}", "/v5/status?message_id={}"])
@pytest.mark.parametrize("message_id", [str(uuid.uuid4()), "1", "abc", "%F0%9F%98%80", "a" * 3000, "{}"])
def test_an_unknown_message_id_is_not_there(alice_program: Program, address: str, message_id: str) -> None:
    response = alice_program.get(address.format(message_id))
    assert response.status_code == 404
    assert "message_id" in response.json()["detail"]


def test_nobody_learns_that_somebody_elses_song_is_there(bob_program: Program, alice: User) -> None:
    theirs = bob_program.get(f"/status/generation/{saved_song(alice, 'Hers').pk}")
    nobodys = bob_program.get(f"/status/generation/{uuid.uuid4()}")
    assert theirs.status_code == nobodys.status_code == 404
    assert theirs.content == nobodys.content


def test_a_missing_message_id_is_named(alice_program: Program) -> None:
    response: Any = alice_program.get("/v5/status")
    assert (response.status_code, response.json()["detail"]) == (422, "message_id: it is missing.")
