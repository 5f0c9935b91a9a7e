"""Songs of which nobody knows for a while how they end: asked after, never ordered twice, and out of it in time."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from asgiref.sync import sync_to_async
from django.utils import timezone

from generator.protocol.errors import Stalled, StreamLost, Unsettled, UpstreamBusy
from studio.accounts.models import User
from studio.live import journal, supervisor
from studio.songs import generations
from studio.songs.models import Generation, Status
from tests.flows.scripted import Scripted, whole_song
from tests.flows.test_pipeline import final, make, until, working

pytestmark = pytest.mark.django_db(transaction=True)

LOST = StreamLost("Elsewhere", bought=True)


class Elsewhere(Scripted):
    """A host of its own: what was ordered there goes on without us."""

    makes_again = False


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "ASK_AGAIN", (0.3, 0.3))
    monkeypatch.setattr(supervisor, "NAMELESS", timedelta(seconds=1))


async def test_a_song_that_nobody_can_tell_about_is_called_interrupted_and_goes_on_once_it_is_heard_of(
    alice: User,
) -> None:
    upstream = Elsewhere([*whole_song()[:5], Unsettled(LOST)])
    async with working(upstream):
        pk = (await make(alice)).pk
        row = await until(pk, lambda row: row.status == Status.INTERRUPTED)
        message = await anext(journal.follow(pk, 99))
        assert "finding out" in message.state["say"]
        assert message.state["can_retry"]
        assert not row.is_final
        upstream.script = whole_song()
        row = await final(pk)
    assert (row.status, row.error_code) == (Status.COMPLETED, "")
    assert set(upstream.taken_up) == {"abc"}
    assert len(upstream.requests) - len(upstream.taken_up) == 1  # it was ordered once


async def test_a_take_that_was_kept_before_is_not_fetched_again(alice: User) -> None:
    upstream = Elsewhere([*whole_song()[:11], Unsettled(LOST)])
    async with working(upstream):
        pk = (await make(alice)).pk
        row = await until(pk, lambda row: row.status == Status.INTERRUPTED)
        first = await row.versions.aget(number=1)
        del upstream.files["audio:1"]
        upstream.script = whole_song()
        row = await final(pk)
    assert row.status == Status.COMPLETED
    assert (await row.versions.aget(number=1)).audio.name == first.audio.name


async def test_an_order_that_was_never_answered_is_interrupted_and_then_fails_without_a_second_order(
    alice: User,
) -> None:
    upstream = Elsewhere([Unsettled(Stalled("Elsewhere"))])
    async with working(upstream):
        pk = (await make(alice)).pk
        row = await until(pk, lambda row: row.status == Status.INTERRUPTED)
        assert row.submitted_at is not None
        row = await final(pk)
    assert (row.status, row.error_code) == (Status.FAILED, "upstream_stalled")
    assert "nothing was ordered twice" in row.error
    assert len(upstream.requests) == 1


async def test_an_interrupted_song_ends_half_an_hour_after_its_order(alice: User) -> None:
    upstream = Elsewhere([*whole_song()[:5], Unsettled(LOST)])
    async with working(upstream):
        pk = (await make(alice)).pk
        await until(pk, lambda row: row.status == Status.INTERRUPTED)
        long_ago = timezone.now() - supervisor.LONGEST
        await Generation.objects.filter(pk=pk).aupdate(submitted_at=long_ago, retry_at=long_ago)
        row = await final(pk)
    assert (row.status, row.error_code) == (Status.FAILED, "stream_lost")


async def test_an_interrupted_song_can_be_given_up_and_made_again_once(alice: User) -> None:
    upstream = Elsewhere([*whole_song()[:5], Unsettled(LOST)])
    async with working(upstream):
        row = await make(alice)
        row = await until(row.pk, lambda row: row.status == Status.INTERRUPTED)
        upstream.script = whole_song()
        await Generation.objects.filter(pk=row.pk).aupdate(retry_at=timezone.now() + timedelta(hours=1))
        again = await sync_to_async(generations.retry)(row)
        assert await sync_to_async(generations.retry)(row) == again
        await sync_to_async(generations.cancel)(row)
        assert (await final(row.pk)).status == Status.CANCELLED
        assert (await final(again.pk)).status == Status.COMPLETED


async def test_a_song_is_ordered_three_times_at_most_however_long_its_host_is_busy(alice: User) -> None:
    upstream = Elsewhere([UpstreamBusy("Elsewhere", retry_after=0.2)])
    async with working(upstream):
        row = await final((await make(alice)).pk)
    assert (row.status, row.error_code, len(upstream.requests)) == (Status.FAILED, "upstream_busy", 3)
    assert [request.orders for request in upstream.requests] == [3, 2, 1]


async def test_a_host_that_is_busy_for_longer_than_anybody_waits_ends_the_song_at_once(alice: User) -> None:
    async with working(Elsewhere([UpstreamBusy("Elsewhere", retry_after=1800.0)])):
        row = await final((await make(alice)).pk)
    assert (row.status, row.error_code) == (Status.FAILED, "upstream_busy")


async def test_a_server_that_stops_waits_for_the_answer_to_an_order_on_its_way(alice: User) -> None:
    answered, rest = asyncio.Event(), asyncio.Event()
    upstream = Elsewhere([whole_song()[0], answered, *whole_song()[1:4], rest])
    async with working(upstream):
        pk = (await make(alice)).pk
        await until(pk, lambda row: row.submitted_at is not None)
        asyncio.get_running_loop().call_later(0.3, answered.set)
    row = await Generation.objects.aget(pk=pk)
    assert (row.status, row.upstream_message_id, row.lease_owner) == (Status.RUNNING, "abc", "")
    async with working(second := Elsewhere(whole_song())):
        assert (await final(pk)).status == Status.COMPLETED
    assert second.taken_up == ["abc"]


async def test_cancelling_needs_no_free_slot(alice: User, bob: User) -> None:
    async with working(Scripted([*whole_song()[:3], asyncio.Event()]), slots=1):
        first, second = await make(alice), await make(bob)
        await until(first.pk, lambda row: row.last_seq >= 1)
        await sync_to_async(generations.cancel)(second)
        assert (await final(second.pk)).status == Status.CANCELLED


async def test_nothing_that_attempts_left_behind_stays_in_storage(alice: User) -> None:
    from django.core.files.base import ContentFile
    from django.core.files.storage import default_storage

    from studio.live import files

    gate = asyncio.Event()
    async with working(Scripted([*whole_song()[:3], gate, *whole_song()[3:]])):
        pk = (await make(alice)).pk
        await until(pk, lambda row: row.last_seq >= 1)
        left = default_storage.save(f"{files.folder(pk)}/take-1-0.mp3", ContentFile(b"an attempt before"))
        gate.set()
        row = await final(pk)
        async with asyncio.timeout(30):
            while default_storage.exists(left):
                await asyncio.sleep(0.02)
    async for version in row.versions.all():
        assert default_storage.exists(str(version.audio.name))


async def test_a_fault_of_our_own_loses_no_song_that_goes_on_elsewhere(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    from generator import probe

    faults, real = iter([RuntimeError("nobody foresaw this")]), probe.probe

    async def stumbling(path: Path) -> probe.Probe:
        for fault in faults:
            raise fault
        return await real(path)

    monkeypatch.setattr(probe, "probe", stumbling)
    async with working(upstream := Elsewhere(whole_song())):
        row = await final((await make(alice)).pk)
    assert (row.status, row.attempts, upstream.taken_up) == (Status.COMPLETED, 2, ["abc"])
