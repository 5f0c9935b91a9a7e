"""The journal: the only writer of events and the only one who moves a running song on.

A promise (accepted, playable, stored, finished, failed) gets the next `seq` and is committed before anybody hears of
it. Progress is told at once and written once a second, for all songs together. One thread of its own does all writing.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import logging
import time
import uuid
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import DataError, IntegrityError, connection, transaction

from generator.protocol import events as v6
from studio.live.announce import LOOK, Message, News, hub
from studio.live.apply import Stored, apply
from studio.live.lane import Lane
from studio.songs import addresses, line, state
from studio.songs.models import Event, Generation, Status, Version

GROUP_SECONDS = 0.02
"""How long a promise waits for others to be committed with."""
PROGRESS_SECONDS = 1.0
"""How often the progress of all songs is written to their rows."""
HINT_SECONDS = 0.1
"""How often one song's progress is told: at most ten messages a second."""
READ_AGAIN_SECONDS = 5.0
"""A reader that hears nothing for so long reads the rows again: another process may be at work."""
OURS = ("album_art", "stream_url", "audio_url", "midi_url", "message_id", "chunkIndex")

log = logging.getLogger(__name__)

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
    card: state.Moving
    running: dict[str, Any]
    """A running event of it; only its progress is to be put in."""
    told: float = 0.0
    """When progress was last told."""
    later: asyncio.TimerHandle | None = None
    """Will tell what came too soon after that."""


class Journal:
    """One process's pen. Use it from one event loop only."""

    def __init__(self) -> None:
        self._waiting: list[tuple[_Entry, asyncio.Future[Message | None]]] = []
        self._flush: asyncio.Task[None] | None = None
        self._known: dict[uuid.UUID, _Known] = {}
        self._behind: dict[Lease, int] = {}
        """The newest progress of songs whose rows say less."""
        self._saving: asyncio.Task[None] | None = None
        self._lost: set[Lease] = set()
        """Songs whose progress could not be written any more: others have taken them over."""

    async def begin(self, lease: Lease) -> frozenset[int]:
        """Read the song as it stands, for `row`. Numbers of its stored versions. Raises `Generation.DoesNotExist`."""
        outcome = await writer.run(_read, lease.generation_id)
        self._know(outcome)
        return frozenset(v.number for v in outcome.versions if v.state == Version.State.STORED)

    def row(self, lease: Lease) -> Generation:
        """A song that was begun here, as last written; do not keep it. Raises KeyError for any other."""
        return self._known[lease.generation_id].row

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
        """Tell how far a song is: at once to those who watch, within a second to its row. Raises `StaleError`."""
        if lease in self._lost:
            raise StaleError
        known = self._known.get(lease.generation_id)
        if known is None or known.row.progress == event.progress:
            return
        known.row.progress = self._behind[lease] = event.progress
        if self._saving is None or self._saving.done():
            self._saving = asyncio.create_task(self._save_progress(), context=contextvars.Context())
        if known.later is None:
            wait = known.told + HINT_SECONDS - time.monotonic()
            if wait <= 0:
                self._tell_progress(lease.generation_id)
            else:
                loop = asyncio.get_running_loop()
                known.later = loop.call_later(wait, self._tell_progress, lease.generation_id)

    def forget(self, lease: Lease) -> None:
        """Drop what is remembered of a song whose relay has ended."""
        known = self._known.pop(lease.generation_id, None)
        if known and known.later:
            known.later.cancel()
        hub.made_here.discard(lease.generation_id)
        self._behind.pop(lease, None)
        self._lost.discard(lease)

    def _tell_progress(self, generation_id: uuid.UUID) -> None:
        known = self._known[generation_id]
        known.told, known.later = time.monotonic(), None
        event = {**known.running, "progress": known.row.progress}
        hub.tell(generation_id, Message(None, event, known.card.now()))

    async def _save_progress(self) -> None:
        """Write how far all songs are, again and again, until nothing is left to write."""
        while self._behind:
            await asyncio.sleep(PROGRESS_SECONDS)
            behind, self._behind = self._behind, {}
            try:
                self._lost |= await writer.run(_commit_progress, behind)
            except Exception as error:  # it is a hint: the next second brings a newer one
                log.warning("Progress could not be written: %s", error)

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
                    done.exception()  # heard of: whoever waited for it may have been cancelled since
                else:
                    done.set_result(self._remember(entry, outcome))

    def _remember(self, entry: _Entry, outcome: _Outcome) -> Message | None:
        known = self._know(outcome)
        if outcome.written:
            return Message(outcome.written.seq, wire(outcome.written, known.row, outcome.versions), known.card.now())
        return Message(None, None, known.card.now()) if entry.event is None else None

    def _know(self, outcome: _Outcome) -> _Known:
        row, before = outcome.row, self._known.get(outcome.row.pk)
        if before:
            # A hint may have gone out while this was being written: what was told must not fall back either.
            row.progress = max(row.progress, before.row.progress)
        known = _Known(row, state.Moving(row, outcome.versions), _running(row))
        if before:
            known.told, known.later = before.told, before.later
        self._known[row.pk] = known
        hub.made_here.add(row.pk)
        return known


