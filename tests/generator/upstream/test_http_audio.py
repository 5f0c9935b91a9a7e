"""The sound behind a host's addresses: late, broken off, too large, or not to be had."""

from __future__ import annotations

from typing import Any

import pytest

from generator.protocol.errors import GenerationError
from generator.upstream.http import Http
from generator.upstream.line import Patience
from tests.generator.upstream.ordering import HTML, KEY, PAGE, QUICK, read, upstream
from tests.upstream_host import Answer, Host, answer, raw

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


async def test_a_host_on_this_machine_is_asked_for_songs_but_not_for_files_unless_it_is_named(host: Host) -> None:
    host.on("GET /audio/*", answer(200, SOUND))
    with pytest.raises(GenerationError) as fault:
        await read(Http(host.url, KEY, patience=QUICK), f"{host.url}/audio/1.mp3")
    assert fault.value.code == "audio_rejected"
    assert not host.asked


async def test_this_machine_by_another_name_has_to_be_named_by_that(host: Host) -> None:
    host.on("GET /audio/*", answer(200, SOUND))
    address, place = (text.replace("127.0.0.1", "localhost") for text in (f"{host.url}/audio/1.mp3", host.place))
    with pytest.raises(GenerationError):
        await read(upstream(host), address)
    assert await read(Http(host.url, KEY, allow=[place], patience=QUICK), address) == SOUND
