"""Does a file play, how long is it, and how loud along its length? Asked of every finished take before it is kept.

Audio that came from elsewhere is decoded in a child process of its own, with little memory, little time and none of
this process's secrets, because decoders are where hostile files do harm. `python -m generator.probe FILE` prints what
it finds as JSON.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import resource
import sys
import traceback
from asyncio.subprocess import DEVNULL, PIPE
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.protocol.errors import AudioUnusable

log = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parents[1]
MEMORY_BYTES = 512 * 1024 * 1024
CPU_SECONDS = 20
WALL_SECONDS = 30.0
NICENESS = 5
PEAKS = 400
GRAIN = 1024
"""Frames over which power is summed while the file is read; at 44.1 kHz 23 ms."""
BLOCK = 64 * GRAIN
CHANNELS = range(1, 9)
RATES = range(8_000, 192_001)
SHORTEST_MS = 1_000
ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
"""What a child needs of the environment to find its libraries; secrets are not among it."""


@dataclass(frozen=True, slots=True)
class Probe:
    """What was found in an audio file by decoding all of it."""

    duration_ms: int
    peaks: tuple[int, ...]
    """`PEAKS` values of loudness along the length, 0 to 100, 100 where it is loudest; all 0 in a silent file."""


async def probe(path: Path) -> Probe:
    """Decode the file at `path`. Raises `AudioUnusable` ("audio_rejected") if it does not play or lasts under 1 s."""
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-Pm",
        "generator.probe",
        str(path),
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=DEVNULL,
        env=_environment(),
    )
    try:
        async with asyncio.timeout(WALL_SECONDS):
            out, _ = await child.communicate()
    except TimeoutError:
        raise AudioUnusable("The audio takes too long to decode.", "audio_rejected") from None
    finally:
        if child.returncode is None:
            with suppress(ProcessLookupError):
                child.kill()
            await child.wait()
    return _found(out, child.returncode)


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in ENVIRONMENT if name in os.environ}
    return {**kept, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"}


def _found(out: bytes, code: int | None) -> Probe:
    try:
        found = json.loads(out)
    except ValueError:
        log.warning("A probe ended with exit code %s and without an answer.", code)
        raise AudioUnusable("The audio could not be decoded.", "audio_rejected") from None
    if "fault" in found:
        log.error("A probe failed:\n%s", found["fault"])
        raise AudioUnusable("The audio could not be decoded.", "audio_rejected")
    if "rejected" in found:
        raise AudioUnusable(found["rejected"], "audio_rejected")
    return Probe(found["duration_ms"], tuple(found["peaks"]))


def _limit() -> None:
    """Bind this process for the rest of its life; some systems know no limit of address space."""
    os.nice(NICENESS)
    limits = {
        resource.RLIMIT_CPU: CPU_SECONDS,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_AS: MEMORY_BYTES,
    }
    for limit, most in limits.items():
        with suppress(ValueError, OSError):
            resource.setrlimit(limit, (most, most))


def _decode(path: str) -> dict[str, Any]:
    """What `probe` reports, or {"rejected": sentence}. The content decides what a file is, so it goes in nameless."""
    import numpy as np  # noqa: PLC0415  loaded under the limits, and in the child alone
    import soundfile  # noqa: PLC0415

    try:
        with soundfile.SoundFile(os.open(path, os.O_RDONLY | os.O_CLOEXEC), closefd=True) as sound:
            if sound.channels not in CHANNELS or sound.samplerate not in RATES:
                return {"rejected": "The audio has an unusual number of channels or an unusual sample rate."}
            frames, powers = 0, []
            buffer = np.empty((BLOCK, sound.channels), np.float32)
            while len(block := sound.read(dtype="float32", always_2d=True, out=buffer)):
                frames += len(block)
                power = np.einsum("fc,fc->f", block, block)
                powers.append(np.add.reduceat(power, np.arange(0, len(power), GRAIN), dtype=np.float64))
            duration_ms = frames * 1000 // sound.samplerate
    except soundfile.SoundFileError:
        return {"rejected": "The audio does not play."}
    if duration_ms < SHORTEST_MS:
        return {"rejected": "The audio is empty or shorter than a second."}
    grains = np.concatenate(powers)
    if not np.isfinite(grains).all():
        return {"rejected": "The audio holds values that are no sound."}
    summed = np.concatenate([[0.0], np.cumsum(grains)])
    at = np.minimum(np.arange(len(summed)) * GRAIN, frames)  # the last grain may be a short one
    edges = np.interp(np.linspace(0, frames, PEAKS + 1), at, summed)
    level = np.sqrt(np.maximum(np.diff(edges), 0.0))
    peaks = np.rint(100 * level / (level.max() or 1.0)).astype(int)
    return {"duration_ms": duration_ms, "peaks": peaks.tolist()}


def main(path: str) -> None:
    """Print what is found in the file as one JSON object."""
    _limit()
    try:
        found = _decode(path)
    except Exception:
        found = {"fault": traceback.format_exc()}
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1])
