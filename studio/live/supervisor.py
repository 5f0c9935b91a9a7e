"""The supervisor owns the relays of one process: it claims songs, keeps their leases, cancels, drains, tidies up.

A relay belongs to the process, never to a socket or a view, so closing a tab changes nothing about a song.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import logging
import os
import secrets
import socket
import time
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import InterfaceError, OperationalError
from django.utils import timezone

from generator.protocol.errors import (
    EngineFailed,
    GenerationError,
    Stalled,
    StreamLost,
    Unsettled,
    UpstreamBusy,
    UpstreamError,
)
from generator.protocol.events import Failed
from generator.upstream import ORDERS, Upstream
from studio.accounts import limits
from studio.live import files, leases, stems
from studio.live.announce import LOOK, hub
from studio.live.journal import Journal, Lease, StaleError, reader, writer
from studio.live.relay import Relay
from studio.songs import engine, generations, leaving
from studio.songs.models import Generation, Status

log = logging.getLogger(__name__)

BEAT_SECONDS = 1.0
"""How often this process looks for songs to begin, and for those to be cancelled."""
ASLEEP_SECONDS = 30.0
"""A supervisor that has not looked for so long makes no songs: it hangs, or the database does."""
KEEP_SECONDS = 5.0
"""How often leases are extended: three times before they lapse."""
SWEEP_SECONDS = 3600.0
ORDER_SECONDS = 6.0
"""How long the end of this process waits for orders that are on their way to be heard of."""
DRAIN_SECONDS = 11.0
"""All that the end of this process may take."""
LONGEST = timedelta(minutes=30)
"""From the order of a song to its end, and how long a song waits for a busy host."""
LAST_QUESTION = timedelta(minutes=1)
"""So long before that time is up an interrupted song is asked after for the last time."""
LATE = timedelta(minutes=5)
"""What a song is given whose time was up while nobody was there to ask after it."""
NAMELESS = timedelta(minutes=2)
"""How long a song is called interrupted that was ordered, and never got an id to ask for."""
ASK_AGAIN = (10.0, 120.0)
"""Seconds between questions for an interrupted song: a fifth of its age within these bounds."""


@dataclass(slots=True)
class _Work:
    lease: Lease
    task: asyncio.Task[None]
    relay: Relay | None = None
    cancelled: bool = False
    """Its owner asked for it."""


class Supervisor:
    """Keeps this process's songs going. Made, started and drained on one event loop."""

    def __init__(self, upstream: Upstream, slots: int) -> None:
        self.name = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"[:80]
        self._upstream, self._slots = upstream, slots
        self._journal = Journal()
        self._work: dict[uuid.UUID, _Work] = {}
        self._wake = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._draining = False
        self.looked = time.monotonic()
        """When it last looked for songs without a fault."""
        self._swept = self._kept = self._clock = 0.0
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin to look for songs. A clean context: no request's thread may hang on to what runs for minutes."""
        generations.changed.connect(self._hear, weak=False)
        context = contextvars.Context()
        self._tasks = [
            self._loop.create_task(self._run(), context=context),
            self._loop.create_task(self._warm(), context=context),
        ]

    async def drain(self) -> None:
        """Take no more songs, hand over those under way, end what was started. Takes at most `DRAIN_SECONDS`."""
        self._draining = True
        generations.changed.disconnect(self._hear)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(DRAIN_SECONDS):
                await self._orders_heard_of()
                running = [*self._tasks, *(work.task for work in self._work.values())]
                for task in running:
                    task.cancel()
                writer.hurry()
                reader.hurry()
                await asyncio.gather(*running, return_exceptions=True)
                await self._upstream.close()

    async def _orders_heard_of(self) -> None:
        """Wait a little for the answer to orders that have just left: without it nobody knows what became of them."""
        until = time.monotonic() + ORDER_SECONDS
        while time.monotonic() < until and any(w.relay and w.relay.is_ordering for w in self._work.values()):  # noqa: ASYNC110
            await asyncio.sleep(0.05)

    def _hear(self, **_: Any) -> None:
        """A song was made or is to be cancelled; told from whatever thread saved it."""
        with contextlib.suppress(RuntimeError):  # the loop may just have ended: the row waits for the next start
            self._loop.call_soon_threadsafe(self._wake.set)

    async def _warm(self) -> None:
        try:
            await self._upstream.warm()
        except GenerationError as fault:
            log.warning("The engine is not ready yet: %s", fault.sentence)

    async def _run(self) -> None:
        while True:
            try:
                await self._round()
                self.looked = time.monotonic()
            except Exception:
                log.exception("The supervisor stumbled; it goes on.")
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(BEAT_SECONDS):  # `wait_for` of Python 3.11 can swallow the end of this task
                    await self._wake.wait()
            self._wake.clear()

    async def _round(self) -> None:
        if self._work:
            if self._is_to_keep():
                await writer.run(leases.keep, self.name)
            held = [work.lease for work in self._work.values()]
            kept, unwanted = await writer.run(leases.look, self.name, held)
            for pk in [lease.generation_id for lease in held if lease.generation_id in self._work]:
                if pk not in kept or pk in unwanted:
                    self._work[pk].cancelled |= pk in unwanted
                    self._work[pk].task.cancel()
        until = time.monotonic() + BEAT_SECONDS
        while not self._draining:
            if time.monotonic() > until:
                self._wake.set()  # more may wait, but the leases of those under way must not lapse meanwhile
                break
            lease = await writer.run(leases.claim, self.name, self._slots)
            if lease is None:
                break
            task = self._loop.create_task(self._keep(lease), context=contextvars.Context())
            self._work[lease.generation_id] = _Work(lease, task)
        if time.monotonic() - self._swept > SWEEP_SECONDS or not self._swept:
            self._swept = time.monotonic()
            await asyncio.to_thread(files.sweep_early)
            await writer.run(generations.empty_trash)
            await writer.run(leaving.see_all_off)
            await writer.run(limits.forget_full)

    def _is_to_keep(self) -> bool:
        """Whether leases are to be extended: from time to time, and at once where the clock was set or we slept."""
        now, clock = time.monotonic(), time.time() - time.monotonic()
        if now - self._kept < KEEP_SECONDS and abs(clock - self._clock) < 1:
            return False
        self._kept, self._clock = now, clock
        return True

    async def _keep(self, lease: Lease) -> None:
        """One song from claim to its end, whatever that is."""
        pk = lease.generation_id
        try:
            await self._work_on(lease)
            if not self._draining and (named := await reader.run(files.named, pk)) is not None:
                await asyncio.to_thread(files.tidy, pk, named)
        except asyncio.CancelledError:
            pass
        except Exception:
            log.exception("Song %s could not be written; its lease lapses, and it is taken up again.", pk)
        finally:
            self._journal.forget(lease)
            self._work.pop(pk, None)
            hub.tell(pk, LOOK)
            self._wake.set()

    async def _work_on(self, lease: Lease) -> None:
        attempts = leases.ATTEMPTS
        try:
            kept = await self._journal.begin(lease)
            attempts = self._journal.row(lease).attempts
            if self._journal.row(lease).cancel_requested_at:
                await self._fail(lease, GenerationError("You cancelled this song.", "cancelled"))
            elif attempts > leases.ATTEMPTS and self._upstream.makes_again:
                await self._fail(lease, EngineFailed())
            else:
                await self._relay(lease, kept)
        except asyncio.CancelledError:
            await self._leave(lease)
        except (StaleError, Generation.DoesNotExist):
            log.info("Song %s is another's now, or gone.", lease.generation_id)
        except GenerationError as fault:
            await self._settle(lease, self._journal.row(lease), fault)
        except (InterfaceError, OperationalError):
            raise  # the database is away, and the song as it was last written
        except Exception:
            log.exception("Song %s ended in a way nobody foresaw.", lease.generation_id)
            if attempts < leases.ATTEMPTS:
                await writer.run(leases.hand_over, lease)  # a fault of ours may pass, and what was ordered goes on
            else:
                await self._fail(lease, EngineFailed("Something broke while this song was being made."))

    async def _relay(self, lease: Lease, kept: frozenset[int]) -> None:
        """The song's way into the journal, for as long as a song may take. Raises as `Relay.run` does."""
        left, over = self._left(self._journal.row(lease)), self._over(self._journal.row(lease))
        if left is None:
            raise over
        relay = self._work[lease.generation_id].relay = Relay(lease, self._upstream, self._journal, kept)
        try:
            async with asyncio.timeout(left.total_seconds()) as limit:
                await relay.run()
        except TimeoutError:
            if not limit.expired():
                raise
            raise over from None

    def _over(self, row: Generation) -> UpstreamError:
        """What is said of the song once it may take no longer."""
        kind = Stalled if row.error_code == Stalled.kind else StreamLost
        return kind(self._upstream.name, bought=True if row.accepted_at else None)

    def _left(self, row: Generation) -> timedelta | None:
        """How long the song may still take; None where nobody can be asked for it.

        What is ready elsewhere is fetched, however long nobody asked for it.
        """
        if row.status == Status.INTERRUPTED and not row.upstream_message_id:
            return None
        if row.submitted_at is None or self._upstream.makes_again:
            return LONGEST
        left = row.submitted_at + LONGEST - timezone.now()
        return min(left, LONGEST) if left > timedelta() else LATE

    async def _settle(self, lease: Lease, row: Generation, fault: GenerationError) -> None:
        """What a fault means for the song: another try where none can have been bought, a question later, its end."""
        match fault:
            case EngineFailed() if row.attempts < leases.ATTEMPTS:
                await writer.run(leases.begin_again, lease, count=True)
            case UpstreamBusy() if fault.retry_after and self._may_wait(row, fault, fault.retry_after):
                await writer.run(leases.put_off, lease, fault.retry_after, fault.orders)
            case Unsettled():
                await self._interrupt(lease, row, fault)
            case _:
                await self._fail(lease, fault)

    def _may_wait(self, row: Generation, fault: UpstreamBusy, wait: float) -> bool:
        ends = timezone.now() + timedelta(seconds=wait)
        return row.orders + fault.orders < ORDERS and ends < row.created_at + LONGEST

    async def _interrupt(self, lease: Lease, row: Generation, fault: Unsettled) -> None:
        """Nobody can say yet how it ended. It is asked for again, and leaves this state by itself."""
        row = await writer.run(Generation.objects.get, pk=row.pk)
        now = timezone.now()
        ordered_at = row.submitted_at or now
        pause = min(max(ASK_AGAIN[0], (now - ordered_at).total_seconds() / 5), ASK_AGAIN[1])
        last_at = ordered_at + LONGEST - LAST_QUESTION
        if row.upstream_message_id and now >= last_at:
            await self._fail(lease, fault.cause)
            return
        ask_at = min(now + timedelta(seconds=pause), last_at)
        retry_at = ask_at if row.upstream_message_id else now + NAMELESS
        free = {"lease_owner": "", "lease_until": None, "retry_at": retry_at}
        await self._journal.change(lease, status=Status.INTERRUPTED, error_code=fault.code, **free)

    async def _leave(self, lease: Lease) -> None:
        """Our relay was stopped: by the song's owner, by the end of this process, or because the lease was lost."""
        work = self._work.get(lease.generation_id)
        if work and work.cancelled:
            await self._fail(lease, GenerationError("You cancelled this song.", "cancelled"))
        elif self._draining and (self._upstream.makes_again or not work or not work.relay):
            await writer.run(leases.begin_again, lease, count=False)
        elif self._draining:
            await writer.run(leases.hand_over, lease)

    async def _fail(self, lease: Lease, fault: GenerationError) -> None:
        if fault.raw:
            log.warning("Song %s: %s. The host said: %s", lease.generation_id, fault.code, fault.raw)
        with contextlib.suppress(StaleError):
            await self._journal.promise(lease, Failed(error=fault.sentence, extra={"error_code": fault.code}))


_here: Supervisor | None = None


async def start() -> None:
    """Start this process's supervisor on the running loop."""
    global _here  # noqa: PLW0603  one for each process, as the name says
    _here = Supervisor(engine.current(), engine.slots())
    _here.start()
    stems.start(engine.current(), _here.name)


def is_awake() -> bool:
    """Whether this process's supervisor runs, and has looked for songs lately."""
    return _here is not None and time.monotonic() - _here.looked < ASLEEP_SECONDS


async def drain() -> None:
    """Stop it, if it was started."""
    if _here is not None:
        await stems.drain()
        await _here.drain()
