"""There is no room left on the disk, for a while."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from tests.faults.host import SongHost
from tests.faults.load import FIELD
from tests.faults.site import RELEASED, Site, must_hold
from tests.flows.visitor import Visitor

MIB = 1024 * 1024
ROWS_ONLY = 7 * MIB
"""The database fits into this, with its log of changes; the takes below do not."""
ROUNDS = 120
"""Makes takes of 8 and 11 MiB."""


@contextmanager
def room_for(site: Site, size: int) -> Iterator[None]:
    """No file of the server's may grow beyond so many bytes while the block runs, as under `ulimit -f`."""
    assert site.process
    soft, hard = resource.prlimit(site.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(site.process.pid, resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.prlimit(site.process.pid, resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture
def host() -> Iterator[SongHost]:
    with SongHost(rounds=ROUNDS) as running:
        yield running


def test_a_song_that_cannot_be_stored_says_so_and_costs_nothing(host: SongHost, site: Site) -> None:
    with closing(Visitor(site)) as alice:
        alice.sign_in()
        with room_for(site, ROWS_ONLY):
            song = alice.make("No room for this one")
            row = site.settled(60)["No room for this one"]
            must_hold(row)
            assert (row["status"], row["error_code"], row["ledger"]) == ("failed", "storage_failed", RELEASED)
            for path in ("/", "/library/", f"/songs/{song}/", "/healthz"):
                assert alice.http.get(path).status_code == 200
        alice.make("Room again")
        rows = site.settled(60)
    assert rows["Room again"]["status"] == "completed"
    for row in rows.values():
        must_hold(row)
    assert set(host.posts.values()) == {1}
    site.audit()


@pytest.mark.thorough
def test_where_not_even_rows_can_be_written_nothing_is_lost(host: SongHost, site: Site) -> None:
    with closing(Visitor(site)) as alice:
        alice.sign_in()
        held = [f"hold at {point}" for point in ("1", "3", "9", "14", "audio-1")]
        for prompt in held:
            alice.make(prompt)
        host.wait(held)
        said = {**dict(FIELD.findall(alice.http.get("/").text)), "prompt": "Asked for meanwhile"}
        with room_for(site, 1):
            host.release()
            refused = alice.http.post("/", data=said, headers={"Origin": site.url})
            assert (refused.status_code, refused.headers["Retry-After"].isdigit()) == (503, True)
            for path in ("/", "/library/", "/healthz"):
                assert alice.http.get(path).status_code == 200
            time.sleep(20)  # longer than a lease lasts
        assert alice.http.post("/", data=said, headers={"Origin": site.url}).status_code == 200
        rows = site.settled(180)
    assert set(rows) == {*held, "Asked for meanwhile"}
    for prompt, row in rows.items():
        must_hold(row)
        assert host.posts[prompt] == 1
        assert (row["status"], row["error_code"]) in {("completed", ""), ("failed", "storage_failed")}, site.log()
    assert rows["Asked for meanwhile"]["status"] == "completed"
    site.audit()
