"""A server that is asked to stop hands its songs over, as often as it is asked."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.faults.host import SongHost
from tests.faults.load import Load
from tests.faults.site import Site, must_hold

PEOPLE = ("alice@example.org", "bob@example.org", "carol@example.org")
STOP_SECONDS = 20.0


@pytest.mark.parametrize("times", [1, pytest.param(20, marks=pytest.mark.faults)])
def test_however_often_it_is_restarted_under_load_no_song_fails(times: int, tmp_path: Path) -> None:
    with SongHost(pause=0.1) as host:
        site = Site(tmp_path, host)
        site.start()
        try:
            with Load(site, PEOPLE) as load:
                for _ in range(times):
                    load.wait_for_more(5)
                    began = time.monotonic()
                    site.stop()
                    assert time.monotonic() - began < STOP_SECONDS
                    site.start()
            rows = site.settled(120)
            assert set(rows) == set(load.asked)
            for row in rows.values():
                must_hold(row)
                assert (row["status"], host.posts[row["prompt"]]) == ("completed", 1), row
            site.audit()
        finally:
            site.stop()


def test_a_song_that_waits_for_its_host_does_not_hold_the_server_up(tmp_path: Path) -> None:
    with SongHost() as host:
        site = Site(tmp_path, host)
        site.start()
        try:
            with Load(site, PEOPLE[:1], words=" hold at 5") as load:
                load.wait_for_more(3)
                host.wait(load.asked[:3])
                began = time.monotonic()
                site.stop()
                assert time.monotonic() - began < STOP_SECONDS
                site.start()
            host.release()
            for row in site.settled(60).values():
                must_hold(row)
                assert (row["status"], host.posts[row["prompt"]]) == ("completed", 1), row
            site.audit()
        finally:
            site.stop()
