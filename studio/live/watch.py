"""News of other processes, found in the database: events they wrote, and rows that changed without one.

This is the way that always works. Where Redis carries hints it is the safety net and takes its time.
"""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from django.db import DatabaseError, InterfaceError, connection

from studio.live.announce import LOOK, Hub
from studio.live.lane import Lane
from studio.songs.models import Event, Generation

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.25
"""How often events of other processes are looked for."""
ROWS_SECONDS = 1.0
"""How often rows are compared: progress is written once a second."""
CARRIED_SECONDS = 2.0
"""How often both are done where hints are carried anyway."""
HOLE_SECONDS = 60.0
"""How long a number that is missing may still turn up: no transaction lasts longer."""
MOST_HOLES = 1000
MOST_EVENTS = 1000


@dataclass(slots=True)
class Watch:
    """What this process has seen of the events table and of the rows that its readers follow."""

    newest: int | None = None
    holes: dict[int, float] = field(default_factory=dict)
    """Numbers below `newest` that were not there, and since when: on PostgreSQL a row that took its number earlier
    may be committed later, and would never be seen by who only asks for what is newer."""
    rows: dict[uuid.UUID, tuple[object, ...]] = field(default_factory=dict)
    seqs: dict[uuid.UUID, int] = field(default_factory=dict)
    """The highest seq of each song among the events of the last look."""

    async def run(self, hub: Hub, lane: Lane, carried: Callable[[], bool] = lambda: False) -> None:
        """Tell the hub's readers to look when something happened elsewhere. Runs until cancelled."""
        compared = 0.0
        while True:
            await asyncio.sleep(CARRIED_SECONDS if carried() else LOOK_SECONDS)
            followed, rows_due = hub.followed(), time.monotonic() - compared >= ROWS_SECONDS
            if not followed:
                self.newest = None
                continue
            try:
                found = await lane.run(self.new_events, followed)
                found = {pk for pk in found if pk not in self.seqs or not hub.has_told(pk, self.seqs[pk])}
                if rows_due:
                    compared = time.monotonic()
                    found |= await lane.run(self.changed_rows, hub.made_elsewhere())
            except (DatabaseError, InterfaceError) as error:
                log.warning("The database could not be looked at for news (%s); going on.", error)
                continue
            for generation_id in found:
                hub.deliver(generation_id, LOOK)

    def new_events(self, followed: Collection[uuid.UUID]) -> set[uuid.UUID]:
        """Which of these songs have events that were not seen before; all of them at the first look."""
        self.seqs = {}
        if self.newest is None:
            self.newest = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
            if connection.vendor == "postgresql":
                below = range(max(1, self.newest - 100), self.newest)
                known = set(Event.objects.filter(pk__in=below).values_list("pk", flat=True))
                self.holes = dict.fromkeys(set(below) - known, time.monotonic())
            return set(followed)
        events = Event.objects.order_by("pk").values_list("pk", "generation_id", "seq")
        rows = list(events.filter(pk__gt=self.newest)[:MOST_EVENTS])
        late = list(events.filter(pk__in=self.holes)) if self.holes else []
        self._note([pk for pk, *_ in rows], [pk for pk, *_ in late])
        for _, song, seq in (*rows, *late):
            self.seqs[song] = max(seq, self.seqs.get(song, 0))
        return self.seqs.keys() & set(followed)

    def changed_rows(self, songs: Collection[uuid.UUID]) -> set[uuid.UUID]:
        """Which of these songs stand elsewhere than at the last look: progress, state, when they are tried again."""
        columns = ("pk", "status", "progress", "retry_at", "cancel_requested_at", "album_art")
        now = {row[0]: row for row in Generation.objects.filter(pk__in=songs).values_list(*columns)}
        changed = {pk for pk, row in now.items() if pk in self.rows and self.rows[pk] != row}
        self.rows = now
        return changed

    def _note(self, seen: list[int], late: list[int]) -> None:
        """Remember which numbers were passed over, and forget those that came, and those that never will."""
        now = time.monotonic()
        for pk in late:
            del self.holes[pk]
        self.holes = {pk: since for pk, since in self.holes.items() if now - since < HOLE_SECONDS}
        if not seen or self.newest is None:
            return
        passed = range(max(self.newest + 1, seen[-1] - MOST_HOLES), seen[-1])
        if len(self.holes) < MOST_HOLES:
            self.holes |= dict.fromkeys(set(passed).difference(seen), now)
        self.newest = seen[-1]
