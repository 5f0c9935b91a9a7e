"""The engine's processes: warm, two for each song that may be made at once, and never more.

Each take is rendered by a process of its own, so that both takes fill both cores and a crash in native code costs one
song, not the site. The processes listen on stdin and are gone when it ends: a parent that is killed leaves none behind.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncGenerator, Coroutine
from contextlib import aclosing, suppress
from pathlib import Path
from typing import TypeVar

from generator.engine.reports import (
    Cancelled,
    Changed,
    Finished,
    Job,
    Planned,
    Playable,
    Progress,
    Ready,
    Report,
    Said,
    Separated,
    StemsReport,
    command,
    read_report,
)
from generator.protocol.errors import EngineFailed, GenerationError

log = logging.getLogger(__name__)
Answer = TypeVar("Answer", bound=Ready | Planned)

ROOT = Path(__file__).resolve().parents[2]
LINE_BYTES = 16 * 1024 * 1024
"""A finished report of a long song, every word timed, is far under this; the stream reader's own limit is 64 KiB."""
ANSWER_SECONDS = 2.0
"""A worker that has not obeyed a cancel, or the end of its stdin, for this long is killed."""
SILENCE_SECONDS = 120.0
"""A working process that says nothing for this long is taken for hung and killed."""


class Workers:
    """Makes songs with `2 * slots` child processes; a job beyond `slots` waits for its turn.

    Belongs to the event loop it is first used on. Children start with the first job, or with `warm()`.
    """

    def __init__(self, slots: int = 1, *, song: str = "generator.engine.song", quiet: bool = False) -> None:
        """`song` is the module that makes songs. `quiet` drops what children print instead of passing it to stderr."""
        self._turns = asyncio.Semaphore(slots)
        self._separating = asyncio.Lock()
        self._song = song
        self._quiet = quiet
        self._idle: list[Child] = []
        self._children: set[Child] = set()
        self._settling: set[asyncio.Task[None]] = set()
        self._closed = False

    async def warm(self) -> None:
        """Start what one song needs, and wait until it is ready. Raises `EngineFailed`."""
        async with self._turns:
            pair = await self._hire(), await self._hire()
            try:
                await asyncio.gather(*(child.ready() for child in pair))
            finally:
                self._idle.extend(child for child in pair if child.is_alive)

    async def submit(self, job: Job) -> AsyncGenerator[Report, None]:
        """Make a song: `Planned`, then of each take `Progress`, one `Playable` and, last, one `Finished`; mixed.

        Raises `Rejected` for words that cannot be sung, `EngineFailed` where the engine broke. Closing the iterator
        early stops both takes within two seconds.
        """
        await self._turns.acquire()
        pair: list[Child] = []
        try:
            pair.append(await self._hire())
            pair.append(await self._hire())
            first, second = pair
            yield await first.plan(job)
            async with aclosing(_both(job, first, second)) as reports:
                async for report in reports:
                    yield report
        finally:
            # Not awaited: whoever closes the iterator goes on at once. The turn is given on when both are at rest.
            self._see_to(self._settle(pair))

    async def separate(self, job: Job, number: int, midi: str) -> AsyncGenerator[StemsReport, None]:
        """Take `number` of a finished song in its parts: `Progress`, then `Separated`, or `Changed` at once.

        `midi` is the SHA-256 of the take's notes. One take at a time, in a child of its own that gives way to songs and
        is ended afterwards. Raises `EngineFailed`, `StorageFailed`. Closing the iterator early stops the work.
        """
        async with self._separating:
            child = await self._start()
            try:
                async with aclosing(child.separate(job, number, midi)) as reports:
                    async for report in reports:
                        yield report
            finally:
                # A task of its own: a second cancellation must not leave a process that nobody waits for.
                await asyncio.shield(self._see_to(self._dismiss(child)))

    async def close(self) -> None:
        """End every child. Songs under way fail."""
        self._closed = True
        await asyncio.gather(*(child.end() for child in self._children))
        await asyncio.gather(*self._settling, return_exceptions=True)
        self._idle.clear()
        self._children.clear()

    async def _hire(self) -> Child:
        """An idle child, or a new one; it may still be warming up."""
        while self._idle:
            child = self._idle.pop()
            if child.is_alive:
                return child
            self._children.discard(child)
        return await self._start()

    async def _start(self) -> Child:
        if self._closed:
            raise EngineFailed("The engine is closed.")
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "generator.engine.worker",
            self._song,
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL if self._quiet else None,
            cwd=ROOT,
            limit=LINE_BYTES,
            process_group=0,  # Ctrl+C is for the parent to answer, even while a child is still starting
        )
        child = Child(process)
        self._children.add(child)
        return child

    def _see_to(self, ending: Coroutine[None, None, None]) -> asyncio.Task[None]:
        """Bring something to its end, whoever else stops meanwhile; `close` waits for it."""
        task = asyncio.get_running_loop().create_task(ending)
        self._settling.add(task)
        task.add_done_callback(self._settling.discard)
        return task

    async def _dismiss(self, child: Child) -> None:
        """Let a child go for good."""
        await child.end()
        await child.last_words()
        self._children.discard(child)

    async def _settle(self, pair: list[Child]) -> None:
        """Bring the children of a job to rest, replace those that died, and give the turn on."""
        try:
            await asyncio.gather(*(child.rest() for child in pair))
            for child in pair:
                if child.is_alive:
                    self._idle.append(child)
                    continue
                self._children.discard(child)
                if child.was_ready and not self._closed:
                    self._idle.append(await self._start())
        finally:
            self._turns.release()


