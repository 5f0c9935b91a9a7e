"""Any v6 host as an upstream, against a real one on loopback that does well, badly, or worse."""

from __future__ import annotations

import asyncio
import datetime
import email.utils
import gzip
import ipaddress
import logging
import socket
import ssl
import time
from collections.abc import Iterator
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from generator.protocol import events as v6
from generator.protocol.errors import GenerationError, UpstreamBusy
from generator.upstream import SongRequest
from generator.upstream.http import Http
from generator.upstream.line import Patience
from tests.recordings import recording
from tests.upstream_host import SONG, STATUS, STREAM, Answer, Host, answer, play, raw

KEY = "sk-very-secret-0123456789"
REQUEST = SongRequest(prompt="A slow waltz", lyrics="We are home", melody_url="https://example.org/m.mp3", seed=7)
QUICK = Patience(
    connect=0.4,
    answer=0.4,
    event=0.4,
    song=4.0,
    tries=(0.01, 0.02),
    trying=2.0,
    polls=(0.005, 0.01),
    audio=3.0,
    stall=0.3,
    fetches=(0.01, 0.02, 0.03),
)
HTML = b"<!doctype html><html><body>502 Bad Gateway</body></html>"
PAGE = {"Content-Type": "text/html"}
LISTED: list[dict[str, Any]] = [
    {"version": 1, "audio_url": "$HOST/audio/midnight_v1.mp3", "lyrics_sections": ["Oh"]},
    {"version": 2, "audio_url": "$HOST/audio/midnight_v2.mp3", "lyrics_sections": []},
]
DONE = answer(200, {"status": "completed", "message_id": "6f2b9c1e", "versions": LISTED})
BUSY = {"success": False, "message": "Rate limits have been passed for the user."}


@pytest.fixture
def host() -> Iterator[Host]:
    with Host() as running:
        running.on(SONG, play("good"))
        yield running


