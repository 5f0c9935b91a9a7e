"""The one door to addresses that people or upstreams give: audio and pictures, as bytes, within limits.

An address is fetched if it leads to public addresses, by http or https, on port 80 or 443, or if the operator has named
its host and port. A name is looked up once for each hop, every answer is judged, and the connection goes to an address
that was judged (ssrfguard sees to that). Nothing of ours goes along: no key, no cookie, no proxy from the environment.
What people type as a reference or a melody comes through here where our own engine makes the song; to any other host it
goes on as text.
"""

from __future__ import annotations

import asyncio
import ipaddress
import queue
import socket
import threading
from collections.abc import AsyncGenerator, AsyncIterator, Collection, Iterable
from contextlib import aclosing
from dataclasses import dataclass
from http.cookiejar import CookieJar
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx
from ssrfguard import Policy, SSRFGuardError, resolve
from ssrfguard.httpx import AsyncSafeTransport

from generator.connection import OneByOne, tls
from generator.protocol.errors import AudioUnusable
from generator.public_addresses import ALL, PUBLIC

AGENT = "Duplet/0.1"
PLAIN = {"User-Agent": AGENT, "Accept": "*/*", "Accept-Encoding": "identity", "Connection": "close"}
MOST_HOPS = 3
LONGEST_ADDRESS = 2048
"""Characters."""
PORTS = {"http": 80, "https": 443}
HOME = ("localhost", "local", "internal", "home.arpa")
"""Names that are never public ones, with everything below them (RFC 6761, 6762, 8375, and ICANN for `internal`)."""
CONNECT_SECONDS = 5.0
"""For each of a name's first addresses."""
MOST_CONNECTS = 4
LOOKUP_SECONDS = 10.0
MOST_LOOKUPS = 64
"""At the same time, in the whole process."""
NO_NAME = frozenset(" /?#@%*\\")
"""What no host's name holds, though some readers of addresses would make one of it."""
PIECE_BYTES = 16 * 1024
"""A second of music: so much is handed on at a time."""
CRUMB_BYTES = 64
"""Pieces of the wire smaller than this, on average, cost more time than they bring."""
MOST_CRUMBS = 1000
Place = tuple[str, int]
"""A host, as it is written in lower case, and a port."""
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
    address: str, *, allowance: Allowance | None = None, allow: Collection[str] = ()
) -> AsyncGenerator[bytes, None]:
    """The bytes behind an absolute address, as they come, through at most 3 redirects, none of them from https to http.

    `allow` names places ("127.0.0.1:9000") that are open beside the public ones, whatever they lead to: exactly this
    host, as it is written, and this port. Raises `AudioUnusable`: "audio_unavailable" if nothing is there or the line
    broke, so that asking again may help; "audio_rejected" if it must not or cannot be taken from there; ValueError if
    `allow` holds what is no place.
    """
    allowed, places = allowance or Allowance(), frozenset(map(place, allow))
    until = asyncio.get_running_loop().time() + allowed.whole
    secure = False
    for _ in range(MOST_HOPS + 1):
        url, policy = _admitted(address, places)
        if secure and url.scheme != "https":
            raise _refused("a redirect from https to http")
        secure = url.scheme == "https"
        try:
            async with aclosing(_hop(url, policy, allowed, until)) as pieces:
                async for piece in pieces:
                    yield piece
            return
        except _Moved as moved:
            address = joined(address, moved.location)
    raise _rejected("The audio's address only leads to other addresses.")


def refuses(address: str, allow: Collection[str] = (), *, look_up: bool = False) -> bool:
    """Whether `fetch` would refuse this address: by how it is written, and with `look_up` by what its name leads to.

    Blocks for up to 10 s with `look_up`. A name that leads nowhere is not refused. Raises ValueError as `fetch` does.
    """
    places = frozenset(map(place, allow))
    try:
        url, policy = _admitted(address, places)
        if look_up:
            resolve(policy.check_url(str(url)), policy=policy, resolver=_looked_up)
    except (AudioUnusable, SSRFGuardError):
        return True
    except OSError:
        return False
    return False


