"""The one door to addresses that people or upstreams give: audio and pictures, as bytes, within limits.

An address is fetched if it is https, or if it leads to an origin that the operator has set and that is named in
`trusted`. Nothing of ours goes along: no key, no cookie, no proxy from the environment.
"""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Collection
from contextlib import aclosing
from dataclasses import dataclass
from functools import cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from urllib.parse import urljoin

import certifi
import httpx

from generator.protocol.errors import AudioUnusable

AGENT = "Duplet/0.1"
MOST_HOPS = 3
CONNECT_SECONDS = 5.0
PIECE_BYTES = 64 * 1024
NO_MEDIA = ("text/html", "application/json", "application/xml", "text/xml")
"""What hosts answer with when a file is not, or not yet, there."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one fetch may take."""

    size: int = 100 * 1024 * 1024
    """Bytes."""
    stall: float = 60.0
    """Seconds between two pieces, and until the first."""
    whole: float = 300.0
    """Seconds in all."""


async def fetch(
    address: str, *, allowance: Allowance | None = None, trusted: Collection[str] = ()
) -> AsyncGenerator[bytes, None]:
    """The bytes behind an absolute address, as they come, through at most 3 redirects.

    `trusted` holds origins ("http://127.0.0.1:9000") beside https. Raises `AudioUnusable`: "audio_unavailable" if
    nothing is there or the line broke, so that asking again may help; "audio_rejected" if it must not or cannot be
    taken from there.
    """
    allowed = allowance or Allowance()
    origins = frozenset(_canonical(httpx.URL(one)) for one in trusted)
    until = asyncio.get_running_loop().time() + allowed.whole
    for _ in range(MOST_HOPS + 1):
        try:
            async with aclosing(_hop(_checked(address, origins), allowed, until)) as pieces:
                async for piece in pieces:
                    yield piece
            return
        except _Moved as moved:
            address = joined(address, moved.location)
    raise _rejected("The audio's address only leads to other addresses.")


def joined(base: str, address: str) -> str:
    """An address that may be told without its beginning, whole. Raises `AudioUnusable` for what is no address."""
    try:
        return urljoin(base, address)
    except ValueError:
        raise _rejected("The audio's address is none.") from None


def bare_client(connect: float, auth: httpx.Auth | None = None) -> httpx.AsyncClient:
    """A client that keeps nothing from one request to the next and takes nothing from its surroundings.

    Connections are not kept: a request on one that the other side has just closed cannot be told from one that was
    lost on the way, and a pool of many costs time with every song. Deadlines beside `connect` are the caller's.
    """
    return httpx.AsyncClient(
        auth=auth,
        verify=tls(),
        trust_env=False,
        follow_redirects=False,
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
        headers={"User-Agent": AGENT, "Accept-Encoding": "identity"},
        limits=httpx.Limits(max_connections=None, max_keepalive_connections=0),
        timeout=httpx.Timeout(None, connect=connect, write=30.0),
    )


@cache
def tls() -> ssl.SSLContext:
    """One for the process, since each costs 20 ms and 0.8 MiB: the system's authorities and certifi's."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


async def next_piece(pieces: AsyncIterator[bytes], seconds: float) -> bytes | None:
    """The next piece, None at the end. Raises TimeoutError after `seconds`; `pieces` is of no use then."""
    async with asyncio.timeout(max(0.0, seconds)):
        return await anext(pieces, None)


class _Moved(Exception):  # noqa: N818  an answer, not a fault
    """The file is said to lie elsewhere."""

    def __init__(self, location: str) -> None:
        super().__init__(location)
        self.location = location


async def _hop(url: httpx.URL, allowed: Allowance, until: float) -> AsyncGenerator[bytes, None]:
    """The bytes that one request brings. Raises `_Moved` if it brings another address."""
    loop, size = asyncio.get_running_loop(), 0
    response: httpx.Response | None = None
    try:
        request = _client().build_request("GET", url)
        async with asyncio.timeout(min(allowed.stall, max(0.0, until - loop.time()))):
            response = await _client().send(request, stream=True)
        if response.has_redirect_location:
            raise _Moved(response.headers["location"])
        _check_head(response, allowed.size)
        pieces = response.aiter_raw(PIECE_BYTES)
        while (piece := await next_piece(pieces, min(allowed.stall, until - loop.time()))) is not None:
            size += len(piece)
            if size > allowed.size:
                raise _rejected("The audio is larger than a song can be.")
            yield piece
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
        raise _unavailable(f"{type(error).__name__}: {error}") from None
    finally:
        if response is not None:
            await response.aclose()


@cache
def _client() -> httpx.AsyncClient:
    return bare_client(CONNECT_SECONDS)


def _checked(address: str, origins: Collection[tuple[str, str, int]]) -> httpx.URL:
    try:
        url = httpx.URL(address)
    except httpx.InvalidURL:
        raise _rejected("The audio's address is none.") from None
    if not url.host or url.userinfo:
        raise _rejected("The audio's address is none that may be fetched.")
    if url.scheme != "https" and _canonical(url) not in origins:
        raise _rejected("The audio lies at an address that is not secured, and not the host's own.")
    return url


def _canonical(url: httpx.URL) -> tuple[str, str, int]:
    """What makes two addresses the same place. All names of this machine are one: a Duplet here says "localhost"."""
    host = url.host.lower().rstrip(".")
    try:
        local = ipaddress.ip_address(host).is_loopback
    except ValueError:
        local = host == "localhost"
    return url.scheme, "localhost" if local else host, url.port or (443 if url.scheme == "https" else 80)


def _check_head(response: httpx.Response, most: int) -> None:
    if response.status_code != httpx.codes.OK:
        raise _unavailable(f"HTTP {response.status_code}")
    if response.headers.get("content-type", "").split(";")[0].strip().lower() in NO_MEDIA:
        raise _unavailable(f"a page instead of audio: {response.headers['content-type']}")
    if response.headers.get("content-encoding", "identity").lower() not in ("", "identity"):
        raise _rejected("The audio came packed in a way that was not asked for.")
    length = response.headers.get("content-length", "")
    if length.isdecimal() and len(length) < 20 and int(length) > most:
        raise _rejected("The audio is larger than a song can be.")


def _unavailable(raw: str) -> AudioUnusable:
    return AudioUnusable("The audio could not be fetched from where it was made.", "audio_unavailable", raw=raw)


def _rejected(sentence: str) -> AudioUnusable:
    return AudioUnusable(sentence, "audio_rejected")
