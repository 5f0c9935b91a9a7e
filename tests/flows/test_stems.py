"""From a wish to an archive: stems are made by the engine's processes while songs go on, whatever happens to them."""

from __future__ import annotations

import asyncio
import contextlib
import io
import zipfile
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from asgiref.sync import sync_to_async
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from generator.engine import Workers
from generator.upstream.embedded import Embedded
from studio.accounts.models import User
from studio.live import stems as live
from studio.live.stems import ATTEMPTS, LEASE, Separator, claim
from studio.songs import generations, stems
from studio.songs.models import Stems, Version
from tests.generator import fake_song
from tests.studio.rows import saved_song

pytestmark = pytest.mark.django_db(transaction=True)
FAKE = "tests.generator.fake_song"


def song(owner: User, prompt: str = "short", notes: bytes = b"") -> Version:
    """Take A of a song as the stand-in for the engine makes it."""
    row = saved_song(owner, "Home Again", prompt=prompt, lyrics="we are home")
    version = row.versions.get(number=1)
    plan = fake_song.plan(prompt, row.lyrics, row.seed)
    whole = b"ID3 tag" + (fake_song.PIECE + b"\x01") * fake_song.PIECES
    version.audio.save("take.mp3", ContentFile(whole), save=False)
    version.midi.save("take.mid", ContentFile(notes or fake_song.notes(plan, 1)), save=False)
    version.size = len(whole)
    version.save()
    return Version.objects.select_related("generation").get(pk=version.pk)


@contextlib.asynccontextmanager
async def working(tmp_path: Path) -> AsyncIterator[Separator]:
    upstream = Embedded(tmp_path / "engine", workers=Workers(song=FAKE, quiet=True))
    separator = Separator(upstream, "here")
    separator.start()
    try:
        yield separator
    finally:
        await separator.drain()
        await upstream.close()


async def until(met: Callable[[Stems], bool], seconds: float = 20) -> Stems:
    async with asyncio.timeout(seconds):
        while not met(row := await Stems.objects.select_related("version").aget()):
            await asyncio.sleep(0.02)
    return row


def files(folder: Path) -> list[Path]:
    return list(folder.iterdir())


def is_over(row: Stems) -> bool:
    return row.state in (Stems.State.READY, Stems.State.FAILED)


async def test_a_wish_becomes_an_archive_that_adds_up_to_the_take(alice: User, tmp_path: Path) -> None:
    version = await sync_to_async(song)(alice)
    async with working(tmp_path):
        await sync_to_async(stems.wish)(version)
        row = await until(is_over)
    assert (row.state, row.error, row.progress, row.is_exact) == (Stems.State.READY, "", 100, True)
    with default_storage.open(str(row.archive.name)) as file:
        kept = file.read()
    assert len(kept) == row.size
    with zipfile.ZipFile(io.BytesIO(kept)) as archive:
        assert "drums.flac" in archive.namelist()
    assert not files(tmp_path / "engine")


async def test_another_sound_is_not_called_the_same(alice: User, tmp_path: Path) -> None:
    version = await sync_to_async(song)(alice)
    await sync_to_async(version.audio.save)("take.mp3", ContentFile(b"x" * version.size))
    async with working(tmp_path):
        await sync_to_async(stems.wish)(version)
        row = await until(is_over)
    assert (row.state, row.is_exact) == (Stems.State.READY, False)


async def test_a_take_that_would_be_another_now_has_no_stems(alice: User, tmp_path: Path) -> None:
    version = await sync_to_async(song)(alice, notes=b"MThd as it was")
    async with working(tmp_path):
        await sync_to_async(stems.wish)(version)
        row = await until(is_over)
    assert (row.state, row.error) == (Stems.State.FAILED, live.CHANGED)
    assert not row.archive


async def test_progress_is_written_while_it_is_made(alice: User, tmp_path: Path) -> None:
    version = await sync_to_async(song)(alice, prompt="slow slow deaf")
    async with working(tmp_path):
        await sync_to_async(stems.wish)(version)
        row = await until(lambda row: row.progress > 0)
        assert row.state == Stems.State.RUNNING


async def test_a_wish_that_is_taken_back_is_not_worked_on(alice: User, tmp_path: Path) -> None:
    version = await sync_to_async(song)(alice, prompt="slow deaf")
    async with working(tmp_path):
        await sync_to_async(stems.wish)(version)
        await until(lambda row: row.progress > 0)
        await sync_to_async(stems.give_up)(version)
        async with asyncio.timeout(10):
            while files(tmp_path / "engine"):
                await asyncio.sleep(0.05)
    assert not await Stems.objects.aexists()


async def test_a_song_that_is_deleted_meanwhile_leaves_nothing(alice: User, tmp_path: Path) -> None:
    version = await sync_to_async(song)(alice, prompt="slow")
    async with working(tmp_path):
        await sync_to_async(stems.wish)(version)
        await until(lambda row: row.state == Stems.State.RUNNING)
        await sync_to_async(generations.delete)(version.generation)
        await asyncio.sleep(2)
    folder = f"songs/{version.generation_id}"
    left = default_storage.listdir(folder)[1] if default_storage.exists(folder) else []
    assert not [name for name in left if name.startswith("stems")]


async def test_what_a_process_leaves_at_its_end_is_taken_up_at_once(alice: User, tmp_path: Path) -> None:
    version = await sync_to_async(song)(alice, prompt="slow slow deaf")
    async with working(tmp_path):
        await sync_to_async(stems.wish)(version)
        await until(lambda row: row.progress > 0)
    row = await Stems.objects.aget()
    assert (row.state, row.attempts) == (Stems.State.WAITING, 0)


async def test_an_engine_that_dies_is_tried_again_but_not_for_ever(alice: User, tmp_path: Path) -> None:
    version = await sync_to_async(song)(alice, prompt="dies")
    async with working(tmp_path):
        await sync_to_async(stems.wish)(version)
        row = await until(is_over, 40)
    assert (row.state, row.attempts) == (Stems.State.FAILED, ATTEMPTS)
    assert "engine stopped" in row.error


def test_one_take_is_worked_on_at_a_time_and_a_dead_process_keeps_nothing(alice: User) -> None:
    first, second = stems.wish(song(alice)), stems.wish(song(alice))
    claimed = claim("one")
    assert claimed == first
    assert claim("two") is None
    Stems.objects.filter(pk=first.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    again = claim("two")
    assert again == first
    assert not live.keep(claimed, 50)
    assert live.keep(again, 50)
    assert live.end(again, state=Stems.State.READY)
    assert claim("one") == second


def test_a_clock_that_was_set_back_holds_nothing_up(alice: User) -> None:
    row = stems.wish(song(alice))
    assert claim("one") == row
    Stems.objects.update(lease_until=timezone.now() + 3 * LEASE)
    assert claim("two") == row
