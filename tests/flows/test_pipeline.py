"""From a saved row to a song in the library, through supervisor, relay and journal, with real rows and real files."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import hashlib
import io
import uuid
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.files.storage import default_storage
from django.utils import timezone
from PIL import Image

from generator.protocol import events as v6
from studio.accounts.models import User
from studio.live import journal, leases, relay
from studio.live.announce import Message
from studio.live.supervisor import Supervisor
from studio.songs import generations
from studio.songs.models import Event, Generation, Status, Version
from tests.flows.scripted import Scripted, whole_song
from tests.generator import foreign_files

pytestmark = pytest.mark.django_db(transaction=True)


@contextlib.asynccontextmanager
async def working(upstream: Scripted, slots: int = 1) -> AsyncIterator[Supervisor]:
    supervisor = Supervisor(upstream, slots)
    supervisor.start()
    try:
        yield supervisor
    finally:
        await supervisor.drain()


async def make(owner: User, prompt: str = "A slow waltz") -> Generation:
    return await sync_to_async(generations.create)(owner, prompt=prompt, lyrics="we are home")


async def until(pk: uuid.UUID, met: Callable[[Generation], bool], seconds: float = 10) -> Generation:
    async with asyncio.timeout(seconds):
        while not met(row := await Generation.objects.aget(pk=pk)):
            await asyncio.sleep(0.02)
    return row


async def final(pk: uuid.UUID) -> Generation:
    return await until(pk, lambda row: row.is_final)


async def told(pk: uuid.UUID, after: int = 0) -> list[Message]:
    async with asyncio.timeout(10):
        return [message async for message in journal.follow(pk, after)]


async def test_it_keeps_both_takes_with_their_sound_their_words_and_their_length(alice: User) -> None:
    async with working(Scripted(whole_song())):
        row = await final((await make(alice)).pk)
    assert (row.status, row.title, row.progress) == (Status.COMPLETED, "Home Again", 100)
    first, second = [version async for version in row.versions.prefetch_related("sections")]
    assert 2900 <= first.duration_ms <= 3200
    assert 3900 <= second.duration_ms <= 4200
    assert first.audio.size == first.size > 40_000
    assert len(first.peaks) == 400
    assert max(first.peaks) > 0
    assert [section.kind for section in second.sections.all()] == ["intro", "verse"]
    assert second.sections.all()[1].lines[0]["text"] == "we are home again"


async def test_it_numbers_promises_without_holes_and_tells_each_of_them_once(alice: User) -> None:
    async with working(Scripted(whole_song())):
        row = await final((await make(alice)).pk)
    seqs = [event.seq async for event in Event.objects.filter(generation=row)]
    assert seqs == list(range(1, len(seqs) + 1))
    kinds = [event.kind async for event in Event.objects.filter(generation=row)]
    assert sorted(kinds) == sorted(["validated", *["playable", "stored", "finished"] * 2])
    messages = await told(row.pk)
    assert [message.seq for message in messages] == seqs
    assert messages[-1].event is not None
    assert messages[-1].event["isComplete"] is True
    assert [m.event["isComplete"] for m in messages[:-1] if m.event] == [False] * (len(seqs) - 1)


async def test_take_a_can_be_heard_while_take_b_is_still_being_made(alice: User) -> None:
    gate, script = asyncio.Event(), whole_song()
    async with working(Scripted([*script[:7], gate, *script[7:]])):
        pk = (await make(alice)).pk
        row = await until(pk, lambda row: row.last_seq >= 2)
        version = await row.versions.aget(number=1)
        assert version.state == Version.State.PLAYABLE
        early = settings.EARLY_DIR / str(pk) / "1" / "1.mp3"
        assert early.stat().st_size > 16_000
        assert not row.is_final
        gate.set()
        assert (await final(pk)).status == Status.COMPLETED


async def test_a_reader_who_comes_in_the_middle_misses_nothing_and_hears_nothing_twice(alice: User) -> None:
    gate, script = asyncio.Event(), whole_song()
    async with working(Scripted([*script[:7], gate, *script[7:]])):
        pk = (await make(alice)).pk
        row = await until(pk, lambda row: row.last_seq >= 2)
        late = asyncio.create_task(told(pk, after=1))
        await asyncio.sleep(0.1)
        gate.set()
        heard = [message.seq for message in await late if message.seq is not None]
        row = await final(pk)
    assert heard == list(range(2, row.last_seq + 1))


async def test_a_cursor_from_elsewhere_is_answered_with_the_state_as_it_is(alice: User) -> None:
    async with working(Scripted(whole_song())):
        row = await final((await make(alice)).pk)
    (message,) = await told(row.pk, after=999)
    assert message.seq == row.last_seq
    assert message.event is None
    assert message.state["status"] == "completed"


async def test_one_take_that_does_not_play_does_not_cost_the_other(alice: User) -> None:
    upstream = Scripted(whole_song())
    upstream.files["audio:2"] = b"<html>Not found</html>" * 1000
    async with working(upstream):
        row = await final((await make(alice)).pk)
    assert (row.status, row.error_code) == (Status.PARTIAL, "audio_rejected")
    assert [version.state async for version in row.versions.all()] == ["stored", "failed"]


async def test_a_stream_that_just_ends_is_no_success(alice: User) -> None:
    async with working(Scripted(whole_song()[:5])):
        row = await final((await make(alice)).pk)
    assert (row.status, row.error_code) == (Status.FAILED, "stream_lost")
    assert row.error


async def test_a_told_failure_ends_the_song_with_its_sentence(alice: User) -> None:
    failed = v6.Failed(error="No\nroom\x00 at the inn.", extra={"error_code": "upstream_busy"})
    async with working(Scripted([*whole_song()[:3], failed])):
        row = await final((await make(alice)).pk)
    assert (row.status, row.error_code, row.error) == (Status.FAILED, "upstream_busy", "No room at the inn.")


async def test_cancelling_stops_the_upstream_and_keeps_the_words(alice: User) -> None:
    upstream = Scripted([*whole_song()[:6], asyncio.Event()])
    async with working(upstream):
        row = await make(alice)
        await until(row.pk, lambda row: row.last_seq >= 1)
        await sync_to_async(generations.cancel)(row)
        row = await final(row.pk)
    assert (row.status, row.prompt, row.lyrics) == (Status.CANCELLED, "A slow waltz", "we are home")
    assert upstream.left["generate"]


async def test_a_song_cancelled_before_its_turn_never_reaches_the_upstream(alice: User) -> None:
    upstream = Scripted(whole_song())
    row = await make(alice)
    await sync_to_async(generations.cancel)(row)
    async with working(upstream):
        row = await final(row.pk)
    assert row.status == Status.CANCELLED
    assert upstream.requests == []


async def test_a_server_that_stops_gives_its_songs_back_and_the_next_one_finishes_them(alice: User) -> None:
    async with working(Scripted([*whole_song()[:6], asyncio.Event()])):
        pk = (await make(alice)).pk
        await until(pk, lambda row: row.last_seq >= 2)
    row = await Generation.objects.aget(pk=pk)
    assert (row.status, row.attempts) == (Status.QUEUED, 0)
    async with working(second := Scripted(whole_song())):
        row = await final(pk)
    assert row.status == Status.COMPLETED
    assert second.requests[0].seed == row.seed
    kinds = [event.kind async for event in Event.objects.filter(generation=row)]
    assert kinds.count("validated") == kinds.count("finished") - 1 == 1


async def test_a_song_whose_keeper_fell_silent_is_taken_over_and_the_old_keeper_refused(alice: User) -> None:
    row = await make(alice)
    old = await journal.writer.run(leases.claim, "frozen", 1)
    assert old is not None
    await Generation.objects.filter(pk=row.pk).aupdate(lease_until=timezone.now() - timedelta(seconds=1))
    async with working(Scripted(whole_song())):
        row = await final(row.pk)
    with pytest.raises(journal.StaleError):
        await journal.Journal().promise(old, v6.Validated(message_id="late", song_name="Too late"))
    assert row.title == "Home Again"


async def test_no_more_songs_run_at_once_than_there_are_slots(alice: User, bob: User) -> None:
    gate = asyncio.Event()
    upstream = Scripted([*whole_song()[:3], gate, *whole_song()[3:]])
    async with working(upstream, slots=1):
        first, second = await make(alice), await make(bob)
        await until(first.pk, lambda row: row.last_seq >= 1)
        await asyncio.sleep(0.3)
        assert (await Generation.objects.aget(pk=second.pk)).status == Status.QUEUED
        gate.set()
        assert (await final(second.pk)).status == Status.COMPLETED


async def test_a_song_that_breaks_the_engine_three_times_fails_with_a_sentence(alice: User) -> None:
    from generator.protocol.errors import EngineFailed

    upstream = Scripted([*whole_song()[:4], EngineFailed()])
    async with working(upstream):
        row = await final((await make(alice)).pk)
    assert (row.status, row.error_code, row.attempts) == (Status.FAILED, "engine_failed", 3)
    assert len({request.seed for request in upstream.requests}) == 1


async def test_another_process_that_writes_is_heard_as_well(alice: User) -> None:
    from studio.live.announce import hub
    from studio.live.watch import Watch

    row = await make(alice)
    watching = asyncio.create_task(Watch().run(hub, journal.reader))
    messages = journal.follow(row.pk, 0)
    assert (await anext(messages)).state["status"] == "queued"
    assert (await anext(messages)).seq is None  # the first look finds nothing
    waiting = asyncio.create_task(anext(messages))
    await Event.objects.acreate(generation=row, seq=1, kind="validated", body={"status": "validated"})
    await Generation.objects.filter(pk=row.pk).aupdate(last_seq=1, status=Status.RUNNING, accepted_at=timezone.now())
    async with asyncio.timeout(2):
        message = await waiting
    assert message.seq == 1
    watching.cancel()
    await messages.aclose()


async def test_a_take_that_had_come_is_kept_when_the_stream_breaks_afterwards(alice: User) -> None:
    from generator.protocol.errors import StreamLost

    async with working(Scripted([*whole_song()[:11], StreamLost("Elsewhere")])):
        row = await final((await make(alice)).pk)
    assert (row.status, row.error_code) == (Status.PARTIAL, "stream_lost")
    assert [version.state async for version in row.versions.all()] == ["stored", "failed"]


async def test_a_song_that_was_ordered_is_taken_up_after_a_restart_and_not_ordered_again(alice: User) -> None:
    async with working(Scripted([*whole_song()[:6], asyncio.Event()])):
        pk = (await make(alice)).pk
        await until(pk, lambda row: row.last_seq >= 2)
    async with working(second := Scripted(whole_song())):
        assert (await final(pk)).status == Status.COMPLETED
    assert second.taken_up == ["abc"]


async def test_a_busy_host_is_waited_for_in_sight_of_the_owner(alice: User) -> None:
    from generator.protocol.errors import UpstreamBusy

    upstream = Scripted([UpstreamBusy("Elsewhere", retry_after=2)])
    async with working(upstream):
        pk = (await make(alice)).pk
        row = await until(pk, lambda row: row.retry_at is not None)
        assert row.status == Status.QUEUED
        message = await anext(journal.follow(pk, 0))
        assert message.state["retry_in"] > 0
        upstream.script = whole_song()
        row = await final(pk)
    assert (row.status, len(upstream.requests), upstream.taken_up) == (Status.COMPLETED, 2, [])


async def test_a_picture_that_is_none_is_not_kept_and_a_later_one_is(alice: User) -> None:
    said: dict[str, Any] = {"message_id": "abc", "song_name": "Home Again"}
    upstream = Scripted([v6.Validated(**said, album_art="art:1"), *whole_song()[2:]])
    upstream.script = [*upstream.script[:3], v6.Processing(**said, album_art="art:2"), *upstream.script[3:]]
    upstream.files |= {"art:1": b"<svg onload=alert(1)>", "art:2": foreign_files.noted("JPEG")}
    async with working(upstream):
        row = await final((await make(alice)).pk)
    assert str(row.album_art.name).endswith(".webp")
    kept = await asyncio.to_thread((settings.MEDIA_ROOT / str(row.album_art.name)).read_bytes)
    assert kept.startswith(b"RIFF")
    assert b"SECRET" not in kept
    assert not await asyncio.to_thread(lambda: [*(settings.EARLY_DIR / str(row.pk)).rglob("cover-*")])


@pytest.mark.parametrize("kind", ["wav", "flac", "ogg"])
async def test_a_take_is_kept_as_what_it_is_and_heard_early_only_as_mp3(alice: User, kind: str) -> None:
    upstream = Scripted(whole_song())
    upstream.files["audio:1"] = upstream.files["stream:1"] = foreign_files.sound(kind.upper())
    async with working(upstream):
        row = await final((await make(alice)).pk)
    assert row.status == Status.COMPLETED
    first, second = [version async for version in row.versions.all()]
    assert (str(first.audio.name)[-5:].partition(".")[2], str(second.audio.name)[-4:]) == (kind, ".mp3")
    kinds = [(event.kind, event.body.get("version")) async for event in Event.objects.filter(generation=row)]
    assert ("playable", 2) in kinds
    assert ("playable", 1) not in kinds
    assert not await asyncio.to_thread(lambda: [*(settings.EARLY_DIR / str(row.pk)).rglob("*.whole")])


async def test_a_slow_picture_is_waited_for_and_a_makeshift_one_never_outlives_a_better(alice: User) -> None:
    said: dict[str, Any] = {"message_id": "abc", "song_name": "Home Again"}
    upstream = Slow([v6.Validated(**said, album_art="art:1"), *whole_song()[2:]])
    upstream.script = [*upstream.script[:3], v6.Processing(**said, album_art="art:2"), *upstream.script[3:]]
    upstream.files |= {
        "art:1": foreign_files.picture("PNG", foreign_files.scene(64, 64)),
        "art:2": foreign_files.picture("PNG", foreign_files.scene(200, 100)),
    }
    async with working(upstream):
        row = await final((await make(alice)).pk)
    assert row.status == Status.COMPLETED
    kept = await asyncio.to_thread((settings.MEDIA_ROOT / str(row.album_art.name)).read_bytes)
    with Image.open(io.BytesIO(kept)) as picture:
        assert picture.size == (200, 100)
    assert upstream.left["art:1"]


class Slow(Scripted):
    """Its first picture never comes, and its second not at once."""

    async def open(self, address: str) -> AsyncGenerator[bytes, None]:
        """The bytes behind an address of the script."""
        if address == "art:2":
            await asyncio.sleep(1.5)
        try:
            async for piece in super().open(address):
                yield piece
                await asyncio.sleep(3600 if address == "art:1" else 0)
        finally:
            self.left[address] = True


async def test_a_disk_that_takes_little_at_a_time_loses_nothing(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """An unbuffered file may take less than it is given, and says so only in a number."""

    class Sparing(io.FileIO):
        def write(self, data: Any) -> int:
            return super().write(bytes(data[:1000]))

    monkeypatch.setattr(relay, "_writing", lambda path: Sparing(str(path), "wb"))
    upstream = Scripted(whole_song())
    async with working(upstream):
        row = await final((await make(alice)).pk)
    assert row.status == Status.COMPLETED
    for number in (1, 2):
        version = await row.versions.aget(number=number)
        kept = await asyncio.to_thread((settings.MEDIA_ROOT / str(version.audio.name)).read_bytes)
        assert kept == upstream.files[f"audio:{number}"]
        assert (version.size, version.sha256) == (len(kept), hashlib.sha256(kept).hexdigest())


async def test_a_store_without_room_ends_the_song_with_a_sentence(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(default_storage, "save", full)
    async with working(Scripted(whole_song())):
        row = await final((await make(alice)).pk)
    assert (row.status, row.error_code) == (Status.FAILED, "storage_failed")
    assert "no room" in row.error
    assert not await asyncio.to_thread(lambda: [*(settings.EARLY_DIR / str(row.pk)).rglob("*.whole")])