@dataclass(slots=True)
class _Outcome:
    row: Generation
    versions: list[Version]
    written: Event | None


def _read(generation_id: uuid.UUID) -> _Outcome:
    row = Generation.objects.get(pk=generation_id)
    return _Outcome(row, list(row.versions.all()), None)


def _commit(entries: Sequence[_Entry]) -> list[_Outcome | Exception]:
    """All entries in one transaction; one that may not be written spoils no other."""
    outcomes: list[_Outcome | Exception] = []
    with transaction.atomic():
        for entry in entries:
            try:
                with transaction.atomic():
                    outcomes.append(_enter(entry))
            except (StaleError, DataError, IntegrityError) as refused:
                outcomes.append(refused)
    return outcomes


def _enter(entry: _Entry) -> _Outcome:
    under_way = Generation.objects.select_for_update().filter(status__in=(Status.RUNNING, Status.INTERRUPTED))
    row = under_way.filter(pk=entry.lease.generation_id, lease_fence=entry.lease.fence).first()
    if row is None:
        raise StaleError
    versions = list(row.versions.all())
    written = None
    saved = row.progress
    for column, value in entry.changes.items():
        setattr(row, column, value)
    row.progress = max(saved, row.progress)  # newer progress may have been written while this waited for its turn
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


def _commit_progress(behind: Mapping[Lease, int]) -> set[Lease]:
    """Write how far these songs are, in one transaction. Returns the leases that are worth nothing any more."""
    table, key = Generation._meta.db_table, Generation._meta.pk
    statement = (
        f"UPDATE {table} SET progress = %s WHERE id = %s AND lease_fence = %s"  # noqa: S608  a name of our own
        f" AND status IN ('{Status.RUNNING.value}', '{Status.INTERRUPTED.value}')"
    )
    rows = [
        (percent, key.get_db_prep_value(lease.generation_id, connection), lease.fence)
        for lease, percent in behind.items()
    ]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(statement, rows)
        if cursor.rowcount == len(rows):
            return set()
    under_way = Generation.objects.filter(status__in=(Status.RUNNING, Status.INTERRUPTED))
    found = under_way.filter(pk__in=[lease.generation_id for lease in behind]).values_list("pk", "lease_fence")
    return set(behind) - {Lease(pk, fence) for pk, fence in found}


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
    with hub.listen(generation_id) as news, _reminded(news):
        cursor, first, told = after, True, 0
        while True:
            caught = await reader.run(_catch_up, generation_id, cursor, first, told)
            if caught is None:
                return
            while caught.messages:
                told = max(told, caught.messages[0].state["progress"])
                yield caught.messages.pop(0)
            cursor, first, is_final = caught.cursor, False, caught.is_final
            del caught  # what was told is not kept for as long as nothing happens
            if is_final:
                return
            while message := await news.get():
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
                message = None  # what was told is not kept either


@contextlib.contextmanager
def _reminded(news: News) -> Iterator[None]:
    """Tell a reader to look once it has heard nothing for so long.

    One timer that seldom fires: a deadline for each message would cost more than the message.
    """
    loop = asyncio.get_running_loop()
    timer: asyncio.TimerHandle

    def remind() -> None:
        nonlocal timer
        if time.monotonic() - news.heard >= READ_AGAIN_SECONDS:
            news.tell(LOOK)
        timer = loop.call_later(news.heard + READ_AGAIN_SECONDS - time.monotonic(), remind)

    timer = loop.call_later(READ_AGAIN_SECONDS, remind)
    try:
        yield
    finally:
        timer.cancel()


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
    if not versions:  # deleted since its row was read
        return None
    now = state.card(row, versions, line.place(row)).as_json()
    if cursor > row.last_seq:
        return _Caught([Message(row.last_seq, None, now)], row.last_seq, row.is_final)
    events = list(row.events.filter(seq__gt=cursor, seq__lte=row.last_seq)) if cursor < row.last_seq else []
    messages = [Message(event.seq, wire(event, row, versions), now) for event in events]
    if not messages and (first or not row.is_final):
        messages.append(Message(None, None, now))
    return _Caught(messages, row.last_seq, row.is_final)


def _running(row: Generation) -> dict[str, object]:
    event = v6.Running(message_id=str(row.pk), song_name=row.title, progress=row.progress)
    return {**event.wire(row.last_seq), "album_art": addresses.whole(addresses.bare_cover(row))}
