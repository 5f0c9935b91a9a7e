"""A connection for each request, which ends with its answer.

Kept ones are of no use: a request on one that the other side has just closed cannot be told from one that was lost on
the way. httpx would keep a pool even for one connection, which for a thousand streams at once is megabytes.
"""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from functools import cache
from typing import Any, cast

import certifi
import httpcore
import httpx

OF_HTTPCORE = (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, httpcore.UnsupportedProtocol)
"""All that can go wrong on the wire; httpx has an exception of the same name for each."""


@cache
def tls() -> ssl.SSLContext:
    """One for the process, since each costs 20 ms and 0.8 MiB: the system's authorities and certifi's."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


class OneByOne(httpx.AsyncBaseTransport):
    """Opens a connection for each request; whoever closes the answer closes it."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The answer's head; its body is still to be read, and to be closed. Raises `httpx.TransportError`."""
        url = request.url
        where = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        connection = httpcore.AsyncHTTPConnection(where.origin, ssl_context=tls())
        asked = httpcore.Request(
            request.method, where, headers=request.headers.raw, content=request.stream, extensions=request.extensions
        )
        try:
            answer = await connection.handle_async_request(asked)
        except OF_HTTPCORE as error:
            await connection.aclose()
            raise _as_httpx(error) from error
        except BaseException:
            await connection.aclose()
            raise
        body = _Body(answer.stream, connection)
        return httpx.Response(answer.status, headers=answer.headers, stream=body, extensions=answer.extensions)


class _Body(httpx.AsyncByteStream):
    """An answer's bytes as they come."""

    __slots__ = ("_connection", "_pieces")

    def __init__(self, pieces: Any, connection: httpcore.AsyncHTTPConnection) -> None:
        self._pieces, self._connection = pieces, connection

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for piece in self._pieces:
                yield piece
        except OF_HTTPCORE as error:
            raise _as_httpx(error) from error

    async def aclose(self) -> None:
        """Let the connection go, too."""
        try:
            await self._pieces.aclose()
        finally:
            await self._connection.aclose()


def _as_httpx(error: Exception) -> httpx.TransportError:
    return cast(httpx.TransportError, getattr(httpx, type(error).__name__)(str(error)))
