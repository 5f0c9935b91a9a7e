"""Songs watched over real sockets of the real server, most of them made by the real engine."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import closing

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.flows.visitor import Visitor
from tests.server import Server

SHORT = "A short cheerful pop song about friendship"
WORDS = "Through every road we roam, together we are home"


@pytest.fixture(scope="module")
def alice(server: Server) -> Iterator[Visitor]:
    with closing(Visitor(server)) as visitor:
        yield visitor.sign_in()


async def test_it_tells_every_promise_in_order_and_then_that_this_was_all(alice: Visitor) -> None:
    song = await asyncio.to_thread(alice.make, SHORT, lyrics=WORDS)
    async with asyncio.timeout(60):
        heard = await alice.hear(song)
    seqs = [message["seq"] for message in heard if message["seq"] is not None]
    assert seqs == list(range(1, len(seqs) + 1))
    statuses = [message["event"]["status"] for message in heard if message["seq"] is not None]
    assert statuses[0] == "validated"
    assert statuses.count("streaming") == 2
    assert statuses.count("completed") == 4
    last = heard[-1]
    assert last["event"]["isComplete"] is True
    assert last["state"]["status"] == "completed"
    assert [take["status"] for take in last["state"]["takes"]] == ["saved", "saved"]
    percents = [message["state"]["progress"] for message in heard]
    assert percents == sorted(percents)


async def test_a_reader_who_comes_back_gets_what_it_missed_and_nothing_twice(alice: Visitor) -> None:
    song = await asyncio.to_thread(alice.make, SHORT)
    async with asyncio.timeout(60):
        async with alice.watch(song) as socket:
            while (seen := json.loads(await socket.recv())["seq"]) != 2:
                pass
        rest = await alice.hear(song, after=seen)
        again = await alice.hear(song, after=seen)
    seqs = [message["seq"] for message in rest if message["seq"] is not None]
    assert seqs == list(range(3, seqs[-1] + 1))
    assert [message["seq"] for message in again] == seqs


async def test_two_tabs_hear_the_same(alice: Visitor) -> None:
    song = await asyncio.to_thread(alice.make, SHORT)
    async with asyncio.timeout(60):
        one, other = await asyncio.gather(alice.hear(song), alice.hear(song))
    promises = [[(m["seq"], m["event"]) for m in heard if m["seq"] is not None] for heard in (one, other)]
    assert promises[0] == promises[1]


async def test_a_stranger_and_somebody_else_are_told_that_there_is_no_such_song(server: Server, alice: Visitor) -> None:
    song = await asyncio.to_thread(alice.make, SHORT)
    with closing(Visitor(server)) as stranger, closing(Visitor(server)) as bob:
        await asyncio.to_thread(bob.sign_in, "bob@example.org")
        for visitor in (stranger, bob):
            async with visitor.watch(song) as socket:
                with pytest.raises(ConnectionClosed) as closed:
                    await socket.recv()
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 4404


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "null", "http://localhost:1", "https://localhost:{port}", "http://127.0.0.2:{port}"],
)
async def test_a_page_from_elsewhere_cannot_open_a_socket(alice: Visitor, origin: str) -> None:
    said = origin.format(port=alice.server.port)
    with pytest.raises(InvalidStatus) as refused:
        async with alice.watch("00000000-0000-0000-0000-000000000000", Origin=said):
            pass
    assert refused.value.response.status_code == 403


async def test_rubbish_cursors_are_answered_like_none(alice: Visitor) -> None:
    song = await asyncio.to_thread(alice.make, SHORT)
    async with asyncio.timeout(60):
        whole = await alice.hear(song)
        for rubbish in ("-1", "abc", "1e3", "9" * 30, "%00"):
            async with alice.watch(song, after=rubbish) as socket:
                assert json.loads(await socket.recv())["seq"] == 1
    assert whole


async def test_a_cancelled_song_stops_within_seconds_and_says_so(alice: Visitor) -> None:
    song = await asyncio.to_thread(alice.make, "A cheerful pop song about friendship", lyrics=WORDS)
    async with asyncio.timeout(10), alice.watch(song) as socket:
        while json.loads(await socket.recv())["seq"] != 1:
            pass
        await asyncio.to_thread(alice.send, f"/songs/{song}/cancel/")
        heard = [json.loads(message) async for message in socket]
    assert heard[-1]["state"]["status"] == "cancelled"


async def test_a_restart_in_the_middle_loses_nothing(alice: Visitor) -> None:
    song = await asyncio.to_thread(alice.make, SHORT, lyrics=WORDS)
    async with asyncio.timeout(30), alice.watch(song) as socket:
        while json.loads(await socket.recv())["seq"] != 1:
            pass
    await asyncio.to_thread(alice.server.restart)
    async with asyncio.timeout(90):
        heard = await alice.hear(song)
    seqs = [message["seq"] for message in heard if message["seq"] is not None]
    assert seqs == list(range(1, len(seqs) + 1))
    assert heard[-1]["state"]["status"] == "completed"


async def test_a_killed_server_takes_its_songs_up_again(alice: Visitor) -> None:
    song = await asyncio.to_thread(alice.make, SHORT, lyrics=WORDS)
    async with asyncio.timeout(30), alice.watch(song) as socket:
        while json.loads(await socket.recv())["seq"] != 1:
            pass
    await asyncio.to_thread(alice.server.kill)
    await asyncio.to_thread(alice.server.start)
    async with asyncio.timeout(90):
        heard = await alice.hear(song)
    statuses = [message["event"]["status"] for message in heard if message["seq"] is not None]
    assert (statuses.count("validated"), statuses.count("streaming"), statuses.count("completed")) == (1, 2, 4)
    assert heard[-1]["state"]["status"] == "completed"


async def test_a_song_of_very_many_words_is_told_to_its_end(scripted_site: Server) -> None:
    with closing(Visitor(scripted_site)) as bob:
        await asyncio.to_thread(bob.sign_in, "bob@example.org")
        song = await asyncio.to_thread(bob.make, "A long ballad", lyrics=f"{WORDS} " * 20)
        async with asyncio.timeout(30):
            heard = await bob.hear(song)
    longest = max(len(json.dumps(message)) for message in heard)
    assert longest > 64 * 1024  # many times what a browser may send
    assert heard[-1]["state"]["status"] == "completed"
