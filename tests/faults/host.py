"""A v6 host on loopback that goes on with its songs whatever becomes of whoever ordered them, and waits where told.

A prompt that ends in "hold at POINT" is held there until the test calls `release`: its song is neither told nor made
any further. Afterwards it is whole at once, on whatever connection is left and at the status endpoint.
"""

from __future__ import annotations

import asyncio
import json
import re
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Literal, Self

from tests.flows.scripted import mp3, sections
from tests.upstream_host import SONG, STREAM, Asked, Host, Wire, answer

KEY = "sk-a-key-for-faults"
EVENTS = 15
"""A song is told in so many events; point 15 lies after the last of them, before the stream's end."""
PROMISES = (0, 0, 1, 1, 1, 1, 1, 1, 2, 2, 3, 4, 5, 6, 6, 7)
"""How many promises have been made once the events before point n have been told."""
POINTS = ("answer", *map(str, range(EVENTS + 1)), "early-1", "early-2", "audio-1", "audio-2", "status")
"""Before the answer's head; before event n; halfway in a growing or a finished take; while the status is asked for."""
UNKNOWN = frozenset(("answer", "0", "1"))
"""Points at which the host has not said yet which id the song has."""
HOLD = re.compile(r"hold at ([a-z0-9-]+)")
PIECE = 4096


@dataclass(slots=True)
class Order:
    """One song that was ordered here."""

    message_id: str
    prompt: str
    point: str
    sound: dict[int, bytes]
    held: threading.Event = field(default_factory=threading.Event)
    """It has come to the point where it waits."""
    free: asyncio.Event = field(default_factory=asyncio.Event)


class SongHost:
    """The host: `with SongHost() as host`. What it was asked for is in `host.posts` and `host.orders`."""

    def __init__(self, *, pause: float = 0.0, rounds: int = 1) -> None:
        """`pause` seconds lie between two events; takes of 3 and 4 s are played in so many `rounds`."""
        self._host = Host()
        self._pause = pause
        self._sound = {1: mp3(3) * rounds, 2: mp3(4, 330) * rounds}
        self._generous = False
        self.orders: dict[str, Order] = {}
        """By prompt; of several orders with one prompt the last."""
        self.posts: Counter[str] = Counter()
        """How often each prompt was ordered."""
        self._host.on(SONG, self._song)
        self._host.on("GET /status/*", self._status)
        self._host.on("GET /stream/*", self._audio)
        self._host.on("GET /audio/*", self._audio)

    @property
    def settings(self) -> dict[str, str]:
        """What a server is to be told so that its songs are made here."""
        allowed = self._host.url.removeprefix("http://")
        return {"UPSTREAM_URL": self._host.url, "UPSTREAM_API_KEY": KEY, "OUTBOUND_ALLOW": allowed}

    def wait(self, prompts: Iterator[str] | list[str], seconds: float = 60.0) -> None:
        """Until all these songs have come to the points where they are held."""
        until = time.monotonic() + seconds
        for prompt in prompts:
            while prompt not in self.orders and time.monotonic() < until:
                time.sleep(0.02)
            assert prompt in self.orders, f"{prompt!r} was never ordered"
            assert self.orders[prompt].held.wait(max(0.0, until - time.monotonic())), f"{prompt!r} was not held"

    def release(self, *prompts: str) -> None:
        """Let these songs go on; without any, all of them, and every one that is still to come."""
        self._generous |= not prompts
        for order in [self.orders[prompt] for prompt in prompts] or list(self.orders.values()):
            self._host._loop.call_soon_threadsafe(order.free.set)

    def __enter__(self) -> Self:
        self._host.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._host.__exit__(kind, error, at)

    async def _song(self, host: Host, wire: Wire, asked: Asked) -> None:
        """The document's stream, with a stop where the prompt says so."""
        prompt = asked.json["prompt"]
        found = HOLD.search(prompt)
        order = Order(uuid.uuid4().hex[:12], prompt, found[1] if found else "", self._sound)
        if self._generous or not found:
            order.free.set()
        self.posts[prompt] += 1
        self.orders[prompt] = order
        await self._stop(order, "answer")
        await wire.head(200, STREAM)
        for number, event in enumerate(self._events(order)):
            await self._stop(order, str(number))
            await wire.send(b"data: %b\n\n" % json.dumps({"isComplete": False, "chunkIndex": number, **event}).encode())
            await asyncio.sleep(self._pause)
            if order.point == "status" and number == 4 and not order.free.is_set():
                await wire.finish("reset")
                return
        await self._stop(order, str(EVENTS))
        await wire.finish()

    async def _status(self, host: Host, wire: Wire, asked: Asked) -> None:
        """Where a song stands: under way, or whole."""
        order = next((o for o in self.orders.values() if o.message_id == asked.path.rpartition("/")[2]), None)
        if order is None:
            await answer(404, {"detail": "No such generation."})(host, wire, asked)
            return
        if order.point == "status":
            order.held.set()
        said: dict[str, Any] = {"message_id": order.message_id, "song_name": order.prompt}
        if order.free.is_set():
            versions = [{"version": n, "audio_url": self._address(order, "audio", n), **_words(n)} for n in order.sound]
            said |= {"status": "completed", "versions": versions}
        else:
            said |= {"status": "running", "progress": 41}
        await answer(200, said)(host, wire, asked)

    async def _audio(self, host: Host, wire: Wire, asked: Asked) -> None:
        """A take: growing, or finished."""
        kind, message_id, name = asked.path.strip("/").split("/")
        order = next((o for o in self.orders.values() if o.message_id == message_id), None)
        if order is None:
            await answer(404, b"")(host, wire, asked)
            return
        number = int(name.removesuffix(".mp3"))
        data = order.sound[number]
        await wire.head(200, {"Content-Type": "audio/mpeg", "Transfer-Encoding": "chunked"})
        middle = len(data) // 2
        for start in range(0, len(data), PIECE):
            if start <= middle < start + PIECE:
                await self._stop(order, f"{'early' if kind == 'stream' else 'audio'}-{number}")
            await wire.send(data[start : start + PIECE])
        await wire.finish()

    async def _stop(self, order: Order, point: str) -> None:
        if order.point == point:
            order.held.set()
            await order.free.wait()

    def _address(self, order: Order, kind: Literal["stream", "audio"], number: int) -> str:
        return f"{self._host.url}/{kind}/{order.message_id}/{number}.mp3"

    def _events(self, order: Order) -> list[dict[str, Any]]:
        named = {"message_id": order.message_id, "song_name": order.prompt}
        told: list[dict[str, Any]] = [{"status": "initializing"}]
        told += [{"status": word, **named} for word in ("validated", "streaming", "processing")]
        told += [{"status": "running", **named, "progress": percent} for percent in (2, 40, 71)]
        for number in order.sound:
            stream, audio = (self._address(order, kind, number) for kind in ("stream", "audio"))
            told += [
                {"status": "streaming", **named, "version": number, "stream_url": stream, "streaming_ready": True},
                {"status": "completed", **named, "audio_url": audio, "progress": 100},
                {"status": "uploading", "message_id": order.message_id, "version": number},
                {"status": "completed", "message_id": order.message_id, "version": number, **_words(number)},
            ]
        assert len(told) == EVENTS
        return told


def _words(number: int) -> dict[str, Any]:
    return {"lyrics_sections": sections("we are home" if number == 1 else "we are home again")}
