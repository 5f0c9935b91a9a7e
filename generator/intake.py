"""A foreign recording becomes a given sound: probed, copied, heard, each in a child without any rights."""

from __future__ import annotations

import asyncio
from pathlib import Path

from generator import canonical, child, hearing, probe
from generator.given import Heard
from generator.protocol.errors import AudioUnusable

LARGEST = 50 * 1024 * 1024
"""Bytes of a recording as it comes."""


async def take_in(foreign: Path, copy: Path) -> tuple[Heard, probe.Probe]:
    """What is heard in the recording at `foreign`, whose copy is then at `copy`; and how loud it is along its length.

    Raises `AudioUnusable` ("audio_rejected") where it does not play or is longer than ten minutes, OSError; a copy may
    lie there then. Three minutes of sound take four seconds of one core.
    """
    await asyncio.to_thread(_refuse_by_name, foreign)
    found = await probe.probe(foreign)
    try:
        await asyncio.to_thread(canonical.write, foreign, copy)
        heard = await hearing.hear(copy)
    except child.UnfitError as error:
        raise AudioUnusable(str(error), "audio_rejected") from None
    return heard, found


def _refuse_by_name(foreign: Path) -> None:
    """What is well known and cannot be read is called by its name."""
    with foreign.open("rb") as file:
        head = file.read(12)
    if head[4:8] == b"ftyp":
        raise AudioUnusable(
            "M4A and AAC cannot be read here. Save it as MP3, WAV, FLAC or Ogg first.", "audio_rejected"
        )
