"""Who hears of what: one hub a process. What it carries are hints; whoever misses one reads the journal again."""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from studio.live.lane import Lane
from studio.songs.models import Event

WAITING = 64
"""Messages a slow reader may be behind before it is told to read the journal instead."""
LOOK_SECONDS = 0.25
"""How often this process looks for events that another one wrote."""


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
        self._readers: dict[uuid.UUID, set[asyncio.Queue[Message | None]]] = defaultdict(set)

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

    def tell(self, generation_id: uuid.UUID, message: Message | None) -> None:
        """Give every reader the message; one that is far behind loses its backlog and is told to look."""
        for queue in tuple(self._readers.get(generation_id, ())):
            if queue.full():
                while not queue.empty():
                    queue.get_nowait()
                message = LOOK
            queue.put_nowait(message)

    async def watch(self, lane: Lane) -> None:
        """Tell readers to look when another process wrote an event for what they follow. Runs until cancelled."""
        newest = await lane.run(_newest)
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if self._readers:
                newest, found = await lane.run(_since, newest, tuple(self._readers))
                for generation_id in found:
                    self.tell(generation_id, LOOK)


hub = Hub()


def _newest() -> int:
    return Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def _since(newest: int, followed: tuple[uuid.UUID, ...]) -> tuple[int, set[uuid.UUID]]:
    rows = list(Event.objects.filter(pk__gt=newest).order_by("pk").values_list("pk", "generation_id")[:1000])
    return (rows[-1][0] if rows else newest), {pk for _, pk in rows} & set(followed)
