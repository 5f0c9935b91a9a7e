"""The journal: the only writer of events and the only one who moves a running song on.

A promise (accepted, playable, stored, finished, failed) gets the next `seq` and is committed before anybody hears of
it. Progress is told at once and written at most once a second. All writing happens in one thread of its own, in groups.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field

from django.db import transaction

from generator.protocol import events as v6
from studio.live.announce import Message, hub
from studio.live.apply import Stored, apply
from studio.live.lane import Lane
from studio.songs import addresses, state
from studio.songs.models import Event, Generation, Status, Version

GROUP_SECONDS = 0.02
"""How long a promise waits for others to be committed with."""
PROGRESS_SECONDS = 1.0
"""How often progress is written to its row."""
HINT_SECONDS = 0.1
"""How often one song's progress is told: at most ten messages a second."""
READ_AGAIN_SECONDS = 5.0
"""A reader that hears nothing for so long reads the rows again: another process may be at work."""
OURS = ("album_art", "stream_url", "audio_url", "message_id", "chunkIndex")

writer = Lane("journal")
reader = Lane("follow")


class StaleError(Exception):
    """Another process has taken this song over, or it is gone: what we know of it must not be written any more."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to write about one generation: good while the row's fence is this one."""

    generation_id: uuid.UUID
    fence: int


@dataclass(slots=True)
class _Entry:
    """Something to be written: an event, or a change without a number where `event` is None."""

    lease: Lease
    event: v6.Event | None
    stored: Stored | None = None
    changes: dict[str, object] = field(default_factory=dict)


@dataclass(slots=True)
class _Known:
    """A running song as last committed, for telling progress without a query."""

    row: Generation
    versions: list[Version]
    told: float = 0.0
    written: float = 0.0


class Journal:
    """One process's pen. Use it from one event loop only."""

    def __init__(self) -> None:
        self._waiting: list[tuple[_Entry, asyncio.Future[Message | None]]] = []
        self._flush: asyncio.Task[None] | None = None
        self._known: dict[uuid.UUID, _Known] = {}

    async def promise(self, lease: Lease, event: v6.Event, stored: Stored | None = None) -> None:
        """Write one promise, then announce it. Raises `StaleError`."""
        known = self._known.get(lease.generation_id)
        # What was told must not fall back to what was last written.
        told: dict[str, object] = {"progress": known.row.progress} if known else {}
        await self._write(_Entry(lease, event, stored, told))

    async def change(self, lease: Lease, **changes: object) -> None:
        """Write columns that are no promise (the artwork's name, when the request left). Raises `StaleError`."""
        await self._write(_Entry(lease, None, changes=changes))

    async def progress(self, lease: Lease, event: v6.Running) -> None:
        """Tell how far a song is: at once to those who watch, once a second to its row."""
        known, now = self._known.get(lease.generation_id), time.monotonic()
        if known is None or known.row.progress == event.progress:
            return
        known.row.progress = event.progress
        if now - known.written >= PROGRESS_SECONDS:
            known.written = now
            await self._write(_Entry(lease, None, changes={"progress": event.progress}))
        elif now - known.told >= HINT_SECONDS:
            known.told = now
            hub.tell(lease.generation_id, Message(None, _running(known.row), _state(known)))

    def forget(self, generation_id: uuid.UUID) -> None:
        """Drop what is remembered of a song whose relay has ended."""
        self._known.pop(generation_id, None)

    async def _write(self, entry: _Entry) -> None:
        done: asyncio.Future[Message | None] = asyncio.get_running_loop().create_future()
        self._waiting.append((entry, done))
        if self._flush is None or self._flush.done():
            self._flush = asyncio.create_task(self._write_group())
        message = await asyncio.shield(done)
        if message is not None:
            hub.tell(entry.lease.generation_id, message)

    async def _write_group(self) -> None:
        while self._waiting:
            await asyncio.sleep(GROUP_SECONDS)
            group, self._waiting = self._waiting, []
            try:
                outcomes = await writer.run(_commit, [entry for entry, _ in group])
            except Exception as error:
                outcomes = [error] * len(group)
            for (entry, done), outcome in zip(group, outcomes, strict=True):
                if done.cancelled():
                    continue
                if isinstance(outcome, Exception):
                    done.set_exception(outcome)
                else:
                    done.set_result(self._remember(entry, outcome))

    def _remember(self, entry: _Entry, outcome: _Outcome) -> Message | None:
        before = self._known.get(outcome.row.pk)
        known = _Known(outcome.row, outcome.versions)
        if before:
            known.told, known.written = before.told, before.written
            # A hint may have gone out while this was being written: what was told must not fall back either.
            known.row.progress = max(known.row.progress, before.row.progress)
        self._known[outcome.row.pk] = known
        if outcome.written:
            return Message(outcome.written.seq, wire(outcome.written, known.row, known.versions), _state(known))
        return Message(None, None, _state(known)) if entry.event is None else None


