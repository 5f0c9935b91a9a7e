"""Duplet's own engine as an upstream: no account, no network, the same events as from any v6 host.

Addresses are file: URIs inside a private folder. A song's files stay there for `KEPT_SECONDS` after its events have
ended and its last reader has left, because a relay fetches the audio beside the events; `close()` removes them at once.
"""

from __future__ import annotations

import asyncio
import shutil
import time
import uuid
from collections.abc import AsyncGenerator, Collection
from contextlib import aclosing, suppress
from pathlib import Path
from typing import Any

from generator import intake
from generator.engine import Finished, Job, Planned, Playable, Progress, Separated, StemsReport, Workers
from generator.engine.lyricist import Lyricist
from generator.engine.singable import check_lyrics
from generator.given import ROLES, Given, Role, Unfit, check_fit, check_together, told
from generator.protocol import events as v6
from generator.protocol.errors import AudioUnusable, Rejected, StorageFailed
from generator.upstream import VERSIONS, SongRequest

KEPT_SECONDS = 900.0
LEFTOVER_SECONDS = 3600.0
"""A folder of this age was left behind by a process that was killed: no song takes so long."""
RUNNING_SECONDS = 0.25
"""The least time between two `Running` events."""
TAIL_SECONDS = 0.1
"""How often a growing file is looked at."""
PIECE_BYTES = 64 * 1024


class _Song:
    """One request's files and how far they are."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.message_id = job.folder.name
        self.title = ""
        self.percent = dict.fromkeys(VERSIONS, 0)
        self.told = -1
        self.told_at = 0.0
        self.whole: set[int] = set()
        self.over = False
        """Nothing will be added to its files any more."""
        self.readers = 0
        self.used_at = time.monotonic()
        self.streams = {job.stream(number).as_uri(): number for number in VERSIONS}

    @property
    def named(self) -> dict[str, Any]:
        """What every event from `Validated` on carries."""
        return {"message_id": self.message_id, "album_art": self.job.cover.as_uri(), "song_name": self.title}

    def running(self, report: Progress) -> v6.Running | None:
        """The mean of all unfinished takes, if it rose and was not told only just now."""
        self.percent[report.take] = report.percent
        left = [self.percent[number] for number in VERSIONS if number not in self.whole]
        mean = sum(left) // len(left)
        if mean <= self.told or time.monotonic() - self.told_at < RUNNING_SECONDS:
            return None
        self.told, self.told_at = mean, time.monotonic()
        return v6.Running(**self.named, progress=mean)

    def finished(self, report: Finished) -> tuple[v6.Event, ...]:
        """What is told of a take that is whole; the song's last event says so."""
        self.whole.add(report.take)
        return (
            v6.AudioReady(
                **self.named,
                version=report.take,
                audio_url=self.job.audio(report.take).as_uri(),
                extra={"midi_url": self.job.midi(report.take).as_uri()},
            ),
            v6.Uploading(message_id=self.message_id, version=report.take),
            v6.Finished(
                message_id=self.message_id,
                version=report.take,
                lyrics_sections=report.sections,
                extra={"understood": report.understood},
                is_complete=self.whole.issuperset(VERSIONS),
            ),
        )


