"""The server is killed at every boundary of a song's events, and in the middle of everything else."""

from __future__ import annotations

import asyncio
import random
import time
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from tests.faults.host import POINTS, PROMISES, UNKNOWN, SongHost
from tests.faults.load import Load
from tests.faults.site import HastySite, Listener, Site, heard_all, must_hold
from tests.flows.visitor import Visitor

PEOPLE = ("alice@example.org", "bob@example.org", "carol@example.org")
ROUNDS = (0, *(pytest.param(number, marks=pytest.mark.faults) for number in range(1, 11)))
"""Once in every run of the tests, ten times with `make faults`."""
TRUE_SECONDS = 60.0
"""From the restart until what is shown is true."""
RESUME_SECONDS = 5.0
"""From the first answer of the restarted server until a page's socket is back."""


@pytest.mark.parametrize("number", ROUNDS)
async def test_a_song_outlives_the_server_wherever_it_is_killed(number: int, tmp_path: Path) -> None:
    chance = random.Random(number)
    prompts = {point: f"Song {number}, hold at {point}" for point in POINTS}
    waiting = [f"Song {number}, waiting {n}, hold at 3" for n in range(4)]
    with SongHost() as host, ExitStack() as open_:
        site = _site(number)(tmp_path, host, LIMIT_RUNNING_TOTAL=str(len(POINTS)))
        await asyncio.to_thread(site.start)
        open_.callback(site.stop)
        visitors = [open_.enter_context(closing(Visitor(site))) for _ in PEOPLE]
        for visitor, email in zip(visitors, PEOPLE, strict=True):
            await asyncio.to_thread(visitor.sign_in, email)
        listeners: dict[str, Listener] = {}
        async with asyncio.timeout(400), asyncio.TaskGroup() as tasks:
            for n, prompt in enumerate([*prompts.values(), *waiting]):
                visitor = visitors[n % len(visitors)]
                listeners[prompt] = Listener(visitor, await asyncio.to_thread(visitor.make, prompt))
                tasks.create_task(listeners[prompt].listen())
            await asyncio.to_thread(host.wait, list(prompts.values()))
            if number % 2:
                await asyncio.sleep(chance.uniform(0, 1))
            else:
                await _told(prompts, listeners)
            assert not host.posts[waiting[-1]]  # there is no slot for it yet
            await asyncio.to_thread(site.kill)
            await asyncio.to_thread(site.start)
            started = time.monotonic()
            host.release()
        rows = await asyncio.to_thread(site.rows)
        for prompt, listener in listeners.items():
            row = rows[prompt]
            must_hold(row)
            heard_all(listener, row)
            assert host.posts[prompt] == 1, row
            _seen_in_time(listener, started)
            assert (row["status"], row["error_code"]) == _end(row), row
        for point in POINTS:
            assert rows[prompts[point]]["known"] == (point not in UNKNOWN) or number % 2
        await asyncio.to_thread(site.audit)


def _seen_in_time(listener: Listener, started: float) -> None:
    """The page was back soon after the restarted server answered, and showed what is true."""
    ended_at = listener.seen[listener.states[-1]]
    if ended_at > started - 1:
        assert min(at for at in listener.resumed_at if at > started - 1) - started < RESUME_SECONDS
        true_at = listener.seen.get("interrupted", ended_at)
        assert true_at - started < TRUE_SECONDS, listener.states


def _site(number: int) -> type[Site]:
    """The run that everybody waits for is in a hurry; the others have the site's own patience."""
    return Site if number else HastySite


def _end(row: dict[str, object]) -> tuple[str, str]:
    """How a song ends: whole, unless nobody can say what became of its order."""
    return ("completed", "") if row["known"] or not row["submitted"] else ("failed", "stream_lost")


async def _told(prompts: dict[str, str], listeners: dict[str, Listener]) -> None:
    """Until everybody has heard what was promised before the points at which the songs are held."""
    for point, prompt in prompts.items():
        while point.isdigit() and len(listeners[prompt].seqs) < PROMISES[int(point)]:
            await asyncio.sleep(0.02)


@pytest.mark.thorough
@pytest.mark.parametrize("number", ROUNDS)
def test_a_song_asked_for_while_the_server_dies_is_one_song_and_ordered_once(number: int, tmp_path: Path) -> None:
    chance = random.Random(number)
    with SongHost(pause=0.05) as host:
        site = _site(number)(tmp_path, host)
        site.start()
        try:
            with Load(site, PEOPLE) as load:
                for _ in range(3):
                    load.wait_for_more(5)
                    time.sleep(chance.uniform(0, 0.5))
                    site.kill()
                    site.start()
            rows = site.settled(180)
            assert set(load.asked) == set(rows)
            for row in rows.values():
                must_hold(row)
                assert host.posts[row["prompt"]] <= 1, row
                assert (row["status"], row["error_code"]) == _end(row), row
            assert sum(row["status"] == "completed" for row in rows.values()) >= len(rows) / 2
            site.audit()
        finally:
            site.stop()
