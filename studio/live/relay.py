"""One song's way from the upstream into the journal.

The stream is read without a pause; sound and pictures are fetched beside it, one keeper for each version, so that a
slow download never holds up the next event and one lost take never costs the other.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.utils import timezone

from generator import probe
from generator.protocol import events as v6
from generator.protocol.errors import AudioUnusable, GenerationError
from generator.upstream import VERSIONS, SongRequest, Upstream
from studio.live.apply import Stored
from studio.live.journal import Journal, Lease
from studio.songs.models import Generation

log = logging.getLogger(__name__)

LARGEST_AUDIO = 100 * 1024 * 1024
LARGEST_ART = 10 * 1024 * 1024
EARLY_BYTES = 16 * 1024
"""A take is called playable once so much of it lies here: about a second of sound."""
COPY_SECONDS = 10.0
"""How long the early copy may lag behind the finished take before it is given up."""


async def copy(row: Generation, lease: Lease, upstream: Upstream, journal: Journal) -> None:
    """Bring `row`'s song into the journal, whole. Raises `GenerationError` or `Stale`; cancelling it cancels the song."""
    request = SongRequest(prompt=row.prompt, lyrics=row.lyrics or None, seed=row.seed)
    await journal.change(lease, submitted_at=row.submitted_at or timezone.now(), upstream=upstream.name)
    folder = settings.EARLY_DIR / str(row.pk)
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    keepers = {n: _Keeper(row, n, lease, upstream, journal, folder) for n in VERSIONS}
    try:
        async with asyncio.TaskGroup() as tasks:
            for keeper in keepers.values():
                tasks.create_task(keeper.work())
            tasks.create_task(_read(row, request, lease, upstream, journal, keepers, tasks))
    except BaseExceptionGroup as group:
        raise _first(group) from group
    lost = [keeper.lost for keeper in keepers.values() if keeper.lost]
    if lost:
        raise lost[0]


async def _read(
    row: Generation,
    request: SongRequest,
    lease: Lease,
    upstream: Upstream,
    journal: Journal,
    keepers: dict[int, _Keeper],
    tasks: asyncio.TaskGroup,
) -> None:
    """The stream itself, event by event; at its end every keeper is told that nothing more comes."""
    unnumbered = iter(VERSIONS)
    async with contextlib.aclosing(upstream.generate(request)) as stream:  # type: ignore[type-var]
        async for event in stream:
            match event:
                case v6.Validated():
                    await journal.promise(lease, event)
                    if event.album_art and not row.album_art:
                        tasks.create_task(_keep_art(row, lease, upstream, journal, event.album_art))
                case v6.Running():
                    await journal.progress(lease, event)
                case v6.StreamReady() | v6.Finished() if event.version in keepers:
                    keepers[event.version].events.put_nowait(event)
                case v6.AudioReady():
                    # Hosts may leave the number out: then versions are told in their order.
                    number = event.version or next(unnumbered, VERSIONS[-1])
                    keepers[number].events.put_nowait(event)
                case v6.Failed():
                    raise GenerationError(event.error, event.extra.get("error_code", "upstream_refused"))
                case _:
                    pass  # steps on the way that promise nothing
    for keeper in keepers.values():
        keeper.events.put_nowait(None)


