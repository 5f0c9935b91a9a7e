"""A site whose songs are tones, as slow as a test wants: `python -m tests.browser.sounding_site serve --prepare`."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncGenerator
from pathlib import Path

from generator.protocol import events as v6
from generator.upstream import SongRequest
from tests.flows.scripted import Scripted, mp3
from tests.flows.scripted_site import NO_LIMITS
from tests.server import Server

SLOW = "slowly"
"""With this word in the prompt take A can be heard while it is made; its file comes after `STREAM_SECONDS`."""
STEPWISE = "step by step"
"""With these words it tells every percent, and both takes can be heard while they are made: A from 40, B from 60 on."""
STEP_SECONDS = 0.08
SECONDS = (40.0, 36.0)
STREAM_SECONDS = 6.0
BYTES_PER_SECOND = 24_000
LATE_MS = (0, 400)
"""How far the lines of each take are behind the second they could begin at."""
PARTS = ("intro", "verse", "chorus", "outro")


def form(lyrics: str, number: int) -> list[v6.SectionTime]:
    """Take `number` in four parts of ten seconds; in each but the first stand the lines of `lyrics`, a second each."""
    late, length = LATE_MS[number - 1], round(1_000 * SECONDS[number - 1])
    return [
        {
            "section_type": kind,
            "start": 10_000 * i,
            "end": min(10_000 * (i + 1), length),
            "lines": [_line(text, 10_000 * i + 1_000 * n + late) for n, text in enumerate(lyrics.splitlines()) if i],
        }
        for i, kind in enumerate(PARTS)
    ]


def _line(text: str, start: int) -> v6.LineTime:
    """A line of a second in all: its words share it."""
    words = text.split()
    step = 1_000 // len(words)
    return {
        "start": start,
        "end": start + 1_000,
        "text": text,
        "words": [{"start": start + step * i, "end": start + step * (i + 1), "text": w} for i, w in enumerate(words)],
    }


class SoundingSite(Server):
    """A site of songs of two tones: take A hums at 440 Hz, take B at 330 Hz, each four parts of ten seconds."""

    program = ("-m", "tests.browser.sounding_site")

    def __init__(self, data_dir: Path) -> None:
        super().__init__(data_dir, **NO_LIMITS, ENGINE_SLOTS="8")


class Tones(Scripted):
    """Names each song after its prompt."""

    def __init__(self) -> None:
        super().__init__([])
        a, b = mp3(SECONDS[0]), mp3(SECONDS[1], 330)
        self.files = {"audio:1": a, "audio:2": b, "stream:1": a, "stream:2": b, "slow:1": a, "slow:2": b}

    async def generate(self, request: SongRequest) -> AsyncGenerator[v6.Event, None]:
        """The document's stream; of a slow song with a pause in which take A is heard early."""
        if STEPWISE in request.prompt:
            async for event in self._stepwise(request.prompt, request.lyrics):
                yield event
            return
        is_slow = SLOW in request.prompt
        yield v6.Initializing()
        yield v6.Validated(message_id=request.prompt, song_name=request.prompt)
        yield v6.Running(message_id=request.prompt, song_name=request.prompt, progress=20)
        if is_slow:
            yield v6.StreamReady(message_id=request.prompt, song_name=request.prompt, version=1, stream_url="slow:1")
            await asyncio.sleep(STREAM_SECONDS)
        for event in _ends(request.prompt, request.lyrics):
            yield event

    async def _stepwise(self, name: str, lyrics: str | None) -> AsyncGenerator[v6.Event, None]:
        yield v6.Initializing()
        yield v6.Validated(message_id=name, song_name=name)
        for percent in range(1, 100):
            yield v6.Running(message_id=name, song_name=name, progress=percent)
            if percent in (40, 60):
                number = 1 if percent == 40 else 2
                yield v6.StreamReady(message_id=name, song_name=name, version=number, stream_url=f"slow:{number}")
            await asyncio.sleep(STEP_SECONDS)
        for event in _ends(name, lyrics):
            yield event

    async def open(self, address: str) -> AsyncGenerator[bytes, None]:
        """A file at once; a slow stream a little faster than it is heard."""
        async for piece in super().open(address):
            yield piece
            if address.startswith("slow"):
                await asyncio.sleep(len(piece) / BYTES_PER_SECOND / 2)


def _ends(name: str, lyrics: str | None) -> list[v6.Event]:
    """Both files, one after the other, each with its form."""
    told: list[v6.Event] = []
    for number in (1, 2):
        told.append(v6.AudioReady(message_id=name, song_name=name, audio_url=f"audio:{number}"))
        told.append(v6.Uploading(message_id=name, version=number))
        told.append(v6.Finished(message_id=name, version=number, lyrics_sections=form(lyrics or "", number)))
    return told


def main() -> None:
    """manage.py, with tones behind the form."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "studio.settings"
    import django

    django.setup()
    from studio.songs import engine

    upstream = Tones()
    engine.current = lambda: upstream  # type: ignore[assignment]  # it is a cached function otherwise

    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
