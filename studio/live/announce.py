"""Who hears of what: one hub a process. What it carries are hints; whoever misses one reads the journal again.

What other processes do is heard through Redis (`studio.live.carrier`), or found in the database (`studio.live.watch`).
"""

from __future__ import annotations

import asyncio
import contextlib
import time
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

WAITING = 64
"""Messages a slow reader may be behind before it is told to read the journal instead."""
OWN_SECONDS = 5.0
"""A song that this process has told of within so long is surely made here."""


@dataclass(frozen=True, slots=True)
class Message:
    """What a reader hears. `seq` is None for progress; `event` is the v6 event as our API serves it."""

    seq: int | None
    event: dict[str, Any] | None
    state: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        """JSON-ready data."""
        return {"seq": self.seq, "event": self.event, "state": self.state}


LOOK = None
"""In place of a message: something happened, read the journal."""


class Hub:
    """Readers by generation. Used from one event loop only."""

    def __init__(self) -> None:
        self.carry: Callable[[uuid.UUID, Message | None], None] | None = None
        """Takes what this process tells to the others, where there is a way. Never waits."""
        self._readers: dict[uuid.UUID, set[asyncio.Queue[Message | None]]] = defaultdict(set)
        self._told: dict[uuid.UUID, float] = {}

    @contextlib.contextmanager
    def listen(self, generation_id: uuid.UUID) -> Iterator[asyncio.Queue[Message | None]]:
        """A queue of what happens to one generation from now on."""
        queue: asyncio.Queue[Message | None] = asyncio.Queue(WAITING)
        self._readers[generation_id].add(queue)
        try:
            yield queue
        finally:
            self._readers[generation_id].discard(queue)
            if not self._readers[generation_id]:
                del self._readers[generation_id]
                self._told.pop(generation_id, None)

    def followed(self) -> frozenset[uuid.UUID]:
        """The songs that somebody in this process follows."""
        return frozenset(self._readers)

    def made_elsewhere(self) -> frozenset[uuid.UUID]:
        """Those of them that this process does not tell of by itself."""
        now = time.monotonic()
        return frozenset(pk for pk in self._readers if now - self._told.get(pk, -OWN_SECONDS) >= OWN_SECONDS)

    def tell(self, generation_id: uuid.UUID, message: Message | None) -> None:
        """Tell every reader of a song that is made here, in this process and in others."""
        if generation_id in self._readers:
            self._told[generation_id] = time.monotonic()
            self.deliver(generation_id, message)
        if self.carry is not None:
            self.carry(generation_id, message)

    def deliver(self, generation_id: uuid.UUID, message: Message | None) -> None:
        """Give this process's readers the message; one that is far behind loses its backlog and is told to look."""
        for queue in tuple(self._readers.get(generation_id, ())):
            if queue.full():
                while not queue.empty():
                    queue.get_nowait()
                message = LOOK
            queue.put_nowait(message)


hub = Hub()
