"""Daphne with this site's limits: what it reads of a request, whom it believes, how it starts and how it stops.

Daphne has no lifespan, reads a body of any size before Django may refuse it, and leaves work behind when it is told to
stop. So its server is run from here: relays start with the loop and are drained before it ends; a body over the limit
is answered at its headers; a socket takes small messages only; headers that only a proxy may set are dropped where
there is none.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import io
import logging
import os
import resource
import threading
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Any, BinaryIO

from daphne.http_protocol import HTTPFactory, WebRequest
from daphne.server import Server
from twisted.internet import defer, reactor
from twisted.internet.error import CannotListenError
from twisted.logger import (
    FilteringLogObserver,
    LogLevel,
    LogLevelFilterPredicate,
    STDLibLogObserver,
    globalLogBeginner,
)

from studio.outflow import Outflow, Socket, Sockets, sent

log = logging.getLogger(__name__)
access = logging.getLogger("studio.access")

SOCKET_MESSAGE = 16 * 1024
"""Bytes: browsers send next to nothing on a socket."""
OPEN_FILES = 65_536
"""Connections and files that the process may have open, if the system lets it."""
DRAIN_SECONDS = 15.0
CANCEL_SECONDS = 2.0
LAST_SECONDS = 17.5
"""From being told to stop to being gone, whatever happens."""
BODY_PIECE = 64 * 1024
"""Bytes of a large body that the application is given at once."""
REFUSED_READ = 4 * 1024 * 1024
"""Bytes of a refused body that are read and dropped, so that a client still sending gets to read the answer."""
REFUSED_SECONDS = 5.0
FORWARDED = (b"X-Forwarded-For", b"X-Forwarded-Proto", b"X-Forwarded-Host", b"X-Forwarded-Port", b"Forwarded")
TOO_LARGE = b"This request is larger than this site accepts."


def _too_large(kind: bytes, body: bytes) -> bytes:
    head = b"HTTP/1.1 413 Content Too Large\r\nConnection: close\r\n"
    head += b"Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
    policy = b"Content-Security-Policy: %s\r\n" % STYLED if kind.startswith(b"text/html") else b""
    return head + policy + b"Content-Type: %s\r\nContent-Length: %d\r\n\r\n%s" % (kind, len(body), body)


STYLED = b"default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; img-src 'self'"
TOO_LARGE_TEXT = _too_large(b"text/plain; charset=utf-8", TOO_LARGE + b"\n")
TOO_LARGE_JSON = _too_large(b"application/json", b'{"detail": "%s"}' % TOO_LARGE)
"""For programs, which send JSON."""


class PortTakenError(Exception):
    """The address cannot be listened on; the text says why."""


class Request(WebRequest):  # type: ignore[misc]  # Daphne carries no types
    """One HTTP request, refused at its headers where its body is too large."""

    error_template = "<!doctype html><title>%(title)s</title><h1>%(title)s</h1><p>%(body)s</p>"
    outflow: Outflow | None = None
    _taken = 0
    _refused = False
    _kinds: Sequence[bytes] = ()

    def gotLength(self, length: int | None) -> None:  # noqa: N802  Twisted's name
        """`length` in bytes as announced, None for a chunked body, which is counted as it comes."""
        limit = self._largest()
        super().gotLength(min(length, limit) if length else length)
        if length is not None and length > limit:
            self._refuse()

    def handleContentChunk(self, data: bytes) -> None:  # noqa: N802  Twisted's name
        """Keep a piece of the body, or drop it where the whole is refused."""
        self._taken += len(data)
        if self._refused:
            if self._taken > REFUSED_READ:
                self.channel.transport.abortConnection()
        elif self._taken > self._largest():
            self._refuse()
        else:
            super().handleContentChunk(data)

    def requestReceived(self, command: bytes, path: bytes, version: bytes) -> None:  # noqa: N802  Twisted's name
        """The whole body is there. A refused one is answered already."""
        if self._refused:
            return
        # Twisted would read every form into memory, twelve times over, for those who ask it for fields. Nobody does.
        self._kinds = self.requestHeaders.getRawHeaders(b"Content-Type", [])
        self.requestHeaders.removeHeader(b"Content-Type")
        super().requestReceived(command, path, version)

    def process(self) -> Any:
        """Hand over to the application, without what this client has no right to claim."""
        if self._kinds:
            self.requestHeaders.setRawHeaders(b"Content-Type", self._kinds)
        self.requestHeaders.removeHeader(b"Daphne-Root-Path")
        if not self.server.behind_proxy:
            for name in FORWARDED:
                self.requestHeaders.removeHeader(name)
        return super().process()

    def watch_outflow(self) -> Outflow:
        """Begin to notice whether this answer is read."""
        self.outflow = Outflow()
        self.registerProducer(self.outflow, True)
        return self.outflow

    def finish(self) -> None:
        """The answer is whole."""
        if self.producer is not None:
            self.unregisterProducer()
        super().finish()

    def _largest(self) -> int:
        """Bytes that this address takes; more than others only from whoever shows a cookie, as people signed in do."""
        path = getattr(self.channel, "_path", b"").partition(b"?")[0]
        known = self.requestHeaders.hasHeader(b"Cookie")
        largest: int = self.server.larger_bodies.get(path, 0) if known else 0
        return largest or int(self.server.largest_body)

    def _refuse(self) -> None:
        self._refused = True
        self.requestHeaders.removeHeader(b"Expect")  # or "100 Continue" would follow the refusal
        transport = self.channel.transport
        transport.write(self._refusal())
        if hasattr(transport, "loseWriteConnection"):
            transport.loseWriteConnection()
        reactor.callLater(REFUSED_SECONDS, transport.abortConnection)

    def _refusal(self) -> bytes:
        """As JSON, as a page, or as a line, whichever this client can read."""
        sends, reads = (self.requestHeaders.getRawHeaders(name, [b""])[0] for name in (b"Content-Type", b"Accept"))
        if sends.lower().startswith(b"application/json"):
            return TOO_LARGE_JSON
        page: str = self.server.too_large
        return _too_large(b"text/html; charset=utf-8", page.encode()) if b"text/html" in reads else TOO_LARGE_TEXT


class Body(asyncio.Queue[dict[str, Any]]):
    """What comes of a large request: its body, piece by piece out of a file, then what else happens to it."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__()
        self._file = file

    def put_nowait(self, item: dict[str, Any]) -> None:
        """Something happened; the body itself is in the file."""
        if item["type"] != "http.request":
            super().put_nowait(item)

    async def get(self) -> dict[str, Any]:
        """The next piece, or the next that happens."""
        if self._file.closed:
            return await super().get()
        piece = await asyncio.to_thread(self._file.read, BODY_PIECE)
        if not piece:
            self._file.close()
        return {"type": "http.request", "body": piece, "more_body": bool(piece)}


