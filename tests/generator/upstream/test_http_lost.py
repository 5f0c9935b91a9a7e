"""Songs whose line breaks, that are left, that blow up, or that are many: each ends as it truly ended."""

from __future__ import annotations

import asyncio
import gzip
import time
from typing import Any

import pytest

from generator.protocol import events as v6
from generator.upstream.line import Patience
from tests.generator.upstream.ordering import (
    DONE,
    HTML,
    LISTED,
    PAGE,
    REQUEST,
    song,
    takes,
    upstream,
)
from tests.recordings import recording
from tests.upstream_host import SONG, STATUS, STREAM, Answer, Host, answer, play, raw

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
        (answer(200, {"status": "completed", "message_id": "another", "versions": LISTED}), "stream_lost", []),
        (answer(200, {"status": "failed", "message_id": "another"}), "stream_lost", []),
        (answer(410, {}), "stream_lost", []),
        (answer(422, {"detail": "not an id"}), "stream_lost", []),
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
    patience = Patience(connect=0.3, answer=0.1, event=0.4, reach=0.4, song=1.0, polls=(0.02, 0.1), tries=())
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
