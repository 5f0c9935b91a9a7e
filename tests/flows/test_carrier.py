"""Hints between processes over a real Redis, which may fall silent, die and come back."""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from functools import partial
from typing import Any

import pytest
from channels_redis.pubsub import RedisPubSubChannelLayer
from django.conf import settings

from studio.live.announce import LOOK, Hub, Message
from studio.live.carrier import GROUP, Carrier
from studio.songs import generations
from studio.songs.models import Generation
from tests.instances import Redis, private

Sent = dict[str, Any]


@pytest.fixture
def redis() -> Iterator[Redis]:
    """A Redis of this test's own."""
    with private(Redis) as own:
        yield own


def connected(redis: Redis) -> RedisPubSubChannelLayer:
    return RedisPubSubChannelLayer(hosts=[{"address": redis.url, **settings.REDIS_OPTIONS}], prefix="duplet-test")


@contextlib.asynccontextmanager
async def process(redis: Redis) -> AsyncIterator[tuple[Hub, Carrier]]:
    """What one process has of it."""
    layer = connected(redis)
    hub = Hub()
    carrier = Carrier(hub, layer)
    running = asyncio.create_task(carrier.run())
    try:
        await until(lambda: carrier.is_open)
        yield hub, carrier
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await layer.flush()


@contextlib.asynccontextmanager
async def other_end(redis: Redis) -> AsyncIterator[tuple[Callable[[Sent], Awaitable[None]], list[Sent]]]:
    """A way to send as another process does, and everything that is sent."""
    layer, heard = connected(redis), []
    channel = await layer.new_channel()
    await layer.group_add(GROUP, channel)

    async def hear() -> None:
        while True:
            heard.append(await layer.receive(channel))

    hearing = asyncio.create_task(hear())
    try:
        yield partial(layer.group_send, GROUP), heard
    finally:
        hearing.cancel()
        await asyncio.gather(hearing, return_exceptions=True)
        await layer.flush()


async def until(met: Callable[[], bool], seconds: float = 30.0) -> float:
    """The seconds until `met`."""
    begun = asyncio.get_running_loop().time()
    async with asyncio.timeout(seconds):
        while not met():
            await asyncio.sleep(0.02)
    return asyncio.get_running_loop().time() - begun


def hint(progress: int) -> Message:
    return Message(None, {"status": "running", "progress": progress}, {"progress": progress, "title": "Zuhause \ud83c"})


async def test_what_one_process_tells_every_other_hears_and_nobody_twice(redis: Redis) -> None:
    song = uuid.uuid4()
    async with process(redis) as (here, _), process(redis) as (there, _), process(redis) as (third, _):
        with here.listen(song) as own, there.listen(song) as far, third.listen(song) as further:
            for progress in range(20):
                here.tell(song, hint(progress))
            here.tell(song, LOOK)
            await until(lambda: far.qsize() == further.qsize() == 21)
            assert [far.get_nowait() for _ in range(21)] == [*map(hint, range(20)), LOOK]
            assert own.qsize() == 21


async def test_a_song_made_in_another_process_wakes_this_one_and_is_not_sent_back(redis: Redis) -> None:
    woken: list[tuple[object, uuid.UUID]] = []

    def wake(sender: object, generation_id: uuid.UUID, **_: object) -> None:
        woken.append((sender, generation_id))

    theirs, ours = uuid.uuid4(), uuid.uuid4()
    generations.changed.connect(wake)
    try:
        async with process(redis) as (_, carrier), other_end(redis) as (send, heard):
            await send({"from": "elsewhere", "hints": [], "changed": [str(theirs)]})
            await until(lambda: (carrier, theirs) in woken)
            generations.changed.send(sender=Generation, generation_id=ours)
            await until(
                lambda: [str(ours)] in [message["changed"] for message in heard if message["from"] != "elsewhere"]
            )
    finally:
        generations.changed.disconnect(wake)
    assert woken == [(carrier, theirs), (Generation, ours)]
    assert [str(theirs)] not in [message["changed"] for message in heard if message["from"] != "elsewhere"]


@pytest.mark.parametrize("fault", ["kill", "freeze"])
async def test_while_redis_is_gone_nobody_waits_for_it_and_when_it_is_back_it_carries_again(
    redis: Redis, fault: str
) -> None:
    song = uuid.uuid4()
    async with process(redis) as (here, one), process(redis) as (there, other):
        with there.listen(song) as far:
            getattr(redis, fault)()
            assert await until(lambda: not one.is_open and not other.is_open) < 10
            begun = asyncio.get_running_loop().time()
            for progress in range(5000):
                here.tell(song, hint(progress % 100))
            assert asyncio.get_running_loop().time() - begun < 5
            if fault == "kill":
                redis.start()
            redis.thaw()
            await until(lambda: one.is_open and other.is_open)
            await until(lambda: far.qsize() > 0)  # whoever follows is told to look, whatever was lost
            while far.qsize():
                far.get_nowait()
            here.tell(song, hint(100))
            await until(lambda: far.qsize() > 0)