def place(text: str) -> Place:
    """A "host:port", or "[::1]:port", as it is compared. Raises ValueError."""
    host, _, port = text.strip().rpartition(":")
    numeric = port.isascii() and port.isdigit() and len(port) < 6
    try:
        if not numeric or not 0 < int(port) < 65536 or set(host) & NO_NAME or not host.isprintable():
            raise ValueError(port)
        return _name(httpx.URL(f"http://{host}/")), int(port)
    except (httpx.InvalidURL, ValueError):
        raise ValueError(f"{text!r} is not of the form host:port") from None


def place_of(address: str) -> str:
    """The "host:port" that an absolute http or https address leads to. Raises ValueError for what is none."""
    try:
        url = httpx.URL(address)
    except httpx.InvalidURL as error:
        raise ValueError(str(error)) from None
    host = _name(url)
    return f"{f'[{host}]' if ':' in host else host}:{url.port or PORTS[url.scheme]}"


def joined(base: str, address: str) -> str:
    """An address that may be told without its beginning, whole. Raises `AudioUnusable` for what is no address."""
    if len(address) > LONGEST_ADDRESS or "\\" in address or not address.isprintable():
        raise _refused("too long, or with characters that two readers of addresses would read in two ways")
    try:
        return urljoin(base, address)
    except ValueError as error:
        raise _refused(str(error)) from None


def bare_client(connect: float, auth: httpx.Auth | None = None) -> httpx.AsyncClient:
    """A client that keeps nothing from one request to the next and takes nothing from its surroundings.

    Deadlines beside `connect` are the caller's.
    """
    return httpx.AsyncClient(
        auth=auth,
        transport=OneByOne(),
        trust_env=False,
        follow_redirects=False,
        cookies=_NoCookies(),
        event_hooks={"response": [_stay]},
        headers={"User-Agent": AGENT, "Accept-Encoding": "identity"},
        timeout=httpx.Timeout(None, connect=connect, write=30.0),
    )


async def next_piece(pieces: AsyncIterator[bytes], seconds: float) -> bytes | None:
    """The next piece, None at the end. Raises TimeoutError after `seconds`; `pieces` is of no use then."""
    async with asyncio.timeout(max(0.0, seconds)):
        return await anext(pieces, None)


class _Moved(Exception):  # noqa: N818  an answer, not a fault
    """The file is said to lie elsewhere."""

    def __init__(self, location: str) -> None:
        super().__init__(location)
        self.location = location


async def _stay(response: httpx.Response) -> None:
    """Forget where an answer sends: httpx would read the address even so, and trip over a bad one."""
    response.headers.pop("location", None)


class _NoCookies(CookieJar):
    """Keeps nothing, and does not even read what it is given."""

    def extract_cookies(self, response: Any, request: Any) -> None:
        """Leave the answer's cookies where they are."""


async def _hop(url: httpx.URL, policy: Policy, allowed: Allowance, until: float) -> AsyncGenerator[bytes, None]:
    """The bytes that one request brings. Raises `_Moved` if it brings another address.

    Over a connection of its own, so that nothing is shared between event loops or songs; by the transport alone, since
    a client would read cookies and where the answer sends before anybody could look at them.
    """
    loop, size, count = asyncio.get_running_loop(), 0, 0
    patience = {"timeout": httpx.Timeout(None, connect=CONNECT_SECONDS, write=30.0).as_dict()}
    request = httpx.Request("GET", url, headers=PLAIN, extensions=patience)
    try:
        async with AsyncSafeTransport(policy=policy, resolver=_looked_up, verify=tls(), trust_env=False) as line:
            async with asyncio.timeout(min(allowed.stall, max(0.0, until - loop.time()))):
                response = await line.handle_async_request(request)
            async with aclosing(response):
                if response.has_redirect_location:
                    raise _Moved(response.headers["location"])
                _check_head(response, allowed.size)
                pieces, held = response.aiter_raw(), bytearray()
                while (piece := await next_piece(pieces, min(allowed.stall, until - loop.time()))) is not None:
                    size, count = size + len(piece), count + 1
                    if size > allowed.size:
                        raise _rejected("The audio is larger than a song can be.")
                    if count > MOST_CRUMBS and size < count * CRUMB_BYTES:
                        raise _rejected("The audio came in crumbs.")
                    held += piece
                    if len(held) >= PIECE_BYTES:
                        yield bytes(held)
                        held.clear()
                    await asyncio.sleep(0)  # of small pieces thousands may lie ready: others have their turn between
                if held:
                    yield bytes(held)
    except SSRFGuardError as error:
        raise _refused(_reason(error)) from None
    except (httpx.HTTPError, httpx.StreamError, OSError) as error:  # which TimeoutError is one of
        raise _unavailable(f"{type(error).__name__}: {error}") from None


