"""The line to one v6 host: requests with its key, and what it means when one gets no answer, or a wrong one.

An order is sent again by itself only where it cannot have been bought: no connection came about, or the host said that
it is too busy to take it.
"""

from __future__ import annotations

import asyncio
import email.utils
import logging
import socket
import ssl
import time
from collections.abc import Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx

from generator import outbound
from generator.protocol import json_text, refusals
from generator.protocol.errors import (
    BrokenAnswer,
    GenerationError,
    Rejected,
    Stalled,
    StreamLost,
    Unreachable,
    Untrusted,
    UpstreamBusy,
    UpstreamError,
)
from generator.protocol.sse import StreamTooLarge
from generator.upstream import echoes
from generator.upstream.stream import NothingReadable, Unpackable, read_body

log = logging.getLogger(__name__)

FAULT = TypeVar("FAULT", bound=GenerationError)
SONG = "/v6/generate/song"
LONGEST_NAME = 40
PAGES = ("text/html", "application/xhtml+xml")
BREAKS = (httpx.HTTPError, httpx.StreamError, TimeoutError, StreamTooLarge, NothingReadable, Unpackable)
"""All that can go wrong while an answer is waited for or read; `Line.fault` says what it means."""
SHORTEST_SECRET = 4
"""Characters of the key that tell nobody anything."""
STILL_AT_IT = (ssl.SSLWantReadError, ssl.SSLWantWriteError)
"""No faults of TLS: it was waiting for the other side when the time was up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long what is waited for, in seconds."""

    connect: float = 5.0
    answer: float = 60.0
    """Until the head of an answer."""
    event: float = 120.0
    """Between two events; comments do not count."""
    reach: float = 20.0
    """For how long a lost song's status may be out of reach before nobody knows how it ends."""
    song: float = 1800.0
    """From the order to the last event."""
    tries: tuple[float, ...] = (1.0, 3.0)
    """Before a second and a third try of an order that cannot have been bought; the host may ask for longer ones."""
    trying: float = 25.0
    """All tries together, with the waits between them."""
    polls: tuple[float, ...] = (1.0, 2.0, 3.0, 5.0)
    """Before each question for a lost song's status; the last one again and again."""
    test: float = 15.0
    """For a test of the connection: somebody waits for it."""
    audio: float = 300.0
    """For one file of finished audio."""
    stall: float = 60.0
    """Between two pieces of it."""
    fetches: tuple[float, ...] = (1.0, 2.0, 4.0, 8.0, 15.0)
    """Before further tries to fetch a file that is not there yet, or broke off."""


