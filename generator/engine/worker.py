"""The process in which songs are made: `python -m generator.engine.worker`.

Commands come as JSON lines on stdin, reports leave as JSON lines on stdout, audio goes into files. It says "ready" once
its model and its sounds are in memory, does one thing at a time, survives every failure of a song, and is gone when
stdin ends, so that nothing is left behind when its parent dies.

| asks                                                    | says                                     |
|---------------------------------------------------------|------------------------------------------|
| {"do": "plan", prompt, lyrics, seed, folder}            | planned, or failed                       |
| {"do": "take", prompt, lyrics, seed, folder, number}    | progress and playable, then finished, or failed |
| {"do": "stems", prompt, lyrics, seed, folder, number, midi} | progress, then separated, changed, or failed |
| {"do": "cancel"}                                        | cancelled, always; the work under way says nothing more |
"""

from __future__ import annotations

import ctypes
import errno
import gc
import hashlib
import os
import queue
import shutil
import signal
import sys
import tempfile
import threading
import time
import traceback
import zipfile
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, BinaryIO

from generator.engine.reports import (
    Cancelled,
    Changed,
    Finished,
    Job,
    Planned,
    Playable,
    Progress,
    Ready,
    Said,
    Separated,
    read_command,
    report,
)
from generator.given import Given
from generator.protocol.errors import EngineFailed, GenerationError, StorageFailed

SONG = "generator.engine.song"
PLAYABLE_BYTES = 24_000
"""One second of MP3 at 192 kbit/s."""
PROGRESS_SECONDS = 0.25
THREADS = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)
NICENESS = 10
STEMS_NICENESS = 19
"""Nobody listens to stems while they are made: songs that are being made meanwhile come first."""


class Stopped(Exception):  # noqa: N818  it is no error: the work was called off
    """Raised through a render that is no longer wanted."""