@dataclass(slots=True)
class _Outcome:
    row: Generation
    versions: list[Version]
    written: Event | None


def _commit(entries: Sequence[_Entry]) -> list[_Outcome | Exception]:
    """All entries in one transaction; one that may not be written spoils no other."""
    outcomes: list[_Outcome | Exception] = []
    with transaction.atomic():
        for entry in entries:
            try:
                with transaction.atomic():
                    outcomes.append(_enter(entry))
            except StaleError as stale:
                outcomes.append(stale)
    return outcomes


def _enter(entry: _Entry) -> _Outcome:
    under_way = Generation.objects.select_for_update().filter(status__in=(Status.RUNNING, Status.INTERRUPTED))
    row = under_way.filter(pk=entry.lease.generation_id, lease_fence=entry.lease.fence).first()
    if row is None:
        raise StaleError
    versions = list(row.versions.all())
    written = None
    for column, value in entry.changes.items():
        setattr(row, column, value)
    if entry.event is not None:
        kind = apply(row, {v.number: v for v in versions}, entry.event, entry.stored)
        if kind:
            row.last_seq += 1
            complete = row.is_final
            body = {**entry.event.wire(0), "isComplete": complete}
            body = {name: value for name, value in body.items() if name not in OURS}
            if kind == "failed":
                body |= {"error": row.error, "error_code": row.error_code}  # a host's own text is cleaned by now
            written = Event.objects.create(generation=row, seq=row.last_seq, kind=kind, body=body)
    row.save()
    return _Outcome(row, versions, written)


def wire(event: Event, row: Generation, versions: Sequence[Version]) -> dict[str, object]:
    """A stored event as our API serves it: the v6 fields with this site's own addresses."""
    body: dict[str, object] = {"message_id": str(row.pk), **event.body, "chunkIndex": event.seq}
    if event.kind != "finished":
        body["album_art"] = addresses.whole(addresses.bare_cover(row))
    version = next((v for v in versions if v.number == event.body.get("version")), None)
    if version and event.kind == "playable":
        body["stream_url"] = addresses.whole(addresses.stream(version))
    if version and event.kind == "stored":
        body["audio_url"] = addresses.whole(addresses.stream(version))
    return body


async def follow(generation_id: uuid.UUID, after: int) -> AsyncGenerator[Message]:
    """Everything promised after the cursor, then what happens, until the song is final. The one reader's door.

    Whoever calls has settled that the reader may see this song. A cursor beyond the last seq (of another database, of
    a rubbish address) is answered with the state as it is now. Ends at once where there is no such song.
    """
    with hub.listen(generation_id) as news:
        cursor, first, told = after, True, 0
        while True:
            caught = await reader.run(_catch_up, generation_id, cursor, first, told)
            if caught is None:
                return
            for missed in caught.messages:
                told = max(told, missed.state["progress"])
                yield missed
            cursor, first = caught.cursor, False
            if caught.is_final:
                return
            while message := await _within(news, READ_AGAIN_SECONDS):
                if message.seq is None:
                    if message.state["progress"] >= told:  # less was told before the rows were read: old news
                        told = message.state["progress"]
                        yield message
                elif message.seq == cursor + 1:
                    cursor = message.seq
                    yield message
                    if message.state["is_final"]:
                        return
                elif message.seq > cursor:
                    break  # a hole: read it from the rows


async def _within(news: asyncio.Queue[Message | None], seconds: float) -> Message | None:
    """The next message; None where none comes in time: then the rows are to be read as well."""
    try:
        async with asyncio.timeout(seconds):
            return await news.get()
    except TimeoutError:
        return None


@dataclass(frozen=True, slots=True)
class _Caught:
    messages: list[Message]
    cursor: int
    is_final: bool


def _catch_up(generation_id: uuid.UUID, cursor: int, first: bool, told: int) -> _Caught | None:
    row = Generation.objects.filter(pk=generation_id).prefetch_related("versions").first()
    if row is None:
        return None
    row.progress = max(row.progress, told)  # the row is written once a second; its reader may have heard of more
    versions = list(row.versions.all())
    now = state.card(row, versions).as_json()
    if cursor > row.last_seq:
        return _Caught([Message(row.last_seq, None, now)], row.last_seq, row.is_final)
    events = list(row.events.filter(seq__gt=cursor, seq__lte=row.last_seq))
    messages = [Message(event.seq, wire(event, row, versions), now) for event in events]
    if not messages and (first or not row.is_final):
        messages.append(Message(None, None, now))
    return _Caught(messages, row.last_seq, row.is_final)


def _running(row: Generation) -> dict[str, object]:
    event = v6.Running(message_id=str(row.pk), song_name=row.title, progress=row.progress)
    return {**event.wire(row.last_seq), "album_art": addresses.whole(addresses.bare_cover(row))}


def _state(known: _Known) -> dict[str, object]:
    return state.card(known.row, known.versions).as_json()
