"""Who hears of what: one hub a process. What it carries are hints; whoever misses one reads the journal again.

What other processes do is heard through Redis (`studio.live.carrier`), or found in the database (`studio.live.watch`).
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

WAITING = 64
"""Messages a slow reader may be behind before it is told to read the journal instead."""
OWN_SECONDS = 5.0
"""A song that this process has told of within so long is surely made here."""
_encode = json.JSONEncoder(separators=(",", ":")).encode


@dataclass(frozen=True)
class Message:
    """What a reader hears. `seq` is None for progress; `event` is the v6 event as our API serves it."""

    seq: int | None
    event: dict[str, Any] | None
    state: dict[str, Any]

    @cached_property
    def text(self) -> str:
        """The message as JSON, written once for all who hear it."""
        return _encode(self.as_json())

    def as_json(self) -> dict[str, Any]:
        """JSON-ready data."""
        return {"seq": self.seq, "event": self.event, "state": self.state}


LOOK = None
"""In place of a message: something happened, read the journal."""


class News:
    """What one reader has not heard yet. Used from one event loop only.

    A queue of asyncio's would take fourteen times the memory, and there is one for each tab.
    """

    __slots__ = ("_waiting", "_wake", "heard")

    def __init__(self) -> None:
        self._waiting: list[Message | None] = []
        self._wake: asyncio.Future[None] | None = None
        self.heard = time.monotonic()
        """When the last message came."""

    def tell(self, message: Message | None) -> None:
        """Add a message; whoever is far behind loses its backlog and is told to look."""
        self.heard = time.monotonic()
        if len(self._waiting) >= WAITING:
            self._waiting.clear()
            message = LOOK
        self._waiting.append(message)
        if self._wake is not None and not self._wake.done():
            self._wake.set_result(None)

    async def get(self) -> Message | None:
        """The next message, once there is one."""
        while not self._waiting:
            self._wake = asyncio.get_running_loop().create_future()
            await self._wake
        return self.get_nowait()

    def get_nowait(self) -> Message | None:
        """The next message. Raises `IndexError` where there is none."""
        return self._waiting.pop(0)

    def qsize(self) -> int:
        """How many messages wait."""
        return len(self._waiting)


class Hub:
    """Readers by generation. Used from one event loop only."""

    def __init__(self) -> None:
        self.carry: Callable[[uuid.UUID, Message | None], None] | None = None
        """Takes what this process tells to the others, where there is a way. Never waits."""
        self.made_here: set[uuid.UUID] = set()
        """Songs that this process is making: however long nothing is heard of them, nobody else has news."""
        self._readers: dict[uuid.UUID, set[News]] = defaultdict(set)
        self._told: dict[uuid.UUID, float] = {}
        self._promised: dict[uuid.UUID, int] = {}

    @contextlib.contextmanager
    def listen(self, generation_id: uuid.UUID) -> Iterator[News]:
        """What happens to one generation from now on."""
        news = News()
        self._readers[generation_id].add(news)
        try:
            yield news
        finally:
            self._readers[generation_id].discard(news)
            if not self._readers[generation_id]:
                del self._readers[generation_id]
                self._told.pop(generation_id, None)
                self._promised.pop(generation_id, None)

    def followed(self) -> frozenset[uuid.UUID]:
        """The songs that somebody in this process follows."""
        return frozenset(self._readers)

    def made_elsewhere(self) -> frozenset[uuid.UUID]:
        """Those of them that this process does not tell of by itself."""
        now = time.monotonic()
        others = self._readers.keys() - self.made_here
        return frozenset(pk for pk in others if now - self._told.get(pk, -OWN_SECONDS) >= OWN_SECONDS)

    def has_told(self, generation_id: uuid.UUID, seq: int) -> bool:
        """Whether readers of this song have heard from this process itself what has this number."""
        return self._promised.get(generation_id, 0) >= seq

    def tell(self, generation_id: uuid.UUID, message: Message | None) -> None:
        """Tell every reader of a song that is made here, in this process and in others."""
        if generation_id in self._readers:
            self._told[generation_id] = time.monotonic()
            if message is not None and message.seq is not None:
                self._promised[generation_id] = message.seq
            self.deliver(generation_id, message)
        if self.carry is not None:
            self.carry(generation_id, message)

    def deliver(self, generation_id: uuid.UUID, message: Message | None) -> None:
        """Give this process's readers the message."""
        for news in self._readers.get(generation_id, ()):
            news.tell(message)


hub = Hub()
