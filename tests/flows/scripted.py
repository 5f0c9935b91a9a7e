"""An upstream whose every step waits for the test: the outer edge of the house, with real MP3 behind its addresses."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, Sequence
from functools import cache
from typing import Any

import lameenc
import numpy as np

from generator.protocol import events as v6
from generator.protocol.errors import AudioUnusable
from generator.upstream import SongRequest


@cache
def mp3(seconds: float, pitch: float = 440.0) -> bytes:
    """A plain tone, 44.1 kHz stereo, as MP3."""
    wave = (np.sin(2 * np.pi * pitch * np.arange(int(44100 * seconds)) / 44100) * 12000).astype(np.int16)
    encoder = lameenc.Encoder()
    encoder.set_bit_rate(192)
    encoder.set_in_sample_rate(44100)
    encoder.set_channels(2)
    encoder.silence()
    return bytes(encoder.encode(np.repeat(wave, 2).tobytes()) + encoder.flush())


def sections(text: str) -> list[v6.SectionTime]:
    """One verse of one line."""
    words: list[v6.WordTime] = [{"start": 500, "end": 900, "text": word} for word in text.split()]
    return [
        {"section_type": "intro", "start": 0, "end": 500, "lines": []},
        {
            "section_type": "verse",
            "start": 500,
            "end": 2000,
            "lines": [{"start": 500, "end": 2000, "text": text, "words": words}],
        },
    ]


def whole_song(name: str = "Home Again") -> list[v6.Event]:
    """The document's stream from beginning to end, two versions interleaved."""
    said: dict[str, Any] = {"message_id": "abc", "song_name": name}
    return [
        v6.Initializing(),
        v6.Validated(**said),
        v6.Streaming(**said),
        v6.Processing(**said),
        v6.Running(**said, progress=20),
        v6.StreamReady(**said, version=1, stream_url="stream:1"),
        v6.Running(**said, progress=60),
        v6.StreamReady(**said, version=2, stream_url="stream:2"),
        v6.AudioReady(**said, audio_url="audio:1"),
        v6.Uploading(message_id="abc", version=1),
        v6.Finished(message_id="abc", version=1, lyrics_sections=sections("we are home")),
        v6.AudioReady(**said, audio_url="audio:2"),
        v6.Uploading(message_id="abc", version=2),
        v6.Finished(message_id="abc", version=2, lyrics_sections=sections("we are home again")),
    ]


class Scripted:
    """Plays a list of events; an entry that is an `asyncio.Event` holds it until the test sets it."""

    name = "Scripted"
    inputs = frozenset({"prompt", "lyrics"})
    makes_again = True

    def __init__(self, script: Sequence[v6.Event | asyncio.Event | Exception]) -> None:
        self.script = script
        self.files = {"audio:1": mp3(3), "audio:2": mp3(4, 330), "stream:1": mp3(3), "stream:2": mp3(4, 330)}
        self.requests: list[SongRequest] = []
        self.left: dict[str, bool] = defaultdict(bool)
        self.closed = False
        self.taken_up: list[str] = []

    def check(self, request: SongRequest) -> None:
        """Everything can be sung here."""

    async def generate(self, request: SongRequest) -> AsyncGenerator[v6.Event, None]:
        """The script."""
        self.requests.append(request)
        try:
            for step in self.script:
                match step:
                    case asyncio.Event():
                        await step.wait()
                    case Exception():
                        raise step
                    case event:
                        await asyncio.sleep(0)
                        yield event
        finally:
            self.left["generate"] = True

    def take_up(self, request: SongRequest, message_id: str) -> AsyncGenerator[v6.Event, None]:
        """The script once more."""
        self.taken_up.append(message_id)
        return self.generate(request)

    async def open(self, address: str) -> AsyncGenerator[bytes, None]:
        """The bytes behind an address of the script."""
        if address not in self.files:
            raise AudioUnusable("Nothing lies there.", "audio_unavailable")
        data = self.files[address]
        for start in range(0, len(data), 8192):
            await asyncio.sleep(0)
            yield data[start : start + 8192]

    async def warm(self) -> None:
        """Nothing to make ready."""

    async def close(self) -> None:
        """Nothing to let go of."""
        self.closed = True
