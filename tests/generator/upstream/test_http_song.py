"""Any v6 host as an upstream, against a real one on loopback that does well, badly, or worse."""

from __future__ import annotations

import asyncio
import email.utils
import socket
import ssl
import time
from typing import Any

import pytest

from generator.protocol.errors import GenerationError, UpstreamBusy
from generator.upstream.http import Http
from generator.upstream.line import Patience
from tests.certificates import self_signed, shown
from tests.generator.upstream.ordering import (
    BUSY,
    HTML,
    KEY,
    PAGE,
    QUICK,
    REQUEST,
    song,
    takes,
    upstream,
)
from tests.upstream_host import SONG, Answer, Host, answer, play, raw


async def test_a_song_comes_whole_with_every_stage(host: Host) -> None:
    events, fault = await song(upstream(host))
    assert fault is None
    assert [event.status for event in events] == [
        *("initializing", "validated", "streaming", "processing", "running", "running", "running"),
        *("streaming", "completed", "uploading", "completed") * 2,
    ]
    (order,) = host.orders()
    assert order.json == {k: getattr(REQUEST, k) for k in ("prompt", "lyrics", "melody_url")}
    assert order.headers["authorization"] == f"Bearer {KEY}"
    assert order.headers["accept-encoding"] == "identity"
    assert "cookie" not in order.headers


async def test_events_arrive_as_they_are_told_and_not_at_the_end(host: Host) -> None:
    host.on(SONG, play("good", events=3, then="silence"))
    http, begun = upstream(host, Patience()), time.monotonic()
    stream = http.generate(REQUEST)
    assert [(await anext(stream)).status for _ in range(3)] == ["initializing", "validated", "streaming"]
    assert time.monotonic() - begun < 2
    await stream.aclose()


@pytest.mark.parametrize(
    "name", ["oddity-2-streaming-twice", "oddity-4-audio-without-version", "framing-crlf", "no-words"]
)
async def test_oddities_reach_the_house_as_one_clean_story(host: Host, name: str) -> None:
    host.on(SONG, play(name))
    events, fault = await song(upstream(host))
    assert fault is None
    assert takes(events) == [1, 2]


async def test_a_host_that_never_hangs_up_does_not_hold_up_a_song_that_is_whole(host: Host) -> None:
    host.on(SONG, play("good", then="silence"))
    events, fault = await song(upstream(host, Patience()))
    assert (takes(events), fault) == ([1, 2], None)


async def test_a_sync_body_on_the_streaming_endpoint_is_a_song(host: Host) -> None:
    both = [{"audio_url": "$HOST/a.mp3"}, {"audio_url": "$HOST/b.mp3"}]
    host.on(SONG, answer(200, {"message_id": "7", "song_name": "Home", "audio_data": both}))
    events, fault = await song(upstream(host))
    assert (takes(events), fault) == ([1, 2], None)


