"""The real server with less patience, and what its owner, its rows and its log say of every song of the table.

`python -m tests.hostile.site serve --prepare` is manage.py, except that it waits for seconds where the house waits for
minutes. With HOSTILE_PLACES its songs are ordered where their prompts' faults say.
"""

from __future__ import annotations

import json
import os
import sqlite3
import sys
import uuid
from collections.abc import AsyncGenerator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from generator.protocol import events as v6
from generator.upstream import SongRequest
from generator.upstream.http import Http
from tests.hostile.fault import KEY
from tests.hostile.table import TABLE
from tests.server import Server

HASTE: dict[str, Any] = {
    "connect": 3.0,
    "answer": 6.0,
    "event": 6.0,
    "reach": 5.0,
    "song": 40.0,
    "tries": (0.3, 0.6),
    "trying": 6.0,
    "polls": (0.3, 0.5, 0.8),
    "audio": 12.0,
    "stall": 5.0,
    "fetches": (0.3, 0.5, 1.0),
}
"""Seconds, as in `Patience`."""
LONGEST, LAST_QUESTION, NAMELESS, ASK_AGAIN = 40.0, 8.0, 5.0, (2.0, 4.0)
"""Seconds, as in the supervisor."""
PLACES = "HOSTILE_PLACES"
SETTINGS = {
    "UPSTREAM_API_KEY": KEY,
    "CREDITS_PER_SONG": "1",
    "CREDITS_DAILY": "1000",
    "LIMIT_RUNNING_TOTAL": "300",
    "LIMIT_RUNNING_PER_USER": "0",
    "LIMIT_CREATIONS_PER_MINUTE": "0",
    "LIMIT_REQUESTS_PER_MINUTE": "0",
    "DATABASE_URL": "",
    "REDIS_URL": "",
}
SONGS = """
    SELECT g.id, g.prompt, g.status, g.error_code, g.error, g.last_seq, g.orders,
           (julianday(coalesce(g.finished_at, 'now')) - julianday(g.created_at)) * 86400 AS seconds,
           (SELECT group_concat(v.state) FROM songs_version v WHERE v.generation_id = g.id) AS takes
    FROM songs_generation g
"""
BOOKED = "SELECT generation_id, kind, amount FROM accounts_ledgerentry WHERE generation_id IS NOT NULL ORDER BY id"


class HostileSite(Server):
    """A site whose songs cost a credit and are made by a host that misbehaves. It is as patient as any."""

    def __init__(self, data_dir: Path, host: str, **settings: str) -> None:
        allowed = host.partition("://")[2]
        super().__init__(data_dir, **{**SETTINGS, "UPSTREAM_URL": host, "OUTBOUND_ALLOW": allowed, **settings})

    def songs(self) -> dict[str, dict[str, Any]]:
        """Every song's row by its prompt, read beside the server. `id` is written as in addresses."""
        with self._open() as database:
            database.row_factory = sqlite3.Row
            rows = [dict(row) for row in database.execute(SONGS)]
        return {row["prompt"]: {**row, "id": str(uuid.UUID(row["id"]))} for row in rows}

    def booked(self) -> dict[str, list[tuple[str, int]]]:
        """The ledger's entries of every song, by its id."""
        entries: dict[str, list[tuple[str, int]]] = {}
        with self._open() as database:
            for song, kind, amount in database.execute(BOOKED):
                entries.setdefault(str(uuid.UUID(song)), []).append((kind, amount))
        return entries

    def memory(self) -> int:
        """How many bytes of memory the server's process has in use."""
        assert self.process is not None
        fields = Path(f"/proc/{self.process.pid}/status").read_text().split("VmRSS:")[1].split()
        return int(fields[0]) * 1024

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(f"file:{self.data_dir}/duplet.sqlite3?mode=ro", uri=True, timeout=20)


class HastySite(HostileSite):
    """The same with a patience that is counted in seconds."""

    program = ("-m", "tests.hostile.site")


class Places:
    """An upstream that orders each song at the place that its fault names."""

    name = "Places"
    inputs = Http.inputs
    makes_again = False

    def __init__(self, places: dict[str, str]) -> None:
        self._hosts = {name: Http(url, KEY) for name, url in places.items()}
        self._at = {fault.prompt: fault.at for fault in TABLE if fault.at}

    def check(self, request: SongRequest) -> None:
        """Everything is ordered here."""

    def generate(self, request: SongRequest) -> AsyncGenerator[v6.Event, None]:
        """Whatever is told there."""
        return self._hosts[self._at[request.prompt]].generate(request)

    def take_up(self, request: SongRequest, message_id: str) -> AsyncGenerator[v6.Event, None]:
        """What is told there of a song that was ordered before."""
        return self._hosts[self._at[request.prompt]].take_up(request, message_id)

    def open(self, address: str) -> AsyncGenerator[bytes, None]:
        """Nothing has ever come from there."""
        return next(iter(self._hosts.values())).open(address)

    async def warm(self) -> None:
        """Nothing to make ready."""

    async def close(self) -> None:
        """Let go of all lines."""
        for host in self._hosts.values():
            await host.close()


def main() -> None:
    """manage.py, in haste."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "studio.settings"
    import django

    django.setup()
    from generator.upstream import http, line
    from studio.live import supervisor
    from studio.songs import engine

    setattr(http, "Patience", partial(line.Patience, **HASTE))  # noqa: B010  its default is made by that name
    supervisor.LONGEST = timedelta(seconds=LONGEST)
    supervisor.LAST_QUESTION = timedelta(seconds=LAST_QUESTION)
    supervisor.NAMELESS = timedelta(seconds=NAMELESS)
    supervisor.ASK_AGAIN = ASK_AGAIN
    if places := os.environ.get(PLACES):
        elsewhere = Places(json.loads(places))
        engine.current = lambda: elsewhere  # type: ignore[assignment]  # it is a cached function otherwise

    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
