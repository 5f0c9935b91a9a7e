"""A server that was frozen for longer than its lease wakes up to find its songs with somebody else."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults.host import SongHost
from tests.faults.site import HastySite, Site, must_hold
from tests.flows.visitor import Visitor
from tests.server import free_port

KNOWN = ("5", "9", "14", "audio-1", "status")
MEANWHILE = " while both are awake"


@pytest.fixture
def site(tmp_path: Path, host: SongHost) -> Iterator[Site]:
    running = HastySite(tmp_path, host)
    running.start()
    yield running
    assert running.process
    running.process.send_signal(signal.SIGCONT)
    running.stop()


@pytest.fixture
def other(tmp_path: Path, host: SongHost) -> Iterator[Site]:
    """A second server on the same data; a test starts it."""
    running = HastySite(tmp_path, host, PORT=str(free_port()))
    running.log_path = tmp_path / "other.log"
    running.log_path.touch()
    yield running
    running.stop()


@pytest.mark.faults
def test_what_a_frozen_server_still_wants_to_write_is_refused(host: SongHost, site: Site, other: Site) -> None:
    with closing(Visitor(site)) as alice:
        alice.sign_in()
        before = [f"hold at {point}" for point in KNOWN]
        meanwhile = [prompt + MEANWHILE for prompt in before]
        lost = "hold at 1"
        for prompt in [*before, *meanwhile, lost]:
            alice.make(prompt)
    host.wait([*before, *meanwhile, lost])
    assert site.process
    os.kill(site.process.pid, signal.SIGSTOP)
    fences = {prompt: row["fence"] for prompt, row in site.rows().items()}
    other.start()
    until(lambda: all(row["fence"] > fences[prompt] for prompt, row in other.rows().items()), 60)
    host.release(*before)
    until(lambda: all(other.rows()[prompt]["status"] == "completed" for prompt in before), 60)
    settled = other.rows()
    site.process.send_signal(signal.SIGCONT)
    host.release()
    rows = other.settled(180)
    with closing(Visitor(site)) as alice:
        alice.sign_in().make("Asked for afterwards")  # what woke up works again, and has tried all it had left to do
    until(lambda: other.rows()["Asked for afterwards"]["status"] == "completed", 30)
    for prompt in before:
        assert rows[prompt] == settled[prompt]
    for prompt, row in rows.items():
        must_hold(row)
        assert host.posts[prompt] == 1
        assert row["status"] == ("failed" if prompt == lost else "completed"), row
    other.audit()
    assert {prompt: row for prompt, row in other.rows().items() if prompt in rows} == rows


def until(met: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < end
        time.sleep(0.5)
