"""The line to a host: its test, its address, its key, and what never passes over it."""

from __future__ import annotations

import ssl
import time

import pytest

from generator.connection import tls
from generator.protocol.errors import GenerationError
from generator.upstream.http import Http
from generator.upstream.line import Patience
from tests.generator.upstream.ordering import (
    BUSY,
    HTML,
    KEY,
    PAGE,
    QUICK,
    song,
    takes,
    upstream,
)
from tests.upstream_host import SONG, Answer, Host, answer, play, raw


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


@pytest.mark.parametrize(
    "location", ["/elsewhere", "https://[", "http://xn--a.example/", "http:x", "data:,", "http://a:b/", "\x80"]
)
async def test_no_answer_sends_an_order_or_its_key_elsewhere(host: Host, location: str) -> None:
    for status in (301, 302, 303, 307, 308):
        host.on(SONG, answer(status, {}, {"Location": location}))
        events, fault = await song(upstream(host))
        assert fault is not None
        assert not events
    assert [asked.path for asked in host.asked] == ["/v6/generate/song"] * 5


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


@pytest.mark.parametrize("kept", range(4, len(KEY)))
async def test_not_even_half_a_key_is_logged(host: Host, shown: pytest.LogCaptureFixture, kept: int) -> None:
    room = 300 - len("HTTP 400 ") - kept
    host.on(SONG, answer(400, {"message": "x" * room + KEY}))
    await song(upstream(host))
    assert "xx<key>" in shown.text
    assert KEY[:4] not in shown.text


async def test_nothing_of_the_surroundings_reaches_a_host(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    host.on(SONG, answer(429, BUSY, {"Set-Cookie": "a=b; Path=/", "Retry-After": "0"}), play("good"))
    events, _ = await song(upstream(host))
    assert takes(events) == [1, 2]
    assert all("cookie" not in asked.headers for asked in host.asked)


def test_one_tls_context_serves_all() -> None:
    assert isinstance(tls(), ssl.SSLContext)
    assert tls() is tls()
    assert tls().verify_mode == ssl.CERT_REQUIRED
