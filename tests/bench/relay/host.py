"""A v6 host that only tells: songs grow by one percent a second, each at a moment of its own, and fail in the end.

    python -m tests.bench.relay.host PORT STAMPS SONGS

The prompt says which song it is ("song 17"). Nothing is told after `validated` until `GO`, so that all begin together.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from pathlib import Path

from tests.bench.relay.stamps import ACCEPTED, ENDED, GO, STOP, Stamps

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
NOTHING = b"HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
LENGTH = re.compile(rb"content-length:\s*(\d+)", re.IGNORECASE)
SONG = re.compile(rb"song (\d+)")
ART = "http://127.0.0.1:9/artwork/of-a-song-that-nobody-is-to-fetch/"
"""Nothing is there, and nothing may be fetched from there: pictures are not what is measured."""
LOOK_SECONDS = 0.02


class Host:
    """All songs under way."""

    def __init__(self, stamps: Stamps, songs: int) -> None:
        self.stamps, self.songs = stamps, songs
        self.lines: dict[int, asyncio.Transport] = {}

    def begin(self, song: int, transport: asyncio.Transport) -> None:
        """Accept an order."""
        self.lines[song] = transport
        transport.write(HEAD + _chunk(_event(song, "initializing")))
        transport.write(_chunk(_event(song, "validated")))
        self.stamps.put(song, ACCEPTED, time.monotonic_ns())

    async def run(self) -> None:
        """Wait for `GO`, then keep every song growing. All songs begin within the first second, evenly spread."""
        while not self.stamps.signal(GO):
            await asyncio.sleep(LOOK_SECONDS)
        loop, offset = asyncio.get_running_loop(), time.monotonic_ns() - self.stamps.signal(GO)
        begin = loop.time() - offset / 1e9
        for song in range(self.songs):
            loop.call_at(begin + song / self.songs, self._grow, song, 1, begin + song / self.songs)

    def _grow(self, song: int, percent: int, due: float) -> None:
        transport = self.lines.get(song)
        stop = self.stamps.signal(STOP)
        if transport is None or transport.is_closing():
            return
        if (stop and time.monotonic_ns() > stop) or percent == 100:
            transport.write(_chunk(_event(song, "failed", error="The benchmark is over.")) + b"0\r\n\r\n")
            self.stamps.put(song, ENDED, time.monotonic_ns())
            return
        told = _chunk(_event(song, "running", percent))
        self.stamps.put(song, percent, time.monotonic_ns())
        transport.write(told)
        asyncio.get_running_loop().call_at(due + 1, self._grow, song, percent + 1, due + 1)


class Line(asyncio.Protocol):
    """One connection: requests in, an endless answer out."""

    transport: asyncio.Transport

    def __init__(self, host: Host) -> None:
        self._host, self._heard = host, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self._heard += data
        head, end, body = self._heard.partition(b"\r\n\r\n")
        length = LENGTH.search(head)
        if not end or (length and len(body) < int(length[1])):
            return
        self._heard = b""
        song = SONG.search(body)
        if song and head.startswith(b"POST /v6/generate/song"):
            self._host.begin(int(song[1]), self.transport)
        else:
            self.transport.write(NOTHING)


def _event(song: int, status: str, percent: int | None = None, error: str | None = None) -> bytes:
    """About 300 bytes of a song, in the document's shape."""
    body: dict[str, object] = {"isComplete": False, "status": status, "chunkIndex": percent or 0}
    if status != "initializing":
        body |= {"message_id": f"00000000-0000-4000-8000-{song:012}", "album_art": f"{ART}{song:06}.webp"}
        body |= {"song_name": f"Song number {song:06} of very many, which all grow slowly", "operation": "song"}
    if percent is not None:
        body["progress"] = percent
    if error:
        body["error"] = error
    return b"data: " + json.dumps(body).encode() + b"\n\n"


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


async def main(port: int, stamps: Path, songs: int) -> None:
    """Listen until the process is ended."""
    host = Host(Stamps(stamps), songs)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Line(host), "127.0.0.1", port, backlog=4096)
    async with server:
        await host.run()
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])))