def _admitted(address: str, places: Collection[Place]) -> tuple[httpx.URL, Policy]:
    """An address, read, and where a connection for it may go. Raises `AudioUnusable` if nowhere."""
    try:
        url = httpx.URL(joined("", address))
        name = _name(url)
        if "@" in urlsplit(address).netloc:
            raise ValueError("a user stands in front of the host")
        at = (name, url.port or PORTS.get(url.scheme, 0))
        policy = _policy(str(url.raw_host, "ascii"), at[1]) if at in places else _policy()
        if at not in places and _is_at_home(name):
            raise _refused(f"{name!r} is no public name")
        policy.check_url(str(url))
    except SSRFGuardError as error:
        raise _refused(_reason(error)) from None
    except (httpx.InvalidURL, ValueError) as error:
        raise _refused(f"{type(error).__name__}: {error}") from None
    return url, policy


def _policy(host: str = "", port: int = 0) -> Policy:
    """Only this place, whatever its name leads to; every public one where none is named."""
    return Policy(
        denied_networks=ALL if host else PUBLIC,
        allowed_hosts=frozenset({host} if host else ()),
        allowed_ports=frozenset({port} if host else PORTS.values()),
        max_connection_attempts=MOST_CONNECTS,
        max_url_length=LONGEST_ADDRESS,
    )


def _name(url: httpx.URL) -> str:
    """An address's host as it is compared. Raises ValueError for a name that cannot be one."""
    if not url.host:  # reading it raises for what only looks like an internationalised name
        raise ValueError("an address without a host")
    host = str(url.raw_host, "ascii").lower().removesuffix(".")
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return host


def _is_at_home(name: str) -> bool:
    """Whether a host is surely no public one: a name without a dot, of a network at home, or a number in disguise."""
    last = name.rpartition(".")[2]
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return "." not in name or last[:1].isdigit() or any(f".{name}".endswith(f".{home}") for home in HOME)
    return False  # which of these are public, the table says


_lookups = threading.BoundedSemaphore(MOST_LOOKUPS)


def _looked_up(*question: Any) -> Iterable[tuple[int, int, int, str, tuple[Any, ...]]]:
    """`socket.getaddrinfo`, which takes as long as the name's own server likes, with an end. Raises `socket.gaierror`.

    What it waits for goes on in a thread that holds up neither the caller nor the end of the process.
    """
    told: queue.SimpleQueue[Any] = queue.SimpleQueue()
    slots = _lookups

    def ask() -> None:
        try:
            told.put(socket.getaddrinfo(*question))
        except Exception as error:
            told.put(error)
        finally:
            slots.release()

    if not slots.acquire(timeout=LOOKUP_SECONDS):
        raise socket.gaierror(socket.EAI_AGAIN, "too many names are being looked up")
    threading.Thread(target=ask, name="name lookup", daemon=True).start()
    try:
        answer = told.get(timeout=LOOKUP_SECONDS)
    except queue.Empty:
        raise socket.gaierror(socket.EAI_AGAIN, "the name's server does not answer") from None
    if isinstance(answer, Exception):
        raise answer if isinstance(answer, socket.gaierror) else socket.gaierror(socket.EAI_NONAME, str(answer))
    return list(answer)


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


def _reason(error: SSRFGuardError) -> str:
    """Which rule refused, without the address: that may hold a secret, and stands in the error's text."""
    return str(getattr(error, "reason", type(error).__name__))


def _unavailable(raw: str) -> AudioUnusable:
    return AudioUnusable("The audio could not be fetched from where it was made.", "audio_unavailable", raw=raw)


def _refused(raw: str) -> AudioUnusable:
    return AudioUnusable("The audio lies at an address that may not be fetched.", "audio_rejected", raw=raw)


def _rejected(sentence: str) -> AudioUnusable:
    return AudioUnusable(sentence, "audio_rejected")
