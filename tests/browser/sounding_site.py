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
SECONDS = (40.0, 36.0)
STREAM_SECONDS = 6.0
BYTES_PER_SECOND = 24_000
PARTS = ("intro", "verse", "chorus", "outro")


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
        self.files = {"audio:1": a, "audio:2": b, "stream:1": a, "stream:2": b, "slow:1": a}

    async def generate(self, request: SongRequest) -> AsyncGenerator[v6.Event, None]:
        """The document's stream; of a slow song with a pause in which take A is heard early."""
        is_slow = SLOW in request.prompt
        parts: list[v6.SectionTime] = [
            {"section_type": kind, "start": 10_000 * i, "end": 10_000 * (i + 1), "lines": []}
            for i, kind in enumerate(PARTS)
        ]
        yield v6.Initializing()
        yield v6.Validated(message_id=request.prompt, song_name=request.prompt)
        yield v6.Running(message_id=request.prompt, song_name=request.prompt, progress=20)
        if is_slow:
            yield v6.StreamReady(message_id=request.prompt, song_name=request.prompt, version=1, stream_url="slow:1")
            await asyncio.sleep(STREAM_SECONDS)
        for number in (1, 2):
            yield v6.AudioReady(message_id=request.prompt, song_name=request.prompt, audio_url=f"audio:{number}")
            yield v6.Uploading(message_id=request.prompt, version=number)
            yield v6.Finished(message_id=request.prompt, version=number, lyrics_sections=parts)

    async def open(self, address: str) -> AsyncGenerator[bytes, None]:
        """A file at once; a slow stream a little faster than it is heard."""
        async for piece in super().open(address):
            yield piece
            if address.startswith("slow"):
                await asyncio.sleep(len(piece) / BYTES_PER_SECOND / 2)


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
