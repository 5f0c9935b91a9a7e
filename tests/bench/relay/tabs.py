"""Tabs: as many sockets as are asked for, and what each of them hears. Takes orders as lines of JSON.

    python -m tests.bench.relay.tabs PORT STAMPS

Orders: `{"open": [[path, cookie], …], "first": 0}` opens one more tab for each of these songs and answers with the
seconds until each of them had heard that its song is accepted; between `{"begin": 1}` and `{"end": 1}` what is told is
counted and timed; `{"close": 1}` waits until every song has ended, and says what came of the promises.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import re
import struct
import sys
import time
from pathlib import Path
from typing import Any

from tests.bench.relay.stamps import Stamps

AT_ONCE = 64
"""Handshakes under way together."""
OPEN_SECONDS = 90.0
END_SECONDS = 30.0
PERCENT = re.compile(rb'"progress":\s?(\d+)')
NUMBER = re.compile(rb'\{"seq":(\d+),')
PLAIN_PROMISE = re.compile(rb'"status":\s?"(validated|failed)"')
PING, PONG, CLOSE = 0x9, 0xA, 0x8


class Tab(asyncio.Protocol):
    """One socket, as little of it as is needed: servers send whole, unmasked frames."""

    transport: asyncio.Transport

    def __init__(self, crowd: Crowd, song: int, path: str, cookie: str) -> None:
        self.song, self.percent = song, 0
        self.promises: list[bytes] = []
        self.is_over = False
        self.is_open: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._crowd, self._path, self._cookie = crowd, path, cookie
        self._heard = bytearray()
        self._shaken = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        key = base64.b64encode(os.urandom(16)).decode()
        site = f"localhost:{self._crowd.port}"
        lines = [f"GET {self._path} HTTP/1.1", f"Host: {site}", f"Origin: http://{site}", "Upgrade: websocket"]
        lines += ["Connection: Upgrade", "Sec-WebSocket-Version: 13", f"Sec-WebSocket-Key: {key}"]
        lines += [f"Cookie: session={self._cookie}", "", ""]
        transport.write("\r\n".join(lines).encode())

    def data_received(self, data: bytes) -> None:
        now = time.monotonic_ns()
        self._heard += data
        if not self._shaken:
            head, end, rest = bytes(self._heard).partition(b"\r\n\r\n")
            if not end:
                return
            assert head.startswith(b"HTTP/1.1 101"), head
            self._shaken, self._heard = True, bytearray(rest)
        while frame := self._frame():
            kind, body = frame
            if kind == PING:
                self.transport.write(bytes((0x80 | PONG, 0x80 | len(body))) + bytes(4) + body)
            elif kind == CLOSE:
                self.transport.close()
            else:
                self._hear(body, now)

    def connection_lost(self, error: Exception | None) -> None:
        self.is_over = True
        self._open()

    def _frame(self) -> tuple[int, bytes] | None:
        heard = self._heard
        if len(heard) < 2:
            return None
        start, length = 2, heard[1] & 0x7F
        if length == 126:
            start, length = 4, struct.unpack_from("!H", heard, 2)[0] if len(heard) >= 4 else 1 << 62
        elif length == 127:
            start, length = 10, struct.unpack_from("!Q", heard, 2)[0] if len(heard) >= 10 else 1 << 62
        if len(heard) < start + length:
            return None
        body = bytes(heard[start : start + length])
        kind = heard[0] & 0x0F
        del heard[: start + length]
        return kind, body

    def _hear(self, body: bytes, now: int) -> None:
        promise = self._crowd.promise(body)
        if promise:
            self.promises.append(promise)
            self._open()
            return
        found = PERCENT.search(body)
        percent = int(found[1]) if found else 0
        if percent > self.percent:
            self.percent = percent
            self._crowd.heard(self.song, percent, now)

    def _open(self) -> None:
        if not self.is_open.done():
            self.is_open.set_result(time.monotonic())


class Crowd:
    """All tabs."""

    def __init__(self, port: int, stamps: Stamps) -> None:
        self.port, self.tabs = port, list[Tab]()
        self._stamps, self._since = stamps, 1 << 62
        self._ways: list[tuple[int, int]] = []
        self._opening = asyncio.Semaphore(AT_ONCE)

    @staticmethod
    def promise(body: bytes) -> bytes:
        """What makes a message a promise: its number where Duplet tells it, else its status. Empty if it is none."""
        if body.startswith(b'{"seq":'):
            number = NUMBER.match(body)
            return number[1] if number else b""
        status = PLAIN_PROMISE.search(body)
        return status[1] if status else b""

    def heard(self, song: int, percent: int, now: int) -> None:
        """A percent came for the first time on one tab."""
        told = self._stamps.get(song, percent)
        if told >= self._since:
            self._ways.append((told, now - told))

    async def open(self, songs: list[list[str]], first: int) -> float:
        """One tab for each song, the first of which has the number `first`; seconds until all are accepted."""
        begun = time.monotonic()
        fresh = [Tab(self, first + number, path, cookie) for number, (path, cookie) in enumerate(songs)]
        self.tabs += fresh
        await asyncio.gather(*map(self._connect, fresh))
        async with asyncio.timeout(OPEN_SECONDS):
            moments: list[float] = await asyncio.gather(*(tab.is_open for tab in fresh))
        return max(moments) - begun

    def begin(self) -> None:
        """Count from now on."""
        self._ways, self._since = [], time.monotonic_ns()

    def end(self) -> dict[str, Any]:
        """What was heard of all that was told until a moment ago: what is under way is left out."""
        until = time.monotonic_ns() - 500_000_000
        ways = sorted(way for told, way in self._ways if told < until)
        told = self._stamps.told(1 + max(tab.song for tab in self.tabs), self._since, until)
        at = {name: ways[int(len(ways) * part)] / 1e6 if ways else 0.0 for name, part in QUANTILES.items()}
        songs = len({tab.song for tab in self.tabs})
        return {"delivered": len(ways), "told": told * len(self.tabs) // songs, "since": self._since, **at}

    async def close(self) -> dict[str, Any]:
        """How many promises came, and how many should have: a first and a last on every tab, without a hole between."""
        deadline = time.monotonic() + END_SECONDS
        while not all(tab.is_over for tab in self.tabs) and time.monotonic() < deadline:
            await asyncio.sleep(0.1)
        kept = [tab for tab in self.tabs if tab.promises in ([b"1", b"2"], [b"validated", b"failed"])]
        return {"promises": sum(len(tab.promises) for tab in self.tabs), "whole": len(kept), "tabs": len(self.tabs)}

    async def _connect(self, tab: Tab) -> None:
        async with self._opening:
            await asyncio.get_running_loop().create_connection(lambda: tab, "127.0.0.1", self.port)


QUANTILES = {"p50": 0.5, "p99": 0.99, "worst": 0.9999}


async def main(port: int, stamps: Path) -> None:
    """Do as the lines on stdin say, one after another; answer each with a line."""
    crowd = Crowd(port, Stamps(stamps))
    while line := await asyncio.to_thread(sys.stdin.readline):
        match json.loads(line):
            case {"open": songs, "first": first}:
                answer: Any = {"seconds": await crowd.open(songs, first)}
            case {"begin": _}:
                answer = None
                crowd.begin()
            case {"end": _}:
                answer = crowd.end()
            case _:
                answer = await crowd.close()
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), Path(sys.argv[2])))
