"""Another process keeps the database for itself, for longer than anybody likes to wait."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

import httpx
import pytest

from tests.faults.host import SongHost
from tests.faults.load import FIELD
from tests.faults.site import Site, must_hold
from tests.flows.visitor import Visitor


@contextmanager
def locked(site: Site, seconds: float) -> Iterator[float]:
    """Nobody else writes to the site's database for so long; what follows in the block runs meanwhile."""
    file = site.data_dir / "duplet.sqlite3"
    over = threading.Event()

    def hold() -> None:
        with closing(sqlite3.connect(file, isolation_level=None, timeout=30)) as database:
            database.execute("BEGIN EXCLUSIVE")
            begun.set()
            over.wait(seconds)
            database.execute("ROLLBACK")

    begun = threading.Event()
    thread = threading.Thread(target=hold)
    thread.start()
    assert begun.wait(30)
    try:
        yield time.monotonic()
        thread.join()
    finally:
        over.set()
        thread.join()


def test_ten_seconds_make_everything_slower_and_nothing_else(host: SongHost, site: Site) -> None:
    with closing(Visitor(site)) as alice:
        alice.sign_in()
        alice.make("hold at 3")
        host.wait(["hold at 3"])
        with locked(site, 10) as began:
            host.release()
            assert alice.http.get("/library/").status_code == 200
            assert time.monotonic() - began < 5
            alice.make("Asked for meanwhile")
            assert time.monotonic() - began > 9
        rows = site.settled(30)
    _all_made(host, site, rows, 2)


@pytest.mark.faults
def test_a_minute_is_answered_with_a_sentence_and_costs_no_song(host: SongHost, site: Site) -> None:
    with closing(Visitor(site)) as alice:
        alice.sign_in()
        points = ("answer", "1", "3", "9", "14", "audio-1")
        for point in points:
            alice.make(f"hold at {point}")
        host.wait([f"hold at {point}" for point in points])
        fields = dict(FIELD.findall(alice.http.get("/").text))
        said = {**fields, "prompt": "Asked for meanwhile"}
        with locked(site, 60) as began:
            host.release()
            refused = _send(alice, said)
            assert (refused.status_code, refused.headers["Retry-After"].isdigit()) == (503, True)
            assert time.monotonic() - began < 45
            assert alice.http.get("/library/").status_code == 200
            assert httpx.get(f"{site.url}/healthz", trust_env=False).status_code == 200
        assert _send(alice, said).status_code == 200  # the very same form
        rows = site.settled(60)
    _all_made(host, site, rows, len(points) + 1)


def _send(visitor: Visitor, said: dict[str, str]) -> httpx.Response:
    return visitor.http.post("/", data=said, headers={"Origin": visitor.server.url}, timeout=60)


def _all_made(host: SongHost, site: Site, rows: dict[str, dict[str, object]], songs: int) -> None:
    assert len(rows) == songs
    for prompt, row in rows.items():
        must_hold(row)
        assert (row["status"], host.posts[prompt]) == ("completed", 1), row
    site.audit()
