"""Stands in for `generator.engine.song` where a test needs an engine that misbehaves. The prompt says how."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

from generator.protocol.errors import Rejected

PIECE = b"\xff\xfb" * 6_000
"""Half a second of MP3, by size."""
PIECES = 6


def warm() -> None:
    """Nothing to load."""


def plan(prompt: str, lyrics: str | None, seed: int, draft: str = "", given: object = ()) -> SimpleNamespace:
    """The prompt is the plan."""
    if prompt == "unsingable":
        raise Rejected("No word of this can be sung.", "rejected_words", "lyrics")
    return SimpleNamespace(
        title=f"Drafted {seed}" if draft else f"Song {seed}", prompt=prompt, seed=seed, inks=seed % 6 + 1
    )


def cover(plan: SimpleNamespace) -> bytes:
    """Something to put into the file."""
    return b"RIFF-cover"


def render(
    plan: SimpleNamespace,
    number: int,
    cover: bytes,
    write: Callable[[bytes], None],
    progress: Callable[[int], None],
    *,
    stems: Path | None = None,
) -> SimpleNamespace:
    """`PIECES` pieces of sound, or the misfortune that the prompt names (in take 2 alone where it says so)."""
    if stems:
        (stems / "drums.flac").write_bytes(b"fLaC" + bytes([number]))
        (stems / "niceness.flac").write_bytes(bytes([os.nice(0)]))
    for done in range(PIECES):
        progress(100 * done // PIECES)
        write(PIECE + bytes([number]))
        if "slow" in plan.prompt:
            time.sleep(0.1)
        if done == PIECES // 2 and (number == 2 or "take 2" not in plan.prompt):
            _mishap(plan.prompt)
    section = {"section_type": "verse", "start": 0, "end": 3000, "lines": []}
    return SimpleNamespace(
        number=number,
        duration_ms=3000,
        sections=[section] * (20_000 if "endless" in plan.prompt else 1),
        tags=b"ID3" + cover,
        midi=notes(plan, number),
        peaks=(50,) * 400,
        understood={
            "tempo": 120,
            "process": os.getpid(),
            "niceness": os.nice(0),
            "threads": os.environ["OMP_NUM_THREADS"],
        },
    )


def notes(plan: SimpleNamespace, number: int) -> bytes:
    """Stands for the take's MIDI file."""
    return b"MThd" + f"{plan.prompt} {plan.seed} {number}".encode()


def _mishap(prompt: str) -> None:
    if "deaf" in prompt:
        time.sleep(600)
    if "dies" in prompt:
        os.kill(os.getpid(), signal.SIGKILL)
    if "raises" in prompt:
        raise RuntimeError("a string broke")
    if "disk" in prompt:
        raise OSError(28, "No space left on device")
    if "prints" in prompt:
        print("a stray word")  # noqa: T201  that is what is tested
        os.write(1, b"a stray word from C\n")
