"""One song's way from the upstream into the journal.

The stream is read without a pause; sound and pictures are fetched beside it, one keeper for each version, so that a
slow download never holds up the next event and one lost take never costs the other.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
from collections.abc import AsyncGenerator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO, cast

from django.utils import timezone

from generator import picture, probe
from generator.child import UnfitError
from generator.given import ROLES
from generator.protocol import events as v6
from generator.protocol.errors import AudioUnusable, GenerationError, StorageFailed
from generator.upstream import ORDERS, VERSIONS, SongRequest, Upstream
from studio.live import files
from studio.live.apply import Stored
from studio.live.journal import Journal, Lease, StaleError, reader
from studio.songs import sounds
from studio.songs.models import Generation, Status

log = logging.getLogger(__name__)

LARGEST_AUDIO = 100 * 1024 * 1024
LARGEST_MIDI = 10 * 1024 * 1024
LARGEST_ART = 10 * 1024 * 1024
MOST_PICTURES = 3
EARLY_BYTES = 16 * 1024
"""A take is called playable once so much of it lies here: about two thirds of a second of sound."""
ART_SECONDS = 5.0
"""How long a song that is otherwise whole waits for its picture."""
COPY_SECONDS = 10.0
"""How long the early copy may lag behind the finished take before it is given up."""


@dataclass(slots=True)
class Relay:
    """One song under way: by what right it is written, who makes it, and where early sound lies."""

    lease: Lease
    upstream: Upstream
    journal: Journal
    """In which the song is begun."""
    kept: frozenset[int]
    """Numbers of the versions whose files an earlier lease has stored."""
    is_ordering: bool = field(default=False, init=False)
    """The order may be on its way, and nothing has been heard of it yet: ending now would leave it unknown."""
    pictures: list[asyncio.Task[None]] = field(default_factory=list, init=False)
    """One for each address that was told, in that order."""

    @property
    def row(self) -> Generation:
        """The song as last written. Nobody keeps it: with a thousand songs a second row of each is megabytes."""
        return self.journal.row(self.lease)

    @property
    def folder(self) -> Path:
        """Early audio and unfinished downloads of this song, apart from those of other leases."""
        return files.early_folder(self.lease.generation_id, self.lease.fence)

    async def run(self) -> None:
        """Bring the song into the journal, whole. Cancelling cancels it. Raises `GenerationError`, `StaleError`."""
        before = self.row.submitted_at
        submitted = timezone.now() if before is None or self.upstream.makes_again else before
        # From here on, not from the order itself: once a row says that it was ordered, nobody orders it again.
        self.is_ordering = before is None and not self.upstream.makes_again
        await self.journal.change(self.lease, submitted_at=submitted, upstream=self.upstream.name)
        try:
            await asyncio.to_thread(self.folder.mkdir, parents=True, exist_ok=True)
            await self._run(is_new=before is None)
        except OSError as error:
            raise StorageFailed(raw=error) from error

    async def _run(self, *, is_new: bool) -> None:
        keepers = {number: _Keeper(self, number, is_stored=number in self.kept) for number in VERSIONS}
        broke: GenerationError | None = None
        try:
            async with asyncio.TaskGroup() as tasks:
                try:
                    await self._read(keepers, tasks, is_new=is_new)
                except GenerationError as fault:
                    broke = fault  # what has come so far is still kept: the keepers are let end
                if work := [task for keeper in keepers.values() if (task := keeper.end())]:
                    await asyncio.wait(work)
                self._leave(self.pictures)
        except BaseExceptionGroup as group:
            raise _first(group) from group
        for lost in (broke, *(keeper.lost for keeper in keepers.values())):
            if lost:
                raise lost

    async def _events(self, *, is_new: bool) -> AsyncGenerator[v6.Event, None]:
        request = await reader.run(request_of, self.row, self.upstream.makes_again)
        if not is_new:
            return self.upstream.take_up(request, self.row.upstream_message_id)
        return self.upstream.generate(request)

    async def _read(self, keepers: dict[int, _Keeper], tasks: asyncio.TaskGroup, *, is_new: bool) -> None:
        """The stream itself, event by event, to its end."""
        unnumbered = iter(VERSIONS)
        told: set[str] = set()
        async with contextlib.aclosing(await self._events(is_new=is_new)) as stream:
            async for event in stream:
                if self.row.status == Status.INTERRUPTED:
                    await self._heard_again()
                match event:
                    case v6.Validated():
                        await self.journal.promise(self.lease, event)
                        self.is_ordering = False
                    case v6.Running():
                        await self.journal.progress(self.lease, event)
                    case v6.StreamReady() | v6.Finished() if event.version in keepers:
                        keepers[event.version].hear(event, tasks)
                    case v6.AudioReady():
                        # Hosts may leave the number out: then versions are told in their order.
                        number = event.version or next(unnumbered, VERSIONS[-1])
                        keepers[number].hear(event, tasks)
                    case v6.Failed():
                        raise GenerationError(event.error, event.extra.get("error_code", "upstream_refused"))
                    case _:
                        pass  # steps on the way that promise nothing
                if isinstance(event, v6.Named) and event.album_art and event.album_art not in told:
                    # Hosts show a makeshift picture first: each new address is tried, within reason.
                    told.add(event.album_art)
                    if len(told) <= MOST_PICTURES:
                        art = self._keep_art(event.album_art, tuple(self.pictures))
                        self.pictures.append(tasks.create_task(art))

    async def _heard_again(self) -> None:
        """An interrupted song goes on."""
        await self.journal.change(self.lease, status=Status.RUNNING, error_code="", retry_at=None)

    async def _keep_art(self, address: str, earlier: Sequence[asyncio.Task[None]]) -> None:
        """The song's picture. One that cannot be had leaves our print in its place and never harms the song.

        One that is kept takes the place of those that were told `earlier`, also of such as are still on their way.
        """
        path = self.folder / f"cover-{hashlib.sha256(address.encode()).hexdigest()[:8]}"
        try:
            await self.fetch(address, path, LARGEST_ART)
            made = await picture.remade(path)
            await asyncio.to_thread(path.write_bytes, made)
            # A later picture has another name: caches and readers of the one before are not mixed up.
            name = f"cover-{self.lease.fence}-{hashlib.sha256(made).hexdigest()[:8]}.webp"
            name = await asyncio.to_thread(files.put, path, f"{files.folder(self.lease.generation_id)}/{name}")
        except (AudioUnusable, UnfitError, OSError) as fault:
            log.warning("The artwork of %s could not be kept: %s", self.lease.generation_id, fault)
            return
        finally:
            path.unlink(missing_ok=True)
        self._leave(earlier)
        await self.journal.change(self.lease, album_art=name)

    async def pictured(self) -> None:
        """Wait for the pictures for a while: what comes once the song is over is not kept."""
        if self.pictures:
            await asyncio.wait(self.pictures, timeout=ART_SECONDS)

    @staticmethod
    def _leave(pictures: Sequence[asyncio.Task[None]]) -> None:
        for one in pictures:
            one.cancel()

    async def fetch(self, address: str, path: Path, most: int) -> tuple[int, str]:
        """Write what lies at `address` to `path`; its size and SHA-256. Raises `AudioUnusable` over `most` bytes."""
        digest, size = hashlib.sha256(), 0
        with _writing(path) as file:
            async with contextlib.aclosing(self.upstream.open(address)) as pieces:
                async for piece in pieces:
                    size += len(piece)
                    if size > most:
                        raise AudioUnusable("What came is larger than a song can be.", "audio_rejected")
                    digest.update(piece)
                    await asyncio.to_thread(_write, file, piece)
        return size, digest.hexdigest()


class _Keeper:
    """Looks after one version: its early sound, its stored file, its words, strictly in that order.

    Works from its first event on: most of the time there is none, and a thousand songs that wait take less memory.
    """

    __slots__ = ("_done", "_early", "_events", "_is_stored", "_number", "_relay", "_work", "lost")

    def __init__(self, relay: Relay, number: int, *, is_stored: bool) -> None:
        """`is_stored`: an earlier lease has kept its file already."""
        self.lost: GenerationError | None = None
        """Why this version cannot be had."""
        self._relay, self._number, self._is_stored = relay, number, is_stored
        self._events: asyncio.Queue[v6.Event | None] | None = None
        self._work: asyncio.Task[None] | None = None
        self._early: asyncio.Task[None] | None = None
        self._done = False

    def hear(self, event: v6.Event, tasks: asyncio.TaskGroup) -> None:
        """Something happened to the version; its work is one of `tasks`."""
        if self._events is None:
            self._events = asyncio.Queue()
            self._work = tasks.create_task(self._keep(self._events))
        self._events.put_nowait(event)

    def end(self) -> asyncio.Task[None] | None:
        """Nothing more will be heard; the work that is left. A version that cannot be had is noted in `lost`."""
        if self._events is None:
            self.lost = _cut_short()
        else:
            self._events.put_nowait(None)
        return self._work

    async def _keep(self, events: asyncio.Queue[v6.Event | None]) -> None:
        try:
            while not self._done and (event := await events.get()):
                await self._take_in(event)
        except AudioUnusable as fault:
            self.lost = fault
        finally:
            if self._early:
                self._early.cancel()
        if not self._done and not self.lost:
            self.lost = _cut_short()

    async def _take_in(self, event: v6.Event) -> None:
        match event:
            case v6.StreamReady():
                if self._early is None and not self._is_stored:
                    self._early = asyncio.create_task(self._copy_early(event))
            case v6.AudioReady() if not self._is_stored:
                if self._early:
                    await asyncio.wait([self._early], timeout=COPY_SECONDS)
                stored = await self._store(event)
                try:
                    await self._promise(replace(event, version=self._number), stored)
                except StaleError:
                    for name in filter(None, (stored.name, stored.midi)):
                        await asyncio.to_thread(files.drop, name)
                    raise
                self._is_stored = True
            case v6.Finished():
                await self._relay.pictured()
                await self._promise(event)
                self._done = True

    async def _promise(self, event: v6.Event, stored: Stored | None = None) -> None:
        await self._relay.journal.promise(self._relay.lease, event, stored)

    async def _copy_early(self, event: v6.StreamReady) -> None:
        """Let the take be heard while it grows. Where this fails nothing is lost: the whole file comes anyway."""
        told, size, head = False, 0, b""
        try:
            with _writing(self._relay.folder / f"{self._number}.mp3") as file:
                async with contextlib.aclosing(self._relay.upstream.open(event.stream_url)) as pieces:
                    async for piece in pieces:
                        await asyncio.to_thread(_write, file, piece)
                        size += len(piece)
                        head = head or piece[: probe.HEAD_BYTES]
                        if not told and size >= EARLY_BYTES:
                            if probe.sniffed(head) != "mp3":
                                raise AudioUnusable("Only MP3 can be heard while it comes.", "audio_rejected")
                            told = True
                            await self._promise(event)
        except (AudioUnusable, OSError) as fault:
            log.warning("Take %s of %s cannot be heard early: %s", self._number, self._relay.lease.generation_id, fault)

    async def _store(self, event: v6.AudioReady) -> Stored:
        """Fetch the whole take, make sure that it plays, put it into storage; with its notes, if we made them."""
        whole = self._relay.folder / f"{self._number}.whole"
        lease = self._relay.lease
        try:
            size, digest = await self._relay.fetch(event.audio_url, whole, LARGEST_AUDIO)
            found = await probe.probe(whole)
            name = f"{files.folder(lease.generation_id)}/take-{self._number}-{lease.fence}.{found.kind}"
            name = await asyncio.to_thread(files.put, whole, name)
        finally:
            whole.unlink(missing_ok=True)
        midi = await self._store_midi(event.extra.get("midi_url"))
        return Stored(name, size, digest, found.duration_ms, found.peaks, midi)

    async def _store_midi(self, address: object) -> str:
        """Keep the take's notes; their name in storage. Only our own engine's are known to be what they say."""
        if not isinstance(address, str) or not self._relay.upstream.makes_again:
            return ""
        path, lease = self._relay.folder / f"{self._number}.mid", self._relay.lease
        await self._relay.fetch(address, path, LARGEST_MIDI)
        return await asyncio.to_thread(
            files.put, path, f"{files.folder(lease.generation_id)}/take-{self._number}-{lease.fence}.mid"
        )


def request_of(row: Generation, is_near: bool) -> SongRequest:
    """What is asked of a host. One that is near is given its owner's recordings as files, another their addresses."""
    mine = sounds.used(row)
    addresses = {role: getattr(row, f"{role}_url") or None for role in ROLES}
    addresses |= {role: None if is_near else sounds.lent(sound) for role, sound in mine.items()}
    return SongRequest(
        prompt=row.prompt,
        lyrics=row.lyrics or None,
        reference_url=addresses["reference"],
        instrumental_url=addresses["instrumental"],
        vocal_url=addresses["vocal"],
        melody_url=addresses["melody"],
        seed=row.seed,
        given=sounds.given(row) if is_near else (),
        orders=ORDERS - row.orders,
    )


def _cut_short() -> GenerationError:
    return GenerationError("The stream ended before this take was whole.", "stream_lost")


def _writing(path: Path) -> BinaryIO:
    """A new file, unbuffered. Opened at once and not in a thread: a cancelled relay would leave that file open."""
    return cast(BinaryIO, path.open("wb", 0))


def _write(file: BinaryIO, piece: bytes) -> None:
    """All of `piece`: an unbuffered file may take less than it is given, as it does where room runs out."""
    left = memoryview(piece)
    while left:
        left = left[file.write(left) :]


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