@pytest.fixture
def shown(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Everything that is logged, down to the last detail."""
    caplog.set_level(logging.DEBUG)
    return caplog


def upstream(host: Host, patience: Patience = QUICK) -> Http:
    return Http(host.url, KEY, patience=patience)


async def song(http: Http) -> tuple[list[v6.Event], GenerationError | None]:
    """All that is told of a song, and the fault it ended with."""
    events: list[v6.Event] = []
    try:
        async with asyncio.timeout(15):
            async for event in http.generate(REQUEST):
                events.append(event)
    except GenerationError as fault:
        return events, fault
    finally:
        await http.close()
    return events, None


def takes(events: list[v6.Event]) -> list[int]:
    return sorted(event.version for event in events if isinstance(event, v6.Finished))


async def read(http: Http, address: str) -> bytes:
    return b"".join([piece async for piece in http.open(address)])


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
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    unlocked = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, form, unlocked)
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


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


DATE = email.utils.formatdate(time.time() + 500, usegmt=True)


@pytest.mark.parametrize(
    ("said", "least", "most", "orders"),
    [
        ("1", 1, 1, 2),
        ("40", 40, 40, 1),
        (DATE, 400, 500, 1),
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


LENGTH = recording("good").count(b"\n\n")


@pytest.mark.parametrize(
    ("cut", "then"),
    [
        *((cut, then) for cut in range(LENGTH) for then in ("end", "drop", "reset")),
        *((cut, "silence") for cut in (0, 1, 2, 8, LENGTH - 1)),
    ],
)
async def test_a_stream_that_is_lost_anywhere_is_settled_by_the_status(host: Host, cut: int, then: Any) -> None:
    host.on(SONG, play("good", events=cut, then=then))
    host.on(STATUS, answer(200, {"status": "running", "message_id": "6f2b9c1e", "progress": 90}), DONE)
    events, fault = await song(upstream(host))
    assert len(host.orders()) == 1
    if cut < 2:  # before the host said which song it is
        assert fault is not None
        assert fault.bought is None
    else:
        assert (takes(events), fault) == ([1, 2], None)
        audio = [(e.version, e.audio_url[-6:]) for e in events if isinstance(e, v6.AudioReady)]
        assert audio == [(1, "v1.mp3"), (2, "v2.mp3")]


async def test_a_lost_song_that_the_host_does_not_know_keeps_what_it_had(host: Host) -> None:
    host.on(SONG, play("good", events=11, then="reset"))
    events, fault = await song(upstream(host))
    assert takes(events) == [1]
    assert fault is not None
    assert (fault.code, fault.bought) == ("stream_lost", True)
    paths = {asked.path for asked in host.asked[1:]}
    assert paths == {"/status/generation/6f2b9c1e", "/status/generations/6f2b9c1e", "/v5/status?message_id=6f2b9c1e"}


@pytest.mark.parametrize(
    ("status", "code", "kept"),
    [
        (answer(200, {"status": "failed", "error": "boom", "error_code": "engine_failed"}), "upstream_refused", []),
        (answer(200, {"status": "partial", "error": "B is lost", "versions": LISTED[:1]}), "upstream_refused", [1]),
        (answer(200, {"status": "running", "progress": 5}), "upstream_stalled", []),
        (answer(200, {"hello": "there"}), "stream_lost", []),
        (answer(200, HTML, PAGE), "stream_lost", []),
        (answer(403, {}), "stream_lost", []),
        (answer(503, {}), "stream_lost", []),
        (raw(b"", "silence"), "stream_lost", []),
    ],
)
async def test_a_lost_song_ends_as_its_host_says_or_is_given_up(
    host: Host, status: Answer, code: str, kept: list[int]
) -> None:
    host.on(SONG, play("good", events=5, then="reset"))
    host.on(STATUS, status)
    patience = Patience(connect=0.3, answer=0.1, event=0.4, song=1.0, polls=(0.02, 0.1), tries=())
    events, fault = await song(upstream(host, patience))
    assert fault is not None
    assert (fault.code, fault.bought, takes(events)) == (code, True, kept)


@pytest.mark.parametrize("strange", ["", ".", "..", "unknown"])
async def test_an_id_that_no_song_has_is_no_song(host: Host, strange: str) -> None:
    assert await upstream(host).status(strange) is None
    assert all("unknown" in asked.path for asked in host.asked)


async def test_a_song_of_another_process_is_followed_by_its_id_alone(host: Host) -> None:
    host.on(STATUS, answer(200, {"status": "queued"}), DONE)
    http = upstream(host)
    events = [event async for event in http.resume("6f2b9c1e")]
    await http.close()
    assert takes(events) == [1, 2]
    assert not host.orders()


async def test_packing_nobody_asked_for_is_undone(host: Host) -> None:
    data = gzip.compress(recording("good"))
    host.on(SONG, answer(200, data, {"Content-Type": "text/event-stream", "Content-Encoding": "gzip"}))
    events, fault = await song(upstream(host))
    assert (takes(events), fault) == ([1, 2], None)


async def test_a_small_answer_that_blows_up_is_stopped_at_its_limit(host: Host) -> None:
    bomb = gzip.compress(b"data: {}\n\n" + b": \n" * 6_000_000, 1)
    host.on(SONG, answer(200, bomb, {"Content-Type": "text/event-stream", "Content-Encoding": "gzip"}))
    begun = time.process_time()
    _, fault = await song(upstream(host, Patience()))
    assert fault is not None
    assert fault.code == "upstream_protocol"
    assert time.process_time() - begun < 5


async def test_leaving_a_song_lets_go_of_its_line(host: Host) -> None:
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()

    async def watched(host: Host, wire: Any, asked: Any) -> None:
        await wire.head(200, STREAM)
        await wire.send(b'data: {"status": "initializing"}\n\n')
        try:
            while True:
                await wire.send(b": here\n\n")
                await asyncio.sleep(0.01)
        finally:
            loop.call_soon_threadsafe(ended.set)

    host.on(SONG, watched)
    stream = upstream(host, Patience()).generate(REQUEST)
    await anext(stream)
    await stream.aclose()
    async with asyncio.timeout(3):
        await ended.wait()


async def test_many_songs_at_once_do_not_wait_for_one_another(host: Host) -> None:
    host.on(SONG, play("good", events=15, pause=0.01))
    http = upstream(host, Patience())
    begun = time.monotonic()

    async def one() -> list[int]:
        return takes([event async for event in http.generate(REQUEST)])

    assert await asyncio.gather(*(one() for _ in range(120))) == [[1, 2]] * 120
    assert time.monotonic() - begun < 15
    await http.close()


SOUND = bytes(range(256)) * 2000


@pytest.mark.parametrize(
    "answers",
    [
        [answer(200, SOUND)],
        [answer(404, b""), answer(403, b""), answer(200, SOUND)],
        [answer(200, SOUND[:100_000], then="reset"), answer(200, SOUND)],
        [answer(200, SOUND[:100_000], then="silence"), answer(200, SOUND[:300_000], then="drop"), answer(200, SOUND)],
        [answer(200, {"status": "processing"}), answer(200, SOUND)],
        [answer(302, b"", {"Location": "/elsewhere.mp3"})],
    ],
)
async def test_audio_that_is_late_or_breaks_off_comes_whole(host: Host, answers: list[Answer]) -> None:
    host.on("GET /audio/*", *answers)
    host.on("GET /elsewhere.mp3", answer(200, SOUND))
    http = upstream(host)
    assert await read(http, f"{host.url}/audio/1.mp3") == SOUND
    assert all("authorization" not in asked.headers for asked in host.asked)
    assert await read(http, "/audio/1.mp3") == SOUND  # some hosts leave their own name out


AUDIO_FAULTS = {
    "missing": ("/audio/1.mp3", answer(404, b""), "audio_unavailable", 4),
    "a page": ("/audio/1.mp3", answer(200, HTML, PAGE), "audio_unavailable", 4),
    "silent": ("/audio/1.mp3", raw(b"", "silence"), "audio_unavailable", 4),
    "huge, it says": ("/audio/1.mp3", answer(200, b"x", {"Content-Length": "200000000"}), "audio_rejected", 1),
    "packed": ("/audio/1.mp3", answer(200, b"x", {"Content-Encoding": "gzip"}), "audio_rejected", 1),
    "elsewhere, unsecured": ("http://192.0.2.1/1.mp3", answer(200, b"x"), "audio_rejected", 0),
    "sent elsewhere, unsecured": (
        "/audio/1.mp3",
        answer(302, b"", {"Location": "http://192.0.2.1/"}),
        "audio_rejected",
        1,
    ),
    "sent to a file": ("/audio/1.mp3", answer(302, b"", {"Location": "file:///etc/passwd"}), "audio_rejected", 1),
    "sent round and round": ("/audio/1.mp3", answer(302, b"", {"Location": "/audio/1.mp3"}), "audio_rejected", 4),
    "a file": ("file:///etc/passwd", answer(200, b"x"), "audio_rejected", 0),
    "another port": ("http://127.0.0.1:1/1.mp3", answer(200, b"x"), "audio_rejected", 0),
    "a user's": ("https://me:secret@example.org/1.mp3", answer(200, b"x"), "audio_rejected", 0),
    "no address": ("http://[::1", answer(200, b"x"), "audio_rejected", 0),
}


@pytest.mark.parametrize(("address", "does", "code", "asked"), AUDIO_FAULTS.values(), ids=AUDIO_FAULTS.keys())
async def test_audio_that_cannot_or_must_not_be_had_is_refused(
    host: Host, address: str, does: Answer, code: str, asked: int
) -> None:
    host.on("GET /audio/*", does)
    with pytest.raises(GenerationError) as fault:
        await read(upstream(host), address)
    assert fault.value.code == code
    assert len(host.asked) == asked


async def test_audio_without_an_end_is_cut_at_the_largest_size(host: Host) -> None:
    async def endless(host: Host, wire: Any, asked: Any) -> None:
        await wire.head(200, {"Content-Type": "audio/mpeg", "Transfer-Encoding": "chunked"})
        while True:
            await wire.send(b"x" * 4_000_000)

    host.on("GET /audio/*", endless)
    sizes: list[int] = []

    async def take_all() -> None:
        async for piece in upstream(host, Patience()).open("/audio/1.mp3"):
            sizes.append(len(piece))

    with pytest.raises(GenerationError) as fault:
        await take_all()
    assert fault.value.code == "audio_rejected"
    assert sum(sizes) <= 100 * 1024 * 1024


async def test_this_machine_by_another_name_is_still_the_host(host: Host) -> None:
    host.on("GET /audio/*", answer(200, SOUND))
    address = host.url.replace("127.0.0.1", "localhost")
    assert await read(upstream(host), f"{address}/audio/1.mp3") == SOUND


@pytest.mark.parametrize(
    ("does", "code", "says"),
    [
        (answer(404, {"detail": "no such song"}), None, ""),
        (answer(200, {"success": False, "message": "not found"}), None, ""),
        (answer(422, {"detail": "not an id"}), None, ""),
        (answer(401, {"detail": "no"}), "upstream_auth", "does not accept this site's key"),
        (answer(403, HTML, PAGE), "upstream_auth", "forbids this site"),
        (answer(200, {"success": False, "message": "Invalid API key"}), "upstream_auth", "does not accept"),
        (answer(404, HTML, PAGE), "upstream_protocol", "not as a v6 host does"),
        (answer(200, HTML, PAGE), "upstream_protocol", "not as a v6 host does"),
        (answer(301, b"", {"Location": "/login"}), "upstream_protocol", "sends us on"),
        (answer(429, BUSY), "upstream_busy", "is busy"),
        (answer(500, HTML, PAGE), "upstream_refused", "fault of its own (500)"),
        (raw(b"", "silence"), "upstream_stalled", "fell silent. Nothing was ordered."),
        (raw(b"", "reset"), "stream_lost", "Nothing was ordered."),
    ],
)
async def test_the_connection_test_says_what_is_wrong_and_orders_nothing(
    host: Host, does: Answer, code: str | None, says: str
) -> None:
    host.on("GET /status/*", does)
    http = upstream(host)
    if code is None:
        await http.test()
    else:
        with pytest.raises(GenerationError) as fault:
            await http.test()
        assert fault.value.code == code
        assert says in fault.value.sentence
    assert not host.orders()
    assert all(asked.headers["authorization"] == f"Bearer {KEY}" for asked in host.asked)


async def test_nobody_waits_long_for_the_connection_test(host: Host) -> None:
    host.on("GET /status/*", raw(b"", "silence"))
    begun = time.monotonic()
    with pytest.raises(GenerationError) as fault:
        await upstream(host, Patience(test=0.2)).test()
    assert (fault.value.code, fault.value.bought) == ("upstream_stalled", False)
    assert time.monotonic() - begun < 2


async def test_the_connection_test_tells_a_wrong_name_from_a_closed_door() -> None:
    for url, code, says in (
        ("https://no-such-host.invalid", "upstream_unreachable", "there is no such name"),
        ("http://127.0.0.1:1", "upstream_unreachable", "127.0.0.1:1 cannot be reached"),
    ):
        with pytest.raises(GenerationError) as fault:
            await Http(url, KEY, patience=QUICK).test()
        assert fault.value.code == code
        assert says in fault.value.sentence


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("", ""),
        ("/", ""),
        ("/api/", "/api"),
        ("/v6/", ""),
        ("/v6/generate/song", ""),
        ("/api/v6/generate/song/sync", "/api"),
    ],
)
async def test_whatever_of_the_address_was_pasted_along_it_is_found(host: Host, url: str, asked: str) -> None:
    assert await Http(f" {host.url}{url} ", KEY, patience=QUICK).status("a/b?c") is None
    assert host.asked[0].path == f"{asked}/status/generation/a%2Fb%3Fc"


@pytest.mark.parametrize(
    "url", ["", "example.org", "ftp://example.org", "https://a:b@example.org", "https://", "http://[::1"]
)
def test_an_address_that_is_none_is_refused_at_once(url: str) -> None:
    with pytest.raises(ValueError, match="address"):
        Http(url, KEY)


@pytest.mark.parametrize("key", ["", "two words", "schlüssel", "line\nbreak"])
def test_a_key_that_is_none_is_refused_without_being_told(key: str) -> None:
    with pytest.raises(ValueError, match="API key") as refusal:
        Http("https://example.org", key)
    assert not key or key not in str(refusal.value)


async def test_the_key_shows_nowhere(host: Host, shown: pytest.LogCaptureFixture) -> None:
    host.on(SONG, answer(400, {"success": False, "message": f"Bearer {KEY} may not"}))
    http = upstream(host)
    _, fault = await song(http)
    assert fault is not None
    everything = [repr(http), repr(vars(http)), repr(vars(http._line)), repr(vars(http._line._client))]
    assert KEY not in " ".join([*everything, str(fault), fault.sentence, fault.raw, repr(fault), shown.text])
    assert http.name in fault.sentence


async def test_nothing_of_the_surroundings_reaches_a_host(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    host.on(SONG, answer(429, BUSY, {"Set-Cookie": "a=b; Path=/", "Retry-After": "0"}), play("good"))
    events, _ = await song(upstream(host))
    assert takes(events) == [1, 2]
    assert all("cookie" not in asked.headers for asked in host.asked)


def test_one_tls_context_serves_all() -> None:
    from generator.outbound import tls

    assert isinstance(tls(), ssl.SSLContext)
    assert tls() is tls()
    assert tls().verify_mode == ssl.CERT_REQUIRED
