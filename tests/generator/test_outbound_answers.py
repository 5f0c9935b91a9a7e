"""What a host may answer the door with, and what it learns of us: bounded in bytes and time, and nothing."""

from __future__ import annotations

import asyncio
import gzip
import resource
import socket
import ssl
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from generator import outbound
from generator.protocol.errors import AudioUnusable
from tests.certificates import self_signed, shown
from tests.generator.outbound_watch import Names
from tests.upstream_host import Answer, Host, Wire, answer, raw

SOUND = bytes(range(256)) * 40
SHORT = outbound.Allowance(size=1_000_000, stall=0.4, whole=1.5)
PATIENT = outbound.Allowance(size=1_000_000, stall=20.0, whole=40.0)
"""For what must succeed, or must fail by something else than its time."""
OK = b"HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\n"


@pytest.fixture
def host() -> Iterator[Host]:
    with Host() as running:
        yield running


async def fetched(host: Host, path: str = "/1.mp3", allowance: outbound.Allowance = PATIENT) -> bytes:
    pieces = outbound.fetch(f"{host.url}{path}", allowance=allowance, allow=[host.place])
    return b"".join([piece async for piece in pieces])


async def refusal(host: Host, path: str = "/1.mp3", allowance: outbound.Allowance = PATIENT) -> AudioUnusable:
    with pytest.raises(AudioUnusable) as fault:
        await fetched(host, path, allowance)
    return fault.value


def again(data: bytes, pause: float = 0.0, first: bytes = b"") -> Answer:
    """The same bytes again and again, until nobody listens."""

    async def sent(host: Host, wire: Wire, asked: Any) -> None:
        wire.writer.write(first)
        while True:
            wire.writer.write(data)
            await wire.writer.drain()
            await asyncio.sleep(pause)

    return sent


