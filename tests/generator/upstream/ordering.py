"""Orders at a host that stands on loopback: what is sent, how patiently, and what comes of it."""

from __future__ import annotations

import asyncio
from typing import Any

from generator.protocol import events as v6
from generator.protocol.errors import GenerationError
from generator.upstream import SongRequest
from generator.upstream.http import Http
from generator.upstream.line import Patience
from tests.upstream_host import Host, answer

KEY = "sk-very-secret-0123456789"
REQUEST = SongRequest(prompt="A slow waltz", lyrics="We are home", melody_url="https://example.org/m.mp3", seed=7)
QUICK = Patience(
    connect=0.4,
    answer=0.4,
    event=0.4,
    reach=0.4,
    song=4.0,
    tries=(0.01, 0.02),
    trying=2.0,
    polls=(0.005, 0.01),
    audio=3.0,
    stall=0.3,
    fetches=(0.01, 0.02, 0.03),
)
HTML = b"<!doctype html><html><body>502 Bad Gateway</body></html>"
PAGE = {"Content-Type": "text/html"}
LISTED: list[dict[str, Any]] = [
    {"version": 1, "audio_url": "$HOST/audio/midnight_v1.mp3", "lyrics_sections": ["Oh"]},
    {"version": 2, "audio_url": "$HOST/audio/midnight_v2.mp3", "lyrics_sections": []},
]
DONE = answer(200, {"status": "completed", "message_id": "6f2b9c1e", "versions": LISTED})
BUSY = {"success": False, "message": "Rate limits have been passed for the user."}


def upstream(host: Host, patience: Patience = QUICK) -> Http:
    return Http(host.url, KEY, allow=[host.place], patience=patience)


async def song(http: Http) -> tuple[list[v6.Event], GenerationError | None]:
    """All that is told of a song, and the fault it ended with."""
    events: list[v6.Event] = []
    try:
        async with asyncio.timeout(15):
            async for event in http.generate(REQUEST):
                events.append(event)
    except GenerationError as fault:
        return events, fault
    finally:
        await http.close()
    return events, None


def takes(events: list[v6.Event]) -> list[int]:
    return sorted(event.version for event in events if isinstance(event, v6.Finished))


async def read(http: Http, address: str) -> bytes:
    return b"".join([piece async for piece in http.open(address)])