class _Keeper:
    """Looks after one version: its early sound, its stored file, its words, strictly in that order."""

    def __init__(
        self, row: Generation, number: int, lease: Lease, upstream: Upstream, journal: Journal, folder: Path
    ) -> None:
        self.events: asyncio.Queue[v6.Event | None] = asyncio.Queue()
        self.lost: GenerationError | None = None
        self._row, self._number, self._lease = row, number, lease
        self._upstream, self._journal, self._folder = upstream, journal, folder
        self._early: asyncio.Task[None] | None = None
        self._done = False

    async def work(self) -> None:
        """Until the version is finished or the stream has ended. A version that cannot be had is noted in `lost`."""
        try:
            while not self._done and (event := await self.events.get()):
                await self._take_in(event)
        except AudioUnusable as fault:
            self.lost = fault
        finally:
            if self._early:
                self._early.cancel()
        if not self._done and not self.lost:
            self.lost = GenerationError("The stream ended before this take was whole.", "stream_lost")

    async def _take_in(self, event: v6.Event) -> None:
        match event:
            case v6.StreamReady():
                if self._early is None:
                    self._early = asyncio.create_task(self._copy_early(event))
            case v6.AudioReady():
                if self._early:
                    await asyncio.wait([self._early], timeout=COPY_SECONDS)
                stored = await self._store(event.audio_url)
                told = v6.AudioReady(
                    message_id=event.message_id,
                    song_name=event.song_name,
                    audio_url=event.audio_url,
                    version=self._number,
                )
                await self._journal.promise(self._lease, told, stored)
            case v6.Finished():
                await self._journal.promise(self._lease, event)
                self._done = True

    async def _copy_early(self, event: v6.StreamReady) -> None:
        """Let the take be heard while it grows. Where this fails nothing is lost: the whole file comes anyway."""
        told = False
        try:
            with await asyncio.to_thread(open, self._folder / f"{self._number}.mp3", "wb", 0) as file:
                async for piece in self._upstream.open(event.stream_url):
                    await asyncio.to_thread(file.write, piece)
                    if not told and file.tell() >= EARLY_BYTES:
                        told = True
                        await self._journal.promise(self._lease, event)
        except (AudioUnusable, OSError) as fault:
            log.warning("Take %s of %s cannot be heard early: %s", self._number, self._row.pk, fault)

    async def _store(self, address: str) -> Stored:
        """Fetch the whole take, make sure that it plays, put it into storage."""
        whole = self._folder / f"{self._number}.whole"
        size, digest = await _fetch(self._upstream, address, whole, LARGEST_AUDIO)
        found = await probe.probe(whole)
        name = await asyncio.to_thread(_put, whole, f"songs/{self._row.pk}/take-{self._number}.mp3")
        return Stored(name, size, digest, found.duration_ms, found.peaks)


async def _keep_art(row: Generation, lease: Lease, upstream: Upstream, journal: Journal, address: str) -> None:
    """The song's picture. A song without one keeps our print: no fault of the picture's ever harms the song."""
    path = settings.EARLY_DIR / str(row.pk) / "cover.webp"
    try:
        await _fetch(upstream, address, path, LARGEST_ART)
        name = await asyncio.to_thread(_put, path, f"songs/{row.pk}/cover.webp")
    except (AudioUnusable, OSError) as fault:
        log.warning("The artwork of %s could not be kept: %s", row.pk, fault)
        return
    await journal.change(lease, album_art=name)


async def _fetch(upstream: Upstream, address: str, path: Path, most: int) -> tuple[int, str]:
    """Write what lies at `address` to `path`; its size and SHA-256. Raises `AudioUnusable` over `most` bytes."""
    digest, size = hashlib.sha256(), 0
    with await asyncio.to_thread(path.open, "wb") as file:
        async for piece in upstream.open(address):
            size += len(piece)
            if size > most:
                raise AudioUnusable("What came is larger than a song can be.", "audio_rejected")
            digest.update(piece)
            await asyncio.to_thread(file.write, piece)
    return size, digest.hexdigest()


def _put(path: Path, name: str) -> str:
    """Move a file into storage under `name`; what an earlier attempt left there is replaced."""
    if default_storage.exists(name):
        default_storage.delete(name)
    with path.open("rb") as file:
        kept = default_storage.save(name, File(file))
    path.unlink()
    return kept


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """The one fault that matters of those that ended a task group."""
    faults = list(_flat(group))
    return next((fault for fault in faults if isinstance(fault, GenerationError)), faults[0])


def _flat(group: BaseExceptionGroup[BaseException]) -> Iterator[BaseException]:
    for fault in group.exceptions:
        if isinstance(fault, BaseExceptionGroup):
            yield from _flat(fault)
        else:
            yield fault
