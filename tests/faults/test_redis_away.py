"""Redis is killed or falls silent and comes back: nobody comes in meanwhile, everybody who is in notices nothing."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from tests.faults.host import SongHost
from tests.faults.load import FIELD
from tests.faults.prober import Prober
from tests.faults.site import Listener, Site, heard_all, must_hold
from tests.flows.visitor import Visitor
from tests.instances import Redis, private

POINTS = ("1", "3", "9", "14", "audio-1")
BACK_SECONDS = 15.0
"""Until everything works again, on a machine that does other things as well; it takes 5 where it is alone."""
AGREES = 10.0
"""Until a song that ends while Redis is away is told to its listeners, likewise."""


@pytest.fixture
def redis() -> Iterator[Redis]:
    """A Redis of this test's own."""
    with private(Redis) as own:
        yield own


@pytest.fixture
def site(tmp_path: Path, host: SongHost, redis: Redis) -> Iterator[Site]:
    """Its songs come about in another process, so that all news are carried by Redis or found in the database."""
    running = Site(tmp_path, host, REDIS_URL=redis.url, RELAY="apart", LIMIT_REQUESTS_PER_MINUTE="600")
    running.start()
    relay = running.beside("relay")
    yield running
    relay.terminate()
    assert relay.wait(20) == 0, running.log()
    running.stop()


def sign_in(site: Site) -> httpx.Response:
    """Somebody tries a password."""
    with httpx.Client(base_url=site.url, trust_env=False, timeout=30) as stranger:
        fields = dict(FIELD.findall(stranger.get("/account/login/").text))
        said = {**fields, "login": "mallory@example.org", "password": "not the password"}
        return stranger.post("/account/login/", data=said, headers={"Origin": site.url})


@pytest.mark.parametrize("fault", ["kill", pytest.param("freeze", marks=pytest.mark.thorough)])
@pytest.mark.parametrize("seconds", [5.0, pytest.param(60.0, marks=pytest.mark.faults)])
async def test_it_may_be_gone_for_a_while_and_only_signing_in_has_to_wait(
    redis: Redis, host: SongHost, site: Site, fault: str, seconds: float
) -> None:
    key = (await asyncio.to_thread(site.command, "api_key", "owner@localhost")).splitlines()[-1]
    with closing(Visitor(site)) as alice:
        await asyncio.to_thread(alice.sign_in)
        points = {f"hold at {point}": point for point in POINTS}
        songs = {prompt: await asyncio.to_thread(alice.make, prompt) for prompt in points}
        await asyncio.to_thread(host.wait, list(points))
        listeners = {prompt: Listener(alice, song) for prompt, song in songs.items()}
        listening = [asyncio.create_task(listener.listen()) for listener in listeners.values()]
        with Prober(site, alice, "/library/") as pages:
            getattr(redis, fault)()
            gone = time.monotonic()
            await asyncio.sleep(seconds / 2)
            refused = await asyncio.to_thread(sign_in, site)
            assert (refused.status_code, refused.headers["Retry-After"].isdigit()) == (503, True)
            program = await asyncio.to_thread(_status, site, key)
            assert program == 404, "a program still reads"
            await asyncio.to_thread(alice.make, "Asked for meanwhile")
            host.release()
            released = time.monotonic()
            async with asyncio.timeout(60):
                await asyncio.gather(*listening)  # told to the end without Redis
            rows = await asyncio.to_thread(site.settled, 60)
            late = max(max(listener.seen.values()) for listener in listeners.values()) - released
            await asyncio.sleep(max(0.0, gone + seconds - time.monotonic()))
            if fault == "kill":
                await asyncio.to_thread(redis.start)
            redis.thaw()
            back = time.monotonic()
            while (await asyncio.to_thread(sign_in, site)).status_code == 503:
                assert time.monotonic() - back < BACK_SECONDS
                await asyncio.sleep(0.2)
            signed = time.monotonic() - back
        rows = await asyncio.to_thread(site.settled, 60)
    assert len(rows) == len(points) + 1
    for prompt, row in rows.items():
        must_hold(row)
        assert (row["status"], host.posts[prompt]) == ("completed", 1), row
        if prompt in listeners:
            heard_all(listeners[prompt], row)
    assert late < AGREES
    assert {status for _, status in pages.answers} == {200}
    site.audit()
    print(f"{fault} {seconds:.0f} s: told after {late:.1f} s, signing in works after {signed:.1f} s")  # noqa: T201


def _status(site: Site, key: str) -> int:
    said = {"Authorization": f"Bearer {key}"}
    return httpx.get(f"{site.url}/status/generation/none", headers=said, trust_env=False, timeout=30).status_code