class Line:
    """Requests to one host. Its key shows in no log, error, page or printed object."""

    def __init__(self, url: str, key: str, patience: Patience) -> None:
        """`url` is the host's base address, `key` its API key. Raises ValueError if either cannot be one."""
        if not key or not key.isascii() or not key.isprintable() or " " in key:
            raise ValueError("An API key has one or more visible ASCII characters and no spaces.")
        self.base = _base(url)
        self.name = urlsplit(self.base).netloc[:LONGEST_NAME]
        """For people."""
        self._patience = patience
        self._key = _Key(key)
        self._client = outbound.bare_client(patience.connect, _Bearer(self._key))

    async def close(self) -> None:
        """Let go of all connections."""
        await self._client.aclose()

    async def order(self, fields: Mapping[str, Any], most: int) -> tuple[httpx.Response, dict[str, Any] | None]:
        """An order's answer, to be closed, with its body where that is JSON. Raises `UpstreamError`, `Rejected`.

        Sent at most `most` times, and within `Patience.trying`.
        """
        waits, begun, orders = iter(self._patience.tries[: most - 1]), time.monotonic(), 0
        while True:
            try:
                return await self._post(fields)
            except (Unreachable, UpstreamBusy) as fault:
                orders += 1
                wait = next(waits, None)
                if isinstance(fault, UpstreamBusy):
                    fault.orders = orders
                    wait = wait if fault.retry_after is None or wait is None else max(fault.retry_after, wait)
                if wait is None or time.monotonic() - begun + wait > self._patience.trying:
                    raise
                self.logged(fault)
            await asyncio.sleep(wait)

    async def get(self, path: str) -> tuple[httpx.Response, dict[str, Any] | None]:
        """The answer to a question, read and closed, and its JSON object if it holds one. Raises `UpstreamError`."""
        response = await self._send("GET", path)
        try:
            return response, await self._json(response)
        finally:
            await response.aclose()

    def refusal(self, response: httpx.Response, body: Mapping[str, Any] | None) -> UpstreamError | Rejected:
        """What an answer with a status that is no success means."""
        wait = _retry_after(response.headers.get("retry-after", ""))
        return refusals.answered(self.name, response.status_code, body, wait)

    def fault(self, error: BaseException) -> UpstreamError:
        """What one of `BREAKS` means: with whom it broke, and whether an order may have gone through it."""
        causes = list(_causes(error))
        raw = "; ".join(f"{type(cause).__name__}: {cause}" for cause in (error, *causes[:0:-1][:1]))
        if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
            if any(isinstance(cause, ssl.SSLError) and not isinstance(cause, STILL_AT_IT) for cause in causes):
                return Untrusted(self.name, raw=raw)
            if any(isinstance(cause, socket.gaierror) for cause in causes):
                return Unreachable(self.name, raw=raw, says="{host} cannot be reached: there is no such name.")
            return Unreachable(self.name, raw=raw)
        if isinstance(error, TimeoutError | httpx.TimeoutException):
            return Stalled(self.name, raw=raw)
        if isinstance(error, httpx.NetworkError) or "disconnected" in raw or "peer closed" in raw:
            return StreamLost(self.name, raw=raw)
        return BrokenAnswer(self.name, raw=raw)

    def logged(self, fault: FAULT, written: Iterable[str] = ()) -> FAULT:
        """`fault`, noted for the operator: what the host said goes nowhere else, and not what a person had written."""
        fault.raw = echoes.without(self._key.hidden_in(fault.raw), written)
        log.warning("%s: %s%s", self.name, fault.code, f"; {fault.raw}" if fault.raw else "")
        return fault

    async def _post(self, fields: Mapping[str, Any]) -> tuple[httpx.Response, dict[str, Any] | None]:
        response = await self._send("POST", SONG, fields)
        kind = str(response.headers.get("content-type", "")).split(";")[0].strip().lower()
        try:
            if not response.is_success:
                raise self.refusal(response, await self._json(response))
            if kind in PAGES:
                raise BrokenAnswer(self.name, raw="a page instead of events")
            if kind != "application/json":
                return response, None
            body = await self._json(response)
            if body is None:
                raise BrokenAnswer(self.name, raw="JSON that cannot be read")
            if fault := refusals.told(self.name, body):
                raise fault
        except BaseException:
            await response.aclose()
            raise
        return response, body

    async def _send(self, method: str, path: str, fields: Mapping[str, Any] | None = None) -> httpx.Response:
        """One request's answer, its body unread. Raises an `UpstreamError` if there is none."""
        accept = {"Accept": "text/event-stream, application/json"}
        request = self._client.build_request(method, self.base + path, json=fields, headers=accept)
        try:
            async with asyncio.timeout(self._patience.connect + self._patience.answer):
                return await self._client.send(request, stream=True)
        except BREAKS as error:
            raise self.fault(error) from None

    async def _json(self, response: httpx.Response) -> dict[str, Any] | None:
        """An answer's JSON object; None if it holds none, as HTML does."""
        packing = response.headers.get("content-encoding", "")
        try:
            text = await read_body(response.aiter_raw(), packing, seconds=self._patience.answer)
            return json_text.read_object(text, trailing_commas=True)
        except (json_text.NotJson, StreamTooLarge):
            return None
        except BREAKS as error:
            if response.is_success:
                raise self.fault(error) from None
            return None  # its status says enough


class _Key:
    """A secret that does not show itself when it is printed."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return "<key>"

    @property
    def header(self) -> str:
        return f"Bearer {self._text}"

    def hidden_in(self, text: str) -> str:
        """`text` without the key, and without a beginning of it at which the text was cut off."""
        text = text.replace(self._text, "<key>")
        for length in range(len(self._text) - 1, SHORTEST_SECRET - 1, -1):
            if text.endswith(self._text[:length]):
                return text[:-length] + "<key>"
        return text


class _Bearer(httpx.Auth):
    """Puts the key on requests as they leave, so that it lies in no request, client or header before."""

    def __init__(self, key: _Key) -> None:
        self._key = key

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = self._key.header
        yield request


def _base(url: str) -> str:
    """The address before "/v6/…", whatever of that was pasted along. Raises ValueError."""
    try:
        parts = httpx.URL(url.strip())
    except httpx.InvalidURL as error:
        raise ValueError(f"Not an address: {error}") from None
    if parts.scheme not in ("http", "https") or not parts.host or parts.userinfo:
        raise ValueError("The address of a v6 host begins with https:// or http:// and holds no user name.")
    path = parts.path.rstrip("/")
    for ending in (f"{SONG}/sync", SONG, "/v6"):
        path = path.removesuffix(ending)
    return str(parts.copy_with(path=path or "/", query=None, fragment=None)).rstrip("/")


def _retry_after(value: str) -> float | None:
    """Seconds from now, from a number or a date (RFC 9110, 10.2.3); None for anything else."""
    value = value.strip()
    if value.isdecimal() and value.isascii():
        return float(value[:12])
    try:
        return max(0.0, email.utils.parsedate_to_datetime(value).timestamp() - time.time())
    except (ValueError, TypeError, OverflowError):
        return None


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """An error, and everything that led to it."""
    while error is not None:
        yield error
        if isinstance(error, BaseExceptionGroup):
            for inner in error.exceptions:
                yield from _causes(inner)
        error = error.__cause__ or error.__context__