class Child:
    """One `generator.engine.worker` process, seen from its parent. Does one thing at a time."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._busy = False
        self._sent_home = False
        self.was_ready = False
        """It came up once: worth starting again when it dies."""

    @property
    def is_alive(self) -> bool:
        """It has not ended, as far as this process has heard."""
        return self._process.returncode is None

    async def ready(self) -> None:
        """Wait until it has warmed up."""
        if not self.was_ready:
            await self._hear(Ready)
            self.was_ready = True

    async def plan(self, job: Job) -> Planned:
        """Have it read the prompt, set the words and draw the cover."""
        await self.ready()
        await self._tell(command("plan", job))
        planned = await self._hear(Planned)
        self._busy = False
        return planned

    async def render(self, job: Job, number: int) -> AsyncGenerator[Report, None]:
        """Have it render one take; the last report is `Finished`."""
        await self.ready()
        await self._tell(command("take", job, number=number))
        while self._busy:
            match await self._next():
                case Finished() as report:
                    self._busy = False
                    yield report
                case GenerationError() as error:
                    self._busy = False
                    raise error
                case Progress() | Playable() as report:
                    yield report
                case _:
                    raise await self._killed("spoke out of turn")

    async def separate(self, job: Job, number: int, midi: str) -> AsyncGenerator[StemsReport, None]:
        """Have it take a take apart; the last report is `Separated` or `Changed`."""
        await self.ready()
        await self._tell(command("stems", job, number=number, midi=midi))
        while self._busy:
            match await self._next():
                case Separated() | Changed() as report:
                    self._busy = False
                    yield report
                case GenerationError() as error:
                    self._busy = False
                    raise error
                case Progress() as report:
                    yield report
                case _:
                    raise await self._killed("spoke out of turn")

    async def rest(self) -> None:
        """Make it stop what it does; a child that does not obey is killed."""
        if not self._busy or not self.is_alive:
            return
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await self._tell(command("cancel"))
                while not isinstance(await self._next(), Cancelled):
                    pass
                self._busy = False
        except TimeoutError:
            log.warning("Worker %s did not stop when it was told to, and was killed.", self._process.pid)
            await self.kill()
        except EngineFailed:
            pass  # it died of its own, which has been said

    async def end(self) -> None:
        """Close its stdin and wait until it is gone."""
        self._sent_home = True
        if self._process.stdin:
            self._process.stdin.close()
        await self._gone()

    async def last_words(self) -> None:
        """Read what is left of a process that has ended: only then its pipes are closed. Nobody else may be reading."""
        if self._process.stdout:
            await self._process.stdout.read()

    async def kill(self) -> None:
        """End it without asking."""
        if self.is_alive:
            # Not Process.kill(): that would take the exit status away from asyncio, were the process dead already.
            with suppress(ProcessLookupError):
                os.kill(self._process.pid, signal.SIGKILL)
        await self._process.wait()

    async def _gone(self) -> None:
        """Wait until it has ended by itself, but not for long."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await self._process.wait()
        except TimeoutError:
            await self.kill()

    async def _tell(self, line: bytes) -> None:
        if self._process.stdin is None:
            raise EngineFailed
        self._busy = True
        with suppress(ConnectionError):  # a dead child is noticed where its answer is missing
            self._process.stdin.write(line)
            await self._process.stdin.drain()

    async def _hear(self, kind: type[Answer]) -> Answer:
        """Its next word, which must be of this kind; a failure it tells of is raised."""
        said = await self._next()
        if isinstance(said, kind):
            return said
        if isinstance(said, GenerationError):
            self._busy = False
            raise said
        raise await self._killed("spoke out of turn")

    async def _next(self) -> Said:
        if self._process.stdout is None:
            raise EngineFailed
        try:
            async with asyncio.timeout(SILENCE_SECONDS):
                return read_report(await self._process.stdout.readuntil())
        except asyncio.IncompleteReadError:
            await self._gone()
            raise self._broken("ended") from None
        except TimeoutError:
            raise await self._killed("hung") from None
        except (ValueError, asyncio.LimitOverrunError):
            raise await self._killed("talked nonsense") from None

    async def _killed(self, why: str) -> EngineFailed:
        await self.kill()
        return self._broken(why)

    def _broken(self, what: str) -> EngineFailed:
        """Say what became of it, unless it was sent home."""
        if not self._sent_home:
            code = self._process.returncode or 0
            how = f"signal {-code}" if code < 0 else f"exit code {code}"
            log.error("Worker %s %s (%s).", self._process.pid, what, how)
        return EngineFailed()


async def _both(job: Job, first: Child, second: Child) -> AsyncGenerator[Report, None]:
    """Both takes' reports as they come, until both are finished or one failed."""
    heard: asyncio.Queue[Report | Exception] = asyncio.Queue()

    async def follow(child: Child, number: int) -> None:
        try:
            async with aclosing(child.render(job, number)) as reports:
                async for report in reports:
                    heard.put_nowait(report)
        except Exception as error:
            heard.put_nowait(error)

    tasks = [asyncio.create_task(follow(child, number)) for number, child in enumerate((first, second), start=1)]
    try:
        unfinished = len(tasks)
        while unfinished:
            said = await heard.get()
            if isinstance(said, Exception):
                raise said
            unfinished -= isinstance(said, Finished)
            yield said
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
