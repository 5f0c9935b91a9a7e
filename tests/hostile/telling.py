"""The host's answers, good and bad: events, bodies, files, bytes."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from PIL import Image

from tests.flows.scripted import mp3, sections
from tests.hostile.fault import Case, Does
from tests.upstream_host import STREAM, Asked, Then, Wire

Json = dict[str, Any]
EVENTS = 15
NAMED: Json = {"message_id": "$ID", "song_name": "Sea of $NAME", "album_art": "$FILES/art.png"}
PLAIN = {"Content-Type": "text/event-stream; charset=utf-8"}
"""Headers of a stream whose end is the end of the connection."""
PAGE = {"Content-Type": "text/html; charset=utf-8"}
HTML = b"<!doctype html><html><title>502</title><body>words-of-the-host-alone <script>__xss=1</script></body></html>"
AUDIO = {"Content-Type": "audio/mpeg"}


def take(number: int) -> list[Json]:
    """The document's four events of one version."""
    return [
        {
            "status": "streaming",
            **NAMED,
            "version": number,
            "stream_url": f"$FILES/stream-{number}.mp3",
            "streaming_ready": True,
        },
        {"status": "completed", **NAMED, "audio_url": f"$FILES/audio-{number}.mp3", "progress": 100},
        {"status": "uploading", "message_id": "$ID", "version": number},
        {"status": "completed", "message_id": "$ID", "version": number, "lyrics_sections": sections("we are home")},
    ]


def story() -> list[Json]:
    """A good song, told as the document tells it, in 15 events."""
    told: list[Json] = [{"status": "initializing"}]
    told += [{"status": word, **NAMED} for word in ("validated", "streaming", "processing")]
    told += [{"status": "running", **NAMED, "progress": percent} for percent in (2, 40, 71)]
    told += [*take(1), *take(2)]
    return [{"isComplete": False, "chunkIndex": number, **event} for number, event in enumerate(told)]


def but(changes: Mapping[str, Any]) -> list[Json]:
    """The good song with `changes` in every event that has these fields."""
    return [{**event, **{name: value for name, value in changes.items() if name in event}} for event in story()]


def whole(**more: Any) -> Json:
    """A status answer of a song of which both takes are there."""
    takes = [
        {"version": n, "audio_url": f"$FILES/audio-{n}.mp3", "lyrics_sections": sections("we are home")} for n in (1, 2)
    ]
    return {"status": "completed", "message_id": "$ID", "song_name": "Sea of $NAME", "versions": takes, **more}


def event(body: object) -> bytes:
    """One event of a stream. Its placeholders are still in it."""
    return b"data: " + json.dumps(body).encode() + b"\n\n"


def tell(
    *told: Json | bytes, then: Then = "end", headers: Mapping[str, str] = STREAM, pause: float = 0.0, cut: int = 0
) -> Does:
    """A stream of these events (bytes go out as they are), `pause` seconds apart; with `cut`, in pieces of so much."""

    async def telling(case: Case, wire: Wire, asked: Asked) -> None:
        await wire.head(200, headers)
        for one in told:
            data = _filled(case, one if isinstance(one, bytes) else event(one))
            for start in range(0, len(data), cut or max(1, len(data))):
                await wire.send(data[start : start + cut] if cut else data)
                await asyncio.sleep(pause)
        await wire.finish(then)

    return telling


def body(
    status: int, content: object = b"", headers: Mapping[str, str] | None = None, *, then: Then = "end", more: int = 0
) -> Does:
    """A plain answer; bytes as they are, all else as JSON. Its length is told too great by `more`."""

    async def answering(case: Case, wire: Wire, asked: Asked) -> None:
        data = _filled(case, content if isinstance(content, bytes) else json.dumps(content).encode())
        kind = "application/octet-stream" if isinstance(content, bytes) else "application/json"
        own = {"Content-Type": kind, "Content-Length": str(len(data) + more)}
        own |= {name: case.filled(value) for name, value in (headers or {}).items()}
        await wire.head(status, {name: value for name, value in own.items() if value != "none"})
        await wire.send(data)
        await wire.finish(then)

    return answering


def raw(data: bytes, then: Then = "end") -> Does:
    """Bytes that need be no HTTP."""

    async def sending(case: Case, wire: Wire, asked: Asked) -> None:
        await wire.send(_filled(case, data))
        await wire.finish(then)

    return sending


def endless(piece: bytes, pause: float = 0.0, *, head: bytes = b"", most: int = 400 * 1024 * 1024) -> Does:
    """`head`, then `piece` again and again, as long as somebody takes it (at most `most` bytes, for this machine)."""

    async def going_on(case: Case, wire: Wire, asked: Asked) -> None:
        await wire.send(_filled(case, head))
        for _ in range(most // len(piece)):
            wire.writer.write(piece)
            await wire.writer.drain()
            await asyncio.sleep(pause)

    return going_on


def head_of(status: int, headers: Mapping[str, str]) -> bytes:
    """The head of an answer, for those that are written by hand."""
    lines = [f"HTTP/1.1 {status} Whatever", "Connection: close", *(f"{k}: {v}" for k, v in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode()


UNKNOWN = body(404, {"detail": "No such generation. words-of-the-host-alone"})
GOOD = tell(*story())
SILENT = raw(b"", "silence")


@cache
def sound(number: int) -> bytes:
    """A good take of a second and a half."""
    return mp3(1.5, 440.0 if number == 1 else 330.0)


@cache
def picture(kind: str = "PNG", size: tuple[int, int] = (96, 96)) -> bytes:
    """A good picture."""
    file = io.BytesIO()
    Image.new("RGB", size, (200, 80, 40)).save(file, kind)
    return file.getvalue()


def lies(name: str) -> Does:
    """What lies under a name where no fault says otherwise."""
    if name.startswith("art"):
        return body(200, picture(), {"Content-Type": "image/png"})
    return body(200, sound(2 if "2" in name else 1), AUDIO)


def _filled(case: Case, data: bytes) -> bytes:
    return case.filled(data.decode("latin-1")).encode("latin-1") if b"$" in data else data
