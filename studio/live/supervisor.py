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
import shutil
import socket
import time
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from generator.protocol.errors import EngineFailed, GenerationError, UpstreamBusy
from generator.protocol.events import Failed
from generator.upstream import Upstream
from studio.live import leases
from studio.live.announce import LOOK, hub
from studio.live.journal import Journal, Lease, StaleError, reader, writer
from studio.live.relay import Relay
from studio.songs import engine, generations
from studio.songs.models import Generation

log = logging.getLogger(__name__)

BEAT_SECONDS = 1.0
SWEEP_SECONDS = 3600.0
EARLY_KEPT_SECONDS = 24 * 3600.0
DRAIN_SECONDS = 12.0
BUSY_SECONDS = 60.0
"""How long a busy host that does not say when is left alone."""
PATIENCE = timedelta(minutes=30)
"""How long a song waits for a busy host in all."""


@dataclass(slots=True)
class _Work:
    lease: Lease
    task: asyncio.Task[None]
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
        self._swept = 0.0
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin to look for songs. A clean context: no request's thread may hang on to what runs for minutes."""
        generations.changed.connect(self._hear, weak=False)
        context = contextvars.Context()
        self._tasks = [
            self._loop.create_task(self._run(), context=context),
            self._loop.create_task(hub.watch(reader), context=context),
            self._loop.create_task(self._warm(), context=context),
        ]

    async def drain(self) -> None:
        """Take no more songs, give back those under way, end what was started. Takes at most `DRAIN_SECONDS`."""
        self._draining = True
        generations.changed.disconnect(self._hear)
        for task in self._tasks:
            task.cancel()
        running = [work.task for work in self._work.values()]
        for task in running:
            task.cancel()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(DRAIN_SECONDS):
                await asyncio.gather(*self._tasks, *running, return_exceptions=True)
                await self._upstream.close()

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
            except Exception:
                log.exception("The supervisor stumbled; it goes on.")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), BEAT_SECONDS)
            self._wake.clear()

    async def _round(self) -> None:
        if self._work:
            held = [work.lease for work in self._work.values()]
            kept, unwanted = await writer.run(leases.beat, self.name, held)
            for pk in [lease.generation_id for lease in held if lease.generation_id in self._work]:
                if pk not in kept or pk in unwanted:
                    self._work[pk].cancelled |= pk in unwanted
                    self._work[pk].task.cancel()
        while not self._draining:
            lease = await writer.run(leases.claim, self.name, self._slots)
            if lease is None:
                break
            task = self._loop.create_task(self._keep(lease), context=contextvars.Context())
            self._work[lease.generation_id] = _Work(lease, task)
        if time.monotonic() - self._swept > SWEEP_SECONDS or not self._swept:
            self._swept = time.monotonic()
            await asyncio.to_thread(_sweep_early)
            await writer.run(generations.empty_trash)

    async def _keep(self, lease: Lease) -> None:
        """One song from claim to its end, whatever that is."""
        pk = lease.generation_id
        try:
            row = await writer.run(Generation.objects.get, pk=pk)
            if row.cancel_requested_at:
                await self._fail(lease, GenerationError("You cancelled this song.", "cancelled"))
            elif row.attempts > leases.ATTEMPTS:
                await self._fail(lease, EngineFailed())
            else:
                await Relay(row, lease, self._upstream, self._journal).run()
        except asyncio.CancelledError:
            await self._leave(lease)
        except (StaleError, Generation.DoesNotExist):
            log.info("Song %s is another's now, or gone.", pk)
        except GenerationError as fault:
            await self._settle(lease, row, fault)
        except Exception:
            log.exception("Song %s ended in a way nobody foresaw.", pk)
            await self._fail(lease, EngineFailed("Something broke while this song was being made."))
        finally:
            self._journal.forget(pk)
            self._work.pop(pk, None)
            hub.tell(pk, LOOK)
            self._wake.set()

    async def _settle(self, lease: Lease, row: Generation, fault: GenerationError) -> None:
        """What a fault means for the song: another try later where none can have been bought, else its end."""
        if isinstance(fault, EngineFailed) and row.attempts < leases.ATTEMPTS:
            await writer.run(leases.give_back, lease, count=True)
        elif isinstance(fault, UpstreamBusy) and timezone.now() - row.created_at < PATIENCE:
            await writer.run(leases.put_off, lease, min(fault.retry_after or BUSY_SECONDS, PATIENCE.total_seconds()))
        else:
            await self._fail(lease, fault)

    async def _leave(self, lease: Lease) -> None:
        """Our relay was stopped: by the song's owner, by the end of this process, or because the lease was lost."""
        work = self._work.get(lease.generation_id)
        if work and work.cancelled:
            await self._fail(lease, GenerationError("You cancelled this song.", "cancelled"))
        elif self._draining:
            await writer.run(leases.give_back, lease, count=False)

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


async def drain() -> None:
    """Stop it, if it was started."""
    if _here is not None:
        await _here.drain()


def _sweep_early() -> None:
    """Remove early audio that nobody can be listening to any more."""
    if settings.EARLY_DIR.is_dir():
        for folder in settings.EARLY_DIR.iterdir():
            if time.time() - folder.stat().st_mtime > EARLY_KEPT_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)
