"""Hosts that leave a song waiting, and the site as patient as it is where it serves: nobody waits for ever."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hostile.run import run
from tests.hostile.site import HostileSite
from tests.hostile.table import TABLE
from tests.hostile.test_hostile import disagreeing, shown, untrue

SLACK = 20.0
LIMITS = {
    "silence-for-an-answer": 65 + 120,
    "half-a-head-and-silence": 65 + 120,
    "end-for-an-answer": 120,
    "hints-for-ever": 65 + 120,
    "comments-alone-for-ever": 120 + 120,
    "comments-after-the-id": 120 + 20,
    "cut-4-silence": 120 + 30,
    "sound-silence": 5 * 65 + 60,
    "early-sound-silent": 60,
    "art-silence": 5 * 65 + 60,
    "asked-silent": 30 * 60,
    "asked-broken": 30 * 60,
    "asked-running-for-ever": 30 * 60,
    "progress-for-ever": 30 * 60,
}
"""Seconds until the end of a song, from the limits that the house publishes."""


@pytest.mark.faults
def test_nobody_waits_for_longer_than_the_site_says(tmp_path: Path) -> None:
    table = [fault for fault in TABLE if fault.name in LIMITS]
    done = run(tmp_path / "patient", table, seconds=max(LIMITS.values()) + 10 * SLACK, kind=HostileSite)
    assert len(done.outcomes) == len(LIMITS)
    for fault in table:
        outcome, posts = done.outcomes[fault.name], done.posts[fault.name]
        longest = LIMITS[fault.name] + SLACK
        wrong = [*untrue(fault, outcome, posts, longest), *disagreeing(outcome), *shown(outcome)]
        assert not wrong, f"{fault.name}: {wrong}"
