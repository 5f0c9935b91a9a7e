"""What the kernel says of processes: CPU in ticks of 10 ms, memory as their own share (PSS), other load."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def family(pid: int) -> list[int]:
    """A process and everything below it."""
    found = [pid]
    for parent in found:
        for task in Path(f"/proc/{parent}/task").glob("*/children"):
            with suppress(OSError):
                found += [int(child) for child in task.read_text().split()]
    return found


def cpu_seconds(pids: Iterable[int]) -> float:
    """CPU time that these processes have used so far, in both user and kernel mode."""
    total = 0
    for pid in pids:
        with suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            total += int(fields[11]) + int(fields[12])
    return total / TICKS


def memory_kib(pids: Iterable[int]) -> int:
    """Memory that these processes would give back, pages they share counted in part."""
    total = 0
    for pid in pids:
        with suppress(OSError):
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
            total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total


def pin(pid: int, core: int) -> None:
    """Keep a process, with all its threads, on one core. Does nothing on a machine with one core."""
    if (os.cpu_count() or 1) > core:
        for thread in Path(f"/proc/{pid}/task").iterdir():
            with suppress(OSError):
                os.sched_setaffinity(int(thread.name), {core})


@dataclass(frozen=True, slots=True)
class Load:
    """A window of time: CPU seconds of the target, and of all that is not ours in percent of one core."""

    seconds: float
    target: float
    other: float


class Window:
    """Measures from its making on."""

    def __init__(self, target: int, ours: Iterable[int]) -> None:
        self._target, self._ours = target, list(ours)
        self._before = self._read()

    def read(self) -> Load:
        """What was used since."""
        seconds, target, ours, all_cores = (
            after - before for after, before in zip(self._read(), self._before, strict=True)
        )
        return Load(seconds, target, max(0.0, all_cores - target - ours) / seconds * 100)

    def _read(self) -> tuple[float, float, float, float]:
        fields = [int(field) for field in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
        busy = (sum(fields) - fields[3] - fields[4]) / TICKS  # without idle and waiting for disks
        return time.monotonic(), cpu_seconds(family(self._target)), cpu_seconds(self._ours), busy