class Worker:
    """One process's work. `song` is the module that makes songs, `out` takes the reports."""

    def __init__(self, song: ModuleType, out: BinaryIO) -> None:
        self._song = song
        self._out = out
        self._unwanted = threading.Event()
        self._commands: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._planned: tuple[tuple[str, str | None, int, str, tuple[Given, ...]], Any] | None = None

    def listen(self, lines: BinaryIO) -> None:
        """Take in commands, beside the work, until there are no more; then end the process at once."""
        for line in lines:
            if read_command(line)[0] == "cancel":
                self._unwanted.set()
            self._commands.put(line)
        os._exit(0)

    def work(self) -> None:
        """Do what is asked, for ever."""
        self._song.warm()
        self._say(Ready())
        while True:
            do, job, more = read_command(self._commands.get())
            if job is None:
                self._unwanted.clear()
                self._say(Cancelled())
                continue
            try:
                match do:
                    case "plan":
                        self._plan(job)
                    case "take":
                        self._take(job, int(more["number"]))
                    case "stems":
                        self._stems(job, int(more["number"]), str(more["midi"]))
            except Stopped:
                continue
            except GenerationError as error:
                self._say(error)
            except Exception as error:
                traceback.print_exc()
                self._say(_failure(error))

    def _plan(self, job: Job) -> None:
        plan = self._plan_of(job)
        job.cover.write_bytes(self._song.cover(plan))
        self._say(Planned(title=plan.title, inks=plan.inks))

    def _take(self, job: Job, number: int) -> None:
        plan = self._plan_of(job)
        with job.stream(number).open("wb", buffering=0) as file:
            written = 0

            def write(piece: bytes) -> None:
                nonlocal written
                self._check_wanted()
                file.write(piece)
                before, written = written, written + len(piece)
                if before < PLAYABLE_BYTES <= written:
                    self._say(Playable(take=number))

            take = self._song.render(plan, number, job.cover.read_bytes(), write, self._progress(number))
        job.midi(number).write_bytes(take.midi)
        _write_whole(job.audio(number), take.tags, job.stream(number))
        self._say(
            Finished(
                take=number,
                duration_ms=take.duration_ms,
                sections=take.sections,
                peaks=list(take.peaks),
                understood=take.understood,
            )
        )
        _give_back()

    def _stems(self, job: Job, number: int, midi: str) -> None:
        """Take `number` once more, in its parts. `midi` is the SHA-256 of its notes as they were when it was made."""
        plan = self._plan_of(job)
        if hashlib.sha256(self._song.notes(plan, number)).hexdigest() != midi:
            self._say(Changed(take=number))
            return
        os.nice(STEMS_NICENESS - NICENESS)
        cover, tell = self._song.cover(plan), self._progress(number)
        digest, size = hashlib.sha256(), 0

        def count(piece: bytes) -> None:
            nonlocal size
            digest.update(piece)
            size += len(piece)

        # Twice: what is mixed in parts is the same sound, but rounded in another order, and so other bytes.
        self._song.render(plan, number, cover, count, lambda percent: tell(percent // 2))
        with tempfile.TemporaryDirectory(dir=job.folder) as folder:
            self._song.render(plan, number, cover, len, lambda percent: tell(50 + percent // 2), stems=Path(folder))
            _pack(Path(folder), job.stems(number))
        self._say(Separated(take=number, size=size, sha256=digest.hexdigest()))

    def _progress(self, number: int) -> Callable[[int], None]:
        """What tells of a take's percents, as seldom as is enough, and ends work that is not wanted any more."""
        told, percent = 0.0, -1

        def progress(value: int) -> None:
            nonlocal told, percent
            self._check_wanted()
            if value > percent and time.monotonic() - told >= PROGRESS_SECONDS:
                told, percent = time.monotonic(), value
                self._say(Progress(take=number, percent=value))

        return progress

    def _plan_of(self, job: Job) -> Any:
        """The job's plan; the one made last is kept, because a take follows its plan."""
        asked = (job.prompt, job.lyrics, job.seed, job.draft, job.given)
        if self._planned is None or self._planned[0] != asked:
            self._planned = (asked, self._song.plan(*asked))
        return self._planned[1]

    def _check_wanted(self) -> None:
        if self._unwanted.is_set():
            raise Stopped

    def _say(self, said: Said) -> None:
        self._out.write(report(said))
        self._out.flush()


def _write_whole(path: Path, tags: bytes, stream: Path) -> None:
    """Put the tag in front of the streamed bytes; `path` appears only when it is whole."""
    part = path.with_suffix(".part")
    with part.open("wb") as whole, stream.open("rb") as bytes_:
        whole.write(tags)
        shutil.copyfileobj(bytes_, whole)
    part.replace(path)


def _pack(folder: Path, archive: Path) -> None:
    """The files of a folder as one ZIP archive, stored as they are. It appears when it is whole."""
    part = archive.with_suffix(".part")
    with zipfile.ZipFile(part, "w") as whole:
        for path in sorted(folder.iterdir()):
            entry = zipfile.ZipInfo(path.name)  # of 1980: the same take gives the same bytes
            entry.external_attr = 0o644 << 16
            with path.open("rb") as source, whole.open(entry, "w", force_zip64=True) as target:
                shutil.copyfileobj(source, target)
    part.replace(archive)


def _give_back() -> None:
    """Hand freed memory back to the system: 70 MB after a take of two minutes, which glibc would keep."""
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc alone has it
    if trim:
        trim(0)


def _failure(error: Exception) -> GenerationError:
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return StorageFailed()
    return EngineFailed()


def _reports_only() -> BinaryIO:
    """Keep stdout for reports: what anything else prints there goes to stderr instead, from C code as well."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return out


def main(module: str = SONG) -> None:
    """Work until stdin ends. `module` has the functions of `generator.engine.song`."""
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # Ctrl+C reaches the whole group; what to do about it is the parent's affair
    os.nice(NICENESS)
    os.environ.update(dict.fromkeys(THREADS, "1"))  # one take a core; the libraries read this when they are imported
    out = _reports_only()
    try:
        worker = Worker(import_module(module), out)
        threading.Thread(target=worker.listen, args=(sys.stdin.buffer,), daemon=True).start()
        worker.work()
    except BrokenPipeError:
        os._exit(0)
    except BaseException:
        # An ordinary exit would wait for the listening thread, and abort.
        traceback.print_exc()
        os._exit(1)


if __name__ == "__main__":
    main(*sys.argv[1:])