class Connections(HTTPFactory):  # type: ignore[misc]  # Daphne carries no types
    """Makes requests of our kind."""

    def buildProtocol(self, addr: Any) -> Any:  # noqa: N802  Twisted's name
        """The protocol of one connection."""
        protocol = super().buildProtocol(addr)
        protocol.requestFactory = Request
        return protocol


class SiteServer(Server):  # type: ignore[misc]  # Daphne carries no types
    """One process that serves the site until it is told to stop.

    `largest_body` is in bytes, `larger_bodies` those of the addresses (paths) that take more. `too_large` is the page,
    in HTML, for a browser that sends more.
    `start` and `drain` are awaited on the server's own loop, the one as soon as it runs, the other (for at most
    `DRAIN_SECONDS`) before it ends, while pages and sockets still work.
    """

    def __init__(
        self,
        application: Any,
        *,
        host: str,
        port: int,
        largest_body: int,
        larger_bodies: Mapping[bytes, int] | None = None,
        too_large: str,
        behind_proxy: bool,
        log_requests: bool,
        start: Callable[[], Awaitable[None]],
        drain: Callable[[], Awaitable[None]],
    ) -> None:
        super().__init__(
            application,
            endpoints=[f"{host}:{port}"],
            action_logger=_log_request if log_requests else None,
            websocket_max_message_size=SOCKET_MESSAGE,
            websocket_max_frame_size=SOCKET_MESSAGE,
            server_name="",
        )
        self.host, self.port = host, port
        self.largest_body, self.too_large, self.behind_proxy = largest_body, too_large, behind_proxy
        self.larger_bodies = larger_bodies or {}
        self._start, self._drain = start, drain
        self._failed: BaseException | None = None

    def serve(self, ready: Callable[[], None]) -> None:
        """Listen, call `ready`, and serve until SIGTERM or Ctrl+C. Raises `PortTakenError`, or what `start` raised."""
        self._prepare()
        try:
            listener = reactor.listenTCP(self.port, self.http_factory, interface=self.host, backlog=1024)
        except (CannotListenError, OSError) as error:
            cause = getattr(error, "socketError", error)
            raise PortTakenError(getattr(cause, "strerror", None) or str(cause)) from error
        self.port = listener.getHost().port
        ready()
        asyncio.set_event_loop(reactor._asyncioEventloop)
        reactor.callWhenRunning(lambda: asyncio.ensure_future(self._begin()))
        reactor.addSystemEventTrigger("before", "shutdown", lambda: _deferred(self._end(listener)))
        reactor.run()
        if self._failed:
            raise self._failed

    def create_application(self, protocol: Any, scope: dict[str, Any]) -> Any:
        """Begin to answer a request. One that is kept in a file is read from there, as the application asks for it."""
        if not isinstance(protocol, Request) or isinstance(protocol.content, io.BytesIO):
            return super().create_application(protocol, scope)
        body = Body(protocol.content)
        protocol.content = io.BytesIO()  # Daphne would put all of it into memory
        scope.setdefault("asgi", {"version": "3.0"})
        answer = self.application(scope=scope, receive=body.get, send=partial(self.handle_reply, protocol))
        self.connections[protocol]["application_instance"] = asyncio.ensure_future(answer)
        return body

    async def handle_reply(self, protocol: Any, message: dict[str, Any]) -> None:
        """Send a piece of an answer, or a message on a socket, and wait while nobody reads it."""
        await super().handle_reply(protocol, message)
        match message["type"]:
            case "http.response.start" if isinstance(protocol, Request) and not protocol.finished and protocol.channel:
                protocol.watch_outflow()
            case "websocket.accept" if isinstance(protocol, Socket) and protocol.transport:
                protocol.watch_outflow()
            case "http.response.body" | "websocket.send":
                await sent(protocol)

    def _prepare(self) -> None:
        # A shell's usual 1024 is soon reached by open pages, or by a stranger who opens connections and says nothing.
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        with contextlib.suppress(ValueError, OSError):  # macOS says "unlimited" and means less
            resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, OPEN_FILES) if most > 0 else OPEN_FILES, most))
        self.connections: dict[Any, dict[str, Any]] = {}
        self.http_factory = Connections(self)
        self.ws_factory = Sockets(self, server=self.server_name)
        self.ws_factory.setProtocolOptions(
            autoPingTimeout=self.ping_timeout,
            allowNullOrigin=True,  # the application checks origins, and answers 403 where it refuses one
            openHandshakeTimeout=self.websocket_handshake_timeout,
            maxMessagePayloadSize=self.websocket_max_message_size,
            maxFramePayloadSize=self.websocket_max_frame_size,
        )
        errors = FilteringLogObserver(STDLibLogObserver(__name__), [LogLevelFilterPredicate(LogLevel.error)])
        globalLogBeginner.beginLoggingTo([errors], redirectStandardIO=False, discardBuffer=True)
        reactor.callLater(1, self.application_checker)
        reactor.callLater(2, self.timeout_checker)

    async def _begin(self) -> None:
        try:
            await self._start()
        except Exception as error:
            self._failed = error
            self.stop()
            return
        # What exists now stays: collections need not walk over it again (measured: up to 0.6 s on the loop).
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000, 20, 20)

    async def _end(self, listener: Any) -> None:
        # What hangs on, such as a thread in the middle of a question, is left: all that counts is written by then.
        last = threading.Timer(LAST_SECONDS, os._exit, args=(0,))
        last.daemon = True
        last.start()
        listener.stopListening()
        try:
            async with asyncio.timeout(DRAIN_SECONDS):
                await self._drain()
        except TimeoutError:
            log.warning("Songs under way did not stop within %d seconds; the next start takes them up.", DRAIN_SECONDS)
        except Exception:
            log.exception("Songs under way could not be handed over; the next start takes them up.")
        applications = [details.get("application_instance") for details in self.connections.values()]
        pending = [application for application in applications if application and not application.done()]
        for application in pending:
            application.cancel()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CANCEL_SECONDS):
                await asyncio.gather(*pending, return_exceptions=True)


def _deferred(work: Awaitable[None]) -> Any:
    return defer.Deferred.fromFuture(asyncio.ensure_future(work))


def _log_request(protocol: str, action: str, details: dict[str, Any]) -> None:
    """One line for each finished request; a socket counts when it opens. What was searched for is nobody's business."""
    details = {**details, "path": details["path"].partition("?")[0]}
    if protocol == "http" and action == "complete":
        access.info("%(client)s %(method)s %(path)s %(status)d %(size)d bytes, %(time_taken).3f s", details)
    elif protocol == "websocket" and action == "connected":
        access.info("%(client)s socket %(path)s", details)