FAILURES: list[tuple[str, Answer, str, bool | None, int]] = [
    ("a wrong key", answer(401, {"success": False, "message": "Invalid API key"}), "upstream_auth", False, 1),
    ("forbidden", answer(403, HTML, PAGE), "upstream_auth", False, 1),
    ("no balance", answer(402, {"success": False, "message": "Insufficient balance"}), "no_credits", False, 1),
    (
        "no balance, politely",
        answer(200, {"success": False, "message": "Insufficient balance"}),
        "no_credits",
        False,
        1,
    ),
    ("bad words", answer(400, {"success": False, "message": "NSFW words detected."}), "rejected_words", False, 1),
    ("no such endpoint", answer(404, {"detail": "Not Found"}), "upstream_protocol", False, 1),
    ("elsewhere", answer(307, b"", {"Location": "/v6/elsewhere"}), "upstream_protocol", False, 1),
    ("a fault", answer(500, {"success": False, "error": "boom"}), "upstream_refused", None, 1),
    ("a gateway's page", answer(502, HTML, PAGE), "upstream_refused", None, 1),
    ("a page for a stream", answer(200, HTML, PAGE), "upstream_protocol", None, 1),
    ("a broken body", answer(200, b'{"a":', {"Content-Type": "application/json"}), "upstream_protocol", None, 1),
    ("busy", answer(429, BUSY), "upstream_busy", False, 3),
    ("unavailable", answer(503, HTML, PAGE), "upstream_busy", False, 3),
    ("busy, politely", answer(200, BUSY), "upstream_busy", False, 3),
    ("silence", raw(b"", "silence"), "upstream_stalled", None, 1),
    ("half a head", raw(b"HTTP/1.1 200 OK\r\nContent-", "silence"), "upstream_stalled", None, 1),
    ("a reset", raw(b"", "reset"), "stream_lost", None, 1),
    ("an end at once", raw(b""), "stream_lost", None, 1),
    ("no HTTP", raw(b"SSH-2.0-OpenSSH_9.2\r\n\r\n"), "upstream_protocol", None, 1),
    ("an endless head", raw(b"HTTP/1.1 200 OK\r\n" + b"X-A: " + b"y" * 300_000), "upstream_protocol", None, 1),
    ("comments for ever", play("good", events=0, then="comments"), "upstream_stalled", None, 1),
    ("an endless line", play("good", events=0, then="endless line"), "upstream_protocol", None, 1),
    ("a flood", play("good", events=0, then="flood"), "upstream_protocol", None, 1),
    ("strange packing", play("good", headers={"Content-Encoding": "br"}), "upstream_protocol", None, 1),
    ("packing that is none", play("good", headers={"Content-Encoding": "gzip"}), "upstream_protocol", None, 1),
    ("no events", raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"), "stream_lost", None, 1),
    (
        "events without sense",
        answer(200, b"data: x\n\ndata: y\n\n", {"Content-Type": "text/event-stream"}),
        "upstream_protocol",
        None,
        1,
    ),
    ("lost before there was an id", play("oddity-9-lost-before-validated"), "stream_lost", None, 1),
    ("a refusal in the stream", play("oddity-6-success-false"), "no_credits", False, 1),
    ("a failure in the stream", play("oddity-6-error-field"), "upstream_refused", True, 1),
]


@pytest.mark.parametrize(("does", "code", "bought", "orders"), [f[1:] for f in FAILURES], ids=[f[0] for f in FAILURES])
async def test_every_failure_is_told_as_what_it_is_and_nothing_is_ordered_twice(
    host: Host, shown: pytest.LogCaptureFixture, does: Answer, code: str, bought: bool | None, orders: int
) -> None:
    host.on(SONG, does)
    _, fault = await song(upstream(host))
    assert fault is not None
    assert (fault.code, fault.bought) == (code, bought)
    assert len(host.orders()) == orders
    assert "html" not in fault.sentence.lower()
    assert KEY not in f"{fault!r} {fault.sentence} {fault.raw} {shown.text}"


async def test_nobody_at_the_address_is_said_after_three_tries() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        http = Http(f"http://127.0.0.1:{free.getsockname()[1]}", KEY, patience=QUICK)
        _, fault = await song(http)
    assert fault is not None
    assert (fault.code, fault.bought, fault.retryable) == ("upstream_unreachable", False, True)


async def test_a_host_that_does_not_take_the_call_is_given_up_in_time() -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        address = full.getsockname()
        callers = [socket.socket() for _ in range(4)]
        for caller in callers:
            caller.setblocking(False)
            caller.connect_ex(address)  # its queue is full now: further calls are dropped
        patience = Patience(connect=0.3, tries=(0.02,), trying=2.0)
        _, fault = await song(Http(f"http://127.0.0.1:{address[1]}", KEY, patience=patience))
        for caller in callers:
            caller.close()
    assert fault is not None
    assert (fault.code, fault.bought) == ("upstream_unreachable", False)


@pytest.fixture(scope="session")
def nobodys_certificate(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    """What a host shows that has made its certificate by itself."""
    return shown(self_signed(tmp_path_factory.mktemp("tls") / "both.pem", "127.0.0.1"))


async def test_a_certificate_that_nobody_vouches_for_gets_neither_order_nor_key(
    nobodys_certificate: ssl.SSLContext,
) -> None:
    with Host(tls=nobodys_certificate) as host:
        http = upstream(host, Patience())
        with pytest.raises(GenerationError) as tested:
            await http.test()
        _, fault = await song(http)
    assert fault is not None
    assert (fault.code, fault.bought, tested.value.code) == ("upstream_tls", False, "upstream_tls")
    assert "could not prove who it is" in tested.value.sentence
    assert not host.asked


async def test_no_tls_where_tls_was_promised_is_not_trusted() -> None:
    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(plain, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        _, fault = await song(Http(f"https://127.0.0.1:{port}", KEY, patience=Patience()))
    assert fault is not None
    assert (fault.code, fault.bought) == ("upstream_tls", False)


async def test_tls_that_never_comes_about_is_no_host_at_all() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(8)
        http = Http(f"https://127.0.0.1:{silent.getsockname()[1]}", KEY, patience=QUICK)
        _, fault = await song(http)
    assert fault is not None
    assert (fault.code, fault.bought) == ("upstream_unreachable", False)


async def test_a_busy_host_that_frees_up_makes_the_song(host: Host) -> None:
    host.on(SONG, answer(429, BUSY, {"Retry-After": "0"}), answer(503, b""), play("good"))
    events, fault = await song(upstream(host))
    assert (takes(events), fault) == ([1, 2], None)
    assert len(host.orders()) == 3


LATER = "in 500 seconds, as a date"


@pytest.mark.parametrize(
    ("said", "least", "most", "orders"),
    [
        ("1", 1, 1, 2),
        ("40", 40, 40, 1),
        (LATER, 400, 500, 1),
        ("99999999999999999999", 1800, 1800, 1),
        ("soon", None, None, 3),
        ("-5", None, None, 3),
        ("Wed, 99 Foo 2026", None, None, 3),
        ("٣", None, None, 3),
    ],
)
async def test_it_waits_as_long_as_it_is_asked_to_or_says_for_how_long(
    host: Host, said: str, least: float | None, most: float | None, orders: int
) -> None:
    if said == LATER:
        said = email.utils.formatdate(time.time() + 500, usegmt=True)

    async def busy(host: Host, wire: Any, asked: Any) -> None:
        wire.writer.write(f"HTTP/1.1 429 No\r\nContent-Length: 0\r\nRetry-After: {said}\r\n\r\n".encode())
        await wire.writer.drain()

    host.on(SONG, busy)
    _, fault = await song(upstream(host, Patience(tries=(0.02, 0.02), trying=1.5)))
    assert isinstance(fault, UpstreamBusy)
    assert len(host.orders()) == orders
    if least is None or most is None:
        assert fault.retry_after is None
    else:
        assert fault.retry_after is not None
        assert least <= fault.retry_after <= most
