"""A piece of a recording, as a WAV beside it. It is decoded in a child process, as all sound is."""

from __future__ import annotations

import wave
from pathlib import Path

from generator import child

PIECE_BYTES = 256 * 1024
SAMPLE_BYTES = 2


def write(path: Path, into: Path, *, begin: float, end: float) -> None:
    """Put the seconds from `begin` to `end` of the sound at `path` into the WAV `into`; fewer where it ends before.

    Blocks. Raises `child.UnfitError`, OSError.
    """
    poured = child.Poured("generator.wav", path)
    try:
        rate, channels = int(poured.facts["rate"]), int(poured.facts["channels"])
        frame = channels * SAMPLE_BYTES
        skipped, left = round(begin * rate) * frame, round((end - begin) * rate) * frame
        with wave.open(str(into), "wb") as out:
            out.setnchannels(channels)
            out.setsampwidth(SAMPLE_BYTES)
            out.setframerate(rate)
            while left and (piece := poured.read(PIECE_BYTES)):
                kept = piece[min(skipped, len(piece)) :][:left]
                skipped -= min(skipped, len(piece))
                left -= len(kept)
                out.writeframes(kept)
    finally:
        poured.close()
