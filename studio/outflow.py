"""What a connection takes: an answer waits until its reader has read, and a socket from which too much comes is shut.

Daphne writes whatever it is given: a reader that never reads made it keep every message, and a whole file, in memory.
Here whoever sends waits while a connection's buffer (64 KiB, Twisted's) is full. So a slow reader slows down its own
relay of news, whose backlog the hub drops, and nobody else's.
"""

from __future__ import annotations

import asyncio
import struct
import time
from typing import Any

from daphne.ws_protocol import WebSocketFactory, WebSocketProtocol
from twisted.internet.tcp import Connection

MESSAGES_A_SECOND = 10
"""That a browser may send on one socket; our pages send none."""
FLOODED = 4429
"""Close code: too much came."""
SOCKET_UNREAD = 30.0
"""Seconds after which a socket whose reader reads nothing is dropped."""
ANSWER_UNREAD = 600.0
"""The same for an answer: a player that is paused reads on when it is played again."""


class Outflow:
    """Whether a connection takes more. Twisted calls the three methods that carry its names."""

    __slots__ = ("_is_full", "_waiting")

    def __init__(self) -> None:
        self._is_full = False
        self._waiting: asyncio.Future[None] | None = None

    def pauseProducing(self) -> None:  # noqa: N802  Twisted's name
        """The buffer is full."""
        self._is_full = True

    def resumeProducing(self) -> None:  # noqa: N802  Twisted's name
        """The buffer is empty."""
        self._is_full = False
        if self._waiting and not self._waiting.done():
            self._waiting.set_result(None)

    def stopProducing(self) -> None:  # noqa: N802  Twisted's name
        """The connection is gone."""
        self.resumeProducing()

    async def room(self, seconds: float) -> bool:
        """Wait until the connection takes more, or is gone; whether that was within so many seconds."""
        until = time.monotonic() + seconds
        while self._is_full:
            if self._waiting is None or self._waiting.done():
                self._waiting = asyncio.get_running_loop().create_future()
            await asyncio.wait({self._waiting}, timeout=max(0.0, until - time.monotonic()))
            if self._is_full and time.monotonic() >= until:
                return False
        return True


class Socket(WebSocketProtocol):  # type: ignore[misc]  # Daphne carries no types
    """One browser's socket."""

    outflow: Outflow | None = None
    _second = 0
    _heard = 0

    def onOpen(self) -> None:  # noqa: N802  Autobahn's name
        """Let go of the request, which takes 4 KiB: a socket may stay open for an hour."""
        super().onOpen()
        self.http_request_data = b""
        self.http_headers.clear()
        self.clean_headers.clear()

    def onMessage(self, payload: bytes, isBinary: bool) -> None:  # noqa: N802, N803  Autobahn's names
        """Pass one message on; close where they come too fast, before any of them waits for the application."""
        second = int(time.monotonic())
        self._heard = self._heard + 1 if second == self._second else 1
        self._second = second
        if self._heard > MESSAGES_A_SECOND:
            self.sendClose(code=FLOODED)
        else:
            super().onMessage(payload, isBinary)

    def sendMessage(self, payload: bytes, isBinary: bool = False, **_: Any) -> None:  # noqa: N802, N803  Autobahn's
        """Send one message of any size, whole: the limit of what may come in is none for what goes out."""
        if self.state == self.STATE_OPEN:
            self.sendData(_framed(payload, isBinary))

    def sendData(self, data: bytes, sync: bool = False, chopsize: int | None = None) -> None:  # noqa: N802  Autobahn's
        """Write at once where nothing waits to be written: Twisted would take another turn of the loop for it."""
        transport = self.transport
        if sync or chopsize or self.send_queue or not isinstance(transport, Connection):
            super().sendData(data, sync, chopsize)
            return
        if transport.connected and not (transport.disconnecting or transport.dataBuffer or transport._tempDataBuffer):
            written = transport.writeSomeData(data)
            if isinstance(written, int):  # else the connection is lost, which Twisted finds out for itself
                data = data[written:]
        if data:
            transport.write(data)

    def watch_outflow(self) -> Outflow:
        """Begin to notice whether this socket is read."""
        self.outflow = Outflow()
        self.transport.unregisterProducer()  # the HTTP channel that this connection began as
        self.transport.registerProducer(self.outflow, True)
        return self.outflow


def _framed(payload: bytes, is_binary: bool) -> bytes:
    """A message as one frame of RFC 6455 (5.2), whole and unmasked, as servers send it."""
    kind, size = 0x82 if is_binary else 0x81, len(payload)
    if size < 126:
        head = struct.pack("!BB", kind, size)
    elif size < 1 << 16:
        head = struct.pack("!BBH", kind, 126, size)
    else:
        head = struct.pack("!BBQ", kind, 127, size)
    return head + payload


class Sockets(WebSocketFactory):  # type: ignore[misc]  # Daphne carries no types
    """Makes sockets of our kind."""

    protocol = Socket


async def sent(protocol: Any) -> None:
    """Wait until the connection has room again; drop it where nobody reads."""
    outflow: Outflow | None = protocol.outflow
    if outflow is None:
        return
    if isinstance(protocol, Socket):
        if not await outflow.room(SOCKET_UNREAD):
            protocol.transport.abortConnection()
    elif not await outflow.room(ANSWER_UNREAD) and protocol.channel is not None:
        protocol.channel.transport.abortConnection()
