"""Songs that come about in a process of their own, `manage.py relay`, beside a site with RELAY=apart."""

from __future__ import annotations

import asyncio
import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.faults.host import SongHost
from tests.faults.site import Site, must_hold
from tests.flows.visitor import Visitor

START_SECONDS = 60.0


@pytest.fixture
def host() -> Iterator[SongHost]:
    with SongHost(pause=0.3) as running:
        yield running


@pytest.fixture
def site(tmp_path: Path, host: SongHost) -> Iterator[Site]:
    running = Site(tmp_path, host, RELAY="apart")
    running.start()
    yield running
    running.stop()


@contextmanager
def relaying(site: Site) -> Iterator[subprocess.Popen[bytes]]:
    """A relay that is at work, and ends as a service manager ends it."""
    before = site.log().count("Making songs")
    process = site.beside("relay")
    until = time.monotonic() + START_SECONDS
    try:
        while site.log().count("Making songs") == before:
            assert process.poll() is None, site.log()
            assert time.monotonic() < until, site.log()
            time.sleep(0.05)
        yield process
    finally:
        process.terminate()
        assert process.wait(20) == 0, site.log()


async def test_a_song_waits_for_the_relay_and_is_watched_from_the_site_as_ever(host: SongHost, site: Site) -> None:
    with closing(Visitor(site)) as alice:
        alice.sign_in()
        song = alice.make("hold at 7")
        async with alice.watch(song) as socket:
            heard = [json.loads(await socket.recv())]
            assert heard[0]["state"]["status"] == "queued"
            assert host.posts["hold at 7"] == 0
            with relaying(site):
                async with asyncio.timeout(30):
                    while not heard[-1]["state"]["progress"]:  # which is told without a promise
                        heard.append(json.loads(await socket.recv()))
                host.release()
                heard += [json.loads(message) async for message in socket]
    assert [m["seq"] for m in heard if m["seq"]] == list(range(1, 8))
    assert heard[-1]["state"]["status"] == "completed"
    told = [m["state"]["progress"] for m in heard]
    assert told == sorted(told)
    assert "Traceback" not in site.log()


def test_a_relay_that_is_stopped_hands_its_song_to_the_next(host: SongHost, site: Site) -> None:
    with closing(Visitor(site)) as alice:
        alice.sign_in()
        alice.make("hold at 9")
        with relaying(site) as relay:
            host.wait(["hold at 9"])
            begun = time.monotonic()
            relay.terminate()
            assert relay.wait(20) == 0, site.log()
            assert time.monotonic() - begun < 15
        assert site.rows()["hold at 9"]["status"] in ("running", "interrupted")
        host.release()
        with relaying(site):
            (row,) = site.settled(60).values()
    must_hold(row)
    assert (row["status"], host.posts["hold at 9"]) == ("completed", 1)
    site.audit()


def test_two_relays_share_the_songs_and_none_is_ordered_twice(host: SongHost, site: Site) -> None:
    with closing(Visitor(site)) as alice:
        alice.sign_in()
        with relaying(site), relaying(site):
            prompts = [f"song {number}" for number in range(8)]
            for prompt in prompts:
                alice.make(prompt)
            rows = site.settled(90)
    for prompt in prompts:
        must_hold(rows[prompt])
        assert (rows[prompt]["status"], host.posts[prompt]) == ("completed", 1)
    site.audit()
