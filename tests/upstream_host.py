"""A real v6 host on loopback, which plays recordings and misbehaves on demand.

It speaks HTTP/1.1 over plain sockets in a thread of its own, so that every fault is one on the wire: nothing between a
test and its client pretends. What is answered is set by route, and every request is kept in `asked`.
"""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
import struct
import threading
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Literal, Self

from tests.recordings import recording

SONG = "POST /v6/generate/song"
STATUS = "GET /status/generation/*"
STREAM = {"Content-Type": "text/event-stream; charset=utf-8", "Transfer-Encoding": "chunked"}
Then = Literal["end", "silence", "reset", "drop", "comments", "endless line", "flood"]
"""What follows the last byte that is meant: a proper end, nothing at all, a reset, an end in the middle, or noise."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it came."""

    method: str
    path: str
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(slots=True)
class Wire:
    """The connection a request came on."""

    writer: asyncio.StreamWriter
    chunked: bool = False

    async def head(self, status: int, headers: Mapping[str, str] | None = None) -> None:
        headers = headers or {}
        self.chunked = headers.get("Transfer-Encoding") == "chunked"
        lines = [f"HTTP/1.1 {status} Whatever", "Connection: close", *(f"{k}: {v}" for k, v in headers.items())]
        self.writer.write("\r\n".join([*lines, "", ""]).encode())
        await self.writer.drain()

    async def send(self, data: bytes) -> None:
        if data:
            self.writer.write(b"%x\r\n%b\r\n" % (len(data), data) if self.chunked else data)
            await self.writer.drain()

    async def finish(self, then: Then = "end") -> None:
        """Bring the answer to its end, good or bad."""
        match then:
            case "end":
                self.writer.write(b"0\r\n\r\n" if self.chunked else b"")
                await self.writer.drain()
            case "silence":
                await asyncio.Event().wait()
            case "reset":
                end = self.writer.get_extra_info("socket")
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.writer.transport.abort()
            case "drop":
                pass
            case noise:
                pause = 0.01 if noise == "comments" else 0
                data = {"comments": b": keep-alive\n\n", "endless line": b"x" * 65536, "flood": b"data: {}\n\n" * 500}
                while True:
                    await self.send(data[noise])
                    await asyncio.sleep(pause)


Answer = Callable[["Host", Wire, Asked], Awaitable[None]]


@dataclass
class Host:
    """The host: `with Host() as host` starts it, `host.on(route, answers…)` says what it does."""

    tls: ssl.SSLContext | None = None
    """Speak https with this."""
    asked: list[Asked] = field(default_factory=list)
    _answers: dict[str, list[Answer]] = field(default_factory=dict)
    _port: int = 0
    _open: set[asyncio.Task[Any]] = field(default_factory=set)

    @property
    def url(self) -> str:
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self._port}"

    @property
    def place(self) -> str:
        """For OUTBOUND_ALLOW: its audio lies on this machine."""
        return f"127.0.0.1:{self._port}"

    def on(self, route: str, *answers: Answer) -> None:
        """Answer requests on `route` ("GET /path" or "GET /path*") with one answer after the other; the last stays."""
        self._answers[route] = list(answers)

    def orders(self) -> list[Asked]:
        """The songs that were ordered here."""
        return [asked for asked in self.asked if f"{asked.method} {asked.path}" == SONG]

    def __enter__(self) -> Self:
        ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, args=(ready,), daemon=True)
        self._thread.start()
        ready.wait(5)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(5)

    def _run(self, ready: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._serve(ready))
        finally:
            self._loop.close()

    async def _serve(self, ready: threading.Event) -> None:
        self._stop = asyncio.Event()
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0, ssl=self.tls)
        self._port = server.sockets[0].getsockname()[1]
        ready.set()
        await self._stop.wait()
        server.close()
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._open.add(task)
        try:
            asked = await _request(reader)
            self.asked.append(asked)
            await self._answer(asked)(self, Wire(writer), asked)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self._open.discard(task)
            writer.close()

    def _answer(self, asked: Asked) -> Answer:
        for route, answers in self._answers.items():
            said = f"{asked.method} {asked.path.partition('?')[0]}"
            if said == route or (route.endswith("*") and said.startswith(route[:-1])):
                return answers.pop(0) if len(answers) > 1 else answers[0]
        return answer(404, {"detail": "Not Found"})


async def _request(reader: asyncio.StreamReader) -> Asked:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, path, _ = head[0].split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Asked(method, path, headers, body)


def play(
    name: str,
    *,
    events: int | None = None,
    then: Then = "end",
    pause: float = 0.0,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """A recording with this host's addresses: the first `events` of it if given, `pause` seconds apart, and its end."""

    async def played(host: Host, wire: Wire, asked: Asked) -> None:
        data = recording(name, host.url)
        blocks = [block + b"\n\n" for block in data.split(b"\n\n") if block] if events is not None or pause else [data]
        await wire.head(200, {**STREAM, **(headers or {})})
        for block in blocks[:events]:
            await wire.send(block)
            await asyncio.sleep(pause)
        await wire.finish(then)

    return played


def answer(status: int, body: object, headers: Mapping[str, str] | None = None, *, then: Then = "end") -> Answer:
    """A plain answer: a JSON body, or bytes as they are. `$HOST` in JSON is this host's address."""

    async def answered(host: Host, wire: Wire, asked: Asked) -> None:
        data = body if isinstance(body, bytes) else json.dumps(body).replace("$HOST", host.url).encode()
        kind = "application/octet-stream" if isinstance(body, bytes) else "application/json"
        length = len(data) + (100 if then != "end" else 0)
        await wire.head(status, {"Content-Type": kind, "Content-Length": str(length), **(headers or {})})
        await wire.send(data)
        await wire.finish(then)

    return answered


def raw(data: bytes, then: Then = "end") -> Answer:
    """Bytes that need be no HTTP at all."""

    async def sent(host: Host, wire: Wire, asked: Asked) -> None:
        await wire.send(data)
        await wire.finish(then)

    return sent
