"""Makes the stems that people wish for: one take at a time, over all processes, and no song waits for it.

A wish is a row, and whoever works on it holds a lease: what a process leaves behind when it ends is taken up by
another. A wish whose row is gone was taken back.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import hashlib
import logging
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import F, Q
from django.utils import timezone

from generator.engine import Changed, Progress, Separated
from generator.protocol.errors import EngineFailed, GenerationError
from generator.upstream.embedded import Embedded
from studio.live import files
from studio.live.journal import reader, writer
from studio.live.relay import request_of
from studio.songs import generations
from studio.songs.models import Stems
from studio.songs.stems import UNFINISHED, forget_old

log = logging.getLogger(__name__)

BEAT_SECONDS = 2.0
"""How often wishes are looked for."""
KEEP_SECONDS = 1.0
"""How often the one that is worked on is looked after: its lease is extended, its progress written."""
LEASE = timedelta(seconds=20)
ATTEMPTS = 3
SWEEP_SECONDS = 3600.0
CHANGED = (
    "The engine has changed since this song was made and would play other notes now, so its stems cannot be made any"
    " more. Its MIDI file has the notes as they are."
)


class Separator:
    """Fulfils wishes in one process. Made, started and drained on one event loop."""

    def __init__(self, upstream: Embedded, name: str) -> None:
        """`name` is this process's own among all."""
        self._upstream, self._name = upstream, name
        self._wake = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._task: asyncio.Task[None] | None = None
        self._percent = 0
        self._swept = 0.0

    def start(self) -> None:
        """Begin to look for wishes."""
        generations.changed.connect(self._hear, weak=False)
        self._task = self._loop.create_task(self._run(), context=contextvars.Context())

    async def drain(self) -> None:
        """Stop, and leave what is under way to the next who looks."""
        generations.changed.disconnect(self._hear)
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def _hear(self, **_: Any) -> None:
        with contextlib.suppress(RuntimeError):  # the loop may just have ended: the row waits for the next start
            self._loop.call_soon_threadsafe(self._wake.set)

    async def _run(self) -> None:
        while True:
            try:
                await self._round()
            except Exception:
                log.exception("Stems could not be looked after; it goes on.")
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(BEAT_SECONDS):
                    await self._wake.wait()
            self._wake.clear()

    async def _round(self) -> None:
        if time.monotonic() - self._swept > SWEEP_SECONDS or not self._swept:
            self._swept = time.monotonic()
            await writer.run(forget_old)
        while (row := await writer.run(claim, self._name)) is not None:
            await self._fulfil(row)

    async def _fulfil(self, row: Stems) -> None:
        """One wish, from its claim to its end, whatever that is."""
        self._percent = 0
        work = asyncio.create_task(self._separate(row))
        try:
            while not (await asyncio.wait([work], timeout=KEEP_SECONDS))[0]:
                if not await writer.run(keep, row, self._percent):
                    return
            await work
        except EngineFailed as fault:
            if row.attempts >= ATTEMPTS:
                await writer.run(end, row, state=Stems.State.FAILED, error=fault.sentence)
            else:
                await writer.run(end, row, state=Stems.State.WAITING)
        except GenerationError as fault:
            await writer.run(end, row, state=Stems.State.FAILED, error=fault.sentence)
        except asyncio.CancelledError:
            await writer.run(end, row, state=Stems.State.WAITING, attempts=F("attempts") - 1)
            raise
        finally:
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)

    async def _separate(self, row: Stems) -> None:
        song = row.version.generation
        request = await reader.run(request_of, song, True)
        notes = await asyncio.to_thread(_notes, row)
        with _folder() as folder:
            archive = folder / "stems.zip"
            reports = self._upstream.separate(request, row.version.number, notes, archive)
            async with contextlib.aclosing(reports):
                async for report in reports:
                    match report:
                        case Progress():
                            self._percent = report.percent
                        case Changed():
                            await writer.run(end, row, state=Stems.State.FAILED, error=CHANGED)
                        case Separated():
                            await self._store(row, archive, report)

    async def _store(self, row: Stems, archive: Path, made: Separated) -> None:
        is_exact, size, digest = await asyncio.to_thread(_measured, row, archive, made)
        name = f"{files.folder(row.version.generation_id)}/stems-{row.version.number}-{digest[:8]}.zip"
        name = await asyncio.to_thread(files.put, archive, name)
        told: dict[str, Any] = {"archive": name, "size": size, "sha256": digest, "is_exact": is_exact}
        is_kept = await writer.run(end, row, state=Stems.State.READY, progress=100, made_at=timezone.now(), **told)
        if not is_kept:
            await asyncio.to_thread(files.drop, name)


def claim(owner: str) -> Stems | None:
    """The oldest wish that nobody works on, for `owner`; None while one is worked on anywhere, or there is none."""
    now = timezone.now()
    held = Q(state=Stems.State.RUNNING, lease_until__gt=now, lease_until__lte=now + 2 * LEASE)
    if Stems.objects.filter(held).exists():
        return None
    row = Stems.objects.filter(state__in=UNFINISHED).order_by("asked_at", "pk").first()
    if row is None:
        return None
    if row.attempts >= ATTEMPTS:
        Stems.objects.filter(pk=row.pk).update(state=Stems.State.FAILED, error=EngineFailed().sentence)
        return None
    mine = Stems.objects.filter(pk=row.pk, state=row.state, attempts=row.attempts, lease_owner=row.lease_owner)
    until = now + LEASE
    state = Stems.State.RUNNING
    if not mine.update(state=state, progress=0, attempts=F("attempts") + 1, lease_owner=owner, lease_until=until):
        return None
    return Stems.objects.select_related("version__generation").get(pk=row.pk)


def keep(row: Stems, percent: int) -> bool:
    """Extend the lease and say how far it is; False where the wish was taken back, or is another's."""
    mine = Stems.objects.filter(pk=row.pk, lease_owner=row.lease_owner, state=Stems.State.RUNNING)
    return bool(mine.update(lease_until=timezone.now() + LEASE, progress=percent))


def end(row: Stems, **changes: Any) -> bool:
    """Write what came of it, and let it go; False as with `keep`."""
    mine = Stems.objects.filter(pk=row.pk, lease_owner=row.lease_owner, state=Stems.State.RUNNING)
    return bool(mine.update(lease_owner="", lease_until=None, **changes))


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    """Room for an archive; what a killed process leaves there is swept away with early sound."""
    settings.EARLY_DIR.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="stems-", dir=settings.EARLY_DIR) as folder:
        yield Path(folder)


def _notes(row: Stems) -> str:
    """The SHA-256 of the take's notes as they were kept."""
    with row.version.midi.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _measured(row: Stems, archive: Path, made: Separated) -> tuple[bool, int, str]:
    """Whether the kept take ends in the sound that the stems add up to; the archive's size and SHA-256."""
    with row.version.audio.open("rb") as file:
        file.seek(max(0, row.version.size - made.size))
        is_exact = hashlib.file_digest(file, "sha256").hexdigest() == made.sha256
    with archive.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return is_exact, archive.stat().st_size, digest


_here: Separator | None = None


def start(upstream: object, name: str) -> None:
    """Start this process's separator on the running loop, if songs are made by our own engine."""
    global _here  # noqa: PLW0603  one for each process, as the name says
    if isinstance(upstream, Embedded):
        _here = Separator(upstream, name)
        _here.start()


async def drain() -> None:
    """Stop it, if it was started."""
    if _here is not None:
        await _here.drain()
