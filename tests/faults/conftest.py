"""The host and the site that most of these tests break; whoever needs others makes them under the same names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.host import SongHost
from tests.faults.site import Site


@pytest.fixture
def host() -> Iterator[SongHost]:
    """A host whose every step can be held."""
    with SongHost() as running:
        yield running


@pytest.fixture
def site(tmp_path: Path, host: SongHost) -> Iterator[Site]:
    """A site whose songs come from it."""
    running = Site(tmp_path, host)
    running.start()
    yield running
    running.stop()
