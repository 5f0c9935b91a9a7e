"""Measure and print. See the package."""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path

from generator.engine import Finished, Job, Playable, Workers
from tests.bench.engine.stages import stages
from tests.bench.relay import gauge

PROMPT = "A cheerful pop song about friendship and adventure, two minutes"
BANK = Path(__file__).resolve().parents[3] / "generator" / "engine" / "assets" / "bank.sf3"
LOOK_EVERY = 0.3
"""Seconds between two looks at the memory."""


@dataclass(frozen=True, slots=True)
class Made:
    """One song: seconds of its takes, of waiting for it and for its first sound, and of CPU; MiB; percent of a core."""

    music: tuple[float, float]
    wall: float
    first: float
    cpu: float
    memory: float
    other: float

    def __str__(self) -> str:
        music = " + ".join(f"{seconds:.0f}" for seconds in self.music)
        speed = sum(self.music) / self.wall
        return (
            f"{music} s of music in {self.wall:.1f} s ({speed:.0f} x), first sound {self.first:.2f} s, "
            f"CPU {self.cpu:.1f} s, most memory (PSS) {self.memory:.0f} MiB, others {self.other:.0f} % of a core"
        )


def engine() -> list[int]:
    """The engine's processes: all children of this one."""
    return gauge.family(os.getpid())[1:]


async def make(workers: Workers, job: Job) -> Made:
    """Both takes, as the site has them made."""
    window, before = gauge.Window(os.getpid(), ()), gauge.cpu_seconds(engine())
    begin, first, most = time.monotonic(), 0.0, 0
    lengths: dict[int, float] = {}

    async def look() -> None:
        nonlocal most
        while True:
            most = max(most, gauge.memory_kib(engine()))
            await asyncio.sleep(LOOK_EVERY)

    looking = asyncio.create_task(look())
    try:
        async with aclosing(workers.submit(job)) as reports:
            async for report in reports:
                match report:
                    case Playable():
                        first = first or time.monotonic() - begin
                    case Finished():
                        lengths[report.take] = report.duration_ms / 1000
    finally:
        looking.cancel()
    wall = time.monotonic() - begin
    load = window.read()
    cpu = gauge.cpu_seconds(engine()) - before
    return Made((lengths[1], lengths[2]), wall, first, cpu, most / 1024, load.other)


def fluidsynth(midi: Path, folder: Path) -> tuple[float, float]:
    """Seconds and CPU seconds that the command line needs to play a MIDI file into a WAV file, bank and all."""
    sound = folder / "fluidsynth.wav"
    line = ["fluidsynth", "-ni", "-g", "0.6", "-r", "44100", "-F", str(sound), str(BANK), str(midi)]
    begin, before = time.monotonic(), os.times()
    subprocess.run(line, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = os.times()
    sound.unlink()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return time.monotonic() - begin, used


async def songs(count: int, folder: Path) -> tuple[float, list[Made], list[Path]]:
    """Seconds of a cold start, what each song cost, and the MIDI files of the first one. One more warms up."""
    workers, made, jobs = Workers(), [], []
    begin = time.monotonic()
    try:
        await workers.warm()
        cold = time.monotonic() - begin
        for number in range(count + 1):
            own = folder / str(number)
            own.mkdir()
            jobs.append(Job(prompt=PROMPT, lyrics=None, seed=40 + number, folder=own))
            made.append(await make(workers, jobs[-1]))
    finally:
        await workers.close()
    return cold, made[1:], [jobs[1].midi(take) for take in (1, 2)]


def main() -> None:
    """Print a row for each song, then the middle of them beside fluidsynth, then the stages."""
    ask = argparse.ArgumentParser(prog="python -m tests.bench.engine", description=__doc__)
    ask.add_argument("--songs", type=int, default=3)
    ask.add_argument("--no-stages", action="store_true")
    told = ask.parse_args()
    say = sys.stdout.write
    with tempfile.TemporaryDirectory(prefix="duplet-bench-") as name:
        folder = Path(name)
        cold, rows, files = asyncio.run(songs(told.songs, folder))
        say(f"cold start of two workers {cold:.1f} s\n")
        for row in rows:
            say(f"{row}\n")
        if shutil.which("fluidsynth"):
            played = [fluidsynth(file, folder) for file in files]
            wall, cpu = (sum(values) for values in zip(*played, strict=True))
            say(
                f"fluidsynth, the same notes: {wall:.1f} s, CPU {cpu:.1f} s; whole songs take "
                f"{rows[0].wall / wall:.1f} x its time and {rows[0].cpu / cpu:.1f} x its CPU\n"
            )
    wall, cpu = (statistics.median(values) for values in zip(*((row.wall, row.cpu) for row in rows), strict=True))
    say(f"middle of {len(rows)}: {wall:.1f} s, CPU {cpu:.1f} s\n")
    if not told.no_stages:
        spent = stages(PROMPT, 41)
        whole = spent["all"]
        say("\n".join(f"{stage:32} {cpu:6.2f} CPU-s {100 * cpu / whole:4.0f} %" for stage, cpu in spent.items()) + "\n")


if __name__ == "__main__":
    main()