class Embedded:
    """The engine in this process's own children: an `Upstream`. Belongs to the event loop it is first used on."""

    name = "Duplet's own engine"
    inputs = frozenset({"prompt", "lyrics", *(f"{role}_url" for role in ROLES)})
    makes_again = True

    def __init__(
        self,
        folder: Path,
        slots: int = 1,
        *,
        workers: Workers | None = None,
        lyricist: Lyricist | None = None,
        allow: Collection[str] = (),
    ) -> None:
        """`folder` is made if need be, and is private to engines: old folders in it are removed.

        `slots` songs are made at once, by two processes each; `workers` makes them if given. `lyricist` is asked for
        words where the person gave none. `allow`: places that given sound may come from, as for `outbound.fetch`.
        """
        self._allow = allow
        self._folder = folder.resolve()
        self._workers = workers or Workers(slots)
        self._lyricist = lyricist
        self._songs: dict[str, _Song] = {}
        self._ageing: set[asyncio.Task[None]] = set()

    def check(self, request: SongRequest) -> None:
        """Refuse what this engine has no use for, an empty prompt, and words that cannot be sung."""
        roles = _roles(request)
        try:
            check_together(roles)
        except Unfit as unfit:
            raise Rejected(str(unfit), "rejected_input", f"{unfit.role}_url") from None
        if not request.prompt.strip():
            raise Rejected("Say in a few words what song you would like.", "rejected_prompt", "prompt")
        if request.lyrics:
            check_lyrics(request.lyrics)

    async def generate(self, request: SongRequest) -> AsyncGenerator[v6.Event, None]:
        """The song's events; see `Upstream.generate`. Raises `Rejected`, `EngineFailed`, `StorageFailed`."""
        self.check(request)
        yield v6.Initializing()
        song = _Song(await self._new_job(request))
        self._songs[song.message_id] = song
        try:
            async with aclosing(self._workers.submit(song.job)) as reports:
                async for report in reports:
                    for event in _events(song, report):
                        yield event
        finally:
            song.over = True
            song.used_at = time.monotonic()
            task = asyncio.get_running_loop().create_task(self._age(song))
            self._ageing.add(task)
            task.add_done_callback(self._ageing.discard)

    def take_up(self, request: SongRequest, message_id: str) -> AsyncGenerator[v6.Event, None]:  # noqa: ARG002
        """The song made once more: the same request and seed give the same song, and nothing is bought here."""
        return self.generate(request)

    async def separate(
        self, request: SongRequest, number: int, midi: str, archive: Path
    ) -> AsyncGenerator[StemsReport, None]:
        """Take `number` of a song that was made before, in its parts: a ZIP archive of FLAC files at `archive`.

        `midi` is the SHA-256 of the take's notes, see `Workers.separate`. Raises `EngineFailed`, `StorageFailed`.
        """
        job = await self._new_job(request)
        try:
            async with aclosing(self._workers.separate(job, number, midi)) as reports:
                async for report in reports:
                    if isinstance(report, Separated):
                        await asyncio.to_thread(shutil.move, job.stems(number), archive)
                    yield report
        except OSError as error:
            raise StorageFailed(raw=error) from error
        finally:
            await asyncio.to_thread(shutil.rmtree, job.folder, ignore_errors=True)

    async def open(self, address: str) -> AsyncGenerator[bytes, None]:
        """The bytes of a cover or a take; of a growing one as they come. Raises `AudioUnusable`."""
        song, path = self._find(address)
        number = song.streams.get(address)
        song.readers += 1
        try:
            with await asyncio.to_thread(path.open, "rb") as file:
                while True:
                    whole, over = number is None or number in song.whole, song.over  # known before the file is read
                    if piece := await asyncio.to_thread(file.read, PIECE_BYTES):
                        yield piece
                    elif whole:
                        return
                    elif over:
                        raise AudioUnusable("This take was not finished.", "audio_unavailable")
                    else:
                        await asyncio.sleep(TAIL_SECONDS)
        except OSError as error:
            raise AudioUnusable("This take's file could not be read.", "audio_unavailable") from error
        finally:
            song.readers -= 1
            song.used_at = time.monotonic()

    async def warm(self) -> None:
        """Start the children of the first song now, so that it need not wait for them."""
        await self._workers.warm()

    async def close(self) -> None:
        """End the children and remove the songs' files."""
        await self._workers.close()
        for task in self._ageing:
            task.cancel()
        await asyncio.gather(*self._ageing, return_exceptions=True)
        for song in list(self._songs.values()):
            await self._remove(song)

    def _find(self, address: str) -> tuple[_Song, Path]:
        """Whose file that is. Only addresses that this host gave are known, so nothing else on the disk can be read."""
        for song in self._songs.values():
            job = song.job
            files = (file(number) for number in VERSIONS for file in (job.stream, job.audio, job.midi))
            for path in (job.cover, *files):
                if path.as_uri() == address:
                    return song, path
        raise AudioUnusable("This address leads to no song that the engine still has.", "audio_unavailable")

    async def _new_job(self, request: SongRequest) -> Job:
        """A folder for one song, and the words it was drafted with. Waits for them for `lyricist.SECONDS` at most."""
        lyrics = request.lyrics or None
        draft = await self._lyricist.draft(request.prompt, lyrics, request.seed) if self._lyricist else ""
        folder = await asyncio.to_thread(self._new_folder)
        given = [*request.given]
        for role in _roles(request):
            if address := getattr(request, f"{role}_url"):
                given.append(await self._fetched(role, address, folder))
        return Job(
            prompt=request.prompt, lyrics=lyrics, seed=request.seed, folder=folder, draft=draft, given=tuple(given)
        )

    async def _fetched(self, role: Role, address: str, folder: Path) -> Given:
        """The recording behind an address, as the engine takes it. Raises `Rejected`, `StorageFailed`."""
        from generator import outbound  # noqa: PLC0415  an HTTP client takes 0.2 s to import, and few songs need one

        foreign, copy = folder / f"{role}.foreign", folder / f"{role}.flac"
        pieces = outbound.fetch(address, allowance=outbound.Allowance(size=intake.LARGEST), allow=self._allow)
        try:
            with await asyncio.to_thread(foreign.open, "wb") as file:
                async with aclosing(pieces):
                    async for piece in pieces:
                        await asyncio.to_thread(file.write, piece)
            heard, _ = await intake.take_in(foreign, copy)
            given = Given(role=role, path=copy, heard=heard)
            check_fit(given)
        except (AudioUnusable, Unfit) as unfit:
            sentence = unfit.sentence if isinstance(unfit, AudioUnusable) else str(unfit)
            raise Rejected(sentence, "rejected_input", f"{role}_url") from None
        except OSError as error:
            raise StorageFailed(raw=error) from error
        finally:
            await asyncio.to_thread(foreign.unlink, missing_ok=True)
        return given

    def _new_folder(self) -> Path:
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._clear_leftovers()
            folder = self._folder / uuid.uuid4().hex
            folder.mkdir(mode=0o700)
        except OSError as error:
            raise StorageFailed(raw=error) from error
        return folder

    def _clear_leftovers(self) -> None:
        for old in self._folder.iterdir():
            with suppress(FileNotFoundError):  # another process may clear at the same time
                if old.name not in self._songs and time.time() - old.stat().st_mtime > LEFTOVER_SECONDS:
                    shutil.rmtree(old, ignore_errors=True)

    async def _age(self, song: _Song) -> None:
        """Wait until a song's files have lain unused for long enough, then remove them."""
        while True:
            rest = song.used_at + KEPT_SECONDS - time.monotonic()
            if rest <= 0 and not song.readers:
                break
            await asyncio.sleep(max(rest, 1.0))
        await self._remove(song)

    async def _remove(self, song: _Song) -> None:
        self._songs.pop(song.message_id, None)
        await asyncio.to_thread(shutil.rmtree, song.job.folder, ignore_errors=True)


def _roles(request: SongRequest) -> list[Role]:
    """The roles that sounds have in this request, by address or already here."""
    here = {given.role for given in request.given}
    return [role for role in ROLES if role in here or getattr(request, f"{role}_url") is not None]


def _events(song: _Song, report: Planned | Progress | Playable | Finished) -> tuple[v6.Event, ...]:
    """What the document's stream says where the engine says `report`."""
    match report:
        case Planned():
            song.title = report.title
            named = song.named
            heard = {"heard": {one.role: told(one.heard) for one in song.job.given}} if song.job.given else {}
            return (
                v6.Validated(**named, extra={"inks": report.inks, **heard}),
                v6.Streaming(**named),
                v6.Processing(**named),
            )
        case Progress():
            running = song.running(report)
            return (running,) if running else ()
        case Playable():
            address = song.job.stream(report.take).as_uri()
            return (v6.StreamReady(**song.named, version=report.take, stream_url=address),)
        case Finished():
            return song.finished(report)
