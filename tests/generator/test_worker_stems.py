"""Taking a take apart, in a process of its own that gives way to songs."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from generator.engine import Changed, Job, Progress, Separated, StemsReport, Workers
from generator.protocol.errors import EngineFailed, StorageFailed
from tests.generator import fake_song
from tests.generator.test_worker import FAKE, finished, is_gone, job, sing


def notes_of(asked: Job, number: int = 1) -> str:
    """The SHA-256 of a take's notes."""
    plan = fake_song.plan(asked.prompt, asked.lyrics, asked.seed)
    return hashlib.sha256(fake_song.notes(plan, number)).hexdigest()


async def apart(workers: Workers, asked: Job, number: int = 1, notes: str = "") -> list[StemsReport]:
    wanted = notes or notes_of(asked, number)
    return [report async for report in workers.separate(asked, number, wanted)]


@pytest.fixture
async def workers() -> AsyncIterator[Workers]:
    pool = Workers(song=FAKE, quiet=True)
    yield pool
    await pool.close()


async def test_a_take_is_taken_apart_and_says_which_sound_it_adds_up_to(workers: Workers, tmp_path: Path) -> None:
    asked = job(tmp_path / "song")
    await sing(workers, asked)
    reports = await apart(workers, job(tmp_path / "apart"), 2)
    streamed = asked.stream(2).read_bytes()
    assert reports[-1] == Separated(take=2, size=len(streamed), sha256=hashlib.sha256(streamed).hexdigest())
    with zipfile.ZipFile(job(tmp_path / "apart").stems(2)) as archive:
        assert archive.testzip() is None
        assert archive.read("drums.flac") == b"fLaC\x02"


async def test_taking_apart_gives_way_to_songs(workers: Workers, tmp_path: Path) -> None:
    await apart(workers, job(tmp_path / "apart"))
    with zipfile.ZipFile(job(tmp_path / "apart").stems(1)) as archive:
        assert archive.read("niceness.flac")[0] > 10


async def test_there_are_no_stems_of_a_take_that_would_be_another_now(workers: Workers, tmp_path: Path) -> None:
    asked = job(tmp_path / "apart")
    assert await apart(workers, asked, 1, "other notes") == [Changed(take=1)]
    assert not list(asked.folder.iterdir())


async def test_a_song_does_not_wait_for_stems(workers: Workers, tmp_path: Path) -> None:
    asked = job(tmp_path / "apart", "slow")
    async with contextlib.aclosing(workers.separate(asked, 1, notes_of(asked))) as reports:
        assert isinstance(await anext(reports), Progress)
        assert set(finished(await sing(workers, job(tmp_path / "song")))) == {1, 2}
        assert [type(report) for report in [report async for report in reports]][-1] is Separated


async def test_stems_that_are_not_wanted_any_more_leave_no_process(workers: Workers, tmp_path: Path) -> None:
    asked = job(tmp_path / "apart", "deaf")
    async with contextlib.aclosing(workers.separate(asked, 1, notes_of(asked))) as reports:
        await anext(reports)
        (child,) = workers._children
    assert is_gone(child._process.pid)
    assert not workers._children


async def test_stems_that_fail_say_so(workers: Workers, tmp_path: Path) -> None:
    for prompt, fault in (("raises", EngineFailed), ("dies", EngineFailed), ("disk", StorageFailed)):
        with pytest.raises(fault):
            await apart(workers, job(tmp_path / prompt, prompt))


async def test_work_that_is_stopped_twice_leaves_no_process_either(workers: Workers, tmp_path: Path) -> None:
    asked = job(tmp_path / "apart", "deaf")

    async def listen() -> None:
        async for _ in workers.separate(asked, 1, notes_of(asked)):
            began.set()

    began = asyncio.Event()
    task = asyncio.create_task(listen())
    await began.wait()
    (child,) = workers._children
    for _ in range(2):
        task.cancel()
        await asyncio.sleep(0)
    await asyncio.gather(task, return_exceptions=True)
    await workers.close()
    assert not child.is_alive
