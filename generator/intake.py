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
    try:
        if await asyncio.to_thread(_is_aac, foreign):  # no take may be AAC, so it is the copy that is probed
            await asyncio.to_thread(canonical.write, foreign, copy)
            found = await probe.probe(copy)
        else:
            found = await probe.probe(foreign)
            await asyncio.to_thread(canonical.write, foreign, copy)
        heard = await hearing.hear(copy)
    except child.UnfitError as error:
        raise AudioUnusable(str(error), "audio_rejected") from None
    return heard, found


def _is_aac(foreign: Path) -> bool:
    with foreign.open("rb") as file:
        return probe.is_aac(file.read(probe.HEAD_BYTES))
