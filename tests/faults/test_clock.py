"""The clock of a process jumps by an hour, as when a machine wakes up or its time is set by hand."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults.host import SongHost
from tests.faults.site import Listener, Row, Site, heard_all, must_hold
from tests.flows.visitor import Visitor

LIBRARY = next(iter(sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))), None)
HOUR = 3600
pytestmark = pytest.mark.skipif(LIBRARY is None, reason="needs faketime (Debian: apt-get install faketime)")


class Shifted(Site):
    """A site whose wall clock a test sets; what measures time that passes goes on evenly, as it does in Linux."""

    def __init__(self, data_dir: Path, host: SongHost) -> None:
        self._clock = data_dir / "clock"
        self._clock.write_text("+0")
        fake = {
            "LD_PRELOAD": str(LIBRARY),
            "FAKETIME_TIMESTAMP_FILE": str(self._clock),
            "FAKETIME_CACHE_DURATION": "1",  # seconds between two looks into that file
            "DONT_FAKE_MONOTONIC": "1",
        }
        super().__init__(data_dir, host, **fake)

    def shift(self, seconds: int) -> None:
        """Set its clock ahead of the true one by so much, or behind."""
        aside = self._clock.with_suffix(".new")
        aside.write_text(f"{seconds:+d}")
        aside.replace(self._clock)


@pytest.fixture
def site(tmp_path: Path, host: SongHost) -> Iterator[Shifted]:
    running = Shifted(tmp_path, host)
    running.start()
    yield running
    running.shift(0)
    running.stop()


@pytest.mark.faults
def test_a_clock_that_jumps_changes_nothing_about_songs_limits_and_sessions(host: SongHost, site: Shifted) -> None:
    with closing(Visitor(site)) as alice:
        alice.sign_in()
        for number, shift in enumerate((HOUR, 0, -HOUR, 0)):
            held = f"Song {number}, hold at 5"
            alice.make(held)
            host.wait([held])
            listener = Listener(alice, site.rows()[held]["id"])  # the page shows first what says that it is newest
            site.shift(shift)
            time.sleep(7)  # the lease is looked after at least once by the other clock
            alice.make(f"Song {number}, asked for after the jump")
            host.release(held)
            asyncio.run(asyncio.wait_for(listener.listen(), 60))
            heard_all(listener, site.rows()[held])
            assert alice.http.get("/library/").url.path == "/library/"
        rows = site.settled(30)
    _all_made(host, site, rows)


@pytest.mark.faults
@pytest.mark.parametrize("shift", [HOUR, -HOUR])
def test_a_song_of_a_dead_server_is_taken_up_whatever_the_clock_says(host: SongHost, site: Shifted, shift: int) -> None:
    with closing(Visitor(site)) as alice:
        alice.sign_in()
        alice.make("hold at 5")
        alice.make("hold at audio-1")
        host.wait(["hold at 5", "hold at audio-1"])
    site.kill()
    site.shift(shift)
    site.start()
    host.release()
    rows = site.settled(60)
    _all_made(host, site, rows)


def _all_made(host: SongHost, site: Site, rows: dict[str, Row]) -> None:
    for prompt, row in rows.items():
        must_hold(row)
        assert (row["status"], host.posts[prompt]) == ("completed", 1), row
    site.audit()
