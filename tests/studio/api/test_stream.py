"""POST /v6/generate/song: the document's events, in its order, with its fields, whatever becomes of the song."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.test import AsyncClient

from generator.protocol import events as v6
from studio.accounts import keys
from studio.accounts.models import ApiKey, User
from studio.api import stream
from studio.songs import generations
from studio.songs.models import Generation, Status
from tests.flows.scripted import Scripted, whole_song
from tests.flows.test_pipeline import final, until, working
from tests.studio.api.program import SONG, Program, events, pieces

pytestmark = pytest.mark.django_db(transaction=True)

NAMED = {"isComplete", "status", "chunkIndex", "message_id", "album_art", "song_name"}


async def made(program: Program, upstream: Scripted) -> list[dict[str, Any]]:
    async with working(upstream):
        return await program.events()


def told(events: list[dict[str, Any]], status: str, field: str = "") -> list[dict[str, Any]]:
    return [event for event in events if event["status"] == status and (not field or field in event)]


async def test_it_begins_as_the_document_has_it(alice_program: Program, upstream: Scripted) -> None:
    found = await made(alice_program, upstream)
    assert found[0] == {"isComplete": False, "status": "initializing", "chunkIndex": 0}
    assert [event["status"] for event in found[1:4]] == ["validated", "streaming", "processing"]
    for event in found[1:4]:
        assert set(event) == NAMED
        assert event["song_name"] == "Home Again"
    assert found[4]["status"] == "running"


async def test_chunks_are_counted_from_zero_without_holes(alice_program: Program, upstream: Scripted) -> None:
    found = await made(alice_program, upstream)
    assert [event["chunkIndex"] for event in found] == list(range(len(found)))


async def test_it_tells_how_far_the_song_is(alice_program: Program, upstream: Scripted) -> None:
    gate, script = asyncio.Event(), whole_song()
    upstream.script = [*script[:5], gate, *script[5:]]
    async with working(upstream):
        response = await alice_program.open()
        row = await until((await Generation.objects.aget()).pk, lambda row: row.progress == 20)
        reading = asyncio.create_task(events(response))
        await asyncio.sleep(0.1)
        gate.set()
        found = await reading
    running = told(found, "running")
    assert {event["progress"] for event in running} >= {20}
    assert all(set(event) == {*NAMED, "progress"} and 0 <= event["progress"] <= 100 for event in running)
    assert row.progress == 20


@pytest.mark.parametrize("version", [1, 2])
async def test_each_version_is_told_stage_by_stage(alice_program: Program, upstream: Scripted, version: int) -> None:
    found = await made(alice_program, upstream)
    ready, audio, uploading, last = (event for event in found if event.get("version") == version)
    assert set(ready) == {*NAMED, "stream_url", "version", "streaming_ready"}
    assert (ready["status"], ready["streaming_ready"]) == ("streaming", True)
    assert set(audio) == {*NAMED, "audio_url", "version", "progress"}
    assert (audio["status"], audio["progress"]) == ("completed", 100)
    assert set(uploading) == {"isComplete", "status", "chunkIndex", "message_id", "version"}
    assert uploading["status"] == "uploading"
    assert set(last) == {"isComplete", "status", "chunkIndex", "message_id", "version", "lyrics_sections"}
    assert last["status"] == "completed"
    verse = last["lyrics_sections"][1]
    assert (verse["section_type"], verse["start"], verse["end"]) == ("verse", 500, 2000)
    assert verse["lines"][0]["text"].startswith("we are home")
    assert set(verse["lines"][0]["words"][0]) == {"start", "end", "text"}


async def test_only_the_very_last_event_says_that_it_is_complete(alice_program: Program, upstream: Scripted) -> None:
    found = await made(alice_program, upstream)
    assert [event["isComplete"] for event in found] == [False] * (len(found) - 1) + [True]
    assert "lyrics_sections" in found[-1]


async def test_every_event_after_the_first_names_the_song_in_the_library(
    alice_program: Program, upstream: Scripted, alice: User
) -> None:
    found = await made(alice_program, upstream)
    row = await Generation.objects.aget(owner=alice)
    assert {event["message_id"] for event in found[1:]} == {str(row.pk)}
    assert (row.prompt, row.lyrics, row.status) == (SONG["prompt"], SONG["lyrics"], Status.COMPLETED)


async def test_sound_and_cover_can_be_fetched_without_a_key(alice_program: Program, upstream: Scripted) -> None:
    found = await made(alice_program, upstream)
    addresses = [event[field] for event in found for field in ("stream_url", "audio_url") if field in event]
    assert len(set(addresses)) == 2
    for address in set(addresses):
        assert address.startswith("http://localhost:8000/stream/")
        assert address.endswith(".mp3")
        answer = await AsyncClient().get(address.removeprefix("http://localhost:8000"))
        assert answer["Content-Type"] == "audio/mpeg"
        assert len(b"".join(await pieces(answer))) > 40_000
    cover = await AsyncClient().get(found[1]["album_art"].removeprefix("http://localhost:8000"))
    assert cover.status_code == 200
    assert cover["Content-Type"].startswith("image/")


async def test_a_cover_is_not_there_for_whoever_guesses(alice_program: Program, upstream: Scripted) -> None:
    found = await made(alice_program, upstream)
    path, _, _ = found[1]["album_art"].removeprefix("http://localhost:8000").rpartition("/?")
    assert (await AsyncClient().get(f"{path[:-4]}aaaa/")).status_code == 404


async def test_its_headers_keep_every_proxy_from_holding_it_back(alice_program: Program, upstream: Scripted) -> None:
    async with working(upstream):
        response = await alice_program.open()
        assert response["Content-Type"] == "text/event-stream"
        assert response["Cache-Control"] == "no-cache, no-transform"
        assert response["X-Accel-Buffering"] == "no"
        assert "Content-Encoding" not in response
        assert "Content-Length" not in response
        await events(response)


async def test_something_is_sent_while_nothing_happens(
    alice_program: Program, upstream: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "KEEP_ALIVE_SECONDS", 0.05)
    gate, script = asyncio.Event(), whole_song()
    upstream.script = [*script[:2], gate, *script[2:]]
    async with working(upstream):
        response = await alice_program.open()
        reading = asyncio.create_task(pieces(response))
        await asyncio.sleep(0.5)
        gate.set()
        written = await reading
    comments = [piece for piece in written if not piece.startswith(b"data: ")]
    assert set(comments) == {b": keep-alive\n\n"}
    assert len(comments) > 3


async def test_whoever_leaves_cancels_nothing(alice_program: Program, upstream: Scripted, alice: User) -> None:
    gate, script = asyncio.Event(), whole_song()
    upstream.script = [*script[:3], gate, *script[3:]]
    async with working(upstream):
        response = await alice_program.open()
        lines = aiter(response)
        assert b"initializing" in await anext(lines)
        await lines.aclose()
        gate.set()
        row = await final((await Generation.objects.aget(owner=alice)).pk)
    assert row.status == Status.COMPLETED


async def test_a_song_that_fails_is_told_as_failed_and_the_stream_ends(
    alice_program: Program, upstream: Scripted
) -> None:
    failed = v6.Failed(error="No room at the inn.", extra={"error_code": "upstream_busy"})
    upstream.script = [*whole_song()[:5], failed]
    found = await made(alice_program, upstream)
    assert [event["status"] for event in found[:4]] == ["initializing", "validated", "streaming", "processing"]
    last = found[-1]
    assert set(last) == {"isComplete", "status", "chunkIndex", "message_id", "error", "error_code"}
    assert (last["status"], last["isComplete"]) == ("failed", True)
    assert (last["error"], last["error_code"]) == ("No room at the inn.", "upstream_busy")


async def test_a_song_that_fails_before_it_is_accepted_is_told_as_well(
    alice_program: Program, upstream: Scripted
) -> None:
    upstream.script = [v6.Initializing(), v6.Failed(error="No.", extra={"error_code": "upstream_refused"})]
    found = await made(alice_program, upstream)
    assert [event["status"] for event in found] == ["initializing", "failed"]
    assert found[-1]["message_id"] == str((await Generation.objects.aget()).pk)


async def test_a_hosts_own_words_are_told_on_one_short_line(alice_program: Program, upstream: Scripted) -> None:
    upstream.script = [*whole_song()[:3], v6.Failed(error="No\nroom \x00" + "x" * 5000)]
    found = await made(alice_program, upstream)
    assert found[-1]["error"].startswith("No room x")
    assert len(found[-1]["error"]) <= 300


async def test_of_a_song_with_one_take_both_the_take_and_the_loss_are_told(
    alice_program: Program, upstream: Scripted
) -> None:
    upstream.files["audio:2"] = b"<html>Not found</html>" * 1000
    found = await made(alice_program, upstream)
    assert [event["version"] for event in told(found, "completed", "audio_url")] == [1]
    assert [event["version"] for event in told(found, "completed", "lyrics_sections")] == [1]
    last = found[-1]
    assert (last["status"], last["version"], last["isComplete"]) == ("failed", 2, True)
    assert last["error_code"] == "audio_rejected"


async def test_a_host_that_breaks_off_after_both_takes_has_cost_nothing(
    alice_program: Program, upstream: Scripted
) -> None:
    script = whole_song()
    upstream.script = [event for event in script if not isinstance(event, v6.Finished)]
    found = await made(alice_program, upstream)
    assert not told(found, "failed")
    assert [event["version"] for event in told(found, "completed", "lyrics_sections")] == [1, 2]
    assert [event["lyrics_sections"] for event in found[-2:]] == [[], []]
    assert [event["isComplete"] for event in found[-2:]] == [False, True]


async def test_a_take_that_could_not_be_heard_early_is_told_as_ready_all_the_same(
    alice_program: Program, upstream: Scripted
) -> None:
    del upstream.files["stream:1"]
    found = await made(alice_program, upstream)
    mine = [event for event in found if event.get("version") == 1]
    assert [event["status"] for event in mine] == ["streaming", "completed", "uploading", "completed"]
    assert mine[0]["stream_url"] == mine[1]["audio_url"]


async def test_a_song_cancelled_in_the_browser_ends_the_stream(
    alice_program: Program, upstream: Scripted, alice: User
) -> None:
    upstream.script = [*whole_song()[:3], asyncio.Event()]
    async with working(upstream):
        response = await alice_program.open()
        row = await until((await Generation.objects.aget(owner=alice)).pk, lambda row: row.last_seq >= 1)
        reading = asyncio.create_task(events(response))
        await asyncio.sleep(0.1)
        await sync_to_async(generations.cancel)(row)
        found = await reading
    assert (found[-1]["status"], found[-1]["error_code"]) == ("failed", "cancelled")


async def test_a_song_deleted_while_it_is_made_ends_the_stream(
    alice_program: Program, upstream: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    from studio.live import journal

    monkeypatch.setattr(journal, "READ_AGAIN_SECONDS", 0.05)
    upstream.script = [*whole_song()[:3], asyncio.Event()]
    async with working(upstream):
        response = await alice_program.open()
        row = await until((await Generation.objects.aget()).pk, lambda row: row.last_seq >= 1)
        reading = asyncio.create_task(events(response))
        await asyncio.sleep(0.1)
        await sync_to_async(generations.delete)(row)
        found = await reading
    assert (found[-1]["status"], found[-1]["isComplete"]) == ("failed", True)


async def test_names_and_words_of_any_script_arrive_as_they_are(alice_program: Program, upstream: Scripted) -> None:
    said: dict[str, Any] = {"message_id": "abc", "song_name": "Größe \u2028 家 😀"}
    script = whole_song()
    upstream.script = [script[0], v6.Validated(**said), *script[2:]]
    async with working(upstream):
        written = b"".join(await pieces(await alice_program.open()))
    assert written.isascii()
    names = {json.loads(line[6:]).get("song_name") for line in written.decode().splitlines() if line}
    assert names == {None, "Größe 家 😀"}


async def test_a_stream_breaks_off_once_its_key_is_revoked(
    alice: User, alice_program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "KEEP_ALIVE_SECONDS", 0.2)
    response = await alice_program.open()  # nobody makes songs here: it would wait for ever
    key = await ApiKey.objects.aget(user=alice)
    async with asyncio.timeout(20):
        lines = aiter(response)
        assert b"initializing" in await anext(lines)
        assert await anext(lines) == b": keep-alive\n\n"
        await sync_to_async(keys.revoke)(alice, key.pk)
        assert not [line async for line in lines if line != b": keep-alive\n\n"]