FAULTS: dict[str, tuple[Answer, str]] = {
    "packed although that was not asked for": (
        answer(200, gzip.compress(SOUND), {"Content-Encoding": "gzip"}),
        "audio_rejected",
    ),
    "packed twice": (answer(200, b"x", {"Content-Encoding": "gzip, br"}), "audio_rejected"),
    "packed in a way nobody knows": (answer(200, b"x", {"Content-Encoding": "zstd"}), "audio_rejected"),
    "larger than it may be": (answer(200, b"x" * 1_000_001), "audio_rejected"),
    "larger than it says": (raw(OK + b"Content-Length: 5\r\n\r\n" + b"x" * 50, "drop"), ""),
    "smaller than it says": (raw(OK + b"Content-Length: 500\r\n\r\nx", "drop"), "audio_unavailable"),
    "two lengths": (raw(OK + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nxxxxxx"), "audio_unavailable"),
    "a length below nothing": (raw(OK + b"Content-Length: -5\r\n\r\nxxxxx"), "audio_unavailable"),
    "a length of many digits": (raw(OK + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n"), "audio_unavailable"),
    "without an end": (again(b"x" * 65536, first=OK + b"\r\n"), "audio_rejected"),
    "in pieces without an end": (
        again(b"10000\r\n" + b"x" * 65536 + b"\r\n", first=OK + b"Transfer-Encoding: chunked\r\n\r\n"),
        "audio_rejected",
    ),
    "a piece that says it is endless": (
        raw(OK + b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 17 + b"\r\n", "silence"),
        "audio_unavailable",
    ),
    "pieces with endless remarks": (
        again(b"x" * 1000, first=OK + b"Transfer-Encoding: chunked\r\n\r\n1;"),
        "audio_unavailable",
    ),
    "in crumbs": (
        again(b"1\r\nx\r\n" * 1000, first=OK + b"Transfer-Encoding: chunked\r\n\r\n"),
        "audio_rejected",
    ),
    "by the drop": (again(b"x", 0.05, OK + b"\r\n"), "audio_unavailable"),
    "a head by the drop": (again(b"X", 0.05, OK + b"X-Slow: "), "audio_unavailable"),
    "a head without an end": (again(b"X-More: " + b"y" * 1000 + b"\r\n", first=OK), "audio_unavailable"),
    "a line without an end": (again(b"y" * 1000, first=OK + b"X-Long: "), "audio_unavailable"),
    "50,000 headers": (raw(OK + b"a: b\r\n" * 50_000 + b"\r\n" + SOUND), "audio_unavailable"),
    "a huge header": (raw(OK + b"X: " + b"y" * 300_000 + b"\r\n\r\n" + SOUND), "audio_unavailable"),
    "news without an end": (again(b"HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n"), "audio_unavailable"),
    "another protocol": (raw(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", "drop"), "audio_unavailable"),
    "no HTTP": (raw(b"SSH-2.0-OpenSSH_9.6\r\n", "silence"), "audio_unavailable"),
    "no answer": (raw(b"", "silence"), "audio_unavailable"),
    "an end at once": (raw(b"", "drop"), "audio_unavailable"),
    "by the bucket": (again(b"x" * 66_000, 0.15, OK + b"\r\n"), "audio_unavailable"),
    "a page": (answer(200, b"<html>", {"Content-Type": "text/html"}), "audio_unavailable"),
    "a page of a long kind": (answer(200, b"", {"Content-Type": "text/html;" + "x" * 9000}), "audio_unavailable"),
    "no content": (raw(b"HTTP/1.1 204 No Content\r\n\r\n"), "audio_unavailable"),
    "a part": (answer(206, b"xx"), "audio_unavailable"),
    "not changed": (raw(b"HTTP/1.1 304 Not Modified\r\n\r\n"), "audio_unavailable"),
    "a choice": (answer(300, b"", {"Location": "/2.mp3"}), "audio_unavailable"),
    "a way without a place": (answer(302, b""), "audio_unavailable"),
    "a key wanted": (answer(401, b"", {"WWW-Authenticate": 'Basic realm="x"'}), "audio_unavailable"),
    "a proxy wanted": (answer(407, b"", {"Proxy-Authenticate": "Basic"}), "audio_unavailable"),
    "a folded header": (raw(OK + b"X-A: b\r\n c\r\nContent-Length: 2\r\n\r\nxx"), ""),
    "no reason": (raw(b"HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nxx"), ""),
}


@pytest.mark.parametrize(("does", "code"), FAULTS.values(), ids=FAULTS.keys())
async def test_an_answer_takes_its_bytes_and_its_time_and_no_more(host: Host, does: Answer, code: str) -> None:
    host.on("GET /1.mp3", does)
    began, cpu, memory = time.monotonic(), time.process_time(), _memory()
    if code:
        fault = await refusal(host, allowance=SHORT if code == "audio_unavailable" else PATIENT)
        assert fault.code == code
        assert len(fault.raw) <= 300
        assert fault.raw.isprintable()
        assert host.place not in fault.sentence
    else:
        assert set(await fetched(host)) == {ord("x")}
    assert time.monotonic() - began < 20  # of 1.5 s that it may take, on a machine that does much else
    assert time.process_time() - cpu < 5
    assert _memory() - memory < 64 * 1024
    assert len(host.asked) == 1


def _memory() -> int:
    """The most memory this process has held so far, in KiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


async def test_sizes_are_counted_and_not_believed(host: Host) -> None:
    host.on("GET /1.mp3", answer(200, b"x" * 1_000_000))
    assert len(await fetched(host)) == 1_000_000
    host.on("GET /1.mp3", raw(OK + b"\r\n" + b"x" * 1_000_001))
    assert (await refusal(host)).code == "audio_rejected"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_three_hops_are_gone_and_a_fourth_is_not(host: Host, status: int) -> None:
    for number in range(10):
        host.on(
            f"GET /{number}", answer(status, b"", {"Location": f"{number - 1}" if number % 2 else f"/{number - 1}"})
        )
    host.on("GET /0", answer(200, SOUND))
    assert await fetched(host, "/3") == SOUND
    assert len(host.asked) == 4
    assert (await refusal(host, "/4")).code == "audio_rejected"
    assert len(host.asked) == 8


async def test_a_redirect_is_not_read_as_a_body(host: Host) -> None:
    host.on("GET /1.mp3", again(b"x" * 65536, first=b"HTTP/1.1 302 Found\r\nLocation: /2.mp3\r\n\r\n"))
    host.on("GET /2.mp3", answer(200, SOUND))
    assert await fetched(host) == SOUND


@pytest.mark.parametrize(
    "location", ["http://xn--a.example/", "http:x", "//", "http://", "http://[", "\x80\x81", "x" * 3000, "http://a:b/"]
)
async def test_a_way_that_cannot_be_read_is_not_gone(host: Host, location: str) -> None:
    host.on("GET /1.mp3", answer(302, b"", {"Location": location}))
    assert (await refusal(host)).code in ("audio_rejected", "audio_unavailable")


async def test_all_hops_share_one_time(host: Host) -> None:
    async def late(host: Host, wire: Wire, asked: Any) -> None:
        await asyncio.sleep(0.3)
        await answer(302, b"", {"Location": "/1.mp3"})(host, wire, asked)

    host.on("GET /1.mp3", late)
    began = time.monotonic()
    assert (await refusal(host, allowance=outbound.Allowance(stall=5.0, whole=0.5))).code == "audio_unavailable"
    assert len(host.asked) <= 2  # each takes 0.3 s of the 0.5 s
    assert time.monotonic() - began < 5


async def test_nothing_of_ours_goes_along(host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login me password secret\n")
    (tmp_path / ".netrc").chmod(0o600)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    cookies = {"Set-Cookie": "a=b; Path=/", "Location": "/2.mp3", "WWW-Authenticate": 'Basic realm="x"'}
    host.on("GET /1.mp3", answer(302, b"", cookies))
    host.on("GET /2.mp3", answer(200, SOUND))
    assert await fetched(host, "/1.mp3?token=1#part") == SOUND
    assert [asked.path for asked in host.asked] == ["/1.mp3?token=1", "/2.mp3"]
    for asked in host.asked:
        assert dict(asked.headers) == {
            "host": host.place,
            "user-agent": outbound.AGENT,
            "accept": "*/*",
            "accept-encoding": "identity",
            "connection": "close",
        }


async def test_cookies_are_not_even_read(host: Host) -> None:
    many = b"".join(b"Set-Cookie: a%d=b; expires=" % n + b"0 " * 40 + b"\r\n" for n in range(800))
    host.on("GET /1.mp3", raw(OK + many + b"Content-Length: 1\r\n\r\nx"))
    cpu = time.process_time()
    assert await fetched(host) == b"x"
    assert time.process_time() - cpu < 1


async def test_no_connection_is_left_behind(host: Host) -> None:
    host.on("GET /1.mp3", again(b"x" * 65536, first=OK + b"\r\n"))
    host.on("GET /2.mp3", answer(200, SOUND))
    before = _descriptors()
    for _ in range(5):
        await refusal(host)
        assert await fetched(host, "/2.mp3") == SOUND
        pieces = outbound.fetch(f"{host.url}/1.mp3", allowance=PATIENT, allow=[host.place])
        assert await anext(pieces)
        await pieces.aclose()  # whoever wanted it has gone
    await _until(lambda: _descriptors() <= before + 1)


async def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)


def _descriptors() -> int:
    """Files and sockets that this process has open, the host's ends among them."""
    return len(list(Path("/dev/fd").iterdir()))


async def test_a_name_server_that_never_answers_holds_up_neither_the_song_nor_the_others(
    host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    names, let_go = Names(), threading.Event()

    def slow(asked: Any, *more: Any) -> Any:
        if "silent" in str(asked):
            let_go.wait(60)
        return names(asked, *more)

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    monkeypatch.setattr(outbound, "LOOKUP_SECONDS", 60.0)
    host.on("GET /2.mp3", answer(200, SOUND))

    async def lost(allowance: outbound.Allowance) -> None:
        with pytest.raises(AudioUnusable) as fault:
            async for _ in outbound.fetch("https://silent.example/", allowance=allowance):
                pass
        assert fault.value.code == "audio_unavailable"

    waiting = [asyncio.create_task(lost(PATIENT)) for _ in range(outbound.MOST_LOOKUPS // 2)]
    await lost(SHORT)  # whoever has no more time goes, and leaves the question to itself
    assert await fetched(host, "/2.mp3") == SOUND
    assert not any(task.done() for task in waiting)
    let_go.set()
    await asyncio.gather(*waiting)


def test_a_name_that_takes_for_ever_is_given_up_and_others_wait_for_a_while_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    let_go = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *question: let_go.wait(60) and [])
    monkeypatch.setattr(outbound, "LOOKUP_SECONDS", 0.2)
    monkeypatch.setattr(outbound, "_lookups", threading.BoundedSemaphore(2))
    began = time.monotonic()
    for _ in range(4):  # the last two do not even come to ask
        assert not outbound.refuses("https://silent.example/", look_up=True)
    assert time.monotonic() - began < 20
    let_go.set()


async def test_two_event_loops_share_nothing(host: Host) -> None:
    host.on("GET /2.mp3", answer(200, SOUND))

    def elsewhere() -> bytes:
        return asyncio.run(fetched(host, "/2.mp3"))

    both = [asyncio.to_thread(elsewhere) for _ in range(8)]
    assert await asyncio.gather(*both, fetched(host, "/2.mp3")) == [SOUND] * 9


async def test_a_file_that_comes_slowly_but_surely_comes(host: Host) -> None:
    async def pieces(host: Host, wire: Wire, asked: Any) -> None:
        await wire.head(200, {"Content-Length": "5"})
        async for piece in _slowly(b"s", b"o", b"u", b"n", b"d"):
            await wire.send(piece)

    host.on("GET /1.mp3", pieces)
    assert await fetched(host) == b"sound"


async def _slowly(*pieces: bytes) -> AsyncIterator[bytes]:
    for piece in pieces:
        await asyncio.sleep(0.05)
        yield piece


async def test_a_secured_address_never_leads_to_an_unsecured_one(
    host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = self_signed(tmp_path / "both.pem", "127.0.0.1")
    trusting = ssl.create_default_context(cafile=str(certificate))
    with Host(tls=shown(certificate)) as secured:
        with pytest.raises(AudioUnusable) as nobodys:
            async for _ in outbound.fetch(f"{secured.url}/2.mp3", allow=[secured.place]):
                pass
        assert (nobodys.value.code, secured.asked) == ("audio_unavailable", [])
        monkeypatch.setattr(outbound, "tls", lambda: trusting)
        places = [host.place, secured.place]
        host.on("GET /2.mp3", answer(302, b"", {"Location": f"{secured.url}/2.mp3"}))
        secured.on("GET /1.mp3", answer(302, b"", {"Location": f"{host.url}/2.mp3"}))
        secured.on("GET /2.mp3", answer(200, SOUND))
        assert b"".join([one async for one in outbound.fetch(f"{host.url}/2.mp3", allow=places)]) == SOUND
        asked = len(host.asked)
        with pytest.raises(AudioUnusable) as fault:
            async for _ in outbound.fetch(f"{secured.url}/1.mp3", allow=places):
                pass
    assert (fault.value.code, len(host.asked)) == ("audio_rejected", asked)
