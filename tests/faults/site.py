"""The server under fault: a site that charges for songs, what its rows say, and whoever listens through its deaths."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from websockets.exceptions import ConnectionClosed, InvalidHandshake

from tests.faults.host import SongHost
from tests.flows.visitor import Visitor
from tests.server import REPOSITORY, Server

FREE = {
    "LIMIT_REQUESTS_PER_MINUTE": "0",
    "LIMIT_CREATIONS_PER_MINUTE": "0",
    "LIMIT_RUNNING_PER_USER": "0",
    "CREDITS_PER_SONG": "1",
    "CREDITS_DAILY": "1000",
}
FINAL = frozenset(("completed", "partial", "failed", "cancelled"))
STORED = [["reserve", -1], ["capture", 0]]
RELEASED = [["reserve", -1], ["release", 1]]
Row = dict[str, Any]


class Site(Server):
    """A server whose songs cost a credit each and are made by `host`, or by our own engine without one."""

    def __init__(self, data_dir: Path, host: SongHost | None = None, **settings: str) -> None:
        super().__init__(data_dir, **{**FREE, **(host.settings if host else {}), **settings})

    def rows(self) -> dict[str, Row]:
        """Every song by its prompt; see `look`."""
        command = [sys.executable, "-m", "tests.faults.look"]
        done = subprocess.run(command, cwd=REPOSITORY, env=self.env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        found = json.loads(done.stdout)
        return {row["prompt"]: row for row in found}

    def settled(self, seconds: float) -> dict[str, Row]:
        """The same once every song has ended, for which there are so many seconds."""
        until = time.monotonic() + seconds
        while True:
            rows = self.rows()
            left = {prompt: row["status"] for prompt, row in rows.items() if row["status"] not in FINAL}
            if not left:
                return rows
            assert time.monotonic() < until, f"not settled within {seconds:.0f} s: {left}\n{self.log()[-4000:]}"
            time.sleep(0.5)

    def audit(self) -> None:
        """Let the site's own check of its invariants pass, or fail with what it lists."""
        command = [sys.executable, "manage.py", "audit"]
        done = subprocess.run(command, cwd=REPOSITORY, env=self.env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


class HastySite(Site):
    """Takes songs over, and gives up those that nobody can ask for, sooner than the site does; see `hasty`."""

    program = ("-m", "tests.faults.hasty")


def must_hold(row: Row) -> None:
    """What is true of every song that has ended, whatever happened to it."""
    assert row["status"] in FINAL, row
    assert [seq for seq, _ in row["events"]] == list(range(1, row["last_seq"] + 1)), row
    stored = [version for version in row["versions"] if version["state"] == "stored"]
    assert all(version["found"] == version["sha256"] for version in stored), row
    assert row["ledger"] == (STORED if stored else RELEASED), row
    assert (row["status"] == "completed") == (len(stored) == len(row["versions"])), row


@dataclass
class Listener:
    """A page's socket: it comes back with its cursor whenever it is cut, as the page's script does."""

    visitor: Visitor
    song: str
    seqs: list[int] = field(default_factory=list)
    states: list[str] = field(default_factory=list)
    """Statuses in the order in which they were shown, without repetitions."""
    seen: dict[str, float] = field(default_factory=dict)
    """When each status was shown first, by the monotonic clock."""
    resumed_at: list[float] = field(default_factory=list)

    @property
    def is_over(self) -> bool:
        """The end was told."""
        return bool(self.states) and self.states[-1] in FINAL

    async def listen(self) -> None:
        """Until the song's end is told."""
        while not self.is_over:
            try:
                async with self.visitor.watch(self.song, after=self.seqs[-1] if self.seqs else 0) as socket:
                    self.resumed_at.append(time.monotonic())
                    async for message in socket:
                        self._take(json.loads(message))
            except (OSError, ConnectionClosed, InvalidHandshake, EOFError, TimeoutError):
                pass
            if not self.is_over:
                await asyncio.sleep(0.2)

    def _take(self, message: dict[str, Any]) -> None:
        status = message["state"]["status"]
        if message["seq"] is not None and message["event"] is not None:
            self.seqs.append(message["seq"])
        if not self.states or self.states[-1] != status:
            self.states.append(status)
            self.seen.setdefault(status, time.monotonic())


def heard_all(listener: Listener, row: Row) -> None:
    """It was told every promise once, in order, and the end that the rows tell."""
    assert listener.seqs == list(range(1, row["last_seq"] + 1)), (listener.seqs, row)
    assert listener.states[-1] == row["status"]
