"""A process of its own for whatever decodes foreign files: little memory, little time, no secrets, no way out.

Decoders are where hostile files do harm. `ask("generator.probe", path)` starts `python -m generator.probe PATH`; there
`answer` binds the process, opens the file and hands it to the module's own work. Before that work decodes anything it
calls `shut`: from then on no file and no socket can be opened, which needs no administrator's rights on any system.
What that leaves to whoever takes over the decoder is a process that can compute for 20 s and answer with nonsense, so
answers are checked by those who asked.

What is too large to be answered at once is poured: `Poured(module, path)` and `pour` are the same two ends for that.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import resource
import signal
import subprocess
import sys
import traceback
import weakref
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

log = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parents[1]
MEMORY_BYTES = 512 * 1024 * 1024
CPU_SECONDS = 20
WALL_SECONDS = 30.0
NICENESS = 5
POURED_WITHIN_SECONDS = 900.0
"""How long a child may take whose answer somebody reads as it comes, over a slow line as well."""
LONGEST_FACTS = 4096
AT_ONCE = 4
"""Children of one process; more files wait for their turn."""
LARGEST_ANSWER = 4 * 1024 * 1024
"""Bytes a child may answer with; it could say anything."""
ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
"""What a child needs of the environment to find its libraries; secrets are not among it."""

Answer = tuple[dict[str, Any], bytes]
"""Facts, and the bytes of what was made, if anything was."""

_turns: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = weakref.WeakKeyDictionary()


class UnfitError(Exception):
    """A foreign file that cannot be used. The text is a sentence for people."""


async def ask(module: str, path: Path, within: float | None = None) -> Answer:
    """What `module` finds in the file at `path`, within so many seconds, else WALL_SECONDS.

    Raises `UnfitError`, also where the child breaks one of its limits.
    """
    async with _turns.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(AT_ONCE)):
        child = await asyncio.create_subprocess_exec(
            *_command(module, path), stdin=DEVNULL, stdout=PIPE, stderr=DEVNULL, env=_environment()
        )
        try:
            async with asyncio.timeout(within or WALL_SECONDS):
                said = await _read(child.stdout)
                if len(said) <= LARGEST_ANSWER:
                    await child.wait()
        except TimeoutError:
            raise UnfitError("The file takes too long to decode.") from None
        finally:
            if child.returncode is None:
                with suppress(ProcessLookupError):
                    child.kill()
                await child.communicate()  # what it has said is read first: asyncio waits for the pipe's end as well
    return _understood(module, said, child.returncode)


class Poured:
    """A child's facts, and then the bytes that it makes, as they are read. All of it blocks, and knows no event loop.

    Whoever made one closes it; the child ends then, wherever it was. So it does when nobody holds it any more.
    """

    def __init__(self, module: str, path: Path) -> None:
        """Start `module` on the file at `path`. Raises `UnfitError`."""
        self._child = subprocess.Popen(  # noqa: S603  a module of ours, and a path as an argument of its own
            _command(module, path), stdin=DEVNULL, stdout=PIPE, stderr=DEVNULL, env=_environment()
        )
        assert self._child.stdout
        self._out = self._child.stdout
        self._end = weakref.finalize(self, _ended, self._child, self._out)
        said = self._out.readline(LONGEST_FACTS)
        try:
            self.facts, _ = _understood(module, said, self._child.poll())
        except UnfitError:
            self.close()
            raise

    def read(self, most: int) -> bytes:
        """The next bytes, up to so many; fewer only at the end, and none behind it or once it is closed."""
        try:
            return self._out.read(most)
        except ValueError:  # closed meanwhile
            return b""

    def close(self) -> None:
        """End the child. Any thread may do so, at any time, and more than once."""
        self._end()


def answer(
    work: Callable[[int], Answer], seconds: float = WALL_SECONDS, cpu: int = CPU_SECONDS, memory: int = MEMORY_BYTES
) -> None:
    """Be the child: bind this process, give `work` the descriptor of the file that it was started with, and answer.

    `work` raises `UnfitError` where the file is at fault. The limits are of this process's whole life.
    """
    pour(lambda descriptor: _whole(work(descriptor)), seconds, cpu, memory)


def pour(
    work: Callable[[int], tuple[dict[str, Any], Iterator[bytes]]],
    seconds: float = POURED_WITHIN_SECONDS,
    cpu: int = CPU_SECONDS,
    memory: int = MEMORY_BYTES,
) -> None:
    """Be a child as `answer` is, for at most so many seconds: say the facts first, then the bytes as they are read.

    Where `work` fails after that, the bytes end early.
    """
    _bind(seconds, cpu, memory)
    made: Iterator[bytes] = iter(())
    try:
        said, made = work(os.open(sys.argv[1], os.O_RDONLY | os.O_CLOEXEC))
    except UnfitError as error:
        said = {"unfit": str(error)}
    except MemoryError:
        said = {"unfit": "The file takes too much memory to decode."}
    except Exception:
        said = {"fault": traceback.format_exc()}
    out = sys.stdout.buffer
    out.write(json.dumps(said).encode("ascii") + b"\n")
    with suppress(BrokenPipeError):  # nobody reads any more
        for piece in made:
            out.write(piece)
        out.flush()


def shut() -> None:
    """Let this process open nothing more: no file, no socket, and no further process where it is not the root user's.

    Everything that is still to be imported must be imported before.
    """
    _limit({resource.RLIMIT_NOFILE: 0, resource.RLIMIT_NPROC: 0})


def _whole(found: Answer) -> tuple[dict[str, Any], Iterator[bytes]]:
    facts, made = found
    return facts, iter((made,))


def _ended(process: subprocess.Popen[bytes], out: IO[bytes]) -> None:
    process.kill()
    process.wait()
    out.close()


def _command(module: str, path: Path) -> tuple[str, ...]:
    return sys.executable, "-Pm", module, str(path)


def _bind(seconds: float, cpu: int, memory: int) -> None:
    """Bind this process for the rest of its life; some systems know no limit of address space."""
    os.nice(NICENESS)
    signal.alarm(round(seconds) + 1)  # should the parent be gone by then
    _limit(
        {
            resource.RLIMIT_CPU: cpu,
            resource.RLIMIT_FSIZE: 0,
            resource.RLIMIT_CORE: 0,
            resource.RLIMIT_AS: memory,
        }
    )


def _limit(limits: dict[int, int]) -> None:
    for limit, most in limits.items():
        with suppress(ValueError, OSError):
            resource.setrlimit(limit, (most, most))


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in ENVIRONMENT if name in os.environ}
    return {**kept, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"}


async def _read(stream: asyncio.StreamReader | None) -> bytes:
    """All of it, or the first bytes of more than anybody may answer."""
    said = bytearray()
    while stream and len(said) <= LARGEST_ANSWER and (piece := await stream.read(LARGEST_ANSWER)):
        said += piece
    return bytes(said)


def _understood(module: str, said: bytes, code: int | None) -> Answer:
    facts, _, made = said.partition(b"\n")
    try:
        found = json.loads(facts)
    except (ValueError, RecursionError):
        found = None
    if len(said) > LARGEST_ANSWER or not isinstance(found, dict):
        log.warning("A child of %s ended with exit code %s and without an answer.", module, code)
        raise UnfitError("The file could not be decoded.")
    if "fault" in found:
        log.error("A child of %s failed:\n%s", module, found["fault"])
        raise UnfitError("The file could not be decoded.")
    if "unfit" in found:
        raise UnfitError(str(found["unfit"])[:200])
    return found, made
